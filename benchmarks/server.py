"""A loopback web server in a process of its own, so that its work is nobody else's CPU."""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

PROBE = "/probe"
"""Every site has a small document here, for a client that wants nothing but an answer."""
PROBE_TAG = '"samma"'
_PHRASES = {200: "OK", 304: "Not Modified", 404: "Not Found"}


@dataclass(frozen=True, slots=True)
class Call:
    """What a client asks for; `base` is the site's root, with a slash."""

    base: str
    path: str
    query: dict[str, list[str]]

    def argument(self, name: str, default: str = "") -> str:
        """The last value given for `name`."""
        return self.query.get(name, [default])[-1]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a site answers; one with a `tag` can be asked for conditionally."""

    body: bytes
    media_type: str = "text/html; charset=UTF-8"
    status: int = 200
    tag: str = ""


NOT_FOUND = Reply(b"Sidan finns inte.", status=404)


class Site(Protocol):
    """One host: travels to the server's process, so it has to be picklable."""

    def answer(self, call: Call) -> Reply:
        """The reply to a GET; the same for the same call, for it is asked for once and kept."""
        ...


@contextmanager
def serving(sites: Sequence[Site]) -> Iterator[list[str]]:
    """Serve the sites on 127.0.0.1, each on a port of its own; gives their roots, in order."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_process, args=(sites, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield [f"http://127.0.0.1:{port}/" for port in ours.recv()]
    finally:
        process.terminate()
        process.join()
        process.close()


def _process(sites: Sequence[Site], ports: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's interrupt ends us by terminate()
    asyncio.run(_serve(sites, ports))


async def _serve(sites: Sequence[Site], ports: Connection) -> None:
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(partial(_Talk, site), "127.0.0.1", 0) for site in sites]
    ports.send([server.sockets[0].getsockname()[1] for server in servers])
    await asyncio.Event().wait()


class _Talk(asyncio.Protocol):
    """One connection: GET requests without a body, one after the other."""

    transport: asyncio.Transport

    def __init__(self, site: Site, known: dict[Site, dict[str, Reply]] = {}) -> None:  # noqa: B006 (shared: it is the cache)
        self._site = site
        self._replies = known.setdefault(site, {})
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self._waiting = (self._waiting + data).split(b"\r\n\r\n")
        for request in requests:
            self.transport.write(self._answer(request.decode("latin-1")))

    def _answer(self, request: str) -> bytes:
        first, *lines = request.split("\r\n")
        target = first.split(" ")[1]
        reply = _probe() if target == PROBE else self._reply(target)
        return _message(reply, _header(lines, "if-none-match"))

    def _reply(self, target: str) -> Reply:
        if target not in self._replies:
            host, port = self.transport.get_extra_info("sockname")
            parts = urlsplit(target)
            call = Call(f"http://{host}:{port}/", parts.path, parse_qs(parts.query))
            self._replies[target] = self._site.answer(call)
        return self._replies[target]


def _probe() -> Reply:
    return Reply(b"Inget nytt.", "text/plain", tag=PROBE_TAG)


def _header(lines: Sequence[str], name: str) -> str:
    return next((line.partition(":")[2].strip() for line in lines if line.lower().startswith(f"{name}:")), "")


def _message(reply: Reply, known_tag: str) -> bytes:
    if reply.tag and known_tag == reply.tag:
        return f"HTTP/1.1 304 Not Modified\r\nETag: {reply.tag}\r\n\r\n".encode()
    tag = f"ETag: {reply.tag}\r\n" if reply.tag else ""
    head = (
        f"HTTP/1.1 {reply.status} {_PHRASES[reply.status]}\r\nContent-Type: {reply.media_type}\r\n"
        f"Content-Length: {len(reply.body)}\r\n{tag}\r\n"
    )
    return head.encode() + reply.body


def tag_of(body: bytes) -> str:
    """An entity tag for a body."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'
