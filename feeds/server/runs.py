"""Crawling and building while the site is served: `orebro run` as a process of its own, one after the other.

The lock that every run takes keeps it apart from a run of cron's. It ends with the server.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from orebro_spiders.errors import LockedError

PATIENCE = 20.0
"""Seconds that a run has to end when it is told to."""
LONGEST_LINE = 500

log = logging.getLogger("orebro.serve")


def run_command(db: Path, out: Path, config: Path | None) -> list[str]:
    """The command line of one run."""
    settings = ["--config", str(config)] if config else []
    return [sys.executable, "-m", "orebro_spiders", "run", "--db", str(db), "--out", str(out), *settings]


class Runs:
    """Starts a run, and the next one so many seconds after it has ended."""

    def __init__(self, command: Sequence[str], every: float) -> None:
        self._command = command
        self._every = every
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, now."""
        self._task = asyncio.create_task(self._for_ever())

    async def stop(self) -> None:
        """End, with the run that is going on."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _for_ever(self) -> None:
        while True:
            if line := await run_once(self._command):
                log.error("%s", line)
            await asyncio.sleep(self._every)


async def run_once(command: Sequence[str]) -> str:
    """Run it to its end; one line on what went wrong, empty when nothing did. A cancelled run is ended."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C at a terminal is for the server, which then ends the run
        )
    except OSError as error:
        return f"run: cannot be started: {error.strerror}"
    try:
        _, said = await process.communicate()
    except asyncio.CancelledError:
        await _end(process)
        raise
    return problem_line(process.returncode or 0, said.decode(errors="replace"))


def problem_line(code: int, said: str) -> str:
    r"""What a run that has ended says of itself, as one line; empty when all is well.

    >>> problem_line(1, "orebro: na: https://www.na.se/: 503\norebro: p4: no answer\n")
    'run: exit code 1: na: https://www.na.se/: 503; p4: no answer'
    >>> problem_line(0, "")
    ''
    """
    if code == LockedError.exit_code or not (code or said.strip()):
        return ""
    lines = [line.strip().removeprefix("orebro: ") for line in said.splitlines() if line.strip()]
    line = f"run: exit code {code}: {'; '.join(lines) or 'without a word'}"
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 2]} …"


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), PATIENCE)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
