"""How right and how fast pages are read, beside trafilatura, readability-lxml, newspaper4k, htmldate and dateparser.

    python -m benchmarks.extraction [--rounds N] [--write] [NAME ...]

Measured on the collected pages with gold (`../shared/data/extraction`), scored by the scorer beside them. "wrong" is
a day that is not the right one, said without a doubt; "none" an honest nothing. Pages per second are of CPU, the
best of the rounds, in which the readers take turns. The peers get an environment of their own under `build/`, since
newspaper4k wants other versions than we do; that needs a package index once.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from tabulate import tabulate

from benchmarks.measuring import ROOT, BenchmarkError
from benchmarks.page_readers import READERS

DATA = ROOT.parent / "shared" / "data" / "extraction"
SETS = ("fundus", "htmldate")
OURS = frozenset({"ours", "ours_by_selectors", "lxml"})
"""What needs nothing that we do not have."""
DOCS = ROOT / "docs" / "extraction.md"
BEGIN, END = "<!-- table: written by `python -m benchmarks.extraction --write` -->", "<!-- end of the table -->"
PEERS = ROOT / "build" / "peers"
PACKAGES = ("trafilatura>=2.3", "lxml_html_clean", "readability-lxml", "newspaper4k", "htmldate", "dateparser")
COLUMNS = (
    *("reader", "body F1", "precision", "recall", "title", "authors F1"),
    *("day right", "wrong", "none", "other right", "wrong", "none", "pages/s"),
)


@dataclass(slots=True)
class Result:
    """What a reader said of each page of a set, and the least seconds of CPU it took for all."""

    said: dict[str, Any] = field(default_factory=dict)
    pages: int = 0
    cpu: float = float("inf")


def main() -> int:
    """Print the table; 1 with one line where it cannot be measured."""
    options = _parser().parse_args()
    if missing := [name for name in SETS if not (DATA / name / "gold.jsonl").exists()]:
        print(f"extraction: {DATA / missing[0]} is not here: the collected pages are not part of the repository")
        return 0
    names = options.names or list(READERS)
    try:
        peers = _peers() if set(names) - OURS else Path(sys.executable)
        results = {name: {one: Result() for one in SETS} for name in names}
        for _ in range(options.rounds):
            for name in names:
                for one in SETS:
                    _measure(results[name][one], name, one, Path(sys.executable) if name in OURS else peers)
    except (BenchmarkError, OSError) as error:
        print(f"extraction could not be measured: {error}", file=sys.stderr)
        return 1
    score = _scorer()
    rows = [_row(name, result, score) for name, result in results.items()]
    table = tabulate(rows, COLUMNS, "github", floatfmt=".3f", missingval="–")
    print(table)
    if options.write:
        before, _, rest = DOCS.read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        DOCS.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extraction", description=__doc__)
    parser.add_argument("names", metavar="NAME", nargs="*", choices=[[], *READERS], help=", ".join(READERS))
    parser.add_argument("--write", action="store_true", help=f"also into {DOCS.relative_to(ROOT)}")
    parser.add_argument("--rounds", type=int, default=2, help="how often each is measured (%(default)s)")
    return parser


def _peers() -> Path:
    """The Python of the peers' environment, made when it is not there."""
    python = PEERS / "bin" / "python"
    if not python.exists():
        print(f"making {PEERS} …", file=sys.stderr, flush=True)
        venv.create(PEERS)
    uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(python)]
    ended = subprocess.run([*uv, *PACKAGES], capture_output=True, text=True, check=False)
    if ended.returncode:
        raise BenchmarkError(f"the peers could not be installed into {PEERS}: {ended.stderr[-500:]}")
    return python


def _measure(result: Result, name: str, which: str, python: Path) -> None:
    command = [str(python), str(ROOT / "benchmarks" / "page_readers.py"), name, str(DATA / which / "gold.jsonl")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)} if name in OURS else None
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if ended.returncode:
        raise BenchmarkError(f"{name} ended with {ended.returncode}: {ended.stderr[-500:]}")
    *lines, last = map(json.loads, ended.stdout.splitlines())
    result.said = {line["id"]: line for line in lines}
    result.pages, result.cpu = last["pages"], min(result.cpu, last["cpu"])


def _scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", DATA / "score.py")
    if spec is None or spec.loader is None:
        raise BenchmarkError(f"{DATA / 'score.py'} is not here")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _row(name: str, results: dict[str, Result], score: ModuleType) -> Sequence[object]:
    news, other = (score.score(score.read(DATA / one / "gold.jsonl"), results[one].said)[0] for one in SETS)
    body = [news["body"][key][0] for key in ("f1", "precision", "recall")]
    has_text = bool(body[0])
    days = [(one["date"]["accuracy"], one["date"]["wrong_day"], one["date"]["none"]) for one in (news, other)]
    has_days = any(right for right, _, _ in days)
    pages, cpu = (sum(getattr(result, key) for result in results.values()) for key in ("pages", "cpu"))
    return [
        name.replace("_", ", ", 1).replace("_", " "),
        *(body if has_text else [None] * 3),
        news["title"]["accuracy"] or None,
        news["authors"]["f1"] or None,
        *([value for day in days for value in day] if has_days else [None] * 6),
        f"{pages / cpu:.0f}",
    ]


if __name__ == "__main__":
    sys.exit(main())
