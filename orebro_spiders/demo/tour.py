"""The main job over the pretend county: a first run, then the county moves on, then an incremental run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tabulate import tabulate

from feeds.publish import build
from orebro_spiders.archive import search
from orebro_spiders.archive.crawls import Crawl
from orebro_spiders.archive.database import open_archive
from orebro_spiders.browser import what_is_missing
from orebro_spiders.crawling import crawl
from orebro_spiders.demo.county import County
from orebro_spiders.sources import Config, load_config

Say = Callable[[str], None]
SHOWN = ("source", "seen", "new", "changed", "gone", "duplicates", "requests")


def tour(keep: Path, say: Say) -> None:
    """Run the main job twice over the pretend county and leave archive, settings and feeds in `keep`."""
    keep.mkdir(parents=True, exist_ok=True)
    for old in keep.glob("news.db*"):
        old.unlink()
    now = datetime.now(UTC)
    missing = what_is_missing()
    with County(now - timedelta(minutes=30), with_javascript=not missing) as county:
        settings = keep / "orebro.toml"
        settings.write_text(f"{county.config()}\n{_live_sources_off(county)}", encoding="utf-8")
        config = load_config(settings)
        say(f"A pretend county of {len(config.enabled)} newsrooms is served on loopback.\n")
        if missing:
            say(f"Left out is one that shows nothing without its scripts: {missing}\n")
        say("First run: everything is new.\n")
        _run(keep, config, say)
        county.advance(now)
        say("\nThe county moves on: news, an edited and a withdrawn article. Second run:\n")
        _run(keep, config, say)
    say(f"\nFeeds and pages: {keep}/public/ (begin with {keep}/public/index.html)")
    say(f"Archive: {keep}/news.db   Settings: {keep}/orebro.toml")


def _live_sources_off(county: County) -> str:
    """Settings by which other commands, too, know the pretend county alone."""
    live = load_config().sources.keys() - county.newsrooms.keys()
    tables = "\n".join(f"[sources.{name}]\nenabled = false\n" for name in sorted(live))
    return f"# The live sources\n\n{tables}"


def _run(keep: Path, config: Config, say: Say) -> None:
    db = open_archive(keep / "news.db")
    try:
        crawls = crawl(db, config, config.enabled)
        built = build(db, config, keep / "public")
        search.index(db)  # `orebro serve` searches, and writes nothing
    finally:
        db.close()
    say(table(crawls))
    say(f"\n{built.written} feeds and pages written, {built.unchanged} unchanged.")


def table(crawls: Sequence[Crawl]) -> str:
    """What a run did, a line for each source."""
    rows = [[*(getattr(crawl, name) for name in SHOWN), crawl.seconds] for crawl in crawls]
    return tabulate(rows, headers=[*SHOWN, "seconds"], floatfmt=".1f")
