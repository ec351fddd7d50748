"""The parts of a date stamp: day, clock, zone, label and so on, found in a text whose digits are all ``0``.

Words have become their kinds first (`date_words`), so that "fredag den 3 maj 2024 kl. 10.15" is read here as
``"W F 0 M 0000 K. 00.00"`` and leaves as the letters ``"Wdt"``: a weekday, a complete date, a clock.
"""

import re
from typing import Final, NamedTuple

from orebro_spiders.reading.date_words import read_words


class Part(NamedTuple):
    """One part of a stamp.

    `letter` is that of a kind of word (`date_words`), or d a complete date, e a day and month, f the same in
    numbers, y a year, t a clock, s a clock to the second, z a zone, w an offset west of Greenwich, a a count of
    some unit, b one of days that needs no "sedan", ``#`` another number, ``-`` ``|`` ``:`` what stands between.
    `roles` has one letter for each number in it: see `date_stamps.Stamp`. `text` ends with the blanks after it,
    `place` is where it begins.
    """

    letter: str
    roles: str
    text: str
    place: int


class Cut(NamedTuple):
    """A text cut into parts."""

    parts: list[Part]
    shape: str
    words: list[str]

    def words_of(self, part: Part) -> list[str]:
        """The words that a part is made of, in their order."""
        first = len(_KIND_OF_WORD.findall(self.shape, 0, part.place))
        return self.words[first : first + len(_KIND_OF_WORD.findall(part.text))]


_MOST_PARTS = 18  # both a published and an updated stamp, with weekdays, zones and names

_ORDINAL = re.compile(r"(0(?<!00)0?)(?::[ea]|st|nd|rd|th)(?![^\W_])")
_PLAIN_SIGNS: Final = {
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("•·∙⋅●○◦▪■»›>‹«*~", "|"),
    **dict.fromkeys("’‘`´", "'"),
    **dict.fromkeys('"“”', " "),
    "@": "at",
    "=": ":",
}
_SIGN = re.compile(f"[{''.join(_PLAIN_SIGNS)}]")

