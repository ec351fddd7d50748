"""Words of Swedish text as they are searched for: normal form, form without dots and rings, stem."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

WORD = re.compile(r"[^\W_]+")
_NORDIC = {"æ": "ä", "ø": "ö", "ł": "l", "đ": "d"}
# Latin letters with an accent or stroke, but for those that are letters of their own in Swedish.
_ACCENTED = re.compile("[ß-ãæ-õøù-ÿĀ-ſ]")
_BARE = str.maketrans("åäö", "aao")


def normal(text: str) -> str:
    """The text as it is compared: lower case, without the accents that Swedish does not need.

    >>> normal("IDÉ på Café Ærø i Örebro")
    'ide på cafe ärö i örebro'
    """
    lower = unicodedata.normalize("NFC", text).lower()
    return _ACCENTED.sub(_without_accent, lower) if _ACCENTED.search(lower) else lower


def words_of(text: str) -> list[str]:
    """The words of a text in normal form, one after the other.

    >>> words_of("SJ:s e-post, 20-årig (ny)")
    ['sj', 's', 'e', 'post', '20', 'årig', 'ny']
    """
    return WORD.findall(normal(text))


def bare(word: str) -> str:
    """A word in normal form as it is typed where there are no keys for å, ä and ö.

    >>> bare("örebro")
    'orebro'
    """
    return word.translate(_BARE)


@cache
def stemmer() -> Callable[[str], str]:
    """Takes the inflection from a word in normal form (https://snowballstem.org/algorithms/swedish/stemmer.html)."""
    import snowballstemmer  # 40 ms: for words that the archive has not seen

    stem: Callable[[str], str] = snowballstemmer.stemmer("swedish").stemWord
    return stem


def _without_accent(match: re.Match[str]) -> str:
    letter = match[0]
    return _NORDIC.get(letter) or unicodedata.normalize("NFD", letter)[0]
