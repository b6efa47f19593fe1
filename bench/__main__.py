"""`python -m bench`: says what can be measured, and with what."""

COMMANDS = (
    ("bench.matching", "FAQ matching on a file of questions (--model FILE --eval FILE)"),
    ("bench.risk", "danger, by grouped cross-validation (--eval FILE for a file of messages)"),
    ("bench.places", "villages, on rendered names and on a file (--eval FILE)"),
    ("bench.conversations", "whole conversations (--eval FILE)"),
)

if __name__ == "__main__":
    for module, what in COMMANDS:
        print(f"python -m {module:22} {what}")
