"""The command line. Answers go to stdout, progress and errors to stderr; errors exit with 2."""

import argparse
import asyncio
import getpass
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot import (
    batch,
    case_commands,
    checks,
    company_commands,
    faq_commands,
    risk_commands,
    roster_commands,
    schema,
    training,
)
from bot.app import build, open_database
from bot.clock import utc_now
from bot.converse import Conversations, temporary_app
from bot.logs import configure
from bot.script import ScriptError, play, read_script
from bot.server import serve, work, worker_lock
from bot.settings import Settings, SettingsError, load_settings
from bot.terminal import OFFICER, VILLAGER, TerminalChat, converse
from escalation.policy import PolicyError
from escalation.roster_import import RosterError
from handlers import access, accounts
from handlers.balance import take_balance
from handlers.database import DatabaseUnavailable, DatabaseUnusable
from handlers.drills import NoSuchArea
from knowledge.company_list import CompanyListError
from knowledge.entries import ContentError
from knowledge.variants import VariantError

FAILED = 1
WRONG = 2
KNOWN_ERRORS = (
    SettingsError,
    DatabaseUnusable,
    ContentError,
    VariantError,
    RosterError,
    CompanyListError,
    ScriptError,
    training.TrainingFailed,
    accounts.WeakPassword,
    case_commands.CaseRefused,
    NoSuchArea,
    PolicyError,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    options = _parser().parse_args(arguments)
    try:
        settings = load_settings()
        configure(settings.log_level)
        command: Callable[[Settings, argparse.Namespace], int] = options.run
        return command(settings, options)
    except KNOWN_ERRORS as error:
        print(f"Tanya Pimpasa: {error}", file=sys.stderr)
        return WRONG
    except DatabaseUnavailable:
        print(
            "Tanya Pimpasa: basis data tidak bisa dihubungi. Periksa DATABASE_URL dan servernya.",
            file=sys.stderr,
        )
        return WRONG
    except KeyboardInterrupt:
        return FAILED


def _batch(settings: Settings, options: argparse.Namespace) -> int:
    answer = batch.answerer(options.verb, settings, database_url=options.database)
    batch.run(sys.stdin, answer)
    return 0


def _converse(settings: Settings, _options: argparse.Namespace) -> int:
    with temporary_app(settings) as app:
        batch.run(sys.stdin, Conversations(app).answer)
    return 0


def _chat(settings: Settings, options: argparse.Namespace) -> int:
    if options.script:
        steps = read_script(Path(options.script))
        with temporary_app(settings) as app:
            play(app, steps)
        print("\nPercakapan sesuai naskah.")
        return 0
    app = build(settings)
    who = OFFICER if options.as_officer else VILLAGER
    chat = TerminalChat(app, f"terminal:{who}", write=print, clock=app.clock)
    chat.skip_old()
    if options.as_officer:
        print("Kotak petugas. Ketik kode undangan untuk mendaftar, atau KASUS untuk daftar kasus.")
    else:
        print("Tulis pertanyaan. Balas angka untuk memilih. Ctrl+D untuk selesai.")
    try:
        with worker_lock(app):
            asyncio.run(converse(chat, runs_workers=True))
    except DatabaseUnusable:
        # A running server works on this database already; it answers here too.
        asyncio.run(converse(chat, runs_workers=False))
    return 0


def _serve(settings: Settings, options: argparse.Namespace) -> int:
    serve(build(settings), web_only=options.web_only)
    return 0


def _work(settings: Settings, _options: argparse.Namespace) -> int:
    work(build(settings))
    return 0


def _train(settings: Settings, _options: argparse.Namespace) -> int:
    files = training.ensure_models(settings.models_dir, again=True)
    print(json.dumps({"matcher": str(files.matcher), "risk": str(files.risk)}))
    return 0


def _migrate(settings: Settings, _options: argparse.Namespace) -> int:
    database = open_database(settings)
    print(json.dumps({"revision": schema.current(database)}))
    return 0


def _check(settings: Settings, _options: argparse.Namespace) -> int:
    findings = checks.run(settings)
    for finding in findings:
        print(finding)
    return FAILED if any(finding.is_fault for finding in findings) else 0


def _balance(settings: Settings, _options: argparse.Namespace) -> int:
    database = open_database(settings)
    with database.read() as db:
        taken = take_balance(db)
    shown = {
        "received": taken.received,
        "waiting": taken.waiting,
        **taken.endings,
        "faults": {name: count for name, count in taken.faults.items() if count},
        "holds": taken.holds,
    }
    print(json.dumps(shown))
    return 0 if taken.holds else FAILED


def _accounts_add(settings: Settings, options: argparse.Namespace) -> int:
    password = getpass.getpass("Sandi: ") if sys.stdin.isatty() else sys.stdin.readline()
    database = open_database(settings)
    with database.write() as unit:
        accounts.put(
            unit.db,
            login=options.login,
            name=options.name or options.login,
            role=options.role,
            password=password.rstrip("\n"),
            now=utc_now(),
        )
        unit.commit()
    print(f"Akun {options.login} siap.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("tanya-pimpasa", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="COMMAND")

    def add(
        name: str, run: Callable[[Settings, argparse.Namespace], int], help: str
    ) -> argparse.ArgumentParser:
        verb = verbs.add_parser(name, help=help)
        verb.set_defaults(run=run)
        return verb

    for name, help in (
        ("ask", "JSON Lines: what the FAQ answers to each text"),
        ("assess", "JSON Lines: the danger in each text or list of messages"),
        ("locate", "JSON Lines: the place that each text names"),
    ):
        verb = add(name, _batch, help)
        verb.add_argument("--database", help="use the FAQ of this database URL")
    add("converse", _converse, "JSON Lines: play conversations on a temporary database")
    chat = add("chat", _chat, "talk to the bot in the terminal")
    chat.add_argument("--as-officer", action="store_true", help="show the officer's side")
    chat.add_argument("--script", help="play a conversation from a YAML file and compare")
    add("serve", _serve, "run the pages and the workers").add_argument(
        "--web-only", action="store_true", help="pages without workers"
    )
    add("work", _work, "run the workers alone")
    add("train", _train, "train both models again")
    add("migrate", _migrate, "bring the database to the newest schema")
    add("check", _check, "say what is wrong and how to mend it")
    add("balance", _balance, "prove that every message is accounted for")
    case_commands.add_commands(add("case", _parser_help, "open cases, their history, drills"))
    risk_commands.add_commands(add("risk", _parser_help, "what became of the cases"))
    officers = add("officers", _parser_help, "the roster of officers").add_subparsers(
        dest="action", required=True
    )
    importing = officers.add_parser("import", help="read a CSV file and print invitation codes")
    importing.add_argument("file")
    importing.set_defaults(run=roster_commands.import_officers)
    companies = add("companies", _parser_help, "the list of placement companies").add_subparsers(
        dest="action", required=True
    )
    listing = companies.add_parser("import", help="put a new official list (CSV) in force")
    listing.add_argument("file")
    listing.add_argument("--as-of", required=True, help="day the list describes, YYYY-MM-DD")
    listing.set_defaults(run=company_commands.import_list)
    account = add("accounts", _parser_help, "accounts for the web pages").add_subparsers(
        dest="action", required=True
    )
    adding = account.add_parser("add", help="make an account; its password is asked for")
    adding.add_argument("login")
    adding.add_argument("--name")
    adding.add_argument("--role", choices=[role.value for role in access.Role], default="admin")
    adding.set_defaults(run=_accounts_add)
    faq = add("faq", _parser_help, "the FAQ").add_subparsers(dest="action", required=True)
    for name, run, help in (
        (
            "import",
            faq_commands.import_folder,
            "bring a folder (default: the packaged FAQ) into the database",
        ),
        ("lint", faq_commands.lint, "check a folder (default: the packaged FAQ)"),
        ("export", faq_commands.export, "write the database's FAQ to a folder"),
        ("todo", faq_commands.list_todo, "list what still waits for a person to confirm it"),
    ):
        action = faq.add_parser(name, help=help)
        action.set_defaults(run=run)
        if name != "todo":
            action.add_argument("folder", nargs=None if name == "export" else "?")
    return parser


def _parser_help(_settings: Settings, _options: argparse.Namespace) -> int:
    return WRONG


if __name__ == "__main__":
    sys.exit(main())
