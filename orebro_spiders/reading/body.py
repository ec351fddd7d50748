"""The text of an article on a page that nobody knows, found in the tree that the page was parsed to.

What a page calls an advertisement, a menu or a list of related articles is taken out first. Every block that reads
like running text (a paragraph, a list item, the bare text of a `div`) then lends its weight to the elements around
it, the less the further out they stand; the heaviest is the article's. At last goes what stands inside it without
being its text: lines of links, credits, headings of other articles, short lines before the first and after the last
sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

import lxml.html
from lxml import etree

from orebro_spiders.reading.boilerplate import (
    is_foreign_name,
    is_lead_name,
    is_noise,
    is_of_others,
    is_own_name,
    leads_onward,
)
from orebro_spiders.reading.characters import xml_characters
from orebro_spiders.reading.selecting import drop
from orebro_spiders.reading.trees import Element, is_small
from orebro_spiders.reading.trees import headings as headings_in

Weights = dict[Element, float]

_SILENT = (
    *"applet area audio base canvas datalist dialog embed frame frameset iframe input link map math menu meta".split(),
    *"meter nav noscript object optgroup option output param progress script select source style svg".split(),
    *"template textarea track video".split(),
)
"""Elements that hold no running text."""
_FOREIGN_TAGS = frozenset("aside button fieldset figcaption footer form label time".split())
"""Elements that hold none unless half the page stands in them, as in the forms of ASP.NET."""
_NAMED = (
    *"a aside article blockquote button dd div dl dt em fieldset figcaption figure footer form h1 h2 h3 h4 h5".split(),
    *"h6 header label li ol p section small span strong table td time ul".split(),
)
_PROSE = frozenset("blockquote dd li p pre td".split())
_HEADINGS = frozenset("h2 h3 h4 h5 h6".split())
_BOXES = frozenset("article body center div font main section span td".split())
_BLOCKS = tuple("article blockquote center div dl figure h1 h2 h3 h4 h5 h6 li main ol p pre section table ul".split())
_WHOLE = frozenset({"article", "main"})
_ENDS = tuple(".!?:;…”“\"»«’'）)。」।")

# Found with pages of 41 countries; the result hardly changes with any of them.
_LENT = (1.0, 0.9, 0.6, 0.4, 0.3, 0.2, 0.1)
"""How much of its weight a block lends to the elements around it, from the inside out."""
_STATED, _CALLED, _OTHER = 1.6, 1.1, 0.3
"""What counts what microdata states to be the text, what is called so, and what stands with another headline."""
_MOST_FOREIGN = 0.3
"""The share of a page's text that may call itself something else."""
_FURTHER = 0.2
"""The share of a text that makes its neighbour another part of it."""
_LINKED_LINE, _LINKED_BOX, _LINKED_LEAD = 0.6, 0.5, 0.3
"""The share of links that makes a line, a box or a lead one of links."""
_LARGEST_BOX = 3000
"""Elements in a box of links, or in another article, that stands inside a text."""
_MOST_LARGE = 20
"""Larger ones that are looked at: those of a page made to hurt lie inside each other."""

# Characters.
_SENTENCE, _LINE = 80, 25
_LEAD = range(40, 701)
_REPEATED = 40
_LABEL = 15
# Elements.
_LEAD_WITHIN, _HIGHEST, _NEAR = 60, 5, 3

_string = etree.XPath("string()")
_normal = etree.XPath("normalize-space()")
_banners = etree.XPath(
    "descendant::*[starts-with(@id, 'onetrust') or starts-with(@id, 'didomi') or starts-with(@id, 'CybotCookie') "
    "or starts-with(@id, 'usercentrics') or starts-with(@id, 'cookie') or starts-with(@id, 'qc-cmp')]"
)
"""The boxes of the common consent managers, which may be longer than the article."""


def find_body(
    document: Element, title: str = "", summary: str = "", known: frozenset[str] = frozenset()
) -> Element | None:
    """The element that holds the article's text, cleared of all else; changes the document.

    `title` and `summary` are what the page states, `known` are lines that stand elsewhere: headlines and names.
    """
    page = document.find("body")
    if page is None:
        return None
    etree.strip_elements(page, *_SILENT, with_tail=False)
    headings = [heading for heading in headings_in(page, "h1") if _line(heading)]
    own = _headline(headings, title)
    others = [] if own is None else list(_others(own, headings))
    lead = _lead(page, own, summary)
    _prune(page)
    weights = _weights(page, others)
    if not weights:
        return None
    body = _climbed(max(weights, key=lambda element: weights[element]))
    is_outside = lead[:60] not in _line(body)[:3000]
    _clear(body, known)
    if lead and is_outside:
        _put_first(body, lead)
    return body


