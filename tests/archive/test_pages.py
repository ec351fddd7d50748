from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlite_utils import Database

from orebro_spiders.archive import fetches
from orebro_spiders.archive.crawls import walk_of
from orebro_spiders.archive.database import transaction
from orebro_spiders.archive.pages import FUTURE, store_missing, store_page
from orebro_spiders.archive.versions import versions_of
from orebro_spiders.items import Article, Missing, PageRead
from tests.archive.newsroom import (
    AUTHORITY,
    BATH,
    DAY,
    FRONT,
    HOUR,
    MINUTE,
    NOW,
    TEXT,
    article,
    everything,
    fetched,
    only,
    read,
    rows,
    standing,
    teaser,
)

MORNING = {"title": "Nattens händelser från polisen", "text": "", "summary": "Ett urval av nattens händelser."}


def numbered(*numbers: int, **said: Any) -> list[Article]:
    return [article(f"https://bladet.example/{n}", title=f"Nyhet {n}", text=f"Text {n}.", **said) for n in numbers]


def gone(url: str = BATH, *, definite: bool = False, source: str = "bladet", status: int = 404) -> Missing:
    return Missing(url=url, source=source, status=status, definite=definite)


# New articles


def test_a_new_article_gets_an_id_and_its_first_day(db: Database) -> None:
    tally = read(db, article(native_id="315"))
    kept = only(db)
    assert kept.id == f"tag:{AUTHORITY},2026:bladet/315"
    assert (kept.first_seen, kept.last_seen, kept.changed_at, kept.gone_at) == (NOW, NOW, None, None)
    assert (tally.new, tally.changed, tally.duplicates, tally.gone, tally.present) == (1, 0, 0, 0, {kept.id})


def test_an_id_is_minted_once(db: Database) -> None:
    """Neither another domain, another year, a headline, a number nor an address that come later change it."""
    read(db, article(guid="g1"))
    first = only(db).id
    later = article(native_id="315", guid="g1", title="Helt ny rubrik", text="Helt ny text.")
    for year, said in enumerate((later, replace(later, url=f"{BATH}-2"), replace(later, guid="g2")), start=1):
        page = PageRead(url=FRONT, source="bladet", fetch=fetched())
        store_page(db, page, [said], NOW + year * 365 * DAY, "annan.example.org")
        assert only(db).id == first


def test_a_day_without_a_year_of_its_own_is_minted_under_the_year_of_first_sight(db: Database) -> None:
    read(db, article(native_id="1", published=datetime(2019, 5, 3, tzinfo=UTC)), now=datetime(2027, 1, 1, tzinfo=UTC))
    assert only(db).id == f"tag:{AUTHORITY},2027:bladet/1"


# One article, one row


@pytest.mark.parametrize(
    "form",
    [
        "http://bladet.example/nyheter/badet-oppnar",
        "https://www.bladet.example/nyheter/badet-oppnar",
        "http://www.bladet.example:80/nyheter/badet-oppnar/",
        "https://BLADET.example/nyheter/badet-oppnar",
        f"{BATH}/?utm_source=twitter&utm_campaign=hösten",
        f"{BATH}?fbclid=IwAR0",
        f"{BATH}#kommentarer",
    ],
)
def test_forms_of_an_address_are_one_row(db: Database, form: str) -> None:
    read(db, article())
    tally = read(db, article(form), now=NOW + HOUR)
    assert (tally.new, tally.changed) == (0, 0)
    assert (only(db).url, only(db).first_seen) == (BATH, NOW)


def test_forms_of_an_address_in_one_page_are_one_row(db: Database) -> None:
    read(db, article(), article(BATH.replace("https://", "http://www.")), article(f"{BATH}/?utm_medium=rss"))
    assert only(db).url == BATH


@pytest.mark.parametrize("url", [f"{BATH}?id=2", f"{BATH}-2", "https://bladet.example/nyheter/BADET-oppnar"])
def test_other_addresses_are_other_articles(db: Database, url: str) -> None:
    read(db, article(), article(url, title="En annan nyhet"))
    assert len(standing(db)) == 2


def test_the_number_holds_when_address_and_guid_change(db: Database) -> None:
    read(db, article(native_id="315", guid="a"))
    assert read(db, article(f"{BATH}-ny-rubrik", native_id="315", guid="b"), now=NOW + HOUR).new == 0
    assert read(db, article(f"{BATH}-ny-rubrik", guid="c"), now=NOW + 2 * HOUR).new == 0
    assert only(db).native_id == "315"


