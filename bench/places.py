"""Measures the gazetteer: right, asked and wrongly fixed places, silly finds, and time.

Run with `python -m bench.places [--eval FILE] [--plain FILE ...]`. Without files it renders sampled
villages in many untidy ways (fixed seed), so that the figures can be compared between versions.
"""

import argparse
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from knowledge.place_area import Area, AreaLevel
from knowledge.places import Gazetteer, Located, as_json

SEED = 20240817
FIELDS = ("desa", "kecamatan", "kabupaten", "provinsi", "ambiguous")
NEIGHBOURS = {"a": "sqe", "e": "rwa", "i": "uo", "o": "ip", "u": "iy", "n": "mb", "g": "hf"}
FRAMES = (
    "saya dari {}",
    "kulo saking {}",
    "abdi ti {}",
    "tiang leq {}",
    "ambo dari {} pak",
    "sy org {}",
    "rumah saya di {} bu",
    "aslinya {} min",
)

Render = Callable[[random.Random, Area], str]


def _bare(name: str | None) -> str:
    return re.sub(r"^(kabupaten|kota)( administrasi)? ", "", (name or "").lower())


def slip(chance: random.Random, text: str) -> str:
    """The text with one typing slip in its longest word."""
    words = text.split()
    longest = max(range(len(words)), key=lambda place: len(words[place]))
    word = words[longest]
    if len(word) < 5:
        return text
    place = chance.randrange(1, len(word) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        word = word[:place] + word[place + 1 :]
    elif kind == 1:
        word = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    elif kind == 2:
        word = word[:place] + word[place] + word[place:]
    else:
        word = word[:place] + NEIGHBOURS.get(word[place], "k")[0] + word[place + 1 :]
    words[longest] = word
    return " ".join(words)


def _parts(area: Area) -> tuple[str, str, str, str]:
    return (
        (area.desa or "").lower(),
        (area.kecamatan or "").lower(),
        _bare(area.kabupaten),
        area.provinsi.lower(),
    )


def _split(chance: random.Random, name: str) -> str:
    if " " in name:
        return name.replace(" ", "")
    if len(name) < 8:
        return name
    place = chance.randrange(4, len(name) - 3)
    return f"{name[:place]} {name[place:]}"


def _levels(chance: random.Random, area: Area) -> str:
    desa, kec, _, prov = _parts(area)
    kab = (area.kabupaten or "").lower()
    mark = chance.choice(("ds", "ds.", "desa", "kel", "kp"))
    return f"{mark} {desa} kec {kec} {kab} {prov}"


def _frame(chance: random.Random, area: Area) -> str:
    desa, kec, kab, _ = _parts(area)
    return chance.choice(FRAMES).format(f"{desa} {kec} {kab}")


def _hamlet(chance: random.Random, area: Area) -> str:
    desa, kec, kab, _ = _parts(area)
    number = chance.randrange(1, 9)
    return f"dsn krajan rt 0{number} rw 02 ds {desa} kec {kec} {kab}"


def _question(_: random.Random, area: Area) -> str:
    desa, kec, kab, _prov = _parts(area)
    return f"saya dari desa {desa} kec {kec} {kab} mau tanya cara bikin paspor biayanya berapa"


def _plain(*parts: int, typo: frozenset[int] = frozenset()) -> Render:
    def render(chance: random.Random, area: Area) -> str:
        names = _parts(area)
        return " ".join(slip(chance, names[p]) if p in typo else names[p] for p in parts)

    return render


RENDERINGS: dict[str, Render] = {
    "desa kec kab": _plain(0, 1, 2),
    "desa kec": _plain(0, 1),
    "desa kab": _plain(0, 2),
    "desa alone": _plain(0),
    "kab kec desa": _plain(2, 1, 0),
    "desa prov": _plain(0, 3),
    "with levels": _levels,
    "frame": _frame,
    "hamlet, rt": _hamlet,
    "in a question": _question,
    "desa kec~ kab": _plain(0, 1, 2, typo=frozenset({1})),
    "desa~ kec kab": _plain(0, 1, 2, typo=frozenset({0})),
    "desa~ kab": _plain(0, 2, typo=frozenset({0})),
    "desa kab~": _plain(0, 2, typo=frozenset({2})),
    "desa~ kec~ kab": _plain(0, 1, 2, typo=frozenset({0, 1})),
    "desa~ alone": _plain(0, typo=frozenset({0})),
    "split or joined": lambda chance, area: (
        f"{_split(chance, _parts(area)[0])} {_split(chance, _parts(area)[1])} {_parts(area)[2]}"
    ),
}


def verdict(located: Located, truth: Area) -> str:
    """How an answer about a village stands to the truth."""
    if located.ambiguous:
        offered = any(_covers(area.code, truth.code) for area in located.candidates)
        return "asked" if offered else "asked wrong"
    if located.code is None:
        return "nothing"
    if located.code == truth.code:
        return "right"
    return "coarse" if _covers(located.code, truth.code) else "wrong"


def _covers(above: str, code: str) -> bool:
    return code == above or code.startswith(above + ".")


def measure_rendered(gazetteer: Gazetteer, *, count: int, show: int) -> None:
    """Print one line of figures for each way of writing."""
    villages = _villages(gazetteer)
    kinds = ("right", "coarse", "asked", "nothing", "asked wrong", "wrong")
    print(f"{'rendering':18}" + "".join(f"{kind:>12}" for kind in kinds))
    times: list[float] = []
    for name, render in RENDERINGS.items():
        chance = random.Random(f"{SEED} {name}")
        found: Counter[str] = Counter()
        for area in chance.sample(villages, count):
            text = render(chance, area)
            start = time.perf_counter()
            located = gazetteer.locate(text)
            times.append(time.perf_counter() - start)
            result = verdict(located, area)
            found[result] += 1
            if result in {"wrong", "asked wrong", "nothing"} and found[result] <= show:
                given = located.candidates[0].label if located.candidates else "-"
                print(f"    {result}: {text!r} is {area.label}; got {given}")
        print(f"{name:18}" + "".join(f"{found[kind] / count:12.3f}" for kind in kinds))
    times.sort()
    middle, high, worst = times[len(times) // 2], times[int(len(times) * 0.99)], times[-1]
    print(f"ms: median {middle * 1e3:.1f}, p99 {high * 1e3:.1f}, worst {worst * 1e3:.1f}")


def _villages(gazetteer: Gazetteer) -> list[Area]:
    atlas = gazetteer.atlas
    chance = random.Random(SEED)
    indices = [i for i in range(len(atlas.codes)) if atlas.level(i) is AreaLevel.DESA]
    return [atlas.area(index) for index in chance.sample(indices, 4000)]


def measure_labelled(gazetteer: Gazetteer, path: Path) -> None:
    """Print the share of labelled rows that are right and every row that is not."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    right = wrongly_fixed = 0
    for row in rows:
        got = as_json(gazetteer.locate(row["text"]))
        if all(got[field] == row[field] for field in FIELDS):
            right += 1
            continue
        wrongly_fixed += not got["ambiguous"] and got["code"] is not None
        print(f"    {row['text']!r}: {[got[field] for field in FIELDS]}")
    print(
        f"{path.name}: {right} of {len(rows)} right, {wrongly_fixed} fixed otherwise than labelled"
    )


def measure_plain(gazetteer: Gazetteer, path: Path, *, show: int) -> None:
    """Print how often texts that ask something else are given a place."""
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    placed: Counter[str] = Counter()
    for text in texts:
        located = gazetteer.locate(text)
        if located.candidates:
            level = "ambiguous" if located.ambiguous else str(located.level)
            placed[level] += 1
            if level in {"desa", "kecamatan", "ambiguous"} and placed[level] <= show:
                print(f"    {level}: {text!r}: {located.candidates[0].label}")
    print(f"{path.name}: {len(texts)} texts, placed {dict(placed)}")


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, help="labelled rows, JSON Lines")
    parser.add_argument("--plain", type=Path, nargs="*", default=[], help="texts without a place")
    parser.add_argument("--count", type=int, default=400, help="villages for each rendering")
    parser.add_argument("--show", type=int, default=0, help="failures to print of each kind")
    options = parser.parse_args()
    start = time.perf_counter()
    gazetteer = Gazetteer.load()
    print(f"loaded in {time.perf_counter() - start:.2f} s")
    if options.eval:
        measure_labelled(gazetteer, options.eval)
    for path in options.plain:
        measure_plain(gazetteer, path, show=options.show)
    if options.count:
        measure_rendered(gazetteer, count=options.count, show=options.show)


if __name__ == "__main__":
    main()
