"""How to subscribe: every channel in every format, and one click for common readers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from feeds.channels import RSS, Channel
from feeds.pages.front import groups
from feeds.pages.layout import SUBSCRIBE, Masthead, Page, render

READERS = (
    ("Feedly", "https://feedly.com/i/subscription/feed%2F{}"),
    ("Inoreader", "https://www.inoreader.com/?add_feed={}"),
    ("NewsBlur", "https://www.newsblur.com/?url={}"),
    ("Feedbin", "https://feedbin.com/?subscribe={}"),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={}"),
)
"""Readers on the web, and the address that subscribes to the feed whose own address is put into it."""
SELF_HOSTED = (
    ("FreshRSS", "/i/?c=feed&a=add&url_rss={}"),
    ("Miniflux", "/bookmarklet?uri={}"),
    ("Tiny Tiny RSS", "/public.php?op=bookmarklets--subscribe&feed_url={}"),
)
"""Readers that everybody runs for themselves, and what follows on the reader's own address."""


@dataclass(frozen=True, slots=True)
class Way:
    """One click, or one address to copy, that subscribes."""

    reader: str
    address: str


def subscribe_page(masthead: Masthead, shown: Iterable[Channel]) -> bytes:
    """Every channel with its feeds, and the ways into common readers."""
    page = Page(
        path=SUBSCRIBE,
        title="Prenumerera",
        description=f"Alla flöden från {masthead.title}: RSS, Atom och JSON Feed, och hur du följer dem.",
    )
    combined = _quoted(masthead, masthead.combined)
    return render(
        "subscribe.html",
        masthead,
        page,
        groups=groups(shown),
        ways=partial(ways, masthead),
        hosted=[Way(name, pattern.format(combined)) for name, pattern in SELF_HOSTED],
    )


def ways(masthead: Masthead, channel: Channel) -> list[Way]:
    """Into readers on the web, then by the `feed:` scheme, which programs such as NetNewsWire register.

    The scheme stands before the whole address (https://en.wikipedia.org/wiki/Feed_URI_scheme).
    """
    into = [Way(name, pattern.format(_quoted(masthead, channel))) for name, pattern in READERS]
    return [*into, Way("NetNewsWire och andra program", f"feed:{masthead.home.url(channel.path(RSS))}")]


def _quoted(masthead: Masthead, channel: Channel) -> str:
    return quote(masthead.home.url(channel.path(RSS)), safe="")
