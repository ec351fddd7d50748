from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from orebro_spiders.items import Article
from orebro_spiders.reading.extraction import ANY_SITE, Selectors, read_article
from orebro_spiders.reading.trees import parse_page

NOW = datetime(2026, 8, 22, 12, 0, tzinfo=UTC)
URL = "https://bladet.example/nyheter/badet"
MOMENT = datetime(2026, 8, 20, 8, 0, tzinfo=UTC)
TEXT = (
    "Det kommunala badet i Vivalla öppnar igen på måndag efter två års renovering, säger driftchefen Åsa Öberg.",
    "Bassängen har fått nytt kakel och en ramp, och entrén har byggts om för att fler ska kunna ta sig in själva.",
    "Kostnaden blev elva miljoner kronor, vilket är en miljon mer än vad nämnden räknade med från början.",
)
WORDS = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT)
OWN_TIME = '<time datetime="2026-08-20T10:00:00+02:00">20 augusti 10.00</time>'
SITE = Selectors(
    title=("h1",),
    body=("div.brodtext", "article"),
    date=(".datum", "article time"),
    author=(".skribent",),
    summary=("p.ingress",),
    categories=("a.amne",),
    strip=(".fakta",),
)


def page(body: str = WORDS, *, head: str = "", before: str = "", top: str = "", after: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>Badet öppnar | Bladet</title>{head}</head>'
        f"<body>{before}<article><h1>Badet öppnar</h1>{top}{body}</article>{after}</body></html>"
    )


def read(html: str | bytes, selectors: Selectors = ANY_SITE) -> Article:
    return read_article(html.encode() if isinstance(html, str) else html, URL, NOW, selectors=selectors)


def linked(**said: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **said})}</script>'


# A page that nobody knows


def test_a_page_gives_headline_text_and_what_it_states() -> None:
    head = (
        '<meta property="og:title" content="Badet öppnar på måndag"><meta property="og:image" content="/bad.jpg">'
        '<meta property="og:description" content="Efter två år."><meta property="article:section" content="Örebro">'
        '<meta property="article:published_time" content="2026-08-20T10:00:00+02:00">'
        '<meta property="article:modified_time" content="2026-08-21T10:00:00+02:00">'
        '<meta name="author" content="Bo Ek">'
    )
    found = read(page(head=head))
    assert (found.title, found.summary, found.authors) == ("Badet öppnar på måndag", "Efter två år.", ("Bo Ek",))
    assert (found.published, found.published_from) == (MOMENT, "meta")
    assert found.updated == datetime(2026, 8, 21, 8, 0, tzinfo=UTC)
    assert (found.image, found.categories) == ("https://bladet.example/bad.jpg", ("Örebro",))
    assert (found.url, found.language, found.teaser) == (URL, "sv", False)
    for paragraph in TEXT:
        assert paragraph in found.text.split("\n\n")
    assert "<p>" in found.html


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<nav><ul><li><a href='/a'>Nyheter</a></li><li><a href='/b'>Sport</a></li></ul></nav>", ""),
        ("", "<footer><p>Ansvarig utgivare: Eva Lindgren</p></footer>"),
        ("", "<aside><h2>Mest läst</h2><ul><li><a href='/c'>Bron stängs</a></li></ul></aside>"),
        ("<script>var a = 'Läs in annonser';</script>", "<style>p { color: red }</style>"),
    ],
)
def test_what_stands_around_an_article_is_not_its_text(before: str, after: str) -> None:
    assert read(page(before=before, after=after)).text == "\n\n".join(TEXT)


@pytest.mark.parametrize(
    "head",
    ["", linked(headline="Badet öppnar"), linked(headline="Nu är det klart: badet i Vivalla öppnar på måndag")],
    ids=["only its own", "the same in JSON-LD", "another one in JSON-LD"],
)
def test_a_headline_is_no_part_of_the_text(head: str) -> None:
    assert read(page(head=head)).text == "\n\n".join(TEXT)


@pytest.mark.parametrize("byline", ["Av Bo Ek", "Text: Bo Ek", "Publicerad 20 augusti 2026", "Text och foto Bo Ek"])
def test_a_byline_is_no_part_of_the_text(byline: str) -> None:
    assert read(page(top=f"<p>{byline}</p>")).text == "\n\n".join(TEXT)


