"""The text of an article on a page that nobody knows, found in the tree that the page was parsed to.

What a page calls an advertisement, a menu or a list of related articles is taken out first. Every block that reads
like running text (a paragraph, a list item, the bare text of a `div`) then lends its weight to the elements around
it, the less the further out they stand; the heaviest is the article's, or what is around it, where that is running
text too. At last goes what stands inside it without being its text: lines of links, credits, headings of other
articles, short lines before the first and after the last sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from lxml import etree

from orebro_spiders.reading.boilerplate import is_lead_name, is_own_name
from orebro_spiders.reading.characters import xml_characters
from orebro_spiders.reading.clearing import clear
from orebro_spiders.reading.hidden import is_hidden
from orebro_spiders.reading.prose import (
    BOXES,
    ENDS,
    HEADINGS,
    LABEL,
    PROSE,
    SENTENCE,
    blocks,
    holds_text,
    is_linked,
    is_sentence,
    length,
    line,
    link_length,
    names,
)
from orebro_spiders.reading.pruning import is_foreign, prune, silence
from orebro_spiders.reading.trees import Element, headings, is_small

Weights = dict[Element, float]

# Found with pages of 41 countries; the result hardly changes with any of them.
_LENT = (1.0, 0.9, 0.6, 0.4, 0.3, 0.2, 0.1)
"""How much of its weight a block lends to the elements around it, from the inside out."""
_STATED, _CALLED, _BESIDE, _OTHER = 1.6, 1.1, 2.0, 0.3
"""What counts what microdata states to be the text, what is called so, what stands beside the headline, and what
stands with another one."""
_PAGE = 0.85
"""What counts the page as a whole, to which all that stands on it lends."""
_FURTHER, _MUCH = 0.2, 0.35
"""The share of a text that makes its neighbour, if built alike, another part of it, and that makes all around it so."""
_DENSE, _DENSE_IN_ARTICLE = 0.8, 0.5
"""How much of what is around a text must be running text then."""
_LINKED_LEAD = 0.3
_WHOLE = frozenset({"article", "main"})

# Characters.
_LEAD = range(40, 701)
_BEGINNING = 40
# Elements.
_LEAD_WITHIN, _HIGHEST, _NEAR, _ENTRY = 60, 8, 3, 60

_string = etree.XPath("string()")
_stated = etree.XPath("descendant::*[@itemprop = 'articleBody']")


def find_body(
    document: Element,
    title: str = "",
    summary: str = "",
    known: frozenset[str] = frozenset(),
    *,
    by_name: bool = True,
) -> Element | None:
    """The element that holds the article's text, cleared of all else; `None` without any. Changes the document.

    `title` and `summary` are what the page states, `known` are lines that stand elsewhere: headlines and names.
    Without `by_name` also what calls itself a caption, a player or the like may be the text.
    """
    page = document.find("body")
    if page is None:
        return None
    silence(page)
    first_rank = [heading for heading in headings(page, "h1") if line(heading)]
    own = _headline(page, first_rank, title)
    others = [] if own is None else list(_others(own, first_rank))
    beside = None if own is None else next(filter(holds_text, own.iterancestors()), None)
    kept = frozenset() if beside is None else frozenset({beside, *beside.iterancestors()})
    lead = _lead(page, own, summary, kept)
    prune(page, kept, by_name=by_name)
    weighed = dict(blocks(page))
    weights = _weights(weighed, others, beside)
    if not weights:
        return None
    body = _climbed(max(weights, key=lambda element: weights[element]), weighed)
    is_outside = lead[:60] not in line(body)[:3000]
    clear(body, known if own is None else known | {line(own)})
    if lead and is_outside:
        _put_first(body, lead)
    return body


# Headline and lead


def _headline(page: Element, first_rank: list[Element], title: str) -> Element | None:
    """The heading that stands for the article on the page: that with its title, else the first long one."""
    of_any_rank = chain(first_rank, headings(page, "h2", "h3")) if title else ()
    called = (heading for heading in of_any_rank if line(heading)[:_BEGINNING] == title[:_BEGINNING])
    return next(called, next((heading for heading in first_rank if length(heading) > LABEL), None))


def _others(own: Element, first_rank: list[Element]) -> Iterator[Element]:
    """The widest elements around other headlines that leave the article's own outside."""
    around_own = {own, *own.iterancestors()}
    for heading in first_rank:
        outside = [above for above in heading.iterancestors() if above not in around_own]
        if heading is not own and outside:
            yield outside[-1]


