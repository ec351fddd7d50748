"""The markup of an XML feed as a strict parser can take it, and whether all of it came."""

from __future__ import annotations

import html
import re
from html.entities import html5

from orebro_spiders.reading.characters import decoded, mended, without_odd_references, xml_characters

_ROOT = re.compile(r"<(?:\?xml|!DOCTYPE|!--|rss\b|feed\b|rdf:RDF\b|[a-z]+:feed\b|html\b)", re.IGNORECASE)
_DECLARATION = re.compile(r"^<\?xml[^>]*\?>")
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)""", re.DOTALL)
_END = re.compile(r"</(?:[\w.-]+:)?(?:rss|feed|RDF)\s*>", re.IGNORECASE)
_GOES_ON = re.compile(r"\]\]>|<(?:[\w.-]+:)?(?:item|entry)\b", re.IGNORECASE)
_AMPERSAND = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(?:#\w{1,10};|([A-Za-z]\w{0,40});)?", re.DOTALL)
ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
"""A declaration that no feed or sitemap needs: entities can unfold to gigabytes or name files (billion laughs, XXE)."""
_OF_XML = {"amp", "lt", "gt", "quot", "apos"}


def feed_markup(body: bytes) -> tuple[str, bool]:
    """A feed document as text, and whether it ends in the middle.

    The text has nothing before and behind its root, no forbidden character, no ampersand that XML does not know, and
    no letters garbled by a wrong encoding.
    """
    text = mended(clean_markup(body, _ROOT))
    whole = _whole(text)
    return known_ampersands(whole or text), whole is None


def clean_markup(body: bytes, root: re.Pattern[str]) -> str:
    """An XML document as text from its `root` on, without declaration and without characters that XML forbids."""
    text = xml_characters(decoded(body, _DECLARED))
    start = root.search(text)
    text = text[start.start() :] if start else text
    return without_odd_references(_DECLARATION.sub("", text, count=1))


def known_ampersands(markup: str) -> str:
    """Markup without ampersands that XML does not know: "R&D" escaped, `&ouml;` as its letter."""
    return _AMPERSAND.sub(_known_to_xml, markup)


def _whole(text: str) -> str | None:
    """The document up to its end; `None` for one without. What a cache or PHP writes behind is no part of it."""
    ends = [match.end() for match in _END.finditer(text)]
    if not ends or _GOES_ON.search(text, ends[-1]):
        return None
    return text[: ends[-1]]


def _known_to_xml(match: re.Match[str]) -> str:
    """The ampersand of "R&D" escaped, `&ouml;` as its letter; what stands in CDATA or a comment as it is."""
    name = match[1]
    if name and name not in _OF_XML:
        letter = html5.get(f"{name};")
        return html.escape(letter) if letter else f"&amp;{name};"
    return "&amp;" if match[0] == "&" else match[0]
