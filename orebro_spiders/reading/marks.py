"""By what a platform is known, how strongly a finding speaks for it, and what its source is to be called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from orebro_spiders.reading.discovery import Finding
from orebro_spiders.reading.selecting import select

Keys = dict[str, Any]
"""The keys of a source, as in `sources.toml`."""


def start_here(finding: Finding) -> Keys:
    """Read the site from the page that was given."""
    return {"url": finding.document.url}


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """By what a platform is known. A module in `spiders/` states its platform's as `MARKS`."""

    hosts: tuple[str, ...] = ()
    """Hosts that are the platform's own, with all below them."""
    selectors: tuple[str, ...] = ()
    """CSS: what only pages of the platform hold."""
    record: frozenset[str] = frozenset()
    """The keys of an object in its API's lists."""
    rest: bool = False
    """Known by an answering REST API of WordPress."""
    any_site: int = 0
    """Above 0 it reads sites of any make, where no other platform does; the higher goes first."""
    keys: Callable[[Finding], Keys | None] = start_here
    """The keys of the source that reads what was found; `None` when there is no way in."""


HOST, SIGN = 1000, 100


def is_hosted(marks: Marks, url: str) -> bool:
    """Is the address one of the platform's own hosts?"""
    host = urlsplit(url).hostname or ""
    return any(host == one or host.endswith(f".{one}") for one in marks.hosts)


def strength(marks: Marks, finding: Finding) -> int:
    """How strongly a finding speaks for a platform; 0 means not at all."""
    document = finding.document
    if is_hosted(marks, document.url):
        return HOST
    by_record = bool(marks.record) and marks.record <= document.record
    by_markup = document.tree is not None and bool(select(document.tree, marks.selectors))
    if by_record or by_markup or (marks.rest and finding.rest):
        return SIGN
    return marks.any_site


def ranked(platforms: dict[str, Marks], finding: Finding) -> Iterator[tuple[str, Keys]]:
    """The platforms that may read what was found, the likeliest first, each with its source's keys."""
    strengths = {name: strength(marks, finding) for name, marks in platforms.items()}
    for name in sorted(platforms, key=lambda name: -strengths[name]):
        keys = platforms[name].keys(finding) if strengths[name] else None
        if keys is not None:
            yield name, keys


# Names


def name_of(url: str, *, is_hosted: bool = False) -> str:
    """A name for a source: its host's, or on a platform's host the last part of its path.

    >>> name_of("https://www.örebrobladet.example/"), name_of("http://127.0.0.1:8080/")
    ('orebrobladet', '127-0-0-1-8080')
    >>> name_of("https://www.mynewsdesk.com/se/orebrobostader", is_hosted=True)
    'orebrobostader'
    """
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rpartition("/")[2]
    host = _readable(parts.hostname or "").removeprefix("www.")
    domain = host if parts.port else host.rpartition(".")[0] or host
    words = last if is_hosted and last else f"{domain} {parts.port or ''}"
    return _as_name(words) or "kalla"


def _readable(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def _as_name(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
