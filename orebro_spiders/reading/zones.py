"""Europe/Stockholm, stated offsets, and the local times that clock changes make impossible."""

from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.tz import datetime_exists

STOCKHOLM: Final = ZoneInfo("Europe/Stockholm")


@cache
def fixed_offset(minutes: int) -> timezone:
    """The zone so many minutes east of Greenwich; ValueError where no place on Earth keeps it.

    Zones lie from -12:00 to +14:00 in quarters of an hour, so the "-11:30" of "10:15-11:30" is none.
    """
    if not -12 * 60 <= minutes <= 14 * 60 or minutes % 15:
        raise ValueError(f"no such offset: {minutes} minutes")
    return timezone(timedelta(minutes=minutes))


def was_skipped(instant: datetime) -> bool:
    """Whether clocks in Stockholm were put forward past this local time.

    >>> was_skipped(datetime(2024, 3, 31, 2, 30, tzinfo=STOCKHOLM))
    True
    >>> was_skipped(datetime(2024, 10, 27, 2, 30, tzinfo=STOCKHOLM))
    False
    """
    if 4 <= instant.hour < 23:  # no change was ever made by day
        return False
    return not datetime_exists(instant)
