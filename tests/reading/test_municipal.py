"""Pages of Sitevision: text from several portlets, dates that are the article's own, nothing of what stands around."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from orebro_spiders.items import Article
from orebro_spiders.reading.municipal import declared_feeds, read_municipal_page
from orebro_spiders.reading.trees import parse_page

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
URL = "https://www.ekby.example.se/kommun/nyheter/2026/badhuset-oppnar-igen.html"
LEAD = "På måndag den 4 maj 2026 öppnar badhuset i Ekby igen, efter nästan två års ombyggnad."
TEXT = (
    "Bassängen har fått nytt kakel och en ramp för den som använder rullstol. Entrén kostar lika mycket som förut.",
    "– Nu hoppas vi att hela kommunen kommer och badar, säger fritidschefen Siv Ekdal.",
)
WHOLE = "\n\n".join((LEAD, *TEXT))


def portlet(inside: str, name: str = "Text") -> str:
    return (
        f'<div class="sv-text-portlet sv-use-margins" id="svid12_{len(inside)}"><div id="{name}"><!-- {name} --></div>'
        f'<div class="sv-text-portlet-content">{inside}</div></div>'
    )


def page(*parts: str, head: str = "", around: str = "") -> bytes:
    return (
        f"<!DOCTYPE html><html lang='sv'><head><title>Badhuset öppnar igen - Ekby kommun</title>{head}</head><body>"
        "<header><div class='sv-text-portlet'><div class='sv-text-portlet-content'><p class='normal'>Ekby kommun</p>"
        "</div></div><nav class='sv-topmenu-portlet'><a href='/'>Start</a></nav></header>"
        f"<main class='sv-layout'><div class='pagecontent sv-layout'>{''.join(parts)}</div></main>{around}"
        f"<footer>{portlet('<h2>Kontakta kommunen</h2><p>019-00 00 00</p>')}</footer></body></html>"
    ).encode()  # fmt: skip


HEADLINE = portlet('<h1 class="heading" id="h-Badhuset">Badhuset öppnar igen</h1>', "Rubrik")
PREAMBLE = portlet(f'<p class="ingress">{LEAD}</p>', "Ingress")
BODY = portlet("".join(f'<p class="normal">{paragraph}</p>' for paragraph in TEXT))
STAMP = (
    '<div class="sv-publishdate"><span class="normal">Publicerad: '
    '<time datetime="2026-05-03T08:15:00+02:00">3 maj 2026</time></span></div>'
)
CHANGED = '<p class="normal">Senast uppdaterad: <time datetime="2026-05-18T10:00:00+02:00">18 maj 2026</time></p>'
HELPFUL = portlet("<h2>Hjälpte informationen dig?</h2><p>Svara ja eller nej.</p>")
CONTACT = portlet('<h2 class="subheading">Kontakt</h2><p>Siv Ekdal, fritidschef, siv@ekby.example.se</p>')
OTHERS = (
    '<div class="sv-archive-portlet sv-portlet"><ul><li class="sv-channel-item"><a href="/a.html">Annat</a>'
    '<time datetime="2026-05-19">19 maj</time></li></ul></div>'
)


def read(body: bytes, url: str = URL) -> Article:
    return read_municipal_page(body, url, NOW)


@pytest.mark.parametrize(
    "body",
    [
        page(HEADLINE, PREAMBLE, BODY),
        page(portlet(f"<h1>Badhuset öppnar igen</h1><p>{LEAD}</p><p>{TEXT[0]}</p><p>{TEXT[1]}</p>")),
        page(HEADLINE, STAMP, PREAMBLE, BODY, CHANGED, HELPFUL, CONTACT),
        page(OTHERS, HEADLINE, PREAMBLE, BODY, OTHERS),
        page(HEADLINE, PREAMBLE, BODY, "<div class='sv-contact-portlet'>" + portlet("<p>Siv Ekdal.</p>") + "</div>"),
        page(HEADLINE, PREAMBLE, BODY, "<aside>" + portlet("<p>Öppettider i huset.</p>") + "</aside>"),
        page(HEADLINE, PREAMBLE, BODY, "<div class='sv-share-buttons'>" + portlet("<p>Dela på nätet</p>") + "</div>"),
        page(HEADLINE, portlet(f"<p>{LEAD}</p><p>{TEXT[0]}</p><p>{TEXT[1]}</p><h2>Kontakt</h2><p>Siv Ekdal</p>")),
        page(HEADLINE, portlet(f"<p>Publicerad: 2026-05-03</p><p>{LEAD}</p><p>{TEXT[0]}</p><p>{TEXT[1]}</p>{CHANGED}")),
        page(HEADLINE, portlet(f"<p>{LEAD}</p><div class='sv-decoration-ram'><p>{TEXT[0]}</p></div><p>{TEXT[1]}</p>")),
        page(HEADLINE, PREAMBLE, BODY).replace(b"<main", b"<div").replace(b"</main", b"</div"),
    ],
    ids="portlets one stamps lists contact aside share heading lines decoration no-main".split(),
)  # fmt: skip
def test_headline_and_text(body: bytes) -> None:
    article = read(body)
    assert (article.title, article.text) == ("Badhuset öppnar igen", WHOLE)


@pytest.mark.parametrize(
    ("parts", "head", "published", "origin"),
    [
        ((STAMP, CHANGED), "", "2026-05-03 08:15 minute", "time"),
        ((CHANGED, STAMP), "", "2026-05-03 08:15 minute", "time"),
        ((portlet("<p>Publicerad 3 maj 2026 kl. 08.15</p>"),), "", "2026-05-03 08:15 minute", "text"),
        (("<time class='normal' datetime='2026-05-03'>3 maj 2026</time>",), "", "2026-05-03 00:00 day", "time"),
        (("<span class='datum'>2026-05-03</span>",), "", "2026-05-03 00:00 day", "text"),
        ((), "<meta name='dcterms.created' content='2026-05-03T08:15:00+02:00'>", "2026-05-03 08:15 minute", "meta"),
        ((CHANGED, OTHERS), "", "", "first-seen"),
    ],
)
def test_when_it_was_published(parts: tuple[str, ...], head: str, published: str, origin: str) -> None:
    article = read(page(HEADLINE, *parts, PREAMBLE, BODY, head=head))
    shown = f"{article.published:%Y-%m-%d %H:%M} {article.published_precision}" if article.published else ""
    assert (shown, article.published_from) == (published, origin)


def test_a_day_in_the_file_name_is_the_last_resort() -> None:
    url = "https://www.lan.example.se/ekby/nyheter/nyheter---ekby/2026-05-03-badhuset-oppnar-igen.html"
    article = read(page(HEADLINE, PREAMBLE, BODY), url)
    assert (str(article.published), article.published_from) == ("2026-05-03 00:00:00+02:00", "url")
    assert read(page(HEADLINE, STAMP, BODY), url).published_from == "time"


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7", b"<html></html>"])
def test_what_is_no_page_is_empty(body: bytes) -> None:
    assert read(body).text == ""


def test_a_page_in_another_markup_is_read_like_any() -> None:
    text = "".join(f"<p>{line}</p>" for line in (LEAD, *TEXT))
    article = read(f"<html><body><article><h1>Badhuset öppnar igen</h1>{text}</article></body></html>".encode())
    assert article.text == WHOLE


def test_feeds_that_a_page_declares() -> None:
    document = parse_page(
        b"<html><head><link rel='alternate' type='application/rss+xml' href='/nyheter.rss'>"
        b"<link rel='alternate' hreflang='en' href='/en'></head><body>"
        b"<a href='/4.1a/12.2b.portlet?state=rss&sv.contenttype=text/xml'>RSS</a><a href='/x.html'>x</a></body></html>"
    )
    assert document is not None
    assert declared_feeds(document, URL) == (
        "https://www.ekby.example.se/nyheter.rss",
        "https://www.ekby.example.se/4.1a/12.2b.portlet?state=rss&sv.contenttype=text/xml",
    )
