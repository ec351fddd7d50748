"""A real server on loopback: what uvicorn does with bad clients, and what we add to it."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.server import connections
from feeds.server.connections import LARGEST_HEAD, Connection
from feeds.server.files import Files
from feeds.server.kept import LARGEST_KEPT

LARGE = LARGEST_KEPT


class InCycles:
    """The app, which cannot answer at once; counts how often it is called."""

    def __init__(self, app: Any) -> None:
        self.app, self.cycles = app, 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.cycles += 1
        await self.app(scope, receive, send)


class AtOnce(InCycles):
    """The app as it is; counts how often it is called nevertheless."""

    def answer(self, scope: Any) -> Any:
        return self.app.answer(scope)


class Server:
    """Serves a folder in a thread."""

    def __init__(self, folder: Path, app: Any = None, **options: Any) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        defaults: dict[str, Any] = {
            "http": Connection, "lifespan": "off", "log_config": None, "access_log": False, "server_header": False,
            "timeout_keep_alive": 5,
        }  # fmt: skip
        self.server = uvicorn.Server(uvicorn.Config(app or Files(folder), **(defaults | options)))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listener]}, daemon=True)
        self.thread.start()

    def connect(self) -> socket.socket:
        return socket.create_connection(self.listener.getsockname(), timeout=10)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("public")
    (folder / "kalla").mkdir()
    for name in ("alla.rss", "alla.rss.gz", "index.html", "kalla/index.html", "style.css", "tom.txt"):
        (folder / name).write_bytes(b"" if name == "tom.txt" else b"<rss/>")
    (folder / "stor.txt").write_bytes(b"x" * LARGE)
    (folder / "storre.txt").write_bytes(b"x" * (LARGEST_KEPT + 1))
    return folder


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    yield server
    server.stop()


@pytest.fixture
def serve(folder: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers that the test itself describes."""
    servers: list[Server] = []

    def start(app: Any = None, **options: Any) -> Server:
        servers.append(Server(folder, app, **options))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def all_of(client: socket.socket) -> bytes:
    """What comes until the server hangs up."""
    received = b""
    try:
        while part := client.recv(1 << 20):
            received += part
    except ConnectionResetError:
        pass
    return received


def said(served: Server, request: bytes) -> bytes:
    with served.connect() as client:
        client.sendall(request)
        return all_of(client)


GOOD = b"GET /alla.rss HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def test_a_request_is_answered(served: Server) -> None:
    answer = said(served, GOOD)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\n<rss/>")
    assert b"\r\nserver:" not in answer.lower()


def test_one_after_the_other_on_one_connection(served: Server) -> None:
    first = GOOD.replace(b"Connection: close\r\n", b"")
    assert said(served, first * 3 + GOOD).count(b"<rss/>") == 4


@pytest.mark.parametrize(
    "head",
    [
        b"GET /alla.rss HTTP/1.1\r\nHost: x\r\nX-Large: " + b"a" * LARGEST_HEAD + b"\r\n\r\n",
        b"GET /alla.rss HTTP/1.1\r\nHost: x\r\n" + b"X-Many: yes\r\n" * 4000 + b"\r\n",
        b"GET /" + b"a" * LARGEST_HEAD + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=["one large header", "many headers", "a long address"],
)
@pytest.mark.parametrize("piece", [1 << 20, 5000], ids=["at once", "in pieces"])
def test_huge_heads_are_refused(served: Server, head: bytes, piece: int) -> None:
    with served.connect() as client:
        try:
            for begin in range(0, len(head), piece):
                client.sendall(head[begin : begin + piece])
        except OSError:
            pass  # hung up on already
        answer = all_of(client)
    assert answer == b"" or answer.split(b"\r\n")[0].split(b" ")[1] == b"431"


def test_a_head_without_an_end_is_refused(served: Server) -> None:
    with served.connect() as client:
        client.sendall(b"GET /alla.rss HTTP/1.1\r\n" + b"X-Many: yes\r\n" * 3000)
        assert all_of(client).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "request_",
    [
        b"\0\0\0\0\r\n\r\n", b"GET\r\n\r\n", b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/9.9\r\n\r\n",
    ],
    ids=["zeros", "no address", "no ASCII", "TLS", "a version to come"],
)  # fmt: skip
def test_what_is_no_request_is_refused(served: Server, request_: bytes) -> None:
    with served.connect() as client:
        client.sendall(request_)
        client.shutdown(socket.SHUT_WR)
        assert all_of(client)[:12] in {b"HTTP/1.1 400", b"HTTP/1.1 404"}