def test_two_numbers_are_two_articles_with_one_headline(db: Database) -> None:
    read(db, article(native_id="1"), article(f"{BATH}-2", native_id="2", text="En annan text."))
    assert [one.duplicate_of for one in standing(db)] == [None, None]


def test_the_address_counts_before_the_guid(db: Database) -> None:
    read(db, article(guid="a"), article(f"{BATH}-2", title="Annan", text="Annan.", guid="b"))
    read(db, article(text="Rättad text.", guid="b"), now=NOW + HOUR)
    assert [one.text for one in standing(db)] == ["Rättad text.", "Annan."]


def test_an_article_that_moved_keeps_its_guid(db: Database) -> None:
    read(db, article(guid="tag:bladet.example,2026:badet"))
    moved = article("https://bladet.example/2026/08/badet", guid="tag:bladet.example,2026:badet")
    assert read(db, moved, now=NOW + HOUR).new == 0
    assert read(db, replace(moved, guid=""), now=NOW + 2 * HOUR).new == 0
    assert len(standing(db)) == 1


def test_a_guid_on_every_item_names_nothing(db: Database) -> None:
    read(db, *(replace(one, guid="https://bladet.example/") for one in numbered(1, 2, 3, 4, 5)))
    assert len(standing(db)) == 5
    assert [row for row in rows(db, "aliases") if row["kind"] == "guid"] == []
    read(db, *(replace(one, guid="https://bladet.example/") for one in numbered(4, 5, 6)), now=NOW + HOUR)
    assert len(standing(db)) == 6


def test_guids_and_addresses_that_rotate_at_every_fetch_are_one_row(db: Database) -> None:
    names = 0
    for hour in range(6):
        items = [
            replace(one, url=f"{one.url}?session={hour}{number}", guid=f"{hour}-{number}")
            for number, one in enumerate(numbered(1, 2, 3))
        ]
        read(db, *items, now=NOW + hour * HOUR, fetch=fetched(etag=str(hour)))
        names = names or len(rows(db, "aliases"))
    assert len(standing(db)) == 3
    assert len(rows(db, "aliases")) == names
    assert {one.last_seen for one in standing(db)} == {NOW + 5 * HOUR}


ROTATING: dict[str, dict[str, Any]] = {
    "without dates": {"published": None, "published_from": "first-seen"},
    "with fractions of a second": {"published": (NOW - HOUR).replace(microsecond=654_321)},
    "with dates of 1970": {"published": datetime(1970, 1, 1, tzinfo=UTC)},
    "with dates ahead": {"published": NOW + 400 * DAY},
    "with a summary alone": {"text": "", "summary": "Efter två år är det dags."},
    "that are teasers": {"text": "", "summary": "Efter två år är det dags.", "teaser": True},
}


@pytest.mark.parametrize("said", ROTATING.values(), ids=ROTATING)
def test_rotating_names(db: Database, said: dict[str, Any]) -> None:
    for hour in range(4):
        read(
            db,
            article(f"{BATH}?s={hour}", guid=str(hour), **said),
            now=NOW + hour * HOUR,
            fetch=fetched(etag=str(hour)),
        )
    assert len(standing(db)) == 1
    assert len([row for row in rows(db, "aliases") if row["kind"] != "headline"]) == 2


def test_rotating_names_of_a_summary_that_comes_back_every_year(db: Database) -> None:
    read(db, article(f"{BATH}-1", **MORNING, published=NOW - 365 * DAY), now=NOW - 365 * DAY)
    for hour in range(4):
        read(db, article(f"{BATH}-2?s={hour}", **MORNING, published=NOW, guid=str(hour)), now=NOW + hour * HOUR)
    assert len(standing(db)) == 2


def test_rotating_names_of_twins_in_one_page(db: Database) -> None:
    for hour in range(4):
        twins = [article(f"{BATH}?s={hour}{twin}", guid=f"{hour}{twin}") for twin in "ab"]
        read(db, *twins, now=NOW + hour * HOUR)
    assert len(standing(db)) == 2


def test_a_rotating_teaser_whose_page_was_read_is_one_row(db: Database) -> None:
    for hour in range(3):
        url, now = f"{BATH}?s={hour}", NOW + hour * HOUR
        read(db, teaser(url), now=now)
        read(db, article(url), now=now, url=url)
    assert only(db).text == TEXT


# The same words


