"""A browser without a screen for the rooms: signs in, reads forms, sends them with their token."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pyotp
from fastapi.testclient import TestClient

from api.app import create
from bot.app import App
from bot.server import make_site
from handlers import accounts
from tests.conftest import FixedClock

PASSWORD = "sandi-panjang-sekali"
TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
MARK = re.compile(r'name="mark" value="([^"]*)"')
SECRET = re.compile(r"<code[^>]*>([A-Z2-7]{16,})</code>")


def add_account(
    app: App, role: str, *, login: str = "", area_code: str = "", officer_id: int | None = None
) -> None:
    """Make an account with the password of the tests."""
    with app.database.write() as work:
        account = accounts.put(
            work.db,
            login=login or role,
            name=f"Nama {role}",
            role=role,
            password=PASSWORD,
            officer_id=officer_id,
            now=app.clock(),
        )
        account.area_code = area_code
        work.commit()


class _Form(HTMLParser):
    """Reads the form with the id "editor"."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._is_in = False
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        given = dict(attributes)
        if tag == "form":
            self._is_in = given.get("id") == "editor"
        if not self._is_in:
            return
        name = given.get("name") or ""
        if tag == "input" and (
            given.get("type") not in ("checkbox", "radio") or "checked" in given
        ):
            # Browsers take line breaks out of a field of one line.
            self._put(name, (given.get("value") or "").replace("\n", ""))
        elif tag == "textarea":
            self._area = name
            self._put(name, "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self._put(self._select, given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_in = False
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area][-1] += data

    def _put(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


class Browser:
    """One browser with its own cookies."""

    def __init__(self, app: App, *, is_demo: bool = True) -> None:
        site = replace(make_site(app), is_demo=is_demo)
        self.client = TestClient(create(site), base_url="http://127.0.0.1:8000")
        self.page: Any = None

    def open(self, path: str) -> Any:
        """Open a page, following where it leads."""
        self.page = self.client.get(path)
        return self.page

    def send(self, path: str, fields: dict[str, Any] | None = None, **more: Any) -> Any:
        """Send a form with the token of the page that is open."""
        found = TOKEN.search(self.page.text)
        token = unescape(found[1]) if found else ""
        self.page = self.client.post(path, data={"csrf": token, **(fields or {})}, **more)
        return self.page

    def sign_in(self, login: str, password: str = PASSWORD) -> Any:
        """Go through the sign-in page."""
        self.open("/masuk")
        return self.send("/masuk", {"login": login, "password": password})

    def type_code(self, clock: FixedClock, secret: str = "") -> Any:
        """Type the code of the second factor, set up from the page where no secret is given."""
        found = SECRET.search(self.page.text)
        secret = secret or (found[1] if found else "")
        clock.move(timedelta(seconds=30))
        code = pyotp.TOTP(secret).at(int(clock().timestamp()))
        self.send("/masuk/kode", {"code": code})
        return secret

    def form(self) -> dict[str, list[str]]:
        """Give what the editor's form on the page holds, as a browser would send it."""
        parser = _Form()
        parser.feed(self.page.text)
        return parser.fields

    def mark(self) -> str:
        """Give the mark of the draft on the page."""
        found = MARK.search(self.page.text)
        return found[1] if found else ""
