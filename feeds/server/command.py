"""Starting the server: its address, its options, and one line for what goes wrong."""

from __future__ import annotations

import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import uvicorn

from feeds.addresses import home_of
from feeds.errors import ServeError
from feeds.server.app import Application, application
from feeds.server.connections import Connection
from feeds.server.runs import Runs, run_command
from orebro_spiders.sources import Config

MOST_CONNECTIONS = 500
KEEP_ALIVE = 15
"""Seconds that a connection may wait for its next request."""
GOODBYE = 5
"""Seconds that answers have to end when the server does."""


def serve(
    config: Config,
    db: Path,
    out: Path,
    *,
    host: str,
    port: int,
    every: int = 0,
    settings: Path | None = None,
    trusted: str = "",
    log_requests: bool = False,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until a signal comes; `ready` is told the address. Every so many seconds crawl and build, unless 0.

    Raises `ServeError` when it cannot listen there.
    """
    home_of(config.site)  # a wrong address is told now, not with the first request
    _show_log(log_requests=log_requests)
    with _listening(host, port) as listener:
        runs = Runs(run_command(db, out, settings), every) if every else None
        meanwhile = partial(_meanwhile, runs, partial(ready, _address(listener)) if ready else None)
        app = application(config, db, out, trusted=trusted, meanwhile=meanwhile)
        with suppress(KeyboardInterrupt):  # which uvicorn raises again when all has ended
            uvicorn.Server(_options(app, log_requests=log_requests)).run(sockets=[listener])


@asynccontextmanager
async def _meanwhile(runs: Runs | None, tell: Callable[[], None] | None) -> AsyncIterator[None]:
    """The time in which the server answers: it is told when that begins, and the runs go on until it ends."""
    if runs:
        runs.start()
    try:
        if tell:
            tell()
        yield
    finally:
        if runs:
            await runs.stop()


def _options(app: Application, *, log_requests: bool) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        lifespan="on",
        proxy_headers=False,  # the app itself believes the trusted, where it matters
        server_header=False,
        log_config=None,
        access_log=log_requests,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GOODBYE,
    )


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        why = (error.strerror or str(error)).partition(" (")[0]
        raise ServeError(f"{host}:{port}: cannot be served at: {why}") from None


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _show_log(*, log_requests: bool) -> None:
    """Errors on standard error; what clients do wrong is their own affair."""
    logging.basicConfig(format="%(asctime)s %(name)s: %(message)s", level=logging.ERROR)
    if log_requests:
        import sys

        requests = logging.getLogger("uvicorn.access")
        requests.addHandler(logging.StreamHandler(sys.stdout))
        requests.setLevel(logging.INFO)
        requests.propagate = False