@pytest.mark.parametrize("listed", [True, False], ids=["beside yesterday's", "when yesterday's is gone from the list"])
@pytest.mark.parametrize("apart", [10 * HOUR, 24 * HOUR], ids=["in the evening", "the next morning"])
@pytest.mark.parametrize("dated", [True, False], ids=["dated", "undated"])
def test_teasers_with_the_same_words_are_told_apart_by_their_pages(
    db: Database, dated: bool, apart: timedelta, listed: bool
) -> None:
    words = {"title": MORNING["title"], "summary": MORNING["summary"]}

    def round_of(url: str, now: datetime, *others: Article) -> Article:
        said = {"published": now if dated else None, "published_from": "feed" if dated else "first-seen"}
        seen = teaser(url, **words, **said)
        read(db, seen, *others, now=now)
        read(db, article(url, **words, **said, text=f"Polisen ryckte ut {now:%d/%m kl %H}."), now=now + MINUTE)
        return seen

    first = round_of(f"{BATH}-1", NOW - apart)
    round_of(f"{BATH}-2", NOW, *((first,) if listed else ()))
    assert [one.url for one in standing(db)] == [f"{BATH}-1", f"{BATH}-2"]
    assert [one.duplicate_of for one in standing(db)] == [None, None]


def test_the_same_headline_every_morning_is_another_article(db: Database) -> None:
    for day in range(3):
        read(
            db, article(f"https://bladet.example/natt-{day}", title="Nattens händelser", text=f"Natten till dag {day}.")
        )
    assert len(standing(db)) == 3
    assert {one.duplicate_of for one in standing(db)} == {None}


def test_word_for_word_under_another_number_is_marked(db: Database) -> None:
    tally = read(db, article(native_id="1"), article(f"{BATH}-2", native_id="2"))
    first, second = standing(db)
    assert (first.duplicate_of, second.duplicate_of) == (None, first.id)
    assert (tally.new, tally.duplicates) == (2, 1)


def test_a_copy_that_was_first_known_by_its_teaser_is_counted_when_its_text_is_read(db: Database) -> None:
    listed = [article(f"{BATH}-{number}", text="", summary="", title=f"Badet {number}", teaser=True) for number in "12"]
    assert read(db, *listed).duplicates == 0
    assert [read(db, article(f"{BATH}-{number}", title="Badet")).duplicates for number in "12"] == [0, 1]
    assert read(db, article(f"{BATH}-2", title="Badet")).duplicates == 0


def test_a_third_copy_points_to_the_first(db: Database) -> None:
    for number in "123":
        read(db, article(f"{BATH}-{number}", native_id=number))
    first, second, third = standing(db)
    assert (second.duplicate_of, third.duplicate_of) == (first.id, first.id)


def test_copies_of_other_newsrooms_are_none_of_ours(db: Database) -> None:
    read(db, article(native_id="1"))
    read(db, article("https://kuriren.example/badet", source="kuriren", native_id="1"))
    assert [one.duplicate_of for one in standing(db)] == [None, None]


@pytest.mark.parametrize(
    ("apart", "duplicate"),
    [(20 * MINUTE, True), (23 * HOUR, False), (2 * DAY, False), (365 * DAY, False)],
    ids=["twenty minutes", "the next morning, an hour earlier", "two days", "a year"],
)
def test_the_same_summary_is_the_same_article_only_close_together(
    db: Database, apart: timedelta, duplicate: bool
) -> None:
    read(db, article(**MORNING, native_id="1", published=NOW))
    read(db, article(f"{BATH}-2", **MORNING, native_id="2", published=NOW + apart), now=NOW + apart)
    first, second = standing(db)
    assert second.duplicate_of == (first.id if duplicate else None)


def test_a_headline_alone_is_never_a_copy(db: Database) -> None:
    plain = {"title": "Trafikolycka, Örebro", "text": "", "summary": ""}
    read(db, article(**plain, native_id="1"), article(f"{BATH}-2", **plain, native_id="2"))
    assert [one.duplicate_of for one in standing(db)] == [None, None]


def test_a_copy_that_is_rewritten_is_an_article_of_its_own(db: Database) -> None:
    """An editor starts the next article from a copy of the last one, and publishes too early."""
    read(db, article(native_id="1"), article(f"{BATH}-2", native_id="2"))
    read(
        db, article(f"{BATH}-2", native_id="2", title="Simskolan fylls", text="Alla platser är tagna."), now=NOW + HOUR
    )
    assert [one.duplicate_of for one in standing(db)] == [None, None]


# Others


