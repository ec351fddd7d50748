"""The `orebro` command: parse arguments, call one function, print."""

from __future__ import annotations

import logging
import os
import re
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
import msgspec

from orebro_spiders import __version__
from orebro_spiders.archive.crawls import Crawl
from orebro_spiders.errors import ArchiveError, ConfigError, OrebroError
from orebro_spiders.sources import Config, Source, check_new_name, load_config, save_source
from orebro_spiders.terminal import (
    aligned,
    iso,
    print_found,
    print_json,
    print_rows,
    report,
    say_misread,
    say_undue,
    show_depth,
    show_left,
    show_progress,
)

if TYPE_CHECKING:
    from orebro_spiders.findings import Probe

DEFAULT_CONFIG = Path("orebro.toml")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="orebro")
def main() -> None:
    """The news wire of Örebro county: read every newsroom, keep one archive, give the news out as feeds."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal in Latin-1 has no dash and no ellipsis


class OneLineErrors(click.Command):
    """A command whose errors are one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run it; an `OrebroError` is printed and ends the program with its code."""
        try:
            return super().invoke(ctx)
        except OrebroError as error:
            _end(ctx, str(error), error.exit_code)
        except sqlite3.Error as error:
            _end(ctx, f"{ctx.params.get('db', 'the archive')}: {error}")
        except BrokenPipeError:
            raise  # whoever reads has read enough: click ends in silence
        except OSError as error:
            _end(ctx, str(error))


def _end(ctx: click.Context, said: str, code: int = 2) -> NoReturn:
    """Say in one line, whatever names stand in it, why the program ends, and end it."""
    click.echo(f"orebro: {' '.join(said.splitlines())}", err=True)
    ctx.exit(code)


def command(
    name: str, *options: Callable[..., Any], cls: type[OneLineErrors] = OneLineErrors
) -> Callable[[Callable[..., Any]], click.Command]:
    """A command of `orebro` with these options, the common ones and one-line errors."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        for option in reversed(options):
            function = option(function)
        return main.command(name, cls=cls)(function)

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
    path = DEFAULT_CONFIG if given is None and DEFAULT_CONFIG.exists() else given
    config = load_config(path)
    if config.feeds:
        from feeds.channels import check_saved  # only for those who saved queries

        check_saved(config, path)
    return config


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
    report(crawls, as_json=as_json)