def _lead(page: Element, headline: Element | None, summary: str, kept: frozenset[Element]) -> str:
    """The paragraph soon after the headline that the page calls a lead, that its description repeats, or the first.

    `kept` elements are around the headline too, whatever they are called.
    """
    start = summary[:_BEGINNING].casefold()
    for element in _after(page, headline):
        if not len(_string(element)) < 2 * _LEAD.stop:
            continue
        text = line(element)
        if len(text) not in _LEAD or link_length(element) > _LINKED_LEAD * len(text):
            continue
        is_stated = len(start) > 30 and text[:_BEGINNING].casefold() == start and len(text) < 1.5 * len(summary) + 60
        is_first = element.tag == "p" and is_sentence(text)
        if (is_stated or is_first or _is_lead(element, text)) and not _is_apart(element, kept):
            return text
    return ""


def _after(page: Element, headline: Element | None) -> Iterator[Element]:
    elements = page.iter("h1", "h2", "h3", "h4", "p", "div", "span", "strong", "section", "em")
    for element in elements:
        if element is headline or (headline is None and element.tag == "h1"):
            return islice((found for found in elements if found.tag != "h1"), _LEAD_WITHIN)
    return iter(())


def _is_lead(element: Element, text: str) -> bool:
    if next(element.iter("h1", "li"), None) is not None or not (text.endswith(ENDS) or len(text) > SENTENCE):
        return False
    return (element.tag in HEADINGS and len(text) > SENTENCE) or is_lead_name(names(element))


def _is_apart(element: Element, kept: frozenset[Element]) -> bool:
    """Does it stand with a picture, or inside of what calls itself something else than text?"""
    if is_hidden(element) or next(element.iter("img"), None) is not None:
        return True
    around = (above for above in islice(element.iterancestors(), _NEAR) if above not in kept)
    return any(is_foreign(above) for above in around if above.tag not in {"header", "body", "article"})


def _put_first(body: Element, lead: str) -> None:
    paragraph = etree.Element("p")
    paragraph.text = xml_characters(lead)
    paragraph.tail, body.text = xml_characters(body.text or ""), None
    body.insert(0, paragraph)


# The heaviest


def _weights(weighed: Weights, others: list[Element], beside: Element | None) -> Weights:
    """What the blocks of a page, each `weighed` alone, lend to the elements around them.

    Those of `others`, other articles, lend less and not beyond them; those in `beside`, with the headline, more.
    """
    weights: Weights = {}
    apart = {element for other in others for element in other.iter(*PROSE, *BOXES)}
    near = set() if beside is None else set(beside.iter(*PROSE, *BOXES))
    for element, own in weighed.items():
        is_apart = element in apart
        if is_apart or _is_teaser(element):
            own *= _OTHER
        elif element in near:
            own *= _BESIDE
        around = element if element.tag in BOXES else element.getparent()
        for lent in _LENT:
            if around is None or around.tag == "html" or (is_apart and around not in apart):
                break
            weights[around] = weights.get(around, 0.0) + own * lent
            around = around.getparent()
    for element in weights:
        if element.tag == "body":
            weights[element] *= _PAGE
        elif element.get("itemprop") == "articleBody":
            weights[element] *= _STATED
        elif element.tag == "article" or is_own_name(names(element)):
            weights[element] *= _CALLED
    return weights


def _is_teaser(block: Element) -> bool:
    """Does it stand in an entry of a list, with a headline that leads elsewhere?"""
    entry = next(block.iterancestors("li"), None)
    return entry is not None and is_small(entry, _ENTRY) and any(map(is_linked, entry.iter(*HEADINGS)))


def _climbed(body: Element, weighed: Weights) -> Element:
    """The element around all parts of a text, where `body` is only one of them."""
    own, best, inner = _inside(body, weighed), body, body
    article = next(body.iterancestors("article"), None)
    is_parted = article is not None and len(_stated(article)) > 1
    for around in islice(body.iterancestors(), _HIGHEST):
        is_stated = inner.get("itemprop") == "articleBody" and not is_parted
        if is_stated or around.tag in {"body", "html"} or inner.tag in _WHOLE:
            break
        kind = _kind(inner)
        alike = sum(_inside(other, weighed) for other in around if other is not inner and _kind(other) == kind)
        if alike > _FURTHER * own:
            best, own = around, own + alike
        elif (whole := _inside(around, weighed)) > (1 + _MUCH) * own and _is_dense(around, best, whole - own):
            best, own = around, whole
        inner = around
    return best


def _inside(element: Element, weighed: Weights) -> float:
    return sum(weighed.get(block, 0.0) for block in element.iter(*PROSE, *BOXES))


def _kind(element: Element) -> tuple[object, list[str]]:
    return element.tag, (element.get("class") or "").split()[:2]


def _is_dense(around: Element, body: Element, more: float) -> bool:
    """Is what stands around a text hardly anything but `more` running text? Inside an `article` other things may be."""
    is_inside = around.tag == "article" or next(around.iterancestors("article"), None) is not None
    return more > (_DENSE_IN_ARTICLE if is_inside else _DENSE) * (length(around) - length(body))
