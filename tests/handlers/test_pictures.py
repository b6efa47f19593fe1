"""Pictures lose what phones write into them, keep what is seen, and never promise too much."""

import struct

import pytest

from handlers.media_types import MediaType, type_of
from handlers.pictures import MOST_PIXELS, BadPicture, bare
from tests.pictures import JPEG, PLACE, WEBP, jpeg, png, webp

J, P, W = MediaType.JPEG, MediaType.PNG, MediaType.WEBP


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        pytest.param(jpeg(), J, JPEG, id="a photo with place, note and a second photo"),
        pytest.param(png(notes=PLACE), P, png(), id="a drawing with notes"),
        pytest.param(png() + PLACE, P, png(), id="a drawing with a tail"),
        pytest.param(JPEG, J, JPEG, id="a bare photo"),
        pytest.param(WEBP, W, WEBP, id="a bare WebP"),
    ],
)
def test_only_the_picture_stays(content: bytes, kind: MediaType, expected: bytes) -> None:
    assert type_of(content) == kind
    assert bare(content, kind) == expected


def test_a_long_webp_loses_its_notes_and_says_so() -> None:
    found = bare(webp(), W)
    assert PLACE not in found
    assert found[20] == 0
    assert WEBP[12:] in found
    assert struct.unpack_from("<I", found, 4)[0] == len(found) - 8


@pytest.mark.parametrize("order", [">", "<"])
@pytest.mark.parametrize("turned", [3, 6, 8])
def test_how_a_photo_is_turned_is_kept(turned: int, order: str) -> None:
    found = bare(jpeg(turned=turned, order=order), J)
    assert PLACE not in found
    assert len(found) == len(JPEG) + 36
    assert bare(found, J) == found
    assert found[30:32] == struct.pack(">H", turned)


def test_a_turning_that_means_nothing_is_left_out() -> None:
    assert bare(jpeg(turned=77), J) == JPEG


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        pytest.param(png(50_000, 50_000), P, "pixels", id="a bomb of a few hundred bytes"),
        pytest.param(png(0, 10), P, "type", id="nothing to see"),
        pytest.param(png()[:40], P, "type", id="cut in its data"),
        pytest.param(png()[:8] + png()[33:], P, "type", id="without a header"),
        pytest.param(JPEG[:40], J, "type", id="a photo cut in its tables"),
        pytest.param(b"\xff\xd8\xff\xd9", J, "type", id="start and end"),
        pytest.param(b"\xff\xd8\xff<script>alert(1)</script>", J, "type", id="a page"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x00", J, "type", id="a part of no length"),
        pytest.param(WEBP[:30], W, "type", id="a WebP cut short"),
        pytest.param(b"RIFF\x00\x00\x00\x00WEBP", W, "type", id="an empty WebP"),
        pytest.param(b"RIFF", W, "type", id="half a sign"),
    ],
)
def test_what_cannot_be_shown_is_refused(content: bytes, kind: MediaType, code: str) -> None:
    with pytest.raises(BadPicture) as caught:
        bare(content, kind)
    assert caught.value.code == code


def test_a_photo_that_lies_about_its_size() -> None:
    at = JPEG.index(b"\xff\xc0") + 5
    with pytest.raises(BadPicture) as caught:
        bare(JPEG[:at] + b"\xff\xff\xff\xff" + JPEG[at + 4 :], J)
    assert caught.value.code == "pixels"
    assert MOST_PIXELS > 48_000_000


def test_a_photo_that_broke_off_on_its_way_is_kept() -> None:
    found = bare(JPEG[:-20], J)
    assert found.endswith(b"\xff\xd9")
    assert len(found) == len(JPEG) - 18


@pytest.mark.parametrize("kind", [J, P, W])
@pytest.mark.parametrize("seed", range(40))
def test_broken_bytes_never_raise_anything_else(kind: MediaType, seed: int) -> None:
    content = bytearray({J: jpeg(turned=6), P: png(notes=PLACE), W: webp()}[kind])
    for step in range(1 + seed % 7):
        content[(seed * 131 + step * 977) % len(content)] = (seed * 37 + step * 11) % 256
    try:
        found = bare(bytes(content), kind)
    except BadPicture:
        return
    assert type_of(found) == kind


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"OggS\x00\x02", MediaType.OGG, id="a voice note"),
        pytest.param(b"ID3\x04\x00", MediaType.MP3, id="music with a title"),
        pytest.param(b"\xff\xfb\x90\x00", MediaType.MP3, id="music"),
        pytest.param(b"\xff\xf1\x50\x80", MediaType.AAC, id="a recording"),
        pytest.param(b"#!AMR\n<", MediaType.AMR, id="an old phone's recording"),
        pytest.param(b"#!AMR-WB\n", MediaType.AMR, id="the same, wider"),
        pytest.param(b"\x00\x00\x00\x1cftypM4A \x00", MediaType.M4A, id="an iPhone's recording"),
        pytest.param(b"\x00\x00\x00\x18ftypmp42\x00", None, id="a film"),
        pytest.param(b"%PDF-1.7", MediaType.PDF, id="a paper"),
        pytest.param(b"\n%PDF-1.7", None, id="a paper behind something else"),
        pytest.param(b"<html><script>", None, id="a page"),
        pytest.param(b"<?xml version", None, id="a drawing that can run"),
        pytest.param(b"PK\x03\x04", None, id="a packed folder or an app"),
        pytest.param(b"MZ\x90\x00", None, id="a program"),
        pytest.param(b"GIF89a", None, id="a moving picture"),
        pytest.param(b"\xff\xff\xff\xff", None, id="only ones"),
        pytest.param(b"\xff", None, id="one byte"),
        pytest.param(b"", None, id="nothing"),
    ],
)
def test_first_bytes_tell_the_kind(content: bytes, expected: MediaType | None) -> None:
    assert type_of(content) == expected
