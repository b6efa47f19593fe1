"""Pictures as they are kept: bare of what phones write into them, and of a size that can be shown.

Only the parts that a picture needs are copied: place and time of taking, names, previews and
whatever follows the end stay behind. How a photo is to be turned is kept. Nothing is decoded.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from handlers.media_types import MediaType

MOST_PIXELS = 50_000_000
"""Above what phones take; a small file may promise many times that and fill a phone's memory."""

JPEG_START, JPEG_END = b"\xff\xd8", b"\xff\xd9"
EXIF = b"Exif\x00\x00"
ORIENTATION = 0x0112
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
SCAN = 0xDA
IN_DATA = frozenset({0x00, 0xFF, *range(0xD0, 0xD8)})
"""What stands behind 0xFF within the data of a scan: a stuffed zero, filling, a restart."""

NEEDED_SEGMENTS = FRAMES | {0xC4, 0xCC, 0xDA, 0xDB, 0xDD, 0xE0, 0xEE}
"""Frames, tables, scans, JFIF, and Adobe's note on colours."""

PNG_START = b"\x89PNG\r\n\x1a\n"
NEEDED_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"IDAT", b"IEND"}
NEEDED_PARTS = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"}
WEBP_NOTES = 0x20 | 0x08 | 0x04
"""Flags of VP8X: a colour profile, Exif and XMP follow."""


class BadPicture(Exception):
    """A picture that cannot be shown. `code`: type where it is broken, pixels where it is huge."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class _Segment:
    """One part of a JPEG: its marker, its content, and the picture data behind a scan."""

    marker: int
    content: bytes
    data: bytes = b""


def bare(content: bytes, kind: MediaType) -> bytes:
    """Give a picture with nothing in it but the picture. Raises BadPicture."""
    try:
        return STRIPPERS[kind](content)
    except (struct.error, IndexError) as error:
        raise BadPicture("type") from error


def _bare_jpeg(content: bytes) -> bytes:
    found, turned = bytearray(JPEG_START), 1
    has_frame = has_scan = False
    for part in _segments(content):
        if part.marker == 0xE1 and part.content.startswith(EXIF):
            turned = _orientation(part.content[len(EXIF) :])
        if part.marker in FRAMES:
            height, width = struct.unpack_from(">HH", part.content, 1)
            _check(width, height)
            has_frame = True
        if part.marker not in NEEDED_SEGMENTS:
            continue
        has_scan = has_scan or part.marker == SCAN
        found += struct.pack(">BBH", 0xFF, part.marker, len(part.content) + 2)
        found += part.content + part.data
    if not has_frame or not has_scan:
        raise BadPicture("type")
    if turned != 1:
        found[2:2] = _turning(turned)
    return bytes(found + JPEG_END)


def _segments(content: bytes) -> Iterator[_Segment]:
    """Give the parts of a JPEG up to its end; one that breaks off ends there."""
    at = len(JPEG_START)
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            raise BadPicture("type")
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == JPEG_END[1]:
            return
        length = struct.unpack_from(">H", content, at + 2)[0]
        start, end = at + 4, at + 2 + length
        if length < 2 or end > len(content):
            raise BadPicture("type")
        after = _end_of_data(content, end) if marker == SCAN else end
        yield _Segment(marker, content[start:end], content[end:after])
        at = after


def _end_of_data(content: bytes, at: int) -> int:
    """Give where the data of a scan ends: at the next marker that is no part of it."""
    while (at := content.find(b"\xff", at)) != -1 and at + 1 < len(content):
        follows = content[at + 1]
        if follows not in IN_DATA:
            return at
        at += 1 if follows == 0xFF else 2
    return len(content)


def _orientation(tiff: bytes) -> int:
    """Read from Exif how a photo is to be turned, 1 to 8; 1 where nothing readable says so."""
    try:
        order = {b"II": "<", b"MM": ">"}[tiff[:2]]
        start = struct.unpack_from(order + "I", tiff, 4)[0]
        for number in range(struct.unpack_from(order + "H", tiff, start)[0]):
            tag, kind, count, value = struct.unpack_from(
                order + "HHIH", tiff, start + 2 + 12 * number
            )
            if (tag, kind, count) == (ORIENTATION, 3, 1):
                return int(value) if 1 <= value <= 8 else 1
    except (KeyError, struct.error):
        return 1
    return 1


def _turning(orientation: int) -> bytes:
    """Give a part of a JPEG that says how to turn it, and nothing else."""
    entry = struct.pack(">HHIHH", ORIENTATION, 3, 1, orientation, 0)
    tiff = b"MM" + struct.pack(">HIH", 42, 8, 1) + entry + bytes(4)
    content = EXIF + tiff
    return struct.pack(">BBH", 0xFF, 0xE1, len(content) + 2) + content


def _bare_png(content: bytes) -> bytes:
    found, at = bytearray(PNG_START), len(PNG_START)
    kinds: list[bytes] = []
    while at + 12 <= len(content):
        length = struct.unpack_from(">I", content, at)[0]
        kind, end = content[at + 4 : at + 8], at + 12 + length
        if end > len(content):
            raise BadPicture("type")
        if not kinds:
            if kind != b"IHDR":
                raise BadPicture("type")
            _check(*struct.unpack_from(">II", content, at + 8))
        kinds.append(kind)
        if kind in NEEDED_CHUNKS:
            found += content[at:end]
        if kind == b"IEND":
            break
        at = end
    if b"IDAT" not in kinds or kinds[-1] != b"IEND":
        raise BadPicture("type")
    return bytes(found)


def _bare_webp(content: bytes) -> bytes:
    found, at = bytearray(b"WEBP"), 12
    size: tuple[int, int] | None = None
    end_of_all = min(len(content), 8 + struct.unpack_from("<I", content, 4)[0])
    while at + 8 <= end_of_all:
        kind, length = content[at : at + 4], struct.unpack_from("<I", content, at + 4)[0]
        part = content[at + 8 : at + 8 + length]
        if len(part) < length:
            raise BadPicture("type")
        at += 8 + length + length % 2
        if kind not in NEEDED_PARTS:
            continue
        size = size or _webp_size(kind, part)
        if kind == b"VP8X":
            part = bytes([part[0] & ~WEBP_NOTES]) + part[1:]
        found += kind + struct.pack("<I", length) + part + bytes(length % 2)
    if size is None:
        raise BadPicture("type")
    _check(*size)
    return b"RIFF" + struct.pack("<I", len(found)) + bytes(found)


def _webp_size(kind: bytes, part: bytes) -> tuple[int, int] | None:
    """Give width and height, from the first part of a WebP that tells them."""
    if kind == b"VP8X":
        width = int.from_bytes(part[4:7], "little") + 1
        return width, int.from_bytes(part[7:10], "little") + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", part, 6)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", part, 1)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


def _check(width: int, height: int) -> None:
    if not width or not height:
        raise BadPicture("type")
    if width * height > MOST_PIXELS:
        raise BadPicture("pixels")


STRIPPERS = {
    MediaType.JPEG: _bare_jpeg,
    MediaType.PNG: _bare_png,
    MediaType.WEBP: _bare_webp,
}