def _line(element: Element) -> str:
    return str(_normal(element))


def _length(element: Element) -> int:
    return len(_line(element))


def _link_length(element: Element) -> int:
    return sum(_length(link) for link in element.iter("a"))


def _names(element: Element) -> str:
    """Class and id; a long id is a headline's and no name."""
    called = element.get("id") or ""
    return f"{element.get('class') or ''} {called if len(called) < 30 else ''}".strip()


# Headline and lead


def _headline(headings: list[Element], title: str) -> Element | None:
    """The heading that stands for the article on the page: that with its title, else the first long one."""
    called = (heading for heading in headings if _line(heading)[:40] == title[:40])
    return next(called, next((heading for heading in headings if _length(heading) > _LABEL), None))


def _others(own: Element, headings: list[Element]) -> Iterator[Element]:
    """The widest elements around other headlines that leave the article's own outside."""
    around_own = {own, *own.iterancestors()}
    for heading in headings:
        outside = [above for above in heading.iterancestors() if above not in around_own]
        if heading is not own and outside:
            yield outside[-1]


def _lead(page: Element, headline: Element | None, summary: str) -> str:
    """The paragraph soon after the headline that the page calls a lead, or that its description repeats."""
    start = summary[:_REPEATED].casefold()
    for element in _after(page, headline):
        if not len(_string(element)) < 2 * _LEAD.stop:
            continue
        text = _line(element)
        if len(text) not in _LEAD or _link_length(element) > _LINKED_LEAD * len(text):
            continue
        is_stated = len(start) > 30 and text[:_REPEATED].casefold() == start and len(text) < 1.5 * len(summary) + 60
        if (is_stated or _is_lead(element, text)) and not _is_apart(element):
            return text
    return ""


def _after(page: Element, headline: Element | None) -> Iterator[Element]:
    elements = page.iter("h1", "h2", "h3", "h4", "p", "div", "span", "strong", "section", "em")
    for element in elements:
        if element is headline or (headline is None and element.tag == "h1"):
            return islice((found for found in elements if found.tag != "h1"), _LEAD_WITHIN)
    return iter(())


def _is_lead(element: Element, text: str) -> bool:
    if next(element.iter("h1", "li"), None) is not None or not (text.endswith(_ENDS) or len(text) > _SENTENCE):
        return False
    return (element.tag in _HEADINGS and len(text) > _SENTENCE) or is_lead_name(_names(element))


def _is_apart(element: Element) -> bool:
    """Does it stand with a picture, or inside of what calls itself something else than text?"""
    if next(element.iter("img"), None) is not None:
        return True
    around = islice(element.iterancestors(), _NEAR)
    return any(_is_foreign(above) for above in around if above.tag not in {"header", "body", "article"})


def _put_first(body: Element, lead: str) -> None:
    paragraph = lxml.html.Element("p")
    paragraph.text = xml_characters(lead)
    paragraph.tail, body.text = body.text, None
    body.insert(0, paragraph)


# What is no text


def _prune(page: Element) -> None:
    """Take out what calls itself something else than text, unless much of the page's text does."""
    for banner in _banners(page):
        banner.drop_tree()
    most = _MOST_FOREIGN * (_length(page) - _link_length(page))
    called: dict[object, list[Element]] = {}  # alike ones together: a site may name all its paragraphs so
    for element in page.iter(*_NAMED):
        if _is_foreign(element):
            is_listed = element.tag not in _PROSE and is_of_others(element.get("class") or "")
            called.setdefault(element if is_listed else (element.tag, element.get("class")), []).append(element)
    large = (element for element in chain(*called.values()) if not is_small(element, _LARGEST_BOX))
    unread = set(islice(large, _MOST_LARGE, None))
    for elements in called.values():
        if unread.isdisjoint(elements) and sum(_length(one) - _link_length(one) for one in elements) < most:
            drop(elements)


def _is_foreign(element: Element) -> bool:
    if element.tag in _FOREIGN_TAGS or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if element.tag == "header" and next(element.iter("h1"), None) is not None:
        return True
    names = (element.get("class") or "") if element.tag in _HEADINGS else _names(element)
    return bool(names) and is_foreign_name(names)


# What is


