"""How whole conversations go: `python -m bench.conversations --eval FILE [--show N]`.

The file has `{"id", "turns": [{"user", "offered"?, "expect": {"slug", "also", "level", "note"}}]}`.
A turn is right where the reply answers `slug` or one of `also`, or offers it among the choices; a
turn that needs no answer is right where none is given, or one of `also` is repeated.
"""

import argparse
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.intervals import interval
from bot.converse import Conversations, temporary_app
from bot.settings import load_settings

LEVELS = ("tidak", "rendah", "sedang", "tinggi", "darurat")
OFFERED = 4


@dataclass
class Figures:
    """Counts over all turns, and the turns that went wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def share(self, name: str, of: str) -> str:
        return f"{name:40} {interval(self.counts[name], self.counts[of])}"


def judge(turn: dict[str, Any], told: dict[str, Any], figures: Figures, *, calm: bool) -> None:
    expect = turn["expect"]
    right = {expect["slug"], *expect["also"]} - {None}
    offered = [candidate["slug"] for candidate in told["candidates"]][:OFFERED]
    count = figures.counts
    if expect["slug"] is None:
        count["needs no answer"] += 1
        good = told["kind"] != "answer" or told["slug"] in right
        count["left without one, or repeated"] += good
    else:
        count["needs an answer"] += 1
        answered = told["kind"] == "answer" and told["slug"] in right
        good = answered or (told["kind"] == "choices" and bool(right & set(offered)))
        count["answered right"] += answered
        count["answered right or offered"] += good
        count["answered wrong"] += told["kind"] == "answer" and not answered
    level, least = LEVELS.index(told["level"]), LEVELS.index(expect["level"])
    if least >= LEVELS.index("sedang"):
        count["danger"] += 1
        count["danger seen (sedang or above)"] += level >= LEVELS.index("sedang")
    if calm:
        count["calm turns"] += 1
        count["calm turns at tinggi or above"] += level >= LEVELS.index("tinggi")
    if not good:
        figures.wrong.append(
            f"{turn['user'][:70]!r} wants {expect['slug']} {expect['also']}, "
            f"got {told['kind']} {told['slug']} {offered[:2]}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, required=True)
    parser.add_argument("--show", type=int, default=0, help="print this many wrong turns")
    options = parser.parse_args()
    figures = Figures()
    with temporary_app(load_settings()) as app:
        player = Conversations(app)
        for line in options.eval.read_text("utf-8").splitlines():
            raw = json.loads(line)
            told = player.answer(raw)["turns"]
            gravest = max(LEVELS.index(turn["expect"]["level"]) for turn in raw["turns"])
            may_rise = any("boleh" in turn["expect"].get("note", "") for turn in raw["turns"])
            calm = gravest <= LEVELS.index("rendah") and not may_rise
            for turn, said in zip(raw["turns"], told, strict=True):
                judge(turn, said, figures, calm=calm)
    print(figures.share("answered right", "needs an answer"))
    print(figures.share("answered right or offered", "needs an answer"))
    print(figures.share("answered wrong", "needs an answer"))
    print(figures.share("left without one, or repeated", "needs no answer"))
    print(figures.share("danger seen (sedang or above)", "danger"))
    print(figures.share("calm turns at tinggi or above", "calm turns"))
    for line in figures.wrong[: options.show]:
        print(line)


if __name__ == "__main__":
    main()
