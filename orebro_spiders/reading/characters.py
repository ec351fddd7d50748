"""Characters: from bytes, whatever encoding they claim to be in, to what XML allows."""

from __future__ import annotations

import codecs
import re

# Everything outside the Char production of XML 1.0 (https://www.w3.org/TR/xml/#charsets).
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,10}));?")
CONTROLS = frozenset(range(0x20)) - {*b"\t\n\f\r"}

# By byte order mark, else by the first character of markup (XML 1.0, appendix F).
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
ANY_MARK = tuple(mark for mark, _ in _MARKS)
# Encodings of the web that keep ASCII as it is (https://encoding.spec.whatwg.org/#names-and-labels), as Python names
# them. Others that Python knows (`utf-7`, `unicode_escape`, `idna`, `undefined`) make surrogates or raise, and a
# document of single bytes that says UTF-16 is none.
_OF_THE_WEB = re.compile(
    r"utf-8|cp(?:125\d|866|874|932|949)|iso8859-\d+|koi8-[ru]|mac-.+|gb.+|big5.*|euc_.+|shift_jis.*"
)
_MEANS_WINDOWS_1252 = {"ascii", "iso8859-1"}  # the same standard: what is called Latin-1 on the web is not


def xml_characters(text: str) -> str:
    r"""`text` without characters that XML 1.0 forbids.

    >>> xml_characters("A\x00\ufffeB")
    'AB'
    """
    if text.replace("\n", "").isprintable():
        return text  # most are: nothing that is forbidden is printable, and this is a tenth of the search
    return _FORBIDDEN.sub("", text)


def without_odd_references(markup: str) -> str:
    """Markup without numeric references to characters that XML 1.0 forbids.

    >>> without_odd_references("Ba&#11;det &#246;ppnar&#xFFFE;")
    'Badet &#246;ppnar'
    """
    return _REFERENCE.sub(lambda match: match[0] if _is_allowed(match[1], match[2]) else "", markup)


def _is_allowed(hexadecimal: str | bytes | None, decimal: str | bytes | None) -> bool:
    number = int(hexadecimal, 16) if hexadecimal else int(decimal or 0)
    return number <= 0x10FFFF and not _FORBIDDEN.match(chr(number))


def decoded(body: bytes, declaration: re.Pattern[bytes], stated: str = "") -> str:
    """The text of a document: by its byte order mark, as UTF-8 where it is that, else as it declares itself.

    `declaration` finds the declared encoding as its first group; `stated` is that of the answer's header and goes
    before it (https://html.spec.whatwg.org/#determining-the-character-encoding). Neither is believed against the
    bytes. What is valid UTF-8 is that, since Swedish text in another encoding is not, and what mostly is has been
    pasted into: a stray byte costs itself alone. An encoding in which the words would be in two alphabets is a lie.

    >>> charset = re.compile(rb"charset=([^>]+)")
    >>> decoded("<charset=utf-16>Örebro".encode(), charset), decoded("<charset=ascii>Örebro".encode("latin-1"), charset)
    ('<charset=utf-16>Örebro', '<charset=ascii>Örebro')
    >>> decoded("<charset=ascii>Örebro".encode("latin-1"), charset, "koi8-r")
    '<charset=ascii>Örebro'
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body.decode(name, "replace").removeprefix("\ufeff")
    try:
        return body.decode()
    except UnicodeDecodeError:
        return _in_another_encoding(body, declaration, stated)


def _in_another_encoding(body: bytes, declaration: re.Pattern[bytes], stated: str) -> str:
    """By what the header states or the document declares, as far as the bytes fit it."""
    strays = body.decode(errors="replace").count("\ufffd")
    if 2 * strays >= len(body.translate(None, _ASCII)):
        declared = declaration.search(body[:4096])
        for name in filter(None, (stated, declared[1].decode("ascii", "replace") if declared else "")):
            text = body.decode(_codec(name), "replace")
            if not _is_misread(text):
                return text
    return body.decode(errors="single-bytes")


_ASCII = bytes(range(0x80))
_LETTER = re.compile(r"[^\W\d_\x00-\x7f]")
_OTHER = "[\u0370-\u1dff\u2e80-\uffdc]"  # of another alphabet
_OTHER_LETTER, _MIXED = map(re.compile, (_OTHER, rf"(?<=[a-zA-Z]){_OTHER}|{_OTHER}(?=[a-zA-Z])"))


def _is_misread(text: str) -> bool:
    """Does a text decoded by a wrong encoding stand here: bytes that it has not, or words of two alphabets?"""
    if "\ufffd" not in text and not _OTHER_LETTER.search(text):
        return False
    letters = len(_LETTER.findall(text))
    return 20 * text.count("\ufffd") > letters or 2 * len(_MIXED.findall(text)) > letters


def in_utf_8(body: bytes, declaration: re.Pattern[bytes], stated: str = "") -> bytes:
    """A document in UTF-8, as `decoded` reads it, its letters mended where a wrong encoding garbled them.

    Characters that XML forbids may be in it, as may references to them.
    """
    return _mended(decoded(body, declaration, stated).encode(errors="replace"))


# "Ã¥": UTF-8 that somebody read as Windows-1252 and wrote as UTF-8 again.
_GARBLED = b"\xc3\x83\xc2"
_GARBLED_LETTER = "\xc3"
_SELDOM = b"\x83"
"""The byte of garbled letters that Swedish text hardly ever has: one is found in a thirtieth of the time of three."""
_LOOKED_AT = 5000
"""How many of them; Russian text is full of them."""
_MOST_GARBLED = 1_000_000  # bytes; a second's work


def is_garbled(body: bytes) -> bool:
    """Did a wrong encoding garble letters of a document in UTF-8?

    >>> is_garbled("SÃ¤ger".encode()), is_garbled("MANHÃ i São Paulo".encode())
    (True, False)
    """
    at = -1
    for _ in range(_LOOKED_AT):
        at = body.find(_SELDOM, at + 1)
        if at < 0 or body.startswith(_GARBLED, at - 1):
            return at >= 0
    return _GARBLED in body


def mended(text: str) -> str:
    """Text with its letters mended where a wrong encoding garbled them.

    >>> mended("SÃ¤ger Ã¶versten"), mended("MANHÃ i São Paulo")
    ('Säger översten', 'MANHÃ i São Paulo')
    """
    return _mended(text.encode()).decode() if _GARBLED_LETTER in text else text


def _mended(page: bytes) -> bytes:
    if not is_garbled(page):
        return page
    from ftfy import fix_encoding  # a tenth of a second that few pages need

    lines, left = page.split(b"\n"), _MOST_GARBLED
    for number, line in enumerate(lines):
        if _GARBLED in line and (left := left - len(line)) >= 0:
            lines[number] = fix_encoding(line.decode(errors="replace")).encode()
    return b"\n".join(lines)


def _codec(declared: str) -> str:
    """Python's name of the declared encoding; UTF-8 for one that is unknown or not of the web."""
    try:
        name = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        return "utf-8"
    if name in _MEANS_WINDOWS_1252:
        return "windows-1252"
    return name if _OF_THE_WEB.fullmatch(name) else "utf-8"


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("windows-1252", "replace"), error.end


codecs.register_error("single-bytes", _as_windows_1252)
