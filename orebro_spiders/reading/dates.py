"""Dates as newsrooms print them, in Swedish and English, for people and for machines.

`parse_date` reads a text that *is* a date stamp, with the labels and furniture that belong to one. It never
guesses: a stamp that is incomplete, contradicts itself or can be read in two ways gives None, and so does a date
inside running text (unless "publicerad" stands right before it). What it takes for granted:

- Day before month in numbers, as Sweden writes: "03/04/2024" is 3 April. The other order only where the month
  would be above 12, or where a weekday proves it. With "am" or "pm" beside it nobody knows.
- No zone means Europe/Stockholm. A stated zone is believed: "10 July 12:00 CET" is 11:00 UTC.
- An hour that a clock change made twice is its first; one that it skipped never was.
- A stamp without a year is the nearest before `now`, or up to an hour after it (polisen.se stamped a notice
  08:00 and published it 07:57). One that may be later today or tomorrow is refused.
- A stamp with a weekday but no year is in the nearest year where they fit, two years back at most.
- Of two stamps, the only one that is labelled as published.
- Two-digit years are those of RFC 2822 section 4.3: 00-49 is 20xx. "22/12/24" is refused: it may be 2022.
"""

import html
import re
import unicodedata
from calendar import isleap
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final, Literal, NamedTuple

from orebro_spiders.reading.date_stamps import MASK, Kind, Stamp, read_stamp
from orebro_spiders.reading.zones import STOCKHOLM, fixed_offset, was_skipped

YEARS: Final = range(1900, 2101)

_LONGEST = 300  # characters; a URL at most. No stamp with its labels is longer
_LONGEST_WITHOUT_NUMBERS = 60
# 2001 to 2033: ten digits may also be a telephone or a person.
_UNIX_SECONDS: Final = range(1_000_000_000, 2_000_000_000)
_NUMBER = re.compile(r"[0-9]+")
# Soft hyphens, zero-width and direction marks, and the little clocks that themes draw before a date.
_UNSEEN = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff\u231a-\u23ff\u2600-\u27bf\U0001f300-\U0001faff]"
)
_SOME_MINUTES: Final = timedelta(hours=1)
_NOTHING: Final = timedelta(0)
_A_MINUTE: Final = timedelta(minutes=1)
_A_DAY: Final = timedelta(days=1)


class ParsedDate(NamedTuple):
    """An instant and how closely it is known: a "day" is its local midnight in Europe/Stockholm."""

    instant: datetime
    precision: Literal["minute", "day"]


def finer(dated: ParsedDate, others: Iterable[ParsedDate | None]) -> ParsedDate:
    """The first of others that tells the same day to the minute, where `dated` does not; else `dated` itself."""
    if dated.precision == "minute":
        return dated
    day = dated.instant.date()
    of_day = (other for other in others if other and other.precision == "minute" and other.instant.date() == day)
    return next(of_day, dated)


def parse_date(text: str, now: datetime) -> ParsedDate | None:
    """Read a date stamp; None where it is not certainly one date.

    `now` (aware) is when the text was read, used only for "2 timmar sedan" and for stamps without a year. The
    instant is aware, in the offset that the text states, else in Europe/Stockholm.

    >>> now = datetime(2024, 12, 22, 16, 0, tzinfo=STOCKHOLM)
    >>> def shown(text):
    ...     found = parse_date(text, now)
    ...     return f"{found.instant:%Y-%m-%d %H:%M %z} {found.precision}" if found else None
    >>> shown("Publicerad: fredagen den 3 maj 2024, kl. 07.15")
    '2024-05-03 07:15 +0200 minute'
    >>> shown("Pressmeddelande   •   Dec 06, 2012 11:45 CET")
    '2012-12-06 11:45 +0100 minute'
    >>> shown("i går 14:30"), shown("för 2 timmar sedan")
    ('2024-12-21 14:30 +0100 minute', '2024-12-22 14:00 +0100 minute')
    >>> shown("26 mars 07.23")
    '2024-03-26 07:23 +0100 minute'
    >>> shown("/aktuellt/handelser/2026/augusti/21/")
    '2026-08-21 00:00 +0200 day'
    >>> shown("Publicerad 3 maj 2024 Uppdaterad 5 maj 2024")
    '2024-05-03 00:00 +0200 day'
    >>> shown("mars 2019"), shown("3-5 maj 2024"), shown("måndag 3 maj 2024"), shown("kl. 11.45")
    (None, None, None, None)
    """
    if len(text) > _LONGEST:
        return None
    if text[4:8:3] == "--" and (found := _iso_date(text)):
        return found
    if not text.isascii() or "&" in text:
        text = _clean(text)
    if len(text) > _LONGEST_WITHOUT_NUMBERS and not _NUMBER.search(text):
        return None
    stamp = read_stamp(text.encode(errors="replace").translate(MASK))
    if stamp is None:
        return None
    try:
        found = _READERS[stamp.kind](stamp, text, now)
        return found if found and found.instant.year in YEARS else None
    except (ValueError, OverflowError):  # no such day, hour or offset in any calendar
        return None


