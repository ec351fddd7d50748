import csv
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path
from time import asctime

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from orebro_spiders.reading.date_parts import cut_parts
from orebro_spiders.reading.date_stamps import read_stamp
from orebro_spiders.reading.dates import YEARS, ParsedDate, parse_date
from orebro_spiders.reading.zones import STOCKHOLM, fixed_offset, was_skipped

SEEN = Path(__file__).parents[3] / "shared" / "data" / "dates" / "dates.tsv"
NOW = datetime(2024, 12, 22, 16, 0, tzinfo=STOCKHOLM)  # a Sunday


def shown(found: ParsedDate | None) -> str | None:
    """The shortest ISO form that says it all: a day, or a minute (or more) with its offset."""
    if found is None:
        return None
    if found.precision == "day":
        assert found.instant.time() == time(0)
        assert found.instant.tzinfo is STOCKHOLM
        return found.instant.date().isoformat()
    exact = found.instant.second or found.instant.microsecond
    return found.instant.isoformat(timespec="auto" if exact else "minutes")


def read(text: str, now: datetime = NOW) -> str | None:
    return shown(parse_date(text, now))


# ---------------------------------------------------------------------------------------------------------------
# What was seen on pages, in feeds and in interfaces


def seen() -> list[dict[str, str]]:
    if not SEEN.exists():
        return []
    with SEEN.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_every_date_seen_is_read_right() -> None:
    rows = seen()
    if not rows:
        pytest.skip(f"the collection of date strings is not here: {SEEN}")
    assert [(row["raw"], wrong) for row in rows if (wrong := wrongly_read(row))] == []


def wrongly_read(row: dict[str, str]) -> str | None:
    now = datetime.fromisoformat(row["reference_time"] or "2026-01-01T12:00+01:00")
    found = parse_date(row["raw"], now)
    if found is None or not row["iso8601"]:
        return None if found is None and not row["iso8601"] else f"{shown(found)} for {row['iso8601']}"
    right = datetime.fromisoformat(row["iso8601"])
    same = (
        found.instant.date() == right.date()
        if row["precision"] == "day"
        else found.instant.replace(second=0, microsecond=0) == right.replace(second=0, microsecond=0)
    )
    return None if same and found.precision == row["precision"] else f"{shown(found)} for {row['iso8601']}"


# ---------------------------------------------------------------------------------------------------------------
# Forms, by family


DAYS = """
22 december 2024 ¦ 22 dec 2024 ¦ 22 dec. 2024 ¦ 22 DEC 2024 ¦ 22. december 2024 ¦ 22 december, 2024
December 22, 2024 ¦ Dec 22 2024 ¦ December 22nd, 2024 ¦ 22nd of December 2024 ¦ the 22nd of December, 2024
den 22 december 2024 ¦ den 22:e december 2024 ¦ d. 22 december 2024 ¦ 22-dec-2024 ¦ 22.dec.2024 ¦ Dec-22-2024
söndag 22 december 2024 ¦ söndagen den 22 december 2024 ¦ sön 22 dec 2024 ¦ Sön. 22 dec. 2024
Sunday, 22 December 2024 ¦ Sun, Dec 22, 2024 ¦ sön, dec 22, 2024 ¦ SÖNDAG, 22 DECEMBER, 2024
22 december 2024, söndag
2024-12-22 ¦ 2024.12.22 ¦ 2024/12/22 ¦ 2024 12 22 ¦ 2024. 12. 22. ¦ 20241222 ¦ 2024-dec-22 ¦ 2024 December 22
22/12 2024 ¦ 22/12-2024 ¦ 22/12/2024 ¦ 12/22/2024 ¦ 22-12-2024 ¦ 22.12.2024 ¦ 22. 12. 2024 ¦ 22/12-24
22/12 -24
sön 22/12 - 2024 ¦ 2024-12-22 (sön) ¦ sön 2024-12-22 ¦ Sun, 12/22/2024 ¦ 2024.12.22 Söndag
22 dec -24 ¦ 22 dec '24 ¦ 22 dec ’24 ¦ 22-Dec-24 ¦ 22 december 24 ¦ Dec 22, '24
2024-12-22. ¦ - 22 december 2024 ¦ • 22 december 2024 ¦ * 22 december 2024 ¦ (22 december 2024)
22 december 2024 ·
2024‑12‑22 ¦ ２０２４-１２-２２ ¦ 22&nbsp;december&nbsp;2024 ¦ 22\u2009december\u00a02024
22 decem\u00adber 20\u200b24
Publicerad 22 december 2024 ¦ Publicerat: 22 december 2024 ¦ Publicerades 2024-12-22 ¦ Publ. 2024-12-22
Publiceringsdatum: 2024-12-22 ¦ Postat den 22 december 2024 ¦ Inlagt 2024-12-22
Sändes söndag 22 december 2024
Posted on December 22, 2024 ¦ Published: 22 Dec 2024 ¦ Published on the 22nd of December 2024
Released: 2024-12-22
Uppdaterad 2024-12-22 ¦ Senast uppdaterad: 22 december 2024 ¦ Senast ändrad 2024-12-22
Sidan granskades 2024-12-22
Sidan senast uppdaterad: 2024-12-22 ¦ Last updated: December 22, 2024 ¦ Last modified 2024-12-22
Skapad: 2024-12-22
Artikeln publicerades den 22 december 2024 ¦ This article was published on 22 December 2024
Datum: 2024-12-22
Publicerad och uppdaterad 22 december 2024 ¦ Uppdaterad / Publicerad: 22 december 2024
Date: 22 December 2024
Av Eva Ek 22 december 2024 ¦ Av: Eva Ek, 22 december 2024 ¦ By Eva Ek on December 22, 2024
Av på 22 december 2024
By on 22 december, 2024 ¦ Av Jan Ek 22 december 2024 ¦ Posted by redaktionen on December 22, 2024
Text: Eva Ek 2024-12-22
22 december 2024 av Eva Ek ¦ 22 december 2024 by Eva-Lena Ek ¦ Posted in Nyheter on December 22, 2024
Publicerad i Nyheter 22 december 2024 ¦ Posted on December 22, 2024 in News ¦ Publicerad av: Eva Ek 2024-12-22
Pressmeddelande 22 december 2024 ¦ Nyhet - 2024-12-22 ¦ Örebro, den 22 december 2024 ¦ Kumla 2024-12-22
22 december 2024 · 3 min läsning ¦ Lästid: 3 min · 22 december 2024 ¦ December 22, 2024 · 5 min read
Öppnar: 22 december 2024 ¦ Sista dag: 2024-12-22 ¦ date=2024-12-22 ¦ 🕒 22 december 2024 ¦ KULTUR2024-12-22
Senast uppdaterad: 22 december 2024 ¦ NÄRINGSLIV/SPORT2024-12-22
Rapport 7 publicerad 22 december 2024 ¦ Rapporten publicerades 22 december 2024
/2024/12/22/ ¦ /2024/12/22 ¦ /2024/12/22/tre-i-topp-2/
https://narkebladet.example/2024/12/22/tre-i-topp/?p=7
/2024-12-22/ ¦ 2024-12-22-tre-i-topp.html ¦ /nyheter/2024-12-22-tre-i-topp.html
/nyheter/tre-i-topp-2024-12-22
/2026/nyheter/2024/12/22/7-nyheter/ ¦ /aktuellt/handelser/2024/december/22/22-december-10.15-brand-nora/
/2024/dec/22/
/2024/12/22/matchen-2024-12-20/ ¦ start=20241222-00000000-AM
"""

