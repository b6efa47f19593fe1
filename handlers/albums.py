"""Albums: pictures sent together come as single messages and deserve one answer."""

from dataclasses import replace
from datetime import timedelta

from handlers.messages import InboundKind, InboundMessage
from handlers.state import ConversationState

TOGETHER = timedelta(seconds=20)
"""How far apart pictures of one album are sent; WhatsApp marks an album by nothing else."""

SHOWN = (InboundKind.PICTURE, InboundKind.DOCUMENT)


def continues(state: ConversationState, message: InboundMessage) -> bool:
    """Tell whether a picture belongs with the one before it, which was answered already.

    Words under a picture are always answered, and after other words so is the next picture.
    """
    if not _is_shown(message) or message.text.strip() or state.pictured_at is None:
        return False
    if message.album and message.album == state.album:
        return True
    return abs(message.sent_at - state.pictured_at) <= TOGETHER


def note(
    state: ConversationState, message: InboundMessage, *, case_id: int | None
) -> ConversationState:
    """Give the state that knows of the picture that came last; any other message ends an album.

    `case_id` is the case that it was added to by the number of a report.
    """
    if not _is_shown(message):
        return replace(state, album="", pictured_at=None, album_case=None)
    return replace(state, album=message.album, pictured_at=message.sent_at, album_case=case_id)


def _is_shown(message: InboundMessage) -> bool:
    """Tell whether something to look at was sent; WhatsApp's videos cannot be taken at all."""
    is_other_media = message.kind == InboundKind.UNSUPPORTED and message.media_id is not None
    return message.kind in SHOWN or is_other_media
