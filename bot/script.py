"""Playing a written conversation: `chat --script FILE.yaml` exits non-zero where it differs.

A script is a list of steps. `warga: TEXT` and `petugas: TEXT` say something; a choice's number or
title taps it. `ke warga:` and `ke petugas:` name texts, each of which must stand in what that
person was told since the last time anybody spoke; `tidak ke warga:` and `tidak ke petugas:` name
texts that must not.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from bot.app import App
from bot.terminal import OFFICER, VILLAGER, TerminalChat
from bot.transcript_channel import TERMINAL
from escalation.assignment import Rung
from escalation.models import Officer, Posting
from escalation.roster import link
from handlers import contacts
from knowledge.plain_yaml import read_values

SPEAKERS = (VILLAGER, OFFICER)
TOLD = "ke "
NOT_TOLD = "tidak ke "
CHECKS = tuple(f"{prefix}{name}" for prefix in (TOLD, NOT_TOLD) for name in SPEAKERS)


class ScriptError(Exception):
    """A script that cannot be played, or a conversation that differs from it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who speaks what, or what must or must not have been told."""

    number: int
    kind: str
    texts: tuple[str, ...]


def read_script(path: Path) -> list[Step]:
    """Read a script. Raises ScriptError naming the step."""
    try:
        raw = read_values(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ScriptError(f"{path}: tidak terbaca ({type(error).__name__})") from error
    if not isinstance(raw, list):
        raise ScriptError(f"{path}: berkas harus berupa daftar langkah")
    return [_read_step(number, item) for number, item in enumerate(raw, start=1)]


def _read_step(number: int, item: Any) -> Step:
    if not isinstance(item, dict) or len(item) != 1:
        raise ScriptError(f"langkah {number}: satu kunci dan satu isi")
    ((kind, value),) = item.items()
    if kind not in (*SPEAKERS, *CHECKS):
        raise ScriptError(f"langkah {number}: kunci {kind!r} tidak dikenal")
    texts = value if isinstance(value, list) else [value]
    return Step(number, kind, tuple(str(text) for text in texts))


def play(app: App, steps: list[Step], *, write: Callable[[str], None] = print) -> None:
    """Play a script on an app of its own. Raises ScriptError at the first difference."""
    seat_officer(app, now=app.clock())
    people = {
        name: TerminalChat(app, f"naskah:{name}", write=write, clock=app.clock) for name in SPEAKERS
    }
    asyncio.run(_play(app, people, steps, write))


async def _play(
    app: App, people: dict[str, TerminalChat], steps: list[Step], write: Callable[[str], None]
) -> None:
    told = dict.fromkeys(SPEAKERS, "")
    for step in steps:
        if step.kind in CHECKS:
            _check(step, told[step.kind.removeprefix(NOT_TOLD).removeprefix(TOLD)])
            continue
        write(f"\n> {step.kind}: {step.texts[0]}")
        people[step.kind].say(step.texts[0])
        await app.workers.settle()
        for name, person in people.items():
            write(f"({name})")
            told[name] = _read(person)


def _read(person: TerminalChat) -> str:
    return "\n".join(
        "\n".join([message.text, *(choice.title for choice in message.choices)])
        for message in person.show_new()
    )


def _check(step: Step, heard: str) -> None:
    wanted = not step.kind.startswith(NOT_TOLD)
    for text in step.texts:
        if (text.casefold() in heard.casefold()) != wanted:
            says = "tidak ada" if wanted else "seharusnya tidak ada"
            raise ScriptError(f"langkah {step.number}: {text!r} {says} dalam:\n{heard}")


def seat_officer(app: App, *, now: datetime) -> None:
    """Give a script's own database an officer at the national desk, on the terminal."""
    with app.database.write() as work:
        officer = Officer(
            name="Petugas (contoh)", duty="meja nasional", is_demo=True, created_at=now
        )
        work.db.add(officer)
        work.db.flush()
        assert officer.id is not None
        work.db.add(Posting(officer_id=officer.id, rung=Rung.NASIONAL, code=""))
        contact = contacts.find_or_add(
            work.db,
            channel=TERMINAL,
            address=f"naskah:{OFFICER}",
            sealer=app.resources.sealer,
            now=now,
        )
        assert contact.id is not None
        officer.answered_at = now
        link(work.db, officer, contact_id=contact.id, now=now)
        work.commit()
