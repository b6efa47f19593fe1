"""How far a probability can be believed: `python -m bench.reliability --eval FILE --model FILE`.

In-scope messages, by the probability of the first candidate: how often it is right.
"""

from __future__ import annotations

import argparse
import json
from itertools import pairwise
from pathlib import Path

from bench.matching import share
from bench.peers import OUTSIDE, Ours
from knowledge.variants import load_variants

EDGES = (0.0, 0.3, 0.5, 0.7, 0.85, 0.95, 1.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    options = parser.parse_args()
    matcher = Ours(load_variants(), model=options.model).matcher
    found: list[tuple[float, bool]] = []
    for line in options.eval.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["slug"] not in OUTSIDE:
            first = matcher.match(row["text"]).candidates[0]
            found.append((first.score, first.slug in {row["slug"], *(row.get("also") or ())}))
    gap = 0.0
    print("probability      said   was right")
    for low, high in pairwise(EDGES):
        part = [
            (score, is_right)
            for score, is_right in found
            if low <= score < high or score == high == 1
        ]
        if not part:
            continue
        said = sum(score for score, _ in part) / len(part)
        was = sum(is_right for _, is_right in part) / len(part)
        gap += abs(said - was) * len(part) / len(found)
        print(f"{low:.2f} to {high:.2f}  {said:6.2f}   {share(is_right for _, is_right in part)}")
    print(f'mean gap {gap:.3f}; where "was right" is the higher, the matcher is too careful')


if __name__ == "__main__":
    main()
