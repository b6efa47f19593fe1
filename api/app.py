"""The HTTP app: routes, security headers, and errors turned into answers in one place."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from api import (
    account_pages,
    audit_pages,
    case_pages,
    chat_pages,
    company_pages,
    confirm_pages,
    coverage_pages,
    faq_pages,
    faq_tools,
    gap_pages,
    health,
    home_pages,
    media_pages,
    officer_pages,
    publish_pages,
    room_pages,
    roster_file_pages,
    roster_pages,
    setting_pages,
    sign_in_pages,
    webhooks,
)
from api.auth import SignInNeeded
from api.limits import BodyLimit
from api.pages import SECURITY_HEADERS, render, static_folder
from api.wiring import Site
from handlers.database import DatabaseUnavailable

MODULES = (
    *(health, webhooks, chat_pages, home_pages, sign_in_pages, room_pages, account_pages),
    *(setting_pages, faq_tools, publish_pages, faq_pages, confirm_pages, gap_pages, audit_pages),
    *(case_pages, media_pages, coverage_pages, roster_file_pages, roster_pages, officer_pages),
    company_pages,
)
"""In this order: a path with a fixed word comes before one that takes any."""

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

ERROR_TEXTS = {
    400: "Kiriman itu tidak terbaca. Coba lagi dari halaman sebelumnya.",
    403: "Halaman ini tidak dibuka untuk akun Bapak/Ibu, atau isiannya sudah terlalu lama. "
    "Muat ulang, lalu coba lagi.",
    404: "Halaman itu tidak ada.",
    405: "Halaman itu tidak bisa dipakai begitu.",
    413: "Kiriman terlalu besar, paling banyak 4 MB.",
    422: "Ada isian yang tidak terbaca. Periksa lagi, lalu kirim ulang.",
    503: "Sedang ada gangguan. Tunggu sebentar, lalu coba lagi.",
}


def create(site: Site, *, lifespan: Lifespan | None = None) -> FastAPI:
    """Build the app around one site."""
    app = FastAPI(
        title="Tanya Pimpasa", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None
    )
    app.state.site = site
    app.add_middleware(BodyLimit)
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    app.middleware("http")(_with_headers)
    app.add_exception_handler(DatabaseUnavailable, _unavailable)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(SignInNeeded, _sign_in_first)
    app.add_exception_handler(Exception, _unforeseen)
    for module in MODULES:
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=static_folder()), name="static")
    return app


async def _with_headers(
    request: Request, call: Callable[[Request], Awaitable[Response]]
) -> Response:
    response = await call(request)
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    return response


async def _unavailable(request: Request, _error: Exception) -> Response:
    return _answer(request, 503)


async def _unforeseen(request: Request, _error: Exception) -> Response:
    # Outside of every middleware; the server logs the error after this.
    answer = _answer(request, 500)
    answer.headers.update(SECURITY_HEADERS)
    return answer


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    broken = any(fault["type"] == "json_invalid" for fault in error.errors())
    return _answer(request, 400 if broken else 422)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _answer(request, error.status_code)


async def _sign_in_first(request: Request, _error: Exception) -> Response:
    if request.headers.get("hx-request"):
        # Never in place of the page: what was typed into its form would be lost.
        return render(request, "sign_in_again.html", {})
    return sign_in_pages.to_sign_in(request)


def _answer(request: Request, status: int) -> Response:
    text = ERROR_TEXTS.get(status, ERROR_TEXTS[503])
    if request.url.path.startswith(("/webhooks", "/api", "/readyz", "/healthz", "/metrics")):
        return JSONResponse({"error": text}, status_code=status)
    return render(request, "error.html", {"status": status, "text": text}, status=status)
