"""`python -m bench [--eval FOLDER]`: every figure, one after the other.

Without a folder only what needs no labelled file is measured. The folder holds
`questions-dev.jsonl`, `risk-dev.jsonl`, `villages-dev.jsonl`, `conversations-dev.jsonl`.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from bot.settings import load_settings
from bot.training import ensure_models


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, help="folder with labelled files")
    folder = parser.parse_args().eval
    commands: list[list[str]] = []
    if folder is None:
        commands += [["bench.crossvalidation"], ["bench.places"], ["bench.risk"]]
    else:
        models = ensure_models(load_settings().models_dir)
        matcher, risk = ["--model", str(models.matcher)], ["--model", str(models.risk)]
        questions = ["--eval", str(folder / "questions-dev.jsonl")]
        commands += [
            ["bench.matching", *questions, *matcher],
            ["bench.comparison", *questions, *matcher, "--growth"],
            ["bench.conversations", "--eval", str(folder / "conversations-dev.jsonl")],
            ["bench.places", "--eval", str(folder / "villages-dev.jsonl")],
            ["bench.risk", "--eval", str(folder / "risk-dev.jsonl"), *risk],
        ]
    commands += [["bench.faults"], ["bench.webhook"], ["bench.webhook", "--apart"]]
    for command in commands:
        print(f"\n== {' '.join(command)}", flush=True)
        subprocess.run([sys.executable, "-m", *command], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
