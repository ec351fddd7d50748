"""What is long in a page and read by nobody: code, and values of attributes. libxml2 checks it byte by byte.

A search for the names of such tags would cost what it saves. But what is long shows by itself, in places where no tag
begins for kilobytes: a single byte is found in a thirtieth of the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LONG = 4096  # bytes
_CODE = re.compile(
    rb"""<(?:script|style)(?:\s++[^\s<>"'/=]++(?:="[^"<>&]*"|='[^'<>&]*'|=[^\s"'<>=&`]++)?+)*+\s*>""", re.IGNORECASE
)
"""The start tag of code. One that is written in another way, which a parser may see end elsewhere, counts as none."""
_NO_CODE = (b"</", b"<!")
_ENDS_CODE = (b"</sc", b"</st", b"<!--")
"""Or may: in a comment, a script may hold the end of another
(https://html.spec.whatwg.org/#script-data-escaped-state)."""
_MOST_BEFORE = 16
"""How many "<" code may have before its first long place."""
_SPARSE = 512
"""Bytes for each "<" behind that; where they stand closer, the search for the end is given up."""
_VALUED = re.compile(rb"""\s([^\s<>"'/=]+)="\Z""")
_LONGEST_NAME = 64  # bytes
_READ_WHOLE = (b"alt", b"class", b"content", b"srcset", b"title")
"""How the names end of those attributes that are read however long their values are."""


def without_bulk(markup: bytes) -> bytes:
    """A page in UTF-8 without what is longer than 4 kB and read by nobody, the tags and names around it left.

    Those are scripts and styles, but no JSON-LD, and values of attributes: files, drawings, data for scripts. What
    cannot be told for certain stays.
    """
    kept: list[bytes] = []
    end = 0
    for begin, behind in _bulk(markup):
        kept.append(markup[end:begin])
        end = behind
    return b"".join((*kept, markup[end:])) if kept else markup


def _bulk(markup: bytes) -> Iterator[tuple[int, int]]:
    """Where it begins and ends."""
    at = 0
    while (at := markup.find(b"<", at + _LONG)) >= 0:
        begin = markup.rfind(b"<", 0, at)
        if at - begin <= _LONG:
            continue
        if tag := _code_around(markup, begin):
            at = _end_of_code(markup, tag.end(), at)
            if b"ld+json" not in tag[0].lower() and not _is_quoted(markup, tag):
                yield tag.end(), at
        elif markup[begin + 1 : begin + 2].isalpha():
            yield from _long_values(markup, begin, at)


# Code


def _code_around(markup: bytes, at: int) -> re.Match[bytes] | None:
    """The start tag of the code that a "<" begins or stands in; found if only few stand between them."""
    found = None
    for _ in range(_MOST_BEFORE):
        if at < 0 or markup.startswith(_NO_CODE, at):
            break
        found = _CODE.match(markup, at) or found
        at = markup.rfind(b"<", 0, at)
    return found


def _is_quoted(markup: bytes, tag: re.Match[bytes]) -> bool:
    """Does a tag perhaps stand in the value of another's attribute, or in a comment?"""
    is_inside = markup.rfind(b"<", 0, tag.start()) > markup.rfind(b">", 0, tag.start())
    return is_inside or markup.find(b"-->", tag.end(), tag.end() + _SPARSE) >= 0


def _end_of_code(markup: bytes, begin: int, at: int) -> int:
    """The last "<" from `at` on before which nothing ends the code, as long as few of them stand in it."""
    passed = 0
    while markup[at : at + 4].lower() not in _ENDS_CODE and at - begin > _SPARSE * passed:
        behind = markup.find(b"<", at + 1)
        if behind < 0:
            break
        at, passed = behind, passed + 1
    return at


# Values of attributes


def _long_values(markup: bytes, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Where those of the tag at `begin` begin and end, found where no quote stands for long."""
    at = begin
    while (at := markup.find(b'"', at + _LONG, end)) >= 0:
        quote = markup.rfind(b'"', begin, at)
        if at - quote > _LONG and markup.find(b">", begin, quote) < 0:
            name = _VALUED.search(markup, max(begin, quote - _LONGEST_NAME), quote + 1)
            if name and not name[1].lower().endswith(_READ_WHOLE):
                yield quote + 1, at
