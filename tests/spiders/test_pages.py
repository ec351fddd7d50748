"""Any site: by its sitemaps or its list of news, its articles told from its other pages, quiet when nothing is new."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import pytest

from orebro_spiders.demo import Site
from orebro_spiders.demo.server import Reply
from orebro_spiders.reading.zones import STOCKHOLM
from tests.spiders import asking

if TYPE_CHECKING:
    from tests.conftest import Wire

NAME = "bladet"
WORDS = (
    "Kommunen räknar med att arbetet är klart till midsommar, och att bussarna då går som vanligt igen.",
    "De som bor längs gatan har fått ett brev om saken och kan ställa frågor på torsdag kväll i skolans matsal.",
    "– Det har tagit längre tid än vi trodde, men nu ser det bra ut, säger projektledaren Siv Ekdal.",
)
HEADLINES = (
    "Badhuset i Nora öppnar igen efter två år",
    "Bron över Svartån stängs i helgen",
    "Skolan i Fjugesta får ny matsal",
    "Loppisen i Pålsboda drog rekordpublik",
    "Brandmän räddade katt ur skorsten",
)


@dataclass(frozen=True)
class Story:
    """One article of the pretend site."""

    number: int
    title: str
    changed: str
    """Date and time, as its sitemap says."""
    text: tuple[str, ...] = WORDS

    @property
    def path(self) -> str:
        return f"/nyheter/artikel-{self.number}-om-orten.html"


def stories(count: int) -> list[Story]:
    """The newest first."""
    return [Story(n, f"{HEADLINES[n % 5]} ({n})", f"2026-05-{n:02}T10:00:00+02:00") for n in range(count, 0, -1)]


@dataclass
class Paper:
    """A site written by hand: what it holds can change between two crawls."""

    stories: list[Story] = field(default_factory=lambda: stories(6))
    pages: dict[str, Reply] = field(default_factory=dict)

    def add(self, path: str, body: str | bytes, content_type: str = "text/html; charset=utf-8") -> None:
        self.pages[path] = Reply(body.encode() if isinstance(body, str) else body, 200, content_type)

    def change(self, number: int, **values: object) -> None:
        self.stories = [replace(s, **values) if s.number == number else s for s in self.stories]  # type: ignore[arg-type]

    def drop(self, number: int) -> None:
        self.stories = [story for story in self.stories if story.number != number]

    def answer(self, path: str) -> Reply:
        if path in self.pages:
            return self.pages[path]
        found = next((story for story in self.stories if story.path == path), None)
        return Reply(page(found).encode()) if found else Reply(b"<h1>Sidan finns inte</h1>", 404)

    def paths(self) -> set[str]:
        return {story.path for story in self.stories}


MENU = (
    '<nav><ul><li><a href="/">Hem</a></li>'
    '<li><a href="/om-oss.html">Om oss på Bladet och vår redaktion</a></li></ul></nav>'
)


def page(story: Story, head: str = "") -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in story.text)
    return (
        f"<html><head><title>{story.title} | Bladet</title>{head}</head><body>{MENU}<div id='mitten'>"
        f"<h1>{story.title}</h1><p class='rad'>Publicerad {story.changed[:10]} av Bo Ek</p>{text}</div>"
        "<footer><a href='/kontakt.html'>Kontakta redaktionen på Bladet i Nora</a></footer></body></html>"
    )


def entry(story: Story, extra: str = "") -> str:
    return f"<url><loc>{{base}}{story.path[1:]}</loc><lastmod>{story.changed}</lastmod>{extra}</url>"


def urlset(entries: list[str], base: str) -> str:
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
        + "".join(entries).replace("{base}", base)
        + "</urlset>"
    )


@pytest.fixture
def paper() -> Paper:
    return Paper()


@pytest.fixture
def site(wire: Wire, serve: Callable[..., Site], paper: Paper) -> Site:
    site = serve(NAME, lambda call: paper.answer(call.path))
    wire.set_http(allow_private=(site.address,))
    wire.add_source(NAME, url=site.url, platform="pages")
    return site


crawl, stored = partial(asking.crawl, NAME), partial(asking.stored, NAME)


def front(paper: Paper, site: Site, path: str = "/", head: str = "") -> None:
    """A front page, or a list elsewhere, with the stories' headlines."""
    items = "".join(f'<li><h2><a href="{s.path[1:]}">{s.title}</a></h2><p>{s.text[0]}</p></li>' for s in paper.stories)
    paper.add(path, f"<html><head>{head}</head><body>{MENU}<ul class='lista'>{items}</ul></body></html>")


