"""Coming in as people do: passwords, second factors, one-time links, and what stays shut."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.app import App
from handlers.models import Account
from handlers.room_models import AuditEvent
from tests.api.rooms import PASSWORD, Browser, add_account
from tests.conftest import FixedClock

ROOMS = ("/admin", "/admin/faq", "/admin/celah", "/admin/pastikan", "/petugas", "/admin/akun")
OPEN = {
    "admin": set(ROOMS),
    "editor": {"/admin", "/admin/faq", "/admin/celah"},
    "pimpasa": {"/petugas"},
    "kepala_kantor": {"/admin", "/petugas"},
    "pengamat": {"/admin"},
}


@pytest.mark.parametrize("room", [*ROOMS, "/admin/catatan", "/akun", "/masuk/kode"])
def test_rooms_ask_for_a_sign_in_and_lead_back(visitor: Browser, room: str) -> None:
    page = visitor.open(room)
    assert page.url.path == "/masuk"
    assert 'type="password"' in page.text


def test_wrong_passwords_make_an_account_rest(
    app: App, visitor: Browser, clock: FixedClock
) -> None:
    add_account(app, "editor")
    for _ in range(3):
        assert visitor.sign_in("editor", "salah-salah-salah").status_code == 403
    assert "Coba lagi setelah" in visitor.page.text
    assert 'value="editor"' in visitor.page.text
    assert visitor.sign_in("editor").status_code == 403
    clock.move(timedelta(seconds=6))
    assert visitor.sign_in("editor").url.path == "/admin"


def test_admins_set_up_a_second_factor_before_anything_opens(
    app: App, visitor: Browser, clock: FixedClock
) -> None:
    add_account(app, "admin")
    page = visitor.sign_in("admin")
    assert page.url.path == "/masuk/kode"
    assert "<svg" in page.text
    assert visitor.open("/admin").url.path.startswith("/masuk")
    visitor.open("/masuk/kode")
    secret = visitor.type_code(clock)
    assert visitor.page.url.path == "/admin"

    other = Browser(app, is_demo=False)
    page = other.sign_in("admin")
    assert page.url.path == "/masuk/kode"
    assert secret not in page.text
    assert other.send("/masuk/kode", {"code": "000000"}).status_code == 403
    other.type_code(clock, secret)
    assert other.page.url.path == "/admin"


def test_a_code_opens_once(app: App, visitor: Browser, clock: FixedClock) -> None:
    add_account(app, "admin")
    visitor.sign_in("admin")
    visitor.type_code(clock)
    with app.database.read() as db:
        step = db.exec(select(Account)).one().totp_step
    import pyotp

    from handlers.second_factor import PURPOSE

    with app.database.read() as db:
        sealed = db.exec(select(Account)).one().totp_sealed
    assert sealed is not None
    secret = app.resources.sealer.open(sealed, purpose=PURPOSE).decode()
    code = pyotp.TOTP(secret).at(step * 30)
    thief = Browser(app, is_demo=False)
    thief.sign_in("admin")
    assert thief.send("/masuk/kode", {"code": code}).status_code == 403


def test_wrong_codes_count_although_the_password_is_right(
    app: App, visitor: Browser, clock: FixedClock
) -> None:
    add_account(app, "admin")
    visitor.sign_in("admin")
    secret = visitor.type_code(clock)
    thief = Browser(app, is_demo=False)
    for _ in range(3):
        thief.sign_in("admin")
        thief.send("/masuk/kode", {"code": "123456"})
    assert "Coba lagi setelah" in thief.page.text
    assert thief.sign_in("admin").status_code == 403
    clock.move(timedelta(minutes=1))
    thief.sign_in("admin")
    thief.type_code(clock, secret)
    assert thief.page.url.path == "/admin"


@pytest.mark.parametrize("role", OPEN)
def test_each_role_opens_its_rooms_and_no_other(app: App, role: str) -> None:
    add_account(app, role)
    visitor = Browser(app)
    visitor.sign_in(role)
    for room in ROOMS:
        assert visitor.open(room).status_code == (200 if room in OPEN[role] else 403), room


def test_forms_without_their_token_are_refused(app: App, visitor: Browser) -> None:
    add_account(app, "editor")
    visitor.open("/masuk")
    form = {"login": "editor", "password": PASSWORD}
    assert visitor.client.post("/masuk", data=form).status_code == 403
    visitor.sign_in("editor")
    stranger = Browser(app)
    stranger.open("/masuk")
    # A token of another browser's page is worth nothing here.
    visitor.page = stranger.page
    assert visitor.send("/keluar").status_code == 403
    assert visitor.open("/admin").status_code == 200


def test_signing_out_and_a_new_password_end_sessions(app: App) -> None:
    add_account(app, "editor")
    one, two = Browser(app), Browser(app)
    one.sign_in("editor")
    two.sign_in("editor")
    one.open("/akun")
    one.send("/akun/sandi", {"old": PASSWORD, "password": "sandi yang lain lagi"})
    assert one.open("/admin").status_code == 200
    assert two.open("/admin").url.path == "/masuk"
    one.open("/akun")
    one.send("/keluar")
    assert one.open("/admin").url.path == "/masuk"


def test_an_open_session_gives_no_endless_tries_at_the_password(
    app: App, clock: FixedClock
) -> None:
    add_account(app, "editor")
    visitor = Browser(app)
    visitor.sign_in("editor")
    new = {"password": "sandi yang lain lagi"}
    for _ in range(3):
        visitor.open("/akun")
        assert visitor.send("/akun/sandi", new | {"old": "tebakan saja"}).status_code == 422
    assert "terlalu sering salah" in visitor.send("/akun/sandi", new | {"old": PASSWORD}).text
    assert Browser(app).sign_in("editor").status_code == 403
    clock.move(timedelta(seconds=6))
    visitor.open("/akun")
    assert "Sandi sudah diganti" in visitor.send("/akun/sandi", new | {"old": PASSWORD}).text
    assert Browser(app).sign_in("editor", new["password"]).status_code == 200


def test_sessions_end_after_two_idle_hours(app: App, clock: FixedClock) -> None:
    add_account(app, "editor")
    visitor = Browser(app)
    visitor.sign_in("editor")
    for _ in range(3):
        clock.move(timedelta(minutes=110))
        assert visitor.open("/admin").url.path == "/admin"
    clock.move(timedelta(minutes=121))
    assert visitor.open("/admin").url.path.startswith("/masuk")


def test_a_form_that_outlived_its_session_is_not_lost(app: App, clock: FixedClock) -> None:
    add_account(app, "editor")
    visitor = Browser(app)
    visitor.sign_in("editor")
    old = visitor.open("/akun")
    clock.move(timedelta(hours=3))
    part = visitor.client.post("/admin/faq/paspor-biaya/pratinjau", headers={"HX-Request": "true"})
    assert "HX-Redirect" not in part.headers
    assert "Masuk lagi di tab baru" in part.text
    visitor.sign_in("editor")
    visitor.page = old
    changed = {"old": PASSWORD, "password": "sandi yang lain lagi"}
    assert "Sandi sudah diganti" in visitor.send("/akun/sandi", changed).text
    # What one person's page carries is worth nothing to the next at the same browser.
    visitor.open("/akun")
    visitor.send("/keluar")
    add_account(app, "pimpasa")
    visitor.sign_in("pimpasa")
    visitor.page = old
    assert visitor.send("/keluar").status_code == 403


def test_the_way_back_never_leads_to_another_site(app: App, visitor: Browser) -> None:
    add_account(app, "editor")
    for target in (
        *("//jahat.example/", "https://jahat.example/", "/\\jahat.example", "/\t/jahat.example"),
        *("jahat.example", "javascript:alert(1)", " //jahat.example"),
    ):
        visitor.open("/masuk")
        answer = visitor.client.get("/masuk", params={"ke": target})
        assert "jahat" not in answer.text
        fields = {"login": "editor", "password": PASSWORD, "ke": target}
        stranger = Browser(app)
        stranger.open("/masuk")
        answer = stranger.send("/masuk", fields, follow_redirects=False)
        assert answer.headers["location"] == "/masuk", target
    visitor.open("/masuk")
    fields = {"login": "editor", "password": PASSWORD, "ke": "/admin/faq?saring=draf"}
    assert visitor.send("/masuk", fields).url.path == "/admin/faq"


@pytest.fixture
def admin(app: App) -> Browser:
    """An admin who is signed in, at a demonstration; nothing else is in the database."""
    add_account(app, "admin")
    visitor = Browser(app)
    visitor.sign_in("admin")
    return visitor


def test_an_invitation_lets_its_holder_choose_a_password_once(app: App, admin: Browser) -> None:
    admin.open("/admin/akun")
    fields = {"name": "Dewi", "login": "dewi", "role": "editor", "area_code": "35.04"}
    page = admin.send("/admin/akun", fields)
    link = re.search(r"/undangan/[\w-]+", page.text)
    assert link is not None
    newcomer = Browser(app)
    assert newcomer.sign_in("dewi", "").status_code == 403
    newcomer.open(link[0])
    short = newcomer.send(link[0], {"password": "pendek", "again": "pendek"})
    assert "paling sedikit" in short.text
    chosen = {"password": "padi menguning 7", "again": "padi menguning 7"}
    assert newcomer.send(link[0], chosen).url.path == "/masuk"
    assert newcomer.sign_in("dewi", "padi menguning 7").url.path == "/admin"
    assert Browser(app).open(link[0]).status_code == 410
    with app.database.read() as db:
        told = [line.action for line in db.exec(select(AuditEvent)).all() if line.subject == "dewi"]
    assert told == ["akun dibuat"]


def test_links_grow_old(app: App, admin: Browser, clock: FixedClock) -> None:
    admin.open("/admin/akun")
    fields = {"name": "Dewi", "login": "dewi", "role": "editor", "area_code": ""}
    link = re.search(r"/undangan/[\w-]+", admin.send("/admin/akun", fields).text)
    assert link is not None
    clock.move(timedelta(hours=49))
    assert Browser(app).open(link[0]).status_code == 410


def test_a_link_of_an_account_that_was_closed_opens_nothing(app: App, admin: Browser) -> None:
    admin.open("/admin/akun")
    fields = {"name": "Dewi", "login": "dewi", "role": "editor", "area_code": ""}
    link = re.search(r"/undangan/[\w-]+", admin.send("/admin/akun", fields).text)
    assert link is not None
    newcomer = Browser(app)
    assert newcomer.open(link[0]).status_code == 200
    with app.database.read() as db:
        dewi = db.exec(select(Account.id).where(Account.login == "dewi")).one()
    for step in ("tutup", "buka"):
        admin.open("/admin/akun")
        admin.send(f"/admin/akun/{dewi}/{step}")
        assert Browser(app).open(link[0]).status_code == 410
    chosen = {"password": "padi menguning 7", "again": "padi menguning 7"}
    assert newcomer.send(link[0], chosen).status_code == 410


def test_a_closed_account_is_out_at_once(app: App, admin: Browser) -> None:
    add_account(app, "editor")
    editor = Browser(app)
    editor.sign_in("editor")
    with app.database.read() as db:
        known = {one.login: one.id for one in db.exec(select(Account)).all()}
    admin.open("/admin/akun")
    admin.send(f"/admin/akun/{known['editor']}/tutup")
    assert editor.open("/admin").url.path == "/masuk"
    assert editor.sign_in("editor").status_code == 403
    admin.open("/admin/akun")
    assert admin.send(f"/admin/akun/{known['admin']}/tutup").status_code == 422