def test_what_another_source_says_of_a_known_address_changes_nothing(db: Database) -> None:
    read(db, article(guid="a", summary=""), fetch=fetched())
    before = everything(db)
    theirs = article(
        BATH, source="kuriren", title="Kurirens rubrik", text="Kurirens.", summary="S", guid="x", native_id="7"
    )
    tally = read(db, theirs, replace(theirs, teaser=True), now=NOW + HOUR)
    assert everything(db) == before
    assert (tally.new, tally.changed) == (0, 0)


def test_what_another_source_shows_does_not_make_it_stand_longer(db: Database) -> None:
    read(db, article())
    read(
        db,
        article(source="kuriren"),
        article("https://kuriren.example/1", source="kuriren", title="Egen nyhet"),
        now=NOW + DAY,
        fetch=fetched("https://kuriren.example/feed"),
    )
    assert standing(db)[0].last_seen == NOW


# Teasers


def test_a_page_completes_its_teaser_without_a_version(db: Database) -> None:
    read(db, teaser())
    tally = read(db, article(title="Badet öppnar igen efter två år"), now=NOW + MINUTE, url=BATH, fetch=fetched(BATH))
    kept = only(db)
    assert (kept.text, kept.title) == (TEXT, "Badet öppnar igen efter två år")
    assert (kept.changed_at, tally.changed, rows(db, "versions")) == (None, 0, [])


def test_a_teaser_overrides_nothing_that_was_read(db: Database) -> None:
    read(db, article(summary="Hela ingressen.", authors=("Åsa Öberg",)))
    read(db, teaser(title="Kortare", summary="Kort …", authors=("TT",)), now=NOW + HOUR, fetch=fetched())
    kept = only(db)
    assert (kept.title, kept.summary, kept.text, kept.authors) == (
        "Badet öppnar igen",
        "Hela ingressen.",
        TEXT,
        ("Åsa Öberg",),
    )
    assert rows(db, "versions") == []


def test_a_teaser_fills_what_the_page_left_empty(db: Database) -> None:
    read(db, article(summary=""))
    read(db, teaser(summary="Efter två år är det dags.", image="https://bladet.example/b.jpg"), now=NOW + HOUR)
    assert (only(db).summary, only(db).image) == ("Efter två år är det dags.", "https://bladet.example/b.jpg")


def listed_and_read(db: Database, title: str = "Badet öppnar igen") -> None:
    read(db, teaser(title=title), wanted=(BATH,), fetch=fetched())
    read(db, article(), url=BATH, fetch=fetched(BATH))


def test_a_new_headline_in_a_list_makes_the_page_wanted_again_once(db: Database) -> None:
    listed_and_read(db)
    changed = teaser(title="Badet stänger igen")
    read(db, changed, now=NOW + HOUR)
    assert fetches.wanted(db, "bladet", NOW + HOUR) == [BATH]
    assert fetches.fetch_of(db, BATH) is None
    read(db, article(text="Badet stänger."), now=NOW + HOUR, url=BATH, fetch=fetched(BATH, etag='"a2"'))
    for hour, seen in enumerate((changed, teaser(), changed, teaser()), start=2):
        read(db, seen, now=NOW + hour * HOUR)
        assert fetches.wanted(db, "bladet", NOW + hour * HOUR) == []


def test_a_new_headline_does_not_hurry_a_page_that_fails(db: Database) -> None:
    read(db, teaser(), wanted=(BATH,))
    with transaction(db):
        fetches.put_off(db, BATH, 503, NOW)
    read(db, teaser(title="Badet stänger igen"), now=NOW + MINUTE)
    assert fetches.wanted(db, "bladet", NOW + MINUTE) == []


def test_a_list_with_its_own_headline_asks_for_nothing(db: Database) -> None:
    listed_and_read(db, title="Badet öppnar")
    read(db, teaser(title="Badet öppnar"), now=NOW + HOUR)
    assert fetches.wanted(db, "bladet", NOW + HOUR) == []


def test_a_list_that_says_what_the_page_said_asks_for_nothing(db: Database) -> None:
    """The article was read before any list named it."""
    read(db, article(), url=BATH, fetch=fetched(BATH))
    read(db, teaser(title=article().title), now=NOW + HOUR)
    assert fetches.wanted(db, "bladet", NOW + HOUR) == []


def test_a_page_that_was_read_under_another_form_of_its_address_is_wanted_too(db: Database) -> None:
    linked = f"{BATH}/?utm_source=rss"
    read(db, teaser(), wanted=(linked,))
    read(db, article(), url=linked, fetch=fetched(linked))
    read(db, teaser(title="Badet stänger igen"), now=NOW + HOUR)
    assert len(fetches.wanted(db, "bladet", NOW + HOUR)) == 1


