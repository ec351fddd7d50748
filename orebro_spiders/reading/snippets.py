"""The piece of a text that shows why it was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from orebro_spiders.reading.words import WORD, words_of

IsHit = Callable[[str], bool]
"""Is a word, in normal form, one that was searched for?"""

LENGTH = 26
"""Words of a snippet."""
LEAD = 8
"""Words of it that stand before the first hit."""


def snippet(text: str, is_hit: IsHit) -> str:
    """The piece of a text on one line that holds most different words searched for, the first of those that tie.

    >>> snippet("Badet öppnar. " + "Mer följer. " * 30, "mer".__eq__)[:40]
    'Badet öppnar. Mer följer. Mer följer. Me'
    """
    line = " ".join(text.split())
    spans = [match.span() for match in WORD.finditer(line)]
    forms = [" ".join(words_of(line[start:end])) for start, end in spans]
    first = _best_start([place for place, form in enumerate(forms) if is_hit(form)], forms)
    last = min(first + LENGTH, len(spans))
    if not spans or (first == 0 and last == len(spans)):
        return line
    begin = spans[first][0] if first else 0
    end = spans[last - 1][1] if last < len(spans) else len(line)
    return f"{'… ' if first else ''}{line[begin:end]}{' …' if last < len(spans) else ''}"


def marked(text: str, is_hit: IsHit, mark: Callable[[str], str]) -> str:
    """The text with `mark` put upon every word searched for.

    >>> marked("Brand i Kumla", {"kumla"}.__contains__, "[{}]".format)
    'Brand i [Kumla]'
    """
    return "".join(_pieces(text, is_hit, mark))


def _best_start(hits: list[int], forms: list[str]) -> int:
    windows = [len({forms[hit] for hit in hits if first <= hit < first + LENGTH - LEAD}) for first in hits]
    return max(hits[windows.index(max(windows))] - LEAD, 0) if hits else 0


def _pieces(text: str, is_hit: IsHit, mark: Callable[[str], str]) -> Iterator[str]:
    end = 0
    for match in WORD.finditer(text):
        yield text[end : match.start()]
        end = match.end()
        yield mark(match[0]) if is_hit(" ".join(words_of(match[0]))) else match[0]
    yield text[end:]
