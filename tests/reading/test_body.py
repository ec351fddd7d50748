from __future__ import annotations

import lxml.html
import pytest

from orebro_spiders.reading.body import find_body

TEXT = (
    "Det kommunala badet i Vivalla öppnar igen på måndag efter två års renovering, säger driftchefen Åsa Öberg.",
    "Bassängen har fått nytt kakel och en ramp, och entrén har byggts om för att fler ska kunna ta sig in själva.",
    "Kostnaden blev elva miljoner kronor, vilket är en miljon mer än vad nämnden räknade med från början.",
)
WORDS = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT)
OTHER = "Bron vid slottet stängs för bilar hela hösten, och bussarna får gå runt kvarteret medan arbetet pågår."


def lines(
    markup: str, *, title: str = "Badet öppnar", summary: str = "", known: frozenset[str] = frozenset()
) -> list[str]:
    document = lxml.html.document_fromstring(f"<html><head><title>x</title></head><body>{markup}</body></html>")
    body = find_body(document, title, summary, known)
    if body is None:
        return []
    blocks = [block for block in body.iter("p", "li", "h2", "h3", "td", "div") if block.text and block.text.strip()]
    return [" ".join(block.text_content().split()) for block in blocks] or [" ".join(body.text_content().split())]


PLACES = {
    "an article": f"<article><h1>Badet öppnar</h1>{WORDS}</article>",
    "a named box": f'<div class="page"><h1>Badet öppnar</h1><div class="brodtext">{WORDS}</div></div>',
    "paragraphs in boxes": "<main><h1>Badet öppnar</h1>"
    + "".join(f'<div class="part"><div><p>{paragraph}</p></div></div>' for paragraph in TEXT)
    + "</main>",
    "a form around the page": f"<form><h1>Badet öppnar</h1><div>{WORDS}</div></form>",
    "a misnamed box": f'<div class="sidebar"><h1>Badet öppnar</h1><div>{WORDS}</div></div>',
    "a class that all paragraphs have": "<article><h1>Badet öppnar</h1>"
    + "".join(f'<p class="promo">{paragraph}</p>' for paragraph in TEXT)
    + "</article>",
    "boxes of Elementor": "<h1>Badet öppnar</h1>"
    + "".join(f'<div class="elementor-widget e{len(paragraph)}"><p>{paragraph}</p></div>' for paragraph in TEXT),
    "names that are hashes": "<article><h1>Badet öppnar</h1>"
    + "".join(f'<p class="id-n{len(paragraph)}AuAdJl">{paragraph}</p>' for paragraph in TEXT)
    + "</article>",
    "nothing around it": WORDS,
}


@pytest.mark.parametrize("markup", PLACES.values(), ids=PLACES)
def test_a_text_is_found_wherever_it_stands(markup: str) -> None:
    assert lines(markup) == list(TEXT)


def test_lines_parted_by_breaks_are_a_text() -> None:
    found = lines(f"<h1>Badet öppnar</h1><div class='x'>{'<br> <br>'.join(TEXT)}</div>")
    assert " ".join(found) == " ".join(TEXT)


def test_boxes_whose_words_stand_in_other_elements_are_a_text() -> None:
    boxes = "".join(f"<div><span><span>{paragraph}</span></span></div>" for paragraph in TEXT)
    assert " ".join(lines(f"<main><h1>Badet öppnar</h1><div>{boxes}</div></main>")) == "".join(TEXT)


AROUND = {
    "teasers": "".join(f'<div class="teaser"><p>{OTHER} {number}.</p></div>' for number in range(3)),
    "a card": f'<article class="card"><h3>Bron stängs</h3><p>{OTHER}</p></article>',
    "an article elsewhere": f'<div><article><h3><a href="/bron">Bron</a></h3><p>{OTHER}</p></article></div>',
    "a box in the block of the text": f'<div class="article-body__slot promo"><p>{OTHER}</p></div>',
    "a sidebar": f"<aside><h2>Mest läst</h2><p>{OTHER}</p></aside>",
    "a menu": "<ul>" + "".join(f'<li><a href="/{n}">Ett ämne bland många {n}</a></li>' for n in range(9)) + "</ul>",
    "comments": f'<section id="comments"><p>{OTHER}</p></section>',
    "a newsletter": '<div class="newsletter-signup"><p>Vill du ha våra nyheter varje morgon före frukost?</p></div>',
    "a share line": '<div class="share"><p>Dela den här artikeln med dem som du känner bäst.</p></div>',
    "a hidden box": f"<div hidden><p>{OTHER}</p></div>",
    "a consent banner": f'<div id="onetrust-consent"><div>{f"<p>{OTHER}</p>" * 30}</div></div>',
}


@pytest.mark.parametrize("foreign", AROUND.values(), ids=AROUND)
def test_what_stands_around_or_inside_a_text_is_not_it(foreign: str) -> None:
    article = f"<article><h1>Badet öppnar</h1>{WORDS}</article>"
    assert lines(f"{foreign}{article}") == lines(f"{article}{foreign}") == list(TEXT)
    inside = WORDS.replace("</p>", f"</p>{foreign}", 1)
    assert lines(f"<article><h1>Badet öppnar</h1>{inside}</article>") == list(TEXT)


