"""One file of a case, opened for whoever may read its villager's words. Each opening is noted."""

from dataclasses import dataclass
from datetime import datetime

from escalation.models import Case
from escalation.roster import load_roster
from handlers import audit, media
from handlers.audit import Action
from handlers.case_file import CaseHidden
from handlers.case_sight import reads_words, sees
from handlers.database import Database
from handlers.media_models import CaseMedia, MediaStatus
from handlers.media_types import MediaType
from handlers.models import Account
from handlers.resources import Resources


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file as it goes to a browser. `name` tells of the case and the file alone."""

    content: bytes
    media_type: MediaType
    name: str


def open_file(
    database: Database,
    case_id: int,
    media_id: int,
    *,
    by: Account,
    resources: Resources,
    now: datetime,
) -> OpenedFile:
    """Give a file that was kept with a case; the audit log notes who opened it.

    Raises CaseHidden where it is not there, not of this case, or not for this account.
    """
    with database.read() as db:
        case, row = db.get(Case, case_id), db.get(CaseMedia, media_id)
        roster = load_roster(db, now=now)
        if case is None or not sees(by, case, roster=roster, offices=resources.offices):
            raise CaseHidden
        if row is None or row.case_id != case_id or not reads_words(by, case):
            raise CaseHidden
        if row.status != MediaStatus.KEPT or row.content_sealed is None:
            raise CaseHidden
        kind = MediaType(row.media_type or "")
    content = resources.sealer.open(row.content_sealed, purpose=media.CONTENT)
    with database.write() as work:
        subject, detail = audit.case_subject(case_id), f"berkas {media_id}"
        audit.note(work.db, Action.FILE_READ, by=by, now=now, subject=subject, detail=detail)
        work.commit()
    return OpenedFile(content, kind, f"kasus-{case_id}-berkas-{media_id}.{kind.ending}")