def sitemap(paper: Paper, site: Site, path: str = "/sitemap.xml") -> None:
    others = ["<url><loc>{base}</loc></url>", "<url><loc>{base}om-oss.html</loc></url>"]
    others += ["<url><loc>{base}tagg/bad/</loc></url>", "<url><loc>{base}karta.pdf</loc></url>"]
    paper.add(path, urlset([*others, *map(entry, paper.stories)], site.url), "application/xml")


# A sitemap


@pytest.fixture
def mapped(paper: Paper, site: Site) -> Paper:
    """A site with nothing but a front page without links, and a sitemap."""
    paper.add("/", "<html><body><h1>Bladet</h1><p>Välkommen.</p></body></html>")
    sitemap(paper, site)
    return paper


def test_a_site_with_only_a_sitemap(wire: Wire, site: Site, mapped: Paper) -> None:
    asked = crawl(wire, site)
    crawled = wire.last[NAME]
    assert (crawled.rung, crawled.verdict, crawled.problems) == ("sitemap", "ok", [])
    assert stored(wire, site) == mapped.paths()
    assert set(asked) == {"/", "/sitemap.xml", *mapped.paths()}
    article = wire.articles(NAME)[f"{site.url}nyheter/artikel-3-om-orten.html"]
    assert article.title == "Loppisen i Pålsboda drog rekordpublik (3)"
    assert article.text == "\n\n".join(WORDS)
    assert (article.published_from, article.published_precision) == ("text", "day")
    assert str(article.published) == "2026-05-02 22:00:00+00:00"


def test_a_quiet_round_is_one_request_and_writes_nothing(wire: Wire, site: Site, mapped: Paper) -> None:
    crawl(wire, site)
    before = wire.dump()
    assert crawl(wire, site) == ["/sitemap.xml"]
    assert (wire.last[NAME].unchanged, wire.last[NAME].new) == (1, 0)
    assert wire.dump() == before


def test_only_new_and_changed_addresses_are_asked(wire: Wire, site: Site, mapped: Paper) -> None:
    crawl(wire, site)
    new = Story(7, "Ny lekplats i Kumla invigs på lördag", "2026-05-07T09:00:00+02:00")
    mapped.stories.insert(0, new)
    mapped.change(2, changed="2026-05-08T12:00:00+02:00", text=("Bron stängs ändå inte.", *WORDS))
    sitemap(mapped, site)
    assert sorted(crawl(wire, site)) == ["/nyheter/artikel-2-om-orten.html", new.path, "/sitemap.xml"]
    assert (wire.last[NAME].new, wire.last[NAME].changed) == (1, 1)
    (version,) = wire.rows("select text from versions")
    assert version["text"] == "\n\n".join(WORDS)
    assert crawl(wire, site) == ["/sitemap.xml"]


