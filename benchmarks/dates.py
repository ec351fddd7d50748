"""How right and how fast dates are read, beside `datetime.fromisoformat`, dateutil and (where installed) dateparser.

    python benchmarks/dates.py

Accuracy is that on the collected date strings (`../shared/data/dates/dates.tsv`), where they are at hand; "wrong" is a
date that is not the right one, "missed" none where there is one. Times are microseconds per string, the best of
several rounds: the median over all strings, and that over the slowest tenth.
"""

import csv
import importlib
import statistics
import timeit
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle, islice
from pathlib import Path

from dateutil import parser as dateutil

from orebro_spiders.reading.date_stamps import read_stamp
from orebro_spiders.reading.dates import parse_date
from orebro_spiders.reading.zones import STOCKHOLM

COLLECTED = Path(__file__).parents[2] / "shared" / "data" / "dates" / "dates.tsv"
NOW = datetime(2026, 1, 1, 12, tzinfo=STOCKHOLM)
LIMIT_KNOWN, LIMIT_ANY = 3.0, 60.0
"""Microseconds: the median of known forms, and any text of 200 characters."""

Reader = Callable[[str, datetime], datetime | None]
Timed = Callable[[str, datetime], object]


@dataclass(frozen=True, slots=True)
class Case:
    """A date string, the right answer (None: no date), and when it was read."""

    text: str
    right: datetime | None
    is_day: bool
    now: datetime


def collected() -> list[Case]:
    """The collected strings; a handful of our own where the collection is not at hand."""
    if not COLLECTED.exists():
        return [Case("3 maj 2024 kl. 07.15", datetime(2024, 5, 3, 7, 15, tzinfo=STOCKHOLM), False, NOW)]
    with COLLECTED.open(encoding="utf-8", newline="") as lines:
        return [_case(row) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


def _case(row: dict[str, str]) -> Case:
    right = datetime.fromisoformat(row["iso8601"]) if row["iso8601"] else None
    now = datetime.fromisoformat(row["reference_time"]) if row["reference_time"] else NOW
    return Case(row["raw"], right, row["precision"] == "day", now)


def readers() -> Iterator[tuple[str, Reader, Timed]]:
    """Ours, and the peers as one would call them for Swedish pages: what they read, and the call that is timed."""
    yield "parse_date, known form", _ours, parse_date
    yield "parse_date, new form", _ours, _anew
    yield "datetime.fromisoformat", _isoformat, _isoformat
    yield "dateutil, dayfirst", _dateutil, _dateutil
    try:
        dateparser = importlib.import_module("dateparser")
    except ImportError:
        return

    def read(text: str, now: datetime) -> datetime | None:
        settings = {"RELATIVE_BASE": now.replace(tzinfo=None), "TIMEZONE": "Europe/Stockholm"}
        found: datetime | None = dateparser.parse(text, languages=["sv", "en"], settings=settings)
        return found

    yield "dateparser, sv and en", read, read


def _ours(text: str, now: datetime) -> datetime | None:
    found = parse_date(text, now)
    return found.instant if found else None


def _anew(text: str, now: datetime) -> object:
    read_stamp.cache_clear()
    return parse_date(text, now)


def _isoformat(text: str, _now: datetime) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _dateutil(text: str, now: datetime) -> datetime | None:
    default = now.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    try:
        return dateutil.parse(text, default=default, dayfirst=not text[:4].isdecimal())
    except (ValueError, OverflowError):
        return None


def verdict(reader: Reader, case: Case) -> str:
    """One of right, missed and wrong; to the minute, or to the day where no more is known."""
    found = reader(case.text, case.now)
    if found is None or case.right is None:
        return "right" if found is None and case.right is None else "missed" if found is None else "wrong"
    if case.is_day:
        return "right" if found.date() == case.right.date() else "wrong"
    found = found if found.tzinfo else found.replace(tzinfo=STOCKHOLM)
    right = case.right.replace(second=0, microsecond=0)
    return "right" if found.replace(second=0, microsecond=0) == right else "wrong"


def microseconds(call: Timed, text: str, now: datetime, rounds: int = 9) -> float:
    """The best of some rounds of at most a millisecond each."""
    timer = timeit.Timer("call(text, now)", globals={"call": call, "text": text, "now": now})
    number = max(1, min(300, int(0.001 / timer.timeit(1))))
    return min(timer.repeat(rounds, number)) / number * 1e6


def worst_texts() -> list[str]:
    """Texts of 200 characters that begin like stamps and go on for ever."""
    pieces = (
        "x",
        "3 maj ",
        "för 3 dagar ",
        "publicerad: ",
        "fre | ",
        "av Eva Ek ",
        "2024-05-03 ",
        "/2024/05/0",
        "(+01:00 ",
    )
    mixed = "torsdagen den 3 maj 2024 kl. 10.15 CET | Uppdaterad: fredag 4 maj 2024, 08:00 av Eva Ek / "
    return ["".join(islice(cycle(piece), 200)) for piece in (*pieces, mixed, "&#229;", "1")] + [(mixed * 2)[:155]]


def main() -> None:
    """Print the table, and how the limits are kept."""
    warnings.simplefilter("ignore")  # dateutil's, on zones it does not know
    cases = collected()
    print(f"{len(cases)} date strings{'right':>21}{'missed':>8}{'wrong':>7}{'median µs':>11}{'slowest tenth µs':>18}")
    medians = {}
    for name, reader, timed in readers():
        verdicts = [verdict(reader, case) for case in cases]
        times = sorted(microseconds(timed, case.text, case.now) for case in cases)
        medians[name] = statistics.median(times)
        counts = "".join(f"{verdicts.count(v):{width}}" for v, width in (("right", 5), ("missed", 8), ("wrong", 7)))
        print(f"{name:32}{counts}{medians[name]:11.2f}{statistics.median(times[-len(times) // 10 :]):18.2f}")
    known, slowest = medians["parse_date, known form"], max(microseconds(_anew, text, NOW) for text in worst_texts())
    print(f"\nknown forms: {known:.2f} µs, {known / LIMIT_KNOWN:.2f} of the limit of {LIMIT_KNOWN:.0f}")
    print(f"any text of 200 characters: {slowest:.1f} µs, {slowest / LIMIT_ANY:.2f} of the limit of {LIMIT_ANY:.0f}")


if __name__ == "__main__":
    main()