def test_a_first_sentence_that_begins_like_a_byline_stays() -> None:
    first = "Av de hundratals som ansökte har elva ungdomar nu fått sommarjobb vid badet i Vivalla, berättar chefen."
    assert read(page(f"<p>{first}</p>{WORDS}")).text == "\n\n".join((first, *TEXT))


def test_text_in_json_ld_stands_in_for_a_page_without_text() -> None:
    head = linked(headline="Badet", articleBody=" Badet öppnar.\n\n\nDet blir  på måndag. ")
    assert read(f"<html><head>{head}</head><body></body></html>").text == "Badet öppnar.\n\nDet blir på måndag."


def test_markup_in_json_ld_is_no_text() -> None:
    head = linked(headline="Badet", articleBody="<p>Badet &ouml;ppnar.</p><p>Bad &amp; bastu.</p>")
    text = read(f"<html><head>{head}</head><body></body></html>").text
    assert text.split() == ["Badet", "öppnar.", "Bad", "&", "bastu."]


def test_the_text_of_the_page_goes_before_that_of_json_ld() -> None:
    assert read(page(head=linked(headline="Badet öppnar", articleBody="Kort version."))).text == "\n\n".join(TEXT)


def test_a_text_that_calls_itself_a_caption_is_read_where_there_is_no_other() -> None:
    captions = "".join(f'<div class="item-caption">{paragraph}</div>' for paragraph in TEXT)
    assert read(page(f'<div class="gallery">{captions}</div>')).text == "\n\n".join(TEXT)


def test_a_page_that_only_asks_for_consent_has_no_text() -> None:
    notice = f'<div class="site-cookie-notice"><p>{TEXT[0]}</p><p>{TEXT[1]}</p></div>'
    assert read(page("", after=notice)).text == ""


@pytest.mark.parametrize("name", ["cookie-notice", "newsletter-signup", "login-modal", "site-footer"])
def test_nor_is_that_read_which_is_never_a_text(name: str) -> None:
    caption = f'<div class="item-caption">{TEXT[0]}</div>'
    box = f'<div class="{name}"><p>{TEXT[1]}</p></div>'
    assert TEXT[1] not in read(page(f'<div class="gallery">{caption * 9}</div>', after=box)).text


def test_links_of_the_text_are_absolute_and_safe() -> None:
    with_links = WORDS.replace("Åsa Öberg", '<a href="/om/asa" onclick="ond()">Åsa Öberg</a>').replace(
        "entrén", '<a href="javascript:ond()">entrén</a>'
    )
    html = read(page(with_links)).html
    assert '<a href="https://bladet.example/om/asa">Åsa Öberg</a>' in html
    assert "ond" not in html


def test_a_text_from_json_ld_is_markup_too() -> None:
    head = linked(headline="Badet", articleBody="Bad & bastu öppnar.\n\nDet blir på måndag.")
    found = read(f"<html><head>{head}</head><body></body></html>")
    assert found.html == "<p>Bad &amp; bastu öppnar.</p><p>Det blir på måndag.</p>"


def test_a_page_that_draws_itself_in_the_browser_is_read_from_its_data() -> None:
    state = json.dumps({"elements": [{"type": "text", "content": f"{line} {line}"} for line in TEXT]})
    found = read(f"<html><body><div id=app>Laddar …</div><script>window.state = {state}</script></body></html>")
    assert found.text == "\n\n".join(f"{line} {line}" for line in TEXT)


def test_the_address_is_the_canonical_one() -> None:
    head = '<link rel="canonical" href="/nyheter/badet-oppnar?utm_source=rss">'
    assert read(page(head=head)).url == "https://bladet.example/nyheter/badet-oppnar"
    assert read(page(head='<link rel="canonical" href="https://bladet.example/">')).url == URL
    assert read(page(head=head), SITE).url == URL


def test_the_headline_most_agree_on_is_the_title() -> None:
    head = linked(headline="Dags att bada") + '<meta property="og:title" content="Badet öppnar - Bladet">'
    assert read(page(head=head)).title == "Badet öppnar"


