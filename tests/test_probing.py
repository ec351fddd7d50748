"""`orebro probe` and `orebro crawl --url`: from an address to a source, over the pretend county and odd sites."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from orebro_spiders.archive.fetches import pause_host
from orebro_spiders.cli import main
from orebro_spiders.demo import Site
from orebro_spiders.demo.server import Call, Reply
from orebro_spiders.errors import ConfigError, ProbeError
from orebro_spiders.findings import Probe
from orebro_spiders.probing import probe, probe_file
from orebro_spiders.sources import load_config

if TYPE_CHECKING:
    from tests.conftest import Wire

SOFT_404 = b"<!doctype html><html><head><title>Bladet</title></head><body><p>Sidan finns inte.</p></body></html>"


@pytest.fixture
def mine(wire: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wire:
    """The county, and settings with a comment that read nothing of it."""
    monkeypatch.chdir(tmp_path)
    for name in ("OREBRO_DB", "OREBRO_OUT", "OREBRO_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    allowed = [site.address for site in wire.county.sites.values()]
    Path("orebro.toml").write_text(
        f"# Redaktionens egna rader\n[http]\nallow_private = {json.dumps(allowed)}   # bara här\ndelay = 0.0\n",
        encoding="utf-8",
    )
    return wire


def orebro(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def probed(wire: Wire, url: str) -> Probe:
    return probe(wire.config, url)


def allowing(wire: Wire, *sites: Site) -> None:
    wire.set_http(allow_private=(*wire.config.http.allow_private, *(site.address for site in sites)))


def failing(wire: Wire, url: str) -> str:
    with pytest.raises(ProbeError) as failed:
        probe(wire.config, url)
    assert failed.value.exit_code == 1
    assert len(str(failed.value).splitlines()) == 1
    return str(failed.value)


def paths(site: Site) -> list[str]:
    return [request.path.partition("?")[0] for request in site.requests]


# The county


@pytest.mark.parametrize("newsroom", ["narkebladet", "regionforeningen", "tornet", "svartan"])
def test_each_newsroom_is_recognised_from_its_front_page(wire: Wire, newsroom: str) -> None:
    known = wire.config.sources[newsroom]
    found = probed(wire, known.url)
    assert (found.source.platform, found.source.url, found.source.kind) == (known.platform, known.url, known.kind)
    assert found.source.title == known.title
    titles = {post.title for post in wire.county.truth(newsroom)}
    assert {article.title for article in found.articles} == titles
    assert all(article.text for article in found.articles)


@pytest.mark.parametrize(
    ("site", "platform", "address", "count"),
    [
        ("radio", "feed", "rss/", 8),
        ("hockeyklubben", "feed", "atom.xml", 7),
        ("polisen", "polisen", "api/events?locationname=%C3%96rebro%20l%C3%A4n", 13),
    ],
)
@pytest.mark.parametrize("is_front", [True, False])
def test_a_site_is_read_by_what_its_front_page_leads_to(
    wire: Wire, site: str, platform: str, address: str, count: int, is_front: bool
) -> None:
    home = wire.site(site).url
    found = probed(wire, home if is_front else home + address)
    assert (found.source.platform, found.source.url, len(found.articles)) == (platform, home + address, count)


def test_a_feed_without_texts_is_followed(wire: Wire) -> None:
    found = probed(wire, wire.site("radio").url)
    assert found.source.follow
    assert all(article.text and article.published_from == "feed" for article in found.articles)
    assert not probed(wire, wire.site("hockeyklubben").url).source.follow


def test_the_police_is_asked_at_its_own_pace(wire: Wire) -> None:
    source = probed(wire, wire.site("polisen").url).source
    assert (source.kind, source.delay, source.every) == ("notice", 10, 120)


def test_wordpress_by_a_category_page_is_the_site(wire: Wire) -> None:
    home = wire.site("narkebladet").url
    found = probed(wire, f"{home}category/sport/")
    assert (found.source.url, found.source.feed, len(found.articles)) == (home, "", 25)


def test_comment_feeds_are_listed_and_never_asked_for(wire: Wire) -> None:
    site = wire.site("narkebladet")
    feeds = probed(wire, site.url).finding.feeds
    assert [(feed.url, feed.problem) for feed in feeds] == [
        (f"{site.url}feed/", ""),
        (f"{site.url}comments/feed/", "comments"),
    ]
    assert "/comments/feed/" not in paths(site)


@pytest.mark.parametrize(
    ("rest", "feed", "rung"), [(True, True, "rest"), (False, True, "feed"), (False, False, "pages")]
)
def test_the_ladder_says_which_way_in_is_used(wire: Wire, rest: bool, feed: bool, rung: str) -> None:
    wire.county.switches.rest, wire.county.switches.feed = rest, feed
    found = probed(wire, wire.site("narkebladet").url)
    assert (found.source.platform, found.ladder, found.crawl.rung) == ("wordpress", ("rest", "feed", "pages"), rung)
    assert bool(found.finding.rest) is rest
    assert found.articles


def test_a_probe_reads_little_and_leaves_nothing(wire: Wire) -> None:
    wire.county.switches.rest = wire.county.switches.feed = False
    before = wire.dump()
    probed(wire, wire.site("narkebladet").url)
    assert len(wire.site("narkebladet").requests) <= 30  # 25 articles on three pages of a list
    assert wire.dump() == before


def test_what_a_probe_asks_a_wordpress_for(wire: Wire) -> None:
    site = wire.site("narkebladet")
    found = probed(wire, site.url)
    assert paths(site) == ["/robots.txt", "/", "/wp-json/", "/feed/", "/wp-json/wp/v2/posts"]
    assert found.requests == 5


def test_a_probe_goes_by_the_rules_of_a_visit(wire: Wire) -> None:
    site = wire.site("narkebladet")
    site.answer("/robots.txt", headers={"Content-Type": "text/plain"}, body=b"User-agent: *\nDisallow: /wp-json/\n")
    found = probed(wire, site.url)
    assert (found.crawl.rung, found.finding.rest) == ("feed", "")
    assert not [path for path in paths(site) if path.startswith("/wp-json")]
    agents = {request.headers["User-Agent"] for request in site.requests}
    assert agents == {wire.config.user_agent}


# One article


def test_an_articles_page_is_the_whole_article(wire: Wire) -> None:
    post = wire.county.truth("radio")[0]
    found = probed(wire, post.url)
    (article,) = found.articles
    assert found.is_article
    assert paths(wire.site("radio")) == ["/robots.txt", post.path]
    assert found.requests == 2
    assert (article.title, article.published, article.published_from) == (post.title, post.published, "json-ld")
    assert (article.authors, article.image) == ((post.author,), post.image)
    assert found.as_json()["articles"][0]["origins"]["title"] == "json-ld"
    assert "title: json-ld" in dict(found.article_facts())["origins"]
    assert article.text.split("\n\n") == list(post.paragraphs)


@pytest.mark.parametrize("newsroom", ["narkebladet", "tornet", "svartan"])
def test_an_articles_page_is_read_by_its_platforms_markup(wire: Wire, newsroom: str) -> None:
    post = wire.county.truth(newsroom)[0]
    found = probed(wire, post.url)
    assert (found.is_article, found.source.platform) == (True, wire.config.sources[newsroom].platform)
    (article,) = found.articles
    assert article.text.split("\n\n")[: len(post.paragraphs)] == list(post.paragraphs)
    assert "Presskontakt" not in article.text


def test_a_file_is_read_like_the_page_without_any_request(wire: Wire) -> None:
    post = wire.county.truth("narkebladet")[0]
    body = wire.site("narkebladet")._app(call_of(post.path)).body  # type: ignore[misc]
    online, on_disk = probed(wire, post.url), probe_file(wire.config, body, "https://narkebladet.example/artikel")
    assert on_disk.articles[0].text == online.articles[0].text
    assert on_disk.articles[0].url == "https://narkebladet.example/artikel"
    count = len(wire.site("narkebladet").requests)
    assert probe_file(wire.config, body, "").articles[0].url == post.url  # by its canonical link
    assert len(wire.site("narkebladet").requests) == count


def call_of(path: str) -> Call:
    from email.message import Message

    return Call("GET", path, {}, Message())


def test_a_file_without_an_address_has_to_be_told_one(wire: Wire) -> None:
    with pytest.raises(ConfigError, match="--url"):
        probe_file(wire.config, b"<!doctype html><html><body><p>Badet</p></body></html>", "")


def test_a_feed_on_disk_is_a_table(wire: Wire) -> None:
    body = wire.site("radio")._app(call_of("/rss/")).body  # type: ignore[misc]
    found = probe_file(wire.config, body, "https://radio.example/rss/")
    assert (found.source.title, len(found.articles), found.crawl.problems) == ("Närradion Kilsbergen", 8, [])
    assert wire.site("radio").requests == []


def test_a_file_that_is_no_page_is_said_to_be_none(wire: Wire) -> None:
    with pytest.raises(ProbeError, match="nothing to read was found"):
        probe_file(wire.config, b"%PDF-1.7", "https://bladet.example/a.pdf")


# Wrong leads


def feed_of(*titles: str, base: str = "https://bladet.example/") -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>{base}{title}</link><description>Text.</description></item>"
        for title in titles
    )
    return f"<rss version='2.0'><channel><title>Bladet</title>{items}</channel></rss>".encode()


def front(*links: str) -> Reply:
    head = "".join(f'<link rel="alternate" type="application/rss+xml" href="{link}">' for link in links)
    return Reply(f"<!doctype html><html><head><title>Bladet</title>{head}</head><body>x</body></html>".encode())


def serving(pages: dict[str, Reply], otherwise: Reply | None = None) -> Callable[[Call], Reply]:
    return lambda call: pages.get(call.path, otherwise or Reply(status=404))


def xml(body: bytes) -> Reply:
    return Reply(body, content_type="application/rss+xml")


def test_html_for_every_address_is_no_way_in(wire: Wire, serve: Callable[..., Site]) -> None:
    site = serve("bladet", serving({}, Reply(SOFT_404)))
    allowing(wire, site)
    said = failing(wire, site.url)
    assert said == f"{site.url}: nothing to read was found: no feed, no API, no list of news that is known"
    assert {"/wp-json/", "/feed/", "/sitemap.xml"} <= set(paths(site))


def test_an_undeclared_feed_is_found_at_a_usual_address(wire: Wire, serve: Callable[..., Site]) -> None:
    site = serve("bladet", serving({"/": front(), "/rss.xml": xml(feed_of("a", "b"))}, Reply(SOFT_404)))
    allowing(wire, site)
    found = probed(wire, site.url)
    assert (found.source.url, len(found.articles)) == (f"{site.url}rss.xml", 2)
    assert [feed.url for feed in found.finding.feeds] == [f"{site.url}rss.xml"]


def test_an_empty_feed_and_another_sites_are_passed_over(wire: Wire, serve: Callable[..., Site]) -> None:
    other = serve("annat", serving({"/rss": xml(feed_of("x"))}))
    pages = {
        "/": front(f"{other.url}rss", "/tom", "/html", "/bra", "/mer"),
        "/tom": xml(feed_of()),
        "/html": Reply(SOFT_404),
        "/bra": xml(feed_of("a")),
        "/mer": xml(feed_of("b")),
    }
    site = serve("bladet", serving(pages))
    allowing(wire, site, other)
    found = probed(wire, site.url)
    assert found.source.url == f"{site.url}bra"
    assert [feed.problem for feed in found.finding.feeds] == ["another site's", "empty", "an HTML page, not a feed", ""]
    assert other.requests == []
    assert "/mer" not in paths(site)


def test_a_usual_address_that_leads_elsewhere_is_no_feed(wire: Wire, serve: Callable[..., Site]) -> None:
    other = serve("annat", serving({"/rss": xml(feed_of("x"))}))
    away = Reply(status=301, headers={"Location": f"{other.url}rss"})
    site = serve("bladet", serving({"/": front(), "/rss": away}))
    allowing(wire, site, other)
    assert "nothing to read was found" in failing(wire, site.url)


def test_sitemaps_of_robots_txt(wire: Wire, serve: Callable[..., Site]) -> None:
    pages = {"/": front("/rss"), "/rss": xml(feed_of("a"))}
    site = serve("bladet", lambda call: robots if call.path == "/robots.txt" else serving(pages)(call))
    robots = Reply(f"Sitemap: {site.url}karta.xml\nSitemap: https://annat.example/s.xml\n".encode())
    allowing(wire, site)
    assert probed(wire, site.url).finding.sitemaps == (f"{site.url}karta.xml",)


def test_wordpress_in_a_folder_is_read_from_there(wire: Wire, serve: Callable[..., Site]) -> None:
    texts = {"title": "Badet", "content": "<p>Öppnar.</p>", "excerpt": ""}
    post = {name: {"rendered": text} for name, text in texts.items()} | dict.fromkeys(
        ("date", "date_gmt", "modified_gmt"), "2026-08-20T08:00:00"
    )

    def app(call: Call) -> Reply:
        if call.path == "/blogg/":
            return Reply(SOFT_404, headers={"Link": f'<{site.url}blogg/wp-json/>; rel="https://api.w.org/"'})
        if call.path == "/blogg/wp-json/":
            index = {"name": "Bloggen", "home": f"{site.url}blogg", "namespaces": ["wp/v2"]}
            return Reply(json.dumps(index).encode(), content_type="application/json")
        if call.path == "/blogg/wp-json/wp/v2/posts":
            return Reply(json.dumps([post | {"id": 7, "link": f"{site.url}blogg/badet/"}]).encode())
        return Reply(status=404)

    site = serve("bloggen", app)
    allowing(wire, site)
    found = probed(wire, f"{site.url}blogg/")
    assert (found.source.platform, found.source.url, found.source.title) == (
        "wordpress",
        f"{site.url}blogg/",
        "Bloggen",
    )
    assert [(article.title, article.published_from) for article in found.articles] == [("Badet", "api")]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (feed_of(), "a feed that brings no news: empty"),
        (feed_of("a").replace(b">Bladet<", b">Comments for Bladet<"), "a feed that brings no news: comments"),
        (b'<!DOCTYPE rss [<!ENTITY a "b">]>' + feed_of("a"), "it declares XML entities"),
    ],
)
def test_a_feed_of_no_news_says_why(wire: Wire, serve: Callable[..., Site], body: bytes, says: str) -> None:
    site = serve("bladet", serving({"/rss": xml(body)}))
    allowing(wire, site)
    assert says in failing(wire, f"{site.url}rss")


def test_a_feed_in_utf_16_is_a_feed(wire: Wire, serve: Callable[..., Site]) -> None:
    body = '<?xml version="1.0" encoding="UTF-16"?>' + feed_of("Å").decode()
    site = serve("bladet", serving({"/rss": xml(body.encode("utf-16"))}))
    allowing(wire, site)
    assert [article.title for article in probed(wire, f"{site.url}rss").articles] == ["Å"]


# What cannot be read


def test_what_cannot_be_read_is_one_line(wire: Wire, serve: Callable[..., Site]) -> None:
    site = wire.site("radio")
    site.answer("/robots.txt", headers={"Content-Type": "text/plain"}, body=b"User-agent: *\nDisallow: /")
    assert failing(wire, site.url) == f"{site.url}: robots.txt forbids it"
    hockey = wire.site("hockeyklubben")
    assert failing(wire, f"{hockey.url}saknas") == f"{hockey.url}saknas: answered 404"
    pdf = serve("pdf", serving({"/": Reply(b"%PDF-1.7", content_type="application/pdf")}))
    allowing(wire, pdf)
    assert failing(wire, pdf.url) == f"{pdf.url}: neither a page nor a feed"


def test_a_host_that_does_not_answer_is_one_line(wire: Wire, serve: Callable[..., Site]) -> None:
    site = Site("borta")
    allowing(wire, site)
    site.stop()
    said = failing(wire, site.url)
    assert said.startswith(f"{site.url}: ")
    assert site.address in said.removeprefix(f"{site.url}: ")


def test_a_private_address_says_what_to_set(wire: Wire, serve: Callable[..., Site]) -> None:
    site = serve("intern", serving({}))
    said = failing(wire, site.url)
    assert f'allow_private = ["{site.address}"]' in said
    assert "[http]" in said
    away = serve("bort", serving({"/": Reply(status=302, headers={"Location": site.url})}))
    allowing(wire, away)
    assert f'allow_private = ["{site.address}"]' in failing(wire, away.url)
    assert site.requests == []


# The command


def test_probe_tells_what_it_would_read(mine: Wire) -> None:
    url = mine.site("narkebladet").url
    result = orebro("probe", url)
    assert (result.exit_code, result.stderr) == (0, "")
    facts = dict(line.split("  ", 1) for line in result.stdout.split("\n\n")[0].splitlines())
    facts = {word: said.strip() for word, said in facts.items()}
    assert facts["platform"] == "wordpress"
    assert facts["ways in"] == "[rest] → feed → pages"
    assert mine.county.truth("narkebladet")[0].title in result.stdout
    assert stored(Path("news.db")) == []


def test_probe_answers_in_json(mine: Wire) -> None:
    answer = json.loads(orebro("probe", mine.site("narkebladet").url, "--json").stdout)
    assert answer["source"] == {
        "title": "Närkebladet", "platform": "wordpress", "url": mine.site("narkebladet").url, "kind": "news",
    }  # fmt: skip
    assert (answer["ladder"], answer["way_in"], answer["is_article"]) == (["rest", "feed", "pages"], "rest", False)
    assert answer["saved"] is None
    posts = mine.county.truth("narkebladet")
    assert [a["title"] for a in answer["articles"]] == [post.title for post in posts]
    first: dict[str, Any] = answer["articles"][0]
    assert first["published_from"] == "api"
    assert first["text"].startswith(posts[0].paragraphs[0])


def test_probe_prints_one_article_whole(mine: Wire) -> None:
    post = mine.county.truth("radio")[0]
    shown = orebro("probe", post.url).stdout
    assert all(paragraph in shown for paragraph in post.paragraphs)
    assert "json-ld" in shown
    Path("sida.html").write_bytes(mine.site("radio")._app(call_of(post.path)).body)  # type: ignore[misc]
    assert orebro("probe", "sida.html", "--url", post.url).stdout == shown


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("saknas.html",), "saknas.html: no such file; an address begins with https://"),
        (("a" * 300,), f"{'a' * 300}: no such file; an address begins with https://"),
        (("ftp://bladet.example/",), "not an http or https address"),
        (("https://",), "not an http or https address"),
        (("https://bladet.example/", "--save", "Stora Bladet"), "'Stora Bladet' is no name"),
        (("https://bladet.example/", "--save", "na"), "a source is called 'na' already"),
    ],
)
def test_wrong_use_is_one_line_and_asks_nobody(mine: Wire, arguments: tuple[str, ...], says: str) -> None:
    before = Path("orebro.toml").read_bytes()
    result = orebro("probe", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr
    assert result.stderr.startswith("orebro: ")
    assert result.stderr.count("\n") == 1
    assert Path("orebro.toml").read_bytes() == before


def test_an_address_and_an_address_is_wrong_use(mine: Wire) -> None:
    assert orebro("probe", "https://a.example/", "--url", "https://b.example/").exit_code == 2
    assert orebro("crawl", "na", "--url", "https://b.example/").exit_code == 2


def test_nothing_to_read_is_exit_code_1(mine: Wire) -> None:
    for command in (("probe", mine.site("mynewsdesk").url), ("crawl", "--url", mine.site("mynewsdesk").url)):
        result = orebro(*command)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "nothing to read was found" in result.stderr


def test_a_host_that_asked_for_a_pause_is_left_alone(mine: Wire) -> None:
    site = mine.site("radio")
    pause_host(mine.db, site.address, datetime.now(UTC) + timedelta(hours=1), "status 429")
    result = orebro("probe", site.url)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "left alone until" in result.stderr
    assert site.requests == []


# Saving


@pytest.mark.parametrize("newsroom", ["narkebladet", "tornet", "radio"])
def test_save_then_crawl(mine: Wire, newsroom: str) -> None:
    before = Path("orebro.toml").read_text(encoding="utf-8")
    address = mine.site("radio").url if newsroom == "radio" else mine.config.sources[newsroom].url
    saved = orebro("probe", address, "--save", "ny")
    assert saved.exit_code == 0
    after = Path("orebro.toml").read_text(encoding="utf-8")
    assert after.startswith(before)
    assert after.removeprefix(before).strip() in saved.stdout
    assert load_config(Path("orebro.toml")).sources["ny"].title == mine.config.sources[newsroom].title
    assert orebro("crawl", "ny").exit_code == 0
    posts, articles = mine.county.truth(newsroom), stored(Path("news.db"))
    assert {url: (title, published) for url, title, published, _ in articles} == {
        post.url: (post.title, post.published.replace(microsecond=0).timestamp()) for post in posts
    }
    texts = {url: text for url, _, _, text in articles}
    assert all(post.paragraphs[0].removeprefix("• ") in texts[post.url] for post in posts)


def stored(db: Path) -> list[tuple[str, str, float, str]]:
    from orebro_spiders.archive.articles import select
    from orebro_spiders.archive.database import open_archive

    archive = open_archive(db)
    try:
        return [(a.url, a.title, a.published.timestamp(), a.text) for a in select(archive, "1 order by pk")]
    finally:
        archive.close()


def test_save_makes_the_file_and_says_so_in_json(mine: Wire) -> None:
    settings = Path("ny.toml")
    settings.write_bytes(Path("orebro.toml").read_bytes().rstrip())
    answer = json.loads(
        orebro("probe", mine.site("radio").url, "--save", "radion", "--json", "--config", settings).stdout
    )
    assert answer["saved"]["file"] == "ny.toml"
    assert tomllib.loads(answer["saved"]["lines"])["sources"]["radion"]["follow"] is True
    assert load_config(settings).sources["radion"].url == mine.site("radio").url + "rss/"


def test_a_site_is_saved_once(mine: Wire) -> None:
    url = mine.site("hockeyklubben").url
    assert orebro("probe", url, "--save", "hockey").exit_code == 0
    before = Path("orebro.toml").read_bytes()
    for again in (orebro("probe", url, "--save", "igen"), orebro("crawl", "--url", url)):
        assert (again.exit_code, again.stdout) == (2, "")
        assert "read already, as the source 'hockey'" in again.stderr
    assert Path("orebro.toml").read_bytes() == before
    assert orebro("probe", url).exit_code == 0


def test_an_article_is_no_source(mine: Wire) -> None:
    result = orebro("probe", mine.county.truth("radio")[0].url, "--save", "radion")
    assert (result.exit_code, result.stdout) == (2, "")
    assert mine.site("radio").url in result.stderr


def test_settings_that_cannot_take_a_source_stay_as_they_are(mine: Wire) -> None:
    text = Path("orebro.toml").read_text(encoding="utf-8")
    inline = f"sources = {{ na = {{ enabled = false }} }}\n{text}"
    Path("orebro.toml").write_text(inline, encoding="utf-8")
    result = orebro("probe", mine.site("radio").url, "--save", "radion")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "orebro.toml: [sources.radion] cannot be added" in result.stderr
    assert Path("orebro.toml").read_text(encoding="utf-8") == inline


# Crawling at once


def test_crawl_url_reads_a_site_that_is_no_source(mine: Wire) -> None:
    before = Path("orebro.toml").read_bytes()
    site = mine.site("hockeyklubben")
    result = orebro("crawl", "--url", site.url, "--json")
    assert result.exit_code == 0
    (row,) = json.loads(result.stdout)
    name = site.address.replace(".", "-").replace(":", "-")
    assert (row["source"], row["verdict"], row["new"]) == (name, "ok", 7)
    assert f"orebro probe {site.url} --save {name}" in result.stderr
    assert len(stored(Path("news.db"))) == 7
    assert Path("orebro.toml").read_bytes() == before
