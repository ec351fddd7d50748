"""A picture's caption and credit: apart from each other, from the text, and from those of other pictures."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from orebro_spiders.items import Article
from orebro_spiders.reading.credits import parted
from orebro_spiders.reading.extraction import ANY_SITE, Selectors, read_article

URL = "https://bladet.example/nyheter/badet"
WORDS = "".join(
    f"<p>{line}</p>"
    for line in (
        "Det kommunala badet i Vivalla öppnar igen på måndag efter två års renovering, säger driftchefen Åsa Öberg.",
        "Bassängen har fått nytt kakel och en ramp, och entrén har byggts om för att fler ska kunna ta sig in själva.",
    )
)
SITE = Selectors(body=("article",))
SHARED = '<meta property="og:image" content="/media/badet-i-vivalla-1200x630.jpg">'
OTHER = '<figure><img src="/media/hockeylaget.jpg"><figcaption>Laget. Foto: Bo Ek</figcaption></figure>'


def read(shown: str, head: str = SHARED, selectors: Selectors = ANY_SITE) -> Article:
    body = f"<article><h1>Badet öppnar</h1>{shown}{WORDS}</article><aside>{OTHER}</aside>"
    page = f"<html><head><title>Badet öppnar</title>{head}</head><body>{body}</body></html>"
    return read_article(page.encode(), URL, datetime(2026, 8, 22, tzinfo=UTC), selectors=selectors)


def linked(image: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "image": {image}}}</script>'


PICTURE = '<img src="/media/badet-i-vivalla-800x420.jpg">'


@pytest.mark.parametrize("selectors", [ANY_SITE, SITE], ids=["any site", "by selectors"])
@pytest.mark.parametrize(
    ("head", "shown"),
    [
        (SHARED, f"<figure>{PICTURE}<figcaption>Bassängen är ny. Foto: Eva Alm/Bladet</figcaption></figure>"),
        (SHARED, f"<figure>{PICTURE}<figcaption>Bassängen är ny. (BILD: Eva Alm/Bladet)</figcaption></figure>"),
        (
            SHARED,
            f'<figure>{PICTURE}<figcaption>Bassängen är ny. <span class="photo-credit">Foto: Eva Alm/Bladet</span>'
            "</figcaption></figure>",
        ),
        (
            SHARED,
            f"<figure>{PICTURE}<figcaption>Bassängen är ny. <cite>Eva Alm/Bladet</cite></figcaption></figure>",
        ),
        (
            SHARED,
            '<div class="wp-caption"><a href="/media/badet-i-vivalla.jpg"><img src="/cdn/1.jpg"></a>'
            '<p class="wp-caption-text">Bassängen är ny. Foto: Eva Alm/Bladet</p></div>',
        ),
        (
            SHARED,
            f'<div>{PICTURE}<span itemprop="caption">Bassängen är ny. Foto: Eva Alm/Bladet</span></div>',
        ),
        ("", f"<figure>{PICTURE}<figcaption>Bassängen är ny. Foto: Eva Alm/Bladet</figcaption></figure>"),
        (linked('{"url": "/a.jpg", "caption": "Bassängen är ny.", "creditText": "Eva Alm/Bladet"}'), ""),
        (
            linked('[{"contentUrl": "/a.jpg", "caption": "Bassängen är ny.", "creator": {"name": "Eva Alm/Bladet"}}]'),
            "",
        ),
        (linked('{"url": "/a.jpg", "caption": "Bassängen är ny.", "copyrightHolder": "Eva Alm/Bladet"}'), ""),
        (linked('{"url": "/a.jpg", "caption": "Bassängen är ny. Foto: Eva Alm/Bladet"}'), ""),
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "image": {"@id": "#bild"}}, '
            '{"@type": "ImageObject", "@id": "#bild", "url": "/a.jpg", "caption": "Bassängen är ny.", '
            '"creditText": "Foto: Eva Alm/Bladet"}]}</script>',
            "",
        ),
    ],
    ids=[
        *("foto", "bild in brackets", "a credit apart", "cite", "wp-caption", "itemprop", "of the text alone"),
        *("creditText", "creator", "copyrightHolder", "JSON-LD in one line", "named in a graph"),
    ],
)
def test_caption_and_credit_stand_apart(head: str, shown: str, selectors: Selectors) -> None:
    found = read(shown, head, selectors)
    assert (found.image_caption, found.image_credit) == ("Bassängen är ny.", "Eva Alm/Bladet")
    assert found.image
    assert "Bassängen är ny" not in found.text
    assert "Eva Alm" not in found.text


@pytest.mark.parametrize("head", [SHARED, linked('"/media/badet-i-vivalla.jpg"'), SHARED + linked('{"url": ""}')])
def test_the_caption_of_another_picture_is_none(head: str) -> None:
    found = read(OTHER.replace("Laget", "Andra laget"), head)
    assert (found.image_caption, found.image_credit) == ("", "")


def test_two_captions_of_one_picture_are_none() -> None:
    both = "".join(f"<figure>{PICTURE}<figcaption>{line}</figcaption></figure>" for line in ("Bassängen.", "Entrén."))
    assert read(both).image_caption == ""


def test_the_alternative_text_stands_in_for_a_caption_that_is_not_stated() -> None:
    alt = '<meta property="og:image:alt" content="En bassäng">'
    found = read("", SHARED + alt)
    assert (found.image_caption, found.origins["image_caption"]) == ("En bassäng", "meta")
    titled = '<meta property="og:title" content="Badet öppnar"><meta property="og:image:alt" content="Badet öppnar">'
    assert read("", SHARED + titled).image_caption == ""


@pytest.mark.parametrize(
    "line", ["På bordet låg en bild: tre elever i snön.", "Fotot: ett minne", "Bilden togs i går.", ""]
)
def test_what_names_no_photographer_is_all_caption(line: str) -> None:
    assert parted(line) == (line, "")
