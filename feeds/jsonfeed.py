"""Feeds as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

from typing import Any

import msgspec

from feeds.channels import JSON
from feeds.entries import LANGUAGE, Entry, Feed

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(feed: Feed) -> bytes:
    """The feed as JSON, UTF-8, one member a line."""
    document = _stated(
        version=VERSION,
        title=feed.title,
        home_page_url=feed.page,
        feed_url=feed.url(JSON),
        description=feed.description,
        next_url=f"{feed.volume.older}.{JSON.suffix}" if feed.volume.older else "",
        authors=[{"name": feed.author}],
        language=LANGUAGE,
        hubs=[{"type": "WebSub", "url": feed.hub}] if feed.hub else [],
    )
    document["items"] = [_item(entry, is_combined=entry.origin.feed_id != feed.id) for entry in feed.entries]
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def _item(entry: Entry, *, is_combined: bool) -> dict[str, Any]:
    """Its whole text, or the summary in place of one; `_source` is an extension: the feed that it comes from."""
    return _stated(
        id=entry.id,
        url=entry.link,
        title=entry.title,
        summary=entry.summary if entry.html else "",
        content_html=entry.html,
        content_text="" if entry.html else entry.summary,
        image=entry.image,
        date_published=entry.published.isoformat(),
        date_modified=entry.updated.isoformat() if entry.updated > entry.published else "",
        authors=[{"name": name} for name in entry.authors],
        tags=[category.term for category in entry.categories],
        language=entry.language if entry.language != LANGUAGE else "",
        _source=_source(entry) if is_combined else {},
    )


def _source(entry: Entry) -> dict[str, Any]:
    origin = entry.origin
    return _stated(title=origin.title, home_page_url=origin.page, feed_url=origin.url(JSON))


def _stated(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
