"""All pages of an archive as bad as the web makes them: whole, linked, safe, and to be read by everybody."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import lxml.html
import pytest
from sqlite_utils import Database

from feeds.publish import build
from orebro_spiders.reading.text import MAX_MARKUP
from tests.feeds.county import BASE, NOW, article, filled, settings

HUGE = "<h2>Rubrik</h2>" + "<p>Ett stycke av många i ett dokument på tio megabyte.</p>" * 170_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, lxml.html.HtmlElement]:
    """Every page of the adversarial archive by its path."""
    from tests.feeds.county import adversarial

    out = tmp_path_factory.mktemp("public")
    build(adversarial(), settings(contact="redaktionen@example.se"), out)
    return pages_in(out)


def pages_in(out: Path) -> dict[str, lxml.html.HtmlElement]:
    found = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.html")}
    parser = lxml.html.HTMLParser(encoding="utf-8")
    return {path: lxml.html.document_fromstring(content, parser=parser) for path, content in found.items()}


def test_there_is_a_page_of_everything(site: dict[str, lxml.html.HtmlElement]) -> None:
    for path in ("index.html", "kalla/bladet.html", "kommun/nora.html", "amne/sport.html", "slag/notiser.html"):
        assert path in site
    for path in ("dag/2026-11-21.html", "dagar.html", "prenumerera.html", "halsa.html", "om.html", "404.html"):
        assert path in site
    assert len([path for path in site if path.startswith("artikel/")]) == 30


def test_every_link_to_one_of_our_files_leads_to_it(tmp_path: Path, county: Database) -> None:
    build(county, settings(), tmp_path)
    pages = pages_in(tmp_path)
    for path, page in pages.items():
        for element in page.cssselect("[href]"):
            address = element.get("href")
            if urlsplit(address).scheme or path == "404.html":
                continue
            target = unquote(urlsplit(urljoin(f"https://ours.example/{path}", address)).path).lstrip("/")
            assert (tmp_path / target).is_file(), f"{path}: {address}"
            if fragment := urlsplit(address).fragment:
                assert pages[target].cssselect(f"#{fragment}"), f"{path}: {address}"


def test_links_go_to_the_web_or_to_ourselves(site: dict[str, lxml.html.HtmlElement]) -> None:
    for path, page in site.items():
        for link in page.cssselect("a[href]"):
            scheme = urlsplit(link.get("href")).scheme
            allowed = {"", "http", "https", "mailto"} | ({"feed"} if path == "prenumerera.html" else set())
            assert scheme in allowed, f"{path}: {link.get('href')}"


def test_nothing_is_asked_of_others_and_nothing_can_run(site: dict[str, lxml.html.HtmlElement]) -> None:
    for path, page in site.items():
        assert not page.cssselect("[src], [srcset], style, [style], iframe, object, embed, form, base"), path
        assert {script.get("type") for script in page.cssselect("script")} <= {"application/ld+json"}, path
        handlers = [name for element in page.iter("*") for name in element.attrib if name.startswith("on")]
        assert not handlers, path
        fetched = page.cssselect('link:not([rel="alternate"]):not([rel="canonical"])')
        assert [urlsplit(link.get("href")).scheme for link in fetched] == ["", ""], path
        policy = page.cssselect('meta[http-equiv="Content-Security-Policy"]')[0].get("content")
        assert policy.startswith("default-src 'none'; style-src 'self';"), path


def test_pages_can_be_read_without_eyes(site: dict[str, lxml.html.HtmlElement]) -> None:
    for path, page in site.items():
        assert page.get("lang") == "sv", path
        assert [len(page.cssselect(one)) for one in ("body > header", "main", "body > footer", "h1", "title")] == [
            1
        ] * 5
        levels = [int(heading.tag[1]) for heading in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
        assert levels[0] == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), f"{path}: {levels}"
        ids = [element.get("id") for element in page.cssselect("[id]")]
        assert len(set(ids)) == len(ids), path
        targets = [link.get("href")[1:] for link in page.cssselect('a[href^="#"]')]
        targets += [element.get("aria-labelledby") for element in page.cssselect("[aria-labelledby]")]
        assert set(targets) <= set(ids), path
        for element in page.cssselect("a, h1, h2, h3, summary"):
            assert element.text_content().strip() or element.get("aria-label"), path


def test_pages_say_what_they_are(site: dict[str, lxml.html.HtmlElement]) -> None:
    titles: dict[str, str] = {}
    for path, page in site.items():
        meta = {one.get("property") or one.get("name"): one.get("content") for one in page.cssselect("meta")}
        assert meta["description"], path
        assert meta["og:title"], path
        address = BASE + ("" if path == "index.html" else path)
        assert meta["og:url"] == address, path
        canonical = [link.get("href") for link in page.cssselect('link[rel="canonical"]')]
        assert canonical == ([] if meta.get("robots") == "noindex" else [address]), path
        if not path.startswith("artikel/"):
            assert titles.setdefault(page.cssselect("title")[0].text, path) == path


def test_what_is_said_to_machines_can_be_parsed(site: dict[str, lxml.html.HtmlElement]) -> None:
    kinds = set()
    for path, page in site.items():
        for script in page.cssselect("script"):
            said = json.loads(script.text)
            assert said["@context"] == "https://schema.org", path
            assert said["url"] == BASE + ("" if path == "index.html" else path), path
            kinds.add(said["@type"])
    assert kinds == {"WebSite", "CollectionPage", "NewsArticle"}


def test_every_page_leads_to_its_own_feeds_and_to_that_of_everything(site: dict[str, lxml.html.HtmlElement]) -> None:
    for path, page in site.items():
        found = [link.get("href") for link in page.cssselect('link[rel="alternate"]')]
        assert any(re.fullmatch(r"(\.\./)*/?alla\.rss", address) for address in found), path
        if path.split("/")[0] in {"kalla", "kommun", "amne", "slag"}:
            assert found[0] == f"../{path.removesuffix('.html')}.rss"


def test_text_is_what_it_was(site: dict[str, lxml.html.HtmlElement]) -> None:
    def heading(number: int, source: str = "bladet") -> str:
        return site[f"artikel/2026-11-21/{source}_{number}.html"].cssselect("h1")[0].text_content()

    assert heading(1) == "Kontrolltecken och nya rader"
    assert heading(2) == "Slut ]]> på CDATA"
    assert heading(3) == "‹script›alert(1)‹/script› & ‹b›fet‹/b›"
    assert heading(4).startswith("Räv 🦊")
    assert heading(18) == "Så skriver man &lt;b&gt; i HTML"
    arabic = site["artikel/2026-11-21/bladet_5.html"].cssselect("article")[0]
    assert (arabic.get("lang"), arabic.cssselect("h1")[0].get("dir")) == ("ar", "auto")


def test_ten_megabytes_a_page_of_nothing_and_words_without_end(tmp_path: Path) -> None:
    odd = [
        article(1, source="regionen", kind="press", html=HUGE, url="https://regionen.example/1"),
        article(2, title="", text="", summary="", html=""),
        article(3, title="x" * 300, summary="y" * 300),
        article(4, source="regionen", kind="press", html="</article></main><!--", url="https://regionen.example/4"),
    ]
    build(filled(odd, NOW), settings(), tmp_path)
    built = pages_in(tmp_path)
    kept = MAX_MARKUP // (len(HUGE) / HUGE.count("<p>"))
    assert abs(len(built["artikel/2026-11-21/regionen_1.html"].cssselect(".text p")) - kept) <= 1
    assert built["artikel/2026-11-21/bladet_2.html"].cssselect("h1")[0].text == "2"
    assert built["artikel/2026-11-21/regionen_4.html"].cssselect("main article footer a")


def test_a_site_below_the_root_of_its_host(tmp_path: Path, county: Database) -> None:
    build(county, settings(base_url="https://example.se/lokalt"), tmp_path)
    built = pages_in(tmp_path)
    assert built["404.html"].cssselect('link[rel="stylesheet"]')[0].get("href").startswith("/lokalt/style.css?v=")
    assert built["om.html"].cssselect('link[rel="canonical"]')[0].get("href") == "https://example.se/lokalt/om.html"
