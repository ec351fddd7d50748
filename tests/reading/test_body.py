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

BESIDE = f"<div><div>{''.join(f'<div><p>{OTHER} {number}</p></div>' for number in range(4))}</div></div>"


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
    "parts that microdata states": "<article><h1>Badet öppnar</h1><div>"
    + "".join(f'<div><section itemprop="articleBody"><p>{paragraph}</p></section></div>' for paragraph in TEXT)
    + "</div></article>",
    "nothing around it": WORDS,
    "a menu that was never closed": f"<nav><a href='/'>Hem</a><h1>Badet öppnar</h1><div>{WORDS}</div>",
    "for those without scripts": f"<h1>Badet öppnar</h1><div><noscript>{WORDS}</noscript></div>",
    "a card": f'<section class="card"><h1>Badet öppnar</h1><div>{WORDS}</div></section>' + BESIDE,
    "a field without a label": f'<h1>Badet öppnar</h1><div class="field field--label-hidden">{WORDS}</div>',
    "text beside a picture": f'<h1>Badet öppnar</h1><div class="text-image">{WORDS}</div>',
    "a headline of the second rank": f"<h1>Bladet</h1><div><h2>Badet öppnar</h2>{WORDS}</div>" + BESIDE,
    "steps": "<article><h1>Badet öppnar</h1>"
    + "".join(f'<div><div class="n{number}"><p>{paragraph}</p></div></div>' for number, paragraph in enumerate(TEXT))
    + "</article>",
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
    "a great many comments": f'<div class="comment-list">{"".join(f"<p>{OTHER} {n}</p>" for n in range(30))}</div>',
    "a hidden box": f"<div hidden><p>{OTHER}</p></div>",
    "a box that is not displayed": f"<div style='color:red; display: none'><p>{OTHER}</p></div>",
    "a box for readers' voices": f"<div class='a sr-only'><p>{OTHER}</p></div>",
    "a consent banner": f'<div id="onetrust-consent"><div>{f"<p>{OTHER}</p>" * 30}</div></div>',
}


@pytest.mark.parametrize("foreign", AROUND.values(), ids=AROUND)
def test_what_stands_around_or_inside_a_text_is_not_it(foreign: str) -> None:
    article = f"<article><h1>Badet öppnar</h1>{WORDS}</article>"
    assert lines(f"{foreign}{article}") == lines(f"{article}{foreign}") == list(TEXT)
    inside = WORDS.replace("</p>", f"</p>{foreign}", 1)
    assert lines(f"<article><h1>Badet öppnar</h1>{inside}</article>") == list(TEXT)


def test_a_list_of_teasers_is_not_the_text_however_long() -> None:
    entries = (f'<li><h3><a href="/{number}">Bron {number}</a></h3><p>{OTHER} {number}</p></li>' for number in range(9))
    assert lines(f"<h1>Badet öppnar</h1><div>{WORDS}</div><div><div><ul>{''.join(entries)}</ul></div></div>") == list(
        TEXT
    )


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


def test_sections_with_headings_of_the_first_rank_are_one_text() -> None:
    sections = "".join(f"<section><h1>Del {number}</h1><p>{text}</p></section>" for number, text in enumerate(TEXT))
    document = lxml.html.document_fromstring(f"<body><article><h1>Badet öppnar</h1>{sections}</article></body>")
    body = find_body(document, "Badet öppnar")
    assert body is not None
    assert [heading.text for heading in body.iter("h1")] == ["Del 1", "Del 2"]  # a short line before the text is none


def test_a_heading_may_link_to_itself() -> None:
    parts = WORDS.replace("</p>", '</p><h2>Nytt kakel<a href="#kakel">Till Nytt kakel</a></h2>', 1)
    assert "Nytt kakelTill Nytt kakel" in lines(f"<article><h1>Badet öppnar</h1>{parts}</article>")


def test_a_heading_that_begins_like_that_of_other_articles_stays_above_a_sentence() -> None:
    parts = WORDS.replace("</p>", "</p><h2>Mer om kaklet</h2>", 1)
    assert lines(f"<article><h1>Badet öppnar</h1>{parts}</article>") == [TEXT[0], "Mer om kaklet", *TEXT[1:]]


@pytest.mark.parametrize("word", ['<a class="tag" href="/bad">', '<span class="meta">', "<time>", '<em class="promo">'])
def test_a_word_of_a_sentence_stays_whatever_it_is_called(word: str) -> None:
    tag = word[1:].split()[0].strip(">")
    assert lines(f"<article><h1>Badet öppnar</h1>{WORDS.replace('kakel', f'{word}kakel</{tag}>')}</article>") == list(
        TEXT
    )


def test_a_list_is_kept_or_goes_as_a_whole() -> None:
    links = (
        '<ul><li><a href="/a">Nytt kakel</a></li><li>Vuxna 60 kronor och barn 30 kronor, pensionärer gratis</li></ul>'
    )
    parts = WORDS.replace("</p>", f"</p>{links}", 1)
    document = lxml.html.document_fromstring(f"<body><article><h1>Badet öppnar</h1>{parts}</article></body>")
    body = find_body(document, "Badet öppnar")
    assert body is not None
    assert next(item.text_content() for item in body.iter("li")) == "Nytt kakel"


def test_short_lines_before_and_after_the_sentences_are_no_text() -> None:
    assert lines(f"<article><h1>Badet öppnar</h1><p>VIVALLA</p>{WORDS}<p>Åsa Öberg</p></article>") == list(TEXT)


LEAD = "Efter två år av damm och buller är det äntligen dags."


@pytest.mark.parametrize(
    ("lead", "summary"),
    [
        (f'<p class="ingress">{LEAD}</p>', ""),
        (f'<div class="article-lead">{LEAD}</div>', ""),
        (f"<div><div>{LEAD}</div></div>", LEAD),
        (f"<p>{OTHER}</p>", ""),
    ],
    ids=["named", "a box", "as the description says", "a sentence"],
)
def test_a_lead_above_the_text_opens_it(lead: str, summary: str) -> None:
    page = f"<header><h1>Badet öppnar</h1>{lead}</header><div class='article-body'>{WORDS}</div>"
    assert lines(page, summary=summary) == [OTHER if OTHER in lead else LEAD, *TEXT]


def test_a_lead_in_an_oddly_named_box_around_the_headline_is_one() -> None:
    page = f'<div class="post has-recommendations"><h1>Badet öppnar</h1><p>{OTHER}&nbsp;</p><div>{WORDS}</div></div>'
    assert lines(page) == [OTHER, *TEXT]


def test_a_hidden_sentence_is_no_lead() -> None:
    hidden = f'<header><h1>Badet öppnar</h1><p aria-hidden="true">{OTHER}</p></header>'
    assert lines(f"{hidden}<div>{WORDS}</div>") == list(TEXT)


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