def test_an_edit_that_a_fault_hid_is_read_in_the_next_run(wire: Wire, site: Site, mapped: Paper) -> None:
    crawl(wire, site)
    mapped.change(2, changed="2026-05-08T12:00:00+02:00", text=("Bron stängs ändå inte.", *WORDS))
    sitemap(mapped, site)
    site.answer("/nyheter/artikel-2-om-orten.html", 500)
    crawl(wire, site)
    assert wire.last[NAME].changed == 0
    site.restore()
    wire.rows_changed("update fetches set not_before = null")
    assert set(crawl(wire, site)) == {"/sitemap.xml", "/nyheter/artikel-2-om-orten.html"}
    assert wire.last[NAME].changed == 1


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%Y-%m-%dT%H:%MZ"])
def test_a_coarse_stamp_may_hide_a_later_change(wire: Wire, site: Site, mapped: Paper, form: str) -> None:
    """Of the day or minute in which the pages were read; those of older ones are not asked for again."""
    first, second, *rest = mapped.stories
    now = datetime.now(UTC).astimezone(STOCKHOLM if "T" not in form else UTC)
    mapped.stories = [replace(first, changed=f"{now:{form}}"), second, *rest]
    sitemap(mapped, site)
    crawl(wire, site)
    mapped.drop(1)
    mapped.change(6, text=("Rättelse: det gäller juni.", *WORDS))
    sitemap(mapped, site)
    asked = crawl(wire, site)
    assert first.path in asked
    assert second.path not in asked
    assert wire.last[NAME].changed == 1


def test_a_withdrawn_article_is_looked_at(wire: Wire, site: Site, mapped: Paper) -> None:
    crawl(wire, site)
    mapped.drop(4)
    sitemap(mapped, site)
    assert set(crawl(wire, site)) == {"/sitemap.xml", "/nyheter/artikel-4-om-orten.html"}
    assert [row["misses"] for row in wire.rows("select misses from fetches where misses > 0")] == [1]
    for _ in range(2):
        wire.rows_changed(
            "update fetches set checked_at = datetime(checked_at, '-13 hours') || 'Z', "
            "missed_since = datetime(missed_since, '-13 hours') || 'Z' where misses > 0"
        )
        crawl(wire, site)
    gone = {url[-21:] for url, article in wire.articles(NAME).items() if article.gone_at}
    assert gone == {"artikel-4-om-orten.html"[-21:]}