# Edits


def test_an_edit_keeps_exactly_one_version_with_the_old_state(db: Database) -> None:
    read(db, article(summary="Kort.", html="<p>Gammal</p>"))
    old = only(db)
    edited = article(text="Badet öppnar först på tisdag.", title="Badet dröjer")
    tallies = [read(db, edited, now=NOW + hour * HOUR, fetch=fetched(etag=str(hour))) for hour in (5, 6, 7)]
    (version,) = versions_of(db, old.id)
    assert (version.title, version.text, version.summary, version.html) == (old.title, old.text, old.summary, old.html)
    assert (version.seen_at, version.replaced_at) == (NOW, NOW + 5 * HOUR)
    assert (only(db).text, only(db).changed_at) == ("Badet öppnar först på tisdag.", NOW + 5 * HOUR)
    assert [tally.changed for tally in tallies] == [1, 0, 0]


@pytest.mark.parametrize(
    ("before", "after", "changed_at"),
    [
        (None, NOW + 4 * HOUR, NOW + 4 * HOUR),
        (NOW - HOUR, NOW + 4 * HOUR, NOW + 4 * HOUR),
        (None, NOW + 5 * HOUR + FUTURE, NOW + 5 * HOUR + FUTURE),
        (None, None, NOW + 5 * HOUR),
        (None, NOW + 6 * HOUR, NOW + 5 * HOUR),
        (None, NOW - 4 * HOUR, NOW + 5 * HOUR),
        (None, datetime(1970, 1, 1, tzinfo=UTC), NOW + 5 * HOUR),
        (NOW - HOUR, NOW - HOUR, NOW + 5 * HOUR),
        (NOW - HOUR, None, NOW + 5 * HOUR),
    ],
    ids=[
        "stated",
        "stated anew",
        "stated by a clock that is a little fast",
        "not stated",
        "ahead of us",
        "before it was published",
        "absurd",
        "still that of an earlier edit",
        "that of an earlier edit, which this reading does not repeat",
    ],
)
def test_when_it_was_changed(
    db: Database, before: datetime | None, after: datetime | None, changed_at: datetime
) -> None:
    read(db, article(updated=before))
    read(db, article(text="Badet dröjer.", updated=after), now=NOW + 5 * HOUR)
    assert only(db).changed_at == changed_at


def test_each_edit_is_later_than_the_one_before(db: Database) -> None:
    """The newsroom moves its own stamp at the first edit only."""
    for hour in range(4):
        read(db, article(text=f"Läget klockan {hour}.", updated=NOW + MINUTE if hour else None), now=NOW + hour * HOUR)
    seen = [version.seen_at for version in versions_of(db, only(db).id)]
    assert seen == sorted(set(seen))
    assert only(db).changed_at == NOW + 3 * HOUR


def test_another_summary_or_picture_of_an_article_with_text_is_no_edit(db: Database) -> None:
    read(db, article(summary="Kort.", image="https://bladet.example/a.jpg"))
    read(db, article(summary="Annan.", image="https://bladet.example/b.jpg", authors=("Bo Ek",)), now=NOW + HOUR)
    kept = only(db)
    assert (kept.summary, kept.image, kept.authors) == ("Annan.", "https://bladet.example/b.jpg", ("Bo Ek",))
    assert (kept.changed_at, rows(db, "versions")) == (None, [])


def test_a_notice_that_is_rewritten_in_place_keeps_its_first_words(db: Database) -> None:
    notice = {"kind": "notice", "source": "polisen", "native_id": "42", "text": ""}
    read(db, article(title="22 augusti 05.43, Misshandel, grov, Örebro", summary="En man är skadad.", **notice))
    read(db, article(title="22 augusti 05.43, Mord/dråp, försök, Örebro", summary="En man är skadad.", **notice))
    (version,) = versions_of(db, only(db).id)
    assert (version.title, version.summary) == ("22 augusti 05.43, Misshandel, grov, Örebro", "En man är skadad.")


def test_nothing_erases_something(db: Database) -> None:
    full = article(summary="Kort.", html="<p>B</p>", authors=("Åsa Öberg",), image="https://b.example/b.jpg", guid="g")
    read(db, full)
    before = only(db)
    read(db, Article(url=BATH, title="", source="bladet"), now=NOW + HOUR)
    assert only(db) == before