MINUTES = """
22 december 2024 10:15 ¦ 22 december 2024 10.15 ¦ 22 december 2024, 10:15 ¦ 22 december, 2024, 10:15
22 december 2024 kl 10.15 ¦ 22 december 2024 kl. 10:15 ¦ 22 december 2024 kl.10.15
22 december 2024 klockan 10:15
22 december 2024 kl 1015 ¦ 22 december 2024 - 10:15 ¦ 22 december 2024 – 10.15 ¦ 22 december 2024 | 10:15
22 december 2024 · 10.15. ¦ 22 december 2024: 10.15 ¦ 22 december 2024 @ 10:15 ¦ December 22, 2024 at 10:15 am
10:15, 22 december 2024 ¦ 10.15 22/12 2024 ¦ kl. 10.15 den 22 december 2024
kl 10.15 söndagen den 22 december 2024
10:15 - söndag 22 december 2024 ¦ December 22nd 2024 10:15 a.m. ¦ 22/12 2024 kl 10.15 ¦ 22.12.2024 10.15
2024-12-22 10:15 ¦ 2024-12-22T10:15 ¦ 2024-12-22 kl. 10:15 ¦ 2024-12-22, 10.15 ¦ 2024-12-22 – 10:15:00
20241222 10:15
20241222T1015 ¦ 20241222T101500 ¦ 202412221015 ¦ 20241222101500 ¦ 2024-12-22 10:15:00.000
2024-12-22 10:15:00,0
söndag 22 december 2024 kl. 10.15 ¦ Sun, 22 Dec 2024 10:15:00 ¦ 22/12-24 10:15 ¦ 12/22/2024 10:15 AM
sön 2024-12-22 10:15
Sun Dec 22 10:15:00 2024 ¦ 2024-12-22 10:15 svensk tid ¦ 22 dec 24 10.15 ¦ LÄNET2024-12-22 10:15
Publicerad 22 december 2024 kl 10.15 ¦ Uppdaterad: 22 dec. 2024, kl. 10:15 ¦ Datum: 2024-12-22 Tid: 10.15
Publicerad kl 10.15 den 22 december 2024 ¦ · Publicerad: 22 december 2024 · 10.15.
Pressmeddelande • 22 december 2024 10:15 ¦ 2024-12-22 10:15 av Eva Ek
"""