@command(
    "crawl",
    names,
    all_option,
    click.option(
        "--since",
        type=click.DateTime(["%Y-%m-%d"]),
        help="Walk back through the named sources' older pages to this day, from where an earlier walk ended.",
    ),
    click.option("--url", help="Crawl a site that is no source, as `orebro probe` would read it."),
    db_option,
    config_option,
    json_option,
    debug_option,
)
def crawl_command(
    names: Sequence[str],
    all_: bool,
    since: datetime | None,
    url: str | None,
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
    if url and names:
        raise click.UsageError("name sources or give --url, not both")
    chosen = [] if url else settings.chosen(names)
    with lock(db):
        if url:
            settings, chosen = _with_site(settings, db, url, debug=debug)
        is_asked = bool(names or all_ or url)
        crawls = _crawl(db, settings, chosen, only_due=not is_asked, debug=debug, since=since)
    report(crawls, as_json=as_json)


@command(
    "probe",
    click.argument("place", metavar="URL|FILE"),
    click.option("--url", default="", help="The address of the page in FILE."),
    click.option("--save", metavar="NAME", default="", help="Add it to your settings as a source of this name."),
    db_option,
    config_option,
    json_option,
    debug_option,
)
def probe_command(
    place: str,
    url: str,
    save: str,
    db: Path,
    config: Path | None,
    as_json: bool,
    debug: bool,
) -> None:
    """Show what would be read from a site or page that is no source yet."""
    settings = _config(config)
    if save:
        check_new_name(settings, save)
    probed = _probe(settings, db, place, url, save, debug=debug)
    saved = _save(settings, config or DEFAULT_CONFIG, probed) if save else None
    if as_json:
        print_json({**probed.as_json(), "saved": saved})
        return
    click.echo(aligned(probed.article_facts() if probed.is_article else probed.facts()))
    if not probed.is_article:
        click.echo()
        print_rows(probed.rows(), as_json=False)
    if saved:
        click.echo(f"\n{saved['file']} has it now:\n\n{saved['lines']}\nRead it with: orebro crawl {save}")


@command("build", db_option, out_option, config_option, json_option)
def build_command(db: Path, out: Path, config: Path | None, as_json: bool) -> None:
    """Write feeds and pages from the archive."""
    from orebro_spiders.crawling import lock

    settings = _config(config)
    with lock(db):
        built = _build(db, settings, out)
    if as_json:
        print_json(built)
    elif sys.stdout.isatty():
        click.echo(f"{built['written']} files written in {out}/" if built["written"] else f"{out}/ is up to date")


def _seconds(context: click.Context, parameter: click.Parameter, value: str) -> int:
    match = re.fullmatch(r"([1-9][0-9]{0,4})([smh])", value) if value else None
    if value and not match:
        raise click.BadParameter(f"{value!r} is not a duration such as 90s, 10m or 1h")
    return int(match[1]) * {"s": 1, "m": 60, "h": 3600}[match[2]] if match else 0


@command(
    "serve",
    click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at."),
    click.option("--port", type=click.IntRange(0, 65535), default=8480, show_default=True, help="0 takes a free one."),
    click.option("--every", metavar="TIME", callback=_seconds, default="", help="Crawl and build meanwhile: 10m, 1h."),
    click.option(
        "--forwarded-allow-ips",
        metavar="ADDRESSES",
        default="",
        help="Proxies whose X-Forwarded-For is believed, with commas between.",
    ),
    click.option("--log", "log_requests", is_flag=True, help="A line for each request, on standard output."),
    db_option,
    out_option,
    config_option,
)
def serve_command(
    host: str,
    port: int,
    every: int,
    forwarded_allow_ips: str,
    log_requests: bool,
    db: Path,
    out: Path,
    config: Path | None,
) -> None:
    """Serve feeds, pages, search and a JSON API over HTTP."""
    settings = _config(config)
    try:
        from feeds.server.command import serve
    except ModuleNotFoundError as error:
        raise ConfigError(f"{error.name} is missing: pip install 'orebro-news[serve]'") from None
    if not (out.is_dir() or every):
        click.echo(f"orebro: {out}/: nothing there yet; `orebro build` makes it", err=True)
    serve(
        settings,
        db,
        out,
        host=host,
        port=port,
        every=every,
        settings=config or (DEFAULT_CONFIG if DEFAULT_CONFIG.exists() else None),
        trusted=forwarded_allow_ips,
        log_requests=log_requests,
        ready=_say_address if sys.stderr.isatty() else None,
    )


def _say_address(address: str) -> None:
    click.echo(f"{address} – Ctrl-C ends it", err=True)


class SearchCommand(OneLineErrors):
    """A command whose arguments may begin with a dash: words that are to be left out."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments, `-word` as `NOT word`."""
        is_excluded = [len(one) > 2 and one[0] == "-" and one[1] != "-" for one in args]
        pairs = ((["NOT", one[1:]] if out else [one]) for one, out in zip(args, is_excluded, strict=True))
        return super().parse_args(ctx, [one for pair in pairs for one in pair])


@command(
    "search",
    click.argument("words", metavar="QUERY...", nargs=-1),
    click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Articles at most."),
    click.option(
        "--rank", is_flag=True, help="The most fitting first, of the last 90 days or those of från: and till:."
    ),
    click.option("--source", "sources", metavar="SOURCE", multiple=True, help="Only of this source; may be repeated."),
    click.option("--rebuild", is_flag=True, help="Make the index anew first."),
    db_option,
    config_option,
    json_option,
    cls=SearchCommand,
)
def search_command(
    words: Sequence[str],
    limit: int,
    rank: bool,
    sources: Sequence[str],
    rebuild: bool,
    db: Path,
    config: Path | None,
    as_json: bool,
) -> None:
    """Search the archive; exit 1 when nothing is found.

    A word is found in all its inflections; simhall* finds what begins so, "brand i villa" these words in this order.
    -word leaves out, OR takes either. Fields: titel: källa: kommun: typ: från: till: (title: source: municipality:
    kind: since: until:).
    """
    from orebro_spiders.archive import search
    from orebro_spiders.queries import parse

    settings = _config(config)
    names = tuple(settings.source(name).name for name in sources)
    asked = parse(" ".join(words)).filtered("source", names)
    say_misread(asked, settings)
    if not asked and not rebuild:
        raise click.UsageError("nothing to search for")
    archive = _archive_if_there(db)
    if archive is None:
        raise ArchiveError(f"{db}: there is no archive yet; `orebro run` makes one")
    (search.rebuild if rebuild else search.index)(archive, show_left if sys.stderr.isatty() else None)
    if not asked:
        return
    found = (
        search.best(archive, asked, limit=limit, now=datetime.now(UTC))
        if rank
        else search.found(archive, asked, limit=limit)
    )
    print_found(found, search.hits_of(archive, asked), asked, as_json=as_json)


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
                "max_silence": source.max_silence,
                "way_in": last.rung if last else None,
                "verdict": last.verdict if last else None,
            }
        )
    print_rows(rows, as_json=as_json)


