"""Text as it should be: characters that XML allows, entities decoded once, HTML that cannot hurt."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from functools import lru_cache

import nh3
from lxml import etree

from orebro_spiders.reading.characters import xml_characters
from orebro_spiders.reading.tags import ATTRIBUTES, BLOCKS, CONTAINERS, GONE, PARTING, SPACE, TAGS
from orebro_spiders.reading.trees import MAX_BYTES, Element, tree_of

# The soft hyphen, zero-width characters and byte order mark that content systems leave in headlines.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_BLANK_LINES = re.compile(r"\n\s*\n")
_BETWEEN_PARAGRAPHS = "\n\n"
_TAG = re.compile(r"<[a-zA-Z/!][^>]*>")

MAX_TITLE = 500
"""Characters; a longer headline is not one (a feed with a title of 1 MB was seen in a fault test)."""

MAX_MARKUP = 400_000
"""Characters of an article's HTML that are kept: nh3 takes the square of the time for the entities of one paragraph."""

_BLOCK = re.compile(rf"</?(?:{'|'.join(sorted(BLOCKS | CONTAINERS))})\b[^>]*>")
_ANY_TAG = re.compile(r"<(/?\w*)[^>]*>")


def xml_text(value: str) -> str:
    r"""`value` in NFC without characters that XML 1.0 forbids.

    >>> xml_text("A\x00\ufffeA\u030a")
    'AÅ'
    """
    if value.isascii() and value.isprintable():
        return value  # as it would come out, at a fifth of the price
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


def _cleaner(tags: frozenset[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(tags),
        clean_content_tags=set(GONE),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


# Made once: for a line, making one takes longer than the cleaning.
_TEXT, _TEXT_AND_CONTAINERS = _cleaner(TAGS), _cleaner(TAGS | CONTAINERS)


def sanitised(markup: str, cleaner: nh3.Cleaner = _TEXT) -> str:
    """HTML that cannot hurt: only text-bearing tags, no script, style, frame, handler or odd scheme."""
    return cleaner.clean(markup[:MAX_MARKUP])


def text_of_html(markup: str) -> str:
    r"""The plain text of *sanitised* HTML (its tags are balanced and known), paragraphs parted by a blank line.

    >>> text_of_html("<p>Badet öppnar<br>igen.</p><ul><li>Kl 10 &amp; 14</li></ul>")
    'Badet öppnar igen.\n\nKl 10 & 14'
    """
    parts = _ANY_TAG.split(markup)
    parts[1::2] = [SPACE.get(tag, "") for tag in parts[1::2]]
    return text_of_parts(html.unescape("".join(parts)))


def text_of_parts(words: str) -> str:
    """Words with `PARTING` between blocks as plain text, its paragraphs parted by a blank line."""
    lines = filter(None, map(str.strip, words.split(PARTING)))
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
    """A parsed piece of HTML under one `div`; an empty one for what is no HTML. Bounded as pages are."""
    page = tree_of(f"<html><body>{xml_characters(markup[:MAX_BYTES])}".encode())
    piece = etree.Element("div")
    piece.extend([] if page is None else page.iterchildren("body"))
    etree.strip_tags(piece, "body")
    return piece


@lru_cache(maxsize=256)
def content_hash(title: str, text: str) -> str:
    """128 bits that change when the normalised title or text does, and not with white space."""
    normal = f"{one_line(title)}\n{one_line(text.replace(_BETWEEN_PARAGRAPHS, ' '))}"
    return hashlib.sha256(normal.encode()).hexdigest()[:32]
