"""What a strict feed validator says about a feed: every error and every warning, as a list.

Rules: RSS 2.0 (https://www.rssboard.org/rss-specification) with its Best Practices Profile
(https://www.rssboard.org/rss-profile), RFC 4287, RFC 3339, RFC 5322, Media RSS, and what the W3C Feed
Validation Service warns of. Reads bytes and knows nothing of the code that made them.

Left out on purpose: that two entries were updated in the same second. The service warns of it and says itself that
no action is needed where it is true; a day without an hour, or a page of undated news, makes it true.

    findings = check_rss(document, "https://example.se/alla.rss")
    assert not findings, "\\n".join(map(str, findings))
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path

from lxml import etree

from tests.feeds.complaints import (
    Finding,
    absolute,
    html,
    instant,
    language,
    media,
    newest_first,
    plain,
    rfc822,
    unique,
    uri,
)

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
HISTORY = "{http://purl.org/syndication/history/1.0}archive"
XML = "{http://www.w3.org/XML/1998/namespace}"

_CHANNEL_ONCE = {
    "title",
    "link",
    "description",
    "language",
    "lastBuildDate",
    "pubDate",
    "docs",
    "generator",
    "ttl",
}
_CHANNEL_ONCE |= {"copyright", "managingEditor", "webMaster", "image", "cloud"}
_ITEM_ONCE = {"title", "link", "description", "guid", "pubDate", "source", "comments", "author", "enclosure"}
_ITEM_ONCE |= {f"{CONTENT}encoded", f"{DC}language"}
_ITEM_MANY = {"category", f"{DC}creator", f"{MEDIA}content"}
_FEED_ONCE = {"id", "title", "updated", "subtitle", "generator", "icon", "logo", "rights"}
_FEED_MANY = {"author", "link", "category", "contributor", "entry"}
_ENTRY_ONCE = {"id", "title", "updated", "published", "summary", "content", "source", "rights"}
_ENTRY_MANY = {"author", "link", "category", "contributor"}
_MISTAKABLE = re.compile(rb"<title>[^<]*&amp;(?:#?\w+;|\d)[^<]*")
_SELF_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml"}


def check_rss(document: bytes, url: str) -> list[Finding]:
    """Everything that is wrong with an RSS 2.0 document served at `url`."""
    root, broken = _parsed(document)
    if root is None:
        return broken
    channels = root.findall("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or len(channels) != 1:
        return [*broken, Finding("error", "not an rss element of version 2.0 with one channel", root.tag)]
    return [*broken, *_empty_elements(root), *_channel(channels[0], url)]


def check_atom(document: bytes, url: str) -> list[Finding]:
    """Everything that is wrong with an Atom feed document served at `url`."""
    root, broken = _parsed(document)
    if root is None:
        return broken
    if root.tag != f"{ATOM}feed":
        return [*broken, Finding("error", "not an atom:feed", root.tag)]
    return [*broken, *_by_grammar(root), *_empty_elements(root), *_feed(root, url)]


@cache
def _grammar() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))


def _by_grammar(root: etree._Element) -> Iterator[Finding]:
    if not _grammar().validate(root):
        yield Finding("error", "not by the grammar of Atom", str(_grammar().error_log.last_error))


def _parsed(document: bytes) -> tuple[etree._Element | None, list[Finding]]:
    findings = []
    if not re.match(rb"<\?xml version=['\"]1\.0['\"] encoding=['\"]UTF-8['\"]\?>", document):
        findings.append(Finding("error", "no XML declaration naming UTF-8", "document"))
    if re.search("[\x7f-\x84\x86-\x9f]", document.decode(errors="replace")):
        findings.append(Finding("warning", "characters that XML discourages", "document"))
    mistakable = _MISTAKABLE.findall(document)
    findings += [Finding("warning", "title contains what looks like HTML", found.decode()) for found in mistakable]
    try:
        return etree.fromstring(document, etree.XMLParser(resolve_entities=False)), findings
    except etree.XMLSyntaxError as error:
        return None, [*findings, Finding("error", "not well-formed", str(error))]


def _empty_elements(root: etree._Element) -> Iterator[Finding]:
    for element in root.iter(etree.Element):
        if element.tag != HISTORY and not len(element) and not element.attrib and not (element.text or "").strip():
            yield Finding("warning", "empty element", element.tag)


def _channel(channel: etree._Element, url: str) -> Iterator[Finding]:
    where = "channel"
    yield from _once(channel, _CHANNEL_ONCE, {"item", "category", f"{ATOM}link", HISTORY}, where)
    for name in ("title", "link", "description"):
        if not (channel.findtext(name) or "").strip():
            yield Finding("error", f"missing {name}", where)
    for name in ("language", "lastBuildDate", "generator", "ttl"):
        if channel.find(name) is None:
            yield Finding("warning", f"missing {name}", where)
    yield from plain(channel, ("title", "description", "generator"), where)
    yield from absolute(channel.findtext("link") or "", where)
    yield from language(channel.findtext("language"), where)
    yield from rfc822(channel, ("lastBuildDate", "pubDate"), where)
    if not re.fullmatch(r"[1-9]\d*", channel.findtext("ttl", "1")):
        yield Finding("error", "ttl is not a positive number", where)
    yield from _self_link(channel.findall(f"{ATOM}link"), url, "rss")
    items = channel.findall("item")
    if items and {element.tag for element in channel[channel.index(items[0]) :]} != {"item"}:
        yield Finding("warning", "channel metadata after an item", where)
    yield from unique((item.findtext("guid") for item in items), "guid")
    yield from newest_first(
        [parsedate_to_datetime(i.findtext("pubDate", "")) for i in items if i.find("pubDate") is not None]
    )
    for item in items:
        yield from _item(item)


def _item(item: etree._Element) -> Iterator[Finding]:
    where = item.findtext("guid") or item.findtext("title") or "item"
    yield from _once(item, _ITEM_ONCE, _ITEM_MANY, where)
    if item.find("title") is None and item.find("description") is None:
        yield Finding("error", "neither title nor description", where)
    guid = item.find("guid")
    if guid is None:
        yield Finding("warning", "missing guid", where)
    elif guid.get("isPermaLink") not in {"true", "false"}:
        yield Finding("warning", "guid without isPermaLink", where)
    for name in ("pubDate", "link"):
        if item.find(name) is None:
            yield Finding("warning", f"missing {name}", where)
    if item.find("author") is not None and "@" not in (item.findtext("author") or ""):
        yield Finding("error", "author is not an e-mail address", where)
    names = [element.tag for element in item]
    if f"{CONTENT}encoded" in names and "description" not in names[: names.index(f"{CONTENT}encoded")]:
        yield Finding("warning", "content:encoded before description", where)
    yield from plain(item, ("title", "category", "source", f"{DC}creator"), where)
    yield from absolute(item.findtext("link") or "", where)
    yield from rfc822(item, ("pubDate",), where)
    yield from language(item.findtext(f"{DC}language"), where)
    yield from html(item.findtext("description"), where)
    yield from html(item.findtext(f"{CONTENT}encoded"), where)
    yield from _item_addresses(item, where)


def _item_addresses(item: etree._Element, where: str) -> Iterator[Finding]:
    for category in item.iterfind("category"):
        yield from uri(category.get("domain", "x:y"), "category domain", where)
    for source in item.iterfind("source"):
        yield from absolute(source.get("url", ""), where)
    for enclosure in item.iterfind("enclosure"):
        yield from absolute(enclosure.get("url", ""), where)
        if not (enclosure.get("length") or "").isdigit() or not enclosure.get("type"):
            yield Finding("error", "enclosure without length or type", where)
    yield from media(item, where)


def _feed(feed: etree._Element, url: str) -> Iterator[Finding]:
    where, entries = "feed", feed.findall(f"{ATOM}entry")
    yield from _once(feed, _atom(_FEED_ONCE), _atom(_FEED_MANY) | {HISTORY}, where)
    yield from _atom_metadata(feed, "error", where)
    if not feed.get(f"{XML}lang"):
        yield Finding("warning", "missing xml:lang", where)
    yield from _self_link(feed.findall(f"{ATOM}link"), url, "atom")
    tags = [element.tag for element in feed]
    if entries and set(tags[tags.index(f"{ATOM}entry") :]) != {f"{ATOM}entry"}:
        yield Finding("warning", "feed metadata after an entry", where)
    yield from unique((entry.findtext(f"{ATOM}id") for entry in entries), "id")
    yield from newest_first([instant(e.findtext(f"{ATOM}published")) for e in entries])
    for entry in entries:
        yield from _entry(entry, has_author=feed.find(f"{ATOM}author") is not None)


def _entry(entry: etree._Element, *, has_author: bool) -> Iterator[Finding]:
    where = entry.findtext(f"{ATOM}id") or "entry"
    yield from _once(entry, _atom(_ENTRY_ONCE), _atom(_ENTRY_MANY) | {f"{MEDIA}content"}, where)
    yield from _atom_metadata(entry, "error", where)
    source, content = entry.find(f"{ATOM}source"), entry.find(f"{ATOM}content")
    if not (has_author or entry.find(f"{ATOM}author") is not None):
        yield Finding("error", "missing author", where)
    if content is None and not any(
        link.get("rel", "alternate") == "alternate" for link in entry.iterfind(f"{ATOM}link")
    ):
        yield Finding("error", "neither content nor alternate link", where)
    if content is None and entry.find(f"{ATOM}summary") is None:
        yield Finding("warning", "missing textual content", where)
    if content is not None and content.get("type") not in {"text", "html"}:
        yield Finding("error", "content of a type that readers do not show", where)
    if content is not None and content.get("type") == "html":
        yield from html(content.text, where)
    if source is not None:
        yield from _once(source, _atom(_FEED_ONCE), _atom(_FEED_MANY - {"entry"}), f"source of {where}")
        yield from _atom_metadata(source, "warning", f"source of {where}")
    published, updated = (instant(entry.findtext(f"{ATOM}{name}")) for name in ("published", "updated"))
    if published and updated and published > updated:
        yield Finding("warning", "updated before published", where)
    yield from media(entry, where)


def _atom_metadata(element: etree._Element, level: str, where: str) -> Iterator[Finding]:
    for name in ("id", "title", "updated"):
        if not (element.findtext(f"{ATOM}{name}") or "").strip():
            yield Finding(level, f"missing {name}", where)
    yield from uri(element.findtext(f"{ATOM}id") or "x:y", "id", where)
    for name in ("title", "subtitle", "summary"):
        for found in element.iterfind(f"{ATOM}{name}"):
            if found.get("type", "text") != "text":
                yield Finding("warning", f"{name} is not plain text", where)
    for name in ("published", "updated"):
        for found in element.iterfind(f"{ATOM}{name}"):
            if instant(found.text) is None:
                yield Finding("error", f"{name} is not an RFC 3339 date of whole seconds", where)
    if any(not (author.findtext(f"{ATOM}name") or "").strip() for author in element.iterfind(f"{ATOM}author")):
        yield Finding("error", "author without a name", where)
    for category in element.iterfind(f"{ATOM}category"):
        if not (category.get("term") or "").strip():
            yield Finding("error", "category without a term", where)
        yield from uri(category.get("scheme", "x:y"), "category scheme", where)
    yield from _links(element.findall(f"{ATOM}link"), where)


def _links(links: list[etree._Element], where: str) -> Iterator[Finding]:
    for link in links:
        yield from absolute(link.get("href", ""), where)
    kinds = Counter(
        (link.get("type"), link.get("hreflang")) for link in links if link.get("rel", "alternate") == "alternate"
    )
    if any(count > 1 for count in kinds.values()):
        yield Finding("error", "several alternate links of one type and language", where)


def _self_link(links: Iterable[etree._Element], url: str, form: str) -> Iterator[Finding]:
    own = [link for link in links if link.get("rel") == "self"]
    if not own:
        yield Finding("warning", "missing atom:link rel=self", form)
    for link in own:
        if link.get("href") != url:
            yield Finding("warning", "self link does not match its address", str(link.get("href")))
        if link.get("type") != _SELF_TYPES[form]:
            yield Finding("warning", "self link of another type", str(link.get("type")))


def _once(element: etree._Element, once: set[str], many: set[str], where: str) -> Iterator[Finding]:
    for name, count in Counter(child.tag for child in element).items():
        if name not in once | many:
            yield Finding("error", f"unknown element {name}", where)
        elif name in once and count > 1:
            yield Finding("error", f"{name} more than once", where)


def _atom(names: set[str]) -> set[str]:
    return {ATOM + name for name in names}
