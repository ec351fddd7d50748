"""Text as it should be: characters that XML allows, entities decoded once, HTML that cannot hurt."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from functools import lru_cache
from urllib.parse import urljoin

import lxml.html
import nh3
from lxml import etree

from orebro_spiders.reading.characters import xml_characters
from orebro_spiders.reading.trees import Element, drop

# The soft hyphen, zero-width characters and byte order mark that content systems leave in headlines.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_BLANK_LINES = re.compile(r"\n\s*\n")
_BETWEEN_PARAGRAPHS = "\n\n"
_TAG = re.compile(r"<[a-zA-Z/!][^>]*>")

MAX_TITLE = 500
"""Characters; a longer headline is not one (a feed with a title of 1 MB was seen in a fault test)."""

MAX_MARKUP = 400_000
"""Characters of an article's HTML that are kept: nh3 takes the square of the time for the entities of one paragraph."""

_BLOCKS = {
    *"blockquote caption dd dl dt figcaption figure h2 h3 h4 h5 h6 hr li ol p pre table".split(),
    *"tbody tfoot thead tr ul".split(),
}
_CELLS = {"td", "th"}
# Blocks that say nothing but where a text begins and ends.
_CONTAINERS = {
    *"address article aside body center details dialog div fieldset footer h1 header hgroup main nav section".split(),
    "summary",
}
_TAGS = {
    *_BLOCKS,
    *_CELLS,
    *"a abbr b br cite code del div em i img ins q s small strong sub sup u".split(),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "abbr": {"title"},
}
_CONTENT_GONE = {
    *"button form iframe math noscript object script select style svg template textarea title".split(),
}
_BLOCK = re.compile(rf"</?(?:{'|'.join(sorted(_BLOCKS | _CONTAINERS))})\b[^>]*>")
_ANY_TAG = re.compile(r"<(/?\w*)[^>]*>")
_APART_FROM = "\u2029"  # PARAGRAPH SEPARATOR
_SPACE = {
    **dict.fromkeys((f"{end}{name}" for name in _BLOCKS | _CONTAINERS for end in ("", "/")), _APART_FROM),
    **dict.fromkeys(("br", "/td", "/th"), " "),
}
"""What a tag parts on the page."""
# Where themes that load pictures late keep the real address.
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-orig-file")


def xml_text(value: str) -> str:
    r"""`value` in NFC without characters that XML 1.0 forbids.

    >>> xml_text("A\x00\ufffeA\u030a")
    'AÅ'
    """
    return unicodedata.normalize("NFC", xml_characters(value))


def one_line(value: str) -> str:
    r"""Plain text on one line: forbidden and invisible characters out, white space folded.

    >>> one_line(" Bad\u00adhuset\n\tstänger\xa0i dag ")
    'Badhuset stänger i dag'
    """
    if value.isprintable() and "  " not in value:  # most are: no other white space than a space is printable
        return unicodedata.normalize("NFC", value).strip()
    return " ".join(_visible(value).split())


def plain_line(markup: str) -> str:
    """A headline or summary given as HTML, as plain text on one line; entities are decoded once.

    >>> plain_line("Bad &amp; bastu &#8211; <em>nu</em> i &Ouml;rebro")
    'Bad & bastu – nu i Örebro'
    >>> plain_line("Så skriver man &amp;lt;b&amp;gt; i HTML")
    'Så skriver man &lt;b&gt; i HTML'
    """
    if _TAG.search(markup):
        return one_line(text_of_html(sanitised(markup, _TEXT_AND_CONTAINERS)))
    return one_line(html.unescape(markup))


def plain_paragraphs(markup: str) -> str:
    r"""A text given as HTML or as plain text, as plain text with its paragraphs parted by a blank line.

    >>> plain_paragraphs("<p>Badet &ouml;ppnar.</p><p>Nu.</p>"), plain_paragraphs("Bad &amp; bastu.\n\nNu.")
    ('Badet öppnar.\n\nNu.', 'Bad & bastu.\n\nNu.')
    """
    if _BLOCK.search(markup):
        return text_of_html(sanitised(markup, _TEXT_AND_CONTAINERS))
    return paragraphs("\n\n".join(map(plain_line, _BLANK_LINES.split(markup))))


