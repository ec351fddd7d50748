"""What the end-to-end tests share: a pretend county on loopback, an archive, and no way out to the real web."""

from __future__ import annotations

import itertools
import json
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings

from feeds.publish import build
from orebro_spiders import crawling
from orebro_spiders.archive.articles import StoredArticle, select
from orebro_spiders.archive.crawls import Crawl
from orebro_spiders.archive.database import open_archive
from orebro_spiders.demo import County, Site
from orebro_spiders.demo.server import Reply
from orebro_spiders.sources import BUNDLED, Config, load_config

settings.register_profile("fuzz", max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow])

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

# No test speaks TLS, and reading the system's certificates is half of what a crawl of the county costs.
os.environ |= {"SSL_CERT_FILE": os.devnull, "SSL_CERT_DIR": os.devnull}


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for the network fails, whatever the product allows."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith("127."):
            raise AssertionError(f"a test reached for {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@dataclass(frozen=True)
class Visit:
    """One request as the site saw it; times are seconds of the monotonic clock."""

    path: str
    begun: float
    ended: float


class Wire:
    """A county, settings that read it, an archive, and what tests do with them."""

    def __init__(self, county: County, folder: Path) -> None:
        self.county = county
        self.folder = folder
        self.path = folder / "news.db"
        self.out = folder / "public"
        self.settings = folder / "orebro.toml"
        self.settings.write_text(county.config(), encoding="utf-8")
        self.config: Config = load_config(self.settings, bundled=None)
        self.db = open_archive(self.path)
        self.last: dict[str, Crawl] = {}
        self._seen = dict.fromkeys(county.sites, 0)

    def site(self, name: str) -> Site:
        return self.county.sites[name]

    # settings

    def set_source(self, name: str, **values: Any) -> None:
        changed = msgspec.structs.replace(self.config.sources[name], **values)
        self.config = msgspec.structs.replace(self.config, sources={**self.config.sources, name: changed})

    def add_source(self, name: str, **values: Any) -> None:
        table = {"title": name.capitalize(), "platform": "feed", "delay": 0.0, **values, "name": name}
        source = msgspec.convert(table, type(next(iter(self.config.sources.values()))))
        self.config = msgspec.structs.replace(self.config, sources={**self.config.sources, name: source})

    def keep_sources(self, *names: str) -> None:
        """Forget all sources but these."""
        kept = {name: self.config.sources[name] for name in names}
        self.config = msgspec.structs.replace(self.config, sources=kept)

    def set_http(self, **values: Any) -> None:
        http = msgspec.structs.replace(self.config.http, **values)
        self.config = msgspec.structs.replace(self.config, http=http)

    def write_settings(self) -> Path:
        """Write the settings as a file that reads the county and nothing else."""
        import tomllib

        bundled = tomllib.loads(BUNDLED.read_text(encoding="utf-8"))
        lines = ["[site]", *_toml(self.config.site), "[http]", *_toml(self.config.http)]
        for name in bundled:
            if name not in self.config.sources:
                lines += [f"[sources.{name}]", "enabled = false"]
        for name, source in self.config.sources.items():
            values = {key: value for key, value in msgspec.structs.asdict(source).items() if key != "name"}
            lines += [f"[sources.{name}]", *_toml_of(values)]
        self.settings.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return self.settings

    # runs

    def crawl(self, *names: str, since: datetime | None = None) -> dict[str, Crawl]:
        """Crawl the named sources, or all; by source. What the sites are asked from now on is `asked`."""
        self._seen = {name: len(site.requests) for name, site in self.county.sites.items()}
        crawls = crawling.crawl(self.db, self.config, self.config.chosen(names), since=since)
        self.last = {crawl.source: crawl for crawl in crawls}
        return self.last

    def asked(self, site: str) -> list[str]:
        """The paths that the site was asked for in the last crawl, robots.txt too."""
        return [request.path for request in self.county.sites[site].requests[self._seen[site] :]]

    def advance(self) -> None:
        """Let the county move on to the present."""
        self.county.advance(datetime.now(UTC))

    def build(self) -> dict[str, bytes]:
        """Publish, and give what is given out, by name."""
        build(self.db, self.config, self.out)
        return self.given_out()

    def given_out(self) -> dict[str, bytes]:
        files = sorted(path for path in self.out.rglob("*") if path.is_file() and path.name[0] != ".")
        return {path.relative_to(self.out).as_posix(): path.read_bytes() for path in files}

    def orebro(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """The `orebro` command in a process of its own, with this archive and these settings."""
        return subprocess.run(
            command(*arguments),
            cwd=self.folder,
            env=self.environment() | environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def environment(self) -> dict[str, str]:
        return environment(OREBRO_DB=str(self.path), OREBRO_CONFIG=str(self.settings), OREBRO_OUT=str(self.out))

    # the archive

    def articles(self, source: str) -> dict[str, StoredArticle]:
        """The source's articles by address."""
        return {article.url: article for article in select(self.db, "source = ? order by pk", [source])}

    def rows(self, sql: str, *parameters: Any) -> list[dict[str, Any]]:
        return list(self.db.query(sql, parameters))

    def rows_changed(self, sql: str, *parameters: Any) -> int:
        """Change the archive behind the product's back, as time would; how many rows that were."""
        with self.db.conn:
            return int(self.db.conn.execute(sql, parameters).rowcount)

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table but the crawl log."""
        return dump(self.db)

    def problems(self, source: str) -> list[tuple[str, str]]:
        """The lines of the source's last crawl."""
        return [(problem.url, problem.problem) for problem in self.last[source].problems]


def dump(db: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the crawl log."""
    names = sorted(set(db.table_names()) - {"crawls"})
    return {name: sorted(db.execute(f"select * from [{name}]").fetchall(), key=repr) for name in names}


def command(*arguments: str) -> list[str]:
    return [
        sys.executable,
        "-W",
        "error",
        "-m",
        "orebro_spiders",
        *arguments,
    ]


def environment(**values: str) -> dict[str, str]:
    """The environment without what the tester has set for `orebro`, with these values."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("OREBRO_")}
    return {**plain, "PYTHONPATH": str(ROOT), **values}


def _toml(table: msgspec.Struct) -> list[str]:
    return _toml_of(msgspec.structs.asdict(table))


def _toml_of(values: dict[str, Any]) -> list[str]:
    return [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items() if value is not None]


@contextmanager
def county_of(folder: Path) -> Iterator[Wire]:
    """A county of half an hour ago, so that it can move on to the present, and an empty archive."""
    with County(datetime.now(UTC) - timedelta(minutes=30)) as county, wire_of(county, folder) as wire:
        yield wire


@contextmanager
def wire_of(county: County, folder: Path) -> Iterator[Wire]:
    """Settings that read the county, and an empty archive."""
    wire = Wire(county, folder)
    logging.disable(logging.INFO)  # Scrapy tells of every item, and pytest would format it
    try:
        yield wire
    finally:
        logging.disable(logging.NOTSET)
        wire.db.close()


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    """A county, settings that read it, and an empty archive."""
    with county_of(tmp_path) as wire:
        yield wire


@pytest.fixture
def watch() -> Iterator[Callable[..., list[Visit]]]:
    """Makes a site write down each visit, be slow, or do something at a visit; until the test is over."""
    watched: list[Site] = []

    def begin(
        site: Site, *, seconds: float = 0.0, slow: str = "", at_visit: Callable[[int, str], None] | None = None
    ) -> list[Visit]:
        visits: list[Visit] = []
        lock, count, serve = threading.Lock(), itertools.count(1), site.serve

        def looked_at(method: str, target: str, headers: Any) -> Reply:
            begun = time.monotonic()
            if at_visit:
                at_visit(next(count), target)
            if seconds and slow in target:
                time.sleep(seconds)
            reply = serve(method, target, headers)
            with lock:
                visits.append(Visit(target, begun, time.monotonic()))
            return reply

        site.serve = looked_at  # type: ignore[method-assign]
        watched.append(site)
        return visits

    yield begin
    for site in watched:
        site.__dict__.pop("serve", None)


@pytest.fixture
def serve() -> Iterator[Callable[..., Site]]:
    """Starts further sites on loopback, each with its own app."""
    sites: list[Site] = []

    def start(name: str, app: Callable[[Any], Reply]) -> Site:
        site = Site(name)
        site.start(app)
        sites.append(site)
        return site

    yield start
    for site in sites:
        site.stop()