@pytest.mark.parametrize(
    ("hosts", "version", "status"),
    [(1, "1.1", b"200"), (0, "1.1", b"400"), (2, "1.1", b"400"), (0, "1.0", b"200")],
)
def test_one_host_is_named(served: Server, hosts: int, version: str, status: bytes) -> None:
    request = f"GET /alla.rss HTTP/{version}\r\n" + "Host: x\r\n" * hosts + "\r\n"
    assert said(served, request.encode() + GOOD).split(b" ")[1] == status


def test_a_body_is_not_read(served: Server) -> None:
    request = b"POST /alla.rss HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 60000\r\n\r\n" + b"x" * 60000
    assert said(served, request).startswith(b"HTTP/1.1 405 ")


@pytest.mark.parametrize(
    "target", ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/..\\..\\x", "http://x/../y"]
)
def test_tricks_with_paths(served: Server, target: str) -> None:
    answer = said(served, f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert answer.split(b" ")[1] in {b"404", b"400"}


# Answers at once


def asked(target: str, *lines: str, method: str = "GET", version: str = "1.1") -> bytes:
    return "\r\n".join([f"{method} {target} HTTP/{version}", "Host: x", *lines, "", ""]).encode()


PLAIN = [
    asked("/alla.rss"), asked("/alla.rss", method="HEAD"), asked("/alla.rss", "Accept-Encoding: gzip"),
    asked("/alla.rss", "Accept: text/html"), asked("/alla.rss", "If-None-Match: *"),
    asked("/alla.rss", "If-None-Match: *", method="HEAD"), asked("/alla.rss", 'If-None-Match: "x"'),
    asked("/alla.rss", "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"), asked("/style.css?v=1"),
    asked("/"), asked("/kalla/"), asked("/kalla"), asked("/style.css?"), asked("/tom.txt"), asked("/borta"),
    asked("/borta", method="HEAD"), asked("//alla.rss"), asked("/../alla.rss"), asked("/.build.json"),
    asked("/alla.rss", method="POST"), asked("/alla.rss", method="OPTIONS"), asked("/stor.txt", method="HEAD"),
    asked("/alla.rss", "Expect: 100-continue"), asked("/alla.rss", "Connection: keep-alive"),
    asked("/alla.rss", "Upgrade: websocket"),
]  # fmt: skip
ODD = [
    asked("/alla.rss", version="1.0"), asked("/alla.rss", "Connection: keep-alive", version="1.0"),
    asked("/alla.rss", "Connection: close", "If-None-Match: *"), asked("/alla.rss", "Connection: x, Close"),
    asked("/%61lla.rss"), asked("/alla.rss?q=%20"), asked("/alla.rss#a"), asked("http://x/alla.rss"),
    asked("*", method="OPTIONS"), asked("/alla.rss", "Connection: upgrade", "Upgrade: h2c"), asked("/storre.txt"),
    asked("/alla.rss", "Content-Length: 0", method="POST"), asked("/alla.rss", "Content-Length: 3") + b"GET",
    asked("/alla.rss", "Content-Length: 3", "Expect: 100-continue", method="PUT") + b"GET",
    asked("/alla.rss", "Transfer-Encoding: chunked", method="HEAD") + b"3\r\nGET\r\n0\r\n\r\n",
]  # fmt: skip


def dateless(answers: bytes) -> bytes:
    return re.sub(rb"\r\ndate: [^\r]+ GMT", b"\r\ndate:", answers)


@pytest.fixture(scope="module", params=["asyncio", "auto"])
def both(request: pytest.FixtureRequest, folder: Path) -> Iterator[tuple[Server, Server, AtOnce]]:
    """One that answers at once where it can, and one that never does."""
    app = AtOnce(Files(folder))
    options = {"loop": request.param, "server_header": True, "headers": [("X-Ours", "yes")], "timeout_keep_alive": 0.2}
    servers = [Server(folder, one, **options) for one in (app, InCycles(Files(folder)))]
    yield servers[0], servers[1], app
    for server in servers:
        server.stop()


@pytest.mark.parametrize("request_", PLAIN + ODD)
def test_at_once_the_same_is_said_as_in_a_cycle(both: tuple[Server, Server, AtOnce], request_: bytes) -> None:
    """Byte for byte, and to the request after it too."""
    *servers, app = both
    cycles = app.cycles
    at_once, in_cycles = (dateless(said(one, request_ + GOOD)) for one in servers)
    assert at_once == in_cycles
    answers = at_once.count(b"HTTP/1.1 ")
    assert answers == at_once.count(b"\r\ndate:\r\nserver: uvicorn\r\nx-ours: yes\r\n")
    assert app.cycles - cycles == (1 if request_ in PLAIN else answers)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from([one for one in PLAIN + ODD if b": h2c" not in one]), max_size=12))