# Dates


@pytest.mark.parametrize(
    "stated",
    [
        None,
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(1993, 12, 31, 23, 59, tzinfo=UTC),
        NOW + FUTURE + timedelta(seconds=1),
        NOW + 365 * DAY,
        datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
    ],
)
def test_a_date_that_cannot_be_gives_way_to_first_seen(db: Database, stated: datetime | None) -> None:
    read(db, article(published=stated, published_precision="day"))
    kept = only(db)
    assert (kept.published, kept.published_from, kept.published_precision) == (NOW, "first-seen", "minute")


@pytest.mark.parametrize("stated", [datetime(1994, 1, 1, tzinfo=UTC), NOW, NOW + FUTURE])
def test_a_date_that_can_be_is_taken(db: Database, stated: datetime) -> None:
    read(db, article(published=stated, published_precision="day"))
    kept = only(db)
    assert (kept.published, kept.published_from, kept.published_precision) == (stated, "json-ld", "day")


@pytest.mark.parametrize("stated", [datetime(1970, 1, 1, tzinfo=UTC), NOW + 365 * DAY])
def test_a_page_cannot_put_a_date_that_cannot_be_on_its_teaser(db: Database, stated: datetime) -> None:
    read(db, teaser(published=None, published_from="first-seen"))
    read(db, article(published=stated), now=NOW + HOUR)
    assert (only(db).published, only(db).published_from) == (NOW, "first-seen")


def test_first_seen_is_frozen(db: Database) -> None:
    for hour in range(3):
        undated = article(published=None, published_from="first-seen", text=f"Version {hour}.")
        read(db, undated, now=NOW + hour * HOUR, fetch=fetched(etag=str(hour)))
    assert only(db).published == NOW
    read(db, article(published=NOW - DAY), now=NOW + 3 * HOUR)
    assert (only(db).published, only(db).published_from) == (NOW, "first-seen")


def test_the_first_reading_of_its_page_may_replace_first_seen(db: Database) -> None:
    read(db, teaser(published=None, published_from="first-seen"))
    read(db, article(published=NOW - 2 * HOUR), now=NOW + HOUR)
    assert (only(db).published, only(db).published_from) == (NOW - 2 * HOUR, "json-ld")


def test_a_day_may_become_more_precise_once(db: Database) -> None:
    midnight = datetime(2026, 8, 21, 22, 0, tzinfo=UTC)
    read(db, teaser(published=midnight, published_precision="day"))
    read(db, article(published=midnight + 9 * HOUR), now=NOW + HOUR)
    read(db, article(published=midnight + 10 * HOUR), now=NOW + 2 * HOUR)
    assert (only(db).published, only(db).published_precision) == (midnight + 9 * HOUR, "minute")


def test_a_changed_date_alone_changes_nothing(db: Database) -> None:
    read(db, article())
    before = everything(db)
    read(db, article(published=NOW - MINUTE), now=NOW + HOUR)
    assert everything(db) == before


@pytest.mark.parametrize("updated", [datetime(1970, 1, 1, tzinfo=UTC), NOW + 365 * DAY])
def test_a_stated_edit_that_cannot_be_is_not_kept(db: Database, updated: datetime) -> None:
    read(db, article(updated=updated))
    assert only(db).updated is None


# Withdrawn


def test_a_definite_word_withdraws_at_once(db: Database) -> None:
    read(db, article(), *numbered(1))
    assert store_missing(db, gone(definite=True), NOW + HOUR)
    assert [one.gone_at for one in standing(db)] == [NOW + HOUR, None]
    assert not store_missing(db, gone(definite=True), NOW + 2 * HOUR)
    assert standing(db)[0].gone_at == NOW + HOUR


@pytest.mark.parametrize(
    ("hours", "withdrawn"),
    [
        ((0,), [False]),
        ((0, 24), [False, False]),
        ((0, 8, 24), [False, False, True]),
        ((0, 48, 49), [False, False, True]),
        ((0, 1, 2), [False, False, False]),
        ((0, 8, 16, 23), [False, False, False, False]),
        ((0, 8, 16, 24), [False, False, False, True]),
        ((0, 8, 24, 32), [False, False, True, False]),
    ],
)
def test_a_bare_404_needs_three_looks_over_a_day(db: Database, hours: tuple[int, ...], withdrawn: list[bool]) -> None:
    read(db, article())
    assert [store_missing(db, gone(), NOW + hour * HOUR) for hour in hours] == withdrawn
    first = next((hour for hour, sure in zip(hours, withdrawn, strict=True) if sure), None)
    assert only(db).gone_at == (None if first is None else NOW + first * HOUR)


