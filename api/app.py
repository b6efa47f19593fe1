"""The HTTP app: routes, security headers, and errors turned into answers in one place."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from api import chat_pages, health, home_pages, room_pages, webhooks
from api.limits import BodyLimit
from api.pages import SECURITY_HEADERS, render, static_folder
from api.wiring import Site
from handlers.database import DatabaseUnavailable

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

ERROR_TEXTS = {
    400: "Kiriman itu tidak terbaca. Coba lagi dari halaman sebelumnya.",
    403: "Kiriman itu ditolak. Muat ulang halaman, lalu coba lagi.",
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
    app.middleware("http")(_with_headers)
    app.add_exception_handler(DatabaseUnavailable, _unavailable)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    for module in (health, webhooks, chat_pages, home_pages, room_pages):
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


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    broken = any(fault["type"] == "json_invalid" for fault in error.errors())
    return _answer(request, 400 if broken else 422)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _answer(request, error.status_code)


def _answer(request: Request, status: int) -> Response:
    text = ERROR_TEXTS.get(status, ERROR_TEXTS[503])
    if request.url.path.startswith(("/webhooks", "/api", "/readyz", "/healthz", "/metrics")):
        return JSONResponse({"error": text}, status_code=status)
    return render(request, "error.html", {"status": status, "text": text}, status=status)