@pytest.mark.parametrize(
    ("head", "top", "authors"),
    [
        (linked(author={"name": "Av Åsa Öberg och Bo Ek"}), "", ("Åsa Öberg", "Bo Ek")),
        (
            linked(author={"@type": "Organization", "name": "Bladet"}),
            '<p class="byline">Av Åsa Öberg</p>',
            ("Åsa Öberg",),
        ),
        (linked(author={"@type": "Organization", "name": "Bladet"}), "", ("Bladet",)),
        ('<meta name="author" content="red@bladet.example">', '<p class="byline">Av på 3 maj</p>', ()),
    ],
    ids=["two in one", "a person before the newsroom", "the newsroom", "nobody"],
)
def test_authors_are_names_of_people_if_there_are_any(head: str, top: str, authors: tuple[str, ...]) -> None:
    assert read(page(head=head, top=top)).authors == authors


# Who may read it


LOCKED = '<div class="paywall-box"><p>Bli prenumerant för att läsa hela artikeln.</p></div>'


@pytest.mark.parametrize(
    ("head", "shown", "is_free"),
    [
        (linked(isAccessibleForFree=False), "", False),
        (linked(isAccessibleForFree="False"), "", False),
        (linked(isAccessibleForFree="http://schema.org/False"), "", False),
        (linked(isAccessibleForFree=True), "", True),
        (linked(isAccessibleForFree="true"), LOCKED, True),
        (linked(hasPart={"isAccessibleForFree": "False", "cssSelector": ".last"}), "", False),
        (linked(isAccessibleForFree=True, hasPart=[{"isAccessibleForFree": False}]), "", False),
        (linked(headline="Badet", isAccessibleForFree="kanske"), "", None),
        ('<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2026-08-20", '
         '"isAccessibleForFree": false,,}</script>', "", False),
        ('<meta property="article:content_tier" content="locked">', "", False),
        ('<meta property="article:content_tier" content="metered">', "", False),
        ('<meta property="article:content_tier" content="free">', "", True),
        ('<meta itemprop="isAccessibleForFree" content="False">', "", False),
        ("", LOCKED, False),
        ("", LOCKED.replace("<div", "<div hidden"), None),
        ("", LOCKED.replace("paywall-box", "annons"), None),
        ("", '<div class="paywall-box"></div><p>Prenumerera för att läsa fler nyheter.</p>', None),
        ("", "", None),
    ],
)  # fmt: skip
def test_an_article_is_for_everybody_or_not_where_that_is_certain(head: str, shown: str, is_free: bool | None) -> None:
    found = read(page(f"{WORDS}{shown}", head=head))
    assert found.is_free is is_free
    assert ("is_free" in found.origins) is (is_free is not None)


# Where it was read


def test_every_field_knows_where_it_was_read() -> None:
    head = linked(headline="Badet öppnar", dateModified="2026-08-21T10:00:00+02:00", datePublished="2026-08-20")
    head += '<meta property="og:description" content="Efter två år."><meta property="og:image" content="/bad.jpg">'
    assert read(page(head=head, top='<p class="byline">Av Åsa Öberg</p>')).origins == {
        "title": "json-ld",
        "summary": "meta",
        "text": "generic",
        "authors": "generic",
        "updated": "json-ld",
        "image": "meta",
    }
    known = read(KNOWN, SITE)
    assert known.origins == dict.fromkeys(("title", "summary", "text", "authors", "image", "categories"), "selector")
    drawn = linked(headline="Badet", articleBody="Badet öppnar.", author={"name": "Av Bo Ek"}, articleSection="Nora")
    found = read(f"<html><head>{drawn}</head><body></body></html>")
    assert found.origins == dict.fromkeys(("title", "text", "authors", "categories"), "json-ld")
    assert read("<html><body></body></html>").origins == {}


def test_the_header_of_the_answer_says_what_the_page_does_not() -> None:
    body = page().replace('<meta charset="utf-8">', '<meta charset="koi8-r">').encode("latin-1")
    assert read_article(body, URL, NOW, charset="iso-8859-1").text == "\n\n".join(TEXT)


# Dates


