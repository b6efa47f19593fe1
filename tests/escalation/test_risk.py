"""The risk engine with rules alone and with a model trained on the packaged messages."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from escalation.entities import Entities
from escalation.risk import Assessment, Indication, Kind, Level, RiskEngine, as_json
from escalation.risk_areas import load_areas, with_area
from escalation.risk_data import fingerprint, folds, load_messages, load_rows
from escalation.risk_indicators import IndicatorBook
from escalation.risk_limits import as_text, measure, packaged_limits
from escalation.risk_model import RiskModel, RiskModelError
from escalation.risk_table import build_table
from escalation.risk_training import fit_arrays, keep_apart, train
from knowledge.text import Words


@pytest.fixture(scope="module")
def words() -> Words:
    return Words.load()


@pytest.fixture(scope="module")
def model_file(words: Words, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "risk.npz"
    np.savez_compressed(path, allow_pickle=False, **train(words=words, step=lambda *_: None))
    return path


@pytest.fixture(scope="module")
def rules(words: Words) -> RiskEngine:
    return RiskEngine.load(words=words, model=None)


@pytest.fixture(scope="module")
def engine(words: Words, model_file: Path) -> RiskEngine:
    return RiskEngine.load(words=words, model=RiskModel.load(model_file))


RED = [
    pytest.param("pintu gudang digembok dari luar, kami bertujuh, tolong pak", id="locked in"),
    pytest.param("bos minta 50 juta baru kakak saya boleh pulang dari poipet", id="ransom"),
    pytest.param("saya mau batal tapi ijazah sama ktp ditahan sponsor", id="papers held"),
    pytest.param("adik saya disekap di myawaddy, hp disita, tolong", id="held abroad"),
    pytest.param("anak saya umur 15 mau dibawa kerja ke malaysia besok sama tekong", id="child"),
]
CALM = [
    pytest.param("berapa biaya paspor elektronik sekarang?", id="passport fee"),
    pytest.param("makasih ya min infonya", id="thanks"),
    pytest.param("kantor imigrasi buka jam berapa hari jumat", id="opening hours"),
    pytest.param("apa itu pimpasa dan siapa petugasnya di desa", id="what is a pimpasa"),
    pytest.param("Apakah data saya dijual ke pihak lain?", id="a question in general"),
    pytest.param("dendanya?", id="one telling word"),
    pytest.param("dia pakai baju merah pak", id="a description alone"),
    pytest.param("istri saya orang solo, mau bantu jualan nasi uduk", id="selling food"),
    pytest.param("homestay saya dekat air terjun, lapor tamu asing caranya?", id="a waterfall"),
    pytest.param("", id="nothing"),
    pytest.param("ini", id="one word"),
]


@pytest.mark.parametrize("text", RED)
def test_danger_is_escalated_and_explained(engine: RiskEngine, text: str) -> None:
    found = engine.assess([text])
    assert found.level.rank >= Level.TINGGI.rank
    assert found.kind in (Kind.TPPO, Kind.TPPM)
    assert found.indications
    assert all(item.quote in text for item in found.indications)


@pytest.mark.parametrize("text", RED)
def test_rules_alone_escalate_plain_danger(rules: RiskEngine, text: str) -> None:
    assert rules.assess([text]).level.escalated


@pytest.mark.parametrize("text", CALM)
def test_ordinary_talk_is_not_escalated(engine: RiskEngine, text: str) -> None:
    assert not engine.assess([text]).level.escalated


@pytest.mark.parametrize("text", [item.values[0] for item in CALM[:4]])
def test_rules_alone_leave_ordinary_talk_alone(rules: RiskEngine, text: str) -> None:
    assert not rules.assess([text]).level.escalated


def test_every_escalation_of_the_packaged_messages_has_a_quote(engine: RiskEngine) -> None:
    for row in load_messages()[::25]:
        found = engine.assess([row.text])
        if found.level.escalated:
            assert any(item.quote and item.quote in row.text for item in found.indications)


def test_suicide_is_darurat_and_a_crisis_where_nobody_recruits(engine: RiskEngine) -> None:
    alone = engine.assess(["aku pengen bunuh diri aja min, capek hidup"])
    assert (alone.level, alone.kind) == (Level.DARURAT, Kind.KRISIS)
    held = engine.assess(["paspor ditahan majikan, aku pengen bunuh diri aja"])
    assert (held.level, held.kind) == (Level.DARURAT, Kind.TPPO)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("suami saya mukul lagi tadi malam, anak nangis, saya takut pulang", id="id"),
        pytest.param("bojoku mabok terus nggebugi aku, aku wedi", id="jv"),
        pytest.param("pun lanceuk dicabuli bapak tirina, kedah lapor ka saha", id="su"),
        pytest.param("beta pung laki pukul beta lai, tolong", id="Kupang"),
    ],
)
def test_violence_at_home_is_no_trafficking(engine: RiskEngine, text: str) -> None:
    found = engine.assess([text])
    assert found.level.escalated
    assert found.kind is Kind.KEKERASAN


def test_a_conversation_keeps_its_gravest_level(engine: RiskEngine) -> None:
    danger = "kami dikunci di ruko, hp diambil, ada yang jaga"
    assert engine.assess([danger, "berapa lama bikin paspor ya"]).level.rank >= Level.TINGGI.rank


def test_a_conversation_falls_when_it_is_resolved(engine: RiskEngine) -> None:
    before = engine.assess(["ijazah saya ditahan sponsor, diminta ga dikasih"])
    after = engine.assess(
        ["ijazah saya ditahan sponsor, diminta ga dikasih", "sudah dikembalikan pak, makasih"]
    )
    assert before.level.escalated
    assert not after.level.escalated


def test_no_message_is_an_error(rules: RiskEngine) -> None:
    with pytest.raises(ValueError, match="no message"):
        rules.assess([])


def test_json_has_the_fields_of_the_contract(engine: RiskEngine) -> None:
    found = as_json(
        engine.assess(["ditawari admin slot di kamboja gaji 15 juta wa 0812-0000-1234"])
    )
    assert set(found) == {"level", "jenis", "score", "indicators", "entities"}
    assert found["level"] in {level.value for level in Level}
    assert found["jenis"] == "TPPO"
    assert isinstance(found["entities"], dict)
    assert found["entities"]["phones"] == ["6281200001234"]
    assert found["entities"]["destinations"] == ["KH"]


def test_loading_a_model_needs_no_scikit_learn(model_file: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from escalation.risk_model import RiskModel;"
        f"RiskModel.load(Path({str(model_file)!r})); assert 'sklearn' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_training_twice_gives_the_same_model(words: Words) -> None:
    book = IndicatorBook.load(words=words)
    rows = load_messages()[::8]
    ids = ["disekap", "gaji-ditahan"]

    def once() -> dict[str, np.ndarray]:
        table = build_table(rows, book=book, step=lambda *_: None)
        scores, _ = keep_apart(table, rows, ids=ids, step=lambda *_: None)
        limits = measure(scores, table.circumstances, rows)
        return fit_arrays(table, rows, ids=ids, limits=limits, step=lambda *_: None)

    first, again = once(), once()
    assert all(np.array_equal(first[name], again[name]) for name in first)


def test_the_packaged_limits_fit_the_packaged_messages(tmp_path: Path) -> None:
    """If this fails: `python -m escalation.risk_training --measure`."""
    rows = load_rows()
    limits = packaged_limits(rows)
    assert limits is not None
    path = tmp_path / "limits.json"
    path.write_text(as_text(limits, rows))
    assert packaged_limits(rows, path) == limits
    assert packaged_limits(rows[1:], path) is None


def test_the_model_is_small_and_knows_what_it_was_trained_on(model_file: Path) -> None:
    assert model_file.stat().st_size < 20_000_000
    assert RiskModel.load(model_file).fingerprint == fingerprint(load_rows())


@pytest.mark.parametrize(
    "content", [pytest.param(b"", id="empty"), pytest.param(b"hello", id="not a model")]
)
def test_a_broken_model_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "risk.npz"
    path.write_bytes(content)
    with pytest.raises((RiskModelError, EOFError, OSError)):
        RiskModel.load(path)


def test_contrast_pairs_share_a_fold() -> None:
    rows = [row for row in load_messages() if row.source == "k"]
    fold = folds(rows, count=5)
    assert all(fold[at] == fold[at + 1] for at in range(0, 360, 2))


def test_a_phrasing_labelled_as_danger_is_no_ordinary_question() -> None:
    rows = load_rows()
    danger = {row.text for row in rows if row.source == "v"}
    assert danger
    assert not danger & {row.text for row in rows if row.source == "ordinary"}


def test_an_area_adds_one_step_at_most(rules: RiskEngine) -> None:
    areas = load_areas()
    sign = Indication("gaji-besar-tanpa-syarat", "gajinya belasan juta")
    near = Assessment(Level.RENDAH, None, 0.1, (sign,), Entities(), (), is_near=True)
    raised = with_area(near, "32.12.01.2001", areas)
    assert raised.level is Level.SEDANG
    assert "daerah asal" in raised.area_reason
    assert raised.why[-1] == raised.area_reason
    assert with_area(raised, "32.12", areas) == raised
    for area in ("99.99", None):
        assert with_area(near, area, areas) == near
    for level in (Level.TIDAK, Level.SEDANG, Level.TINGGI, Level.DARURAT):
        other = replace(near, level=level)
        assert with_area(other, "32.12", areas) == other
    for unchanged in (
        replace(near, is_near=False),
        replace(near, indications=()),
        rules.assess(["berapa biaya paspor"]),
    ):
        assert with_area(unchanged, "32.12", areas) == unchanged


def test_what_was_taken_back_is_raised_by_no_area(engine: RiskEngine) -> None:
    found = engine.assess(["ijazah saya ditahan sponsor, diminta ga dikasih", "sudah dikembalikan"])
    assert not found.level.escalated
    assert with_area(found, "32.12", load_areas()) == found