INSTANTS = """
2024-12-22T10:15:00Z ¦ 2024-12-22t10:15:00z ¦ 2024-12-22T10:15Z ¦ 2024-12-22 10:15:00 UTC ¦ 20241222T1015Z
2024-12-22T11:15:00+01:00 ¦ 2024-12-22T11:15:00+0100 ¦ 2024-12-22T11:15+01 ¦ 2024-12-22 11:15:00 +01:00
2024-12-22 11:15:00 +0100 ¦ 2024-12-22T11:15:00.000+01:00 ¦ 2024-12-22T11:15:00&#x2B;01:00
2024-12-22T05:15:00-05:00
2024-12-22T05:15-05:00 ¦ 2024-12-22T11:15:00+01:00[Europe/Stockholm] ¦ 2024-12-22 11:15 CET
2024-12-22 12:15 CEST
Sun, 22 Dec 2024 10:15:00 GMT ¦ Sun, 22 Dec 2024 11:15:00 +0100 ¦ Sun, 22 Dec 2024 05:15:00 EST
22 Dec 2024 02:15 PST
Sun, 22 Dec 2024 05:15 -0500 ¦ Sunday, 22-Dec-24 10:15:00 GMT ¦ Sun, 22 Dec 24 10:15:00 UT
Sun Dec 22 11:15:00 CET 2024
Sun, 22 Dec 2024 11:15:00 +0100 (CET) ¦ Sun Dec 22 2024 11:15:00 GMT+0100 (centraleuropeisk normaltid)
sön 22 dec 2024 11:15:00 CET ¦ 22 December 2024 at 11:15 UTC+1 ¦ December 22, 2024 10:15 AM GMT
22/Dec/2024:11:15:00 +0100
22.12.2024 11:15:00 CET | Region Örebro län ¦ 22.12.2024 11:15:00 CET ¦ Publicerad: sön 22 dec 2024 11:15 CET
Pressmeddelanden   •   Dec 22, 2024 11:15 CET ¦ Last-Modified: Sun, 22 Dec 2024 10:15:00 GMT
11:15 CET, 22 December 2024
1734862500 ¦ 1734862500000 ¦ /Date(1734862500000)/ ¦ /Date(1734862500000+0100)/ ¦ \\/Date(1734862500000)\\/
new Date(1734862500000) ¦ 1734862500.25
"""


def forms(table: str) -> list[str]:
    return [form for line in table.strip().splitlines() for form in line.split(" ¦ ")]


@pytest.mark.parametrize("text", forms(DAYS))
def test_a_day(text: str) -> None:
    assert read(text) == "2024-12-22"


@pytest.mark.parametrize("text", forms(MINUTES))
def test_a_local_minute(text: str) -> None:
    assert read(text) == "2024-12-22T10:15+01:00"


@pytest.mark.parametrize("text", forms(INSTANTS))
def test_an_instant(text: str) -> None:
    found = parse_date(text, NOW)
    assert found is not None
    assert found.precision == "minute"
    assert found.instant.replace(microsecond=0) == datetime(2024, 12, 22, 10, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        # every month, in the languages' own short and long forms
        *[(f"3 {name} 2024", f"2024-{month:02}-03") for month, names in enumerate(
            (
                "jan jan. januari January", "feb feb. februari February", "mar mars March", "apr apr. april April",
                "maj May MAJ", "jun juni June", "jul juli July", "aug aug. augusti August",
                "sep sept sept. september", "okt okt. oktober Oct October", "nov nov. november", "dec dec. december",
            ), 1) for name in names.split()],
        # ordinals
        ("1:a maj 2024", "2024-05-01"),
        ("den 2:e maj 2024", "2024-05-02"),
        ("3rd May 2024", "2024-05-03"),
        ("May 1st, 2024", "2024-05-01"),
        # clocks
        ("3 maj 2024 8:15 pm", "2024-05-03T20:15+02:00"),
        ("3 maj 2024 12:15 am", "2024-05-03T00:15+02:00"),
        ("3 maj 2024 12 pm", "2024-05-03T12:00+02:00"),
        ("3 maj 2024 20:15 PM", "2024-05-03T20:15+02:00"),
        ("3 maj 2024 kl 8.15 em", "2024-05-03T20:15+02:00"),
        ("3 maj 2024 klockan 8 f.m.", "2024-05-03T08:00+02:00"),
        ("3 maj 2024 08:15 eftermiddag", "2024-05-03T20:15+02:00"),
        ("3 maj 2024 kl 9", "2024-05-03T09:00+02:00"),
        ("3 maj 2024 7:05:09", "2024-05-03T07:05:09+02:00"),
        ("3 maj 2024 kl 07.05.09", "2024-05-03T07:05:09+02:00"),
        ("2024-05-03 7:05:09 +02:00", "2024-05-03T07:05:09+02:00"),
        ("2024-05-03T07:05:09.1234567Z", "2024-05-03T07:05:09.123456+00:00"),
        ("end=20240503-235959999-PM", "2024-05-03T23:59:59.999000+02:00"),
        ("3 maj 2024 24:00", "2024-05-04T00:00+02:00"),
        ("31 december 2024 kl 24.00", "2025-01-01T00:00+01:00"),
        # Swedish order, unless the other is proved
        ("03/04/2024", "2024-04-03"),
        ("3-4-2024", "2024-04-03"),
        ("04/13/2024", "2024-04-13"),
        ("Fri, 05/03/2024 - 14:30", "2024-05-03T14:30+02:00"),
        ("fre, 03/05/2024 - 14:30", "2024-05-03T14:30+02:00"),
        ("04/04/2024 8:15 PM", "2024-04-04T20:15+02:00"),
        # years of two digits, RFC 2822 section 4.3
        ("3 maj 99", "1999-05-03"),
        ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37+00:00"),
        ("fre 3 maj 02", "2002-05-03"),
        # a stated zone is believed, in summer and winter alike
        ("10 juli 2024 12:00 CET", "2024-07-10T12:00+01:00"),
        ("10 december 2024 12:00 CEST", "2024-12-10T12:00+02:00"),
        # the hour that comes twice, and the one that does not come
        ("2024-10-27 02:30", "2024-10-27T02:30+02:00"),
        ("2024-10-27 02:30 CET", "2024-10-27T02:30+01:00"),
        ("2024-03-31 01:59", "2024-03-31T01:59+01:00"),
        ("2024-03-31 02:30", None),
        ("2024-03-31T02:30:00", None),
        ("2024-03-31 02:30 CET", "2024-03-31T02:30+01:00"),
        ("2024-03-31 03:00", "2024-03-31T03:00+02:00"),
        # which of two dates
        ("Publicerad 3 maj 2024 Uppdaterad 5 maj 2024", "2024-05-03"),
        ("Uppdaterad 5 maj 2024 Publicerad 3 maj 2024", "2024-05-03"),
        ("Publicerad: 2024-05-03 10:15, Senast ändrad: 2024-05-04 08:00 av Eva Ek", "2024-05-03T10:15+02:00"),
        ("Skapad 2 maj 2024 | Publicerad 3 maj 2024 | Uppdaterad 5 maj 2024", "2024-05-03"),
        ("Publicerad 3 maj 2024 (uppdaterad 11.30)", "2024-05-03"),
        ("Uppdaterad 5 maj 2024, publicerad", "2024-05-05"),
        ("Senast uppdaterad: 3 maj 2024 | Sidansvarig: Eva Ek", "2024-05-03"),
        ("Ansvarig: Eva Ek Publicerad: 3 maj 2024", "2024-05-03"),
        ("Skapad 3 maj 2024 Ändrad 5 maj 2024", None),
        ("Publicerad 3 maj 2024 Publicerad 5 maj 2024", None),
        ("3 maj 2024 (publicerad) 5 maj 2024 (uppdaterad)", None),
        ("3 maj 2024 Uppdaterad 5 maj 2024", None),
    ],
)  # fmt: skip
def test_a_form(text: str, iso: str | None) -> None:
    assert read(text) == iso


