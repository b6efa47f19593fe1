"""The command line as others call it: JSON Lines in, one line each out, in order."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from bot.app import open_database
from bot.cli import main
from bot.settings import load_settings
from knowledge import store
from knowledge.packaged import read_content

TRANSCRIPTS = Path(__file__).parent.parent / "data" / "transcripts"
LEVELS = {"darurat", "tinggi", "sedang", "rendah", "tidak"}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, models_dir: Path) -> None:
    """A data folder of its own with the trained models."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "models").symlink_to(models_dir)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(data))
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "keys" / "secret.key"))
    for name in ("DATABASE_URL", "DEMO", "TELEGRAM_BOT_TOKEN", "WHATSAPP_TOKEN"):
        monkeypatch.delenv(name, raising=False)


class Command:
    """Runs a command and reads what it wrote."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys
        self.code = -1

    def text(self, *arguments: str, stdin: str = "") -> str:
        self.monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        self.code = main(arguments)
        captured = self.capsys.readouterr()
        self.errors = captured.err
        return captured.out

    def lines(self, *arguments: str, rows: list[Any]) -> list[dict[str, Any]]:
        stdin = "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)
        return [json.loads(line) for line in self.text(*arguments, stdin=stdin).splitlines()]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(monkeypatch, capsys)


BROKEN: list[Any] = ["{not json", "[1]", {"teks": "x"}, {"text": 5}, "null"]


@pytest.mark.parametrize("verb", ["ask", "assess", "locate"])
def test_a_broken_line_is_answered_and_the_run_goes_on(command: Command, verb: str) -> None:
    rows = [{"text": "halo", "extra": 1}, *BROKEN, {"text": "paspor hilang"}]
    answers = command.lines(verb, rows=rows)
    assert len(answers) == len(rows)
    assert [list(answer) == ["error"] for answer in answers] == [False, *[True] * 5, False]


def test_ask(command: Command) -> None:
    (fee, nothing) = command.lines("ask", rows=[{"text": "brp biaya paspor"}, {"text": ""}])
    assert (fee["kind"], fee["slug"]) == ("answer", "paspor-biaya")
    assert set(fee) == {"kind", "slug", "score", "candidates", "why"}
    for answer in (fee, nothing):
        assert len(answer["candidates"]) >= 5
        scores = [candidate["score"] for candidate in answer["candidates"]]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in (*scores, answer["score"]))
        assert {c["slug"] for c in answer["candidates"]}.isdisjoint({"LUAR", "SAPA"})
    assert nothing["kind"] == "unknown"


def test_assess(command: Command) -> None:
    rows = [
        {"text": "adik saya disekap di myawaddy, hp disita, tolong 0812-0000-1111"},
        {"messages": ["mau tanya pak", "syarat paspor apa saja"]},
    ]
    red, calm = command.lines("assess", rows=rows)
    assert red["level"] == "darurat"
    assert red["jenis"] == "TPPO"
    assert red["indicators"]
    assert all(set(item) == {"id", "quote"} for item in red["indicators"])
    assert red["entities"]["phones"] == ["6281200001111"]
    assert red["entities"]["destinations"] == ["MM"]
    assert (calm["level"], calm["jenis"]) == ("tidak", None)
    assert {"phones", "companies", "people", "destinations", "amounts", "dates"} <= set(
        calm["entities"]
    )


def test_locate(command: Command) -> None:
    rows = [
        {"text": "ds. karangrejo kec karangrejo tulungagung"},
        {"text": "karangrejo"},
        {"text": "gak mau"},
    ]
    one, many, none = command.lines("locate", rows=rows)
    assert (one["desa"], one["kabupaten"]) == ("Karangrejo", "Kabupaten Tulungagung")
    assert one["code"].startswith("35.04")
    assert many["ambiguous"]
    assert set(many["candidates"][0]) == {"code", "label"}
    assert (none["code"], none["ambiguous"]) == (None, False)


def test_converse(command: Command) -> None:
    rows: list[Any] = [
        {
            "id": "c1",
            "turns": [
                {"user": "brp biaya paspor"},
                {"user": "2", "offered": ["paspor-hilang", "paspor-rusak"]},
                {"user": "makasih"},
            ],
        },
        {"id": "c2", "turns": "rusak"},
    ]
    told, broken = command.lines("converse", rows=rows)
    assert told["id"] == "c1"
    assert [(turn["kind"], turn["slug"]) for turn in told["turns"]] == [
        ("answer", "paspor-biaya"),
        ("answer", "paspor-rusak"),
        ("smalltalk", None),
    ]
    assert {turn["level"] for turn in told["turns"]} <= LEVELS
    assert all(turn["reply"] for turn in told["turns"])
    assert "error" in broken


@pytest.mark.parametrize("file", sorted(TRANSCRIPTS.glob("*.yaml")), ids=lambda file: file.stem)
def test_written_conversations(command: Command, file: Path) -> None:
    told = command.text("chat", "--script", str(file))
    assert command.code == 0, told + command.errors


def test_a_script_that_differs_exits_non_zero(command: Command, tmp_path: Path) -> None:
    script = tmp_path / "beda.yaml"
    script.write_text("- warga: brp biaya paspor\n- ke warga: nasi goreng\n")
    command.text("chat", "--script", str(script))
    assert command.code != 0
    assert "langkah 2" in command.errors


def test_balance_of_a_fresh_database(command: Command) -> None:
    shown = json.loads(command.text("balance"))
    assert shown["received"] == shown["waiting"] == 0
    assert shown["holds"]


def test_check_says_how_to_mend(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    told = command.text("check")
    assert command.code == 0
    assert "Meja nasional" not in told
    command.text("migrate")
    told = command.text("check")
    assert "Meja nasional: 0 petugas" in told
    assert "514 kabupaten/kota jatuh ke meja nasional" in told
    monkeypatch.setenv("DATABASE_URL", "postgresql://x@127.0.0.1:1/none?connect_timeout=2")
    told = command.text("check")
    assert command.code == 1
    assert "SALAH" in told


def test_officers_import_prints_codes(command: Command, tmp_path: Path) -> None:
    roster = tmp_path / "petugas.csv"
    roster.write_text(
        "nama,tugas,kantor,wilayah,wakil\n"
        "Sari,pimpasa,kanim-blitar,35.04,Budi\n"
        "Budi,meja nasional,,nasional,\n"
    )
    told = command.text("officers", "import", str(roster)).splitlines()
    assert told[0] == "nama,kantor,kode_undangan"
    assert len(told) == 3
    roster.write_text("nama,tugas,kantor,wilayah,wakil\nAni,tukang,,99.99,\n")
    command.text("officers", "import", str(roster))
    assert command.code == 2
    assert "baris 2" in command.errors


def test_what_waits_for_a_person_is_listed_before_anything_else_ran(command: Command) -> None:
    lines = command.text("faq", "todo").splitlines()
    assert command.code == 0
    assert lines[0].endswith("kontak.")
    content, _ = read_content()
    waiting = [entry.slug for entry in content.entries if entry.perlu_dicek]
    assert waiting
    listed = "\n".join(lines)
    assert [slug for slug in waiting if slug not in listed] == []


def test_a_broken_faq_stops_the_import_and_changes_nothing(
    command: Command, tmp_path: Path
) -> None:
    folder = tmp_path / "faq"
    command.text("faq", "export", str(folder))
    assert command.code == 0
    again = json.loads(command.text("faq", "import", str(folder)))
    assert (again["added"], again["updated"], again["variants"]) == (0, 0, 0)
    broken = folder / "paspor.yaml"
    broken.write_text(broken.read_text().replace("review_by: '2027", "review_by: 'nanti", 1))
    command.text("faq", "import", str(folder))
    assert command.code == 2
    assert "paspor.yaml:" in command.errors
    assert "review_by" in command.errors


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("PORT", "delapan", id="not a number"),
        pytest.param("DEMO", "yes", id="not one of the words"),
        pytest.param("DATABASE_URL", "mysql://a/b", id="another database"),
        pytest.param("SECRET_KEY", "pendek", id="a short key"),
    ],
)
def test_a_wrong_setting_stops_with_one_sentence(
    command: Command, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    command.text("serve")
    assert command.code == 2
    assert name in command.errors
    assert len(command.errors.strip().splitlines()) == 1


def test_an_account_needs_a_long_password(command: Command) -> None:
    command.text("accounts", "add", "admin", stdin="pendek\n")
    assert command.code == 2
    assert "paling sedikit 10 huruf" in command.errors
    told = command.text("accounts", "add", "admin", stdin="sandi yang panjang\n")
    assert (command.code, told) == (0, "Akun admin siap.\n")


def test_a_list_of_companies_is_imported_whole_or_not_at_all(
    command: Command, tmp_path: Path
) -> None:
    file = tmp_path / "daftar.csv"
    file.write_text("nama,status\nPT Bahtera Karya,aktif\nPT Surya Timur,skorsing\n", "utf-8")
    told = json.loads(command.text("companies", "import", str(file), "--as-of", "2026-01-05"))
    assert command.code == 0
    assert told == {"as_of": "2026-01-05", "companies": 2, "aktif": 1, "dihentikan sementara": 1}
    file.write_text("nama,status\nPT Lain,entah\n", "utf-8")
    command.text("companies", "import", str(file), "--as-of", "2026-01-06")
    assert command.code == 2
    assert "baris 2: status 'entah'" in command.errors
    with open_database(load_settings()).read() as db:
        register = store.load_register(db, store.company_list_id(db))
    assert [company.name for company in register.companies] == [
        "PT Bahtera Karya",
        "PT Surya Timur",
    ]
