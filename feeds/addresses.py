"""Where what we publish is found, and what it is called for ever."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote, urlsplit

from orebro_spiders.errors import ConfigError
from orebro_spiders.reading.urls import canonical_url
from orebro_spiders.reading.zones import STOCKHOLM
from orebro_spiders.sources import Site, Source

MINTED = 2026
"""The year that our own `tag:` URIs are minted in (RFC 4151, section 2.1): never changed."""

ARTICLES = "artikel"
"""The folder of all article pages."""

_URL_IS_A_PAGE = frozenset({"mynewsdesk", "wordpress"})
_FILE_NAME = re.compile(r"[A-Za-z0-9-]+_[A-Za-z0-9][A-Za-z0-9.-]{0,79}")
_URI_CHARACTERS = "%/:?#[]@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True)
class Home:
    """The address that what we publish is served under; ends in a slash."""

    base: str

    def url(self, path: str = "") -> str:
        """The absolute address of one of our files.

        >>> Home("https://nyheter.example.se/").url("kalla/na.rss")
        'https://nyheter.example.se/kalla/na.rss'
        """
        return self.base + path

    def tag(self, name: str) -> str:
        """A `tag:` URI of ours (RFC 4151): for feeds and for category schemes.

        >>> Home("https://nyheter.example.se/").tag("feed/alla")
        'tag:nyheter.example.se,2026:feed/alla'
        """
        return f"tag:{urlsplit(self.base).hostname},{MINTED}:{name}"


def home_of(site: Site) -> Home:
    """Our address as the settings give it, with or without its last slash.

    Raises `ConfigError` when it is not an http address.

    >>> home_of(Site(base_url="https://example.se/nyheter")).base
    'https://example.se/nyheter/'
    """
    base = link_to(site.base_url)
    if not base:
        raise ConfigError(f"[site]: `base_url`: {site.base_url!r} is not an http or https address")
    return Home(base.rstrip("/") + "/")


def link_to(address: str) -> str:
    """The address as feeds may state it (RFC 3986: ASCII alone); empty when it is no http address.

    >>> link_to("https://example.se/sök?q=Örebro län")
    'https://example.se/s%C3%B6k?q=%C3%96rebro%20l%C3%A4n'
    """
    return quote(canonical_url(address), safe=_URI_CHARACTERS)


def page_of(source: Source) -> str:
    """The page where people find the newsroom: its own address, or the front of the host of its API or feed.

    >>> page_of(Source(name="p4", title="P4 Örebro", platform="feed", url="https://api.sr.se/rss/159"))
    'https://sr.se/'
    """
    url = link_to(source.url)
    if source.platform in _URL_IS_A_PAGE:
        return url
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.removeprefix('api.')}/"


def slug(title: str) -> str:
    """A title as a part of an address: never to be changed, since subscribers hold on to it.

    >>> slug("Hällefors"), slug("Bygge & boende i Örebro")
    ('hallefors', 'bygge-boende-i-orebro')
    """
    ascii_only = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return "-".join(re.findall("[a-z0-9]+", ascii_only))


def article_path(article_id: str, published: datetime) -> str:
    """Where the article's own page lies: under the day in Örebro that it was published on, named by source and number.

    An id that would be no good name for a file gives way to 128 bits of it.

    >>> article_path("tag:nyheter.example.se,2026:na/42", datetime.fromisoformat("2026-11-21T23:30:00Z"))
    'artikel/2026-11-22/na_42.html'
    >>> article_path("tag:nyheter.example.se,2026:na/../x", datetime.fromisoformat("2026-11-21T10:00:00Z"))
    'artikel/2026-11-21/5f44fe72e9668673b264fb91f964865c.html'
    """
    name = article_id.partition(":")[2].partition(":")[2].replace("/", "_", 1)
    if not _FILE_NAME.fullmatch(name):
        name = hashlib.sha256(article_id.encode()).hexdigest()[:32]
    return f"{folder_of(published.astimezone(STOCKHOLM).date())}{name}.html"


def folder_of(day: date) -> str:
    """Where the pages of all articles lie that were published on that day."""
    return f"{ARTICLES}/{day.isoformat()}/"