# ---------------------------------------------------------------------------------------------------------------
# What must give no date


NOTHING = """
mars 2019 ¦ April 2024 ¦ 2024 ¦ 2024-05 ¦ 2024/05 ¦ 05/2024 ¦ maj -24 ¦ maj 24 ¦ okt 12 ¦ hösten 2024
vecka 18 2024
v. 18 ¦ 2024-W18-5 ¦ 3 ¦ den 3 ¦ torsdag 3 ¦ torsdag ¦ fredag 14.30 ¦ maj ¦ kl 11.45 ¦ 11:45 ¦ kl. 11.45.30
10 am
Publiceringsdatum: ¦ Uppdaterad / Publicerad ¦ Publicerad: Uppdaterad: ¦ - . ¦ · ¦ kl. ¦ idag? ¦ ? ¦ -
Publicerad 2024
3-2 ¦ 3/5 ¦ 1/2 ¦ 2/3 ¦ 3.5 ¦ 3,5 ¦ 12:3 ¦ 10 000 ¦ 1 250 kr ¦ 99:- ¦ 50 % ¦ 3 st ¦ E20 ¦ 2021/22:219
59.27, 15.21
019-00 00 00 ¦ 070-000 00 00 ¦ 0190000000 ¦ 19900101-0000 ¦ 9001010000 ¦ 2120001934 ¦ 556000-0000 ¦ 702 10
ISO 8601
192.168.1.1 ¦ 3.11.15 ¦ 123456789 ¦ 12345678 ¦ 99999999999 ¦ 7300000000000 ¦ 0700000000000 ¦ 00000000
0000-00-00
PT7M ¦ P3D ¦ 7 min ¦ 45 min ¦ 3 h ¦ 2 timmar ¦ 2 dagar ¦ 1:23:45 ¦ Lästid 5 min ¦ 5 min read ¦ om 2 timmar
i morgon
i morgon 08:00 ¦ tomorrow ¦ för 2 månader sedan ¦ för ett år sedan ¦ 2 years ago ¦ 1,5 timmar sedan
sedan 2 timmar
3-5 maj 2024 ¦ 3–5 maj 2024 ¦ 3 - 5 maj 2024 ¦ 3 maj - 5 maj 2024 ¦ 3 maj 2024 - 5 maj 2024 ¦ 3 och 5 maj 2024
3/5 maj 2024 ¦ 3 maj till 5 maj 2024 ¦ 2024-05-03 - 2024-05-05 ¦ 2024-05-03/2024-05-05 ¦ 1-3 maj
3, 4 och 5 maj 2024
3 maj 2024 10:00-12:00 ¦ 3 maj 2024 kl 10-12 ¦ kl 10-12 3 maj 2024 ¦ 2024-05-03 10:15-11:30
3 maj 10.15-12 ¦ 3 maj 10-12
idag 10:00-12:00 ¦ 2024-05-03 2024-05-05 ¦ 3 maj 2024 5 maj 2024 ¦ 3 maj 2024 3 maj 2024 10:15 10:30
måndag 3 maj 2024 ¦ 2024.12.22 Lördag ¦ Mon, 22 Dec 2024 09:15:00 +0000 ¦ 31 april 2024 ¦ 29 februari 2023
30 februari
2024-13-01 ¦ 2024-00-10 ¦ 2024-05-32 ¦ 0 maj 2024 ¦ 13/13 2024 ¦ 31/4 2024 ¦ 20241301 ¦ 3 maj 2024 25:00
3 maj 2024 10:60
3 maj 2024 24:01 ¦ 3 maj 2024 23:59:60 ¦ 3 maj 2024 13:15 am ¦ 3 maj 2024 0:15 pm ¦ 2024-05-03T10:15:00+25:00
2024-05-03T10:15:00+01:17 ¦ 3 May 2024 10:15 EST+0100 ¦ 3 May 2024 10:15 IST ¦ 3 May 2024 10:15 BRST
22/12/24 ¦ 22.12.24 ¦ 24-12-22 ¦ 241222 ¦ 03/05/2024 8:15 PM ¦ 3/5 8:15 pm ¦ 12.22.2024 ¦ 3 maj 19
12.22 2024
1899-12-31 ¦ 2101-01-01 ¦ 31 december 2100 24:00 ¦ 3 maj 1789 ¦ 3 maj 3024 ¦ /1850/05/03/
0001-01-01T00:00:00Z
/Date(-62135596800000)/ ¦ /Date(0)/ ¦ /Date(99999999999999)/ ¦ /2024/05/ ¦ /nyhetsarkiv-2013/
/2024/sida/3/ ¦ /2024/05/3-nya/
/tag/april-2024/page/32/ ¦ /2024-05-03-2024-05-05/ ¦ ?start=20240501-00000000-AM&end=20240531-235959999-PM
/artikel/20240503/
till 3 maj 2024 ¦ före 3 maj 2024 ¦ senast 3 maj 2024 ¦ sedan 3 maj 2024 ¦ Sidan 3 maj 2024
Konsert 3 maj 2024
Vi ses 3 maj 2024 ¦ 3 maj 2024 blir det fest ¦ Den 3 maj 2024 firar vi ¦ 3 maj 2024 5 kommentarer
ej publicerad 3 maj 2024
tidigare publicerad 3 maj 2024 ¦ Artikel 7, 22 december 2024 ¦ 3 maj 19.00, Kumla ¦ 3 maj i Folkets hus
Premiär: 3 maj 19.00
1 januari 2024 i lagen ¦ 3 maj 2024 % ¦ <b>3 maj 2024</b> ¦ 3 maj 2024 &amp;nbsp; ¦ Rapporten kom 3 maj
allt är klart idag ¦ nyligen
I dag är det fest ¦ Just nu pågår ett möte ¦ idag 3 maj 2024 ¦ 24 december 2024 idag
"""


