from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orebro_spiders.items import Article
from orebro_spiders.reading.releases import declared_feeds, read_release

NOW = datetime(2026, 8, 22, 12, 0, tzinfo=UTC)
URL = "https://www.mynewsdesk.com/se/pressreleases/bron-888163"
PAGES = Path(__file__).with_name("pages")

RELEASES = {
    "release_2012": Article(
        url=URL,
        title="Tågpendlarna blir fler i länet",
        summary="Allt fler tar tåget till arbetet i Örebro län.",
        text="Var sjunde invånare i länet arbetar i en annan kommun än den egna, och allt fler av dem åker tåg.\n\n"
        "Det visar en genomgång av resorna mellan Hallsberg, Kumla och Örebro. Restiden har blivit kortare sedan "
        "dubbelspåret blev klart.\n\n"
        "• Kumla–Örebro: 3 100 resor om dagen\n\n"
        "• Hallsberg–Örebro: 1 900 resor om dagen\n\n"
        "Hela rapporten finns att hämta här.",
        published=datetime(2012, 12, 6, 10, 45, tzinfo=UTC),
        published_from="time",
    ),
    "release_2017": Article(
        url=URL,
        title="Lekplatsen i Varberga får nytt namn",
        summary="Barnen på Hagaskolan har röstat.",
        text="Draken, Piren eller Gläntan? Nu har barnen på Hagaskolan bestämt sig.\n\n"
        "Med 214 röster av 390 vann Gläntan. Skylten sätts upp den 1 november, och då bjuds det på varm choklad.\n\n"
        "Så gick det till\n\n"
        "Alla klasser fick lämna var sitt förslag. Sedan valde en jury tre av dem.\n\n"
        "Kommunikationschefen och en granne\n\n"
        "Två elever från årskurs fem\n\n"
        "Mer information om lekplatsen finns på anslagstavlan i området.\n\n"
        "Alla som bor i området är välkomna till invigningen.\n\n"
        "Vägen dit är skyltad från busshållplatsen.\n\n"
        "Parkering finns vid skolan.",
        published=datetime(2018, 10, 10, 7, 0, tzinfo=UTC),
        published_from="time",
        image="https://bilder.example/image/upload/t_open_graph/abcdefghij0123456789.jpg",
    ),
    "release_2020": Article(
        url=URL,
        title="Ny bro över Svartån öppnas för trafik",
        summary="Bron ersätter den från 1938.",
        text="På fredag klipper landshövdingen bandet.\n\n"
        "Bron är 64 meter lång och ersätter den från 1938, som revs i vintras.\n\n"
        "– Vi har väntat länge på det här, säger projektledaren Maria Ström.",
        published=datetime(2023, 5, 3, 6, 30, tzinfo=UTC),
        published_from="time",
        image="https://www.mynewsdesk.com/image/upload/bro.jpg",
        categories=("Trafik", "Väg, järnväg", "broar"),
    ),
}


