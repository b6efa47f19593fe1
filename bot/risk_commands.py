"""`risk outcomes`: what officers found out, by level and indicator; a table or JSON Lines."""

import argparse
import json
from collections.abc import Sequence

from bot.app import open_database
from bot.settings import Settings
from escalation.outcomes import Precision, by_indicator, by_level, closed_cases


def add_commands(verb: argparse.ArgumentParser) -> None:
    """Add what `risk` can do."""
    actions = verb.add_subparsers(dest="action", required=True)
    outcomes = actions.add_parser("outcomes", help="precision by level and indicator")
    outcomes.add_argument(
        "--export", action="store_true", help="one JSON line for each closed case instead"
    )
    outcomes.set_defaults(run=_outcomes)


def _outcomes(settings: Settings, options: argparse.Namespace) -> int:
    with open_database(settings).read() as db:
        found = closed_cases(db)
    if options.export:
        for case in found:
            print(json.dumps(case.to_json()))
        return 0
    print(f"{len(found)} kasus selesai")
    for title, rows in (("tingkat", by_level(found)), ("tanda", by_indicator(found))):
        print(f"\n{title:<32} benar  salah  tak tahu  ketepatan (95 %)")
        for line in _lines(rows):
            print(line)
    return 0


def _lines(rows: Sequence[Precision]) -> list[str]:
    return [
        f"{row.name:<32} {row.verified:>5}  {row.unfounded:>5}  {row.unknown:>8}  {_share(row)}"
        for row in rows
    ]


def _share(row: Precision) -> str:
    if row.share is None or row.low is None or row.high is None:
        return "-"
    return f"{row.share:.0%} ({row.low:.0%}-{row.high:.0%})"
