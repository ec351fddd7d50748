"""`orebro serve` over an installation of ours, on loopback, and questions to it."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def serving(folder: Path, port: int, *options: str) -> Iterator[Path]:
    """`orebro serve` in that folder, at that port; gives its log."""
    log, program = folder / "serve.log", Path(os.environ["OREBRO"]).absolute()
    with log.open("wb") as out:
        unbuffered = {**os.environ, "PYTHONUNBUFFERED": "1"}
        command = [program, "serve", "--port", str(port), *options]
        server = subprocess.Popen(command, cwd=folder, stdout=out, env=unbuffered)
    try:
        for _ in range(100):
            try:
                ask(f"http://127.0.0.1:{port}/")
                break
            except OSError:
                time.sleep(0.1)
        yield log
    finally:
        server.terminate()
        server.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def ask(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer, whatever it is."""
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read()