def test_a_sitemap_that_is_cut_withdraws_nothing(wire: Wire, site: Site, mapped: Paper) -> None:
    crawl(wire, site)
    whole = mapped.pages["/sitemap.xml"].body
    mapped.add("/sitemap.xml", whole[: len(whole) // 2], "application/xml")
    assert crawl(wire, site) == ["/sitemap.xml"]
    assert wire.problems(NAME) == [(f"{site.url}sitemap.xml", "it ends in the middle; its whole entries are kept")]
    mapped.add("/sitemap.xml", whole, "application/xml")
    assert crawl(wire, site) == ["/sitemap.xml"]
    assert wire.problems(NAME) == []


def test_robots_txt_names_sitemaps(wire: Wire, site: Site, paper: Paper) -> None:
    """The first question is at the usual address, as robots.txt is read along with it."""
    sitemap(paper, site, "/kartor/alla.xml")
    robots = f"User-agent: *\nDisallow: /hemligt/\nsitemap: {site.url}kartor/alla.xml\nSitemap: https://annan.example/s.xml\n"
    paper.add("/robots.txt", robots, "text/plain")
    assert crawl(wire, site)[:2] == ["/sitemap.xml", "/kartor/alla.xml"]
    assert stored(wire, site) == paper.paths()
    assert crawl(wire, site) == ["/kartor/alla.xml"]


def index(site: Site, *files: tuple[str, str]) -> str:
    entries = "".join(
        f"<sitemap><loc>{site.url}{name}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</sitemap>"
        for name, changed in files
    )
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'


def packed(paper: Paper, site: Site, path: str, numbers: range) -> None:
    found = [entry(story) for story in paper.stories if story.number in numbers]
    paper.add(path, gzip.compress(urlset(found, site.url).encode(), mtime=0), "application/gzip")


def test_an_index_of_packed_files(wire: Wire, site: Site, paper: Paper) -> None:
    packed(paper, site, "/s-1.xml.gz", range(1, 4))
    packed(paper, site, "/s-2.xml.gz", range(4, 9))
    paper.add("/sitemap.xml", index(site, ("s-1.xml.gz", "2026-05-03"), ("s-2.xml.gz", "2026-05-06")))
    crawl(wire, site)
    assert stored(wire, site) == paper.paths()
    assert crawl(wire, site) == ["/sitemap.xml"]
    paper.stories.insert(0, Story(8, "Ny lekplats i Kumla invigs på lördag", "2026-05-08T09:00:00+02:00"))
    packed(paper, site, "/s-2.xml.gz", range(4, 9))
    paper.add("/sitemap.xml", index(site, ("s-1.xml.gz", "2026-05-03"), ("s-2.xml.gz", "2026-05-08")))
    assert crawl(wire, site) == ["/sitemap.xml", "/s-2.xml.gz", paper.stories[0].path]


def test_a_file_of_an_index_that_failed_is_read_in_the_next_run(wire: Wire, site: Site, paper: Paper) -> None:
    packed(paper, site, "/s-1.xml.gz", range(1, 9))
    paper.add("/sitemap.xml", index(site, ("s-1.xml.gz", "2026-05-03")))
    site.answer("/s-1.xml.gz", 500)
    crawl(wire, site)
    assert stored(wire, site) == set()
    site.restore()
    crawl(wire, site)
    assert stored(wire, site) == paper.paths()


def test_files_without_a_date_are_asked_each_time(wire: Wire, site: Site, paper: Paper) -> None:
    packed(paper, site, "/s-1.xml.gz", range(1, 9))
    paper.add("/sitemap.xml", index(site, ("s-1.xml.gz", "")))
    crawl(wire, site)
    assert sorted(crawl(wire, site)) == ["/s-1.xml.gz", "/sitemap.xml"]


def test_an_index_that_names_itself_ends(wire: Wire, site: Site, paper: Paper) -> None:
    paper.add("/sitemap.xml", index(site, ("sitemap.xml", ""), ("a.xml", "")))
    paper.add("/a.xml", index(site, ("b.xml", ""), ("sitemap.xml", "")))
    paper.add("/b.xml", index(site, ("c.xml", "")))
    paper.add("/c.xml", index(site, ("d.xml", "")))
    paper.add("/d.xml", index(site, ("e.xml", "")))
    front(paper, site)
    asked = crawl(wire, site)
    assert [path for path in asked if path.endswith(".xml")] == ["/sitemap.xml", "/a.xml", "/b.xml", "/c.xml"]
    assert stored(wire, site) == paper.paths()  # by the list


def test_a_news_sitemap_gives_headline_and_date(wire: Wire, site: Site, paper: Paper) -> None:
    """Also of articles whose page shows neither date nor text: those behind a wall."""
    paper.change(6, text=())
    paper.add(paper.stories[0].path, "<html><body><h1>Logga in för att läsa</h1></body></html>")
    news = [
        entry(
            story,
            "<news:news><news:publication><news:name>Bladet</news:name></news:publication>"
            f"<news:publication_date>2026-05-0{story.number}T07:15:00+02:00</news:publication_date>"
            f"<news:title>{story.title}</news:title></news:news>",
        )
        for story in paper.stories
    ]
    paper.add("/sitemap.xml", urlset(news, site.url), "application/xml")
    crawl(wire, site)
    articles = wire.articles(NAME)
    assert {article.title for article in articles.values()} == {story.title for story in paper.stories}
    assert {str(article.published)[11:] for article in articles.values()} == {"05:15:00+00:00"}
    assert sum(bool(article.text) for article in articles.values()) == 5
    paper.stories.pop()
    paper.add("/sitemap.xml", urlset(news[:-1], site.url), "application/xml")
    assert crawl(wire, site) == ["/sitemap.xml"]  # what has grown older than two days is not withdrawn


# Sitemaps that are none, or not kept up


def test_without_a_sitemap_the_list_is_read(wire: Wire, site: Site, paper: Paper) -> None:
    front(paper, site)
    asked = crawl(wire, site)
    crawled = wire.last[NAME]
    assert (crawled.rung, crawled.verdict, crawled.problems) == ("list", "ok", [])
    assert stored(wire, site) == paper.paths()
    assert set(asked) - paper.paths() == {
        "/", "/sitemap.xml", "/sitemap_index.xml", "/sitemap.xml.gz", "/sitemap.txt",
    }  # fmt: skip
    assert crawl(wire, site) == ["/"]


def test_a_list_may_say_what_its_links_are_relative_to(wire: Wire, site: Site, paper: Paper) -> None:
    front(paper, site, "/nyheter/alla/", "<base href='/'>")
    wire.add_source(NAME, url=f"{site.url}nyheter/alla/", platform="pages")
    crawl(wire, site)
    assert wire.last[NAME].problems == []
    assert stored(wire, site) == paper.paths()


@pytest.mark.parametrize("body", ["<html><body><h1>Oj, den sidan finns inte</h1></body></html>", "", "<urlset/>"])
def test_something_else_at_the_address_of_a_sitemap(wire: Wire, site: Site, paper: Paper, body: str) -> None:
    front(paper, site)
    paper.add("/sitemap.xml", body)
    crawl(wire, site)
    assert (wire.last[NAME].rung, wire.last[NAME].problems) == ("list", [])
    assert stored(wire, site) == paper.paths()
    assert crawl(wire, site) == ["/"]


def test_a_sitemap_that_nobody_keeps_up_gives_way_to_the_list(wire: Wire, site: Site, paper: Paper) -> None:
    everything = paper.stories
    paper.stories = everything[4:]
    sitemap(paper, site)
    paper.stories = everything
    front(paper, site)
    crawl(wire, site)
    assert wire.last[NAME].rung == "list"
    assert stored(wire, site) == paper.paths()
    assert crawl(wire, site) == ["/"]


def test_a_sitemap_that_was_kept_up_once_gives_way_within_a_day(wire: Wire, site: Site, mapped: Paper) -> None:
    front(mapped, site)
    crawl(wire, site)
    assert wire.last[NAME].rung == "sitemap"
    mapped.stories = stories(10)
    front(mapped, site)
    assert crawl(wire, site) == ["/sitemap.xml"]
    wire.rows_changed("update sources set cursor = json_set(cursor, '$.listed_at', '2026-01-01T00:00:00+00:00')")
    crawl(wire, site)
    assert stored(wire, site) == mapped.paths()
    assert crawl(wire, site) == ["/"]


def test_a_fault_of_the_sitemap_is_no_reason_to_leave_it(wire: Wire, site: Site, mapped: Paper) -> None:
    crawl(wire, site)
    site.answer("/sitemap.xml", 500)
    crawl(wire, site)
    assert wire.problems(NAME) == [(f"{site.url}sitemap.xml", "answered 500")]
    site.restore()
    assert crawl(wire, site) == ["/sitemap.xml"]


# What is no article


def test_other_pages_are_not_stored(wire: Wire, site: Site, mapped: Paper) -> None:
    links = "".join(f'<p><a href="{s.path}">{s.title}</a></p>' for s in mapped.stories)
    mapped.add("/kommunalt.html", f"<html><body><h1>Kommunalt</h1>{links * 3}</body></html>")
    mapped.add("/vader.html", "<html><body><h1>Väder</h1><p>Sol.</p></body></html>")
    single = f"<article><h1><a href='{mapped.stories[0].path}'>{HEADLINES[1]}</a></h1><time>2026-05-01</time>"
    mapped.add("/amnet-bad.html", f"<html><body>{single}<p>{WORDS[0]}</p><p>{WORDS[1]}</p></article></body></html>")
    mapped.add("/bild.html", b"\x89PNG....", "image/png")
    others = [f"<url><loc>{{base}}{name}.html</loc></url>" for name in ("kommunalt", "vader", "amnet-bad", "bild")]
    mapped.add("/sitemap.xml", urlset([*others, *map(entry, mapped.stories)], site.url), "application/xml")
    asked = crawl(wire, site)
    assert "/kommunalt.html" in asked
    assert stored(wire, site) == mapped.paths()
    assert crawl(wire, site) == ["/sitemap.xml"]


@pytest.mark.parametrize(
    ("encoding", "stated", "declared"),
    [
        ("latin-1", "iso-8859-1", ""),
        ("latin-1", "iso-8859-1", "koi8-r"),
        ("latin-1", "koi8-r", "iso-8859-1"),
        ("latin-1", "utf-8", ""),
        ("utf-8", "iso-8859-1", "iso-8859-1"),
        ("koi8-r", "koi8-r", ""),
    ],
)
def test_the_header_tells_the_encoding_unless_the_bytes_do(
    wire: Wire, site: Site, mapped: Paper, encoding: str, stated: str, declared: str
) -> None:
    title = "Вести из города: бассейн открыт" if encoding == "koi8-r" else "Åsnan på ängen söker ägare"
    changed = replace(mapped.stories[0], title=title)
    body = page(changed, f'<meta charset="{declared}">' if declared else "")
    mapped.add(changed.path, body.encode(encoding, "ignore"), f"text/html; charset={stated}")
    crawl(wire, site)
    assert wire.articles(NAME)[f"{site.url}{changed.path[1:]}"].title == title


def test_an_empty_page_is_asked_for_again_later(wire: Wire, site: Site, mapped: Paper) -> None:
    path = mapped.stories[0].path
    mapped.add(path, "<html><head><title>Ett ögonblick…</title><script>x()</script></head><body></body></html>")
    crawl(wire, site)
    assert wire.problems(NAME) == [(f"{site.url}{path[1:]}", "the page is empty")]
    del mapped.pages[path]
    assert crawl(wire, site) == ["/sitemap.xml"]
    wire.rows_changed("update fetches set not_before = null")
    crawl(wire, site)
    assert stored(wire, site) == mapped.paths()


def test_include_and_exclude_choose_paths(wire: Wire, site: Site, mapped: Paper) -> None:
    mapped.add("/sport/match-i-hallsberg.html", page(Story(90, "Match i Hallsberg", "2026-05-01")))
    more = ["<url><loc>{base}sport/match-i-hallsberg.html</loc></url>"]
    mapped.add("/sitemap.xml", urlset([*more, *map(entry, mapped.stories)], site.url), "application/xml")
    wire.set_source(NAME, include="/nyheter/", exclude=("*artikel-2-*", "/nyheter/artikel-3"))
    asked = crawl(wire, site)
    left_out = {"/nyheter/artikel-2-om-orten.html", "/nyheter/artikel-3-om-orten.html"}
    assert stored(wire, site) == mapped.paths() - left_out
    assert not left_out & set(asked)
    assert "/sport/match-i-hallsberg.html" not in asked


def test_the_backlog_is_the_newest(wire: Wire, site: Site, mapped: Paper) -> None:
    wire.set_source(NAME, backlog=3)
    crawl(wire, site)
    assert stored(wire, site) <= {story.path for story in mapped.stories[:3]}
    mapped.stories.insert(0, Story(7, "Ny lekplats i Kumla invigs på lördag", "2026-05-07T09:00:00+02:00"))
    sitemap(mapped, site)
    assert crawl(wire, site) == ["/sitemap.xml", mapped.stories[0].path]


# The list


def test_a_list_is_walked_to_its_end(wire: Wire, site: Site, paper: Paper) -> None:
    paper.stories = stories(25)
    for number in range(3):
        part = paper.stories[number * 10 : number * 10 + 10]
        items = "".join(f'<div class="puff"><a href="{s.path}"><h3>{s.title}</h3></a></div>' for s in part)
        onward = f'<a href="/sida/{number + 2}">Äldre nyheter »</a>' if number < 2 else ""
        paper.add(f"/sida/{number + 1}" if number else "/", f"<html><body>{MENU}{items}{onward}</body></html>")
    crawl(wire, site)
    assert stored(wire, site) == paper.paths()
    assert crawl(wire, site) == ["/"]
    paper.stories.insert(0, Story(99, "Ny lekplats i Kumla invigs på lördag", "2026-05-28"))
    front(replaced := Paper(paper.stories[:10]), site)
    paper.add("/", replaced.pages["/"].body)
    assert crawl(wire, site) == ["/", paper.stories[0].path]


def test_the_date_of_the_list_stands_in_for_one_that_the_page_lacks(wire: Wire, site: Site, paper: Paper) -> None:
    for story in paper.stories:
        paper.add(story.path, page(story).replace(f"Publicerad {story.changed[:10]} av Bo Ek", ""))
    rows = "".join(
        f'<tr><td>{s.number} maj 2026 kl 08.15</td><td><a href="{s.path}">{s.title}</a></td></tr>'
        for s in paper.stories
    )
    paper.add("/", f"<html><body>{MENU}<table>{rows}</table></body></html>")
    crawl(wire, site)
    articles = wire.articles(NAME).values()
    assert {(a.published_from, str(a.published)[11:]) for a in articles} == {("listing", "06:15:00+00:00")}


SELECTORS = {
    "list": "section.flode > div",
    "link": "a.las",
    "title": ".rubrik",
    "body": (".brodtext",),
    "date": ".datumrad",
    "author": ".skribent",
    "strip": (".fakta", ".annons"),
}


def test_a_site_of_its_own_kind_is_read_by_selectors(wire: Wire, site: Site, paper: Paper) -> None:
    wire.add_source(NAME, url=site.url, platform="pages", selectors=SELECTORS)
    rows = "".join(f'<div><h2>{s.title}</h2><a class="las" href="{s.path}">Läs</a></div>' for s in paper.stories)
    other = f"<a href='/x-y-z-12345'>{WORDS[0]}</a>"
    paper.add("/", f"<html><body><section class='flode'>{rows}</section>{other}</body></html>")
    for story in paper.stories:
        text = "".join(f"<p>{paragraph}</p>" for paragraph in story.text)
        paper.add(
            story.path,
            f"<html><head><meta property='og:title' content='Bladet'></head><body><div class='rubrik'>{story.title}"
            f"</div><div class='datumrad'>{story.number}/5 2026 kl 09.30</div><b class='skribent'>Siv Ekdal</b>"
            f"<div class='brodtext'><div class='annons'>Köp en båt!</div>{text}<div class='fakta'>Fakta.</div></div>"
            "</body></html>",
        )
    asked = crawl(wire, site)
    assert "/x-y-z-12345" not in asked
    assert stored(wire, site) == paper.paths()
    for story in paper.stories:
        article = wire.articles(NAME)[site.url + story.path[1:]]
        assert (article.title, article.text, article.authors) == (story.title, "\n\n".join(WORDS), ("Siv Ekdal",))
        assert str(article.published) == f"2026-05-{story.number:02} 07:30:00+00:00"


def test_what_the_page_states_comes_before_everything(wire: Wire, site: Site, mapped: Paper) -> None:
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Rubriken", '
        '"datePublished": "2026-04-01T08:00:00+02:00", "author": {"name": "Ada Ek"}}</script>'
    )
    first = mapped.stories[0]
    mapped.add(first.path, page(first, head))
    crawl(wire, site)
    article = wire.articles(NAME)[site.url + first.path[1:]]
    assert (article.title, article.authors, article.published_from) == ("Rubriken", ("Ada Ek",), "json-ld")


def test_a_list_without_a_sitemap_is_walked_to_its_end(wire: Wire, site: Site, paper: Paper) -> None:
    """More pages than a walk without anything new would take."""
    paper.stories = stories(30)
    for number in range(6):
        shown = paper.stories[number * 5 : number * 5 + 5]
        rows = "".join(f"<li><h2><a href='{s.path}'>{s.title}</a></h2><p>{WORDS[0]}</p></li>" for s in shown)
        onward = f"<a rel='next' href='/sida-{number + 1}.html'>Äldre</a>" if number < 5 else ""
        paper.add(
            "/" if not number else f"/sida-{number}.html", f"<html><body>{MENU}<ul>{rows}</ul>{onward}</body></html>"
        )
    crawl(wire, site)
    assert {article.title for article in wire.articles(NAME).values()} == {story.title for story in paper.stories}
