"""Dates of pages in other languages than Swedish and English: German, French, Spanish, Italian, Chinese and so on."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from orebro_spiders.reading.dates import ParsedDate, parse_date

_MOST: Final = 80  # characters

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan jän janv ene gen", "feb fév fev", "mar mär maa mrt", "apr avr abr", "maj mai may mei mag",
            "jun juin giu", "jul juil lug", "aug aoû ago", "sep set", "okt oct ott out", "nov", "dec dez déc dic",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = r"(?P<month>[^\W\d_]{3,12})"
_CLOCK = r"(?:\D{0,14}(?P<hour>[01]?\d|2[0-3])[:.h](?P<minute>[0-5]\d).{0,20})?"
_WEEKDAY = r"(?:[^\W\d]{2,12}[.,]*\s+)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:\.|º|er|st|nd|rd|th)?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_WEEKDAY}{_DAY},?\s*(?:de |of )?{_MONTH}[.,]?\s*(?:de |del )?{_YEAR}{_CLOCK}",
        rf"{_WEEKDAY}{_MONTH}\.?\s+{_DAY},?\s+{_YEAR}{_CLOCK}",
        rf"{_YEAR}\s*[年.]\s*(?P<m>\d{{1,2}})\s*[月.]\s*(?P<day>\d{{1,2}})[日.]?{_CLOCK}",
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})[./-](?P<m>\d{{1,2}})[./-]{_YEAR}{_CLOCK}",
        rf"{_WEEKDAY}(?P<day>\d\d)\.(?P<m>\d\d)\.(?P<short>\d\d){_CLOCK}",
        rf"{_YEAR}-(?P<m>\d\d)-(?P<day>\d\d){_CLOCK}",
    )
)


def read_date(text: str, now: datetime) -> ParsedDate | None:
    """`parse_date`, and where it finds none the same for the months of other languages of Europe and Asia."""
    return parse_date(text, now) or _foreign_date(text, now)


def _foreign_date(text: str, now: datetime) -> ParsedDate | None:
    if not 8 <= len(text) <= _MOST:
        return None
    folded = " ".join(text.casefold().split()).strip(" ,.;:|()")
    for form in _FORMS:
        if found := form.fullmatch(folded):
            fields = found.groupdict()
            day = int(fields["day"])
            month = int(fields["m"]) if fields.get("m") else _month(fields["month"])
            year = int(fields["year"]) if fields.get("year") else _whole_year(int(fields["short"]), day, now)
            return parse_date(f"{year}-{month:02}-{day:02}", now) if month and year else None
    return None


def _month(name: str) -> int:
    return _MONTHS.get(name[:4]) or _MONTHS.get(name[:3]) or 0


def _whole_year(short: int, day: int, now: datetime) -> int:
    """The year of "31.10.23"; 0 where the first number may as well be the year."""
    if 2000 + short > now.year:
        return 0
    return 2000 + short if short == now.year % 100 or short > 31 or 2000 + day > now.year else 0