def _weights(page: Element, others: list[Element]) -> Weights:
    """What the blocks lend to the elements around them; those of `others`, other articles, less and not beyond."""
    weights: Weights = {}
    apart = {element for other in others for element in other.iter(*_PROSE, *_BOXES)}
    for element in page.iter(*_PROSE, *_BOXES):
        weight = _weight(element)
        if weight <= 0:
            continue
        is_apart = element in apart
        weight *= _OTHER if is_apart else 1.0
        around = element if element.tag in _BOXES else element.getparent()
        for lent in _LENT:
            if around is None or around.tag == "html" or (is_apart and around not in apart):
                break
            weights[around] = weights.get(around, 0.0) + weight * lent
            around = around.getparent()
    for element in weights:
        if element.get("itemprop") == "articleBody":
            weights[element] *= _STATED
        elif element.tag == "article" or is_own_name(_names(element)):
            weights[element] *= _CALLED
    return weights


def _weight(element: Element) -> float:
    """How much a block reads like running text: its characters, links against it."""
    if element.tag == "span":
        return 0.0
    if element.tag not in _PROSE:
        length = len((element.text or "").strip()) + sum(len((child.tail or "").strip()) for child in element)
        if length < _SENTENCE and len(element) and next(element.iterdescendants(*_BLOCKS), None) is None:
            length = _length(element) - 2 * _link_length(element)
        return length if length >= _SENTENCE else 0.0
    if element.tag != "p" and next(element.iterchildren("p", "div", "ul", "ol", "table"), None) is not None:
        return 0.0
    length = _length(element)
    if length < _LINE:
        return 0.0
    weight = length - 2.0 * _link_length(element)
    return weight * (0.5 if length < _SENTENCE or element.tag == "li" else 1.0)


def _whole(element: Element) -> float:
    return sum(max(0.0, _weight(block)) for block in element.iter(*_PROSE, *_BOXES))


def _climbed(body: Element) -> Element:
    """The element around several parts of a text that are built alike, where `body` is only one of them."""
    own, best, inner = _whole(body), body, body
    for around in islice(body.iterancestors(), _HIGHEST):
        if around.tag in {"body", "html"} or inner.tag in _WHOLE or inner.get("itemprop") == "articleBody":
            break
        alike = sum(_whole(other) for other in around if other is not inner and _kind(other) == _kind(inner))
        if alike > _FURTHER * own:
            best = around
            own += alike
        inner = around
    return best


def _kind(element: Element) -> tuple[object, list[str]]:
    return element.tag, (element.get("class") or "").split()[:2]


# What stands inside the text without being it


def _clear(body: Element, known: frozenset[str]) -> None:
    """Take out of a text what is not running text; `known` lines stand elsewhere."""
    for heading in list(body.iter("h1")):
        heading.drop_tree()
    for article in list(body.iterdescendants("article")):
        if is_small(article, _LARGEST_BOX) and any(_is_linked(heading) for heading in article.iter(*_HEADINGS)):
            drop([article])
    for box in list(body.iter("ul", "ol", "div", "section", "table")):
        if box is not body and is_small(box, _LARGEST_BOX) and _is_linked_box(box):
            drop([box])
    kept: list[tuple[Element, str]] = []
    seen = set(known)
    for block in list(_lines(body)):
        text = _line(block) if block.getparent() is not None else ""
        if not text:
            continue
        if leads_onward(text):
            _box_of(block, text, body).drop_tree()
        elif text in seen or is_noise(text) or _link_length(block) > _LINKED_LINE * len(text):
            block.drop_tree()
        else:
            kept.append((block, text))
            if len(text) > _REPEATED:
                seen.add(text)
    _trim(kept)


def _is_linked_box(box: Element) -> bool:
    length = _length(box)
    return length > 0 and _link_length(box) > _LINKED_BOX * length


def _is_linked(heading: Element) -> bool:
    """Is it the headline of an article elsewhere?"""
    return any(around.tag == "a" for around in chain(heading.iter("a"), islice(heading.iterancestors(), _NEAR)))


def _lines(body: Element) -> Iterator[Element]:
    """The blocks that hold no other block."""
    for element in body.iter(*_PROSE, *_HEADINGS, "div", "section"):
        is_innermost = element.tag == "p" or next(element.iterdescendants(*_BLOCKS), None) is None
        if element is not body and is_innermost:
            yield element


def _box_of(block: Element, text: str, body: Element) -> Element:
    """The widest element inside `body` that begins with a line."""
    box = block
    for around in block.iterancestors():
        if around is body or not _line(around).startswith(text):
            break
        box = around
    return box


def _trim(kept: list[tuple[Element, str]]) -> None:
    """Take out the short lines before the first sentence and after the last one."""
    for order in (kept, kept[::-1]):
        for block, text in order:
            if len(text) > _SENTENCE or (text.endswith(_ENDS) and len(text) > _LABEL):
                break
            drop([block])