# In the forms below n is a number of one or two digits and y one of four. A longer form stands before a shorter.
_DAYS = (
    ("ymd", r"y-n-n", r"y/n/n", r"y\. ?n\. ?n", r"y n n"),
    ("yd", r"y[ .,-]{1,2}M[ .-]n"),
    ("c", r"0{8}(?!0)", r"0{12}(?!0)", r"0{14}(?!0)"),
    ("dy", r"n\.?[ /-]?(?:F )?M[., /-]{0,3}y", r"M[. /-]{0,2}n[., /-]{1,3}y"),
    ("du", r"n\.?[ /-]?M[., ]{0,2}[-'] ?00(?!0)", r"M[. ]{0,2}n[., ]{1,3}'00(?!0)"),
    ("dv", r"n\.? ?M[., ]{1,2}00(?![0:.])"),
    ("dmy", r"n/n[ ,]{0,2}-? ?y", r"n\. ?n\. ?y"),
    ("aby", r"n/n/y", r"n-n-y"),
    ("dmu", r"n/n ?(?:- ?|')00(?!0)"),
)
_AFTER_DAY = r"(?![-/.]0|:0(?!0:00:00))"  # the colon is that of Apache's logs: 17/Apr/2024:10:15:00
_KL = r"K[.:,]* ?"
_AM = r"(?: ?H\b)?"
_COMMENT = r"(?: ?\([^()0]*\)| ?\[[^\[\]0]*\])?"  # "+0100 (CET)", "+01:00[Europe/Stockholm]"
_BLANK = r"[ ,;.()\[\]]"
_ITSELF = "="  # the letter of a part that is one word of whatever kind
_FORMS = (
    # RFC 822's "09:15 -0500". Elsewhere a minus needs seconds before it (w), or it may be "10:15-11:30".
    ("z", "o", rf"(?<=:00 )-0000(?!0){_COMMENT}"),
    *(("d", roles, form + _AFTER_DAY) for roles, *forms in _DAYS for form in forms),
    *(
        (letter, roles, before + form + _AM)
        for letter, roles, form in (
            ("s", "HMSf", r"n:00:00[.,]0{1,9}(?!0)"),
            ("s", "HMS", r"n(?::00:00|\.00\.00)(?!0)"),
            ("t", "HM", r"n[:.]00(?![0:]|[-.]0)"),
        )
        for before in ("", _KL)
    ),
    ("s", "HMSf", r"Sn:00:00[.,]0{1,9}(?!0)"),
    ("s", "HMS", r"Sn:00:00(?!0)"),
    ("s", "HM", r"Sn[:.]00(?!0)"),
    ("s", "k", r"S(?:00)?0000(?!0)"),
    ("t", "k", rf"{_KL}0000(?![0:.-])"),
    ("t", "H", rf"{_KL}n(?![:-]|\.0){_AM}"),
    ("t", "H", r"n ?H\b"),
    ("z", "op", rf"(?:Z ?)?\+00:00(?!0){_COMMENT}|Z ?[+-]00?:00(?!0){_COMMENT}"),
    ("z", "o", rf"(?:Z ?)?\+(?:0000|00)(?!0){_COMMENT}|Z ?[+-](?:0000|00?)(?!0){_COMMENT}"),
    ("w", "op", rf"-00:00(?!0){_COMMENT}"),
    ("w", "o", rf"-0000(?!0){_COMMENT}"),
    ("z", "", r"Z"),
    ("", "", rf"{_BLANK}+|F"),
    (_ITSELF, "", r"[WLRHJXPUEA]"),
    ("|", "x", r"Y:? ?0{1,2} ?B"),  # "lästid 5 min" is furniture
    ("|", "x", r"0{1,2} ?B Y"),
    ("a", "A", r"0{1,3}(?!0) ?B\.?"),
    ("b", "A", r"0{1,3}(?!0) ?D"),
    ("a", "", r"C ?[BD]"),
    ("e", "d", r"n\.?[ -]?M(?!-?0)"),
    ("e", "d", r"M\.? ?n(?![.:/-]?0)"),
    ("f", "dm", r"n/n(?![./-]?0)"),
    ("y", "y", r"0000(?!0)"),
    ("#", "x", r"0+"),
    ("G", "", r"G:?(?: ?(?:[MWIB] )?O(?:[ .'-]{1,2}O){0,3})?"),  # "Av Jan Jansson"
    ("T", "", r"T:? [ONGI](?:[ .'&-]{1,2}[ONI]){0,3}"),  # "i Nyheter"
    ("I", "", r"(?:[INFQV] )?O(?: [INOFQVB]){0,4} ?:(?![A-Z])"),  # "Öppnar:"
    ("I", "", r"O(?:[ /&-]O){0,3}(?=0000-00-00)"),  # "SÖRMLAND2016-10-06"
    ("O", "", r"O(?:[ .'/&-]{1,2}(?:E )?O){0,5}"),
    ("", "", r"D\.?(?= ?0)"),  # "d. 3 maj"
    (_ITSELF, "", r"[QNIV]"),
    ("-", "", r"-+"),
    ("|", "", r"[|/]+"),
    (":", "", r":"),
)


# The group that tells the forms apart stands last: `re` passes quickly over what begins with another character.
_ANY_FORM = "|".join(f"(?:{form})()" for *_, form in _FORMS).replace("n", "00?(?!0)").replace("y", "0000(?!0)")
_PART = re.compile(f"(?:{_ANY_FORM}){_BLANK}*")
_KIND_OF_WORD = re.compile("[A-Z]")


def cut_parts(text: str) -> Cut:
    """Cut a text (lower case, digits masked) into parts; no parts where something in it belongs to no stamp.

    >>> [part.letter for part in cut_parts("fredag den 0 maj 0000 kl. 00.00").parts]
    ['W', 'd', 't']
    >>> cut_parts("0 % av 00 kr").parts
    []
    """
    shape, words = read_words(_ORDINAL.sub(r"\1", _SIGN.sub(lambda sign: _PLAIN_SIGNS[sign[0]], text)))
    parts: list[Part] = []
    end = 0
    for match in _PART.finditer(shape):
        place = match.start()
        if place > end or match.lastindex is None or len(parts) == _MOST_PARTS:
            break
        letter, roles, _ = _FORMS[match.lastindex - 1]
        if letter:
            parts.append(Part(shape[place] if letter == _ITSELF else letter, roles, match[0], place))
        end = match.end()
    return Cut(parts if end == len(shape) else [], shape, words)