@pytest.mark.parametrize("text", ["", " ", "\n", *forms(NOTHING)])
def test_no_date(text: str) -> None:
    assert read(text) is None


# ---------------------------------------------------------------------------------------------------------------
# Against the clock


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("just nu", "2024-12-22T16:00+01:00"),
        ("Nyss", "2024-12-22T16:00+01:00"),
        ("mindre än en minut sedan", "2024-12-22T16:00+01:00"),
        ("30 sekunder sedan", "2024-12-22T15:59+01:00"),
        ("för 15 minuter sedan", "2024-12-22T15:45+01:00"),
        ("5 min sedan", "2024-12-22T15:55+01:00"),
        ("15m ago", "2024-12-22T15:45+01:00"),
        ("för en kvart sedan", "2024-12-22T15:45+01:00"),
        ("för en halvtimme sedan", "2024-12-22T15:30+01:00"),
        ("för en timme sedan", "2024-12-22T15:00+01:00"),
        ("an hour ago", "2024-12-22T15:00+01:00"),
        ("2 tim sedan", "2024-12-22T14:00+01:00"),
        ("3 h sedan", "2024-12-22T13:00+01:00"),
        ("Lästid 5 min · 3 timmar sedan · 5 min läsning", "2024-12-22T13:00+01:00"),
        ("Posted 3 hours ago", "2024-12-22T13:00+01:00"),
        ("för cirka två timmar sedan", "2024-12-22T14:00+01:00"),
        ("Uppdaterad för 1 timme och 5 minuter sedan", "2024-12-22T14:55+01:00"),
        ("1 h 5 min sedan", "2024-12-22T14:55+01:00"),
        ("40 timmar sedan", "2024-12-21T00:00+01:00"),
        ("2 d", "2024-12-20"),
        ("2d", "2024-12-20"),
        ("för 3 dagar sedan", "2024-12-19"),
        ("a day ago", "2024-12-21"),
        ("för två veckor sedan", "2024-12-08"),
        ("Idag", "2024-12-22"),
        ("I dag 08:05", "2024-12-22T08:05+01:00"),
        ("Publicerad idag kl. 8", "2024-12-22T08:00+01:00"),
        ("i morse 07.15", "2024-12-22T07:15+01:00"),
        ("Today at 8:05 am", "2024-12-22T08:05+01:00"),
        ("08:05 idag", "2024-12-22T08:05+01:00"),
        ("IGÅR", "2024-12-21"),
        ("i ga\u030ar 14:30", "2024-12-21T14:30+01:00"),
        ("i g&aring;r kl 14.30", "2024-12-21T14:30+01:00"),
        ("igår kväll 21.30", "2024-12-21T21:30+01:00"),
        ("Yesterday, 2:30 pm", "2024-12-21T14:30+01:00"),
        ("i förrgår", "2024-12-20"),
        ("i torsdags", "2024-12-19"),
        ("i söndags 14.30", "2024-12-15T14:30+01:00"),
        ("Publicerad igår 14:30 Uppdaterad idag 08:05", "2024-12-21T14:30+01:00"),
        # no year
        ("24 juli 12.33", "2024-07-24T12:33+02:00"),
        ("26 mars, kl. 07:23", "2024-03-26T07:23+01:00"),
        ("December 12, 07:17", "2024-12-12T07:17+01:00"),
        ("Oktober 12, 07:17", "2024-10-12T07:17+02:00"),
        ("01 February 23.31", "2024-02-01T23:31+01:00"),
        ("May 24", "2024-05-24"),
        ("Nyheter från dagen: 11 april", "2024-04-11"),
        ("3/5 kl 14", "2024-05-03T14:00+02:00"),
        ("fre 3/5", "2024-05-03"),
        ("Publicerad 3/5", "2024-05-03"),
        ("22 december", "2024-12-22"),
        ("22 december 15.59", "2024-12-22T15:59+01:00"),
        ("22 december 16.45", "2024-12-22T16:45+01:00"),  # stamped for a little later
        ("22 december 17.30", None),  # last year, or tonight?
        ("23 december", None),  # last year, or tomorrow?
        ("24 december 18.00", "2023-12-24T18:00+01:00"),
        ("29 februari", "2024-02-29"),
        # a weekday tells the year
        ("torsdagen den 11 april", "2024-04-11"),
        ("tisdagen den 11 april", "2023-04-11"),
        ("fredag 22 december", "2023-12-22"),
        ("torsdag 2 januari", None),  # that of 2025
        ("onsdag 11 april", None),  # that of 2018
    ],
)
def test_against_the_clock(text: str, iso: str | None) -> None:
    assert read(text) == iso


