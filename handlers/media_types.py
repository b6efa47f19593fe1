"""Which files are taken: told by their first bytes, never by what the sender or provider says."""

import re
from collections.abc import Callable
from enum import StrEnum

MEBIBYTE = 1024 * 1024
HEAD_BYTES = 16
"""So many bytes tell the kind of a file."""


class MediaType(StrEnum):
    """A kind of file that is kept, as its MIME type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    OGG = "audio/ogg"
    MP3 = "audio/mpeg"
    AAC = "audio/aac"
    AMR = "audio/amr"
    M4A = "audio/mp4"
    PDF = "application/pdf"

    @property
    def is_picture(self) -> bool:
        """Tell whether it is shown as a picture."""
        return self.startswith("image/")

    @property
    def is_sound(self) -> bool:
        """Tell whether it is played."""
        return self.startswith("audio/")

    @property
    def ending(self) -> str:
        """Give the usual end of such a file's name."""
        return ENDINGS.get(self, self.partition("/")[2])

    @property
    def most_bytes(self) -> int:
        """Give how big such a file may be."""
        if self.is_picture:
            return MOST_PICTURE
        return MOST_SOUND if self.is_sound else MOST_ANY


ENDINGS = {MediaType.JPEG: "jpg", MediaType.MP3: "mp3", MediaType.M4A: "m4a"}
MOST_PICTURE = 10 * MEBIBYTE
"""Telegram takes photos up to 10 MB (core.telegram.org/bots/api#sendphoto), WhatsApp up to 5."""

MOST_SOUND = 16 * MEBIBYTE
"""Meta, "Supported media types", 2026."""

MOST_ANY = 20 * MEBIBYTE
"""Telegram lets bots fetch no bigger file (core.telegram.org/bots/api#getfile)."""

AMR = re.compile(rb"#!AMR(-WB)?\n")
ID3 = b"ID3"


def _is_mp3(head: bytes) -> bool:
    # Frame sync (11 bits), any version but the reserved one, layer III.
    return head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xE6 == 0xE2 and head[1] & 0x18 != 8


def _is_aac(head: bytes) -> bool:
    # ADTS: sync of 12 bits, layer always 0.
    return head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xF6 == 0xF0


SIGNS: tuple[tuple[MediaType, Callable[[bytes], bool]], ...] = (
    (MediaType.JPEG, lambda head: head.startswith(b"\xff\xd8\xff")),
    (MediaType.PNG, lambda head: head.startswith(b"\x89PNG\r\n\x1a\n")),
    (MediaType.WEBP, lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP"),
    (MediaType.OGG, lambda head: head.startswith(b"OggS")),
    (MediaType.M4A, lambda head: head[4:11] == b"ftypM4A"),
    (MediaType.AMR, lambda head: AMR.match(head) is not None),
    (MediaType.PDF, lambda head: head.startswith(b"%PDF-")),
    (MediaType.MP3, lambda head: head.startswith(ID3) or _is_mp3(head)),
    (MediaType.AAC, _is_aac),
)


def type_of(content: bytes) -> MediaType | None:
    """Give the kind of a file from its first bytes; None for every kind that is not taken."""
    head = content[:HEAD_BYTES]
    return next((kind for kind, has_sign in SIGNS if has_sign(head)), None)