def release(*paragraphs: str, before: str = "", after: str = "") -> Article:
    """A release of the newest markup with these paragraphs."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return read_release(
        f'<html><body>{before}<p class="type__date">Pressmeddelande - <time datetime="2023-05-03 08:30:00">3 maj</time>'
        f'</p><h1 class="panel__title">Ny bro</h1><div class="panel__text">{body}</div>{after}</body></html>'.encode(),
        URL,
        NOW,
    )


def lines(*paragraphs: str) -> list[str]:
    return release(*paragraphs).text.split("\n\n")


@pytest.mark.parametrize("name", RELEASES)
def test_a_frozen_release_reads_as_it_always_did(name: str) -> None:
    read = read_release((PAGES / f"{name}.html").read_bytes(), URL, NOW)
    assert replace(read, html="") == RELEASES[name]


@pytest.mark.parametrize("name", RELEASES)
def test_its_html_is_clean_and_says_the_same(name: str) -> None:
    html = read_release((PAGES / f"{name}.html").read_bytes(), URL, NOW).html
    for foreign in ("abcdefghij0123456789", "<script", "class=", "@", "555", "<h1"):
        assert foreign not in html
    if name == "release_2012":
        assert '<a href="https://www.mynewsdesk.com/se/documents/rapport-4711">' in html


# Dates


@pytest.mark.parametrize(
    ("stamp", "published"),
    [
        ("Pressmeddelande • Dec 06, 2012 11:45 CET", datetime(2012, 12, 6, 10, 45, tzinfo=UTC)),
        ("Pressmeddelande   •   Okt 10, 2018 09:00 CEST", datetime(2018, 10, 10, 7, 0, tzinfo=UTC)),
        ("Pressrelease - 3 maj 2013 10:15", datetime(2013, 5, 3, 8, 15, tzinfo=UTC)),
        ("Nyhet | 2013-05-03 10:15", datetime(2013, 5, 3, 8, 15, tzinfo=UTC)),
        ("Press release · May 03, 2013 10:15 CEST", datetime(2013, 5, 3, 8, 15, tzinfo=UTC)),
        ("Pressmeddelande • 31 februari 2013", None),
        ("Pressmeddelande • snart", None),
        ("Bild • Dec 06, 2012 11:45 CET", None),
    ],
)
def test_the_line_of_type_and_date(stamp: str, published: datetime | None) -> None:
    page = f"<html><body><h1>Ny bro</h1><p>{stamp}</p><p>Bron öppnas på fredag.</p></body></html>"
    read = read_release(page.encode(), URL, NOW)
    assert read.published == published
    assert read.published_from == ("time" if published else "first-seen")


def test_dates_of_header_and_related_releases_are_not_its_own() -> None:
    related = '<ul><li><time datetime="2020-01-01 10:00:00">1 jan</time> Annat</li></ul>'
    page = (
        '<html><body><header><time datetime="2026-08-22">i dag</time></header><h1 class="panel__title">Ny bro</h1>'
        f'<div class="panel__text"><p>Bron öppnas.</p></div>{related}</body></html>'
    )
    read = read_release(page.encode(), URL, NOW)
    assert (read.published, read.published_from, read.text) == (None, "first-seen", "Bron öppnas.")


# Contacts


@pytest.mark.parametrize(
    "opening",
    [
        "Kontakt",
        "Kontakter:",
        "Kontaktperson",
        "KONTAKTPERSONER",
        "Presskontakt",
        "Presskontakt Stadsbo AB",
        "Mediakontakt:",
        "För kommentarer:",
        "För intervjuer",
        "För mer information: Eva Lindgren, 019-555 01 02",
        "För mer information, kontakta:</p><p>Eva Lindgren</p><p>eva@bron.example",
        "För ytterligare upplysningar</p><p>Eva Lindgren, +46 19 555 01 02",
        "Mer information lämnas av Eva Lindgren, 070-555 12 34",
        "Vid frågor: eva@bron.example",
        "Frågor besvaras av Eva Lindgren, tfn 019/555 01 02",
        "<strong>Kontakt:</strong><br>Eva Lindgren<br>019-555 01 02",
    ],
)
def test_contacts_and_what_comes_after_them_are_no_text(opening: str) -> None:
    assert lines("Bron öppnas på fredag.", "Den är 64 meter.", opening, "Eva Lindgren", "Vi är en arena.") == [
        "Bron öppnas på fredag.",
        "Den är 64 meter.",
    ]


@pytest.mark.parametrize(
    "paragraph",
    [
        "Kontakten mellan kommunerna har blivit bättre, säger hon.",
        "Mer information om öppettiderna finns på kommunens webbplats.",
        "För mer information om bron, besök utställningen på biblioteket.",
        "Vid frågor om trafiken hjälper personalen på plats till.",
        "Kontaktlösa betalningar ökade med 12 procent under 2022.",
        "Numret till larmcentralen är som vanligt 112.",
        "Bron kostade 019 miljoner mindre än väntat.",
    ],
)
def test_what_only_sounds_like_contacts_stays(paragraph: str) -> None:
    tail = [
        "Bron öppnas på fredag.",
        "Den är 64 meter.",
        "Den ersätter den från 1938.",
        "Landshövdingen klipper bandet.",
    ]
    assert lines(paragraph, *tail) == [paragraph, *tail]


@pytest.mark.parametrize(
    "lead",
    [
        "Kontaktpersoner i varje kommun ska hjälpa äldre med flytten.",
        "Mer information till resenärerna och fler tåg: det vill länets kommuner ha.",
        "Frågor besvaras direkt på plats när bron visas upp för de boende.",
    ],
)
def test_a_short_release_is_not_taken_for_its_contacts(lead: str) -> None:
    """Its first words are those of contacts, and its contacts stand close behind."""
    body = "Det beslutade nämnden i går."
    assert lines(lead, body, "Kontakt", "Eva Lindgren, 019-555 01 02") == [lead, body]


def test_a_date_is_no_telephone_number() -> None:
    said = ["Mer information om visningen:", "Bron visas 2023-05-03 10:15 för de boende.", "Alla är välkomna."]
    assert lines("Bron öppnas.", *said) == ["Bron öppnas.", *said]


# Picture tokens


@pytest.mark.parametrize("token", ["S2bwtpvyhildakldns71", "abcdefghij0123456789"])
def test_the_name_of_a_picture_is_no_text(token: str) -> None:
    assert lines("Bron öppnas.", token, f"<span>{token}</span>", "Den är lång.") == ["Bron öppnas.", "Den är lång."]


@pytest.mark.parametrize(
    "words",
    ["Kommunikationschefen", "Informationsansvarig", "S2bwtpvyhildakldns7", "Kod S2bwtpvyhildakldns71 gäller"],
)
def test_other_words_are(words: str) -> None:
    assert lines("Bron öppnas.", words, "Den är lång.") == ["Bron öppnas.", words, "Den är lång."]


# Odd pages


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b" \n",
        b"\x00\x00",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"<html></html>",
        b"<h1>",
        b"<p>Pressmeddelande",
        "<html><body><p>Pressmeddelande • Dec 06, 2012 11:45 CET</p></body></html>".encode(),
        b'<div class="panel__text"></div>',
        b'<div class="panel__text"><p>Kontakt</p></div>',
        b"<div>" * 10_000,
    ],
    ids=lambda page: repr(page[:24]),
)
def test_an_odd_page_has_no_text_and_does_no_harm(page: bytes) -> None:
    read = read_release(page, URL, NOW)
    assert (read.url, read.text, read.html) == (URL, "", "")


def test_a_release_without_its_markup_is_what_follows_the_stamp() -> None:
    page = (
        "<html><body><div id=top>Pressrum</div><table><tr><td><h2>Ny bro</h2><span>Pressmeddelande • Dec 06, 2012 "
        "11:45 CET</span></td></tr><tr><td><p>Bron öppnas.</p></td></tr></table></body></html>"
    )
    read = read_release(page.encode(), URL, NOW)
    assert (read.title, read.text) == ("Ny bro", "Bron öppnas.")


@pytest.mark.parametrize(
    ("links", "feeds"),
    [
        (
            ["/rss/current_news/4711", "/rss/source/4711/pressrelease"],
            ["source/4711/pressrelease", "current_news/4711"],
        ),
        (["/rss/source/4711/news", "/rss/source/4711/blog_post"], []),
        (["/rss/current_news/4711", "/rss/current_news/4711#x"], ["current_news/4711"]),
        (["/kontakt", "/rss", "", "javascript:rss()"], []),
    ],
)
def test_the_feeds_that_a_room_declares_best_first(links: list[str], feeds: list[str]) -> None:
    head = "".join(f'<link rel="alternate" type="application/rss+xml" href="{link}">' for link in links)
    anchors = "".join(f'<p><a href="{link}">RSS</a></p>' for link in links)
    expected = tuple(f"https://www.mynewsdesk.com/rss/{feed}" for feed in feeds)
    for markup in (f"<html><head>{head}</head><body></body></html>", f"<html><body>{anchors}</body></html>"):
        assert declared_feeds(markup.encode(), "https://www.mynewsdesk.com/se/provbolaget") == expected


@pytest.mark.parametrize(("element", "is_its_own"), [("link rel='alternate'", True), ("a", False)])
def test_a_search_is_the_rooms_feed_only_where_the_page_declares_it(element: str, is_its_own: bool) -> None:
    search = "https://www.mynewsdesk.com/se/search/rss?query=prov&type_of_medias=Pressrelease"
    usual = "https://www.mynewsdesk.com/se/provbolaget/pressreleases.rss"
    page = "".join(f"<{element} href='{feed}'>" for feed in (search.replace("&", "&amp;"), usual)).encode()
    expected = (usual, search) if is_its_own else (usual,)
    assert declared_feeds(page, "https://www.mynewsdesk.com/se/provbolaget") == expected


def test_what_is_no_page_declares_nothing() -> None:
    assert declared_feeds(b"", "https://www.mynewsdesk.com/se/provbolaget") == ()
