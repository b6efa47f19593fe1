"""Settings: each wrong value is told in one Indonesian sentence that names it."""

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load_settings, parse_key

NAMES = [name.upper() for name in Settings.model_fields]
KEY = "0f" * 32
TOKEN = "123456789:geheim"
ENGLISH = ("input", "should", "valid", "must", " or ", "string", "value")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing set, in an empty folder with no `.env`."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def load(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def refusal(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    with pytest.raises(SettingsError) as refused:
        load(monkeypatch, **environment)
    return str(refused.value)


def test_the_defaults_are_safe(tmp_path: Path) -> None:
    settings = load_settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert not settings.is_demo
    assert not settings.has_messenger
    assert settings.data_dir.is_relative_to(tmp_path)
    assert settings.data_dir not in settings.secret_key_file.parents
    assert settings.url == f"sqlite:///{settings.data_dir}/tanya-pimpasa.sqlite3"
    assert settings.models_dir == settings.data_dir / "models"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        pytest.param("PORT", "delapan", "harus bilangan bulat", id="port in words"),
        pytest.param("PORT", "80.5", "harus bilangan bulat", id="port with a fraction"),
        pytest.param("PORT", "0", "harus paling kecil 1", id="port too low"),
        pytest.param("PORT", "65536", "harus paling besar 65535", id="port too high"),
        pytest.param("DEMO", "yes", "'ya', 'tidak' atau 'otomatis'", id="demo in English"),
        pytest.param("UNSTAFFED", "1", "'ya' atau 'tidak'", id="unstaffed as a number"),
        pytest.param("WEB_CHAT", "true", "'ya' atau 'tidak'", id="web chat in English"),
        pytest.param("LOG_LEVEL", "info", "'DEBUG', 'INFO', 'WARNING' atau", id="small letters"),
        pytest.param("TELEGRAM_SECRET_TOKEN", "rahasia!", "hanya huruf", id="secret with a mark"),
        pytest.param("TELEGRAM_SECRET_TOKEN", "a" * 257, "paling banyak 256", id="long secret"),
        pytest.param("WHATSAPP_API_VERSION", "25", "bentuknya salah", id="version without v"),
        pytest.param("SECRET_KEY", "abc", "64 angka heksadesimal", id="short key"),
        pytest.param("SECRET_KEY", "zz" * 32, "64 angka heksadesimal", id="key of other letters"),
        pytest.param("DATA_DIR", "~tidakada/data", "folder rumah", id="home of nobody"),
    ],
)
def test_a_wrong_value_is_told_by_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    sentence = refusal(monkeypatch, **{name: value})
    assert sentence.startswith(f"{name}: ")
    assert told in sentence
    assert ";" not in sentence.replace("; buat dengan", "").replace("; tulis", "")
    assert "\n" not in sentence
    assert not [word for word in ENGLISH if word in sentence.lower()]


def test_two_wrong_values_are_both_told(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = refusal(monkeypatch, PORT="x", LOG_LEVEL="x")
    assert "PORT: " in sentence
    assert "LOG_LEVEL: " in sentence


@pytest.mark.parametrize("token", ["TELEGRAM_BOT_TOKEN", "WHATSAPP_TOKEN"])
def test_a_demonstration_never_meets_a_messenger(
    monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    sentence = refusal(monkeypatch, DEMO="ya", **{token: TOKEN})
    assert "DEMO=ya" in sentence
    assert token in sentence
    assert TOKEN not in sentence


def test_an_automatic_demonstration_gives_way_to_a_messenger(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert load(monkeypatch, DEMO="otomatis").is_demo
    assert not load(monkeypatch, TELEGRAM_BOT_TOKEN=TOKEN).is_demo


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "example.org"])
@pytest.mark.parametrize("demo", ["ya", "otomatis"])
def test_a_demonstration_stays_on_this_machine(
    monkeypatch: pytest.MonkeyPatch, host: str, demo: str
) -> None:
    sentence = refusal(monkeypatch, DEMO=demo, HOST=host)
    assert "DEMO" in sentence
    assert "HOST=127.0.0.1" in sentence


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_a_demonstration_has_a_database_of_its_own(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    ordinary = load(monkeypatch, HOST=host).url
    demo = load(monkeypatch, DEMO="ya").url
    assert demo != ordinary
    assert demo.startswith("sqlite:///")


@pytest.mark.parametrize(
    "key_file",
    ["data/secret.key", "data/deep/secret.key", "x/../data/secret.key", "link/secret.key"],
)
def test_the_key_does_not_lie_with_the_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, key_file: str
) -> None:
    for folder in ("data", "x"):
        (tmp_path / folder).mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "data")
    sentence = refusal(
        monkeypatch, DATA_DIR=str(tmp_path / "data"), SECRET_KEY_FILE=str(tmp_path / key_file)
    )
    assert "SECRET_KEY_FILE" in sentence
    assert "DATA_DIR" in sentence


def test_beside_the_data_is_fine_and_a_key_of_its_own_needs_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    beside = load(monkeypatch, DATA_DIR=str(tmp_path / "data"), SECRET_KEY_FILE="data.key")
    assert beside.secret_key_file == tmp_path / "data.key"
    inside = load(monkeypatch, SECRET_KEY_FILE=str(tmp_path / "data" / "x"), SECRET_KEY=KEY)
    assert inside.secret_key is not None
    assert inside.secret_key.get_secret_value() == KEY


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        pytest.param({}, True, id="on this machine"),
        pytest.param({"HOST": "0.0.0.0"}, False, id="open to others"),
        pytest.param({"HOST": "0.0.0.0", "WEB_CHAT": "ya"}, True, id="open and wanted"),
        pytest.param({"WEB_CHAT": "tidak"}, False, id="on this machine and unwanted"),
        pytest.param({"HOST": "0.0.0.0", "WEB_CHAT": ""}, False, id="empty counts as unset"),
    ],
)
def test_the_web_chat_is_open_only_where_it_should(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: bool
) -> None:
    assert load(monkeypatch, **environment).shows_web_chat is expected


def test_a_database_url_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://pimpasa@localhost/pimpasa"
    assert load(monkeypatch, DATABASE_URL=url).url == url


def test_an_env_file_is_read_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PORT=8100\nHOST=localhost\nLAIN=1\n")
    settings = load(monkeypatch, PORT="8200")
    assert (settings.host, settings.port) == ("localhost", 8200)


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, SECRET_KEY=KEY, TELEGRAM_BOT_TOKEN=TOKEN)
    assert KEY not in repr(settings)
    assert TOKEN not in repr(settings)
    with pytest.raises(SettingsError) as refused:
        load(monkeypatch, DEMO="ya")
    assert TOKEN not in f"{refused.value} {refused.value.__cause__}"


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize("text", [KEY, KEY.upper(), f"  {KEY}\n"])
def test_a_key_is_read(text: str) -> None:
    assert parse_key(text) == bytes([15]) * 32


@pytest.mark.parametrize("text", ["", KEY[:-2], KEY + "00", "kunci", "é" * 64])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="64 angka heksadesimal"):
        parse_key(text)
