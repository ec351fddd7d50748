"""A small web server on loopback that remembers what it was asked and can be told to answer otherwise."""

from __future__ import annotations

import socketserver
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Call:
    """What a client asks: `path` is decoded and without the query; `headers` are case-insensitive."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Message

    def argument(self, name: str, default: str = "") -> str:
        """The last value given for `name` in the query."""
        return self.query.get(name, [default])[-1]


@dataclass(frozen=True)
class Reply:
    """What a site answers; an empty `content_type` sends none."""

    body: bytes = b""
    status: int = 200
    content_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """One request as it was served: `path` with its query, as sent; `headers` are the client's."""

    method: str
    path: str
    status: int
    headers: Message


App = Callable[[Call], Reply]


class Site:
    """One host of the county: bound at once, answering between `start` and `stop`."""

    def __init__(self, name: str, port: int = 0) -> None:
        self.name = name
        self._lock = threading.Lock()
        self._requests: list[Request] = []
        self._overrides: dict[str, Reply] = {}
        self._app: App | None = None
        self._server = _Server(("127.0.0.1", port), self)
        serve = self._server.serve_forever
        self._thread = threading.Thread(target=serve, args=(0.01,), name=name, daemon=True)

    @property
    def address(self) -> str:
        """Host and port: '127.0.0.1:PORT'."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        """The root: 'http://127.0.0.1:PORT/'."""
        return f"http://{self.address}/"

    @property
    def requests(self) -> list[Request]:
        """What has been served so far, oldest first; a copy."""
        with self._lock:
            return list(self._requests)

    def answer(self, path: str, status: int = 200, headers: Mapping[str, str] | None = None, body: bytes = b"") -> None:
        """From now on answer `path` this way. Without a query in `path` every query of it is meant."""
        others = {name: value for name, value in (headers or {}).items() if name.lower() != "content-type"}
        types = [value for name, value in (headers or {}).items() if name.lower() == "content-type"]
        with self._lock:
            self._overrides[unquote(path)] = Reply(body, status, (types or [HTML])[-1], others)

    def restore(self, path: str | None = None) -> None:
        """Take back the override of `path`, or all of them."""
        with self._lock:
            if path is None:
                self._overrides.clear()
            else:
                self._overrides.pop(unquote(path), None)

    def start(self, app: App) -> None:
        """Let `app` answer from now on."""
        self._app = app
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and free the port; harmless when never started."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def serve(self, method: str, target: str, headers: Message) -> Reply:
        """The reply to one request, which is recorded before it is sent."""
        parts = urlsplit(target)
        path = unquote(parts.path)
        with self._lock:
            reply = self._overrides.get(unquote(target)) or self._overrides.get(path)
        if reply is None:
            assert self._app is not None
            reply = self._app(Call(method, path, parse_qs(parts.query, keep_blank_values=True), headers))
        with self._lock:
            self._requests.append(Request(method, target, reply.status, headers))
        return reply


def is_fresh(call: Call, etag: str, last_modified: str) -> bool:
    """Whether a conditional request may be answered 304 (RFC 9110, section 13.2.2).

    If-None-Match goes first and compares weakly. If-Modified-Since has to repeat `last_modified`.
    """
    if tags := call.headers.get("If-None-Match"):
        return etag.removeprefix("W/") in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
    return bool(last_modified) and call.headers.get("If-Modified-Since") == last_modified


def conditional(call: Call, reply: Reply, etag: str, last_modified: str = "") -> Reply:
    """`reply` with its validators, or a 304 when the client already has it."""
    validators = {"ETag": etag} | ({"Last-Modified": last_modified} if last_modified else {})
    if is_fresh(call, etag, last_modified):
        return Reply(status=304, content_type="", headers=validators)
    return Reply(reply.body, reply.status, reply.content_type, {**reply.headers, **validators})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], site: Site) -> None:
        self.site = site
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Bind without HTTPServer's look-up of the host's name, which may wait for a name server."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "County/1"
    sys_version = ""
    timeout = 10
    wbufsize = -1  # one write for head and body
    server: _Server

    def do_GET(self) -> None:
        reply = self.server.site.serve(self.command, self.path, self.headers)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.content_type:
            self.send_header("Content-Type", reply.content_type)
        if reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and reply.status != 304:
            self.wfile.write(reply.body)

    do_HEAD = do_GET  # noqa: N815 - the name http.server looks for

    def log_message(self, *_: object) -> None:
        """Quiet: `Site.requests` is the log."""
