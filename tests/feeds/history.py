"""What is wrong with the archive behind a feed (RFC 5005, section 4): walked as a client walks it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import NamedTuple

from lxml import etree

from tests.feeds.complaints import Finding
from tests.feeds.conformance import ATOM

_ARCHIVE = "{http://purl.org/syndication/history/1.0}archive"


class Walk(NamedTuple):
    """The ids that were found, newest document first, and what was wrong on the way."""

    ids: list[str]
    documents: list[str]
    findings: list[Finding]


def walk(fetch: Callable[[str], bytes], url: str) -> Walk:
    """Follow `prev-archive` from the feed at `url` to the end, Atom or RSS."""
    seen = Walk([], [], [])
    after, at = "", url
    while at:
        if at in seen.documents:
            seen.findings.append(Finding("error", "the archive goes round in a circle", at))
            break
        seen.documents.append(at)
        root = etree.fromstring(fetch(at))
        seen.ids.extend(found.text or "" for found in root.iter(f"{ATOM}id", "guid") if _is_of_entry(found))
        links = {link.get("rel"): link.get("href") for link in _head(root).iterfind(f"{ATOM}link")}
        if at != url:
            seen.findings.extend(_archive(root, links, at, url, after))
        elif _head(root).find(_ARCHIVE) is not None or "current" in links:
            seen.findings.append(Finding("error", "the feed itself calls itself an archive", at))
        after, at = at if at != url else "", links.get("prev-archive") or ""
    return seen


def walk_json(fetch: Callable[[str], bytes], url: str) -> list[str]:
    """The ids that a reader of JSON Feed finds by `next_url`."""
    ids = []
    while url:
        feed = json.loads(fetch(url))
        ids += [item["id"] for item in feed["items"]]
        url = feed.get("next_url", "")
    return ids


def _archive(
    root: etree._Element, links: dict[str | None, str | None], at: str, current: str, after: str
) -> Iterator[Finding]:
    if _head(root).find(_ARCHIVE) is None:
        yield Finding("error", "an archive document without fh:archive", at)
    if links.get("current") != current:
        yield Finding("error", "current is not the feed", at)
    if (links.get("next-archive") or "") != after:
        yield Finding("error", "next-archive is not the one it was found from", at)
    if links.get("self") != at:
        yield Finding("error", "self link does not match its address", at)


def _head(root: etree._Element) -> etree._Element:
    channel = root.find("channel")
    return root if channel is None else channel


def _is_of_entry(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag in {f"{ATOM}entry", "item"}
