"""The sealing key: made once, for its owner's eyes only."""

import stat
from pathlib import Path

import pytest

from bot.keys import load_key
from bot.settings import Settings, SettingsError, load_settings

KEY = bytes(range(32))


def settings(folder: Path, *, file: str = "config/secret.key", key: str | None = None) -> Settings:
    return load_settings(
        _env_file=None, data_dir=folder / "data", secret_key_file=folder / file, secret_key=key
    )


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "SECRET_KEY_FILE", "DATA_DIR", "DEMO"):
        monkeypatch.delenv(name, raising=False)


def test_a_missing_key_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    key = load_key(settings(tmp_path))
    file = tmp_path / "config" / "secret.key"
    assert len(key) == 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert bytes.fromhex(file.read_text()) == key


def test_the_next_start_finds_the_same_key_another_place_another(tmp_path: Path) -> None:
    first = load_key(settings(tmp_path))
    assert load_key(settings(tmp_path)) == first
    assert load_key(settings(tmp_path, file="other/secret.key")) != first


def test_the_key_of_the_setting_needs_no_file(tmp_path: Path) -> None:
    assert load_key(settings(tmp_path, key=KEY.hex())) == KEY
    assert not (tmp_path / "config").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610, 0o777])
def test_a_file_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    given = settings(tmp_path)
    load_key(given)
    given.secret_key_file.chmod(mode)
    with pytest.raises(SettingsError, match=f"chmod 600 {given.secret_key_file}"):
        load_key(given)
    given.secret_key_file.chmod(0o400)
    assert len(load_key(given)) == 32


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"ganti-kunci-ini", id="placeholder"),
        pytest.param(KEY, id="raw bytes"),
        pytest.param(KEY.hex().encode()[:-2], id="too short"),
        pytest.param(b"\xff" * 64, id="no text"),
    ],
)
def test_a_file_without_a_key_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    given = settings(tmp_path, file="secret.key")
    given.secret_key_file.write_bytes(content)
    given.secret_key_file.chmod(0o600)
    with pytest.raises(SettingsError, match=r"SECRET_KEY_FILE .* tidak berisi kunci"):
        load_key(given)
    assert given.secret_key_file.read_bytes() == content


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where a folder should be")
    with pytest.raises(SettingsError, match=r"SECRET_KEY_FILE .* tidak bisa dibuat"):
        load_key(settings(tmp_path))


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.key").mkdir(mode=0o700)
    with pytest.raises(SettingsError, match="SECRET_KEY_FILE"):
        load_key(settings(tmp_path, file="secret.key"))
