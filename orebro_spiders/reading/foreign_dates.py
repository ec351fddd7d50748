"""Dates of pages in other languages than Swedish and English: the months of Europe, numbers as Asia writes them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from orebro_spiders.reading.dates import ParsedDate, parse_date

_MOST: Final = 80  # characters

_MONTH_NAMES = (
    "jan jän janv ene gen sty янв ocak ledna gener enero janua* januá* janúa* janvi* janvā* janei* jänner jaanua*"
    " ianua* gennai* tammik* sausi* stycz* янва* січн* яну* ιανου*",
    "feb fév fev févr febr lut фев şubat února februa* februá* februā* febrúa* febrer* febbra* fevere* févrie* fevrie*"
    " feber veebrua* helmik* vasari* luteg* февр* лютого φεβρου*",
    "mar mär maa mrt mrz мар mars mart marts march marz märz maerz marzo março marco març maart maret marca marta"
    " martie märts kovo března márci* maalisk* март* берез* μαρτ*",
    "apr avr abr kwi апр avril nisan dubna apri* aprí* aprī* abril* huhtik* baland* kwie* апре* апри* квіт* απριλ*",
    "maj may mai mei mag mayo maio maí maja maig mája május maijs maijā maggio mayıs května мая май toukok* geguž*"
    " травн* μαΐου μαίου",
    "jun juin giu cze июн june juny juni* juno junho júní júna juuni* júniu* jūnij* iunie června haziran giugn* kesäk*"
    " birže* czerw* июня юни червн* ιουν*",
    "jul juil lug lip июл july juli* julho júlí júla juuli* júliu* jūlij* iulie července temmuz juillet lugli* heinäk*"
    " liepos lipca июля юли липн* ιουλ*",
    "aug aoû ago авг août aout srpna agost* agust* augus* ágúst* avgust* ağustos elok* rugpj* sierp* авгу* серп* αυγο*",
    "sep set sept szept wrz сен září eylül septe* septi* setem* settem* setiem* szept* syysk* rugs* wrześ* сентя*"
    " септе* верес* σεπτε*",
    "okt oct ott out paź окт října ekim octob* octub* octom* oktob* októb* oktoob* ottob* outub* lokak* spali* paźdz*"
    " октя* окто* жовт* οκτω*",
    "nov ноя kasım listopadu листопада novem* noviem* noiem* nóvem* marrask* lapkr* ноябр* ноемв* νοεμ*",
    "dec dez déc dic des gru дек aralık decem* dezem* décem* diciem* dicem* desem* detsem* joulu* grudn* gruod* prosin*"
    " декаб* декем* грудн* δεκεμ*",
)
"""Of January to December, in small letters; of one with an asterisk only the beginning, since it is inflected. The
"listopada" of Poland is November and that of Croatia October, so it is neither."""
_MONTHS = {name: month for month, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_BEGINNINGS = {name[:-1]: month for name, month in _MONTHS.items() if name.endswith("*")}
_MOST_OF_BEGINNING = max(map(len, _BEGINNINGS))
_MONTH = r"(?P<month>[^\W\d_]{3,12})"
_CLOCK = r"(?:\D{0,14}(?P<hour>[01]?\d|2[0-3])[:.h時](?P<minute>[0-5]\d).{0,20})?"
_WEEKDAY = r"(?:[^\W\d]{2,12}[.,]*\s+)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?: ?г\b\.?)?"
_DAY = r"(?P<day>\d{1,2})(?:\.|º|er|st|nd|rd|th)?"
_HALF_DAY = re.compile(r"\d\s?[ap]\.?m\b")
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_WEEKDAY}{_DAY},?\s*(?:de |of |d[’'])?{_MONTH}[.,]?\s*(?:de |del )?{_YEAR}{_CLOCK}",
        rf"{_WEEKDAY}{_MONTH}\.?\s+{_DAY},?\s+{_YEAR}{_CLOCK}",
        rf"{_YEAR}\.?\s+(?:m\.\s+)?{_MONTH}\s+{_DAY}\.?{_CLOCK}",
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
            if fields.get("m") and day <= 12 and _HALF_DAY.search(folded):
                return None  # a clock of 12 hours may come with the American order
            month = int(fields["m"]) if fields.get("m") else _month(fields["month"])
            year = int(fields["year"]) if fields.get("year") else _whole_year(int(fields["short"]), day, now)
            return parse_date(f"{year}-{month:02}-{day:02}", now) if month and year else None
    return None


def _month(name: str) -> int:
    """The number of the month in small letters; 0 where it is none, as of "market"."""
    begun = (name[:length] for length in range(4, _MOST_OF_BEGINNING + 1))
    return _MONTHS.get(name) or next((_BEGINNINGS[part] for part in begun if part in _BEGINNINGS), 0)


def _whole_year(short: int, day: int, now: datetime) -> int:
    """The year of "31.10.23"; 0 where the first number may as well be the year."""
    if 2000 + short > now.year:
        return 0
    return 2000 + short if short == now.year % 100 or short > 31 or 2000 + day > now.year else 0
