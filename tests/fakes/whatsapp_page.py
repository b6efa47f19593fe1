"""A page on which a person plays those who write to the bot."""

import html
from collections.abc import Sequence
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.fakes.whatsapp_person import Person

STYLE = "body{font:16px sans-serif;max-width:40rem;margin:1rem auto;padding:0 1rem}"
JAKARTA = (-6.1754, 106.8272)


def page_routes(people: Sequence[Person]) -> list[Route]:
    """Give the page, the conversation inside it, and what a person does there."""

    def page(request: Request) -> Response:
        who = _index(request.query_params.get("siapa"), people)
        links = " | ".join(
            f'<a href="/?siapa={i}">{html.escape(person.name)}</a>'
            for i, person in enumerate(people)
        )
        return HTMLResponse(
            f"<!doctype html><title>WhatsApp tiruan</title><style>{STYLE}</style>"
            f"<p>{links}<h1>{html.escape(people[who].name)}</h1>"
            f'<iframe src="/obrolan?siapa={who}" title="obrolan" width="100%" height="420">'
            f'</iframe><form method="post" action="/tindakan"><input type="hidden" name="siapa" '
            f'value="{who}"><input name="teks" aria-label="pesan" autofocus size="40"> '
            '<button>Kirim</button> <button name="apa" value="lokasi">Kirim lokasi</button> '
            '<button name="apa" value="suara">Kirim suara</button> '
            '<button name="apa" value="stiker">Kirim stiker</button></form>'
        )

    def talk(request: Request) -> Response:
        who = _index(request.query_params.get("siapa"), people)
        lines = "".join(
            f"<p><b>{side}:</b> {html.escape(text).replace(chr(10), '<br>')}</p>"
            for side, text in people[who].lines
        )
        buttons = "".join(
            f'<button name="tombol" value="{html.escape(id)}">{html.escape(title)}</button> '
            for id, title in people[who].buttons
        )
        return HTMLResponse(
            f'<!doctype html><meta http-equiv="refresh" content="2"><style>{STYLE}</style>{lines}'
            f'<form method="post" action="/tindakan" target="_top"><input type="hidden" '
            f'name="siapa" value="{who}">{buttons}</form><script>scrollTo(0, 1e9)</script>'
        )

    async def act(request: Request) -> Response:
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        who = _index(form.get("siapa"), people)
        person = people[who]
        if "tombol" in form:
            person.tap(form["tombol"])
        elif form.get("apa") == "lokasi":
            person.locate(*JAKARTA)
        elif form.get("apa") == "suara":
            person.voice()
        elif form.get("apa") == "stiker":
            person.sticker()
        elif form.get("teks"):
            person.say(form["teks"])
        return RedirectResponse(f"/?siapa={who}", 303)

    return [
        Route("/", page),
        Route("/obrolan", talk),
        Route("/tindakan", act, methods=["POST"]),
    ]


def _index(given: str | None, people: Sequence[Person]) -> int:
    return int(given) if given and given.isdigit() and int(given) < len(people) else 0
