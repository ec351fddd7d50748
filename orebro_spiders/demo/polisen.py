"""The pretend police: the events API and one page an event, in the shapes of polisen.se in 2026."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from orebro_spiders.demo.clock import MONTHS
from orebro_spiders.demo.newsroom import Masthead, Newsroom
from orebro_spiders.demo.posts import Post, slugify
from orebro_spiders.demo.rendering import Pages, robots
from orebro_spiders.demo.server import Call, Reply

#: Since January 2026 every event of the county has this place, whatever its name says.
LOCATION: Mapping[str, str] = {"name": "Örebro län", "gps": "59.535036,15.006573"}


def complete(post: Post, masthead: Masthead, base_url: str) -> Post:
    """`post` with its name ("22 augusti 09.05, Stöld/inbrott, Nora") as title, and its address."""
    happened = post.published - timedelta(minutes=post.details["reported"])
    month = MONTHS[happened.month - 1]
    clock = f"{happened.day} {month} {happened:%H.%M}"
    kind, place = post.details["type"], post.details["place"]
    slug = f"{happened.day}-{month}-{happened:%H.%M}-{_slug(kind)}-{_slug(place)}"
    folder = f"aktuellt/handelser/{happened.year}/{month}/{happened.day}"
    title = f"{clock}, {kind}, {place}"
    return replace(post, title=title, slug=slug, url=f"{base_url}{folder}/{slug}/", categories=(kind,))


def _slug(text: str) -> str:
    """A slash vanishes: 'Stöld/inbrott' is 'stoldinbrott'."""
    return slugify(text.replace("/", ""))


def api_datetime(at: datetime) -> str:
    """The API's own form: hour not padded, a space before the offset.

    >>> api_datetime(datetime.fromisoformat("2026-08-22T09:13:04+02:00"))
    '2026-08-22 9:13:04 +02:00'
    """
    offset = at.isoformat()[-6:]
    return f"{at:%Y-%m-%d} {at.hour}:{at:%M:%S} {offset}"


class Polisen:
    """Answers for the API and the event pages."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self._pages = Pages("polisen", masthead=newsroom.masthead)

    def __call__(self, call: Call) -> Reply:
        """Answer one request."""
        if call.path == "/robots.txt":
            return robots("/sok/", "/api/cookieconsent/")
        if call.path == "/api/events":
            return self._events(call)
        if call.path in ("/", "/aktuellt/polisens-nyheter/"):
            return self._pages.reply("home.html", posts=self.newsroom.posts)
        for post in self.newsroom.posts:
            if call.path == post.path:
                return self._pages.reply("event.html", post=post)
        return self._pages.reply("404.html", status=404)

    def _events(self, call: Call) -> Reply:
        """All events, or those whose location has the name asked for, which is only ever the county's."""
        asked = call.argument("locationname", LOCATION["name"])
        posts = self.newsroom.posts if asked.casefold() == LOCATION["name"].casefold() else ()
        body = json.dumps([_event(post) for post in posts], ensure_ascii=False)
        return Reply(body.encode(), content_type="application/json; charset=utf-8")


def _event(post: Post) -> dict[str, Any]:
    return {
        "id": post.id,
        "datetime": api_datetime(post.published),
        "name": post.title,
        "summary": post.summary,
        "url": post.path,
        "type": post.details["type"],
        "location": dict(LOCATION),
    }
