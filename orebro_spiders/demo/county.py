"""The county itself: its sites, its clock, what is true at a moment, and how to read it all."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Self

from orebro_spiders.demo import feeds, javascript, mynewsdesk, polisen, wordpress
from orebro_spiders.demo.clock import county_time
from orebro_spiders.demo.newsroom import Changes, Complete, Newsroom, newest_first
from orebro_spiders.demo.posts import Post
from orebro_spiders.demo.server import App, Site
from orebro_spiders.demo.wordpress import Switches, WordPress

#: Each host, how its posts are completed, and the content files of its newsrooms.
SITES: dict[str, tuple[Complete, tuple[str, ...]]] = {
    "narkebladet": (wordpress.complete, ("narkebladet",)),
    "mynewsdesk": (mynewsdesk.complete, ("regionforeningen", "tornet", "svartan")),
    "polisen": (polisen.complete, ("polisen",)),
    "radio": (feeds.complete, ("radio",)),
    "hockeyklubben": (feeds.complete, ("hockeyklubben",)),
}
#: A site that needs a browser: not every machine has one.
JAVASCRIPT_SITES: dict[str, tuple[Complete, tuple[str, ...]]] = {"tivedsnytt": (feeds.complete, ("tivedsnytt",))}
_APPS: dict[str, Callable[[Newsroom], App]] = {
    "polisen": polisen.Polisen,
    "radio": feeds.Radio,
    "hockeyklubben": feeds.HockeyClub,
    "tivedsnytt": javascript.ScriptSite,
}


class County:
    """The pretend county as it is at `now`, served on loopback while the `with` block lasts.

    `now` is an aware datetime: the county is the same for the same `now`, but for its ports. The sites take
    `first_port` and the next ones, in the order of `SITES`, or else any free ones. The `switches`, which are
    Närkebladet's, may be set at any time: `county.switches.rest = False`. After the block `truth`, `changes`
    and the sites' `requests` can still be read. `with_javascript` adds the site that only a browser can read.
    """

    def __init__(
        self, now: datetime, *, switches: Switches | None = None, first_port: int = 0, with_javascript: bool = False
    ) -> None:
        self.now = county_time(now)
        self.changes: dict[str, Changes] = {}
        self.sites: dict[str, Site] = {}
        self.newsrooms: dict[str, Newsroom] = {}
        self.switches = switches or Switches()
        self._plan = SITES | JAVASCRIPT_SITES if with_javascript else SITES
        self._first_port = first_port
        self._step = 0
        self._running = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            for number, name in enumerate(self._plan):
                site = Site(name, self._first_port and self._first_port + number)
                starting.callback(site.stop)
                self.sites[name] = site
                site.start(self._app(name, self._newsrooms_of(name, site.url)))
            self._running = starting.pop_all()
        return self

    def __exit__(self, *exception: object) -> None:
        self._running.close()

    def advance(self, now: datetime | None = None) -> dict[str, Changes]:
        """Move on to `now`, or by half an hour: new, edited and withdrawn posts, all dated `now`.

        Give the real time where the reader under test goes by its own clock: nothing then lies in its future.
        The first move has the changes; later ones only move the clock. Returns `changes`, with all sites.
        """
        later = county_time(now) if now else self.now + timedelta(minutes=30)
        if later < self.now:
            raise ValueError("the county's clock does not go back")
        self.now, self._step = later, self._step + 1
        self.changes = {name: Changes() for name in self._plan}
        for newsroom in self.newsrooms.values():
            self.changes[newsroom.masthead.site] += newsroom.advance(self._step, later)
        return self.changes

    def truth(self, name: str) -> list[Post]:
        """What a site or one of its newsrooms has published now, newest first."""
        newsrooms = self._plan[name][1] if name in self._plan else (name,)
        return list(newest_first(post for room in newsrooms for post in self.newsrooms[room].posts))

    def config(self, base_url: str = "https://nyheter.example.se/") -> str:
        """An `orebro.toml` that reads every newsroom of the county.

        It states `delay` and `every`, so that a bundled source of the same name does not slow it down.
        """
        lines = [
            "[site]",
            'title = "Örebro just nu (påhittat)"',
            f"base_url = {_quoted(base_url)}",
            'contact = "redaktionen@example.se"',
            "",
            "[http]",
            f"allow_private = [{', '.join(_quoted(site.address) for site in self.sites.values())}]",
            "delay = 0.0",
        ]
        for newsroom in self.newsrooms.values():
            masthead = newsroom.masthead
            values = {
                "title": masthead.title,
                "platform": masthead.platform,
                "url": newsroom.source_url,
                "kind": masthead.kind,
            }
            lines += ["", f"[sources.{newsroom.name}]"]
            lines += [f"{key} = {_quoted(value)}" for key, value in values.items()]
            lines += ["delay = 0.0", "every = 0"]
            lines += [f"ladder = {json.dumps(masthead.ladder)}"] if masthead.ladder else []
            lines += ["javascript = true"] if masthead.javascript else []
        return "\n".join(lines) + "\n"

    def _newsrooms_of(self, name: str, url: str) -> list[Newsroom]:
        complete, names = self._plan[name]
        rooms = [Newsroom(room, complete, url, self.now) for room in names]
        self.newsrooms |= {room.name: room for room in rooms}
        return rooms

    def _app(self, name: str, rooms: list[Newsroom]) -> App:
        if name == "narkebladet":
            return WordPress(rooms[0], self.switches)
        return mynewsdesk.Mynewsdesk(rooms) if name == "mynewsdesk" else _APPS[name](rooms[0])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
