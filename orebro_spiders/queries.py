"""The language of searches: what a person types, read into a tree that means one thing.

    simhallen                    a word, in all its inflections
    simhall*                     all words that begin so: compounds too
    "brand i villa"              these words in this form and order
    brand OR rökutveckling       either (ELLER is the same); OR joins its two neighbours before anything else is joined
    brand -övning                without that word (NOT and INTE are the same)
    (brand OR olycka) nora       parentheses

    titel:brand                  title: the word stands in the headline
    källa:na,p4                  source: one of these newsrooms
    kommun:Nora                  municipality: the news is about it
    typ:press                    kind: nyhet, press or notis
    från:2026-01-01 till:2026-03 since:, until: published from the one day to the other, a day, month or year

Operators are written in capitals. Any text whatever is read; what could not be taken as it was written is a line in
`Query.problems`, and `str(query)` says what was understood, in the same language.
"""

from __future__ import annotations

import calendar
import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NamedTuple

MAX_LENGTH = 500
"""Characters of a query that are read."""
MAX_TERMS = 32
"""Words, phrases and filters of a query that are searched for."""
MAX_DEPTH = 8
"""Parentheses within parentheses that are read."""
SHORTEST_PREFIX = 3
"""Letters that stand before a `*`."""

FilterField = Literal["source", "kind", "municipality"]
Joint = Literal["AND", "OR"]


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase that an article holds."""

    text: str
    is_exact: bool = False
    """In this form and order, not in its inflections."""
    is_prefix: bool = False
    """The last word may go on."""
    in_title: bool = False

    def __str__(self) -> str:
        quoted = f'"{self.text}"' if self.is_exact else self.text
        return f"{'titel:' * self.in_title}{quoted}{'*' * self.is_prefix}"


@dataclass(frozen=True, slots=True)
class Filter:
    """What an article's source, kind or one of its municipalities must be, in lower case."""

    field: FilterField
    value: str

    def __str__(self) -> str:
        value = f'"{self.value}"' if re.search(r"\s", self.value) else self.value
        return f"{_SWEDISH[self.field]}:{value}"


