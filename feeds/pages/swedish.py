"""Dates, times and the alphabet as Swedish readers know them."""

from __future__ import annotations

from datetime import date, datetime

from orebro_spiders.reading.zones import STOCKHOLM

_WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)


def local(instant: datetime) -> datetime:
    """The instant as clocks in Örebro show it."""
    return instant.astimezone(STOCKHOLM)


def day_name(day: date) -> str:
    """A day as a heading.

    >>> day_name(date(2026, 11, 21))
    'Lördag 21 november 2026'
    """
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}".capitalize()


def month_name(day: date) -> str:
    """The month of a day as a heading.

    >>> month_name(date(2026, 11, 21))
    'November 2026'
    """
    return f"{_MONTHS[day.month - 1]} {day.year}".capitalize()


def clock(instant: datetime) -> str:
    """The time of day in Örebro, as Swedish newspapers write it.

    >>> from datetime import UTC
    >>> clock(datetime(2026, 11, 21, 17, 5, tzinfo=UTC))
    '18.05'
    """
    return f"{local(instant):%H.%M}"


def moment(instant: datetime) -> str:
    r"""Day and time within a sentence.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 11, 21, 17, 5, tzinfo=UTC))
    'lördag 21 november 2026 kl.\xa018.05'
    """
    return f"{day_name(local(instant).date()).lower()} kl.\xa0{clock(instant)}"


def later(instant: datetime, before: datetime) -> str:
    r"""When something was changed that was published `before`, as short as can be.

    >>> from datetime import UTC
    >>> later(datetime(2026, 11, 23, 17, 5, tzinfo=UTC), datetime(2026, 11, 21, 17, 5, tzinfo=UTC))
    '23 november kl.\xa018.05'
    """
    then, day = local(instant), local(before).date()
    if then.date() == day:
        return clock(instant)
    year = f" {then.year}" if then.year != day.year else ""
    return f"{then.day} {_MONTHS[then.month - 1]}{year} kl.\xa0{clock(instant)}"


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun.

    >>> counted(1, "nyhet", "nyheter"), counted(12, "nyhet", "nyheter")
    ('1 nyhet', '12 nyheter')
    """
    return f"{number} {one if number == 1 else many}"


def swedish_key(value: str) -> list[int]:
    """Puts titles in the order of the Swedish alphabet, which ends in å, ä, ö.

    >>> sorted(["Örebro", "Ängen", "Askersund", "Åsbro"], key=swedish_key)
    ['Askersund', 'Åsbro', 'Ängen', 'Örebro']
    """
    return ["abcdefghijklmnopqrstuvwxyzåäö".find(letter) for letter in value.casefold() if letter.isalnum()]
