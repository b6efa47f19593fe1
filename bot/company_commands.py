"""`companies import`: a new official list of placement companies (P3MI) put in force."""

import argparse
import getpass
import json
from collections import Counter
from pathlib import Path

from bot.app import open_database
from bot.clock import utc_now
from bot.settings import Settings
from knowledge import company_list, store


def import_list(settings: Settings, options: argparse.Namespace) -> int:
    """Import a list, all of it or nothing, and print what it holds. Raises CompanyListError."""
    now = utc_now()
    as_of = company_list.read_day(options.as_of, today=now.date())
    companies = company_list.read_list_file(Path(options.file))
    database = open_database(settings)
    with database.write() as unit:
        store.put_companies(unit.db, companies, as_of=as_of, by=getpass.getuser(), now=now)
        unit.commit()
    counted = Counter(company.status.value for company in companies)
    print(json.dumps({"as_of": as_of.isoformat(), "companies": len(companies), **counted}))
    return 0
