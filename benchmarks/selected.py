"""What reading a page by selectors costs, beside a bare parse of the same page by lxml.

    python -m benchmarks.selected [--rounds N]

Measured on those of the collected pages (`../shared/data/extraction`) where the selectors find the text, as those of a
source do on its own pages; then, for information, with the many selectors for the themes of WordPress. Both read each
page in turns, in one process and in changing order; the median of the rounds counts.
"""

import argparse
import gzip
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from lxml.html import document_fromstring

from benchmarks.extraction import DATA, SETS
from benchmarks.measuring import Row, in_turns, table, typical
from orebro_spiders.reading.extraction import Selectors, read_article
from orebro_spiders.reading.selecting import first
from orebro_spiders.spiders.wordpress import PAGE

LIMIT = 1.7
SELECTORS = Selectors(body=("[itemprop=articleBody]", "article"), date=("article time",), author=(".byline",))


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.selected", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each page is read twice (%(default)s)")
    options = parser.parse_args()
    if missing := [name for name in SETS if not (DATA / name / "gold.jsonl").exists()]:
        print(f"selected: {DATA / missing[0]} is not here: the collected pages are not part of the repository")
        return 0
    pages = _pages()
    costs = [_costs(html, url, SELECTORS, options.rounds) for html, url in pages if _is_found(html)]
    of_wordpress = [_costs(html, url, PAGE, options.rounds) for html, url in pages if _is_of_wordpress(html)]
    print(table([*_rows(costs), _ratio(of_wordpress, "WordPress's selectors")]))
    return 0


def _pages() -> list[tuple[bytes, str]]:
    golds = [(DATA / name, json.loads(line)) for name in SETS for line in (DATA / name / "gold.jsonl").open("rb")]
    return [(gzip.decompress((folder / gold["html"]).read_bytes()), gold["url"]) for folder, gold in golds]


def _is_found(html: bytes) -> bool:
    """Does a page mark its text, or hold one article alone?"""
    document = document_fromstring(html)
    return bool(document.xpath("//*[@itemprop='articleBody']")) or len(document.xpath("//article")) == 1


def _is_of_wordpress(html: bytes) -> bool:
    return first(document_fromstring(html), PAGE.body) is not None


Cost = tuple[float, float]
"""Milliseconds that a bare parse and a reading of a page take."""


def _rows(costs: list[Cost]) -> list[Row]:
    bare, ours = map(sum, zip(*costs, strict=True))
    return [
        replace(_ratio(costs, "selectors"), limit=f"{LIMIT}x", is_kept=ours <= LIMIT * bare),
        Row(what="  milliseconds a page", measured=f"{ours / len(costs):.2f} against {bare / len(costs):.2f}"),
        Row(what="  median of the pages", measured=f"{typical([read / parsed for parsed, read in costs]):.2f}x"),
    ]


def _ratio(costs: list[Cost], by: str) -> Row:
    bare, ours = map(sum, zip(*costs, strict=True))
    return Row(what=f"{len(costs)} pages read by {by}, against a bare parse", measured=f"{ours / bare:.2f}x")


def _costs(html: bytes, url: str, selectors: Selectors, rounds: int) -> Cost:
    """What a page costs; the first round only warms up."""
    now = datetime.now(UTC)

    def parsed() -> float:
        return _timed(lambda: document_fromstring(html))

    def read() -> float:
        return _timed(lambda: read_article(html, url, now, selectors=selectors))

    _, *taken = in_turns(rounds + 1, parsed, read, read, parsed)
    return typical([one[way] for one in taken for way in (0, 3)]), typical(
        [one[way] for one in taken for way in (1, 2)]
    )


def _timed(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - begun)


if __name__ == "__main__":
    sys.exit(main())
