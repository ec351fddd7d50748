"""News of municipalities: lists with dates beside or in file names, archives by month, declared feeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import pytest

from orebro_spiders.demo import Site
from orebro_spiders.demo.server import Call, Reply
from orebro_spiders.reading.trees import parse_page
from orebro_spiders.spiders.sitevision import archive_onward
from tests.reading.test_municipal import BODY, PREAMBLE, WHOLE, page, portlet
from tests.spiders import asking

if TYPE_CHECKING:
    from tests.conftest import Wire

NAME = "ekby"
LIST = "/kommun/nyheter.html"


@dataclass(frozen=True)
class News:
    """One piece of news of the pretend municipality; its path may say the day."""

    month: int
    day: int
    title: str
    path: str

    @property
    def date(self) -> str:
        return f"2026-{self.month:02}-{self.day:02}"


def news(count: int, form: str = "/kommun/nyheter/nyhet-{n}-om-kommunen.html") -> list[News]:
    days = ((n, 1 + n // 10, 1 + n % 10) for n in range(count - 1, -1, -1))
    return [News(m, d, f"Kommunen bygger lekplats nummer {n}", form.format(n=n, m=m, d=d)) for n, m, d in days]


def item(one: News, date: str) -> str:
    return (
        f'<li class="sv-channel-item"><h2 class="subheading"><a href="{one.path}">{one.title}</a></h2>{date}'
        f'<span class="normal">Lekplatsen får gungor och en linbana.</span></li>'
    )


def in_time(one: News) -> str:
    return f'<time class="normal" datetime="{one.date}T07:30:00+01:00">{one.day} i månaden</time>'


def in_span(one: News) -> str:
    return f'<span class="normal">{one.date}</span>'


@dataclass
class Municipality:
    """A site in Sitevision's markup; its list can be asked for a month, and paged."""

    news: list[News] = field(default_factory=lambda: news(6))
    date: Callable[[News], str] = in_time
    by_month: bool = False
    page_date: bool = False
    head: str = ""
    pages: dict[str, Reply] = field(default_factory=dict)

    def answer(self, call: Call) -> Reply:
        if call.path in self.pages:
            return self.pages[call.path]
        if call.path == LIST:
            return Reply(self.list_page(call))
        one = next((one for one in self.news if one.path == call.path), None)
        if one is None:
            return Reply(b"<h1>Sidan hittades inte</h1>", 404)
        stamp = portlet(f"<p>Publicerad: {one.date} 07:30</p>") if self.page_date else ""
        return Reply(page(portlet(f"<h1 class='heading'>{one.title}</h1>"), stamp, PREAMBLE, BODY))

    def list_page(self, call: Call) -> bytes:
        months = sorted({one.month for one in self.news}, reverse=True)
        shown, archive = self.news, ""
        if self.by_month:
            month = int(call.argument("start", f"2026-{months[0]:02}-01")[5:7])
            shown = [one for one in self.news if one.month == month]
            links = (f"<a href='?start=2026-{m:02}-01&amp;end=2026-{m:02}-28'>Månad {m}</a>" for m in months)
            archive = f"<div class='arkiv'>{' '.join(links)}</div>"
        rows = "".join(item(one, self.date(one)) for one in shown)
        body = (
            f'<h1 class="heading">Nyheter</h1><div class="sv-archive-portlet sv-portlet"><ul>{rows}</ul></div>{archive}'
        )
        aside = (
            '<aside><ul><li class="sv-channel-item"><a href="/lediga-jobb/1.html">Lärare i Ekby</a></li></ul></aside>'
        )
        return page(body, head=self.head, around=aside)

    def paths(self) -> set[str]:
        return {one.path for one in self.news}


@pytest.fixture
def ekby() -> Municipality:
    return Municipality()


@pytest.fixture
def site(wire: Wire, serve: Callable[..., Site], ekby: Municipality) -> Site:
    site = serve(NAME, lambda call: ekby.answer(call))
    wire.set_http(allow_private=(site.address,))
    wire.add_source(NAME, url=f"{site.url}{LIST[1:]}", platform="sitevision", kind="press")
    return site


