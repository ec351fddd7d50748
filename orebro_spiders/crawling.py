"""Running the spiders of several sources in one process, and the lock that keeps two runs apart."""

from __future__ import annotations

import asyncio
import fcntl
import gc
import logging
import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from orebro_spiders.archive.crawls import Crawl, Problem, crawls_of_run, is_due, last_crawl, may_ask, store_crawl
from orebro_spiders.errors import ArchiveError, LockedError
from orebro_spiders.sources import Config, Source

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from sqlite_utils import Database

    from orebro_spiders.spiders.platform import Depth, Platform

Progress = Callable[[Crawl], None]


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the archive for one run; the kernel lets go of it at a kill.

    Raises `LockedError` when another process has it, `ArchiveError` when its folder cannot be written.
    """
    file = Path(f"{path}.lock")
    try:
        handle = os.open(file, os.O_CREAT | os.O_RDWR, 0o644)
    except OSError as error:
        raise ArchiveError(f"{file}: cannot be made: {error.strerror}") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise LockedError(f"another run holds {file}") from None
    else:
        yield
    finally:
        os.close(handle)


def due(db: Database, sources: Sequence[Source], now: datetime, *, only_due: bool = False) -> list[Source]:
    """The sources that may be asked again; `only_due`: that by their own rhythm should be."""
    last = {source.name: last_crawl(db, source.name) for source in sources}
    allowed = [source for source in sources if may_ask(last[source.name], source.every, now)]
    return [source for source in allowed if is_due(last[source.name], now)] if only_due else allowed


def crawl(
    db: Database,
    config: Config,
    sources: Sequence[Source],
    *,
    progress: Progress | None = None,
    since: datetime | None = None,
    depth: Depth | None = None,
) -> list[Crawl]:
    """Crawl the sources, all in this process, and return their rows of the crawl log.

    A source that fails is a row that says so; it never stops the others. `progress` is told of each that ends. With
    `since` (aware) the crawls go back to that instant; `depth` is told how far they have come.
    """
    if not sources:
        return []
    run = uuid.uuid4().hex[:12]
    crawls = _crawl(db, config, sources, progress, {"run": run, "since": since, "depth": depth})
    for source in sources:
        if source.name not in crawls:
            _store_crash(db, run, source)
    return crawls_of_run(db, run)


def _crawl(
    db: Database, config: Config, sources: Sequence[Source], progress: Progress | None, told: dict[str, Any]
) -> set[str]:
    """Run the spiders and return the names of those that came to their end."""
    from scrapy.crawler import AsyncCrawlerProcess

    from orebro_spiders.sharedsettings import SharedSettings
    from orebro_spiders.spiderloader import spider_class

    settings = SharedSettings.of_project()
    process = AsyncCrawlerProcess(settings)
    # Scrapy asks for DEBUG here, and would make records that nobody reads: a fifth of the CPU of a quiet run.
    logging.getLogger("scrapy").setLevel(logging.NOTSET)
    ended: set[str] = set()

    def done(crawler: Crawler, task: asyncio.Task[None]) -> None:
        if task.cancelled() or task.exception() is not None:
            return
        spider = cast("Platform", crawler.spider)
        ended.add(spider.name)
        if progress:
            progress(spider.crawl_log)

    for source in sources:
        crawler = process.create_crawler(spider_class(config, source))
        process.crawl(crawler, db=db, **told).add_done_callback(partial(done, crawler))
    gc.freeze()  # what is loaded now never becomes garbage
    process.start()
    return ended


def _store_crash(db: Database, run: str, source: Source) -> None:
    now = datetime.now(UTC)
    problem = Problem(url=source.url, problem="the spider could not be started; run with --debug to see why")
    store_crawl(
        db,
        Crawl(
            run=run,
            source=source.name,
            started_at=now,
            finished_at=now,
            verdict="failing",
            problems=[problem],
        ),
    )