@pytest.mark.parametrize(
    "line",
    [
        "<p>Foto: Eva Ek</p>",
        "<p>© Bladet 2026</p>",
        '<p>Läs också: <a href="/bron">Bron stängs</a></p>',
        '<p><a href="/bron">Bron vid slottet stängs för bilar</a></p>',
        "<p>Annons</p>",
        "<p>– Annonce –</p>",
        "<p>Artikeln fortsätter efter annonsen</p>",
        "<p>Prenumerera på vårt nyhetsbrev.</p>",
        "<div><h2>Mer om badet</h2><p>Bron stängs för bilar i höst</p></div>",
        f"<p>{TEXT[0]}</p>",
        "<p>Badet öppnar</p>",
        "<figure><img src='/a.jpg'><figcaption>Åsa Öberg vid bassängen på måndagen.</figcaption></figure>",
    ],
)
def test_a_line_that_is_no_text_is_taken_out(line: str) -> None:
    parts = WORDS.replace("</p>", f"</p>{line}", 1)
    assert lines(f"<article><h1>Badet öppnar</h1>{parts}</article>", known=frozenset({"Badet öppnar"})) == list(TEXT)


@pytest.mark.parametrize(
    "sentence",
    [
        "Följden blev att badet stängde i två år medan nämnden letade efter pengar till taket.",
        "Delar av bottenvåningen får vänta till våren.",
        "Mer än tusen besökare väntas den första veckan.",
        "Bilden av badet som en förlustaffär stämmer inte, säger hon.",
        "– Nej, säger hon.",
        "Annonsen i lokalbladet togs bort.",
    ],
)
def test_a_sentence_that_begins_like_one_stays(sentence: str) -> None:
    parts = WORDS.replace("</p>", f"</p><p>{sentence}</p>", 1)
    assert sentence in lines(f"<article><h1>Badet öppnar</h1>{parts}</article>")


def test_headings_lists_and_quotes_of_a_text_stay() -> None:
    inner = (
        f"<p>{TEXT[0]}</p><h2>Nytt kakel</h2><p>{TEXT[1]}</p><ul><li>Vuxna 60 kronor</li><li>Barn 30 kronor</li></ul>"
        f"<blockquote>Det är en stor dag för hela stadsdelen.</blockquote><p>{TEXT[2]}</p>"
    )
    document = lxml.html.document_fromstring(
        f"<html><body><article><h1>Badet öppnar</h1>{inner}</article></body></html>"
    )
    body = find_body(document, "Badet öppnar")
    assert body is not None
    assert [block.tag for block in body] == ["p", "h2", "p", "ul", "blockquote", "p"]


def test_short_lines_before_and_after_the_sentences_are_no_text() -> None:
    assert lines(f"<article><h1>Badet öppnar</h1><p>VIVALLA</p>{WORDS}<p>Åsa Öberg</p></article>") == list(TEXT)


LEAD = "Efter två år av damm och buller är det äntligen dags."


@pytest.mark.parametrize(
    ("lead", "summary"),
    [
        (f'<p class="ingress">{LEAD}</p>', ""),
        (f'<div class="article-lead">{LEAD}</div>', ""),
        (f"<div><div>{LEAD}</div></div>", LEAD),
    ],
    ids=["named", "a box", "as the description says"],
)
def test_a_lead_above_the_text_opens_it(lead: str, summary: str) -> None:
    page = f"<header><h1>Badet öppnar</h1>{lead}</header><div class='article-body'>{WORDS}</div>"
    assert lines(page, summary=summary) == [LEAD, *TEXT]


def test_a_lead_inside_the_text_is_there_once() -> None:
    page = f'<article><h1>Badet öppnar</h1><p class="ingress">{LEAD}</p>{WORDS}</article>'
    assert lines(page, summary=LEAD) == [LEAD, *TEXT]


def test_the_text_of_a_longer_article_below_is_not_the_pages_own() -> None:
    other = "".join(f"<p>{OTHER} {number}.</p>" for number in range(7))
    page = f"<div><h1>Badet öppnar</h1>{WORDS}</div><div><h1>Bron vid slottet stängs</h1>{other}</div>"
    assert lines(page) == list(TEXT)


def test_a_text_in_several_parts_is_whole() -> None:
    parts = "".join(f'<div class="part"><p>{paragraph}</p><p>{paragraph[::-1]}.</p></div>' for paragraph in TEXT)
    assert len(lines(f"<h1>Badet öppnar</h1><div class='all'>{parts}</div>")) == 6


@pytest.mark.parametrize(
    "markup", ["", "<p></p>", "<h1>Badet öppnar</h1>", "<nav><a href='/'>Hem</a></nav>", "<p>Kort.</p>"]
)
def test_a_page_without_running_text_has_none(markup: str) -> None:
    assert lines(markup) == []


@pytest.mark.parametrize("line", ["Bron stängs ändå inte.", "Rättelse: det är i juni.", "Det blev regnigt."])
def test_a_short_sentence_at_either_end_is_text(line: str) -> None:
    assert lines(f"<div><h1>Badet öppnar</h1><p>{line}</p>{WORDS}</div>") == [line, *TEXT]
    assert lines(f"<div><h1>Badet öppnar</h1>{WORDS}<p>{line}</p></div>") == [*TEXT, line]