@pytest.mark.parametrize(
    ("text", "now", "iso"),
    [
        # polisen.se stamped a notice three minutes after it was published
        ("30 september 08:00", "2023-09-30T07:57:36+02:00", "2023-09-30T08:00+02:00"),
        ("31 december 23.50", "2026-01-01T00:10+01:00", "2025-12-31T23:50+01:00"),
        ("1 januari 00.10", "2025-12-31T23:50+01:00", "2026-01-01T00:10+01:00"),
        ("1 januari", "2025-12-31T22:30+00:00", None),
        ("1 januari", "2025-12-31T23:30+00:00", "2026-01-01"),
        ("31 december", "2025-12-31T23:30+00:00", "2025-12-31"),
        ("29 februari", "2026-03-01T12:00+01:00", "2024-02-29"),
        ("29 februari", "2024-02-28T12:00+01:00", None),
        ("idag 00.10", "2025-06-30T22:30+00:00", "2025-07-01T00:10+02:00"),
        ("i går", "2025-06-30T22:30+00:00", "2025-06-30"),
        # over a change of clocks, whatever zone `now` is told in
        ("för 3 timmar sedan", "2024-03-31T04:00+02:00", "2024-03-31T00:00+01:00"),
        ("för 3 timmar sedan", "2024-10-27T04:00+01:00", "2024-10-27T02:00+02:00"),
        ("för 2 timmar sedan", "2024-10-27T04:00+01:00", "2024-10-27T02:00+01:00"),
        ("för 2 dagar sedan", "2024-04-01T00:30+02:00", "2024-03-30"),
        ("31 mars 02.30", "2024-04-02T12:00+02:00", None),  # skipped in 2024: not therefore 2023
    ],
)
@pytest.mark.parametrize("zone", [None, STOCKHOLM, UTC])
def test_the_reference_counts_as_an_instant(text: str, now: str, iso: str | None, zone: timezone | None) -> None:
    given_now = datetime.fromisoformat(now)
    assert read(text, given_now.astimezone(zone) if zone else given_now) == iso


def test_the_reference_is_left_alone_by_complete_dates() -> None:
    long_ago, far_off = (datetime(year, 1, 1, tzinfo=UTC) for year in (1, 9999))
    assert {read("22 december 2024 10.15", now) for now in (long_ago, NOW, far_off)} == {"2024-12-22T10:15+01:00"}


