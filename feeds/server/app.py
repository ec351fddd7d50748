"""Which address is answered by what. Files first and directly, all that asks the archive through Starlette."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import msgspec
from sqlite_utils import Database
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from feeds.addresses import home_of
from feeds.channels import CACHE_SECONDS, FORMATS, Format
from feeds.documents import WRITERS
from feeds.pages.layout import SEARCH, Page, masthead_of, render
from feeds.server import api, searches, searchpage
from feeds.server.answers import HTML, JSON, answer, refusal
from feeds.server.files import Answer, Files
from feeds.server.kept import VERSION_SECONDS, shown_type, type_of
from feeds.server.limits import Limits
from feeds.server.lookups import Lookups
from feeds.server.openapi import description
from orebro_spiders.queries import Problem
from orebro_spiders.sources import Config

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LIVE_SECONDS = 60
"""How long what is looked up in the archive may be used again; feeds have `CACHE_SECONDS`."""

_SUFFIXES = "|".join([*(form.suffix for form in FORMATS), "css"])
_ASKS = re.compile(rf"/{SEARCH}(?:\.(?:{_SUFFIXES}))?|/halsa\.json|/api(?:/.*)?", re.DOTALL)
_NOTHING_ASKED = Problem("say what to search for: ?q=", "Säg vad flödet ska söka efter: ?q=")

Lifespan = Callable[[], AbstractAsyncContextManager[None]]
Refuse = Callable[[Request, Exception], Awaitable[Response]]


class Application:
    """The ASGI app: files are answered without further ado, the rest by the routes."""

    def __init__(self, files: Files, routes: ASGIApp) -> None:
        self._files, self._routes = files, routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or take part in starting and ending."""
        is_file = scope["type"] == "http" and _is_file(scope["path"])
        await (self._files if is_file else self._routes)(scope, receive, send)

    def answer(self, scope: Scope) -> Answer | None:
        """The answer to a request for a file; `None` for what is to be asked of the routes."""
        return self._files.answer(scope) if _is_file(scope["path"]) else None


def _is_file(path: str) -> bool:
    return not _ASKS.fullmatch(path)


def application(
    config: Config,
    db: Path,
    out: Path,
    *,
    limits: Limits | None = None,
    lookups: Lookups | None = None,
    trusted: str = "",
    meanwhile: Lifespan | None = None,
) -> Application:
    """The site of these settings: the files of `out`, and search and API over the archive `db`.

    `trusted` are the proxies whose word on the client's address is believed; `meanwhile` runs beside it.
    """
    lookups = lookups or Lookups(db)
    desk = _Desk(config, out, lookups)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            if meanwhile:
                async with meanwhile():
                    yield
            else:
                yield
        finally:
            lookups.close()

    starlette = Starlette(
        routes=desk.routes(),
        middleware=[
            Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET"]),
            Middleware(_Limited, limits=limits or Limits(), refuse=desk.refused),
        ],
        exception_handlers={HTTPException: desk.refused, Exception: desk.failed},
        lifespan=lifespan,
    )
    starlette.router.redirect_slashes = False  # it would name the host that the client names
    routes = ProxyHeadersMiddleware(cast("Any", starlette), trusted) if trusted else starlette
    return Application(Files(out), cast("ASGIApp", routes))


