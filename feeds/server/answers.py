"""Answers that are made when they are asked for, and what is told to programs and people when there is none."""

from __future__ import annotations

import gzip
import hashlib
from http import HTTPStatus

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from feeds.pages.layout import SEARCH, Masthead, Page, render
from feeds.server.conditions import accepts_gzip, is_same
from feeds.server.kept import SECURITY
from feeds.server.records import ProblemDetails
from orebro_spiders.queries import Problem

HTML = "text/html; charset=utf-8"
JSON = "application/json"
PROBLEM = "application/problem+json"
WORTH_PACKING = 1000
"""Bytes; less than that fits into one packet anyway."""

_WORDS = {
    400: Problem("the request is not understood", "Frågan går inte att förstå."),
    404: Problem("there is nothing here", "Här finns ingenting."),
    405: Problem("this can only be read", "Här går det bara att läsa."),
    410: Problem("this has been withdrawn", "Det här har dragits tillbaka."),
    429: Problem("too many requests", "Du frågar oftare än vi hinner svara. Vänta en stund."),
    500: Problem("something went wrong here", "Något gick fel hos oss."),
    503: Problem("this is not available now", "Det går inte just nu. Försök igen om en stund."),
}


def answer(request: Request, body: bytes, media_type: str, *, seconds: int, status: int = 200) -> Response:
    """The answer with this body, or 304 when the client has it; it may be used again for so many seconds."""
    headers = {**SECURITY, "cache-control": f"public, max-age={seconds}", "vary": "Accept-Encoding, Accept"}
    if len(body) >= WORTH_PACKING and accepts_gzip(request.headers.get("accept-encoding", "").encode("latin-1")):
        body = gzip.compress(body, compresslevel=6, mtime=0)
        headers["content-encoding"] = "gzip"
    headers["etag"] = etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    stated = ", ".join(request.headers.getlist("if-none-match")).encode("latin-1")
    if status == 200 and stated and is_same(stated, etag.encode()):
        return Response(status_code=304, headers={name: headers[name] for name in ("cache-control", "vary", "etag")})
    return Response(body, status, {**headers, "content-type": media_type})


def refusal(request: Request, error: HTTPException, masthead: Masthead) -> Response:
    """An answer that says no: to programs as problem details (RFC 9457), to people as a page."""
    usual = _WORDS.get(error.status_code) or Problem(*[HTTPStatus(error.status_code).phrase] * 2)
    said = error.detail if isinstance(error.detail, Problem) else usual
    headers = {**SECURITY, "cache-control": "no-store", **(error.headers or {})}
    if is_for_programs(request.url.path):
        details = ProblemDetails(title=HTTPStatus(error.status_code).phrase, status=error.status_code, detail=str(said))
        return Response(msgspec.json.encode(details), error.status_code, headers, PROBLEM)
    page = Page(path=SEARCH, title=said.swedish, description=said.swedish, is_indexed=False)
    return Response(render("refusal.html", masthead, page), error.status_code, headers, HTML)


def is_for_programs(path: str) -> bool:
    """Do programs ask for this address, and not people?"""
    return path.startswith("/api/") or path == "/halsa.json"