@pytest.mark.parametrize("text", ["för 999 veckor sedan", "i går", "idag", "3 maj", "fre 3 maj", "nyss", "29 februari"])
@pytest.mark.parametrize("now", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"])
def test_the_ends_of_time_overflow_nothing(text: str, now: str) -> None:
    assert read(text, datetime.fromisoformat(now)) is None


# ---------------------------------------------------------------------------------------------------------------
# Made-up forms

MONTHS = {
    "sv": "januari februari mars april maj juni juli augusti september oktober november december".split(),
    "sv short": "jan feb mar apr maj jun jul aug sep okt nov dec".split(),
    "sv dotted": "jan. feb. mars apr. maj juni juli aug. sept. okt. nov. dec.".split(),
    "en": "January February March April May June July August September October November December".split(),
    "en short": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
}
WEEKDAYS = {
    "sv": "måndag tisdag onsdag torsdag fredag lördag söndag".split(),
    "sv definite": [f"{day}en den" for day in "måndag tisdag onsdag torsdag fredag lördag söndag".split()],
    "sv short": "mån tis ons tor fre lör sön".split(),
    "en": "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday,".split(),
    "en short": "Mon Tue Wed Thu Fri Sat Sun".split(),
}
LABELS = [
    "",
    "Publicerad: ",
    "Publicerat ",
    "Posted ",
    "Published: ",
    "Pressmeddelande • ",
    "Senast uppdaterad: ",
    "- ",
]
ENDS = ["", ".", " ", " ·", " av Eva Ek", " | Nyheter"]
CASES: list[Callable[[str], str]] = [str, str.lower, str.upper]
FORMS = [
    *("{weekday}{d} {month} {y}", "{weekday}{d:02} {month} {y}", "{d}. {month} {y}", "{d} {month}, {y}"),
    *("{weekday}{month} {d}, {y}", "{weekday}{month} {d} {y}", "{weekday}{y}-{m:02}-{d:02}", "{weekday}{d}/{m}-{y}"),
    *("{y}/{m:02}/{d:02}", "{y}.{m:02}.{d:02}", "{d}/{m} {y}", "{d:02}.{m:02}.{y}", "{y} {m:02} {d:02}"),
    "{y}{m:02}{d:02}",
]

moments = st.builds(
    datetime.combine,
    st.dates(date(1900, 1, 2), date(2100, 12, 30)),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
)


@st.composite
def written_days(draw: st.DrawFn, day: date) -> str:
    month = MONTHS[draw(st.sampled_from(sorted(MONTHS)))][day.month - 1]
    weekday = draw(
        st.just("") | st.sampled_from(sorted(WEEKDAYS)).map(lambda kind: WEEKDAYS[kind][day.weekday()] + " ")
    )
    form = draw(st.sampled_from(FORMS))
    return form.format(weekday=weekday, month=month, y=day.year, m=day.month, d=day.day)


CLOCKS = [
    " {H:02}:{M:02}",
    " {H:02}.{M:02}",
    " kl {H}.{M:02}",
    " kl. {H:02}:{M:02}",
    ", {H:02}:{M:02}",
    " - {H}:{M:02}",
]
CLOCKS += [
    " klockan {H:02}.{M:02}",
    ", kl {H:02}:{M:02}:00",
    " · {H:02}.{M:02}",
    " at {H}:{M:02}",
    " @ {H12}:{M:02} {half}",
]


@settings(max_examples=1200, deadline=None)
@given(moments, st.data(), st.sampled_from([None, *CLOCKS]))
def test_what_is_written_is_read_again(moment: datetime, data: st.DataObject, clock: str | None) -> None:
    assume(not was_skipped(moment.replace(tzinfo=STOCKHOLM)))
    text = data.draw(written_days(moment.date()))
    half = "am" if moment.hour < 12 else "pm"
    text += clock.format(H=moment.hour, M=moment.minute, H12=moment.hour % 12 or 12, half=half) if clock else ""
    text = data.draw(st.sampled_from(LABELS)) + text + data.draw(st.sampled_from(ENDS))
    text = data.draw(st.sampled_from(CASES))(text)
    right = moment.isoformat(timespec="minutes") if clock else moment.date().isoformat()
    assert (read(text) or "")[: len(right)] == right, text


@settings(max_examples=500, deadline=None)
@given(moments, st.sampled_from([-300, -60, 0, 60, 120, 330]))
def test_what_machines_write_is_read_again(moment: datetime, minutes: int) -> None:
    stated = moment.replace(tzinfo=fixed_offset(minutes))
    utc = stated.astimezone(UTC)
    for text in (
        stated.isoformat(),
        stated.isoformat(" "),
        stated.isoformat(timespec="milliseconds"),
        stated.strftime("%Y-%m-%d %H:%M:%S %z"),
        format_datetime(stated),
        format_datetime(utc, usegmt=True),
        utc.isoformat().replace("+00:00", "Z"),
    ):
        found = parse_date(text, NOW)
        assert found is not None, text
        assert (found.instant, found.precision) == (stated, "minute"), text


@settings(max_examples=400, deadline=None)
@given(moments)
def test_local_machine_forms_are_read_again(moment: datetime) -> None:
    local = moment.replace(tzinfo=STOCKHOLM)
    assume(not was_skipped(local))
    for text in (moment.isoformat(), moment.isoformat(" "), asctime(moment.timetuple()), f"{moment:%Y%m%dT%H%M}"):
        assert parse_date(text, NOW) == ParsedDate(local, "minute"), text


@settings(max_examples=500, deadline=None)
@given(moments, st.timedeltas(timedelta(0), timedelta(days=363)), st.sampled_from(["sv", "sv short", "en"]))
@example(datetime.combine(date(1999, 10, 31), time(2)), timedelta(0), "sv")
def test_without_a_year_it_is_the_last_such_day(moment: datetime, age: timedelta, language: str) -> None:
    assume(moment.year > 1901)
    assume((moment.month, moment.day) != (2, 29))
    assume(not was_skipped(moment.replace(tzinfo=STOCKHOLM)))
    instant = moment.replace(tzinfo=STOCKHOLM).astimezone(UTC)
    text = f"{moment.day} {MONTHS[language][moment.month - 1]} {moment:%H.%M}"
    found = parse_date(text, instant + age)
    assert found is not None
    assert found.instant.astimezone(UTC) == instant  # in one zone: an hour that comes twice equals none of another


@settings(max_examples=400, deadline=None)
@given(st.dates(date(1901, 1, 1), date(2100, 12, 31)), st.integers(0, 6), st.sampled_from(sorted(WEEKDAYS)))
def test_a_wrong_weekday_is_refused(day: date, weekday: int, kind: str) -> None:
    found = read(f"{WEEKDAYS[kind][weekday]} {day.day} {MONTHS['sv'][day.month - 1]} {day.year}")
    assert found == (day.isoformat() if weekday == day.weekday() else None)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 99), st.integers(0, 99), st.sampled_from([1899, 1900, 1999, 2023, 2024, 2100, 2101]))
