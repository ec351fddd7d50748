"""The text of an article on a page that nobody knows, found in the tree that the page was parsed to.

What a page calls an advertisement, a menu or a list of related articles is taken out first. Every block that reads
like running text (a paragraph, a list item, the bare text of a `div`) then lends its weight to the elements around
it, the less the further out they stand; the heaviest is the article's. At last goes what stands inside it without
being its text: lines of links, bylines, share lines, headings without a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

import lxml.html
from lxml import etree

Element = lxml.html.HtmlElement
Weights = dict[Element, float]

_SILENT = (
    *"applet area audio base canvas datalist dialog embed frame frameset iframe input link map math menu meta meter".split(),
    *"nav noscript object optgroup option output param progress script select source style svg template textarea".split(),
    *"track video".split(),
)
"""Elements that hold no running text."""
_FOREIGN_TAGS = frozenset("aside button fieldset figcaption footer form label time".split())
"""Elements that hold none unless half the page stands in them, as in the forms of ASP.NET."""
_NAMED = (
    *"a aside article blockquote button dd div dl dt em fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6".split(),
    *"header label li ol p section small span strong table td time ul".split(),
)
_PROSE = frozenset("blockquote dd li p pre td".split())
_HEADINGS = frozenset("h2 h3 h4 h5 h6".split())
_BOXES = frozenset("article center div font main section span td".split())
_BLOCKS = (*"article blockquote center div dl figure h1 h2 h3 h4 h5 h6 li main ol p pre section table ul".split(),)

_FOREIGN_NAME = re.compile(
    r"(?:^|[^a-z])(?:ads?|adv|advert\w*|affiliate\w*|annons\w*|app-?hint|\w*author(?:s|box|bio|info|profile)?|avatar|banner"
    r"|bio|blocker|bookmark\w*|breadcrumbs?|buttons?|\w*bylines?|cards?|\w*captions?|\w*comments?|commentlist|consent"
    r"|cookies?|copyright|counter|\w*credits?|cta|date|dateline|disclaimer|disqus|donat\w*|dropdown|embed\w*|fact-?box\w*|faktabo\w+|faktaruta"
    r"|feedback|figcaption|follow\w*|footer|footnote|form|galler\w*|hidden|hide|images?|info|info-?box\w*|kommentar\w*|links|linklist|login"
    r"|masthead|media|menu|\w*meta|metadata|modal|more|most-?(?:read|popular)|mpu|native|nav|navbar|navigation|\w*newsletters?|nyhetsbrev"
    r"|outbrain|overlay|pager|pagination|placeholder|player|podcasts?|poll|popover|popular|popup|prev-?next|promo|promos|promotion\w*"
    r"|pullquote|quiz|rail|read-?(?:more|also|next)|recirc\w*|recommend\w*|register|registration|rekl\w*|related\w*|relaterad\w*|respond"
    r"|share\w*|sharing|sidebar|signup|slider|slideshow|social\w*|sponsor\w*|subscri\w*|swiper|taboola|tags?|tagged"
    r"|\w*teaser\w*|thumbnails?|timestamp|toolbar|tooltip|topics?|trending|tweet|twitter|viafoura|videos?|whatsapp|widget)(?![a-z])"
)
_OWN_NAME = re.compile(
    r"(?:^|[^a-z])(?:article|artikel|story|entry|post|news|text|main|page)[-_ ]*(?:body|content|text|copy|main)"
    r"|body[-_ ]*(?:text|copy|content)|(?:^|[^a-z])(?:brodtext|copytext|richtext|rich-text|content-?body)"
)
_LEAD_NAME = re.compile(
    r"(?:^|[^a-z])(?:lead|lede|lead-?text|ingress|intro|introduction|preamble|standfirst|dek|deck|chapo|chapeau|sapo|subtitle"
    r"|sub-?title|sub-?head(?:line|ing)?|summary|excerpt|teaser-?text|desc|description|under-?rubrik|vorspann|einleitung|anleser|sottotitolo|bajada|entradilla|kicker-?text)(?![a-z])"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")

_LEAD_WITHIN = 60
"""Elements after the headline."""
# How much of its weight a block lends to the elements around it, from the inside out.
_LENT = (1.0, 0.9, 0.6, 0.4, 0.3, 0.2, 0.1)
_OTHER = 0.3
"""What counts of the text that stands with another headline than the page's own."""

