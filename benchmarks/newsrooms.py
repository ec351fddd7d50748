"""Made-up newsrooms on the platforms of the county, as large as real ones: what the server of the benchmarks shows."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape

from benchmarks import theme
from benchmarks.prose import COUNTY_TIME, Story, story
from benchmarks.server import NOT_FOUND, Call, Reply, tag_of

LIST = 10
"""Articles on one page of a list or a feed."""
EVENTS = 500
"""Events in one answer of the police."""
JSON = "application/json; charset=UTF-8"
RSS = "application/rss+xml; charset=UTF-8"
ATOM = "application/atom+xml; charset=UTF-8"
_NUMBER = re.compile(r"-(\d+)/?$")


@dataclass(frozen=True, slots=True)
class Journal:
    """A WordPress site in the theme Max Mag, with a REST API or with its pages only."""

    number: int
    size: int
    """Articles that its lists lead to."""
    has_rest: bool = False
    listed: int = 0
    """Articles in its lists, if not all."""

    def answer(self, call: Call) -> Reply:
        """Robots, lists, articles and the REST API; it has no feed."""
        if call.path == "/robots.txt":
            return Reply(b"User-agent: *\nDisallow: /wp-admin/\n", "text/plain")
        if call.path == "/wp-json/wp/v2/posts" and self.has_rest:
            return _json(self._posts(call))
        if page := re.fullmatch(r"/(?:page/(\d+)/)?", call.path):
            return self._list(call.base, int(page[1] or 1))
        return self._article(call)

    def stories(self) -> list[Story]:
        """All its articles, newest first."""
        return [story(number, self.number) for number in range(1, self.size + 1)]

    def addresses(self, base: str) -> list[str]:
        """Its lists and articles, all of them: what a whole crawl downloads."""
        pages = -(-(self.listed or self.size) // LIST)
        lists = [base, *(f"{base}page/{page}/" for page in range(2, pages + 1))]
        return lists + self.articles(base)

    def articles(self, base: str) -> list[str]:
        """The addresses of its articles."""
        return [f"{base}{one.slug}/" for one in self.stories()]

    def _list(self, base: str, page: int) -> Reply:
        stories = self.stories()[: self.listed or self.size]
        shown = stories[(page - 1) * LIST : page * LIST]
        return Reply(theme.list_page(base, shown, page, -(-len(stories) // LIST)).encode()) if shown else NOT_FOUND

    def _article(self, call: Call) -> Reply:
        number = _NUMBER.search(call.path)
        if not number or not 1 <= int(number[1]) <= self.size:
            return NOT_FOUND
        return Reply(theme.article_page(call.base, story(int(number[1]), self.number)).encode())

    def _posts(self, call: Call) -> list[dict[str, object]]:
        """`wp/v2/posts`, as far as it is asked here: by instant of change, which is that of publishing."""
        after, before = call.argument("modified_after").rstrip("Z"), call.argument("modified_before").rstrip("Z")
        chosen = [
            one for one in self.stories() if (not after or _gmt(one) > after) and (not before or _gmt(one) < before)
        ]
        if call.argument("order") == "asc":
            chosen.reverse()
        size, page = int(call.argument("per_page", "10")), int(call.argument("page", "1"))
        shown = chosen[(page - 1) * size : page * size]
        if call.argument("_fields") == "id,date_gmt":
            return [{"id": one.number, "date_gmt": _gmt(one)} for one in shown]
        return [_post(call.base, one) for one in shown]


def _post(base: str, one: Story) -> dict[str, object]:
    return {
        "id": one.number,
        "date": (one.published + COUNTY_TIME).isoformat()[:19],
        "date_gmt": _gmt(one),
        "modified_gmt": _gmt(one),
        "link": f"{base}{one.slug}/",
        "title": {"rendered": one.title},
        "content": {"rendered": theme.body(base, one), "protected": False},
        "excerpt": {"rendered": f"<p>{one.lead} [&hellip;]</p>\n", "protected": False},
        "_links": {"self": [{"href": f"{base}wp-json/wp/v2/posts/{one.number}"}]},
        "_embedded": {
            "author": [{"id": 3, "name": "Redaktionen"}],
            "wp:featuredmedia": [{"source_url": f"{base}wp-content/uploads/{one.number}.jpg"}],
            "wp:term": [
                [{"id": 7, "name": one.category, "taxonomy": "category"}],
                [{"id": 9, "name": "Februari 2026", "taxonomy": "post_tag"}],
            ],
        },
    }


def _gmt(one: Story) -> str:
    return one.published.isoformat()[:19]


@dataclass(frozen=True, slots=True)
class Paper:
    """A newspaper's feed: RSS or Atom, with an entity tag."""

    number: int
    is_atom: bool = False
    size: int = 30

    def answer(self, call: Call) -> Reply:
        """The feed."""
        if call.path != "/flode.xml":
            return NOT_FOUND
        entry, frame, kind = (_atom_entry, _ATOM, ATOM) if self.is_atom else (_rss_item, _RSS, RSS)
        entries = [entry(call.base, story(number, self.number)) for number in range(1, self.size + 1)]
        body = frame.format(base=call.base, entries="\n".join(entries)).encode()
        return Reply(body, kind, tag=tag_of(body))