@command("status", db_option, config_option, json_option)
def status_command(db: Path, config: Path | None, as_json: bool) -> None:
    """How each source fares; exit 1 when one is failing or silent."""
    from orebro_spiders.archive.database import open_archive
    from orebro_spiders.desk.verdicts import ALARMS, health_of

    settings = _config(config)
    archive, now = _archive_if_there(db) or open_archive(None), datetime.now(UTC)
    healths = [health_of(archive, source, now) for source in settings.enabled]
    rows = [
        {
            "source": health.source,
            "verdict": health.verdict,
            "last_crawl": iso(health.last_crawl),
            "last_success": iso(health.last_success),
            "last_news": iso(health.last_news),
            "problem": health.problem_line,
        }
        for health in healths
    ]
    print_rows(rows, as_json=as_json)
    if any(health.verdict in ALARMS for health in healths):
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


# Probing


def _probe(settings: Config, db: Path, place: str, url: str, name: str, *, debug: bool) -> Probe:
    """What would be read at an address, or from a file that is the page at `url`."""
    is_address = "://" in place
    if is_address and url:
        raise click.UsageError("--url is the address of a FILE")
    if not is_address and not os.path.isfile(place):  # noqa: PTH113 - `Path.is_file` raises for too long a name
        raise ConfigError(f"{place}: no such file; an address begins with https://")
    from orebro_spiders import probing

    _show_log(debug=debug)
    if is_address:
        archive = _archive_if_there(db)
        try:
            return probing.probe(settings, place, name=name, archive=archive)
        finally:
            if archive:
                archive.close()
    try:
        body = Path(place).read_bytes()
    except OSError as error:
        raise ConfigError(f"{place}: cannot be read: {error.strerror}") from None
    return probing.probe_file(settings, body, url, name=name)


def _save(settings: Config, file: Path, probed: Probe) -> dict[str, str]:
    """Add what was probed to the user's file, and say what was added."""
    _refuse_known(settings, probed)
    lines = save_source(file, probed.source.name, probed.keys)
    return {"file": str(file), "name": probed.source.name, "lines": lines}


def _with_site(settings: Config, db: Path, url: str, *, debug: bool) -> tuple[Config, list[Source]]:
    """The settings with a source for a site that is none, and that source."""
    probed = _probe(settings, db, url, "", "", debug=debug)
    _refuse_known(settings, probed)
    source = probed.source
    time.sleep(settings.http.delay)  # the crawl keeps its distance to the probe's last request
    click.echo(f"orebro: read as {source.name!r}; to keep it: orebro probe {url} --save {source.name}", err=True)
    return msgspec.structs.replace(settings, sources={**settings.sources, source.name: source}), [source]


def _refuse_known(settings: Config, probed: Probe) -> None:
    from orebro_spiders.probing import known_source

    if probed.is_article:
        home = probed.finding.document.home
        raise ConfigError(f"{probed.source.url}: one article, not a site; the site's front page may be {home}")
    if known := known_source(settings, probed.source):
        raise ConfigError(f"{known.url}: read already, as the source {known.name!r}")


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

    _show_log(debug=debug)
    archive = open_archive(db)
    try:
        due = crawling.due(archive, chosen, datetime.now(UTC), only_due=only_due)
        say_undue([source for source in chosen if source not in due])
        goal, is_watched = _midnight(since), sys.stderr.isatty()
        depth = show_depth(goal) if goal and is_watched else None
        progress = show_progress if is_watched else None
        return crawling.crawl(archive, settings, due, progress=progress, since=goal, depth=depth)
    finally:
        archive.close()


def _show_log(*, debug: bool) -> None:
    """What went wrong stands in the crawl log, a line each; Scrapy's own words are for those who look for a fault."""
    handler = logging.StreamHandler() if debug else logging.NullHandler()
    logging.basicConfig(handlers=[handler], level=logging.DEBUG if debug else logging.WARNING)


def _build(db: Path, settings: Config, out: Path) -> dict[str, Any]:
    from feeds.publish import build, is_current
    from feeds.websub import announce
    from orebro_spiders.archive.database import open_archive

    archive = open_archive(db)
    try:
        if is_current(archive, settings, out):
            return {"written": 0, "unchanged": None, "out": str(out)}
        from orebro_spiders.archive.search import index  # not for quiet runs

        built = build(archive, settings, out)
        index(archive)  # what a search would have to do first
    finally:
        archive.close()
    if built.changed and settings.site.hub and (problem := announce(settings, built.changed)):
        click.echo(f"orebro: {problem}", err=True)
    return {"written": built.written, "unchanged": built.unchanged, "out": str(out)}


def _archive_if_there(db: Path) -> Any:
    from orebro_spiders.archive.database import open_archive

    return open_archive(db) if db.exists() else None


def _midnight(day: datetime | None) -> datetime | None:
    """The beginning of a day in Örebro."""
    from orebro_spiders.reading.zones import STOCKHOLM

    return day.replace(tzinfo=STOCKHOLM) if day else None