@dataclass(frozen=True, slots=True)
class Not:
    """What an article must not be."""

    part: Node

    def __str__(self) -> str:
        return f"-{_inside(self.part)}"


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that all must be so, or one of them; at least two."""

    joint: Joint
    parts: tuple[Node, ...]

    def __str__(self) -> str:
        if self.joint == "OR":
            return " OR ".join(_inside(part) for part in self.parts)
        return " ".join(str(part) for part in self.parts)


Node = Term | Filter | Not | Group


class Problem(str):
    """What could not be taken as it was written: one line for whoever runs the program, and the same for readers."""

    swedish: str

    def __new__(cls, english: str, swedish: str) -> Problem:
        """The line, with `swedish` beside it."""
        made = super().__new__(cls, english)
        made.swedish = swedish
        return made


@dataclass(frozen=True, slots=True)
class Query:
    """What was understood of a query."""

    root: Node | None
    """`None` when all articles are meant: of the days, or none at all where no day is stated either."""
    since: date | None = None
    until: date | None = None
    """The first and the last day, both included."""
    problems: tuple[Problem, ...] = ()
    """What could not be taken as it was written."""

    def __bool__(self) -> bool:
        return bool(self.root or self.since or self.until)

    def __str__(self) -> str:
        days = (("från", self.since), ("till", self.until))
        return " ".join([*([str(self.root)] if self.root else []), *(f"{name}:{day}" for name, day in days if day)])

    def filtered(self, field: FilterField, values: tuple[str, ...]) -> Query:
        """The same query of articles only that have one of these values, where there are any."""
        narrower = _joined("OR", [Filter(field, value) for value in values])
        return replace(self, root=_joined("AND", [self.root, narrower]))

    def narrowed(self, field: FilterField, stated: Iterable[str]) -> Query:
        """The same, with the values as somebody states them: what is no value of the field is told and left out.

        >>> str(parse("badhus").narrowed("kind", ["Pressmeddelanden", "roman"]))
        'badhus typ:press'
        """
        values, problems = _read_values(field, stated)
        narrower = self.filtered(field, values)
        return replace(narrower, problems=_each_once([*self.problems, *problems]))

    def within(self, since: str, until: str) -> Query:
        """The same query of articles only that were published in these days, months or years; empty for no limit.

        >>> str(parse("badhus från:2025").within("2026-02", ""))
        'badhus från:2026-02-01'
        """
        limits, problems = _Days(self.since, self.until), list(self.problems)
        for is_first, stated in ((True, since), (False, until)):
            if stated and (problem := limits.take(stated, is_first=is_first)):
                problems.append(problem)
        return replace(self, since=limits.since, until=limits.until, problems=_each_once(problems))

    def in_headlines(self) -> Query:
        """The same query of articles only that have one of the words or phrases in their headline."""
        headlines = _joined("OR", [replace(term, in_title=True) for term in self.wanted()])
        return replace(self, root=_joined("AND", [self.root, headlines]))

    def values_of(self, field: FilterField) -> frozenset[str]:
        """All values that its filters of this field name."""
        return frozenset(node.value for node in _leaves(self.root) if isinstance(node, Filter) and node.field == field)

    def wanted(self) -> tuple[Term, ...]:
        """The words and phrases that it asks for, without those that it excludes."""
        return tuple(node for node in _leaves(self.root, with_excluded=False) if isinstance(node, Term))


def parse(text: str) -> Query:
    """Read a query; any text is answered.

    >>> str(parse("(simhall* or badhus) OR bad källa:NA -titel:kumla"))
    '(simhall* or badhus) OR bad källa:na -titel:kumla'
    >>> parse('"brand i villa').problems
    ('the quote that begins with "brand i villa is not closed',)
    """
    return _Reader(text).query()


# What stands in a query

_SWEDISH: dict[str, str] = {
    "title": "titel",
    "source": "källa",
    "municipality": "kommun",
    "kind": "typ",
    "since": "från",
    "until": "till",
}
_FIELDS = {name: field for field, swedish in _SWEDISH.items() for name in (field, swedish)} | {"kalla": "source"}
_FIELDS |= {"fran": "since", "rubrik": "title"}
_KINDS = {
    **dict.fromkeys(("news", "nyhet", "nyheter"), "news"),
    **dict.fromkeys(("press", "pressmeddelande", "pressmeddelanden"), "press"),
    **dict.fromkeys(("notice", "notis", "notiser", "händelse", "händelser"), "notice"),
}
_OPERATORS = {"OR": "or", "ELLER": "or", "AND": "and", "OCH": "and", "NOT": "not", "INTE": "not"}
_QUOTES = str.maketrans("”“„«»", '"""""')
_PIECE = re.compile(
    rf"""
      (?P<minus>-(?=[^\s)]))
    | (?P<open>\() | (?P<close>\))
    | (?:(?P<field>{"|".join(_FIELDS)}):\s*)?
      (?: "(?P<quoted>[^"]*)(?P<closed>"?)(?P<star>\*?) | (?P<word>[^\s()"]+) | (?(field)|(?!)) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LOOKS_LIKE_FIELD = re.compile(r"([^\W\d_]{3,}):[^\s/]")
_SOURCE = re.compile(r"[a-z0-9][a-z0-9-]*")
_DAY = re.compile(r"((?:19|20)\d\d)(?:-(\d\d?)(?:-(\d\d?))?)?", re.ASCII)


class _Piece(NamedTuple):
    """One thing that was typed."""

    kind: str
    """`minus`, `open`, `close`, `or`, `and`, `not`, or `value`."""
    shown: str
    field: str = ""
    value: str = ""
    is_quoted: bool = False
    is_closed: bool = True
    is_starred: bool = False


def _pieces(text: str) -> Iterator[_Piece]:
    for match in _PIECE.finditer(text):
        shown, word = match[0].strip(), match["word"]
        if match.lastgroup in {"minus", "open", "close"}:
            yield _Piece(match.lastgroup, shown)
        elif word in _OPERATORS and not match["field"]:
            yield _Piece(_OPERATORS[word], shown)
        else:
            field = _FIELDS[match["field"].lower()] if match["field"] else ""
            is_quoted = match["quoted"] is not None
            yield _Piece(
                "value",
                shown,
                field,
                (match["quoted"] if is_quoted else (word or "").removesuffix("*")),
                is_quoted,
                is_closed=not is_quoted or bool(match["closed"]),
                is_starred=match["star"] == "*" if is_quoted else (word or "").endswith("*"),
            )


class _Reader:
    """Reads one query from left to right."""

    def __init__(self, text: str) -> None:
        self.problems: list[Problem] = []
        self.days = _Days()
        self.terms = 0
        if len(text) > MAX_LENGTH:
            self.say(f"only the first {MAX_LENGTH} characters are read", f"bara de första {MAX_LENGTH} tecknen läses")
        self.pieces = list(_pieces(unicodedata.normalize("NFC", text[:MAX_LENGTH]).translate(_QUOTES)))
        self.at = 0

    def query(self) -> Query:
        root = self.sequence(depth=0)
        return Query(root, self.days.since, self.days.until, _each_once(self.problems))

    def say(self, english: str, swedish: str) -> None:
        self.problems.append(Problem(english, swedish))

    def next_is(self, *kinds: str) -> bool:
        return self.at < len(self.pieces) and self.pieces[self.at].kind in kinds

    def take(self) -> _Piece:
        self.at += 1
        return self.pieces[self.at - 1]

    def sequence(self, depth: int) -> Node | None:
        """All up to the end, or to the parenthesis that closes."""
        parts: list[Node | None] = []
        while self.at < len(self.pieces):
            if self.next_is("close"):
                if depth:
                    break
                self.take()
                self.say("a parenthesis is closed that was not opened", "en parentes stängs som inte har öppnats")
            elif self.next_is("and"):
                self.take()
            else:
                parts.append(self.alternatives(depth))
        return _joined("AND", parts)

    def alternatives(self, depth: int) -> Node | None:
        """One part, or several with OR between them."""
        is_alone = not self.next_is("or")
        parts = [self.part(depth)] if is_alone else []
        while self.next_is("or"):
            word = self.take().shown
            if self.at == len(self.pieces) or self.next_is("close", "or", "and") or not is_alone:
                self.say(
                    f"{word} stands between two words, and one of them is missing",
                    f"{word} står mellan två ord, och ett av dem saknas",
                )
                is_alone = True
            else:
                parts.append(self.part(depth, in_choice=True))
        return _joined("OR", parts)

    def part(self, depth: int, *, in_choice: bool = False) -> Node | None:
        is_excluded = False
        while self.next_is("minus", "not"):
            self.take()
            is_excluded = not is_excluded
        found: Node | None = None
        if self.next_is("open"):
            found = self.parenthesis(depth)
        elif self.next_is("value"):
            is_bound = bool(depth or is_excluded or in_choice)
            found = self.value(self.take(), is_bound=is_bound or self.next_is("or"))
        elif is_excluded:
            self.say("nothing stands after NOT", "inget står efter INTE")
        return _negated(found) if is_excluded and found else found

    def parenthesis(self, depth: int) -> Node | None:
        self.take()
        if depth == MAX_DEPTH:
            self.say(
                f"no more than {MAX_DEPTH} parentheses within each other are read",
                f"högst {MAX_DEPTH} parenteser i varandra läses",
            )
            return None
        found = self.sequence(depth + 1)
        if self.next_is("close"):
            self.take()
        else:
            self.say("a parenthesis is not closed", "en parentes är inte stängd")
        return found

    def value(self, piece: _Piece, *, is_bound: bool) -> Node | None:
        """A term or filter; a day, which applies to the whole query, is noted and gives none."""
        self.terms += 1
        if self.terms > MAX_TERMS:
            self.say(
                f"only the first {MAX_TERMS} words are searched for",
                f"sökningen gäller bara de första {MAX_TERMS} orden",
            )
            return None
        if not piece.is_closed:
            self.say(
                f"the quote that begins with {piece.shown} is not closed",
                f"citatet som börjar med {piece.shown} är inte stängt",
            )
        if not any(map(str.isalnum, piece.value)):
            if piece.field:
                name = piece.shown.partition(":")[0]
                self.say(f"nothing stands after {name}:", f"inget står efter {name}:")
            return None
        if piece.field in {"since", "until"}:
            self.day(piece, is_bound=is_bound)
            return None
        if piece.field in _VALUES:
            return self.filter(piece)
        return self.term(piece)

    def term(self, piece: _Piece) -> Term:
        text = _trimmed(piece.value)
        if not piece.is_quoted:
            self.hint(piece)
        is_word = text.isalnum() and text not in _OPERATORS
        is_prefix = piece.is_starred
        if is_prefix and len(text) < SHORTEST_PREFIX:
            self.say(
                f"{piece.shown}: at least {SHORTEST_PREFIX} letters must stand before *",
                f"{piece.shown}: minst {SHORTEST_PREFIX} bokstäver ska stå före *",
            )
            is_prefix = False
        return Term(text, piece.is_quoted or not is_word, is_prefix, piece.field == "title")

    def hint(self, piece: _Piece) -> None:
        """Say what may be meant by a word that is read in another way than it looks."""
        if "*" in piece.value:
            self.say(
                f"{piece.shown}: * stands only at the end of a word",
                f"{piece.shown}: * står bara sist i ett ord",
            )
        if not piece.field and (match := _LOOKS_LIKE_FIELD.match(piece.value)):
            near = difflib.get_close_matches(match[1].lower(), _FIELDS, n=1, cutoff=0.7)
            if near:
                self.say(
                    f"no field is called {match[1]}:; did you mean {near[0]}:?",
                    f"inget fält heter {match[1]}: – menade du {near[0]}:?",
                )

    def filter(self, piece: _Piece) -> Node | None:
        field = _VALUES[piece.field].field
        values, problems = _read_values(field, piece.value.split(","))
        self.problems += problems
        return _joined("OR", [Filter(field, value) for value in values])

    def day(self, piece: _Piece, *, is_bound: bool) -> None:
        if is_bound:
            self.say(
                f"{piece.shown}: days apply to the whole query: write them outside of OR, - and ()",
                f"{piece.shown}: dagar gäller hela sökningen: skriv dem utanför OR, - och ()",
            )
        elif problem := self.days.take(piece.value, is_first=piece.field == "since", shown=piece.shown):
            self.problems.append(problem)


def _trimmed(text: str) -> str:
    """`text` on one line, from its first letter or digit to its last."""
    places = [place for place, letter in enumerate(text) if letter.isalnum()]
    return " ".join(text[places[0] : places[-1] + 1].split())


def _source_name(value: str) -> str:
    return value if _SOURCE.fullmatch(value) else ""


def _municipality_name(value: str) -> str:
    name = " ".join(value.split())
    is_name = name[:1].isalpha() and name[-1:].isalpha() and all(letter.isalpha() or letter in " -" for letter in name)
    return name if is_name else ""


def _kind(value: str) -> str:
    return _KINDS.get(value, "")


class _Values(NamedTuple):
    """What may stand after the name of a field."""

    field: FilterField
    read: Callable[[str], str]
    expected: str
    swedish: str


_VALUES: dict[str, _Values] = {
    "source": _Values("source", _source_name, "name of a source (see `orebro sources`)", "inte namnet på en källa"),
    "kind": _Values("kind", _kind, "kind: nyhet, press or notis", "inget slag: skriv nyhet, press eller notis"),
    "municipality": _Values("municipality", _municipality_name, "name of a municipality", "inte namnet på en kommun"),
}


def _read_values(field: FilterField, stated: Iterable[str]) -> tuple[tuple[str, ...], list[Problem]]:
    """The values as filters hold them, and what is none."""
    meant = _VALUES[field]
    values = {one: meant.read(one.lower()) for one in map(str.strip, stated) if one}
    problems = [
        Problem(f"{one!r} is no {meant.expected}", f"”{one}” är {meant.swedish}")
        for one, value in values.items()
        if not value
    ]
    return tuple(value for value in values.values() if value), problems


def _each_once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(problems))


@dataclass(slots=True)
class _Days:
    """The days that all limits stated so far leave."""

    since: date | None = None
    until: date | None = None

    def take(self, text: str, *, is_first: bool, shown: str = "") -> Problem | None:
        """Narrow them by one more; the problem when it is none."""
        shown = shown or text
        if not (days := _days(text)):
            return Problem(
                f"{shown}: a day is written 2026-03-01, a month 2026-03, a year 2026",
                f"{shown}: en dag skrivs 2026-03-01, en månad 2026-03, ett år 2026",
            )
        if is_first:
            self.since = max(self.since or days[0], days[0])
        else:
            self.until = min(self.until or days[1], days[1])
        return None


def _days(text: str) -> tuple[date, date] | None:
    """The first and last day of a day, month or year.

    >>> _days("2024-02")
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    """
    if not (match := _DAY.fullmatch(text.strip())):
        return None
    year, month, day = (int(part or 0) for part in match.groups())
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    last_month = month or 12
    return first, date(year, last_month, day or calendar.monthrange(year, last_month)[1])


# Trees


def _joined(joint: Joint, parts: Iterable[Node | None]) -> Node | None:
    """The parts as one; groups of the same kind are taken apart."""
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, Group) and part.joint == joint else [part] if part else []
    different = tuple(dict.fromkeys(flat))
    return Group(joint, different) if len(different) > 1 else different[0] if different else None


def _negated(part: Node) -> Node:
    return part.part if isinstance(part, Not) else Not(part)


def _inside(part: Node) -> str:
    """The part as it stands inside of something that binds more tightly."""
    return f"({part})" if isinstance(part, Group) else str(part)


def _leaves(node: Node | None, *, with_excluded: bool = True) -> Iterator[Term | Filter]:
    if isinstance(node, Not):
        if with_excluded:
            yield from _leaves(node.part)
    elif isinstance(node, Group):
        for part in node.parts:
            yield from _leaves(part, with_excluded=with_excluded)
    elif node:
        yield node
