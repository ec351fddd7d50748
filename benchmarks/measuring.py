"""Measuring programs: CPU and peak memory of a child process, paired runs, and how a result is told.

CPU is what the kernel charged the process for, user and system, as `wait4` tells it: the machine's other work shows
far less in it than in the clock. What two programs cost is compared as the median of the ratios of runs that took
turns (A B A B …), so that a slow minute hits both.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

from tabulate import tabulate

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).resolve().parent
MEGABYTE = 1_000_000


class BenchmarkError(Exception):
    """A benchmark could not be run, or did not do what it was to measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a process took: seconds of CPU, and bytes of memory at its largest."""

    cpu: float
    peak: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the result; without a limit it is for information."""

    what: str
    measured: str
    limit: str = ""
    is_kept: bool = True

    @property
    def verdict(self) -> str:
        """What the limit says."""
        return ("kept" if self.is_kept else "MISSED") if self.limit else ""


def run(command: Sequence[str | Path], folder: Path) -> Usage:
    """Run a program to its end in a folder. Raises `BenchmarkError` when it fails.

    Its standard output goes to the file `out.txt` of the folder. Keep the calling process small: Linux counts the
    memory of a process before its exec as that of the program (ru_maxrss, getrusage(2)).
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}
    with (folder / "out.txt").open("wb") as out, (folder / "err.txt").open("wb") as err:
        process = subprocess.Popen(list(map(str, command)), cwd=folder, env=environment, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        said = (folder / "err.txt").read_text(errors="replace")[-2000:]
        raise BenchmarkError(f"{' '.join(map(str, command))} ended with {process.returncode}: {said}")
    return Usage(cpu=usage.ru_utime + usage.ru_stime, peak=usage.ru_maxrss * 1024)


@cache
def _entry() -> str:
    """What the installed `orebro` runs (https://packaging.python.org/en/latest/specifications/entry-points/)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    module, _, function = project["project"]["scripts"]["orebro"].partition(":")
    return f"import sys; from {module} import {function}; sys.exit({function}())"


def orebro(*arguments: str) -> list[str]:
    """The command line of our program, with the entry that its installed script has."""
    return [sys.executable, "-c", _entry(), *arguments]


def script(name: str, *arguments: str) -> list[str]:
    """The command line of one of the peers beside this file."""
    return [sys.executable, str(HERE / name), *arguments]


def table(rows: Sequence[Row]) -> str:
    """Rows as they are shown."""
    columns = ("what", "measured", "limit", "verdict")
    return tabulate([[getattr(row, column) for column in columns] for row in rows], columns, "simple")


def in_turns(rounds: int, *actions: Callable[[], float]) -> list[tuple[float, ...]]:
    """What each action gave, round by round."""
    return [tuple(action() for action in actions) for _ in range(rounds)]


def typical(values: Sequence[float]) -> float:
    """The median."""
    return median(values)


def ratio(rounds: Sequence[tuple[float, ...]], ours: int, peer: int) -> float:
    """How much more the action `ours` took than `peer`: the median over the rounds."""
    return median(one[ours] / one[peer] for one in rounds)


def write_config(folder: Path, sources: dict[str, dict[str, str]], addresses: Sequence[str]) -> None:
    """An `orebro.toml` with these sources and none of the bundled ones, free to visit the addresses without delay."""
    hosts = ", ".join(f'"{address.split("/")[2]}"' for address in addresses)
    lines = ["[http]", "delay = 0", f"allow_private = [{hosts}]"]
    bundled = tomllib.loads((ROOT / "orebro_spiders" / "sources.toml").read_text(encoding="utf-8"))
    for name in bundled:
        lines += [f"[sources.{name}]", "enabled = false"]
    for name, keys in sources.items():
        lines += [f"[sources.{name}]", *(f'{key} = "{value}"' for key, value in keys.items())]
    (folder / "orebro.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