@pytest.mark.parametrize(
    ("head", "top", "origin"),
    [
        (linked(datePublished="2026-08-20T10:00:00+02:00"), "", "json-ld"),
        (
            linked(datePublished="2026-08-20T10:00:00+02:00")
            + '<meta property="article:published_time" content="2026-08-19T10:00:00+02:00">',
            '<time datetime="2026-08-18">18 augusti</time>',
            "json-ld",
        ),
        (
            linked(datePublished="snart")
            + '<meta property="article:published_time" content="2026-08-20T10:00:00+02:00">',
            '<time datetime="2026-08-18">18 augusti</time>',
            "meta",
        ),
        ('<meta itemprop="datePublished" content="2026-08-20T10:00:00+02:00">', "", "meta"),
        ("", OWN_TIME, "time"),
        ('<meta property="article:published_time" content="0000-00-00">', OWN_TIME, "time"),
        ("", '<time datetime="PT7M">7 min läsning</time>' + OWN_TIME, "time"),
        ("", "<time>20 augusti 2026 kl. 10.00</time>", "time"),
    ],
    ids=[
        "JSON-LD",
        "JSON-LD before all",
        "meta where JSON-LD has none",
        "itemprop",
        "the article's own time",
        "time where meta has none",
        "a duration is no date",
        "words",
    ],
)
def test_the_date_is_the_first_that_the_article_states(head: str, top: str, origin: str) -> None:
    found = read(page(head=head, top=top))
    assert (found.published, found.published_from, found.published_precision) == (MOMENT, origin, "minute")


def test_a_day_is_a_day() -> None:
    found = read(page(top='<time datetime="2026-08-20">20 augusti</time>'))
    assert (found.published, found.published_precision) == (datetime(2026, 8, 19, 22, 0, tzinfo=UTC), "day")


META = '<meta property="article:published_time" content="2026-08-{} 10:00">'


@pytest.mark.parametrize(
    ("head", "top", "origin"),
    [
        (linked(datePublished="2026-08-20") + META.format(20), "", "meta"),
        ("", '<p><time datetime="2026-08-20T10:00">20 augusti 2026</time></p>', "time"),
        ("", '<p>Publicerad <time datetime="2026-08-20 10:00">20 aug 2026</time></p>', "time"),
        ("", '<time datetime="2026-08-20">20 augusti 2026 kl. 10.00</time>', "time"),
        ("", '<time title="2026-08-20 10:00">20 augusti 2026</time>', "time"),
        ("", '<p title="Publicerad 2026-08-20 kl 10.00">20 augusti 2026</p>', "text"),
    ],
    ids=["meta after JSON-LD", "a paragraph around it", "a label before it", "its words", "its title", "a title"],
)
def test_what_tells_the_same_day_to_the_minute_is_better(head: str, top: str, origin: str) -> None:
    found = read(page(head=head, top=top))
    assert (found.published, found.published_from, found.published_precision) == (MOMENT, origin, "minute")


@pytest.mark.parametrize(
    ("head", "top"),
    [
        (linked(datePublished="2026-08-20") + META.format(21), ""),
        (linked(datePublished="2026-08-20"), "<p>Uppdaterad 20 augusti 2026 kl. 14.00</p>"),
        ("", '<p title="21 augusti 2026 kl 10.00">20 augusti 2026</p>'),
        ("", '<p title="Uppdaterad 2026-08-20 14:00">20 augusti 2026</p>'),
    ],
    ids=["another day", "an edit", "another day's title", "an edit's title"],
)
def test_what_tells_another_minute_changes_no_day(head: str, top: str) -> None:
    found = read(page(head=head, top=top))
    assert (found.published, found.published_precision) == (datetime(2026, 8, 19, 22, 0, tzinfo=UTC), "day")


FOREIGN: dict[str, dict[str, str]] = {
    "today in the header": {"before": '<header><time datetime="2026-08-22">lördag 22 augusti</time></header>'},
    "the sidebar": {
        "after": '<aside><ul><li><a href="/x">Annat</a> <time datetime="2026-08-01">1/8</time></li></ul></aside>'
    },
    "words in the sidebar": {
        "after": "<div id=sidebar><li>Bron stängs <span>Posted december 22, 2024</span></li></div>"
    },
    "a list of related articles": {
        "after": '<article><h2>Annat</h2><time datetime="2026-08-01">1 augusti</time></article>'
    },
    "another article in front": {"before": '<article><h2>Annat</h2><time datetime="2026-08-01">1/8</time></article>'},
    "a duration": {"top": '<time datetime="PT7M">7 min</time>'},
    "related articles inside": {
        "body": f'{WORDS}<aside><h2>Läs också</h2><a href="/x">Annat</a><time datetime="2024-01-01">1/1</time></aside>'
    },
    "comments inside": {
        "body": f'{WORDS}<section id="comments"><p>Bo: Fint! <time datetime="2026-08-22">i dag</time></p></section>'
    },
    "a date that the text tells of": {
        "body": f'{WORDS}<p>Invigningen blir <time datetime="2026-09-24T19:00:00+02:00">24 september</time>.</p>'
    },
    "a date that the first sentence tells of": {
        "body": f'<p>Den <time datetime="2026-07-24">24 juli</time> blev bassängen klar.</p>{WORDS}'
    },
    "the footer": {"after": "<footer><p>© Bladet 2026-08-22</p></footer>"},
    "an event": {"head": '<script type="application/ld+json">{"@type": "Event", "startDate": "2026-12-24"}</script>'},
}