_string = etree.XPath("string()")
_normal = etree.XPath("normalize-space()")
_links = etree.XPath("string-length(normalize-space()) - 0")


@lru_cache(maxsize=8192)
def _named(pattern: re.Pattern[str], names: str) -> bool:
    return bool(pattern.search(_CAMEL.sub("-", names).lower()))


def _names(element: Element) -> str:
    called = element.get("id") or ""
    return f"{element.get('class') or ''} {called if len(called) < 30 else ''}"


def _length(element: Element) -> int:
    return len(_normal(element))


def _link_length(element: Element) -> int:
    return sum(_length(link) for link in element.iter("a"))


def find_body(
    document: Element, title: str = "", summary: str = "", known: frozenset[str] = frozenset()
) -> Element | None:
    """The element that holds the article's text, cleared of all else; changes the document."""
    page = document.find("body")
    if page is None:
        return None
    etree.strip_elements(page, *_SILENT, with_tail=False)
    headings = [heading for heading in page.iter("h1") if _normal(heading)]
    own = _headline(headings, title)
    title = _normal(own) if own is not None else ""
    others = [] if own is None else list(_others(own, headings))
    lead = _lead(page, title, summary)
    _prune(page)
    weights = _weights(page, others)
    if not weights:
        return None
    body = _climbed(max(weights, key=lambda element: weights[element]))
    is_inside = lead[:60] in _normal(body)[:3000]
    _clear(body, known)
    if lead and not is_inside:
        paragraph = lxml.html.Element("p")
        paragraph.text = lead
        paragraph.tail, body.text = body.text, None
        body.insert(0, paragraph)
    return body


def _lead(page: Element, title: str, summary: str) -> str:
    """The paragraph between headline and text that the page calls a lead, or that its description repeats."""
    start = summary[:40].casefold()
    seen = -1
    for element in page.iter("h1", "h2", "h3", "h4", "p", "div", "span", "strong", "section", "em"):
        if element.tag == "h1":
            seen = 0 if seen < 0 or _is_called(element, title) else seen
            continue
        if seen < 0:
            continue
        seen += 1
        if seen > _LEAD_WITHIN:
            break
        text = _string(element)
        if not 40 <= len(text) < 1500:
            continue
        text = " ".join(text.split())
        if not 40 <= len(text) <= 700:
            continue
        said = len(start) > 30 and text[:40].casefold() == start and len(text) < 1.5 * len(summary) + 60
        if (said or _is_lead(element, text)) and _link_length(element) <= 0.3 * len(text) and not _is_apart(element):
            return text
    return ""


def _headline(headings: list[Element], title: str) -> Element | None:
    """The heading that stands for the article on the page: that with its title, else the first long one."""
    called = (heading for heading in headings if _is_called(heading, title))
    return next(called, next((heading for heading in headings if len(_normal(heading)) > 15), None))


def _others(own: Element, headings: list[Element]) -> Iterator[Element]:
    """The widest elements around other headlines that leave the article's own outside."""
    around_own = {own, *own.iterancestors()}
    for heading in headings:
        outside = [above for above in heading.iterancestors() if above not in around_own]
        if heading is not own and outside:
            yield outside[-1]


def _is_called(heading: Element, title: str) -> bool:
    return _normal(heading)[:40] == title[:40]


def _is_apart(element: Element) -> bool:
    """Does it stand beside a picture, or in what calls itself something else than text?"""
    if next(element.iter("img"), None) is not None:
        return True
    around = islice(element.iterancestors(), 3)
    return any(_is_foreign(above) for above in around if above.tag not in {"header", "body", "article"})


def _is_lead(element: Element, text: str) -> bool:
    if next(element.iter("h1", "li"), None) is not None or not (text.endswith(_ENDS) or len(text) > 80):
        return False
    if element.tag in {"h2", "h3", "h4"} and len(text) > 80:
        return True
    names = _names(element)
    return not names.isspace() and _named(_LEAD_NAME, names)