def test_only_days_that_exist(day: int, month: int, year: int) -> None:
    exists = year in YEARS and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
    right = f"{year}-{month:02}-{day:02}" if exists else None
    for text in (
        f"{year}-{month:02}-{day:02}",
        f"{day}.{month}.{year}",
        f"{day}/{month} {year}",
        f"/{year}/{month}/{day}/",
    ):
        assert read(text) == right, text


# ---------------------------------------------------------------------------------------------------------------
# Anything at all

WORDS = [
    "publicerad",
    "uppdaterad",
    "maj",
    "May",
    "fre",
    "den",
    "kl",
    "idag",
    "för",
    "sedan",
    "en",
    "timmar",
    "CET",
    "av",
]
SIGNS = [" ", ".", ":", "-", "–", "/", "|", "•", ",", "(", ")", "+", "T", "Z", "&nbsp;", "\u00ad", "'", "@", "="]
NUMBERS = [
    "3",
    "03",
    "12",
    "31",
    "2024",
    "24",
    "10:15",
    "10.15",
    "2024-05-03",
    "3/5",
    "20240503",
    "1700000000",
    "+0100",
]
pieces = st.sampled_from([*WORDS, *SIGNS, " ", " ", *NUMBERS])


def check_sanity(text: str) -> None:
    found = parse_date(text, NOW)
    assert parse_date(text, NOW) == found
    if found is None:
        return
    assert found.instant.utcoffset() is not None
    assert found.instant.year in YEARS
    assert found.precision in ("minute", "day")
    if found.precision == "day":
        assert found.instant == datetime.combine(found.instant.date(), time(0), STOCKHOLM)


@settings(max_examples=1500, deadline=None)
@given(st.text(max_size=80) | st.text("0123456789 .:-/+TZ", max_size=40) | st.lists(pieces, max_size=24).map("".join))
@example("\ud800 3 maj 2024")
@example("&#xD800;" * 30)
@example("٣ maj ٢٠٢٤")
@example("9" * 300)
@example("3 maj " + "9" * 200)
@example("/Date(" + "9" * 14 + ")/")
@example("10:15:30,1234567893 maj 2024")
@example("för 999 veckor 999 veckor 999 veckor sedan")
def test_nothing_raises(text: str) -> None:
    check_sanity(text)
    check_sanity(unicodedata.normalize("NFD", text))
    check_sanity(f"Publicerad {text} 2024-05-03")


@settings(max_examples=500, deadline=None)
@given(st.text(st.characters(exclude_categories=["N"]), max_size=120))
def test_no_digits_no_date(text: str) -> None:
    spoken = (
        "dag",
        "går",
        "gar",
        "nyss",
        "nyligen",
        "nu",
        "now",
        "sedan",
        "ago",
        "today",
        "yesterday",
        "morse",
        "middags",
    )
    folded = unicodedata.normalize("NFKC", text).lower()
    assume(not any(word in folded for word in spoken) and "&" not in folded)
    assert parse_date(text, NOW) is None


@pytest.mark.parametrize("size", [200, 300, 301, 100_000])
@pytest.mark.parametrize(
    "piece", ["x", "1 ", "3 maj ", "2024-05-03 ", "-|", "av ", "publicerad: ", "/", "(", "&#50;", "å ", "o: "]
)
def test_long_texts_are_refused(piece: str, size: int) -> None:
    assert read((piece * size)[:size]) is None


# ---------------------------------------------------------------------------------------------------------------
# Inside


@pytest.mark.parametrize("text", forms(DAYS + MINUTES.lstrip() + INSTANTS.lstrip()))
def test_every_number_of_a_part_has_a_role(text: str) -> None:
    for part in cut_parts("".join("0" if c.isdecimal() else c for c in text.lower())).parts:
        runs = "".join(c if c == "0" else " " for c in part.text).split()
        assert len(part.roles) == len(runs), part


def test_a_form_is_read_once() -> None:
    read("3 maj 2024 kl 10.15")
    before = read_stamp.cache_info().misses
    assert read("7 maj 2031 kl 23.59") == "2031-05-07T23:59+02:00"
    assert read_stamp.cache_info().misses == before