crawl, stored = partial(asking.crawl, NAME), partial(asking.stored, NAME)


@pytest.mark.parametrize(
    ("date", "page_date", "seen"),
    [
        (in_time, False, ("minute", "listing", "06:30")),
        (in_span, False, ("day", "listing", "23:00")),
        (in_span, True, ("minute", "text", "06:30")),
        (lambda one: "", True, ("minute", "text", "06:30")),
    ],
    ids=["times", "days", "days-and-page", "page"],
)
def test_a_list_of_news(
    wire: Wire, site: Site, ekby: Municipality, date: Callable[[News], str], page_date: bool, seen: tuple[str, ...]
) -> None:
    ekby.date, ekby.page_date = date, page_date
    asked = crawl(wire, site)
    crawled = wire.last[NAME]
    assert (crawled.rung, crawled.verdict, crawled.problems) == ("pages", "ok", [])
    assert set(asked) == {LIST} | ekby.paths()
    assert stored(wire, site) == ekby.paths()
    for one in ekby.news:
        article = wire.articles(NAME)[site.url + one.path[1:]]
        assert (article.title, article.text, article.kind) == (one.title, WHOLE, "press")
        stated = (article.published_precision, article.published_from, str(article.published)[11:16])
        assert stated == seen
    before = wire.dump()
    assert crawl(wire, site) == [LIST]
    assert wire.dump() == before


def test_dates_in_file_names(wire: Wire, site: Site, ekby: Municipality) -> None:
    ekby.news = news(6, "/lan/nyheter/nyheter---lan/2026-{m:02}-{d:02}-lekplats-{n}-invigs.html")
    ekby.date = lambda one: ""
    crawl(wire, site)
    articles = wire.articles(NAME).values()
    assert {article.published_from for article in articles} == {"url"}
    assert sorted(str(article.published)[:16] for article in articles) == [
        f"{'2025-12-31' if n == 0 else f'2026-01-{n:02}'} 23:00" for n in range(6)
    ]
    assert all(article.text == WHOLE for article in articles)


def test_the_archive_is_walked_month_by_month(wire: Wire, site: Site, ekby: Municipality) -> None:
    ekby.news, ekby.by_month = news(35), True
    asked = crawl(wire, site)
    assert stored(wire, site) == ekby.paths()
    assert [path for path in asked if "?" in path] == [
        f"{LIST}?start=2026-{month:02}-01&end=2026-{month:02}-28" for month in (4, 3, 2, 1)
    ]
    assert crawl(wire, site) == [LIST]
    new = News(4, 20, "Ny simhall i Ekby invigs på lördag", "/kommun/nyheter/ny-simhall.html")
    ekby.news.insert(0, new)
    assert crawl(wire, site) == [LIST, new.path]


@pytest.mark.parametrize(
    ("url", "starts", "found"),
    [
        ("", ("2026-01-01", "2026-03-01", "2026-02-01"), "2026-03-01"),
        ("?start=2026-02-01&end=2026-02-28", ("2026-01-01", "2026-03-01", "2026-02-01"), "2026-01-01"),
        ("?start=2026-01-01&end=2026-01-31", ("2026-01-01", "2026-03-01"), ""),
        ("?start=1767222000000&end=1", ("1764543600000", "1769900400000"), "1764543600000"),
        ("", ("10", "sista", ""), ""),
    ],
)
def test_the_next_older_part_of_an_archive(url: str, starts: tuple[str, ...], found: str) -> None:
    base = "https://ekby.example.se/nyheter.html"
    links = "".join(f"<a href='?start={start}&amp;end=x'>{start}</a>" for start in starts)
    document = parse_page(
        f"<html><body>{links}<a href='/annat.html?start=2025-01-01&amp;end=x'>x</a></body></html>".encode()
    )
    assert document is not None
    assert archive_onward(document, base + url) == (f"{base}?start={found}&end=x" if found else "")


