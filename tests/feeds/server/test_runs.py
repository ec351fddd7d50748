"""Runs beside the server: one after the other, ended with it, and one line for what goes wrong."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

import pytest

from feeds.server import runs
from feeds.server.runs import Runs, problem_line, run_command, run_once


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("pass", ""),
        ("import sys; sys.exit(75)", ""),
        ("import sys; sys.exit('orebro: na: no answer')", "run: exit code 1: na: no answer"),
        ("import sys; print('a\\n\\nb', file=sys.stderr); sys.exit(2)", "run: exit code 2: a; b"),
        ("import os; os._exit(3)", "run: exit code 3: without a word"),
    ],
)
def test_what_went_wrong_is_one_line(code: str, line: str) -> None:
    assert asyncio.run(run_once(python(code))) == line


def test_a_long_word_is_cut() -> None:
    assert len(problem_line(1, "x" * 9000)) == 500


def test_a_command_that_is_none() -> None:
    assert asyncio.run(run_once(["/does/not/exist"])) == "run: cannot be started: No such file or directory"


def test_one_after_the_other_never_two_at_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    code = (
        "import os, sys, time; f = os.open('now', os.O_CREAT | os.O_EXCL); open('log', 'a').write('x'); "
        "os.unlink('now'); sys.exit('failed' if len(open('log').read()) == 2 else 0)"
    )
    log = tmp_path / "log"

    async def serve() -> None:
        going = Runs(["/bin/sh", "-c", f'cd "{tmp_path}" && exec "{sys.executable}" -c "{code}"'], every=0.01)
        going.start()
        while not log.exists() or len(log.read_text()) < 4:
            await asyncio.sleep(0.01)
        await going.stop()

    with caplog.at_level(logging.ERROR, "orebro.serve"):
        asyncio.run(asyncio.wait_for(serve(), 20))
    assert caplog.messages == ["run: exit code 1: failed"]


@pytest.mark.parametrize("deaf", [False, True], ids=["that listens", "that does not listen"])
def test_it_ends_with_the_server_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deaf: bool) -> None:
    monkeypatch.setattr(runs, "PATIENCE", 0.1 if deaf else 20)
    ignore = "signal.signal(signal.SIGTERM, signal.SIG_IGN); " if deaf else ""
    started = tmp_path / "started"
    code = f"import signal, os; {ignore}open({str(started)!r}, 'w').write(str(os.getpid())); signal.pause()"

    async def serve() -> None:
        going = Runs(python(code), every=1)
        going.start()
        while not started.exists() or not started.read_text():
            await asyncio.sleep(0.01)
        await going.stop()

    asyncio.run(asyncio.wait_for(serve(), 20))
    assert not Path(f"/proc/{started.read_text()}").exists()


def test_the_command_is_that_of_cron() -> None:
    command = run_command(Path("news.db"), Path("public"), Path("orebro.toml"))
    assert command[1:] == [
        "-m", "orebro_spiders", "run", "--db", "news.db", "--out", "public", "--config", "orebro.toml"
    ]  # fmt: skip
