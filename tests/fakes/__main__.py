"""Start one fake provider by hand: `python -m tests.fakes telegram|whatsapp|smtp [--port N]`."""

import argparse
import importlib

FAKES = ("telegram", "whatsapp", "smtp")


def main() -> None:
    """Start the provider that was named; its module has `main(port)` and is imported only now."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes", description=__doc__)
    parser.add_argument("name", choices=FAKES)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    given = parser.parse_args()
    importlib.import_module(f"tests.fakes.{given.name}").main(given.port)


if __name__ == "__main__":
    main()