def test_of_many_requests_in_one_piece_too(both: tuple[Server, Server, AtOnce], requests: list[bytes]) -> None:
    at_once, in_cycles = (dateless(said(one, b"".join(requests) + GOOD)) for one in both[:2])
    assert at_once == in_cycles


def test_many_small_heads_are_not_a_large_one(served: Server) -> None:
    request = asked("/alla.rss", "If-None-Match: *")
    many = 3 * LARGEST_HEAD // len(request)
    answers = said(served, request * many + GOOD)
    assert (answers.count(b"HTTP/1.1 304 "), answers[-6:]) == (many, b"<rss/>")


def test_nothing_is_said_to_what_comes_after_the_last_request(served: Server) -> None:
    assert said(served, asked("/alla.rss") + GOOD + asked("/alla.rss")).count(b"HTTP/1.1 ") == 2


class Waits(AtOnce):
    """Takes its time for all but files, and notes which connections would be closed meanwhile as idle."""

    server: Server
    timers: tuple[Any, ...] = ()

    def answer(self, scope: Any) -> Any:
        return None if scope["path"] == "/vanta" else super().answer(scope)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] != "/vanta":
            await super().__call__(scope, receive, send)
            return
        for _ in range(5):
            await asyncio.sleep(0)
        state = self.server.server.server_state
        self.timers += tuple(one.timeout_keep_alive_task for one in state.connections if isinstance(one, Connection))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"7")]})
        await send({"type": "http.response.body", "body": b"<vanta>"})


def test_answers_keep_the_order_of_the_requests(serve: Callable[..., Server], folder: Path) -> None:
    app = Waits(Files(folder))
    app.server = serve(app)
    file, wait = asked("/alla.rss"), asked("/vanta")
    answers = said(app.server, file + wait + file + file + wait + file + GOOD)
    found = re.findall(rb"<\w+/?>", answers)
    assert found == [b"<rss/>", b"<vanta>", b"<rss/>", b"<rss/>", b"<vanta>", b"<rss/>", b"<rss/>"]
    assert app.timers == (None, None)


def test_a_client_that_does_not_read_is_waited_for(serve: Callable[..., Server], folder: Path) -> None:
    app = AtOnce(Files(folder))
    server = serve(app)
    request = asked("/stor.txt")
    with server.connect() as client:
        client.sendall(request * 12 + GOOD)
        assert len(all_of(client)) > 12 * LARGE
    assert 6 < app.cycles <= 13


def test_answers_are_counted_and_an_idle_connection_is_closed(serve: Callable[..., Server]) -> None:
    server = serve(timeout_keep_alive=0.05)
    assert said(server, asked("/alla.rss") * 3).count(b"<rss/>") == 3
    assert server.server.server_state.total_requests == 3


def test_an_idle_connection_does_not_keep_the_server_from_ending(serve: Callable[..., Server]) -> None:
    server = serve(timeout_keep_alive=1000)
    with server.connect() as client:
        client.sendall(asked("/alla.rss"))
        assert client.recv(1 << 16).startswith(b"HTTP/1.1 200 ")
        server.stop()
        assert not server.thread.is_alive()
        assert all_of(client) == b""


def test_where_too_many_ask_no_file_is_given_out(serve: Callable[..., Server]) -> None:
    assert said(serve(limit_concurrency=1), asked("/alla.rss")).startswith(b"HTTP/1.1 503 ")


def nothing(client: socket.socket) -> None:
    """Says nothing."""


def half_a_head(client: socket.socket) -> None:
    client.sendall(b"GET /alla.rss HTTP/1.1\r\nHost: x\r\n")


def does_not_listen(client: socket.socket) -> None:
    client.sendall(b"GET /stor.txt HTTP/1.1\r\nHost: x\r\n\r\n" * 8)


@pytest.mark.parametrize("behave", [nothing, half_a_head, does_not_listen])
def test_a_slow_client_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, behave: Callable[[socket.socket], None]
) -> None:
    monkeypatch.setattr(connections, "SLOWEST", 0.1)
    cut: list[bool] = []
    lost = Connection.connection_lost
    monkeypatch.setattr(Connection, "connection_lost", lambda self, exc: (cut.append(True), lost(self, exc))[0])
    (tmp_path / "stor.txt").write_bytes(b"x" * LARGE)
    server = Server(tmp_path)
    try:
        with server.connect() as client:
            behave(client)
            for _ in range(200):
                server.thread.join(0.02)
                if cut:
                    break
            assert cut == [True]
    finally:
        server.stop()
