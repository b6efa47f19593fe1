"""`faq import|export|lint|todo`: bringing the FAQ in and out, and what is wrong or open in it."""

import argparse
import json
from pathlib import Path

from bot.app import open_database, seed
from bot.clock import utc_now
from bot.settings import Settings
from handlers.database import Database
from knowledge import faq_files, faq_report, store
from knowledge.todo import todo

FAILED = 1


def import_folder(settings: Settings, options: argparse.Namespace) -> int:
    """Bring a folder, or the packaged FAQ, into the database."""
    content, variants = faq_files.read_checked(Path(options.folder) if options.folder else None)
    database = open_database(settings)
    report = seed(database, clock=utc_now, content=content, variants=variants)
    print(
        json.dumps(
            {
                "added": len(report.added),
                "updated": len(report.updated),
                "kept": list(report.kept),
                "variants": report.variants,
            }
        )
    )
    return 0


def export(settings: Settings, options: argparse.Namespace) -> int:
    """Write the database's FAQ to a folder."""
    database = _filled(settings)
    with database.read() as db:
        count = faq_files.export(db, Path(options.folder), now=utc_now())
    print(json.dumps({"files": count}))
    return 0


def lint(_settings: Settings, options: argparse.Namespace) -> int:
    """Print what is wrong in a folder, or in the packaged FAQ, and how it reads."""
    linted = faq_files.lint_folder(Path(options.folder) if options.folder else None)
    for problem in linted.problems:
        print(problem)
    entries = len(linted.content.entries) if linted.content else 0
    print(f"{entries} entri, {len(linted.problems)} masalah")
    if linted.content:
        for line in faq_report.report(linted.content, linted.variants):
            print(line)
    return FAILED if linted.problems else 0


def list_todo(settings: Settings, _options: argparse.Namespace) -> int:
    """Print what a person must still confirm."""
    database = _filled(settings)
    with database.read() as db:
        index = store.load_index(db, now=utc_now())
    for line in todo(index):
        print(line)
    return 0


def _filled(settings: Settings) -> Database:
    """Open the database with the FAQ in it, also where nothing has run on it before."""
    database = open_database(settings)
    seed(database, clock=utc_now)
    return database
