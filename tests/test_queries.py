from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orebro_spiders.queries import MAX_LENGTH, MAX_TERMS, Filter, Group, Not, Query, Term, parse

BADHUS, SIMHALL, KUMLA = Term("badhus"), Term("simhall", is_prefix=True), Term("kumla")


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("badhus", BADHUS),
        ("simhall*", SIMHALL),
        ('"brand i villa"', Term("brand i villa", is_exact=True)),
        ("”brand i  villa”", Term("brand i villa", is_exact=True)),
        ('"brand i vill"*', Term("brand i vill", is_exact=True, is_prefix=True)),
        ("badhus kumla", Group("AND", (BADHUS, KUMLA))),
        ("badhus AND kumla", Group("AND", (BADHUS, KUMLA))),
        ("badhus OCH (kumla)", Group("AND", (BADHUS, KUMLA))),
        ("badhus OR simhall*", Group("OR", (BADHUS, SIMHALL))),
        ("badhus ELLER simhall* ELLER kumla", Group("OR", (BADHUS, SIMHALL, KUMLA))),
        ("kumla badhus OR simhall*", Group("AND", (KUMLA, Group("OR", (BADHUS, SIMHALL))))),
        ("(kumla badhus) OR simhall*", Group("OR", (Group("AND", (KUMLA, BADHUS)), SIMHALL))),
        ("badhus -kumla", Group("AND", (BADHUS, Not(KUMLA)))),
        ("badhus NOT kumla", Group("AND", (BADHUS, Not(KUMLA)))),
        ("badhus INTE kumla", Group("AND", (BADHUS, Not(KUMLA)))),
        ("-(badhus kumla)", Not(Group("AND", (BADHUS, KUMLA)))),
        ("badhus badhus", BADHUS),
        ("badhus or kumla", Group("AND", (BADHUS, Term("or"), KUMLA))),
        ('"OR"', Term("OR", is_exact=True)),
        ("titel:badhus", Term("badhus", in_title=True)),
        ('Title: "brand i villa"', Term("brand i villa", is_exact=True, in_title=True)),
        ("källa:NA", Filter("source", "na")),
        ("source:na,p4", Group("OR", (Filter("source", "na"), Filter("source", "p4")))),
        ("-källa:na", Not(Filter("source", "na"))),
        ("kommun:Nora", Filter("municipality", "nora")),
        ("municipality:ÖREBRO", Filter("municipality", "örebro")),
        ("typ:pressmeddelanden", Filter("kind", "press")),
        ("kind:news", Filter("kind", "news")),
        ("e-post", Term("e-post", is_exact=True)),
        ("badhus!", BADHUS),
        ("E18", Term("E18")),
        ("kl 10:30", Group("AND", (Term("kl"), Term("10:30", is_exact=True)))),
        ("o\u0308l", Term("öl")),
        ("badhus – kumla", Group("AND", (BADHUS, KUMLA))),
    ],
)
def test_what_is_typed_means_one_thing(text: str, root: object) -> None:
    assert parse(text) == Query(root)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("från:2026-01-05", date(2026, 1, 5), None),
        ("since:2026-1-5 until:2026-02-01", date(2026, 1, 5), date(2026, 2, 1)),
        ("från:2026-02", date(2026, 2, 1), None),
        ("till:2024-02", None, date(2024, 2, 29)),
        ("från:2025 till:2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("från:2024 från:2025", date(2025, 1, 1), None),
        ("till:2025 till:2024", None, date(2024, 12, 31)),
    ],
)
def test_days_months_and_years(text: str, since: date | None, until: date | None) -> None:
    assert parse(f"badhus {text} kumla") == Query(Group("AND", (BADHUS, KUMLA)), since, until)
    assert parse(text) == Query(None, since, until)
    assert parse(text)