def test_a_page_that_answered_in_between_starts_the_count_again(db: Database) -> None:
    read(db, article(), url=BATH, fetch=fetched(BATH))
    for hour in (0, 8):
        store_missing(db, gone(), NOW + hour * HOUR)
    read(db, article(), now=NOW + 16 * HOUR, url=BATH, fetch=fetched(BATH, etag='"a2"'))
    assert not store_missing(db, gone(), NOW + 30 * HOUR)
    assert not store_missing(db, gone(), NOW + 40 * HOUR)
    assert only(db).gone_at is None


@pytest.mark.parametrize("failures", [1, 2, 7, 8])
def test_failures_of_the_server_never_count_as_404s(db: Database, failures: int) -> None:
    """A page that answered 503 again and again, and was then not found twice, has been missed twice."""
    read(db, teaser(), wanted=(BATH,))
    with transaction(db):
        for hour in range(failures):
            fetches.put_off(db, BATH, 503, NOW + hour * HOUR)
    assert [store_missing(db, gone(), NOW + days * DAY) for days in (2, 4)] == [False, False]
    assert only(db).gone_at is None


@pytest.mark.parametrize("seen", [article(), teaser(), article(f"{BATH}/?utm_source=x", text="Ny text.")])
def test_what_is_seen_again_is_no_longer_withdrawn(db: Database, seen: Article) -> None:
    read(db, article())
    store_missing(db, gone(definite=True), NOW + HOUR)
    read(db, seen, now=NOW + 2 * HOUR)
    assert only(db).gone_at is None
    assert not store_missing(db, gone(), NOW + 3 * HOUR)


def test_only_its_own_source_withdraws_an_article_and_brings_it_back(db: Database) -> None:
    read(db, article())
    assert not store_missing(db, gone(source="kuriren", definite=True), NOW + HOUR)
    assert only(db).gone_at is None
    store_missing(db, gone(definite=True), NOW + HOUR)
    read(db, article(source="kuriren"), now=NOW + 2 * HOUR)
    assert only(db).gone_at == NOW + HOUR


def test_a_page_that_nobody_knows_cannot_be_withdrawn(db: Database) -> None:
    assert not store_missing(db, gone("https://bladet.example/finns-inte", definite=True), NOW)


@pytest.mark.parametrize("definite", [True, False])
def test_a_withdrawn_page_is_not_looked_for_any_more(db: Database, definite: bool) -> None:
    read(db, article())
    for hour in (0, 8):
        store_missing(db, gone(), NOW + hour * HOUR)
    assert fetches.missing(db, "bladet", NOW + DAY) == [BATH]
    assert store_missing(db, gone(definite=definite), NOW + DAY)
    assert fetches.missing(db, "bladet", NOW + 30 * DAY) == []


def test_a_withdrawn_article_keeps_its_words(db: Database) -> None:
    read(db, article())
    before = only(db)
    store_missing(db, gone(definite=True), NOW + HOUR)
    assert only(db) == replace(before, gone_at=NOW + HOUR)


# All of a page, or nothing


