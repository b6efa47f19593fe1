"""Names of countries by ISO code, as villagers read them."""

import csv
from collections.abc import Mapping
from importlib.resources import files


def load_countries() -> Mapping[str, str]:
    """Read the packaged names."""
    text = (files("knowledge") / "words" / "countries-id.csv").read_text("utf-8")
    return {row["iso2"]: row["name"] for row in csv.DictReader(text.splitlines())}
