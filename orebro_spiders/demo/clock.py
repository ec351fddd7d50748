"""Instants of the pretend county, and the ways its sites print them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_AGE = re.compile(r"(?:(\d+) h)? ?(?:(\d+) min)?")
_DAY = re.compile(r"(\d+) d (\d\d)\.(\d\d)")


def county_time(now: datetime) -> datetime:
    """`now` in Europe/Stockholm, to the second.

    Raises ValueError for a naive datetime: the county's dates must not hang on the machine's zone.
    """
    if now.tzinfo is None:
        raise ValueError("the county needs an aware datetime")
    return now.astimezone(STOCKHOLM).replace(microsecond=0)


def moment(when: str | datetime, now: datetime) -> datetime:
    """The instant meant by `when`, in Europe/Stockholm.

    `when` is an age ("35 min", "3 h 20 min"), days back and a clock ("2 d 07.15"), or a fixed aware datetime.
    Keep ages under a day and days at two or more: then the order is the same for every `now`.
    """
    if isinstance(when, datetime):
        return county_time(when)
    if day := _DAY.fullmatch(when):
        days, hour, minute = (int(part) for part in day.groups())
        clock = time(hour, minute, tzinfo=STOCKHOLM)
        return datetime.combine(now.astimezone(STOCKHOLM) - timedelta(days), clock)
    if when and (age := _AGE.fullmatch(when)):
        hours, minutes = (int(part or 0) for part in age.groups())
        return county_time(now.astimezone(UTC) - timedelta(hours=hours, minutes=minutes))
    raise ValueError(f"neither an age nor a day: {when!r}")


def month_and_year(at: datetime) -> str:
    """The tag WordPress's editors give a post for its month.

    >>> month_and_year(datetime(2024, 12, 22, tzinfo=STOCKHOLM))
    'December 2024'
    """
    return f"{MONTHS[at.month - 1].capitalize()} {at.year}"


def wordpress_date(at: datetime) -> str:
    """WordPress's 'F j, Y' on a Swedish site.

    >>> wordpress_date(datetime(2024, 12, 2, tzinfo=STOCKHOLM))
    'december 2, 2024'
    """
    return f"{MONTHS[at.month - 1]} {at.day}, {at.year}"


def long_date(at: datetime) -> str:
    """A date in words with a clock.

    >>> long_date(datetime(2024, 12, 2, 9, 5, tzinfo=STOCKHOLM))
    '2 december 2024 09:05'
    """
    return f"{at.day} {MONTHS[at.month - 1]} {at:%Y %H:%M}"


def press_date(at: datetime) -> str:
    """Mynewsdesk's short date, with the zone's abbreviation.

    >>> press_date(datetime(2012, 12, 6, 11, 45, tzinfo=STOCKHOLM))
    'Dec 06, 2012 11:45 CET'
    """
    return f"{_ENGLISH[at.month - 1]} {at:%d, %Y %H:%M %Z}"


def mixed_press_date(at: datetime) -> str:
    """The same with the one Swedish month seen among the English ones.

    >>> mixed_press_date(datetime(2018, 10, 5, 11, 55, tzinfo=STOCKHOLM))
    'Okt 05, 2018 11:55 CEST'
    """
    return press_date(at).replace("Oct", "Okt")


def rss_date(at: datetime) -> str:
    """RFC 822 in UTC, as feeds print it."""
    return format_datetime(at.astimezone(UTC))


def http_date(at: datetime) -> str:
    """IMF-fixdate (RFC 9110, section 5.6.7)."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


def utc_naive(at: datetime) -> str:
    """UTC without a zone, as WordPress's `date_gmt`."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"


def local_naive(at: datetime) -> str:
    """Local time without a zone, as WordPress's `date`."""
    return f"{at:%Y-%m-%dT%H:%M:%S}"