# Feeds


RSS = "/4.12ab/12.34cd.portlet?state=rss&sv.contenttype=text/xml;charset=UTF-8"


def feed(ekby: Municipality, count: int = 3) -> bytes:
    items = "".join(
        f"<item><title>{one.title}</title><link>{one.path}</link>"
        f"<pubDate>{one.day:02} {('Jan', 'Feb', 'Mar', 'Apr')[one.month - 1]} 2026 07:30:00 +0100</pubDate></item>"
        for one in ekby.news[:count]
    )
    return f'<rss version="2.0"><channel><title>Nyheter</title>{items}</channel></rss>'.encode()


@pytest.fixture
def declaring(ekby: Municipality) -> Municipality:
    """A list that declares a feed of vacancies and one of its own news; its pages change at every look."""
    ekby.date = in_span
    ekby.head = (
        '<link rel="alternate" type="application/rss+xml" title="Jobb" href="/jobb.rss">'
        f'<link rel="alternate" type="application/rss+xml" title="Nyheter" href="{RSS.replace("&", "&amp;")}">'
    )
    jobs = (
        b"<rss version='2.0'><channel><item><title>Kock</title><link>/lediga-jobb/1.html</link></item></channel></rss>"
    )
    ekby.pages["/jobb.rss"] = Reply(jobs)
    ekby.pages[RSS.partition("?")[0]] = Reply(feed(ekby))
    return ekby


def test_a_declared_feed_is_asked_from_then_on(wire: Wire, site: Site, declaring: Municipality) -> None:
    asked = crawl(wire, site)
    assert set(asked) == {LIST, "/jobb.rss", RSS} | declaring.paths()
    assert (wire.last[NAME].rung, wire.last[NAME].problems) == ("feed", [])
    assert stored(wire, site) == declaring.paths()
    assert crawl(wire, site) == [RSS]
    new = News(1, 20, "Ny simhall i Ekby invigs på lördag", "/kommun/nyheter/ny-simhall.html")
    declaring.news.insert(0, new)
    declaring.pages[RSS.partition("?")[0]] = Reply(feed(declaring))
    assert set(crawl(wire, site)) == {RSS, new.path}
    article = wire.articles(NAME)[site.url + new.path[1:]]
    assert (article.published_precision, article.published_from) == ("minute", "feed")


def test_a_feed_that_ends_gives_way_to_the_list(wire: Wire, site: Site, declaring: Municipality) -> None:
    crawl(wire, site)
    declaring.pages[RSS.partition("?")[0]] = Reply(b"", 404)
    assert crawl(wire, site) == [RSS, LIST]
    assert wire.last[NAME].rung == "pages"


def test_feeds_of_other_things_leave_the_list(wire: Wire, site: Site, declaring: Municipality) -> None:
    del declaring.pages[RSS.partition("?")[0]]
    crawl(wire, site)
    assert (wire.last[NAME].rung, stored(wire, site)) == ("pages", declaring.paths())
    assert crawl(wire, site) == [LIST]


def test_news_that_was_withdrawn_is_looked_at(wire: Wire, site: Site, ekby: Municipality) -> None:
    crawl(wire, site)
    gone = ekby.news.pop(2)
    assert crawl(wire, site) == [LIST, gone.path]
    assert [row["misses"] for row in wire.rows("select misses from fetches where misses > 0")] == [1]


def test_a_new_headline_is_an_edit(wire: Wire, site: Site, ekby: Municipality) -> None:
    crawl(wire, site)
    first, *rest = ekby.news
    ekby.news = [News(first.month, first.day, "Lekplatsen blir inte av", first.path), *rest]
    changes = [crawl(wire, site) and wire.last[NAME].changed for _ in range(3)]
    assert sum(changes) == 1
    assert wire.articles(NAME)[site.url + first.path[1:]].title == "Lekplatsen blir inte av"
