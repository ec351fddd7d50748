"""Sitemaps of every form, and what only looks like one."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from orebro_spiders.reading import sitemaps
from orebro_spiders.reading.sitemaps import NotASitemapError, Sitemap, read_sitemap

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
URL = "https://bladet.example.se/sitemap.xml"
XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
IMAGE = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'


def read(body: str | bytes) -> Sitemap:
    return read_sitemap(body.encode() if isinstance(body, str) else body, URL, NOW)


def addresses(body: str | bytes) -> list[str]:
    return [page.url.removeprefix("https://bladet.example.se") for page in read(body).pages]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (f"<urlset {XMLNS}><url><loc>https://bladet.example.se/b/</loc></url></urlset>", ["/b/"]),
        ("<urlset><url><loc>\n https://bladet.example.se/?a=1&amp;b=2 </loc></url></urlset>", ["/?a=1&b=2"]),
        ("<urlset><url><loc>https://bladet.example.se/?a=1&b=2</loc></url></urlset>", ["/?a=1&b=2"]),
        ("<urlset><url><loc><![CDATA[https://bladet.example.se/?a=1&b=2]]></loc></url></urlset>", ["/?a=1&b=2"]),
        ("<urlset><url><loc>/nyheter/badet</loc></url></urlset>", ["/nyheter/badet"]),
        (f'<s:urlset xmlns:s="{XMLNS[7:-1]}"><s:url><s:loc>/a</s:loc></s:url></s:urlset>', ["/a"]),
        ("<?xml version='1.0' encoding='latin-1'?><urlset><url><loc>/bad-på-ön</loc></url></urlset>", ["/bad-på-ön"]),
        ("﻿\n<urlset><url><loc>/a</loc></url></urlset><!-- 0.2 s -->", ["/a"]),
        ("Notice: undefined <urlset><url><loc>/a</loc></url></urlset>", ["/a"]),
        ("<urlset><!-- <url><loc>/gammal</loc></url> --><url><loc>/a</loc></url></urlset>", ["/a"]),
        (f"<urlset {IMAGE}><url><image:i><image:loc>/b</image:loc></image:i><loc>/a</loc></url></urlset>", ["/a"]),
        ("<urlset><url></url><url><loc>javascript:alert(1)</loc></url><url><loc>/a</loc></url></urlset>", ["/a"]),
        ("<urlset><url><loc>/a</loc></url><url><loc>/b</l></url><url><loc>/c</loc></url></urlset>", ["/a", "/b", "/c"]),
        ("https://bladet.example.se/a\nhttps://bladet.example.se/b\r\n\ninte en adress\n", ["/a", "/b"]),
        ("<urlset/>", []),
    ],
)  # fmt: skip
def test_addresses(body: str, found: list[str]) -> None:
    assert addresses(body) == found
    assert addresses(gzip.compress(body.encode())) == found


def test_when_a_page_was_changed() -> None:
    stamps = ["2026-05-01T10:00:00+02:00", "2026-05-01T08:00Z", "2026-05-01", "2026-05", "igår", ""]
    entries = "".join(f"<url><loc>/{n}</loc><lastmod>{stamp}</lastmod></url>" for n, stamp in enumerate(stamps))
    changed = [page.changed for page in read(f"<urlset {XMLNS}>{entries}</urlset>").pages]
    assert [c.instant.isoformat()[:16] if c else None for c in changed[:4]] == [
        "2026-05-01T10:00", "2026-05-01T08:00", "2026-05-01T00:00", None,
    ]  # fmt: skip
    assert [c.precision for c in changed[:3] if c] == ["minute", "minute", "day"]


def test_an_index_names_files() -> None:
    found = read(
        f"<sitemapindex {XMLNS}><sitemap><loc>/s-1.xml.gz</loc><lastmod>2026-05-01</lastmod></sitemap>"
        "<sitemap><loc>/s-2.xml</loc></sitemap></sitemapindex>"
    )
    assert [file.url[-11:] for file in found.sitemaps] == ["/s-1.xml.gz", ".se/s-2.xml"]
    assert [bool(file.changed) for file in found.sitemaps] == [True, False]
    assert (found.pages, found.is_cut) == ((), False)


def story(number: int) -> str:
    return (
        f"<url><loc>/n/{number}</loc><news:news><news:publication><news:name>Bladet</news:name>"
        "<news:language>sv</news:language></news:publication>"
        f"<news:publication_date>2026-05-0{number}T07:30:00+02:00</news:publication_date>"
        f"<news:title>Bad &amp; bastu {number}</news:title></news:news></url>"
    )


@pytest.mark.parametrize("declaration", [NEWS, ""])
def test_a_news_sitemap_tells_headline_and_date(declaration: str) -> None:
    found = read(f"<urlset {XMLNS} {declaration}>{story(1)}{story(2)}</urlset>")
    assert found.is_news
    assert [(page.title, str(page.published.instant)) for page in found.pages if page.published] == [
        ("Bad & bastu 1", "2026-05-01 07:30:00+02:00"),
        ("Bad & bastu 2", "2026-05-02 07:30:00+02:00"),
    ]
    assert not read(f"<urlset {XMLNS} {NEWS}>{story(1)}<url><loc>/om</loc></url></urlset>").is_news


# Dirt and malice


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "the answer is empty"),
        (b"<!DOCTYPE html><html><body>Sidan finns inte</body></html>", "not a sitemap"),
        (b"<rss version='2.0'><channel/></rss>", "not a sitemap"),
        (b"%PDF-1.7 ...", "not a sitemap"),
        (b"\x1f\x8bsomething else", "it begins like gzip and is none"),
        (
            b'<urlset><!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><url><loc>/&x;</loc></url></urlset>',
            "it declares XML entities, which no sitemap needs",
        ),
    ],
)
def test_what_is_no_sitemap(body: bytes, why: str) -> None:
    with pytest.raises(NotASitemapError, match=f"^{why}$"):
        read(body)


def test_entities_declared_in_front_mean_nothing() -> None:
    bomb = '<!ENTITY a "bbbb"><!ENTITY c "&a;&a;&a;">'
    assert addresses(f"<!DOCTYPE urlset [{bomb}]><urlset><url><loc>/&c;d</loc></url></urlset>") == ["/&c;d"]


@pytest.mark.parametrize("cut", [60, 100, 130, 170])
def test_a_file_that_is_cut_gives_its_whole_entries(cut: int) -> None:
    whole = f"<urlset {XMLNS}><url><loc>/a</loc></url><url><loc>/b</loc></url><url><loc>/c</loc></url></urlset>"
    found = read(whole[:cut])
    assert found.is_cut == (cut < len(whole))
    paths = [page.url[-2:] for page in found.pages]
    assert paths == ["/a", "/b", "/c"][: len(paths)]


def test_a_packed_bomb_unfolds_no_further_than_a_sitemap_may_be_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_SIZE", 1000)
    entries = "".join(f"<url><loc>/{n}</loc></url>" for n in range(10_000))
    found = read(gzip.compress(f"<urlset>{entries}</urlset>".encode()))
    assert found.is_cut
    assert 10 < len(found.pages) < 100


def test_more_entries_than_a_sitemap_may_have_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_ENTRIES", 3)
    assert len(read("<urlset>" + "<url><loc>/a</loc></url>" * 5 + "</urlset>").pages) == 3
    assert len(read("https://bladet.example.se/a\n" * 5).pages) == 3
