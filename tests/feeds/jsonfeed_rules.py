"""What is wrong with a JSON Feed 1.1 document (https://www.jsonfeed.org/version/1.1/), as a list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.feeds.complaints import Finding, absolute, html, instant, language, newest_first, unique

_FEED = {
    "version": str, "title": str, "home_page_url": str, "feed_url": str, "description": str, "user_comment": str,
    "next_url": str, "icon": str, "favicon": str, "authors": list, "language": str, "expired": bool, "hubs": list,
    "items": list,
}  # fmt: skip
_ITEM = {
    "id": str, "url": str, "external_url": str, "title": str, "content_html": str, "content_text": str,
    "summary": str, "image": str, "banner_image": str, "date_published": str, "date_modified": str, "authors": list,
    "tags": list, "language": str, "attachments": list,
}  # fmt: skip


def check_json(document: bytes, url: str) -> list[Finding]:
    """Everything that is wrong with a JSON Feed served at `url`."""
    try:
        feed = json.loads(document.decode())
    except ValueError as error:
        return [Finding("error", "not JSON in UTF-8", str(error))]
    return list(_feed(feed, url))


def _feed(feed: dict[str, Any], url: str) -> Iterator[Finding]:
    yield from _members(feed, _FEED, ("version", "title", "items"), "feed")
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        yield Finding("error", "another version", str(feed.get("version")))
    if feed.get("feed_url") != url:
        yield Finding("warning", "feed_url does not match its address", str(feed.get("feed_url")))
    for name in ("home_page_url", "next_url"):
        if name in feed:
            yield from absolute(feed[name], name)
    if feed.get("next_url") == url:
        yield Finding("error", "next_url is the feed itself", url)
    yield from language(feed.get("language"), "feed")
    yield from _authors(feed, "feed")
    for hub in feed.get("hubs", ()):
        if set(hub) != {"type", "url"}:
            yield Finding("error", "hub without type or url", str(hub))
    items = feed.get("items", [])
    yield from unique((item.get("id") for item in items), "id")
    yield from newest_first([instant(item.get("date_published")) for item in items])
    for item in items:
        yield from _item(item)


def _item(item: dict[str, Any]) -> Iterator[Finding]:
    where = str(item.get("id"))
    yield from _members(item, _ITEM, ("id", "url", "title", "date_published"), where)
    if not (item.get("content_html") or item.get("content_text")):
        yield Finding("error", "neither content_html nor content_text", where)
    for name in ("url", "external_url", "image", "banner_image"):
        if name in item:
            yield from absolute(item[name], where)
    for name in ("date_published", "date_modified"):
        if name in item and instant(item[name]) is None:
            yield Finding("error", f"{name} is not an RFC 3339 date of whole seconds", where)
    if item.get("date_modified") and item["date_modified"] <= item["date_published"]:
        yield Finding("warning", "modified before or as it was published", where)
    if not all(isinstance(tag, str) and tag.strip() for tag in item.get("tags", ())):
        yield Finding("error", "an empty tag", where)
    for attachment in item.get("attachments", ()):
        if not {"url", "mime_type"} <= set(attachment):
            yield Finding("error", "attachment without url or mime_type", where)
    yield from language(item.get("language"), where)
    yield from _authors(item, where)
    yield from html(item.get("content_html"), where)


def _members(value: dict[str, Any], known: dict[str, type], needed: tuple[str, ...], where: str) -> Iterator[Finding]:
    for name, member in value.items():
        if name.startswith("_"):
            if not (isinstance(member, dict) and name[1:2].isalpha()):
                yield Finding("error", "an extension that is no object", name)
        elif name not in known:
            yield Finding("error", f"unknown member {name}", where)
        elif not isinstance(member, known[name]) or (not member and name != "items"):
            yield Finding("error", f"{name} of another type, or empty", where)
    for name in needed:
        if name not in value:
            yield Finding("error", f"missing {name}", where)


def _authors(value: dict[str, Any], where: str) -> Iterator[Finding]:
    for author in value.get("authors", ()):
        if not {"name", "url", "avatar"} & set(author) or not all(author.values()):
            yield Finding("error", "author without a name", where)