def _prune(page: Element) -> None:
    """Take out what calls itself something else than text, unless much of the page's text does."""
    for banner in _banners(page):
        banner.drop_tree()
    most = 0.35 * (_length(page) - _link_length(page))
    called: dict[str, list[Element]] = {}
    for element in page.iter(*_NAMED):
        if _is_foreign(element):
            called.setdefault(f"{element.tag} {element.get('class')}", []).append(element)
    for elements in called.values():
        if sum(_length(element) - _link_length(element) for element in elements) < most:
            for element in elements:
                if element.getparent() is not None:
                    element.drop_tree()


_banners = etree.XPath(
    "descendant::*[starts-with(@id, 'onetrust') or starts-with(@id, 'didomi') or starts-with(@id, 'CybotCookie') "
    "or starts-with(@id, 'usercentrics') or starts-with(@id, 'cookie') or starts-with(@id, 'qc-cmp')]"
)
"""The boxes of the common consent managers, which may be longer than the article."""


def _is_foreign(element: Element) -> bool:
    if element.tag in _FOREIGN_TAGS or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if element.tag == "header" and next(element.iter("h1"), None) is not None:
        return True
    names = (element.get("class") or "") if element.tag in _HEADINGS else _names(element)
    return not names.isspace() and names != "" and _is_foreign_name(names)


@lru_cache(maxsize=8192)
def _is_foreign_name(names: str) -> bool:
    words = [word for word in _CAMEL.sub("-", names).lower().split() if not word.startswith(("tag-", "category-"))]
    foreign = [word for word in words if _FOREIGN_NAME.search(word)]
    return bool(foreign) and not any(word not in foreign and _OWN_NAME.search(word) for word in words)


def _weights(page: Element, others: list[Element]) -> Weights:
    """What the blocks lend to the elements around them; `others` are the places of other articles."""
    weights: Weights = {}
    for element in page.iter(*_PROSE, *_BOXES):
        weight = _weight(element)
        if weight <= 0:
            continue
        around = element if element.tag in _BOXES else element.getparent()
        for lent in _LENT:
            if around is None or around.tag == "html":
                break
            weights[around] = weights.get(around, 0.0) + weight * lent
            around = around.getparent()
    for element in weights:
        if element.get("itemprop") == "articleBody":
            weights[element] *= 1.6
        elif element.tag == "article" or _named(_OWN_NAME, _names(element)):
            weights[element] *= 1.25
    for other in others:
        for element in other.iter(*_BOXES):
            if element in weights:
                weights[element] *= _OTHER
    return weights


def _weight(element: Element) -> float:
    """How much a block reads like running text: its characters, links against it."""
    if element.tag in _PROSE:
        if element.tag != "p" and next(element.iterchildren("p", "div", "ul", "ol", "table"), None) is not None:
            return 0
        length = _length(element)
        if length < 25:
            return 0
        weight = length - 2.0 * _link_length(element)
        return weight * (0.5 if length < 80 or element.tag == "li" else 1.0)
    length = len((element.text or "").strip()) + sum(len((child.tail or "").strip()) for child in element)
    return length if length >= 80 and element.tag != "span" else 0


def _whole(element):
    return sum(max(0.0, _weight(e)) for e in element.iter(*_PROSE, *_BOXES))


def _climbed(body: Element) -> Element:
    """The element around several parts of a text that are built alike, where `body` is only one of them."""
    own = _whole(body)
    around, inner = body.getparent(), body
    best = body
    for _ in range(5):
        if (
            around is None
            or around.tag in {"body", "html"}
            or inner.tag in {"article", "main"}
            or inner.get("itemprop") == "articleBody"
        ):
            break
        alike = sum(
            _whole(other)
            for other in around
            if other is not inner and other.tag == inner.tag and _kind(other) == _kind(inner)
        )
        if alike > 0.2 * own:
            best = around
            own += alike
        inner, around = around, around.getparent()
    return best


def _kind(element: Element) -> str:
    return " ".join((element.get("class") or "").split()[:2])


