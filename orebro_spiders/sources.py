"""Sources: the newsrooms we read, and the user's `orebro.toml`.

The bundled `sources.toml` holds the county; `orebro.toml` adds sources, changes bundled ones key by key and
sets up the site. Every wrong key is a `ConfigError` that names file, table and key.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Collection, Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from orebro_spiders import __version__
from orebro_spiders.errors import ConfigError, UnknownSourceError
from orebro_spiders.items import Kind

if TYPE_CHECKING:
    from orebro_spiders.queries import Query

LOCAL = "http://localhost:8000/"
BUNDLED = Path(__file__).with_name("sources.toml")
PLATFORMS = ("feed", "mynewsdesk", "pages", "polisen", "sitevision", "sverigesradio", "viatt", "wordpress")

_NUMBERS = {
    "sverigesradio": re.compile(r"(?:[?&]programid=|/program/)(\d+)"),
    "viatt": re.compile(r"(?:[?&]publisherId=|/pressrum/)(\d+)"),
}
"""Platforms on which a number in the address says whose news it is, and how it stands there."""
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}

T = TypeVar("T")
Words = str | tuple[str, ...]
"""One value or several."""
Seconds = Annotated[float, msgspec.Meta(ge=0, le=366 * 86400)]
NAME = r"^[a-z0-9][a-z0-9-]*$"
Duration = Annotated[str, msgspec.Meta(pattern=r"^([1-9][0-9]{0,3}[hdw])?$")]
"""Hours, days or weeks: "36h", "3d", "2w"; empty for none."""
HeaderName = Annotated[str, msgspec.Meta(pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")]
"""A field name (RFC 9110, section 5.1)."""
HeaderValue = Annotated[str, msgspec.Meta(pattern=r"^[\x20-\x7e]*$")]
Name = Annotated[str, msgspec.Meta(pattern=NAME)]


class PageSelectors(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a site keeps things: CSS selectors, of several the first that finds something."""

    list: Words = ()
    """Each entry of the site's list."""
    link: Words = ()
    """Inside an entry: the link to the article; its first link unless given."""
    title: Words = ()
    body: Words = ()
    date: Words = ()
    author: Words = ()
    strip: Words = ()
    """What stands inside the body and is no part of the text."""


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One newsroom: where it is and how it is read."""

    name: Name
    title: str
    """What readers see."""
    platform: str
    """Which spider reads it: one of `PLATFORMS`."""
    url: str
    """The site, press room, API or feed to start from."""
    kind: Kind = "news"
    municipality: str = ""
    """The municipality that its news is about where an article names no place itself."""
    language: str = "sv"
    enabled: bool = True
    verified: bool = False
    """Has its address been seen to work in production?"""
    feed: str = ""
    """A feed of the press room or site, where the usual address is not it."""
    follow: bool = False
    """Fetch the article pages that a feed links to, for their full text."""
    javascript: bool = False
    """Let a browser run the scripts of its pages, where they show nothing without."""
    user_agent: HeaderValue = ""
    """What we call ourselves there, where it must be something else than everywhere."""
    headers: dict[HeaderName, HeaderValue] = {}
    """Request headers that its host wants, beside or instead of the usual ones."""
    proxy: str = ""
    """A proxy that its requests go through: `http://host:port`, with `user:password@` where it asks for them."""
    include: Words = ()
    """Only articles under these paths are read (`/nyheter/`, or a pattern with `*`)."""
    exclude: Words = ()
    """Articles under these paths are left out."""
    selectors: PageSelectors | None = None
    """For a site of its own kind: where its pages keep things."""
    delay: Seconds | None = None
    """Seconds between two requests to its host; `[http] delay` unless set."""
    every: Seconds = 0
    """Seconds that pass at least between two crawls of it."""
    backlog: Annotated[int, msgspec.Meta(ge=1)] = 2000
    """How many articles back the first crawls go."""
    ladder: tuple[str, ...] = ()
    """The ways in that are used, best first, where it is not all that the platform knows."""
    max_silence: Duration = ""
    """How long it goes without news when all is well: a longer silence means that something is wrong."""

    @property
    def number(self) -> str:
        """The number in its address that says whose news it is (programme, publisher); empty where there is none."""
        return number_in(self.platform, self.url)

    @property
    def longest_silence(self) -> timedelta | None:
        """`max_silence` as a span of time; `None` where nothing is expected."""
        if not self.max_silence:
            return None
        return timedelta(**{_UNITS[self.max_silence[-1]]: int(self.max_silence[:-1])})


class Site(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What we are to the world: title and address of what we publish, and whom to write to."""

    title: str = "Nyheter från Örebro län"
    base_url: str = LOCAL
    """Where what we build is served; feeds state it as their own address."""
    contact: str = ""
    """E-mail or page address that the sites we read can turn to; part of the User-Agent."""
    hub: str = ""
    """A WebSub hub that is told of every changed feed, and tells those who subscribe through it."""
    search: bool = False
    """Is it `orebro serve` that serves the site? Then all pages lead to its search."""
    full_text: bool = False
    """Give the whole text of news in the feeds too: for one's own use only."""


