"""Text as it should be: characters that XML allows, entities decoded once, HTML that cannot hurt."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from urllib.parse import urljoin

import lxml.html
import nh3
from lxml import etree

# Everything outside the Char production of XML 1.0 (https://www.w3.org/TR/xml/#charsets), and the soft hyphen,
# zero-width characters and byte order mark that content systems leave in headlines.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_SPACES = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\s*\n\s*\n\s*")
_TAG = re.compile(r"<[a-zA-Z/!][^>]*>")

MAX_TITLE = 500
"""Characters; a longer headline is not one (a feed with a title of 1 MB was seen in a fault test)."""

_TAGS = {
    *"a abbr b blockquote br caption cite code dd del dl dt em figcaption figure h2 h3 h4 h5 h6 hr i img ins".split(),
    *"li ol p pre q s small strong sub sup table tbody td tfoot th thead tr u ul".split(),
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
_BLOCK = re.compile(r"</?(?:blockquote|caption|dd|dl|dt|figcaption|figure|h[2-6]|hr|li|ol|p|pre|table|tr|ul)\b[^>]*>")
_BREAK = re.compile(r"<br\b[^>]*>")
_ANY_TAG = re.compile(r"<[^>]*>")
# Where themes that load pictures late keep the real address.
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-orig-file")


def xml_text(value: str) -> str:
    r"""`value` in NFC without characters that XML 1.0 forbids.

    >>> xml_text("A\x00\ufffeA\u030a")
    'AÅ'
    """
    return unicodedata.normalize("NFC", _NOT_XML.sub("", value))


def one_line(value: str) -> str:
    r"""Plain text on one line: forbidden and invisible characters out, white space folded.

    >>> one_line(" Bad\u00adhuset\n\tstänger\xa0i dag ")
    'Badhuset stänger i dag'
    """
    return _SPACES.sub(" ", _INVISIBLE.sub("", xml_text(value))).strip()


def plain_line(markup: str) -> str:
    """A headline or summary given as HTML, as plain text on one line; entities are decoded once.

    >>> plain_line("Bad &amp; bastu &#8211; <em>nu</em> i &Ouml;rebro")
    'Bad & bastu – nu i Örebro'
    >>> plain_line("Så skriver man &amp;lt;b&amp;gt; i HTML")
    'Så skriver man &lt;b&gt; i HTML'
    """
    if _TAG.search(markup):
        return one_line(text_of_html(sanitised(markup)))
    return one_line(html.unescape(markup))


def cut_title(value: str) -> str:
    """A headline of at most `MAX_TITLE` characters, cut between words with an ellipsis.

    >>> cut_title("ord " * 200)[-5:]
    'ord …'
    """
    if len(value) <= MAX_TITLE:
        return value
    return value[: MAX_TITLE - 2].rsplit(" ", 1)[0].rstrip() + " …"


def sanitised(markup: str) -> str:
    """HTML that cannot hurt: only text-bearing tags, no script, style, frame, handler or odd scheme."""
    return nh3.clean(
        markup,
        tags=_TAGS,
        clean_content_tags=_CONTENT_GONE,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def text_of_html(markup: str) -> str:
    r"""The plain text of *sanitised* HTML (its tags are balanced and known), paragraphs parted by a blank line.

    >>> text_of_html("<p>Badet öppnar<br>igen.</p><ul><li>Kl 10 &amp; 14</li></ul>")
    'Badet öppnar igen.\n\nKl 10 & 14'
    """
    spaced = _BREAK.sub(" ", _BLOCK.sub("\n\n", _SPACES.sub(" ", markup)))
    return paragraphs(html.unescape(_ANY_TAG.sub("", spaced)))


def paragraphs(value: str) -> str:
    """Plain text with its paragraphs parted by one blank line and the white space inside them folded."""
    lines = (one_line(part) for part in _BLANK_LINES.split(value))
    return "\n\n".join(line for line in lines if line)


def fragment(markup: str) -> lxml.html.HtmlElement:
    """A parsed piece of HTML under one `div`; an empty one for what is no HTML."""
    cleaned = _NOT_XML.sub("", markup)
    try:
        return lxml.html.fragment_fromstring(cleaned, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return lxml.html.Element("div")


def readable_html(element: lxml.html.HtmlElement, base_url: str) -> str:
    """The element's content as sanitised HTML with absolute links and pictures; changes `element`."""
    for link in element.iter("a"):
        _make_absolute(link, "href", link.get("href"), base_url)
    for picture in list(element.iter("img")):
        if is_tracker(picture):
            picture.drop_tree()
        else:
            _make_absolute(picture, "src", picture_address(picture), base_url)
    return sanitised(_NOT_XML.sub("", lxml.html.tostring(element, encoding="unicode"))).strip()


def picture_address(picture: lxml.html.HtmlElement) -> str | None:
    """Where an `img` really points, lazy loading seen through."""
    for name in _LAZY:
        if picture.get(name):
            return str(picture.get(name))
    return picture.get("src")


def is_tracker(picture: lxml.html.HtmlElement) -> bool:
    """A picture of at most one pixel is there to count readers."""
    return picture.get("width") in {"0", "1"} and picture.get("height") in {"0", "1"}


def _make_absolute(element: lxml.html.HtmlElement, name: str, value: str | None, base_url: str) -> None:
    address = absolute(value or "", base_url)
    if address:
        element.set(name, address)
    else:
        element.attrib.pop(name, None)


def absolute(address: str, base_url: str) -> str:
    """`address` against `base_url`; empty when it is not one that may be followed.

    >>> absolute("/bild.jpg", "https://example.se/artikel/")
    'https://example.se/bild.jpg'
    >>> absolute("javascript:alert(1)", "https://example.se/"), absolute(" ", "https://example.se/")
    ('', '')
    """
    if not address.strip():
        return ""
    try:
        joined = urljoin(base_url, "".join(address.split()))
    except ValueError:
        return ""
    return joined if joined.startswith(("http://", "https://", "mailto:")) else ""


def content_hash(title: str, text: str) -> str:
    """128 bits that change when the normalised title or text does, and not with white space."""
    normal = f"{one_line(title)}\n{one_line(text)}"
    return hashlib.sha256(normal.encode()).hexdigest()[:32]
