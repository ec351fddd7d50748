"""What all pages have in common: head, masthead, the way to other parts, foot; and how a template becomes a page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from feeds.addresses import Home, home_of
from feeds.channels import FORMATS, Channel, everything
from feeds.entries import KIND_NAMES, LANGUAGE, Entry, plain
from feeds.pages import swedish
from orebro_spiders.sources import Config

FRONT = "index.html"
ICON = "favicon.svg"
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
    is_article: bool = False
    is_indexed: bool = True
    """May search engines list it?"""
    root: str = ""
    """The way from the page to the top of what we publish; as its path says unless given."""

    @property
    def up(self) -> str:
        """Stands before the path of anything that the page links to."""
        return self.root or "../" * self.path.count("/")


def masthead_of(config: Config) -> Masthead:
    """What every page says of the whole, as the settings have it."""
    combined = everything(config.site)
    return Masthead(
        home=home_of(config.site),
        title=plain(combined.title),
        description=plain(combined.description),
        combined=combined,
    )


def render(template: str, masthead: Masthead, page: Page, **context: Any) -> bytes:
    """The page that a template (which extends `base.html`) makes of what it is given."""
    channels = tuple({channel.name: channel for channel in (*page.channels, masthead.combined)}.values())
    rendered = _environment().get_template(template)
    return rendered.render(masthead=masthead, page=page, root=page.up, advertised=channels, **context).encode()


def address_of(page: Page, home: Home) -> str:
    """Where the page is served: its one canonical address (RFC 6596)."""
    return home.url("" if page.path == FRONT else page.path)


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
    environment.filters |= {
        "address": address_of,
        "changed": changed,
        "clock": swedish.clock,
        "day_name": swedish.day_name,
        "moment": swedish.moment,
    }
    environment.globals |= {
        "formats": FORMATS,
        "front_path": FRONT,
        "icon_path": ICON,
        "kind_names": KIND_NAMES,
        "language": LANGUAGE,
        "opml_path": OPML,
        "styles_path": f"{STYLES}?v={_version(styles())}",
    }
    return environment


def _version(content: bytes) -> str:
    """Goes into the address of a file that browsers keep for long."""
    return hashlib.sha256(content).hexdigest()[:8]
