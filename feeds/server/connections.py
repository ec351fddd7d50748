"""Clients' connections: what uvicorn leaves open is bounded here. Slow clients and huge heads cost nothing for long."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

LARGEST_HEAD = 32 * 1024
"""Bytes of a request before its body: address and headers."""
SLOWEST = 60.0
"""Seconds within which a client must have sent its request and taken its answer."""

_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: 15\r\nconnection: close\r\n\r\nFor stort huvud"
)
_NO_HOST = (
    b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: 11\r\nconnection: close\r\n\r\nVilken host"
)


class Connection(HttpToolsProtocol):
    """A connection that is cut when no answer ends in time.

    It is refused when its head is too large (RFC 6585, section 5) or does not name one host (RFC 9112, section 3.2).
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to count."""
        super().connection_made(transport)
        self._unread = 0
        self._answered_at = self.loop.time()
        self._watch = self.loop.call_later(SLOWEST, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop counting."""
        self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless it has been too much already."""
        self._unread += len(data)
        super().data_received(data)
        if self._unread > LARGEST_HEAD and not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def on_headers_complete(self) -> None:
        """The head is there."""
        if self._unread > LARGEST_HEAD and _size(self.url, self.headers) > LARGEST_HEAD:
            self.app = partial(_refuse, _TOO_LARGE)
        elif not _names_host(self.headers) and self.parser.get_http_version() == "1.1":
            self.app = partial(_refuse, _NO_HOST)
        self._unread = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Nobody reads bodies; uvicorn stops listening when one becomes large."""
        self._unread = 0
        super().on_body(body)

    def on_response_complete(self) -> None:
        """An answer has been given."""
        self._answered_at = self.loop.time()
        super().on_response_complete()

    def _look(self) -> None:
        left = self._answered_at + SLOWEST - self.loop.time()
        if left > 0:
            self._watch = self.loop.call_later(left, self._look)
        else:
            self.transport.abort()


def _size(url: bytes, headers: list[tuple[bytes, bytes]]) -> int:
    return len(url) + sum(len(name) + len(value) + 4 for name, value in headers)


def _names_host(headers: list[tuple[bytes, bytes]]) -> bool:
    return sum(name == b"host" for name, _ in headers) == 1


async def _refuse(answer: bytes, scope: Scope, receive: Receive, send: Send) -> Any:
    head, _, body = answer.partition(b"\r\n\r\n")
    start, *lines = head.split(b"\r\n")
    status, headers = int(start.split(b" ")[1]), [line.split(b": ") for line in lines]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
