"""The gazetteer against the packaged areas of Indonesia."""

import re
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.place_atlas import read_rows
from knowledge.places import AreaLevel, Gazetteer, as_json

Names = tuple[str | None, str | None, str | None, str | None]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def names(gazetteer: Gazetteer, text: str, within: str | None = None) -> tuple[Names, bool]:
    found = gazetteer.locate(text, within=within)
    return (found.desa, found.kecamatan, found.kabupaten, found.provinsi), found.ambiguous


SELONG: Names = (None, "Selong", "Kabupaten Lombok Timur", "Nusa Tenggara Barat")
TTS: Names = (None, None, "Kabupaten Timor Tengah Selatan", "Nusa Tenggara Timur")
BATUR: Names = ("Batur", "Batur", "Kabupaten Banjarnegara", "Jawa Tengah")
ERETAN: Names = ("Eretan Wetan", "Kandanghaur", "Kabupaten Indramayu", "Jawa Barat")
SEMBALUN: Names = ("Sembalun Bumbung", "Sembalun", "Kabupaten Lombok Timur", "Nusa Tenggara Barat")
NIKI: Names = ("Niki-Niki", "Amanuban Tengah", *TTS[2:])
CERTAIN = [
    ("eretan wetan", ERETAN),
    ("saya dari eretan wetan kandanghaur indramayu", ERETAN),
    ("Eretan Wetan, Kandanghaur, Indramayu, Jawa Barat", ERETAN),
    ("ds. eretan wetan kec.kandanghaur kab.indramayu", ERETAN),
    ("indramayu kandanghaur eretan wetan", ERETAN),
    ("abdi ti desa eretanwetan kandang haur", ERETAN),
    ("dsn krajan rt 02/rw 05 ds eretan wetan kec kandanghaur", ERETAN),
    ("eretn wetan kandanghaur", ERETAN),
    ("eretan wetan kandnghaur indramyu", ERETAN),
    ("saya di johor tapi asli eretan wetan indramayu", ERETAN),
    ("desa eretan wetan kandanghaur, mau tanya syarat bikin paspor anak", ERETAN),
    ("tiang leq sembalun bumbung lotim", SEMBALUN),
    ("amanuban tengah niki niki", NIKI),
    ("desa batur kec batur banjarnegara", BATUR),
    ("selong", SELONG),
    ("kec selong lotim", SELONG),
    ("kota soe", TTS),
    ("NTT soe", TTS),
    ("soe", TTS),
    ("bukan blitar tapi tulungagung", (None, None, "Kabupaten Tulungagung", "Jawa Timur")),
    ("tulungaguung", (None, None, "Kabupaten Tulungagung", "Jawa Timur")),
    ("kota malang", (None, None, "Kota Malang", "Jawa Timur")),
    ("blitar kota", (None, None, "Kota Blitar", "Jawa Timur")),
    ("ende flores", (None, None, "Kabupaten Ende", "Nusa Tenggara Timur")),
    ("solo", (None, None, "Kota Surakarta", "Jawa Tengah")),
    ("purwokerto", (None, None, "Kabupaten Banyumas", "Jawa Tengah")),
    ("jogja", (None, None, None, "Daerah Istimewa Yogyakarta")),
    ("jatim", (None, None, None, "Jawa Timur")),
]


@pytest.mark.parametrize(("text", "expected"), CERTAIN, ids=[text for text, _ in CERTAIN])
def test_certain_place_is_fixed(gazetteer: Gazetteer, text: str, expected: Names) -> None:
    assert names(gazetteer, text) == (expected, False)


EAST = "Jawa Timur"
UNCERTAIN = [
    ("malang", (None, None, None, EAST), {"35.07", "35.73"}),
    ("bima", (None, None, None, "Nusa Tenggara Barat"), {"52.06", "52.72"}),
    ("ds wonorejo kab kediri", ("Wonorejo", None, "Kabupaten Kediri", EAST), set()),
    ("sumba", (None, None, None, "Nusa Tenggara Timur"), {"53.11", "53.12", "53.17", "53.18"}),
    ("kalimantan", (None, None, None, None), {"61", "62", "63", "64", "65"}),
    ("blitar tulungagung", (None, None, None, EAST), {"35.05", "35.72", "35.04"}),
    ("desa sukamaju", ("Sukamaju", None, None, None), set()),
    ("wonosari", (None, None, None, None), set()),
]