_ENDS = (".", "!", "?", ":", ";", "…", "”", "“", '"', "»", "«", "’", "'", ")", "。", "」", "）", "।", "’")
_NOISE = re.compile(
    r"(?:foto|photo|bild|picture|image|illustration|quelle|källa|source|credit|fuente|copyright|grafik|video|ảnh|zdjęcie|fot)\s?[:/.©].{0,120}"
    r"|[©@].{0,100}|.{0,40}(?:getty images|shutterstock|/ ?afp|/ ?reuters|/ ?dpa|/ ?tt)\)?"
    r"|(?:read (?:more|also|next)|see also|also read|related|more (?:from|on|about|stories)|recommended|you (?:may|might) (?:also )?like"
    r"|läs (?:mer|också|även)|missa inte|mer om|lue (?:myös|lisää)|les (?:også|mer)|læs (?:også|mere)|lesen sie|mehr (?:zum thema|dazu|über)|auch interessant|das könnte"
    r"|lees (?:ook|meer)|lire (?:aussi|également|la suite)|à lire|lea (?:también|además)|leia (?:também|mais)|leggi anche|czytaj (?:też|także|więcej)|zobacz)\b.{0,140}"
    r"|(?:advertisement|annons|anzeige|werbung|publicité|publicidad|reklame?|pubblicità|story continues|article continues).{0,40}"
    r"|(?:follow|join|sign up|subscribe|click here|get the latest|download|folg(?:en sie|e|t)|följ|prenumerera|abonnieren|abonnez|suscríbete|share this|dela|teilen).{0,160}",
    re.IGNORECASE | re.DOTALL,
)


def _clear(body: Element, known: frozenset[str]) -> None:
    """Take out what is not running text."""
    for heading in list(body.iter("h1")):
        heading.drop_tree()
    for element in list(body.iter("ul", "ol", "div", "section", "table")):
        if (
            element is not body
            and element.getparent() is not None
            and (length := _length(element))
            and _link_length(element) > 0.5 * length
        ):
            element.drop_tree()
    seen: set[str] = set()
    kept: list[tuple[Element, str]] = []
    for element in list(body.iter(*_PROSE, *_HEADINGS, "div", "section")):
        if element.getparent() is None or element is body:
            continue
        if element.tag in {"div", "section"} and next(element.iterdescendants(*_BLOCKS), None) is not None:
            continue
        if (
            element.tag not in _HEADINGS
            and element.tag != "p"
            and next(element.iterdescendants("p", "div", "ul", "ol", "li", "table"), None) is not None
        ):
            continue
        text = _normal(element)
        if not text:
            continue
        if len(text) < 80 and _ONWARD.fullmatch(text):
            _box_of(element, text, body).drop_tree()
            continue
        if _is_noise(element, text, known) or (len(text) > 40 and text in seen):
            element.drop_tree()
        else:
            seen.add(text)
            kept.append((element, text))
    _trim(kept)


def _is_noise(element: Element, text: str, known: frozenset[str]) -> bool:
    if text in known:
        return True
    length = len(text)
    if _link_length(element) > 0.6 * length:
        return True
    return length < 200 and bool(_NOISE.fullmatch(text))


_ONWARD = re.compile(
    r"(?:more|related|recommended|read (?:more|next|also)|you (?:may|might)|also read|most (?:read|popular)|trending|latest"
    r"|mer (?:om|från|i)|läs (?:mer|också|även|vidare)|relatera|mest läst|senaste|fler artiklar|les (?:også|mer)|læs (?:også|mere)|mehr|lesen sie|auch interessant|das könnte|weitere"
    r"|lees ook|meer over|à lire|lire aussi|sur le même|lea también|más (?:sobre|noticias)|te puede|leggi anche|leia também|czytaj|zobacz|about the author|über (?:die|den) autor|om (?:författaren|skribenten))\b.{0,60}",
    re.IGNORECASE,
)


def _box_of(element: Element, text: str, body: Element) -> Element:
    """The widest element inside `body` that begins with a line."""
    box = element
    for around in element.iterancestors():
        if around is body or not _normal(around).startswith(text):
            break
        box = around
    return box


def _trim(kept: list[tuple[Element, str]]) -> None:
    """Take out the short lines before the first sentence and after the last one."""
    for order in (kept, kept[::-1]):
        for element, text in order:
            if len(text) > 80 or (text.endswith(_ENDS) and len(text) > 25):
                break
            if element.getparent() is not None:
                element.drop_tree()
