from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from feeds.addresses import Home, home_of, page_of
from feeds.channels import ATOM, RSS, channels
from feeds.entries import BEGINNING, LONGEST, SHORT, Entry, entry_of, feed_of, shortened
from feeds.errors import RenderError
from orebro_spiders.errors import ConfigError
from orebro_spiders.sources import Site, Source
from tests.feeds.county import BAD_HTML, BASE, LONG_WORD, NOW, SOURCES, settings, stored

HOME = Home(BASE)


def entry(**said: object) -> Entry:
    return entry_of(stored(**said), settings(), HOME)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (" Bad\xa0i \n dag ", "Bad i dag"),
        ("Kontroll\x00tecken\x0b\x1f\ufffe", "Kontrolltecken"),
        ("C1 \x80\x9f\x7f och \x85 ny rad", "C1 och ny rad"),
        ("Halvt \ud83e tecken", "Halvt tecken"),
        ("A\u030angstro\u0308m", "Ångström"),
        ("Räv 🦊 👨‍👩‍👧", "Räv 🦊 👨‍👩‍👧"),
        ("<script>alert(1)</script>", "‹script›alert(1)‹/script›"),
        ("5 < 6 & 7 > 3", "5 < 6 & 7 > 3"),
        ("Så skrivs &lt;b&gt;", "Så skrivs &lt;b&gt;"),
        ("", "1"),
        ("\u200b\u00ad", "1"),
    ],
)
def test_titles_are_plain_and_never_empty(title: str, shown: str) -> None:
    assert entry(title=title).title == shown


def test_a_title_is_made_of_the_address_or_else_the_source() -> None:
    assert entry(title="", url="https://bladet.example/badet-stanger/").title == "Badet stanger"
    assert entry(title="", url="https://bladet.example/").title == "Bladet & Co"


def test_a_long_title_is_cut() -> None:
    assert len(entry(title="ord " * 900).title) <= 500


def test_summary_is_the_newsrooms_own() -> None:
    assert entry(summary="Egen.\n\nIngress.", text="Annat.").summary == "Egen. Ingress."


def test_summary_is_else_the_beginning_of_the_text() -> None:
    text = "Det här är en mening som är lagom lång. " * 30
    cut = entry(summary="", text=text).summary
    assert cut.endswith("lagom lång. …")
    assert SHORT / 2 < len(cut) <= SHORT
    assert entry(summary="", text="Kort.").summary == "Kort."
    assert entry(summary="", text="", html="<p>Bara <b>HTML</b></p>").summary == "Bara HTML"


def test_summary_is_never_empty_nor_the_whole_article() -> None:
    assert entry(text="").summary == "Nyhet från Bladet & Co."
    assert entry(text="", kind="press").summary == "Pressmeddelande från Bladet & Co."
    assert len(entry(summary="ord " * 2000).summary) <= LONGEST


@pytest.mark.parametrize(
    ("value", "longest", "cut"),
    [
        ("Kort.", 5, "Kort."),
        (LONG_WORD, 20, LONG_WORD[:18] + " …"),
        ("Ett två tre fyra fem sex", 12, "Ett två …"),
        ("Kl. 10 öppnar badet, säger hon.", 24, "Kl. 10 öppnar badet …"),
        ("”Nu kör vi!” Det sade hon i dag.", 22, "”Nu kör vi!” …"),
        ("ا" * 400, 10, "ا" * 8 + " …"),
    ],
)
def test_shortened(value: str, longest: int, cut: str) -> None:
    assert shortened(value, longest) == cut
    assert len(cut) <= longest


def test_news_is_short_and_press_and_notices_are_whole() -> None:
    assert entry(html="<p>Hela</p>").html == ""
    assert entry(html="<p>Hela</p>", kind="press").html == "<p>Hela</p>"
    assert entry(html="<p>Hela</p>", kind="notice").html == "<p>Hela</p>"
    assert entry_of(stored(html="<p>Hela</p>"), settings(full_text=True), HOME).html == "<p>Hela</p>"


def test_whole_text_is_made_safe_and_absolute_again() -> None:
    html = entry(kind="notice", html=BAD_HTML + "\x0b\x9f").html
    assert html == (
        '<p>Läs <a href="https://bladet.example/mer">mer</a> &amp; <a>klicka</a>.</p>'
        '<img src="https://bladet.example/bild.jpg"><p>Slut ]]&gt; här</p>'
    )


def test_whole_text_without_html_becomes_paragraphs() -> None:
    html = entry(kind="press", text="Ett < två & tre.\n\n<b>Fyra</b>").html
    assert html == "<p>Ett &lt; två &amp; tre.</p>\n<p>&lt;b&gt;Fyra&lt;/b&gt;</p>"
    assert entry(kind="press", text="").html == ""


@pytest.mark.parametrize(
    ("published", "changed_at", "expected"),
    [
        (NOW, None, (NOW, NOW)),
        (NOW, NOW + timedelta(hours=3), (NOW, NOW + timedelta(hours=3))),
        (NOW, NOW - timedelta(hours=3), (NOW, NOW)),
        (NOW + timedelta(minutes=9), None, (NOW + timedelta(minutes=9), NOW + timedelta(minutes=9))),
        (NOW + timedelta(minutes=11), None, (NOW, NOW)),
        (NOW + timedelta(days=99), NOW + timedelta(hours=1), (NOW, NOW + timedelta(hours=1))),
    ],
)
def test_dates(published: datetime, changed_at: datetime | None, expected: tuple[datetime, datetime]) -> None:
    made = entry(published=published, changed_at=changed_at)
    assert (made.published, made.updated) == expected