@pytest.mark.parametrize(
    ("text", "understood", "says"),
    [
        ('"brand i villa', '"brand i villa"', "not closed"),
        ("(badhus", "badhus", "parenthesis is not closed"),
        ("badhus)", "badhus", "was not opened"),
        ("badhus OR", "badhus", "OR stands between"),
        ("ELLER badhus", "badhus", "ELLER stands between"),
        ("badhus OR OR kumla", "badhus OR kumla", "OR stands between"),
        ("badhus NOT", "badhus", "after NOT"),
        ("badhus titel:", "badhus", "after titel:"),
        ("badhus från:igår", "badhus", "2026-03-01"),
        ("badhus från:2026-02-30", "badhus", "från:2026-02-30"),
        ("badhus till:0001", "badhus", "till:0001"),
        ("från:2026 OR badhus", "badhus", "outside of OR"),
        ("badhus OR från:2026", "badhus", "outside of OR"),
        ("badhus -från:2026", "badhus", "outside of OR"),
        ("(badhus från:2026)", "badhus", "outside of OR"),
        ("badhus typ:film", "badhus", "'film' is no kind"),
        ("badhus källa:'na'", "badhus", "name of a source"),
        ("badhus kommun:5", "badhus", "name of a municipality"),
        ("ba*", "ba", "at least 3 letters"),
        ("bad*hus", '"bad*hus"', "only at the end"),
        ("kalal:na", '"kalal:na"', "did you mean kalla:?"),
        ("(" * 10 + "badhus" + ")" * 10, "badhus", "parentheses within each other"),
        ("a" * 600, "a" * MAX_LENGTH, f"first {MAX_LENGTH} characters"),
    ],
)
def test_what_is_written_wrongly_is_told_and_the_rest_understood(text: str, understood: str, says: str) -> None:
    query = parse(text)
    assert str(query) == understood
    assert says in "; ".join(query.problems)
    assert all("\n" not in problem for problem in query.problems)


@pytest.mark.parametrize("text", ["", " ", "()", "-", "*", '""', "OR", "– !", "från:igår"])
def test_a_query_that_asks_for_nothing_is_false(text: str) -> None:
    assert not parse(text)


def test_the_number_of_words_is_bounded() -> None:
    query = parse(" ".join(f"o{number}" for number in range(100)))
    assert len(query.wanted()) == MAX_TERMS
    assert f"first {MAX_TERMS} words" in query.problems[0]


def test_what_is_wanted_and_what_is_excluded() -> None:
    query = parse('titel:badhus (simhall* OR -"i kumla") -(kumla OR nora) källa:na -källa:p4')
    assert [str(term) for term in query.wanted()] == ["titel:badhus", "simhall*"]
    assert query.values_of("source") == {"na", "p4"}


def test_a_query_is_narrowed_to_sources() -> None:
    query = parse("badhus OR kumla från:2026")
    assert str(query.filtered("source", ("na", "p4"))) == "badhus OR kumla källa:na OR källa:p4 från:2026-01-01"
    assert query.filtered("source", ()) == query
    assert str(parse("").filtered("source", ("na",))) == "källa:na"


PARTS = st.sampled_from(
    [
        *"badhus simhall* e-post -kumla OR ELLER AND NOT INTE ( ) - -- * \" ” ' : , . på".split(),
        *('"brand i villa"', "titel:", "källa:na,p4", "kommun:Örebro", "typ:press", "från:2026-01", "till:2026"),
        *("\x00", "x:y", "från:", "kommun:\"stora by\"", "\ud800", "ß", "İ", "²"),
    ]
)  # fmt: skip


@given(st.text() | st.lists(PARTS, max_size=40).map(" ".join) | st.lists(PARTS, max_size=20).map("".join))
@example("-OR x")
@example("titel:OR")
@example("(a OR -(b c)) -d")
def test_any_text_is_answered_and_what_was_understood_says_the_same(text: str) -> None:
    query = parse(text)
    again = parse(str(query))
    assert (again.root, again.since, again.until) == (query.root, query.since, query.until)
    assert set(again.problems) <= {problem for problem in again.problems if "first" in problem or "within" in problem}


@pytest.mark.parametrize("value", ["-", "", " ", '"', "*", "a" * 600, "\0", "Nora-", "1"])
def test_a_municipality_that_is_stated_is_a_name_or_told(value: str) -> None:
    query = parse("badhus").narrowed("municipality", [value, "Nora"])
    assert "nora" in query.values_of("municipality")
    assert bool(query.problems) is (bool(value.strip()) and not value.isalpha())


def test_days_that_are_stated_narrow_those_of_the_query() -> None:
    query = parse("badhus från:2026-02 till:2026").within("2026-01-15", "2026-03")
    assert (query.since, query.until) == (date(2026, 2, 1), date(2026, 3, 31))
    assert [one.swedish for one in parse("badhus").within("nyss", "").problems] == [
        "nyss: en dag skrivs 2026-03-01, en månad 2026-03, ett år 2026"
    ]


@given(st.text(max_size=60))
def test_every_problem_is_told_in_both_languages(text: str) -> None:
    for problem in parse(text).problems:
        assert problem
        assert problem.swedish
        assert problem != problem.swedish
