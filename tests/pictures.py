"""Files for tests: real small pictures, and what phones and foes write into them."""

import struct
import zlib
from pathlib import Path

DATA = Path(__file__).parent / "data" / "media"
PLACE = b"Lintang -8.0657 Bujur 111.9025 HP milik Siti"
"""Stands for what a phone notes in a photo."""

JPEG = (DATA / "foto.jpg").read_bytes()
WEBP = (DATA / "foto.webp").read_bytes()
"""48 by 32 pixels, written by a browser, without its note on colours."""

OGG = b"OggS\x00\x02" + bytes(400)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def png(width: int = 48, height: int = 32, *, notes: bytes = b"") -> bytes:
    """Give a green picture; a size above what is packed in it is a lie, as in a bomb."""
    rows = b"".join(b"\x00" + b"\x22\x88\x55" * min(width, 64) for _ in range(min(height, 64)))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    if notes:
        parts.insert(1, (b"eXIf", notes))
        parts.insert(2, (b"tEXt", b"Comment\x00" + notes))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def jpeg(*, turned: int = 1, order: str = ">") -> bytes:
    """Give the photo with what a phone notes in it, and a second one behind its end."""
    mark = {">": b"MM", "<": b"II"}[order]
    tiff = mark + struct.pack(order + "HIHHHIHH", 42, 8, 1, 0x0112, 3, 1, turned, 0) + bytes(4)
    noted = _segment(0xE1, b"Exif\x00\x00" + tiff + PLACE)
    return JPEG[:2] + noted + _segment(0xFE, PLACE) + JPEG[2:] + PLACE + JPEG


def webp() -> bytes:
    """Give the picture in the longer form, with Exif and XMP behind it."""
    flags = struct.pack("<B3x", 0x08 | 0x04) + (47).to_bytes(3, "little") + b"\x1f\x00\x00"
    parts = _part(b"VP8X", flags) + WEBP[12:] + _part(b"EXIF", PLACE) + _part(b"XMP ", PLACE)
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WEBP" + parts


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checked


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _part(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)