class _Limited:
    """Middleware: a client that asks too often is told when to come back (RFC 6585, section 4)."""

    def __init__(self, app: ASGIApp, limits: Limits, refuse: Refuse) -> None:
        self._app, self._limits, self._refuse = app, limits, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http" and (seconds := self._limits.wait((scope.get("client") or ("",))[0])):
            error = HTTPException(429, headers={"retry-after": str(seconds)})
            await (await self._refuse(Request(scope), error))(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class _Desk:
    """Answers what is not a file."""

    def __init__(self, config: Config, out: Path, lookups: Lookups) -> None:
        self._config, self._out, self._lookups = config, out, lookups
        self._masthead = replace(masthead_of(config), search=SEARCH)
        self._description = description(config, home_of(config.site).base)

    def routes(self) -> list[Route]:
        """All addresses."""
        feeds = [Route(f"/{SEARCH}.{form.suffix}", partial(self.feed, form)) for form in FORMATS]
        return [
            Route(f"/{SEARCH}", self.search),
            *feeds,
            Route(f"/{SEARCH}.css", self.styles),
            Route("/api", self.about),
            Route("/api/openapi.json", self.openapi),
            Route("/api/articles", self.articles),
            Route("/api/articles/{id:path}", self.article),
            Route("/api/sources", self.sources),
            Route("/api/channels", self.channels),
            Route("/halsa.json", self.health),
        ]

    # pages and feeds

    async def search(self, request: Request) -> Response:
        """The search page; without anything asked it does not need the archive."""
        asked = searches.asked_of(request.query_params)

        def made(db: Database | None) -> Response:
            return answer(request, searchpage.page(db, asked, self._config, self._masthead), HTML, seconds=LIVE_SECONDS)

        return await self._lookups.ask(made) if asked.query() else made(None)

    async def feed(self, form: Format, request: Request) -> Response:
        """A search as a feed."""
        asked = searches.asked_of(request.query_params)
        if not asked.query():
            raise HTTPException(400, _NOTHING_ASKED)
        return await self._lookups.ask(
            lambda db: answer(
                request,
                searches.feed(db, asked, self._config, WRITERS[form]),
                shown_type(form.suffix, request.headers.get("accept", "").encode("latin-1")),
                seconds=CACHE_SECONDS,
            )
        )

    async def styles(self, request: Request) -> Response:
        """The stylesheet of the search page."""
        return answer(request, searchpage.styles(), type_of("css"), seconds=VERSION_SECONDS)

    async def about(self, request: Request) -> Response:
        """The API for people."""
        page = Page(path="api", title="API", description="Nyheterna från Örebro län som JSON.")
        body = render("api.html", self._masthead, page, paths=self._description["paths"])
        return answer(request, body, HTML, seconds=LIVE_SECONDS)

    # for programs

    async def openapi(self, request: Request) -> Response:
        """The API's description."""
        return _json(request, self._description, seconds=CACHE_SECONDS)

    async def articles(self, request: Request) -> Response:
        """A list of articles."""
        asked, limit = searches.asked_of(request.query_params), api.limit_of(request.query_params)
        return await self._lookups.ask(lambda db: _json(request, api.articles(db, asked, limit, self._config)))

    async def article(self, request: Request) -> Response:
        """One article."""
        article_id = request.path_params["id"]
        return await self._lookups.ask(lambda db: _json(request, api.article(db, article_id, self._config)))

    async def sources(self, request: Request) -> Response:
        """The newsrooms."""
        return await self._lookups.ask(lambda db: _json(request, api.sources(db, self._config)))

    async def channels(self, request: Request) -> Response:
        """The feeds."""
        return _json(request, api.given_out(self._config, self._out))

    async def health(self, request: Request) -> Response:
        """How the sources fare; 503 when somebody should look into one (as `orebro status` ends with 1)."""
        rows = await self._lookups.ask(lambda db: api.health(db, self._config))
        return _json(request, rows, status=200 if api.is_well(rows) else 503, seconds=0)

    # refusals

    async def refused(self, request: Request, error: Exception) -> Response:
        """An answer that says no."""
        assert isinstance(error, HTTPException)
        return refusal(request, error, self._masthead)

    async def failed(self, request: Request, error: Exception) -> Response:
        """What nobody had thought of: told to who runs the server, not to who asks."""
        return refusal(request, HTTPException(500), self._masthead)


def _json(request: Request, value: object, *, status: int = 200, seconds: int = LIVE_SECONDS) -> Response:
    return answer(request, msgspec.json.encode(value), JSON, seconds=seconds, status=status)