@pytest.mark.parametrize("around", FOREIGN.values(), ids=FOREIGN)
def test_a_date_of_something_else_never_wins(around: dict[str, str]) -> None:
    found = read(page(**around))
    assert (found.published, found.published_from) == (None, "first-seen")


@pytest.mark.parametrize("name", [name for name in FOREIGN if "<article>" not in str(FOREIGN[name])])
def test_nor_does_it_beside_the_articles_own(name: str) -> None:
    around = dict(FOREIGN[name])
    around["top"] = OWN_TIME + around.get("top", "")
    assert read(page(**around)).published == MOMENT


@pytest.mark.parametrize(
    ("modified", "updated"),
    [
        ("2026-08-21T10:00:00+02:00", datetime(2026, 8, 21, 8, 0, tzinfo=UTC)),
        ("2026-08-20T10:00:00+02:00", None),
        ("snart", None),
        ("", None),
    ],
    ids=["later", "as published", "no date", "empty"],
)
def test_an_edit_is_another_instant(modified: str, updated: datetime | None) -> None:
    assert read(page(head=linked(datePublished="2026-08-20T10:00:00+02:00", dateModified=modified))).updated == updated


# A platform that is known


KNOWN = page(
    '<p class="ingress">Efter två år.</p><div class="brodtext"><p>Badet öppnar.</p><div class="fakta">Fakta</div>'
    '<p>Nu.</p><img src="/i.jpg"></div>',
    top='<span class="datum">20 augusti 2026 kl 10.00</span><b class="skribent">Åsa Öberg</b>'
    '<a class="amne">Örebro</a><a class="amne">Sport</a>',
    head='<meta property="og:title" content="Badet öppnar - Bladet">',
)


@pytest.mark.parametrize("selectors", [ANY_SITE, Selectors(body=("article",))])
def test_a_page_may_say_what_its_links_are_relative_to(selectors: Selectors) -> None:
    page = (
        "<html><head><base href='https://bladet.example/'><link rel=canonical href='nyheter/badet'></head>"
        f"<body><h1>Badet öppnar</h1><article>{WORDS}<p>Läs <a href='tider'>alla badets tider</a> på nästa sida, säger"
        " hon.</p><p><img src='b.jpg'></p></article></body></html>"
    )
    found = read(page, selectors)
    assert '<a href="https://bladet.example/tider">' in found.html
    assert (found.image, found.url) == ("https://bladet.example/b.jpg", URL)


def test_a_picture_for_browsers_without_scripts_stays_with_the_text() -> None:
    late = '<p><img src="data:image/gif;base64,R0lG" alt="Bad"><noscript><img src="/b.jpg" alt="Bad"></noscript></p>'
    found = read(page(f"{WORDS}{late}{WORDS}"))
    assert found.html.count("<img") == 1
    assert found.image == "https://bladet.example/b.jpg"


def test_so_does_one_where_all_of_the_text_calls_itself_something_else() -> None:
    late = '<img src="data:image/gif;base64,R0lG" alt="Bad"><noscript><img src="/b.jpg" alt="Bad"></noscript>'
    boxes = zip(("item-caption", "video-player", "related-story", "teaser", "promo"), TEXT * 2, strict=False)
    found = read(page("".join(f'<div class="{name}"><p>{words}</p></div>{late}' for name, words in boxes)))
    assert TEXT[0] in found.text
    assert found.image == "https://bladet.example/b.jpg"


