"""A real server on loopback: what uvicorn does with bad clients, and what we add to it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn

from feeds.server import connections
from feeds.server.connections import LARGEST_HEAD, Connection
from feeds.server.files import Files

LARGE = 4_000_000


class Server:
    """Serves a folder in a thread."""

    def __init__(self, folder: Path) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        options = uvicorn.Config(
            Files(folder),
            http=Connection,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=5,
        )
        self.server = uvicorn.Server(options)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listener]}, daemon=True)
        self.thread.start()

    def connect(self) -> socket.socket:
        return socket.create_connection(self.listener.getsockname(), timeout=10)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("public")
    (folder / "alla.rss").write_bytes(b"<rss/>")
    (folder / "stor.txt").write_bytes(b"x" * LARGE)
    server = Server(folder)
    yield server
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
    request = f"GET /alla.rss HTTP/{version}\r\n" + "Host: x\r\n" * hosts + "Connection: close\r\n\r\n"
    assert said(served, request.encode()).split(b" ")[1] == status


def test_a_body_is_not_read(served: Server) -> None:
    request = b"POST /alla.rss HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 60000\r\n\r\n" + b"x" * 60000
    assert said(served, request).startswith(b"HTTP/1.1 405 ")


@pytest.mark.parametrize(
    "target", ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/..\\..\\x", "http://x/../y"]
)
def test_tricks_with_paths(served: Server, target: str) -> None:
    answer = said(served, f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert answer.split(b" ")[1] in {b"404", b"400"}


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
