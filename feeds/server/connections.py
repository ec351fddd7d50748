"""Clients' connections: what uvicorn leaves open is bounded here. Slow clients and huge heads cost nothing for long.

What the app can answer at once (it has a method `answer`, as `Files` has) is written as soon as the head of the request
is there, without the task, the events and the messages of an ASGI cycle: these cost several times what the answer does.
It is the answer that the app would give in such a cycle, and every request that is not plain goes that way.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send
    from uvicorn import Config

    from feeds.server.files import Answer

LARGEST_HEAD = 32 * 1024
"""Bytes of a request before its body: address and headers."""
SLOWEST = 60.0
"""Seconds within which a client must have sent its request and taken its answer."""

_PLAIN = re.compile(rb"(/[\w./~-]*)(?:\?([\w.~=&-]*))?")
"""An address in which nothing has to be decoded, resolved or left away (RFC 9112, section 3.2.1): path and query."""
_BODY = frozenset({b"content-length", b"transfer-encoding"})
"""What announces a body (RFC 9112, section 6)."""

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

    Of uvicorn's class this uses, beside what it overrides: `url`, `headers` and `scope` of a request, `cycle` with its
    `response_complete`, `flow.write_paused`, `connections` and `limit_concurrency`, `_unset_keepalive_if_required`, and
    the `default_headers` (with the date) of `server_state`.
    """

    def __init__(self, config: Config, *args: Any, **options: Any) -> None:
        super().__init__(config, *args, **options)
        self._answer: Callable[[Any], Answer | None] | None = (
            None if config.access_log else getattr(config.app, "answer", None)  # the access log is written by cycles
        )

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
        unread, self._unread = self._unread, 0
        names = [name for name, _ in self.headers]
        is_1_1 = self.parser.get_http_version() == "1.1"
        if unread > LARGEST_HEAD and _size(self.url, self.headers) > LARGEST_HEAD:
            self.app = partial(_refuse, _TOO_LARGE)
        elif is_1_1 and names.count(b"host") != 1:
            self.app = partial(_refuse, _NO_HOST)
        elif is_1_1 and _BODY.isdisjoint(names) and self._is_free() and (answer := self._answer_at_once()):
            self._write(answer)
            self.on_response_complete()
            return
        self._unset_keepalive_if_required()  # it runs when what came just before was answered at once
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is there; only a cycle waits for that."""
        if self.cycle is not None:
            super().on_message_complete()

    def _is_free(self) -> bool:
        """May an answer be written now: after all before it (RFC 9112, section 9.3.2), to a client that reads?"""
        is_next = self.cycle is None or self.cycle.response_complete
        is_crowded = self.limit_concurrency is not None and len(self.connections) >= self.limit_concurrency
        return is_next and not self.flow.write_paused and not is_crowded

    def _answer_at_once(self) -> Answer | None:
        """What the app says to a plain request after which the connection goes on (RFC 9112, section 9.3)."""
        plain = _PLAIN.fullmatch(self.url)
        if not (plain and self._answer and self.parser.should_keep_alive()) or self.parser.should_upgrade():
            return None
        path, query = plain.groups(b"")
        self.scope["method"] = self.parser.get_method().decode()
        self.scope["path"], self.scope["query_string"] = path.decode(), query
        answer = self._answer(self.scope)
        return None if answer is None or answer.large else answer

    def _write(self, answer: Answer) -> None:
        headers = [*self.server_state.default_headers, *answer.headers]
        lines = [b"%b: %b\r\n" % one for one in headers]
        self.transport.write(b"".join([STATUS_LINE[answer.status], *lines, b"\r\n"]))
        if answer.body:
            self.transport.write(answer.body)

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


async def _refuse(answer: bytes, scope: Scope, receive: Receive, send: Send) -> Any:
    head, _, body = answer.partition(b"\r\n\r\n")
    start, *lines = head.split(b"\r\n")
    status, headers = int(start.split(b" ")[1]), [line.split(b": ") for line in lines]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
