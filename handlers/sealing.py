"""Sealing: message bodies and addresses are stored as encrypted bytes, looked up by keyed hash."""

import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
VERSION = b"\x01"


class SealBroken(Exception):
    """Bytes that this key did not seal for this purpose, or that were changed since."""


class Sealer:
    """Seals with AES-256-GCM and hashes with HMAC-SHA-256, each under its own derived key."""

    def __init__(self, key: bytes) -> None:
        """Take the master key. Raises ValueError where it is not 32 bytes."""
        if len(key) != KEY_BYTES:
            raise ValueError(f"the key must be {KEY_BYTES} bytes, not {len(key)}")
        self._cipher = AESGCM(_derive(key, b"seal"))
        self._lookup_key = _derive(key, b"lookup")

    def seal(self, data: bytes, *, purpose: str) -> bytes:
        """Encrypt bytes for one purpose ("inbox", "address", ...); the same call never repeats."""
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._cipher.encrypt(nonce, data, purpose.encode())

    def open(self, sealed: bytes, *, purpose: str) -> bytes:
        """Decrypt what `seal` gave for the same purpose. Raises SealBroken."""
        if sealed[:1] != VERSION:
            raise SealBroken("unknown version of sealing")
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, body, purpose.encode())
        except InvalidTag as error:
            raise SealBroken("sealed with another key, or damaged") from error

    def seal_json(self, value: Any, *, purpose: str) -> bytes:
        """Encrypt a JSON value."""
        return self.seal(json.dumps(value, ensure_ascii=False).encode(), purpose=purpose)

    def open_json(self, sealed: bytes, *, purpose: str) -> Any:
        """Decrypt a JSON value. Raises SealBroken."""
        return json.loads(self.open(sealed, purpose=purpose))

    def lookup(self, text: str, *, purpose: str) -> str:
        """Give the keyed hash (64 hex digits) under which a sealed text can be found again."""
        message = purpose.encode() + b"\x00" + text.encode()
        return hmac.new(self._lookup_key, message, hashlib.sha256).hexdigest()


def new_key() -> bytes:
    """Give a fresh random master key."""
    return os.urandom(KEY_BYTES)


def _derive(key: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)