@pytest.mark.parametrize(("text", "expected", "offered"), UNCERTAIN, ids=[r[0] for r in UNCERTAIN])
def test_uncertain_place_is_asked(
    gazetteer: Gazetteer, text: str, expected: Names, offered: set[str]
) -> None:
    assert names(gazetteer, text) == (expected, True)
    candidates = gazetteer.locate(text).candidates
    assert 1 < len(candidates) <= 10
    assert offered <= {area.code for area in candidates}


NO_PLACE = [
    "",
    "gak mau",
    "rahasia dong",
    "tidak tahu",
    "knp emang",
    "haha",
    "terserah",
    "buru-buru pak",
    "pak slamet",
    "desa saya jauh",
    "saya tkw di taiwan",
    "lagi kerja di kuala lumpur",
    "luar jawa",
    "mau bikin paspor di kantor mana",
    "apakah desa saya sudah punya petugas atau belum",
    "petugas datang ke desa bisa?",
    "surat keterangan dari kelurahan harus dibawa ke bank atau tidak",
    "suami saya aman di sana tapi gajinya belum dibayar",
]


@pytest.mark.parametrize("text", NO_PLACE)
def test_text_without_place_gives_nothing(gazetteer: Gazetteer, text: str) -> None:
    located = gazetteer.locate(text)
    assert as_json(located) == {
        "code": None,
        "level": None,
        "desa": None,
        "kecamatan": None,
        "kabupaten": None,
        "provinsi": None,
        "ambiguous": False,
        "candidates": [],
    }


def test_known_area_narrows(gazetteer: Gazetteer) -> None:
    located = gazetteer.locate("sukorejo", within="35.02")
    assert located.kabupaten == "Kabupaten Ponorogo"
    assert gazetteer.locate("sukorejo").kabupaten is None
    elsewhere = gazetteer.locate("eretan wetan indramayu", within="35.02")
    assert elsewhere.kabupaten == "Kabupaten Indramayu"
    assert gazetteer.locate("tidak tahu", within="35.02").code is None


def test_json_names_the_level(gazetteer: Gazetteer) -> None:
    answer = as_json(gazetteer.locate("eretan wetan"))
    assert answer["level"] == "desa"
    assert answer["candidates"] == [
        {
            "code": answer["code"],
            "label": "Desa Eretan Wetan, Kec. Kandanghaur, Kab. Indramayu, Jawa Barat",
        }
    ]


def test_kelurahan_is_labelled(gazetteer: Gazetteer) -> None:
    area = gazetteer.locate("oesapa kelapa lima kota kupang").candidates[0]
    assert area.label == "Kel. Oesapa, Kec. Kelapa Lima, Kota Kupang, Nusa Tenggara Timur"


def test_children_cover_the_country(gazetteer: Gazetteer) -> None:
    provinces = gazetteer.children(None)
    regencies = [child for area in provinces for child in gazetteer.children(area.code)]
    assert len(provinces) == 38
    assert len(regencies) == 514
    assert {area.level for area in regencies} == {AreaLevel.KABUPATEN}
    village = gazetteer.locate("eretan wetan").code
    assert village is not None
    assert gazetteer.children(village) == []
    assert gazetteer.children("99") == []


POINTS = [
    ("Jakarta, Monas", -6.175, 106.827, "31.71"),
    ("Mataram", -8.583, 116.107, "52.71"),
    ("Jayapura", -2.533, 140.717, "91.71"),
]


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"), [row[1:] for row in POINTS], ids=[row[0] for row in POINTS]
)
def test_nearest_village(
    gazetteer: Gazetteer, latitude: float, longitude: float, code: str
) -> None:
    found = gazetteer.nearest(latitude, longitude)
    assert found is not None
    assert found[0].code.startswith(code)
    assert 0 <= found[1] < 5


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(3.139, 101.687), (-31.95, 115.86)], ids=["Kuala Lumpur", "Perth"]
)
def test_nothing_is_near_abroad(gazetteer: Gazetteer, latitude: float, longitude: float) -> None:
    assert gazetteer.nearest(latitude, longitude) is None