class Http(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How we behave as a visitor."""

    allow_private: tuple[str, ...] = ()
    """`host:port` of test and intranet addresses that may be fetched."""
    delay: Seconds = 1.0
    """Seconds between two requests to one host."""
    timeout: Annotated[float, msgspec.Meta(gt=0, le=3600)] = 30.0
    """Seconds that one answer may take from first to last byte."""
    max_size: Annotated[int, msgspec.Meta(gt=0)] = 10_000_000
    """Bytes that one answer may hold, unpacked."""
    chromium: str = ""
    """The Chromium that runs scripts, where it is not the one on the PATH."""


class SavedFeed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A saved query that becomes a channel; the keys beside the query narrow it, each to one of its values."""

    title: Annotated[str, msgspec.Meta(pattern=r"\S")]
    """What readers see."""
    query: str
    """May be empty where another key says what is wanted."""
    source: Words = ()
    """Only of these sources, by name."""
    municipality: Words = ()
    """Only about these municipalities."""
    kind: Words = ()
    """Only of these kinds, as a query names them."""

    def asked(self) -> Query:
        """What it asks for in all."""
        query = self.parts()["query"]
        query = query.narrowed("source", several(self.source))
        query = query.narrowed("municipality", several(self.municipality))
        return query.narrowed("kind", several(self.kind))

    def parts(self) -> dict[str, Query]:
        """What each of its keys asks for."""
        from orebro_spiders.queries import Query, parse  # only for those who saved one

        everything = Query(None)
        return {
            "query": parse(self.query),
            "source": everything.narrowed("source", several(self.source)),
            "municipality": everything.narrowed("municipality", several(self.municipality)),
            "kind": everything.narrowed("kind", several(self.kind)),
        }


class SavedWatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A saved query that somebody wants to be told about."""

    query: str

    def parts(self) -> dict[str, Query]:
        """What each of its keys asks for."""
        from orebro_spiders.queries import parse  # only for those who saved one

        return {"query": parse(self.query)}


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the user can set, checked."""

    site: Site = Site()
    http: Http = Http()
    sources: dict[str, Source] = {}
    feeds: dict[str, SavedFeed] = {}
    watches: dict[str, SavedWatch] = {}

    @property
    def enabled(self) -> list[Source]:
        """The sources that are read, in the order of the files."""
        return [source for source in self.sources.values() if source.enabled]

    @property
    def user_agent(self) -> str:
        """How we name ourselves to the sites we read (RFC 9110, section 10.1.5)."""
        about = [self.site.base_url] if self.site.base_url != LOCAL else []
        about += [self.site.contact] if self.site.contact else []
        return f"OrebroNews/{__version__}" + (f" (+{'; '.join(about)})" if about else "")

    @property
    def authority(self) -> str:
        """The domain name that ids are minted under (RFC 4151, section 2.1)."""
        host = urlsplit(self.site.base_url).hostname or ""
        return host.encode("idna").decode("ascii")

    def source(self, name: str) -> Source:
        """The source of that name; `UnknownSourceError` with the nearest names if there is none."""
        try:
            return self.sources[name]
        except KeyError:
            near = difflib.get_close_matches(name.lower(), self.sources, n=3)
            hint = f"; did you mean {', '.join(near)}?" if near else "; see `orebro sources`"
            raise UnknownSourceError(f"no source is called {name!r}{hint}") from None

    def chosen(self, names: Iterable[str]) -> list[Source]:
        """The named sources, or all enabled ones when no name is given."""
        named = [self.source(name) for name in names]
        return named or self.enabled


def load_config(path: Path | None = None, *, bundled: Path | None = BUNDLED) -> Config:
    """Read the bundled sources and, if given, the user's file.

    A source of the user's that has a bundled one's name changes only the keys that it states.
    Raises `ConfigError` when a file cannot be read or says something that is not understood.
    """
    user = _read_toml(path) if path else {}
    where = str(path or "")
    if unknown := set(user) - set(Config.__struct_fields__):
        raise ConfigError(f"{where}: unknown table [{min(unknown)}]")
    ours = _named_tables(str(bundled), _read_toml(bundled) if bundled else {})
    theirs = _named_tables(where, user.get("sources", {}), "sources.")
    sources = {name: source_of(str(bundled), name, table) for name, table in ours.items() if name not in theirs}
    sources |= {name: source_of(where, f"sources.{name}", ours.get(name, {}) | t) for name, t in theirs.items()}
    site = _convert(where, "site", user.get("site", {}), Site)
    _check_address(where, "site", "base_url", site.base_url)
    if site.hub:
        _check_address(where, "site", "hub", site.hub)
    config = Config(
        site=site,
        http=_convert(where, "http", user.get("http", {}), Http),
        sources=sources,
        feeds=_saved(where, "feeds", user, SavedFeed),
        watches=_saved(where, "watches", user, SavedWatch),
    )
    for key, saved in (("feeds", config.feeds), ("watches", config.watches)):
        for name, one in saved.items():
            _check_query(where, f"{key}.{name}", one.parts(), sources)
    return config


def number_in(platform: str, address: str) -> str:
    """The number in an address that says whose news it is on that platform; empty where there is none.

    >>> number_in("viatt", "https://via.tt.se/pressrum/3235654/region"), number_in("feed", "https://a.se/program/1")
    ('3235654', '')
    """
    found = _NUMBERS[platform].search(address) if platform in _NUMBERS else None
    return found[1] if found else ""


def check_new_name(config: Config, name: str) -> None:
    """Raises `ConfigError` when a new source cannot have that name."""
    if not re.fullmatch(NAME, name):
        raise ConfigError(f"{name!r} is no name for a source: small letters a to z, digits and hyphens")
    if name in config.sources:
        raise ConfigError(f"a source is called {name!r} already; see `orebro sources`")


def save_source(path: Path, name: str, keys: dict[str, Any]) -> str:
    """Add a source at the end of the user's file, where all else stays as it is; the lines that were added.

    The file is made when it is not there. Raises `ConfigError` when it cannot take the source.
    """
    lines = [f"[sources.{name}]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in keys.items())]
    table = "\n".join(lines) + "\n"
    before = _read_text(path) if path.exists() else ""
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    try:
        tomllib.loads(before + gap + table)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: [sources.{name}] cannot be added: {error}") from None
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(gap + table)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from None
    return table


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None


def _named_tables(where: str, tables: Any, prefix: str = "") -> dict[str, dict[str, Any]]:
    if not isinstance(tables, dict):
        raise ConfigError(f"{where}: [{prefix.rstrip('.')}] is not a table")
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise ConfigError(f"{where}: [{prefix}{name}] is not a table")
    return tables


def _saved(where: str, key: str, user: dict[str, Any], kind: type[T]) -> dict[str, T]:
    tables = _named_tables(where, user.get(key, {}), f"{key}.")
    for name in tables:
        if not re.fullmatch(NAME, name):
            raise ConfigError(
                f"{where}: [{key}.{name}]: its name holds other than small letters a to z, digits, hyphens"
            )
    return {name: _convert(where, f"{key}.{name}", table, kind) for name, table in tables.items()}


def _check_query(where: str, table: str, parts: dict[str, Query], sources: Collection[str]) -> None:
    for key, query in parts.items():
        problems: list[str] = list(query.problems)
        problems += [f"no source is called {name!r}" for name in sorted(query.values_of("source") - set(sources))]
        if not any(parts.values()) and not problems:
            problems.append("it asks for nothing")
        if problems:
            raise ConfigError(f"{where}: [{table}]: `{key}`: {'; '.join(problems)}")


def _convert(where: str, table: str, values: Any, kind: type[T]) -> T:
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{where}: [{table}]: {_in_our_words(str(error))}") from None


def _in_our_words(message: str) -> str:
    """msgspec's message with the key in front: "`kind`: Invalid enum value 'x'"."""
    problem, _, path = message.partition(" - at `$.")
    problem = problem.replace("Object contains unknown field", "unknown key")
    problem = problem.replace("Object missing required field", "missing key")
    return f"`{path.rstrip('`')}`: {problem}" if path else problem


def source_of(where: str, table: str, values: dict[str, Any]) -> Source:
    """The source that a table describes; a `ConfigError` names `where` and the table."""
    name = table.removeprefix("sources.")
    source = _convert(where, table, {**values, "name": name}, Source)
    if source.platform not in PLATFORMS:
        raise ConfigError(f"{where}: [{table}]: `platform`: {source.platform!r} is none of {', '.join(PLATFORMS)}")
    _check_address(where, table, "url", source.url)
    if source.platform in _NUMBERS and not source.number:
        raise ConfigError(f"{where}: [{table}]: `url`: {source.url!r} holds no number of a programme or publisher")
    if source.proxy:
        _check_address(where, table, "proxy", source.proxy)
    if any(name.lower() == "user-agent" for name in source.headers):
        raise ConfigError(f"{where}: [{table}]: `headers`: use `user_agent`, which robots.txt is read by too")
    if source.selectors:
        _check_selectors(where, f"{table}.selectors", source.selectors)
    return source


def several(words: Words) -> tuple[str, ...]:
    """A setting that may be one value or several, as several."""
    return (words,) if isinstance(words, str) else words


def _check_selectors(where: str, table: str, selectors: PageSelectors) -> None:
    from lxml.cssselect import CSSSelector, SelectorError  # only where somebody has written selectors

    for key, words in msgspec.structs.asdict(selectors).items():
        for selector in several(words):
            try:
                CSSSelector(selector, translator="html")
            except SelectorError as error:
                raise ConfigError(f"{where}: [{table}]: `{key}`: {selector!r} is no CSS selector: {error}") from None


def _check_address(where: str, table: str, key: str, address: str) -> None:
    try:
        parts = urlsplit(address)
        is_usable = (
            parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0 and " " not in address
        )
        (parts.hostname or "").encode("idna")
    except ValueError:
        is_usable = False
    if not is_usable:
        raise ConfigError(f"{where}: [{table}]: `{key}`: {address!r} is not an http or https address")