def _iso_date(text: str) -> ParsedDate | None:
    """What most machines write, RFC 3339's date and date-time with zone, by the shortest way."""
    try:
        if len(text) == 10:
            return _midnight(date.fromisoformat(text))
        if len(text) < 19 or text[10] != "T":
            return None
        instant = datetime.fromisoformat(text)
        offset = instant.utcoffset()
        if offset is None or fixed_offset(offset // _A_MINUTE) is None or instant.year not in YEARS:
            return None
    except ValueError:
        return None
    return ParsedDate(instant, "minute")


def _midnight(day: date) -> ParsedDate | None:
    if day.year not in YEARS:
        return None
    return ParsedDate(datetime(day.year, day.month, day.day, 0, 0, 0, 0, STOCKHOLM), "day")


def _clean(text: str) -> str:
    """Entities decoded once, odd spaces and full-width digits made plain, what is not seen or not text gone."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", html.unescape(text)))


def _date(stamp: Stamp, text: str, _now: datetime) -> ParsedDate | None:
    day = _day(stamp, text)
    if stamp.weekday is not None and stamp.weekday != day.weekday():
        return None
    return _instant(day, stamp, text)


def _day(stamp: Stamp, text: str) -> date:
    places = stamp.places
    year = int(text[places["y"]]) if "y" in places else _short_year(stamp, text)
    if "a" in places:
        return _day_in_either_order(year, int(text[places["a"]]), int(text[places["b"]]), stamp)
    return date(year, stamp.month or int(text[places["m"]]), int(text[places["d"]]))


def _short_year(stamp: Stamp, text: str) -> int:
    may_be_hour = "v" in stamp.places
    short = int(text[stamp.places["v" if may_be_hour else "u"]])
    if may_be_hour and short < 24 and stamp.weekday is None:
        raise ValueError(f"a year or an hour: {short}")  # "3 maj 19" may be seven in the evening
    return short + (2000 if short < 50 else 1900)


def _day_in_either_order(year: int, first: int, second: int, stamp: Stamp) -> date:
    days = [date(year, month, day) for day, month in ((first, second), (second, first)) if month <= 12]
    if stamp.weekday is not None:  # Drupal's "Fri, 05/03/2024 - 14:30"
        days = [day for day in days if day.weekday() == stamp.weekday]
    elif stamp.half_day is not None and days[1:] and first != second:
        raise ValueError(f"day and month in an order that nobody knows: {first} and {second}")
    if not days:
        raise ValueError(f"no such month or weekday: {first} and {second}")
    return days[0]


def _yearless(stamp: Stamp, text: str, now: datetime) -> ParsedDate | None:
    places = stamp.places
    if stamp.month is None and stamp.half_day is not None:
        return None  # "3/5 8:15 pm": a clock of 12 hours may come with the American order
    month, day = stamp.month or int(text[places["m"]]), int(text[places["d"]])
    today = now.astimezone(STOCKHOLM).date()
    nearest = (
        _nearest_day(month, day, today + _A_DAY)
        if stamp.weekday is None
        else _nearest_weekday(month, day, stamp.weekday, today)
    )
    found = _instant(nearest, stamp, text) if nearest else None
    return None if found is None or _is_after(found, now) else found


def _nearest_day(month: int, day: int, tomorrow: date) -> date:
    """The day in the year that puts it last before tomorrow, or on it."""
    year = tomorrow.year - ((month, day) > (tomorrow.month, tomorrow.day))
    while (month, day) == (2, 29) and not isleap(year):
        year -= 1
    return date(year, month, day)


def _nearest_weekday(month: int, day: int, weekday: int, today: date) -> date | None:
    """Only the years around are looked at: a misprinted weekday would fit some year if one went on."""
    years = range(today.year - 2, today.year + 2)
    days = [date(year, month, day) for year in years if (month, day) != (2, 29) or isleap(year)]
    return min((day for day in days if day.weekday() == weekday), key=lambda day: abs(day - today), default=None)


def _is_after(found: ParsedDate, now: datetime) -> bool:
    if now.tzinfo is found.instant.tzinfo:  # Python would subtract what the clocks show
        now = now.astimezone(UTC)
    return found.instant - now > (_NOTHING if found.precision == "day" else _SOME_MINUTES)


def _days_ago(stamp: Stamp, text: str, now: datetime) -> ParsedDate | None:
    day = now.astimezone(STOCKHOLM).date() - stamp.days * _A_DAY
    return _instant(day, stamp, text)


def _last_weekday(stamp: Stamp, text: str, now: datetime) -> ParsedDate | None:
    """The last such day before today, which "i torsdags" never means."""
    today = now.astimezone(STOCKHOLM).date()
    days = (today.weekday() - (stamp.weekday or 0) - 1) % 7 + 1
    return _instant(today - days * _A_DAY, stamp, text)


def _age(stamp: Stamp, text: str, now: datetime) -> ParsedDate | None:
    numbers = _NUMBER.findall(text)
    counts = (int(number) for role, number in zip(stamp.roles, numbers, strict=False) if role == "A")
    age = timedelta(seconds=sum((next(counts) if count is None else count) * unit for count, unit in stamp.ages))
    if all(unit >= _A_DAY.total_seconds() for _, unit in stamp.ages):
        return _midnight(now.astimezone(STOCKHOLM).date() - age)
    return _to_the_minute(now.astimezone(UTC) - age)  # in UTC, or a clock change would be left out


def _now(_stamp: Stamp, _text: str, now: datetime) -> ParsedDate | None:
    return _to_the_minute(now)


def _to_the_minute(instant: datetime) -> ParsedDate:
    return ParsedDate(instant.astimezone(STOCKHOLM).replace(second=0, microsecond=0), "minute")


def _seconds(stamp: Stamp, text: str, _now: datetime) -> ParsedDate | None:
    seconds = int(text[stamp.places["A"]])
    return ParsedDate(datetime.fromtimestamp(seconds, STOCKHOLM), "minute") if seconds in _UNIX_SECONDS else None


def _milliseconds(stamp: Stamp, text: str, _now: datetime) -> ParsedDate | None:
    """JavaScript's and .NET's "/Date(ms+hhmm)/", whose offset is only for show. Zero stands for no date."""
    stated = text[stamp.places["A"]]
    if stated.startswith("0") or (milliseconds := int(stated)) >= 1000 * _UNIX_SECONDS.stop:
        return None
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    zone = _stated_offset(stamp, text) if "o" in stamp.places else STOCKHOLM
    return ParsedDate(instant.astimezone(zone), "minute")


def _sitevision(stamp: Stamp, text: str, _now: datetime) -> ParsedDate | None:
    """A bound in the address of a Sitevision archive. Its clock has 24 hours, whatever "-PM" says."""
    day, has_clock = _day(stamp, text), int(text[stamp.places["k"]]) != 0
    return _instant(day, stamp, text) if has_clock else _midnight(day)


def _instant(day: date, stamp: Stamp, text: str) -> ParsedDate | None:
    places = stamp.places
    if "H" not in places:
        return _midnight(day)
    hour = int(text[places["H"]])
    minute = int(text[places["M"]]) if "M" in places else 0
    second = int(text[places["S"]] or 0) if "S" in places else 0
    fraction = int(text[places["f"]][:6].ljust(6, "0")) if "f" in places else 0
    if stamp.half_day is not None:
        hour = _hour_of_24(hour, stamp.half_day)
    elif hour == 24 and not (minute or second or fraction):
        hour, day = 0, day + _A_DAY
    zone = _stated_offset(stamp, text) if "o" in places else stamp.zone
    instant = datetime(day.year, day.month, day.day, hour, minute, second, fraction, zone)
    return None if zone is STOCKHOLM and was_skipped(instant) else ParsedDate(instant, "minute")


def _hour_of_24(hour: int, half_day: int) -> int:
    """The hour by a clock of 24: 12 am is 0. "13:15 PM" is seen and clear, "13:15 AM" contradicts itself."""
    if hour > 12 and half_day:
        return hour
    if hour > 12 or hour < (1 if half_day else 0):
        raise ValueError(f"no such hour: {hour}")
    return hour % 12 + half_day


def _stated_offset(stamp: Stamp, text: str) -> tzinfo:
    places = stamp.places
    minutes = 60 * int(text[places["o"]]) + (int(text[places["p"]]) if "p" in places else 0)
    return fixed_offset(-minutes if stamp.west else minutes)


_READERS: Final[dict[Kind, Callable[[Stamp, str, datetime], ParsedDate | None]]] = {
    "date": _date,
    "yearless": _yearless,
    "days ago": _days_ago,
    "last weekday": _last_weekday,
    "age": _age,
    "now": _now,
    "seconds": _seconds,
    "milliseconds": _milliseconds,
    "sitevision": _sitevision,
}