FAULTS = {
    "at the last article": "create trigger full before insert on articles when new.title = 'Nyhet 3' "
    "begin select raise(abort, 'disk full'); end",
    "at the versions": "create trigger full before insert on versions begin select raise(abort, 'disk full'); end",
    "at the names": "create trigger full before insert on aliases when new.name like '%/3' "
    "begin select raise(abort, 'disk full'); end",
    "at the validators": "create trigger full before insert on fetches when new.etag is not null "
    "begin select raise(abort, 'disk full'); end",
    "at the cursor": "create trigger full before insert on sources begin select raise(abort, 'disk full'); end",
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_page_that_cannot_be_stored_whole_leaves_nothing_behind(db: Database, fault: str) -> None:
    read(db, *numbered(1))
    before = everything(db)
    changed = replace(numbered(1)[0], text="Rättad text.")
    page: dict[str, Any] = {"fetch": fetched(), "wanted": (BATH,), "cursor": '{"page": 2}'}
    db.execute(fault)
    with pytest.raises(sqlite3.IntegrityError, match="disk full"):
        read(db, changed, *numbered(2, 3), now=NOW + HOUR, **page)
    assert everything(db) == before
    db.execute("drop trigger full")
    assert read(db, changed, *numbered(2, 3), now=NOW + HOUR, **page).new == 2


def test_articles_validators_wanted_pages_and_cursor_are_stored_together(db: Database) -> None:
    read(db, article(), fetch=fetched(), wanted=(f"{BATH}-2",), cursor='{"page": 2}')
    assert len(standing(db)) == 1
    assert fetches.fetch_of(db, FRONT) == fetched()
    assert fetches.wanted(db, "bladet", NOW) == [f"{BATH}-2"]
    assert walk_of(db, "bladet").cursor == '{"page": 2}'


def test_a_page_that_was_cut_short_leaves_no_validators(db: Database) -> None:
    read(db, article())
    assert fetches.fetch_of(db, FRONT) is None
    assert len(standing(db)) == 1


def test_an_address_that_redirected_is_read(db: Database) -> None:
    read(db, teaser(), wanted=("http://bladet.example/?p=315",))
    read(db, article(), url=BATH, fetch=fetched(BATH), done=("http://bladet.example/?p=315",))
    assert fetches.wanted(db, "bladet", NOW + DAY) == []


# Writing nothing


UNCHANGED: dict[str, dict[str, Any]] = {
    "plain": {},
    "with all fields": {
        "native_id": "315",
        "guid": "g1",
        "summary": "Kort.",
        "html": "<p>Badet</p>",
        "authors": ("Åsa Öberg",),
        "image": "https://bladet.example/b.jpg",
        "categories": ("Sport",),
        "municipalities": ("Örebro",),
        "updated": NOW - HOUR,
    },
    "in another offset": {"published": datetime.fromisoformat("2026-08-22T11:00:00+02:00")},
    "with fractions of a second": {
        "published": (NOW - HOUR).replace(microsecond=5),
        "updated": (NOW - MINUTE).replace(microsecond=654_321),
    },
    "without a date": {"published": None, "published_from": "first-seen"},
    "with an edit ahead": {"updated": NOW + 400 * DAY},
    "a day": {"published": datetime(2026, 8, 21, 22, 0, tzinfo=UTC), "published_precision": "day"},
    "a teaser": {"text": "", "summary": "Kort.", "teaser": True, "guid": "g1"},
}


@pytest.mark.parametrize("said", UNCHANGED.values(), ids=UNCHANGED)
def test_an_unchanged_page_writes_nothing(db: Database, said: dict[str, Any]) -> None:
    page: dict[str, Any] = {"wanted": (f"{BATH}-2",), "done": (f"{BATH}-3",), "cursor": '{"page": 1}'}
    read(db, article(**said), *numbered(1, 2), fetch=fetched(), **page)
    before, written = everything(db), db.conn.total_changes
    for hour in range(1, 4):
        tally = read(db, article(**said), *numbered(1, 2), now=NOW + hour * HOUR, **page)
        assert (tally.new, tally.changed, len(tally.present)) == (0, 0, 3)
    assert db.conn.total_changes == written
    assert everything(db) == before


def test_a_page_with_news_says_what_stood_there(db: Database) -> None:
    read(db, *numbered(1, 2))
    read(db, *numbered(2, 3), now=NOW + HOUR, fetch=fetched())
    assert {one.title: one.last_seen for one in standing(db)} == {
        "Nyhet 1": NOW,
        "Nyhet 2": NOW + HOUR,
        "Nyhet 3": NOW + HOUR,
    }


@pytest.mark.parametrize("copy_first", [True, False])
def test_the_order_of_a_page_does_not_matter(db: Database, copy_first: bool) -> None:
    """A copy may come before the article that it is a copy of: it has not taken its place."""
    read(db, article())
    page = (article(f"{BATH}-2"), article())
    assert read(db, *(page if copy_first else page[::-1]), now=NOW + HOUR).duplicates == 1
    first, second = standing(db)
    assert (first.url, second.url, second.duplicate_of) == (BATH, f"{BATH}-2", first.id)


def test_an_empty_page_is_a_page(db: Database) -> None:
    assert read(db, fetch=fetched()).present == set()
    assert fetches.fetch_of(db, FRONT) == fetched()


def test_a_new_post_at_the_address_of_a_deleted_one_keeps_its_own_number(db: Database) -> None:
    """WordPress gives the slug of a deleted post to the next one: the old number must not withdraw the new post."""
    read(db, article(native_id="1"))
    read(db, article(native_id="2", title="Ett annat bad", text="Det byggs ett nytt bad."), now=NOW + HOUR)
    assert [one.native_id for one in standing(db)] == ["2"]