def cut_title(value: str) -> str:
    """A headline of at most `MAX_TITLE` characters, cut between words with an ellipsis.

    >>> cut_title("ord " * 200)[-5:]
    'ord …'
    """
    if len(value) <= MAX_TITLE:
        return value
    return value[: MAX_TITLE - 2].rsplit(" ", 1)[0].rstrip() + " …"


def _cleaner(tags: set[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        clean_content_tags=_CONTENT_GONE,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


# Made once: for a line, making one takes longer than the cleaning.
_TEXT, _TEXT_AND_CONTAINERS = _cleaner(_TAGS), _cleaner(_TAGS | _CONTAINERS)


def sanitised(markup: str, cleaner: nh3.Cleaner = _TEXT) -> str:
    """HTML that cannot hurt: only text-bearing tags, no script, style, frame, handler or odd scheme."""
    return cleaner.clean(markup[:MAX_MARKUP])


def text_of_html(markup: str) -> str:
    r"""The plain text of *sanitised* HTML (its tags are balanced and known), paragraphs parted by a blank line.

    >>> text_of_html("<p>Badet öppnar<br>igen.</p><ul><li>Kl 10 &amp; 14</li></ul>")
    'Badet öppnar igen.\n\nKl 10 & 14'
    """
    parts = _ANY_TAG.split(markup)
    parts[1::2] = [_SPACE.get(tag, "") for tag in parts[1::2]]
    spaced = html.unescape("".join(parts))
    lines = filter(None, map(str.strip, spaced.split(_APART_FROM)))
    return "\n\n".join(filter(None, map(one_line, lines)))


def paragraphs(value: str) -> str:
    """Plain text with its paragraphs parted by one blank line and the white space inside them folded."""
    lines = (" ".join(part.split()) for part in _BLANK_LINES.split(_visible(value)))
    return "\n\n".join(filter(None, lines))


def _visible(value: str) -> str:
    """`value` in NFC without forbidden and invisible characters, none of which is printable."""
    if not value.replace("\n", "").isprintable():
        value = _INVISIBLE.sub("", xml_characters(value))
    return unicodedata.normalize("NFC", value)


def fragment(markup: str) -> Element:
    """A parsed piece of HTML under one `div`; an empty one for what is no HTML."""
    cleaned = xml_characters(markup)
    try:
        return lxml.html.fragment_fromstring(cleaned, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return lxml.html.Element("div")


def readable_html(element: Element, base_url: str) -> str:
    """The element's content as sanitised HTML with absolute links and pictures; changes `element`."""
    etree.strip_elements(element, *_CONTENT_GONE, with_tail=False)
    etree.strip_attributes(element, *_USUAL_ATTRIBUTES)
    for link in element.iter("a"):
        _make_absolute(link, "href", link.get("href"), base_url)
    drop(filter(is_tracker, element.iter("img")))
    for picture in element.iter("img"):
        _make_absolute(picture, "src", picture_address(picture), base_url)
    for container in element.iter(*_CONTAINERS):
        container.tag = _plain_tag(container)
    element.tag = _NO_TAG
    etree.strip_tags(element, _NO_TAG, *_USUAL_WRAPPERS)
    markup = lxml.html.tostring(element, encoding="unicode", with_tail=False)
    if "\ufffd" in markup:  # what libxml2 writes for a character that XML forbids
        for node in element.iter():
            node.text, node.tail = xml_characters(node.text or ""), xml_characters(node.tail or "")
        markup = lxml.html.tostring(element, encoding="unicode", with_tail=False)
    return sanitised(xml_text(markup)).strip()


# What goes here need not be written, read and taken out by the cleaner.
_USUAL_ATTRIBUTES = (
    *"aria-hidden aria-label class content data-testid datetime decoding fetchpriority id itemprop itemscope".split(),
    *"itemtype loading media onclick rel role sizes srcset tabindex target type".split(),
)
_USUAL_WRAPPERS = "center font input label link mark meta picture source time".split()
_NO_TAG = "span"  # sanitised away, its content kept


def _plain_tag(container: Element) -> str:
    """What stands for a container so that what it holds stays apart from what is around it."""
    if container.tag == "h1":
        return "h2"
    if not _has_own_words(container):
        return _NO_TAG
    return "div" if any(inner.tag in _PARTING for inner in container.iterdescendants()) else "p"


def _has_own_words(container: Element) -> bool:
    """Does a container hold anything that no block inside it holds?"""
    if container.text and not container.text.isspace():
        return True
    for child in container:
        if child.tail and not child.tail.isspace():
            return True
        if child.tag not in _NEVER_INLINE and _is_inline(child):
            return True
    return False


def _is_inline(child: Element) -> bool:
    return isinstance(child.tag, str) and (child.tag in _TAGS or bool(child.text_content().strip()))


_PARTING = _BLOCKS | _CONTAINERS
_NEVER_INLINE = _PARTING | _CONTENT_GONE | {"br", "div"}


# Links and pictures


def picture_address(picture: Element) -> str | None:
    """Where an `img` really points, lazy loading seen through."""
    for name in _LAZY:
        if picture.get(name):
            return str(picture.get(name))
    return picture.get("src")


_PIXEL = re.compile(r"\s*[01](?:px)?\s*(?:!\s*important\s*)?", re.IGNORECASE)
_STYLED = re.compile(r"(?:^|;)\s*(width|height)\s*:([^;]*)", re.IGNORECASE)


def is_tracker(picture: Element) -> bool:
    """A picture of at most one pixel is there to count readers."""
    sizes = {name: picture.get(name) or "" for name in ("width", "height")}
    if picture.get("style"):
        sizes |= {name.lower(): size for name, size in _STYLED.findall(picture.get("style") or "")}
    return all(_PIXEL.fullmatch(size) for size in sizes.values())


def _make_absolute(element: Element, name: str, value: str | None, base_url: str) -> None:
    address = absolute(value or "", base_url)
    if address:
        element.set(name, address)
    else:
        element.attrib.pop(name, None)


_AS_A_BROWSER = {**dict.fromkeys(range(0x20)), 0xFFFE: None, 0xFFFF: None, ord(" "): "%20"}
_FOLLOWED = re.compile(r"https?://|mailto:", re.IGNORECASE)
_FROM_ROOT = re.compile(r"(?:/[^][/.?#;][^][/?#;]*)+/?(?:\?[^][?#;]+)?")
_ROOT = re.compile(r"https?://[^][/?#\s]+(?=[/?#]|$)")


def absolute(address: str, base_url: str) -> str:
    """`address` against `base_url`; empty when it is not one that may be followed.

    As a browser reads it (https://url.spec.whatwg.org/#url-parsing): white space around it and line breaks inside
    it are nothing, a space inside it is `%20`; other control characters are nothing here too.

    >>> absolute("/bild.jpg", "https://example.se/artikel/")
    'https://example.se/bild.jpg'
    >>> absolute("javascript:alert(1)", "https://example.se/"), absolute(" ", "https://example.se/")
    ('', '')
    """
    if not address.isprintable() or " " in address:
        address = address.strip().translate(_AS_A_BROWSER)
    if not address:
        return ""
    if _FOLLOWED.match(address) and "[" not in address:
        return address  # as `urljoin` would say, at a tenth of its price
    if _FROM_ROOT.fullmatch(address) and (root := _root(base_url)):
        return root + address  # so too
    try:
        joined = urljoin(base_url, address)
    except ValueError:
        return ""
    return joined if _FOLLOWED.match(joined) else ""


@lru_cache(maxsize=256)
def _root(url: str) -> str:
    """The scheme and host of an address on the web; empty for any other."""
    found = _ROOT.match(url)
    return found[0] if found else ""


@lru_cache(maxsize=256)
def content_hash(title: str, text: str) -> str:
    """128 bits that change when the normalised title or text does, and not with white space."""
    normal = f"{one_line(title)}\n{one_line(text.replace(_BETWEEN_PARAGRAPHS, ' '))}"
    return hashlib.sha256(normal.encode()).hexdigest()[:32]
