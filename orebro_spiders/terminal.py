"""What the command says: tables and JSON on standard output, progress and what is wrong on standard error."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from orebro_spiders.archive.crawls import Crawl
from orebro_spiders.sources import Config, Source

if TYPE_CHECKING:
    from orebro_spiders.archive.articles import StoredArticle
    from orebro_spiders.queries import Query
    from orebro_spiders.reading.snippets import IsHit

DEPTH_PAUSE = 5.0
"""Seconds between two words on how far a walk back has come."""
COUNTS = ("seen", "new", "changed", "duplicates", "gone", "requests")


def report(crawls: Sequence[Crawl], *, as_json: bool) -> None:
    """Print what a run did; a failing source is a line on standard error and exit code 1."""
    if as_json:
        print_json([asdict(crawl) for crawl in crawls])
    elif sys.stdout.isatty():
        print_rows(crawl_rows(crawls), as_json=False)
    failing = [crawl for crawl in crawls if crawl.verdict == "failing"]
    for crawl in failing:
        click.echo(f"orebro: {crawl.source}: {_problem_line(crawl)}", err=True)
    if failing:
        sys.exit(1)


def crawl_rows(crawls: Iterable[Crawl]) -> list[dict[str, Any]]:
    """The crawl log as rows for people."""
    return [
        {
            "source": crawl.source,
            "verdict": crawl.verdict,
            "way in": crawl.rung,
            **{name: getattr(crawl, name) for name in COUNTS},
            "seconds": round(crawl.seconds, 1),
        }
        for crawl in crawls
    ]


def _problem_line(crawl: Crawl) -> str:
    if not crawl.problems:
        return "failed without a word; run `orebro crawl --debug` to see why"
    last = crawl.problems[-1]
    return f"{last.url}: {last.problem}"


def show_progress(crawl: Crawl) -> None:
    """A line for a source that is done."""
    click.echo(f"{crawl.source}: {crawl.verdict}, {crawl.seen} seen, {crawl.new} new", err=True)


def show_depth(since: datetime) -> Callable[[str, datetime], None]:
    """Says how far a walk back has come, and how long it may take, every few seconds."""
    begun: dict[str, tuple[float, datetime]] = {}
    shown: dict[str, float] = {}

    def show(source: str, oldest: datetime) -> None:
        now = time.monotonic()
        first_at, first = begun.setdefault(source, (now, oldest))
        if now - shown.get(source, 0) < DEPTH_PAUSE:
            return
        shown[source] = now
        done, left = first - oldest, max(oldest - since, timedelta())
        estimate = f", about {(now - first_at) * (left / done) / 60:.0f} minutes left" if done else ""
        click.echo(f"{source}: back to {oldest:%Y-%m-%d}{estimate}", err=True)

    return show


def say_undue(sources: Sequence[Source]) -> None:
    """A line for each source that is left alone, on a terminal."""
    if sys.stderr.isatty():
        for source in sources:
            click.echo(f"{source.name}: not due yet, left alone", err=True)


def say_misread(query: Query, settings: Config) -> None:
    """Tell what of a query could not be taken as it was written."""
    from orebro_spiders.archive.search import unknown_names

    problems = [*query.problems, *unknown_names(query, settings.sources)]
    for problem in problems:
        click.echo(f"orebro: {problem}", err=True)
    if problems and query:
        click.echo(f"orebro: searching for: {query}", err=True)


def show_left(count: int) -> None:
    """How many articles the index of the search lacks."""
    if count:
        click.echo(f"{count} articles left to index", err=True)


def print_found(articles: Sequence[StoredArticle], is_hit: IsHit, query: Query, *, as_json: bool) -> None:
    """What a search found, with its hits marked; exit code 1 when that is nothing."""
    from orebro_spiders.reading.snippets import marked, snippet
    from orebro_spiders.reading.zones import STOCKHOLM

    mark = partial(click.style, bold=True) if sys.stdout.isatty() else "[{}]".format
    snippets = [marked(snippet(one.text or one.summary, is_hit), is_hit, mark) for one in articles]
    if as_json:
        rows = [_found_row(one, text) for one, text in zip(articles, snippets, strict=True)]
        print_json({"query": str(query), "problems": query.problems, "found": rows})
    for one, text in zip(articles, snippets, strict=True):
        if not as_json:
            day = one.published.astimezone(STOCKHOLM)
            click.echo(f"{day:%Y-%m-%d %H:%M}  {one.source}  {one.title}\n    {one.url}\n    {text}\n")
    if not articles:
        click.echo(f"orebro: nothing found for: {query}", err=True)
        sys.exit(1)


def _found_row(article: StoredArticle, text: str) -> dict[str, Any]:
    names = ("id", "published", "source", "kind", "municipalities", "title", "url", "is_free")
    return {**{name: getattr(article, name) for name in names}, "snippet": text}


def aligned(facts: Sequence[tuple[str, str]]) -> str:
    """A line for each fact, its word in front."""
    width = max(len(word) for word, _ in facts)
    return "\n".join(f"{word:{width}}  {said}" for word, said in facts)


def print_rows(rows: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    """Rows of the same keys, as a table or as JSON."""
    if as_json:
        print_json(rows)
    elif rows:
        from tabulate import tabulate

        click.echo(tabulate(rows, headers="keys", tablefmt="simple"))


def print_json(value: Any) -> None:
    """Anything as JSON, in UTF-8 whatever the terminal's (RFC 8259, 8.1); instants are written as in the archive."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=iso).encode(errors="backslashreplace"))


def iso(value: datetime | None) -> str | None:
    """An aware instant as the archive writes it."""
    from orebro_spiders.archive.database import instant_text

    return instant_text(value) if value else None