def test_selectors_say_where_things_are() -> None:
    found = read(KNOWN, SITE)
    assert (found.title, found.summary, found.text) == ("Badet öppnar", "Efter två år.", "Badet öppnar.\n\nNu.")
    assert (found.authors, found.categories) == (("Åsa Öberg",), ("Örebro", "Sport"))
    assert (found.published, found.published_from) == (MOMENT, "text")
    assert found.image == "https://bladet.example/i.jpg"


@pytest.mark.parametrize(
    "foreign",
    [
        "<nav>Hem</nav>",
        "<aside>Annons</aside>",
        "<footer>Fot</footer>",
        "<form>Skicka</form>",
        "<figcaption>Foto: TT</figcaption>",
        '<span class="screen-reader-text">Öppnas i nytt fönster</span>',
        "<p hidden>Visa mer</p>",
        '<div style="color: red; DISPLAY:none">Länken är kopierad</div>',
        '<span style="visibility: hidden">1 / 3</span>',
        '<div id="comments">Bo: Fint!</div>',
        '<div class="jp-relatedposts">Läs också</div>',
        '<div class="sharedaddy">Dela</div>',
        "<script>ond()</script>",
    ],
)
def test_what_never_belongs_to_a_text_is_taken_out(foreign: str) -> None:
    assert read(KNOWN.replace("<p>Nu.</p>", f"{foreign}<p>Nu.</p>{foreign}"), SITE).text == "Badet öppnar.\n\nNu."


def test_a_text_that_can_be_unfolded_is_text() -> None:
    folded = '<div style="display: none"><p>Nu.</p></div>'
    assert read(KNOWN.replace("<p>Nu.</p>", folded), SITE).text == "Badet öppnar.\n\nNu."


def test_words_stay_apart_where_something_is_taken_out() -> None:
    parted = '<p>Kultur<span class="visually-hidden">: </span>Museet öppnar igen på måndag i nästa vecka.</p>'
    together = "\n\nKultur Museet öppnar igen på måndag i nästa vecka."
    assert read(KNOWN.replace("<p>Nu.</p>", parted), SITE).text == f"Badet öppnar.{together}"
    assert read(page(f"{WORDS}{parted}")).text.endswith(together)


def test_a_date_outside_the_selectors_is_not_taken() -> None:
    without = KNOWN.replace('<span class="datum">20 augusti 2026 kl 10.00</span>', "")
    assert read(without, SITE).published is None
    assert read(without.replace("</body>", '<time datetime="2026-08-01">x</time></body>'), SITE).published is None


def test_selectors_find_the_minute_of_a_stated_day() -> None:
    head = "<head>" + linked(datePublished="2026-08-20")
    for shown in ("20 augusti 2026 kl 10.00", '<time datetime="2026-08-20T10:00">20 augusti 2026</time>'):
        found = read(KNOWN.replace("<head>", head).replace("20 augusti 2026 kl 10.00", shown), SITE)
        assert (found.published, found.published_precision, found.published_from) == (MOMENT, "minute", "text")


def test_words_around_a_date_make_it_none() -> None:
    words = "Evenemanget hålls i Vivalla den 20 augusti 2026 kl 10.00"
    for odd in (words, words.replace("20 augusti", '<time datetime="2026-08-20">20 augusti</time>')):
        assert read(KNOWN.replace("20 augusti 2026 kl 10.00", odd), SITE).published is None


def test_a_page_without_the_known_body_has_no_text() -> None:
    assert read("<html><body><h1>Sidan finns inte</h1><p>Sök i stället.</p></body></html>", SITE).text == ""


# Encodings

SWEDISH = page()


