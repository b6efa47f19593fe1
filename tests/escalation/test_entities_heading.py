"""Whether a country is where somebody is or only where they are about to go."""

import pytest

from escalation.entities import EntityReader


@pytest.mark.parametrize(
    ("text", "ahead"),
    [
        pytest.param("besok mau dibawa ke malaysia", ("MY",), id="tomorrow"),
        pytest.param("adikku arep digowo menyang taiwan", ("TW",), id="jv"),
        pytest.param("pun lanceuk badé dibawa ka singapura isukan", (), id="word not listed"),
        pytest.param("rencana terbang ke dubai dan nanti malam ke kamboja", ("AE", "KH"), id="two"),
        pytest.param("sudah mau berangkat ke malaysia", ("MY",), id="on the point of leaving"),
        pytest.param("sudah dibawa ke kamboja", (), id="taken there"),
        pytest.param("mau kerja, kemarin dibawa ke kamboja", (), id="wanted work, taken there"),
        pytest.param("mau dipindah ke myanmar", (), id="moved on, perhaps from abroad"),
        pytest.param("mau ke malaysia. kami disekap di malaysia", (), id="named again as where"),
        pytest.param("tolong saya di taiwan mau pulang", (), id="wants to come home"),
        pytest.param("arep nang malaysia", (), id="a word that also means in"),
        pytest.param("berapa biaya ke jepang", (), id="nothing about when"),
    ],
)
def test_countries_ahead(text: str, ahead: tuple[str, ...]) -> None:
    found = EntityReader.load().read(text)
    assert found.ahead == ahead
    assert set(ahead) <= set(found.destinations)


@pytest.mark.parametrize("text", ["adikku digowo menyang batam", "badhe kesah dhateng surabaya"])
def test_a_trip_within_indonesia_in_javanese(text: str) -> None:
    assert EntityReader.load().read(text).destinations == ("ID",)