ZONES = [
    ("11", "Asia/Jakarta"),
    ("35.04", "Asia/Jakarta"),
    ("62.03", "Asia/Jakarta"),
    ("51.01", "Asia/Makassar"),
    ("53.02", "Asia/Makassar"),
    ("63.71", "Asia/Makassar"),
    ("81.01", "Asia/Jayapura"),
    ("96.71", "Asia/Jayapura"),
]


@pytest.mark.parametrize(("code", "zone"), ZONES)
def test_zone(gazetteer: Gazetteer, code: str, zone: str) -> None:
    assert gazetteer.zone(code) == zone


@pytest.mark.parametrize("text", ["jatim", "ttu", "selong", "eretan wetan"])
def test_link_code_leads_back(gazetteer: Gazetteer, text: str) -> None:
    area = gazetteer.locate(text).candidates[0]
    link = gazetteer.link_code(area.code)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", link)
    assert gazetteer.from_link_code(link) == area


BAD_LINKS = [
    "",
    "desa",
    "desa-",
    "desa-35",
    "provinsi-99",
    "desa-9999999999",
    "x-35",
    "provinsi-3٥",
]


@pytest.mark.parametrize("value", BAD_LINKS)
def test_bad_link_code_is_no_area(gazetteer: Gazetteer, value: str) -> None:
    assert gazetteer.from_link_code(value) is None


def test_link_of_unknown_code_is_an_error(gazetteer: Gazetteer) -> None:
    with pytest.raises(ValueError, match=r"99\.99"):
        gazetteer.link_code("99.99")


ALIASES = [("lotim", "52.03"), ("kefa", "53.03"), ("nggalek", "35.03"), ("tubaba", "18.12")]


@pytest.mark.parametrize(("text", "code"), ALIASES)
def test_nickname_leads_to_its_regency(gazetteer: Gazetteer, text: str, code: str) -> None:
    assert gazetteer.locate(text).code == code


def test_every_alias_stands_for_known_areas(gazetteer: Gazetteer) -> None:
    rows = list(read_rows(files("knowledge") / "areas" / "aliases.csv"))
    codes = {code for joined, _ in rows for code in joined.split(";")}
    aliases = [alias for _, joined in rows for alias in joined.split(";")]
    assert {code for code in codes if gazetteer.area(code) is None} == set()
    assert len(aliases) == len(set(aliases)) > 600


def test_end_of_a_very_long_text_is_not_read(gazetteer: Gazetteer) -> None:
    assert gazetteer.locate("eretan wetan " + "x" * 100_000).desa == "Eretan Wetan"
    assert gazetteer.locate("x" * 100_000 + " eretan wetan").code is None


WORDS = st.sampled_from(
    [
        "desa",
        "kec",
        "kab",
        "kota",
        "dsn",
        "rt",
        "pt",
        "bukan",
        "jalan",
        "karangrejo",
        "blitar",
        "lombok",
        "timur",
        "baru",
        "malang",
        "johor",
        "wonorejo",
        "sukamaju",
        "soe",
        ",",
        ".",
        "2",
        "II",
        "aceh",
        "tanjung",
    ]
)


@settings(max_examples=150, deadline=None)
@given(text=st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=9).map(" ".join)))
def test_any_text_gives_a_coherent_answer(gazetteer: Gazetteer, text: str) -> None:
    located = gazetteer.locate(text)
    assert len(located.candidates) <= 10
    assert (located.code is None) == (located.level is None)
    assert located.ambiguous <= bool(located.candidates)
    if not located.ambiguous:
        assert [area.code for area in located.candidates] == [located.code] * len(
            located.candidates
        )
    elif located.code is not None:
        assert all(area.code.startswith(located.code) for area in located.candidates)
