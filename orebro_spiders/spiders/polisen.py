"""The police's open events API (https://polisen.se/om-polisen/om-webbplatsen/oppna-data/api-over-polisens-handelser/).

One call answers with the newest events of a county. Rules as reported by others: at most one call in ten seconds,
60 an hour, 1,440 a day, with a User-Agent that says who asks. Notices are edited in place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urljoin

from scrapy import Request

from orebro_spiders.archive import articles as archived
from orebro_spiders.items import Article, Missing
from orebro_spiders.reading.addresses import absolute
from orebro_spiders.reading.dates import parse_date
from orebro_spiders.reading.discovery import Finding
from orebro_spiders.reading.json_fields import read_json
from orebro_spiders.reading.marks import Keys, Marks
from orebro_spiders.reading.places import municipality_named
from orebro_spiders.reading.text import one_line
from orebro_spiders.spiders.platform import Platform, is_unchanged

if TYPE_CHECKING:
    from scrapy.http import Response


LEAST_EDGE = 3
"""Events: at least so many at the end of a list say nothing, and at most so many are missing from a short one."""


class PolisenSpider(Platform):
    """Reads the events of a county."""

    rungs: ClassVar[tuple[str, ...]] = ("api",)
    names_municipality: ClassVar[bool] = True

    def enter_api(self) -> Iterator[Request]:
        """The list of events."""
        yield self.ask_way_in(self.source.url, self.parse_events)

    def parse_events(self, response: Response) -> Iterator[Any]:
        """Every event of the list."""
        if is_unchanged(response):
            self.entered()
            return
        events = read_json(response.body)
        if not isinstance(events, list):
            self.distrust(response, "the answer is no list of events")
            return
        self.entered()
        if not events:
            self.found_nothing(response.url)
        found = []
        for event in events:
            if article := read_event(event, response.url, datetime.now(UTC)):
                found.append(article)
                yield article
            else:
                self.problem(response.url, f"an event cannot be read: {json.dumps(event)[:200]}")
        yield from self._withdrawn(found)

    def _withdrawn(self, listed: Sequence[Article]) -> Iterator[Missing]:
        """Events that the list dropped although it still holds newer and older ones: that is the police's own word.

        Events leave the list by age too, not always the oldest first: its last tenth says nothing. Neither does a list
        that lacks many at once, as it does for minutes now and then.
        """
        dates = sorted(article.published for article in listed if article.published)
        edge = max(LEAST_EDGE, len(dates) // 10)
        if len(dates) <= edge:
            return
        expected = [a for a in archived.standing_since(self.db, self.name, dates[edge]) if a.published < dates[-1]]
        present = {article.native_id for article in listed}
        absent = [article for article in expected if article.native_id not in present]
        if len(absent) <= max(LEAST_EDGE, len(expected) // 10):
            yield from (Missing(url=a.url, source=self.name, status=410, definite=True) for a in absent)


EVENTS = "/api/events?locationname=%C3%96rebro%20l%C3%A4n"


def events_keys(finding: Finding) -> Keys:
    """The API of the host, for the county unless the address asks it for another place; at the pace that it wants."""
    is_api = finding.document.shape == "json"
    url = finding.document.url if is_api else urljoin(finding.document.url, EVENTS)
    return {"url": url, "kind": "notice", "delay": 10, "every": 120}


SPIDER = PolisenSpider
MARKS = Marks(
    hosts=("polisen.se",),
    selectors=("a[href*='/aktuellt/handelser/20']",),
    record=frozenset({"id", "datetime", "name", "summary", "url", "type", "location"}),
    keys=events_keys,
)


def read_event(event: Any, url: str, now: datetime) -> Article | None:
    """The article that an event of the API is; `None` when it lacks number, name or address."""
    if not isinstance(event, dict) or not all(event.get(key) for key in ("id", "name", "url")):
        return None
    dated = parse_date(str(event.get("datetime", "")), now)
    name = one_line(str(event["name"]))
    place = municipality_of(name)
    return Article(
        url=absolute(str(event["url"]), url),
        title=name,
        native_id=str(event["id"]),
        summary=one_line(str(event.get("summary") or "")),
        published=dated.instant if dated else None,
        published_from="api" if dated else "first-seen",
        categories=(one_line(str(event["type"])),) if event.get("type") else (),
        municipalities=(place,) if place else (),
    ).told_by("api")


def municipality_of(name: str) -> str | None:
    """The municipality at the end of an event's name; a type may hold a comma, so the place is read from the right.

    `location` is no help: since January 2026 it names the county for every event.

    >>> municipality_of("22 augusti 09.05, Trafikolycka, singel, Nora")
    'Nora'
    >>> municipality_of("1 maj 07.00, Övrigt, Örebro län")
    """
    return municipality_named(name.rpartition(",")[2])
