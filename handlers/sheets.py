"""A sheet that somebody uploads or pastes: its text, kept whole while its preview is read."""

import base64
import binascii
import zlib

MAX_BYTES = 700_000
"""Some 8,000 officers or 4,000 companies; compressed it fits into a field of a form."""


class SheetRefused(Exception):
    """A file that is no readable sheet. The message is Indonesian."""


def read_sheet(data: bytes) -> str:
    """Give the text of an uploaded file. Raises SheetRefused."""
    if len(data) > MAX_BYTES:
        raise SheetRefused(
            f"Berkas terlalu besar, paling banyak {MAX_BYTES // 1000} KB. Bagi menjadi beberapa berkas."
        )
    if data.startswith(b"PK"):
        raise SheetRefused("Ini berkas Excel. Simpan dulu sebagai CSV UTF-8, lalu unggah lagi.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SheetRefused(
            "Hurufnya tidak terbaca. Di Excel pilih Simpan Sebagai, lalu jenis CSV UTF-8."
        ) from None
    if "\0" in text:
        raise SheetRefused("Ini bukan berkas CSV.")
    if not text.strip():
        raise SheetRefused("Berkasnya kosong. Pilih berkas, atau tempel isinya.")
    return text


def pack(text: str) -> str:
    """Give a text as a hidden field carries it: browsers change line ends otherwise."""
    return base64.b64encode(zlib.compress(text.encode())).decode()


def unpack(packed: str) -> str:
    """Give what `pack` was given. Raises SheetRefused."""
    try:
        opened = zlib.decompressobj()
        data = opened.decompress(base64.b64decode(packed, validate=True), MAX_BYTES + 1)
    except (binascii.Error, zlib.error, ValueError):
        raise SheetRefused("Pratinjaunya rusak. Unggah lagi berkasnya.") from None
    return read_sheet(data)