ENCODED = {
    "UTF-8": SWEDISH.encode(),
    "UTF-8 with a byte order mark": b"\xef\xbb\xbf" + SWEDISH.encode(),
    "UTF-8 that says Latin-1": SWEDISH.replace("utf-8", "iso-8859-1").encode(),
    "UTF-8 that says Windows-1252": SWEDISH.replace("utf-8", "windows-1252").encode(),
    "UTF-8 that says UTF-16": SWEDISH.replace("utf-8", "utf-16").encode(),
    "UTF-8 that says nothing": SWEDISH.replace('<meta charset="utf-8">', "").encode(),
    "UTF-8 that says nonsense": SWEDISH.replace("utf-8", "undefined").encode(),
    "Latin-1": SWEDISH.replace("utf-8", "iso-8859-1").encode("latin-1"),
    "Latin-1 the old way": SWEDISH.replace(
        '<meta charset="utf-8">', '<META http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">'
    ).encode("latin-1"),
    "Latin-1 that says UTF-8": SWEDISH.encode("latin-1"),
    "Latin-1 that says nothing": SWEDISH.replace('<meta charset="utf-8">', "").encode("latin-1"),
    "Latin-1 that says ASCII": SWEDISH.replace("utf-8", "us-ascii").encode("latin-1"),
    "Latin-1 that says UTF-16": SWEDISH.replace("utf-8", "utf-16").encode("latin-1"),
    "Windows-1252": SWEDISH.replace("utf-8", "windows-1252").encode("windows-1252"),
    "UTF-16": SWEDISH.encode("utf-16"),
    "UTF-16, big end first": b"\xfe\xff" + SWEDISH.encode("utf-16-be"),
    "with NUL in it": SWEDISH.replace("Badet", "Ba\0det").encode(),
    **{
        f"Latin-1 that says {name}": SWEDISH.replace("utf-8", name).encode("latin-1")
        for name in ("undefined", "idna", "punycode", "hex", "rot13", "base64", "x-user-defined", "utf8mb4", "5")
    },
}


@pytest.mark.parametrize("body", ENCODED.values(), ids=ENCODED)
def test_letters_come_out_whole(body: bytes) -> None:
    found = read(body)
    assert found.title == "Badet öppnar"
    assert found.text == "\n\n".join(TEXT)


@pytest.mark.parametrize(
    "name", ["utf-7", "unicode_escape", "raw_unicode_escape", "utf-8-sig", "shift_jis", "iso-2022-jp"]
)
def test_an_encoding_that_makes_odd_letters_does_no_harm(name: str) -> None:
    body = SWEDISH.replace("utf-8", name).replace("Bassängen", "Bassängen +2AA- \\ud800").encode("latin-1") + b"\xff"
    found = read(body)
    for value in (found.title, found.text, found.html):
        assert value.encode().decode() == value


def test_quotes_of_windows_are_quotes() -> None:
    body = SWEDISH.replace("utf-8", "iso-8859-1").replace("Åsa Öberg", "“Åsa” – Öberg").encode("windows-1252")
    assert "“Åsa” – Öberg" in read(body).text


# Odd pages


@pytest.mark.parametrize("odd", ["\x0b", "\x01", "\x1f", "\ufffe", "&#x1F;", "&#11;", "&#xFFFE;"])
def test_a_forbidden_character_costs_itself_alone(odd: str) -> None:
    found = read(
        page(WORDS.replace("Vivalla", f"Viv{odd}alla"), head=f'<meta property="og:title" content="Ba{odd}det">')
    )
    assert found.title == "Badet"
    assert "badet i Vivalla öppnar" in found.text
    assert "badet i Vivalla öppnar" in found.html
    assert "\ufffd" not in found.html


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \r\n\t",
        b"\0" * 100,
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"<!-- bara en kommentar -->",
        b"<!DOCTYPE html>",
        b"<html></html>",
        b"<html><frameset><frame src=x></frameset></html>",
        b'<?xml version="1.0" encoding="utf-8"?>',
        b"<",
        b"<" * 1000,
        b"</html></html>",
        b"<p",
        b"<html><head><script>while(1){}</script></head></html>",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_a_page_with_nothing_in_it_is_empty(body: bytes) -> None:
    found = read(body)
    assert (found.url, found.title, found.published) == (URL, "", None)
    assert found.text.strip("<") == ""
    assert read(body, SITE).text == ""


@pytest.mark.parametrize(
    "body",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 20,
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + bytes(range(128, 256)) * 20,
        b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(range(256)) * 20,
        b"PK\x03\x04\x14\0\x06\0" + bytes(range(256)) * 20,
        b"\x1f\x8b\x08\0" + bytes(range(256)) * 20,
    ],
    ids=["PNG", "PDF", "JPEG", "Word", "gzip"],
)
def test_a_file_that_is_no_page_has_no_text(body: bytes) -> None:
    """Municipalities link to PDF files from their feeds."""
    found = read(body)
    assert (found.title, found.text, found.html) == ("", "", "")


