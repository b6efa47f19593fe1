"""The sealing key: from a setting, or from a 0600 file made at first start."""

import os
from pathlib import Path

from bot.settings import Settings, SettingsError, parse_key
from handlers.sealing import new_key


def load_key(settings: Settings) -> bytes:
    """Give the sealing key, made where neither setting nor file holds one.

    Raises SettingsError where the file is readable by others or holds no key.
    """
    if settings.secret_key is not None:
        return parse_key(settings.secret_key.get_secret_value())
    path = settings.secret_key_file
    if not path.exists():
        return _create(path)
    if path.stat().st_mode & 0o077:
        raise SettingsError(f"SECRET_KEY_FILE terbaca orang lain; jalankan: chmod 600 {path}")
    return _read(path)


def _read(path: Path) -> bytes:
    try:
        return parse_key(path.read_text("ascii"))
    except (ValueError, OSError) as error:
        raise SettingsError(f"SECRET_KEY_FILE {path} tidak berisi kunci: {error}") from error


def _create(path: Path) -> bytes:
    key = new_key()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        if path.exists():
            return _read(path)
        raise SettingsError(
            f"SECRET_KEY_FILE {path} tidak bisa dibuat ({error.strerror}); pilih tempat lain"
        ) from error
    with os.fdopen(descriptor, "w") as file:
        file.write(key.hex() + "\n")
        file.flush()
        # Messages sealed from now on are lost if this key is.
        os.fsync(descriptor)
    return key