def test_dates_are_whole_seconds_in_utc() -> None:
    made = entry(published=datetime.fromisoformat("2026-11-21T09:00:00.654321+01:00"))
    assert made.published == datetime(2026, 11, 21, 8, tzinfo=UTC)
    assert made.published.tzinfo is UTC


def test_categories_have_a_stable_term_and_scheme_and_say_nothing_twice() -> None:
    made = entry(municipalities=("Örebro", "Nora"), categories=("Sport", "SPORT", " ", "örebro", "A <b>"))
    assert [(c.term, c.scheme, c.label) for c in made.categories] == [
        ("nyhet", "tag:nyheter.example.se,2026:slag", "Nyhet"),
        ("Örebro", "tag:nyheter.example.se,2026:kommun", ""),
        ("Nora", "tag:nyheter.example.se,2026:kommun", ""),
        ("sport", "tag:nyheter.example.se,2026:amne", "Sport"),
        ("A ‹b›", "", ""),
    ]


def test_authors_are_clean_and_each_named_once() -> None:
    assert entry(authors=("Åsa  Öberg", "", "Åsa Öberg", "Bo\x00 Ek")).authors == ("Åsa Öberg", "Bo Ek")


@pytest.mark.parametrize(
    ("image", "address", "media_type"),
    [
        (None, "", ""),
        (
            "https://bladet.example/bild å.JPG?w=1",
            "https://bladet.example/bild%20%C3%A5.JPG?w=1",
            "image/jpeg",
        ),
        ("https://bladet.example/bild", "https://bladet.example/bild", ""),
        ("/bild.png", "", ""),
        ("data:image/png;base64,xx", "", ""),
    ],
)
def test_image(image: str | None, address: str, media_type: str) -> None:
    made = entry(image=image)
    assert (made.image, made.image_type) == (address, media_type)


def test_origin_names_the_feed_of_the_source() -> None:
    origin = entry(source="polisen").origin
    assert origin.title == "Polisen Örebro län"
    assert origin.feed_id == "tag:nyheter.example.se,2026:feed/kalla/polisen"
    assert origin.url(ATOM) == "https://nyheter.example.se/kalla/polisen.atom"
    assert origin.page == "https://polisen.example/"


def test_origin_of_a_source_without_a_feed_has_no_addresses() -> None:
    unknown = entry(source="nedlagd").origin
    assert (unknown.title, unknown.url(RSS), unknown.page) == ("nedlagd", "", "")
    off = msgspec.structs.replace(SOURCES["bladet"], enabled=False)
    switched_off = msgspec.structs.replace(settings(), sources={"bladet": off})
    assert entry_of(stored(), switched_off, HOME).origin.url(RSS) == ""


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://bladet.example/", "/relativ", "http://[trasig"])
def test_an_address_that_cannot_be_followed_is_an_error_naming_the_article(url: str) -> None:
    with pytest.raises(RenderError, match=re.escape("tag:nyheter.example.se,2026:bladet/1")):
        entry(url=url)


def test_feed_is_newest_first_in_a_total_order() -> None:
    shuffled = [
        stored(3),
        stored(1, published=NOW),
        stored(2, published=NOW),
        stored(4, published=NOW + timedelta(days=9)),
    ]
    feed = feed_of(channels(settings())[0], [entry_of(one, settings(), HOME) for one in shuffled], settings())
    assert [one.link[-1] for one in feed.entries] == ["1", "2", "4", "3"]


def test_feed_was_updated_when_its_content_last_changed() -> None:
    channel = channels(settings())[0]
    told = [
        stored(1),
        stored(2, changed_at=NOW + timedelta(hours=2)),
        stored(3, first_seen=NOW + timedelta(hours=1)),
    ]
    feeds = [
        feed_of(channel, [entry_of(one, settings(), HOME) for one in articles], settings())
        for articles in (told, told[::2], [])
    ]
    assert [feed.updated for feed in feeds] == [NOW + timedelta(hours=2), NOW + timedelta(hours=1), BEGINNING]


@pytest.mark.parametrize(
    ("base_url", "home"),
    [
        ("https://example.se", "https://example.se/"),
        ("https://example.se/nyheter", "https://example.se/nyheter/"),
        ("https://example.se/nyheter/", "https://example.se/nyheter/"),
        ("https://nyheter.örebro.example/", "https://nyheter.xn--rebro-iua.example/"),
    ],
)
def test_home(base_url: str, home: str) -> None:
    assert home_of(Site(base_url=base_url)).url() == home
    assert home_of(Site(base_url=base_url)).url("alla.rss") == f"{home}alla.rss"


def test_a_wrong_base_url_is_named() -> None:
    with pytest.raises(ConfigError, match="base_url"):
        home_of(Site(base_url="example.se"))


def test_page_of_a_newsroom() -> None:
    assert page_of(SOURCES["regionen"]) == "https://www.mynewsdesk.com/se/regionen"
    assert page_of(SOURCES["tyst"]) == "https://tyst.example/"
    assert page_of(Source(name="na", title="NA", platform="feed", url="https://www.na.se/feeds/feed.xml")) == (
        "https://www.na.se/"
    )
