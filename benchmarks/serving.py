"""Serving: what a feed costs `orebro serve`, against Starlette's StaticFiles behind its GZipMiddleware.

Both are served by uvicorn as `pip install uvicorn[standard]` would run it, in a process of its own, and asked by the
same client over one connection; what counts is the CPU of the serving process (clock_getcpuclockid(3)).
The apps are measured by themselves too, called without a server: what reading a request and writing the answer takes
then counts for neither.

`measure` starts this module as a program, for each of the two.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measuring import ROOT, BenchmarkError, Row, ratio, typical

LIMIT = 5.0
"""Times that the peer takes, at least."""
REQUESTS = 1000
OURS, PEER = "orebro serve", "StaticFiles"
FEED = "alla.rss"
_WORDS = "badet öppnar igen efter två år i centrum och kommunen säger att det blir fest på torget för alla".split()


def measure(rounds: int) -> Iterator[Row]:
    """The rows of this benchmark."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        _publish(folder)
        taken = [
            {which: _served(which, folder) | _called(which, folder) for which in (OURS, PEER)} for _ in range(rounds)
        ]
    for way in ("served", "called"):
        for what in ("a feed", "a feed that has not changed (304)"):
            key = f"{way} {what}"
            pairs = [(one[OURS][key], one[PEER][key]) for one in taken]
            times = 1 / ratio(pairs, 0, 1)
            ours, peer = (typical([pair[which] for pair in pairs]) * 1e6 for which in (0, 1))
            yield Row(
                what=f"{what}, {'over HTTP' if way == 'served' else 'the app alone'}, StaticFiles+GZip against ours",
                measured=f"{times:.1f}x ({peer:.0f} µs / {ours:.0f} µs)",
                limit=f"{LIMIT:.0f}x",
                is_kept=times >= LIMIT,
            )


def _taken(which: str, folder: Path) -> dict[str, float]:
    return _served(which, folder) | _called(which, folder)


def _publish(folder: Path) -> None:
    """A feed of 100 entries, as a build leaves it: with the same compressed beside it."""
    dice = random.Random(1)
    entry = "<item><title>{}</title><description>{}</description><guid isPermaLink='false'>tag:x,2026:{}</guid></item>"
    items = [
        entry.format(" ".join(dice.choices(_WORDS, k=7)), " ".join(dice.choices(_WORDS, k=45)), number)
        for number in range(100)
    ]
    document = f"<rss version='2.0'><channel>{''.join(items)}</channel></rss>".encode()
    (folder / FEED).write_bytes(document)
    (folder / f"{FEED}.gz").write_bytes(gzip.compress(document, mtime=0))


def app_of(which: str, folder: Path) -> Any:
    """The app that serves the folder."""
    if which == PEER:
        from starlette.middleware.gzip import GZipMiddleware
        from starlette.staticfiles import StaticFiles

        return GZipMiddleware(StaticFiles(directory=folder))
    from feeds.server.app import application
    from orebro_spiders.sources import Config

    return application(Config(), folder / "news.db", folder)


# Over HTTP


def _served(which: str, folder: Path) -> dict[str, float]:
    """Seconds of the server's CPU for one request, once it is warm."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        command = [sys.executable, "-m", "benchmarks.serving", which, str(folder), str(listener.fileno())]
        server = subprocess.Popen(command, cwd=ROOT, pass_fds=[listener.fileno()])
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
            request = (
                f"GET /{FEED} HTTP/1.1\r\nHost: x\r\nUser-Agent: reader\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n"
            )
            etag = _ask(client, f"{request}\r\n".encode(), 200)
            conditional = f"{request}If-None-Match: {etag}\r\n\r\n".encode()
            return {
                "served a feed": _cpu_of(server.pid, client, f"{request}\r\n".encode(), 200),
                "served a feed that has not changed (304)": _cpu_of(server.pid, client, conditional, 304),
            }
    finally:
        server.terminate()
        server.wait()


def _cpu_of(pid: int, client: socket.socket, request: bytes, status: int) -> float:
    for _ in range(REQUESTS // 10):
        _ask(client, request, status)
    clock = (~pid << 3) | 2  # the CPU-time clock of a process, as clock_getcpuclockid(3) makes it
    begun = time.clock_gettime(clock)
    for _ in range(REQUESTS):
        _ask(client, request, status)
    return (time.clock_gettime(clock) - begun) / REQUESTS


def _ask(client: socket.socket, request: bytes, status: int) -> str:
    """The entity tag of the answer, once all of it has come."""
    client.sendall(request)
    received = b""
    while b"\r\n\r\n" not in received:
        received += _received(client)
    head, _, body = received.partition(b"\r\n\r\n")
    headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    if int(head.split(b" ", 2)[1]) != status:
        raise BenchmarkError(f"answered {head[:40]!r} instead of {status}")
    while status == 200 and len(body) < int(headers.get(b"content-length", 0)):
        body += _received(client)
    while headers.get(b"transfer-encoding") == b"chunked" and not body.endswith(b"\r\n0\r\n\r\n"):
        body += _received(client)
    return headers[b"etag"].decode()


def _received(client: socket.socket) -> bytes:
    part = client.recv(1 << 20)
    if not part:
        raise BenchmarkError("the server hung up")
    return part


def _serve(which: str, folder: Path, descriptor: int) -> None:
    import uvicorn

    options: dict[str, Any] = {"lifespan": "off", "access_log": False, "log_level": "warning", "server_header": False}
    if which == OURS:
        from feeds.server.connections import Connection

        options["http"] = Connection
    with socket.socket(fileno=descriptor) as listener:
        uvicorn.Server(uvicorn.Config(app_of(which, folder), **options)).run(sockets=[listener])


# The app alone


def _called(which: str, folder: Path) -> dict[str, float]:
    """Seconds of CPU for one call of the app, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.serving", which, str(folder)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise BenchmarkError(f"{which}: {ended.stderr[-2000:]}")
    taken: dict[str, float] = json.loads(ended.stdout)
    return taken


async def _calls(which: str, folder: Path) -> dict[str, float]:
    app, sent = app_of(which, folder), []
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": f"/{FEED}", "raw_path": f"/{FEED}".encode(), "query_string": b"", "root_path": "",
        "headers": [(b"host", b"x"), (b"accept", b"*/*"), (b"accept-encoding", b"gzip")], "client": ("127.0.0.1", 1),
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()  # nothing more comes, and nobody hangs up
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def cpu(headers: list[tuple[bytes, bytes]], status: int) -> float:
        for count in (REQUESTS // 10, REQUESTS):
            begun = time.process_time()
            for _ in range(count):
                sent.clear()
                await app({**scope, "headers": headers}, receive, send)
            if sent[0]["status"] != status:
                raise BenchmarkError(f"{which} answered {sent[0]['status']} instead of {status}")
        return (time.process_time() - begun) / REQUESTS

    plain: Any = scope["headers"]
    full = await cpu(plain, 200)
    etag = dict(sent[0]["headers"])[b"etag"]
    unchanged = await cpu([*plain, (b"if-none-match", etag)], 304)
    return {"called a feed": full, "called a feed that has not changed (304)": unchanged}


if __name__ == "__main__":
    which, folder, *descriptor = sys.argv[1:]
    if descriptor:
        _serve(which, Path(folder), int(descriptor[0]))
    else:
        print(json.dumps(asyncio.run(_calls(which, Path(folder)))))
