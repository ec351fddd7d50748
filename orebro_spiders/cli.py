"""The `orebro` command: parse arguments, call one function, print."""

from __future__ import annotations

import json
import logging
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from orebro_spiders import __version__
from orebro_spiders.archive.crawls import Crawl
from orebro_spiders.errors import OrebroError
from orebro_spiders.sources import Config, Source, load_config

DEFAULT_CONFIG = Path("orebro.toml")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="orebro")
def main() -> None:
    """The news wire of Örebro county: read every newsroom, keep one archive, give the news out as feeds."""


class OneLineErrors(click.Command):
    """A command whose errors are one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run it; an `OrebroError` is printed and ends the program with its code."""
        try:
            return super().invoke(ctx)
        except OrebroError as error:
            click.echo(f"orebro: {error}", err=True)
            ctx.exit(error.exit_code)
        except sqlite3.Error as error:
            click.echo(f"orebro: {ctx.params.get('db', 'the archive')}: {error}", err=True)
            ctx.exit(2)


def command(name: str, *options: Callable[..., Any]) -> Callable[[Callable[..., Any]], click.Command]:
    """A command of `orebro` with these options, the common ones and one-line errors."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        for option in reversed(options):
            function = option(function)
        return main.command(name, cls=OneLineErrors)(function)

    return decorate


path = click.Path(path_type=Path, dir_okay=False)
db_option = click.option(
    "--db", type=path, default="news.db", envvar="OREBRO_DB", show_default=True, help="The archive."
)
out_option = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default="public",
    envvar="OREBRO_OUT",
    show_default=True,
    help="Where feeds and pages are written.",
)
config_option = click.option(
    "--config",
    type=path,
    envvar="OREBRO_CONFIG",
    help="Your settings. [default: orebro.toml if it is there]",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
debug_option = click.option("--debug", is_flag=True, help="Show what Scrapy logs.")
names = click.argument("names", metavar="[SOURCE]...", nargs=-1)
all_option = click.option("--all", "all_", is_flag=True, help="Also sources that are not due by their own rhythm.")


def _config(given: Path | None) -> Config:
    if given is None and DEFAULT_CONFIG.exists():
        return load_config(DEFAULT_CONFIG)
    return load_config(given)


@command("run", names, all_option, db_option, out_option, config_option, json_option, debug_option)
def run_command(
    names: Sequence[str],
    all_: bool,
    db: Path,
    out: Path,
    config: Path | None,
    as_json: bool,
    debug: bool,
) -> None:
    """Crawl the named sources, or all that are due, then build: what cron calls."""
    from orebro_spiders.crawling import lock

    settings = _config(config)
    chosen = settings.chosen(names)
    with lock(db):
        crawls = _crawl(db, settings, chosen, only_due=not (names or all_), debug=debug)
        _build(db, settings, out)
    _report(crawls, as_json=as_json)


@command(
    "crawl",
    names,
    all_option,
    click.option(
        "--since",
        type=click.DateTime(["%Y-%m-%d"]),
        help="Walk back through the named sources' older pages to this day, from where an earlier walk ended.",
    ),
    db_option,
    config_option,
    json_option,
    debug_option,
)
def crawl_command(
    names: Sequence[str],
    all_: bool,
    since: datetime | None,
    db: Path,
    config: Path | None,
    as_json: bool,
    debug: bool,
) -> None:
    """Fetch news into the archive, from the named sources or all that are due."""
    from orebro_spiders.crawling import lock

    if since and not names:
        raise click.UsageError("--since needs the names of the sources that are to be walked back through")
    settings = _config(config)
    chosen = settings.chosen(names)
    with lock(db):
        crawls = _crawl(db, settings, chosen, only_due=not (names or all_), debug=debug, since=since)
    _report(crawls, as_json=as_json)


@command("build", db_option, out_option, config_option, json_option)
def build_command(db: Path, out: Path, config: Path | None, as_json: bool) -> None:
    """Write feeds and pages from the archive."""
    from orebro_spiders.crawling import lock

    settings = _config(config)
    with lock(db):
        built = _build(db, settings, out)
    if as_json:
        _print_json(built)
    elif sys.stdout.isatty():
        click.echo(f"{built['written']} files written in {out}/" if built["written"] else f"{out}/ is up to date")


@command("sources", db_option, config_option, json_option)
def sources_command(db: Path, config: Path | None, as_json: bool) -> None:
    """What is read, how, and how it fares."""
    from orebro_spiders.archive.crawls import last_crawl

    settings = _config(config)
    archive = _archive_if_there(db)
    rows = []
    for source in settings.sources.values():
        last = last_crawl(archive, source.name) if archive else None
        rows.append(
            {
                "source": source.name,
                "title": source.title,
                "platform": source.platform,
                "kind": source.kind,
                "url": source.url,
                "enabled": source.enabled,
                "verified": source.verified,
                "way_in": last.rung if last else None,
                "verdict": last.verdict if last else None,
            }
        )
    _print_rows(rows, as_json=as_json)


@command("status", db_option, config_option, json_option)
def status_command(db: Path, config: Path | None, as_json: bool) -> None:
    """How each source fared last; exit 1 when one is failing."""
    from orebro_spiders.archive.crawls import last_crawl, last_success

    settings = _config(config)
    archive = _archive_if_there(db)
    rows = []
    for source in settings.enabled:
        last = last_crawl(archive, source.name) if archive else None
        success = last_success(archive, source.name) if archive else None
        rows.append(
            {
                "source": source.name,
                "verdict": last.verdict if last else "never read",
                "last_crawl": _iso(last.finished_at) if last else None,
                "last_success": _iso(success),
                "problem": _problem_line(last) if last and last.problems else "",
            }
        )
    _print_rows(rows, as_json=as_json)
    if any(row["verdict"] == "failing" for row in rows):
        sys.exit(1)


@command(
    "demo",
    click.option(
        "--keep",
        type=click.Path(path_type=Path, file_okay=False),
        default="build/demo",
        show_default=True,
        help="Where to leave archive, settings and feeds.",
    ),
)
def demo_command(keep: Path) -> None:
    """The whole way over the bundled pretend county: no network needed."""
    from orebro_spiders.demo.tour import tour

    tour(keep, click.echo)


# What commands share


def _crawl(
    db: Path,
    settings: Config,
    chosen: Sequence[Source],
    *,
    only_due: bool,
    debug: bool,
    since: datetime | None = None,
) -> list[Crawl]:
    from orebro_spiders import crawling
    from orebro_spiders.archive.database import open_archive

    # What went wrong stands in the crawl log, a line each; Scrapy's own words are for those who look for a fault.
    handler = logging.StreamHandler() if debug else logging.NullHandler()
    logging.basicConfig(handlers=[handler], level=logging.DEBUG if debug else logging.WARNING)
    archive = open_archive(db)
    try:
        due = crawling.due(archive, chosen, datetime.now(UTC), only_due=only_due)
        _say_undue([source for source in chosen if source not in due])
        goal, is_watched = _midnight(since), sys.stderr.isatty()
        depth = _show_depth(goal) if goal and is_watched else None
        progress = _show_progress if is_watched else None
        return crawling.crawl(archive, settings, due, progress=progress, since=goal, depth=depth)
    finally:
        archive.close()


def _say_undue(sources: Sequence[Source]) -> None:
    for source in sources:
        if sys.stderr.isatty():
            click.echo(f"{source.name}: not due yet, left alone", err=True)


def _build(db: Path, settings: Config, out: Path) -> dict[str, Any]:
    from feeds.publish import build, is_current
    from feeds.websub import announce
    from orebro_spiders.archive.database import open_archive

    archive = open_archive(db)
    try:
        if is_current(archive, settings, out):
            return {"written": 0, "unchanged": None, "out": str(out)}
        built = build(archive, settings, out)
    finally:
        archive.close()
    if built.changed and settings.site.hub and (problem := announce(settings, built.changed)):
        click.echo(f"orebro: {problem}", err=True)
    return {"written": built.written, "unchanged": built.unchanged, "out": str(out)}


def _archive_if_there(db: Path) -> Any:
    from orebro_spiders.archive.database import open_archive

    return open_archive(db) if db.exists() else None


DEPTH_PAUSE = 5.0
"""Seconds between two words on how far a walk back has come."""
COUNTS = ("seen", "new", "changed", "duplicates", "gone", "requests")


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


def _midnight(day: datetime | None) -> datetime | None:
    """The beginning of a day in Örebro."""
    from orebro_spiders.reading.zones import STOCKHOLM

    return day.replace(tzinfo=STOCKHOLM) if day else None


def _show_depth(since: datetime) -> Callable[[str, datetime], None]:
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


def _show_progress(crawl: Crawl) -> None:
    click.echo(f"{crawl.source}: {crawl.verdict}, {crawl.seen} seen, {crawl.new} new", err=True)


def _report(crawls: Sequence[Crawl], *, as_json: bool) -> None:
    """Print what a run did; a failing source is a line on standard error and exit code 1."""
    if as_json:
        _print_json([asdict(crawl) for crawl in crawls])
    elif sys.stdout.isatty():
        _print_rows(crawl_rows(crawls), as_json=False)
    failing = [crawl for crawl in crawls if crawl.verdict == "failing"]
    for crawl in failing:
        click.echo(f"orebro: {crawl.source}: {_problem_line(crawl)}", err=True)
    if failing:
        sys.exit(1)


def _problem_line(crawl: Crawl) -> str:
    if not crawl.problems:
        return "failed without a word; run `orebro crawl --debug` to see why"
    last = crawl.problems[-1]
    return f"{last.url}: {last.problem}"


def _print_rows(rows: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        _print_json(rows)
    elif rows:
        from tabulate import tabulate

        click.echo(tabulate(rows, headers="keys", tablefmt="simple"))


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_iso))


def _iso(value: datetime | None) -> str | None:
    from orebro_spiders.archive.database import instant_text

    return instant_text(value) if value else None
