"""`orebro serve` as people start and end it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from orebro_spiders.cli import main
from tests.beds.server import free_port
from tests.conftest import command, environment


def orebro(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, arguments)
    return result.exit_code, result.stderr


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., tuple[subprocess.Popen[str], int]]]:
    """Starts `orebro serve` in a folder with a page."""
    (tmp_path / "public").mkdir()
    (tmp_path / "public/index.html").write_text("<p>Fram")
    (tmp_path / "orebro.toml").write_text("[site]\ntitle = 'Prov'\n")
    servers: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> tuple[subprocess.Popen[str], int]:
        port = free_port()
        server = subprocess.Popen(
            command("serve", "--port", str(port), *arguments),
            cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        servers.append(server)
        for _ in range(600):
            with socket.socket() as client:
                if server.poll() is not None or client.connect_ex(("127.0.0.1", port)) == 0:
                    break
            threading.Event().wait(0.02)
        return server, port

    yield start
    for server in servers:
        server.kill()
        server.communicate()


def get(port: int, path: str, *, before: bytes = b"") -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(before + f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        received = b""
        while part := client.recv(1 << 16):
            received += part
    return received


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_quietly_until_it_is_told_to_end(
    started: Callable[..., tuple[subprocess.Popen[str], int]], sign: signal.Signals
) -> None:
    server, port = started()
    assert get(port, "/").endswith(b"<p>Fram")
    assert b" 200 OK" in get(port, "/sok")
    assert b" 503 " in get(port, "/api/articles")
    server.send_signal(sign)
    out, err = server.communicate(timeout=20)
    assert (out, err) == ("", "")
    assert server.returncode in {0, -sign}


def test_it_logs_requests_when_it_is_asked_to(started: Callable[..., tuple[subprocess.Popen[str], int]]) -> None:
    server, port = started("--log")
    get(port, "/?q=1", before=b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    server.terminate()
    out, _ = server.communicate(timeout=20)
    assert [line.partition(" - ")[2] for line in out.splitlines()] == [
        '"GET / HTTP/1.1" 200', '"GET /?q=1 HTTP/1.1" 200'
    ]  # fmt: skip


def test_it_crawls_and_builds_meanwhile(
    started: Callable[..., tuple[subprocess.Popen[str], int]], tmp_path: Path
) -> None:
    from orebro_spiders.sources import load_config

    off = "".join(f"[sources.{name}]\nenabled = false\n" for name in load_config().sources)
    (tmp_path / "orebro.toml").write_text(off)
    server, port = started("--every", "1h")
    end = time.monotonic() + 30
    while b" 200 OK" not in get(port, "/alla.rss") and time.monotonic() < end:
        threading.Event().wait(0.05)
    assert b" 200 OK" in get(port, "/alla.rss")
    assert (tmp_path / "news.db").exists()
    server.terminate()
    assert server.communicate(timeout=30) == ("", "")


@pytest.mark.parametrize("every", ["10", "m", "-1m", "1.5h", "10 minuter", "0m"])
def test_a_time_that_is_none(every: str) -> None:
    code, said = orebro("serve", "--every", every)
    assert code == 2
    assert "is not a duration" in said


def test_an_address_that_is_taken_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = orebro("serve", "--port", str(port), "--out", str(tmp_path))
    assert (code, said) == (2, f"orebro: 127.0.0.1:{port}: cannot be served at: Address already in use\n")


def test_an_address_that_is_none_is_one_line(tmp_path: Path) -> None:
    code, said = orebro("serve", "--host", "ingen adress", "--out", str(tmp_path))
    assert code == 2
    assert said.startswith("orebro: ingen adress:8480: cannot be served at: ")
    assert said.count("\n") == 1


@pytest.mark.parametrize("missing", ["uvicorn", "starlette"])
def test_a_missing_extra_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: str) -> None:
    for name in [one for one in sys.modules if one.startswith("feeds.server") or one.partition(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    code, said = orebro("serve", "--out", str(tmp_path))
    assert (code, said.count("\n")) == (2, 1)
    assert said.endswith("is missing: pip install 'orebro-news[serve]'\n")


def test_other_commands_do_not_pay_for_it() -> None:
    code = "import orebro_spiders.cli, feeds.publish, sys; print({'starlette', 'uvicorn'} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    assert shown.stdout == "set()\n"
