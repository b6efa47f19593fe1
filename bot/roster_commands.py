"""`officers import`: the roster from a CSV file, with invitation codes on standard output."""

import argparse
import csv
import sys
from pathlib import Path

from bot.app import open_database
from bot.clock import utc_now
from bot.keys import load_key
from bot.settings import Settings
from escalation.offices import load_offices
from escalation.roster_import import read_roster
from handlers.roster_transfer import write_rows
from handlers.sealing import Sealer
from knowledge.places import Gazetteer


def import_officers(settings: Settings, options: argparse.Namespace) -> int:
    """Import a roster, all of it or nothing. Raises RosterError."""
    places = Gazetteer.load()
    text = Path(options.file).read_text("utf-8")
    rows = read_roster(
        text, offices=load_offices(), is_area=lambda code: places.area(code) is not None
    )
    database = open_database(settings)
    sealer, now = Sealer(load_key(settings)), utc_now()
    with database.write() as unit:
        imported = write_rows(unit.db, rows, sealer=sealer, now=now)
        told = [(row.name, row.office, row.code or "sudah terdaftar") for row in imported]
        unit.commit()
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("nama", "kantor", "kode_undangan"))
    writer.writerows(told)
    return 0
