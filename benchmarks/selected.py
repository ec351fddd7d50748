"""What reading a page by selectors costs, beside a bare parse of the same page by lxml.

    python -m benchmarks.selected [--rounds N]

Measured on those of the collected pages (`../shared/data/extraction`) where the selectors find the text, as those of a
source do on its own pages. Both read each page in turns, in one process and in changing order; the median of the
rounds counts.
"""

import argparse
import gzip
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median

from lxml.html import document_fromstring
from tabulate import tabulate

from benchmarks.extraction import DATA, SETS
from benchmarks.measuring import Row
from orebro_spiders.reading.extraction import Selectors, read_article

LIMIT = 1.7
SELECTORS = Selectors(body=("[itemprop=articleBody]", "article"), date=("article time",), author=(".byline",))
COLUMNS = ("what", "measured", "limit", "verdict")


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.selected", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="how often each page is read (%(default)s)")
    options = parser.parse_args()
    if missing := [name for name in SETS if not (DATA / name / "gold.jsonl").exists()]:
        print(f"selected: {DATA / missing[0]} is not here: the collected pages are not part of the repository")
        return 0
    rows = _measured([page for page in _pages() if _is_found(page[0])], options.rounds)
    print(tabulate([[getattr(row, column) for column in COLUMNS] for row in rows], COLUMNS, "simple"))
    return 0


def _pages() -> list[tuple[bytes, str]]:
    golds = [(DATA / name, json.loads(line)) for name in SETS for line in (DATA / name / "gold.jsonl").open("rb")]
    return [(gzip.decompress((folder / gold["html"]).read_bytes()), gold["url"]) for folder, gold in golds]


def _is_found(html: bytes) -> bool:
    """Does a page mark its text, or hold one article alone?"""
    document = document_fromstring(html)
    return bool(document.xpath("//*[@itemprop='articleBody']")) or len(document.xpath("//article")) == 1


def _measured(pages: list[tuple[bytes, str]], rounds: int) -> list[Row]:
    now = datetime.now(UTC)
    costs = []
    for html, url in pages:
        ways = (lambda: document_fromstring(html)), (lambda: read_article(html, url, now, selectors=SELECTORS))  # noqa: B023
        costs.append(_costs(ways, rounds))
    bare, ours = (sum(cost[way] for cost in costs) for way in (0, 1))
    typical = median(read / parsed for parsed, read in costs)
    return [
        Row(
            what=f"{len(pages)} pages read by selectors, against a bare parse",
            measured=f"{ours / bare:.2f}x",
            limit=f"{LIMIT}x",
            is_kept=ours <= LIMIT * bare,
        ),
        Row(what="  milliseconds a page", measured=f"{ours / len(pages):.2f} against {bare / len(pages):.2f}"),
        Row(what="  median of the pages", measured=f"{typical:.2f}x"),
    ]


def _costs(ways: tuple[Callable[[], object], ...], rounds: int) -> tuple[float, ...]:
    """Milliseconds that each way takes; the first round only warms up."""
    taken: list[list[float]] = [[] for _ in ways]
    for number in range(rounds + 1):
        for way in sorted(range(len(ways)), reverse=bool(number % 2)):
            begun = time.perf_counter()
            ways[way]()
            taken[way].append(1000 * (time.perf_counter() - begun))
    return tuple(median(one[1:]) for one in taken)


if __name__ == "__main__":
    sys.exit(main())
