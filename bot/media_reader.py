"""Reading a file that a person sent: whole, within the limits of its kind, and no byte more."""

from collections.abc import Callable

import httpx

from handlers.channel import MediaRefused
from handlers.media_types import HEAD_BYTES, MOST_ANY, type_of

PLAIN = {"accept-encoding": "identity"}
"""Asks for the file as it is: what is packed could unpack to any size."""


async def read_file(
    client: httpx.AsyncClient, url: httpx.URL | str, *, refusal: Callable[[int], str]
) -> bytes:
    """Fetch a file of a kind that is taken, looking at its first bytes before the rest is read.

    `refusal` gives the code for a status other than 200. Raises MediaRefused, httpx.HTTPError.
    """
    async with client.stream("GET", url, headers=PLAIN) as answer:
        if answer.status_code != httpx.codes.OK:
            raise MediaRefused(refusal(answer.status_code))
        promised = answer.headers.get("content-length", "")
        if promised.isdecimal() and int(promised) > MOST_ANY:
            raise MediaRefused("size")
        content = bytearray()
        most = None
        async for piece in answer.aiter_raw():
            content += piece
            if most is None and len(content) >= HEAD_BYTES:
                most = _limit(content)
            if most is not None and len(content) > most:
                raise MediaRefused("size")
    if most is None:
        _limit(content)
    return bytes(content)


def _limit(content: bytearray) -> int:
    kind = type_of(bytes(content[:HEAD_BYTES]))
    if kind is None:
        raise MediaRefused("type")
    return kind.most_bytes
