"""Run all benchmarks, or the named ones, and print one table: what, measured, limit, verdict."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module

from benchmarks.measuring import ROOT, BenchmarkError, Row, table

NAMES = ("no_change", "page", "memory", "feeds", "serving")
PROGRAMS = ("dates", "extraction", "selected", "search")
"""Benchmarks that are programs of their own and print what they find."""
ROUNDS = 5


def main() -> int:
    """The exit code: 0 when all could be measured, with `--strict` only when all limits are kept too."""
    parser = _parser()
    options = parser.parse_args()
    names = options.names or NAMES + PROGRAMS
    if unknown := set(names) - set(NAMES + PROGRAMS):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    try:
        rows = list(_rows([name for name in names if name not in PROGRAMS], options.rounds))
        for name in set(names) & set(PROGRAMS):
            _run_program(name)
    except BenchmarkError as error:
        print(f"could not be measured: {error}", file=sys.stderr)
        return 1
    return int(options.strict and not all(row.is_kept for row in rows))


def _rows(names: Sequence[str], rounds: int) -> Iterator[Row]:
    """Measure, and print the table when all is known."""
    rows: list[Row] = []
    for name in names:
        print(f"{name} …", file=sys.stderr, flush=True)
        rows += import_module(f"benchmarks.{name}").measure(rounds)
    if rows:
        print(table(rows), flush=True)
    yield from rows


def _run_program(name: str) -> None:
    """In a process of its own: what it imports is no part of what the others measure."""
    print(f"{name} …", file=sys.stderr, flush=True)
    ended = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=ROOT, check=False)
    if ended.returncode:
        raise BenchmarkError(f"{name} ended with {ended.returncode}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"{', '.join(NAMES + PROGRAMS)}; without one, all")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each is measured (%(default)s)")
    parser.add_argument("--strict", action="store_true", help="fail when a limit is missed")
    return parser


if __name__ == "__main__":
    sys.exit(main())
