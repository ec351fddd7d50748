"""What all pages have in common: head, masthead, the way to other parts, foot; and how a template becomes a page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from feeds.addresses import Home, home_of
from feeds.channels import FORMATS, Channel, everything, name_of, of_kind, of_municipality, page_path
from feeds.entries import KIND_NAMES, LANGUAGE, Entry, Origin, plain
from feeds.pages import swedish
from orebro_spiders.items import KINDS
from orebro_spiders.reading.places import MUNICIPALITIES
from orebro_spiders.sources import Config, Site

FRONT = "index.html"
DAYS = "dagar.html"
SUBSCRIBE = "prenumerera.html"
HEALTH = "halsa.html"
ABOUT = "om.html"
ICON = "favicon.svg"
SEARCH = "sok"
"""Path of the search page."""
STYLES = "style.css"
OPML = "feeds.opml"

_TEMPLATES = Path(__file__).parents[1] / "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Masthead:
    """What every page says of the whole."""

    home: Home
    title: str
    description: str
    combined: Channel
    """The feed of everything: every page names it."""
    search: str = ""
    """Path of the search page, where one is served."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says of itself."""

    path: str
    """Where it lies in what we publish, or is served; its links are relative to that."""
    title: str
    description: str
    channels: tuple[Channel, ...] = ()
    """Whose feeds browsers and readers find in it, before the combined one."""
    structured: dict[str, Any] | None = None
    """What it says to machines, as JSON-LD."""
    is_article: bool = False
    is_indexed: bool = True
    """May search engines list it?"""
    root: str = ""
    """The way from the page to the top of what we publish; as its path says unless given."""

    @property
    def up(self) -> str:
        """Stands before the path of anything that the page links to."""
        return self.root or "../" * self.path.count("/")


@dataclass(frozen=True, slots=True)
class Day:
    """The entries of one day, newest first."""

    date: date
    entries: tuple[Entry, ...]


def masthead_of(config: Config) -> Masthead:
    """What every page says of the whole, as the settings have it."""
    combined = everything(config.site)
    return Masthead(
        home=home_of(config.site),
        title=plain(combined.title),
        description=plain(combined.description),
        combined=combined,
        search=SEARCH if config.site.search else "",
    )


def render(template: str, masthead: Masthead, page: Page, **context: Any) -> bytes:
    """The page that a template (which extends `base.html`) makes of what it is given."""
    channels = tuple({channel.name: channel for channel in (*page.channels, masthead.combined)}.values())
    rendered = _environment().get_template(template)
    return rendered.render(masthead=masthead, page=page, root=page.up, advertised=channels, **context).encode()


def address_of(page: Page, home: Home) -> str:
    """Where the page is served: its one canonical address (RFC 6596)."""
    return home.url("" if page.path == FRONT else page.path)


def by_day(entries: Iterable[Entry]) -> list[Day]:
    """The entries by the day in Örebro that they were published on."""
    grouped = groupby(entries, lambda entry: swedish.local(entry.published).date())
    return [Day(day, tuple(group)) for day, group in grouped]


def is_front(channel: Channel) -> bool:
    """Is it the channel of everything, whose page is the front page?"""
    return not page_path(channel)


def day_path(day: date) -> str:
    """Where the page of a day lies."""
    return f"dag/{day.isoformat()}.html"


def changed(entry: Entry) -> str:
    """When the entry was changed after it was published, as short as can be; empty when it was not."""
    if entry.updated - entry.published < timedelta(minutes=1):
        return ""
    return swedish.later(entry.updated, entry.published)


def styles() -> bytes:
    """The stylesheet of all pages."""
    return (_TEMPLATES / STYLES).read_bytes()


def icon() -> bytes:
    """The sign of the site, as SVG."""
    return (_TEMPLATES / ICON).read_bytes()


def _page_of_origin(origin: Origin) -> str:
    """Path of the source's page; empty for a source that the settings do not know (any more)."""
    return f"{name_of(origin.name)}.html" if origin.address else ""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    environment.filters |= {
        "address": address_of,
        "changed": changed,
        "counted": swedish.counted,
        "clock": swedish.clock,
        "day_name": swedish.day_name,
        "day_path": day_path,
        "local_day": lambda instant: swedish.local(instant).date(),
        "moment": swedish.moment,
        "page_of_origin": _page_of_origin,
        "page_path": page_path,
    }
    environment.globals |= {
        "formats": FORMATS,
        "front_path": FRONT,
        "icon_path": ICON,
        "kind_names": KIND_NAMES,
        "kind_pages": {kind: page_path(of_kind(kind, Site())) for kind in KINDS},
        "language": LANGUAGE,
        "municipality_pages": {name: page_path(of_municipality(name, Site())) for name in MUNICIPALITIES},
        "opml_path": OPML,
        "parts_of_site": ((DAYS, "Dag för dag"), (SUBSCRIBE, "Prenumerera"), (HEALTH, "Källorna"), (ABOUT, "Om")),
        "styles_path": f"{STYLES}?v={_version(styles())}",
    }
    return environment


def _version(content: bytes) -> str:
    """Goes into the address of a file that browsers keep for long."""
    return hashlib.sha256(content).hexdigest()[:8]
