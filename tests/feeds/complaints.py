"""What is wrong with single values in a feed: addresses, dates, languages, text and HTML."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urlsplit

import lxml.html
from lxml import etree

MEDIA = "{http://search.yahoo.com/mrss/}"

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
_URI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[\w%/:?#\[\]@!$&'()*+,;=.~-]+", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TAGLIKE = re.compile(r"</?[a-zA-Z][^>]*>")
_UNSAFE_TAGS = {"script", "style", "iframe", "object", "embed", "form", "input", "meta", "link", "base"}
_ADDRESSES = ("href", "src", "poster", "background", "action", "cite")


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint: `error` breaks a rule, `warning` a recommendation."""

    level: str
    rule: str
    where: str

    def __str__(self) -> str:
        return f"{self.level}: {self.rule} ({self.where})"


def unique(values: Iterable[str | None], what: str) -> Iterator[Finding]:
    for value, count in Counter(values).items():
        if count > 1 and value:
            yield Finding("error", f"{what} more than once", value)


def newest_first(instants: list[datetime | None]) -> Iterator[Finding]:
    known = [instant for instant in instants if instant]
    if known != sorted(known, reverse=True):
        yield Finding("warning", "not newest first", "document")


def plain(element: etree._Element, names: Iterable[str], where: str) -> Iterator[Finding]:
    for name in names:
        for value in (found.text or "" for found in element.iterfind(name)):
            if _TAGLIKE.search(value):
                yield Finding("warning", f"{name} contains HTML", where)
            if value != value.strip():
                yield Finding("warning", f"white space around {name}", where)


def absolute(address: str, where: str) -> Iterator[Finding]:
    if urlsplit(address).scheme not in {"http", "https"} or not _URI.fullmatch(address):
        yield Finding("error", "not an absolute http address", f"{address!r} in {where}")


def uri(value: str, what: str, where: str) -> Iterator[Finding]:
    if not _URI.fullmatch(value):
        yield Finding("error", f"{what} is not a URI", f"{value!r} in {where}")


def language(value: str | None, where: str) -> Iterator[Finding]:
    if value is not None and not _LANGUAGE.fullmatch(value):
        yield Finding("error", "not a language tag", f"{value!r} in {where}")


def rfc822(element: etree._Element, names: Iterable[str], where: str) -> Iterator[Finding]:
    for name in names:
        for value in (found.text or "" for found in element.iterfind(name)):
            if not _is_rfc822(value):
                yield Finding(
                    "error",
                    f"{name} is not an RFC 822 date with offset and right weekday",
                    f"{value!r} in {where}",
                )


def _is_rfc822(value: str) -> bool:
    try:
        return format_datetime(parsedate_to_datetime(value)) == value.replace("GMT", "+0000")
    except ValueError:
        return False


def instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value and _RFC3339.fullmatch(value) else None


def media(element: etree._Element, where: str) -> Iterator[Finding]:
    for media in element.iterfind(f"{MEDIA}content"):
        yield from absolute(media.get("url", ""), where)
        if media.get("medium") not in {"image", "audio", "video"}:
            yield Finding("error", "media:content without a known medium", where)
        if media.get("type") == "" or media.get("fileSize") in {"", "0", "None"}:
            yield Finding("error", "media:content states what is not known", where)


def html(markup: str | None, where: str) -> Iterator[Finding]:
    """HTML that is unsafe, or that means something else where the feed is read."""
    if not markup or not markup.strip():
        return
    if re.search(r"<(?![a-zA-Z/!])", markup):
        yield Finding("warning", "not HTML: a bracket that opens no tag", where)
    for element in lxml.html.fragment_fromstring(markup, create_parent="div").iter(etree.Element):
        if element.tag in _UNSAFE_TAGS:
            yield Finding("warning", f"security risk: {element.tag}", where)
        for name, value in element.attrib.items():
            if name.startswith("on") or name == "style" or value.strip().lower().startswith(("javascript:", "data:")):
                yield Finding("warning", f"security risk: {name}={value}", where)
            elif name in _ADDRESSES and not urlsplit(value).scheme:
                yield Finding("warning", "relative address", f"{value!r} in {where}")