@dataclass(frozen=True, slots=True)
class PressRoom:
    """A press room at Mynewsdesk in the markup of 2020, with a feed or without one."""

    number: int
    has_feed: bool = True
    size: int = 20

    def answer(self, call: Call) -> Reply:
        """Feed, list and releases."""
        room = "/se/rum"
        stories = [story(number, self.number) for number in range(1001, 1001 + self.size)]
        if call.path == f"{room}/pressreleases.rss" and self.has_feed:
            items = "\n".join(_rss_item(f"{call.base}se/rum/pressreleases/", one, "") for one in stories)
            body = _RSS.format(base=call.base, entries=items).encode()
            return Reply(body, RSS, tag=tag_of(body))
        if call.path == f"{room}/pressreleases":
            return Reply(theme.room_page([f"{room}/pressreleases/{one.slug}" for one in stories], stories).encode())
        number = _NUMBER.search(call.path)
        found = [one for one in stories if number and one.number == int(number[1])]
        return Reply(theme.release_page(found[0]).encode()) if found else NOT_FOUND


@dataclass(frozen=True, slots=True)
class Police:
    """The police's events of a county: one list, without validators."""

    number: int = 0

    def answer(self, call: Call) -> Reply:
        """The list."""
        if call.path != "/api/events":
            return NOT_FOUND
        return _json([_event(story(number, self.number)) for number in range(1, EVENTS + 1)])


def _event(one: Story) -> dict[str, object]:
    local = one.published + COUNTY_TIME
    return {
        "id": 600_000 - one.number,
        "datetime": f"{local:%Y-%m-%d} {local.hour}:{local:%M:%S} +01:00",
        "name": f"{local.day} februari {local:%H.%M}, Trafikolycka, singel, Nora",
        "summary": one.lead,
        "url": f"/aktuellt/handelser/2026/februari/{local.day}/{one.slug}/",
        "type": "Trafikolycka, singel",
        "location": {"name": "Örebro län", "gps": "59.38,14.92"},
    }


def _json(value: object) -> Reply:
    return Reply(json.dumps(value).encode(), JSON)


_RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Flödet</title><link>{base}</link><description>Nyheter</description>
{entries}
</channel></rss>
"""
_ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="sv">
<title>Flödet</title><id>{base}</id><link href="{base}"/><updated>2026-02-20T12:00:00+01:00</updated>
{entries}
</feed>
"""


def _rss_item(base: str, one: Story, slash: str = "/") -> str:
    link = f"{base}{one.slug}{slash}"
    return (
        f"<item><title>{one.title}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{format_datetime(one.published)}</pubDate><category>{one.category}</category>"
        f"<description>{one.lead}</description></item>"
    )


def _atom_entry(base: str, one: Story) -> str:
    link = f"{base}{one.slug}/"
    stamp = one.published.isoformat()
    return (
        f'<entry><title>{one.title}</title><id>{link}</id><link href="{link}"/><published>{stamp}</published>'
        f'<updated>{stamp}</updated><summary>{one.lead}</summary><content type="html">'
        f"{escape(theme.body(base, one))}</content></entry>"
    )