@pytest.mark.parametrize(
    "html",
    [
        WORDS,
        f"<article>{WORDS}",
        f"<body>{WORDS}</body>",
        f'<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body>{WORDS}</body></html>',
        f"{WORDS}</body></html></body></html>",
    ],
    ids=["paragraphs", "an open element", "a body", "XHTML", "closed twice"],
)
def test_a_fragment_is_read_too(html: str) -> None:
    assert read(html).text == "\n\n".join(TEXT)


@pytest.mark.parametrize(
    "html",
    [
        page("<div>" * 10_000 + WORDS + "</div>" * 10_000),
        "<div>" * 10_000 + WORDS,
        page("<b>" * 10_000 + WORDS),
        page("<ul><li>" * 5_000 + WORDS),
        page("<table><tr><td>" * 2_000 + WORDS),
        page(WORDS, head='<script type="application/ld+json">' + "[" * 100_000 + "</script>"),
        page(WORDS, head='<script type="application/ld+json">' + '{"a":' * 100_000 + "</script>"),
        page(WORDS, head=linked(author=json.loads("[" * 900 + "]" * 900), hasPart=json.loads("[" * 900 + "]" * 900))),
        page(WORDS, after="<h1>Badet</h1>" * 2_000),
        page(WORDS, head="<meta>" * 10_000),
        page(f"<p>{'ord ' * 30_000}</p>"),
        page("<div " + " ".join(f"a{number}=1" for number in range(20_000)) + f">{WORDS}</div>"),
        page(WORDS, after="<script>" * 10_000),
        page(WORDS, head='<meta property="og:title" content="Badet öppnar' + " | " * 10_000 + '">'),
        page(WORDS, after="<div class=byline><a href='/author/x'>Eva Ek</a>" * 10_000),
        page(WORDS, after="<article><p class=byline><b class=author>Eva Ek</b></p></article>" * 15_000),
        page(WORDS, after="<article>" * 200 + "<p class=byline><b class=author>Eva Ek</b></p>" * 10_000),
        page(WORDS, after="<h2>" * 200 + "<a href=/x>Ek</a>" * 20_000),
        page(WORDS, after="<div class=related>" * 200 + "<p><a href=/x>Ek</a></p>" * 8_000),
        page(WORDS, after="<section>" * 200 + "<h2><a href=/x>Ek</a></h2>" * 20_000),
        page(WORDS, after="<time>" * 200 + "<b>2024-05-03</b>" * 20_000),
        page(WORDS, after="Prenumerera" + "<div class=paywall>" * 200 + "<p class=paywall>Ek</p>" * 20_000),
        page(WORDS, after="<nav>" * 200 + "<p>Badet öppnar igen på måndag.</p>" * 20_000),
        page(WORDS, after="<ul class=comments>" * 200 + "<p>Badet öppnar igen på måndag.</p>" * 20_000),
        page(f"<p>{'<a class=ad>Ord</a> bland ord <em class=promo>x</em>' * 20_000}</p>"),
        page(f"{WORDS}<div>{'<p>Läs mer: om badet</p>och mer text som står emellan' * 10_000}</div>"),
        page(f"{WORDS}<div>{'<img width=1 height=1 src=x>och mer text som står emellan' * 10_000}</div>"),
    ],
    ids=[
        "divs",
        "divs left open",
        "bold",
        "lists",
        "tables",
        "JSON arrays",
        "JSON objects",
        "lists in lists",
        "headlines",
        "meta",
        "a long paragraph",
        "attributes",
        "scripts",
        "a title of parts",
        "bylines",
        "bylines of other articles",
        "bylines of nested articles",
        "nested headings",
        "nested related links",
        "nested sections",
        "nested dates",
        "nested locks",
        "nested menus",
        "nested comments",
        "words that call themselves something else",
        "lines that lead onwards",
        "pictures of one pixel",
    ],
)
def test_a_bottomless_page_does_no_harm(html: str) -> None:
    for selectors in (ANY_SITE, SITE, Selectors(author=("article .byline .author",), categories=(".byline", "p b"))):
        found = read(html, selectors)
        assert found.title in {"Badet öppnar", "Badet öppnar | Bladet", ""}
        assert found.published is None


def test_nothing_is_a_page_without_elements() -> None:
    assert parse_page(b"") is None
    assert parse_page(b"\0\0 ") is None
    assert parse_page("<p>Åäö".encode()) is not None
