"""The main job over the pretend county: all of it is read, then exactly what changed, then nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orebro_spiders import crawling
from orebro_spiders.archive.articles import StoredArticle
from orebro_spiders.archive.versions import versions_of
from orebro_spiders.demo import Post, Site
from orebro_spiders.demo.server import Call, Reply, conditional
from orebro_spiders.errors import LockedError
from tests.conftest import county_of

if TYPE_CHECKING:
    from tests.conftest import Wire

SOURCES = ("narkebladet", "regionforeningen", "tornet", "svartan", "polisen", "radio", "hockeyklubben")
DIRT = (
    "Related Posts",
    "Latest News",
    "You must be logged in",
    "Posted ",
    "För kommentarer",
    "Presskontakt",
    "019-000 00",
    "är en arena för",
    "Läs vidare",
)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """The county after its first crawl, radio with the pages its feed links to. No test changes it."""
    with county_of(tmp_path_factory.mktemp("county")) as wire:
        wire.set_source("radio", follow=True)
        wire.crawl()
        yield wire


def lines(text: str) -> list[str]:
    """Paragraphs, without the bullets that the markup of 2012 writes out."""
    return [paragraph.removeprefix("• ") for paragraph in text.split("\n\n")] if text else []


def assert_text(article: StoredArticle, post: Post) -> None:
    """The post's paragraphs, and behind them nothing but its signature."""
    stored, stated = lines(article.text), list(post.paragraphs)
    assert stored[: len(stated)] == stated, post.url
    assert stored[len(stated) :] in ([], [" ".join(post.tail)]), post.url


# The first crawl


@pytest.mark.parametrize("name", SOURCES)
def test_first_crawl_stores_every_article_and_nothing_else(first: Wire, name: str) -> None:
    truth = first.county.truth(name)
    stored = first.articles(name)
    assert set(stored) == {post.url for post in truth}
    assert {url: article.title for url, article in stored.items()} == {post.url: post.title for post in truth}
    crawl = first.last[name]
    assert (crawl.verdict, crawl.new, crawl.seen, crawl.problems) == ("ok", len(truth), len(truth), [])


@pytest.mark.parametrize("name", SOURCES)
def test_first_crawl_reads_each_date_to_the_second(first: Wire, name: str) -> None:
    stored = first.articles(name)
    for post in first.county.truth(name):
        article = stored[post.url]
        assert (article.published, article.published_precision) == (post.published.astimezone(UTC), "minute")
        assert article.published_from != "first-seen"


@pytest.mark.parametrize("name", [name for name in SOURCES if name != "polisen"])
def test_first_crawl_reads_each_text_and_nothing_around_it(first: Wire, name: str) -> None:
    stored = first.articles(name)
    for post in first.county.truth(name):
        assert_text(stored[post.url], post)
        assert not [dirt for dirt in DIRT if dirt in stored[post.url].text], post.url


@pytest.mark.parametrize("name", ["narkebladet", "radio", "hockeyklubben"])
def test_first_crawl_reads_who_wrote_it(first: Wire, name: str) -> None:
    authors = {url: article.authors for url, article in first.articles(name).items()}
    assert authors == {post.url: (post.author,) for post in first.county.truth(name)}


@pytest.mark.parametrize("name", ["narkebladet", "svartan", "polisen", "radio", "hockeyklubben"])
def test_first_crawl_reads_categories(first: Wire, name: str) -> None:
    """The newest press rooms call their tags "Kategorier"; elsewhere tags are no categories."""
    categories = {url: article.categories for url, article in first.articles(name).items()}
    tags = name == "svartan"
    truth = first.county.truth(name)
    assert categories == {post.url: (*post.categories, *(post.tags if tags else ())) for post in truth}


def test_first_crawl_takes_kind_from_the_source(first: Wire) -> None:
    kinds = {name: {article.kind for article in first.articles(name).values()} for name in SOURCES}
    assert kinds["narkebladet"] == kinds["radio"] == kinds["hockeyklubben"] == {"news"}
    assert kinds["regionforeningen"] == kinds["tornet"] == kinds["svartan"] == {"press"}
    assert kinds["polisen"] == {"notice"}


def test_notices_are_read_as_the_police_state_them(first: Wire) -> None:
    stored = first.articles("polisen")
    for post in first.county.truth("polisen"):
        place = post.details["place"]
        assert stored[post.url].summary == post.summary
        assert stored[post.url].municipalities == ((place,) if place != "Örebro län" else ())


def test_pictures_are_known(first: Wire) -> None:
    for name in ("narkebladet", "tornet", "svartan", "radio"):
        for post in first.county.truth(name):
            if post.image and name != "tornet":
                assert first.articles(name)[post.url].image == post.image


def test_relative_links_become_absolute(first: Wire) -> None:
    (post,) = [post for post in first.county.truth("narkebladet") if "](/" in post.text]
    assert f'href="{first.site("narkebladet").url}resecentrum' in first.articles("narkebladet")[post.url].html


def test_an_article_without_edits_says_so(first: Wire) -> None:
    """`updated` is what the newsroom states; `changed_at` and versions are what we saw."""
    for post in first.county.truth("narkebladet"):
        stated = post.modified.astimezone(UTC) if post.modified > post.published else None
        assert first.articles("narkebladet")[post.url].updated == stated
    assert first.rows("select * from articles where changed_at is not null or gone_at is not null") == []
    assert first.rows("select * from versions") == []


def test_a_headline_that_comes_back_every_morning_stays_several_articles(first: Wire) -> None:
    nights = [a for a in first.articles("narkebladet").values() if a.title == "Nattens händelser från polisen"]
    assert len(nights) == 3
    assert len({night.id for night in nights}) == 3
    assert [night.duplicate_of for night in nights] == [None] * 3


def test_the_same_words_twice_are_marked_and_the_reprint_is_not(first: Wire) -> None:
    stored, posts = first.articles("narkebladet"), first.county.truth("narkebladet")
    (twin,) = [post for post in posts if post.copy_of.startswith("narkebladet/")]
    (model,) = [post for post in posts if f"narkebladet/{post.id}" == twin.copy_of]
    marked = {article.url: article.duplicate_of for article in stored.values() if article.duplicate_of}
    pair = {twin.url, model.url}
    assert len(marked) == 1
    ((url, original),) = marked.items()
    assert url in pair
    assert original == stored[(pair - {url}).pop()].id
    (reprint,) = [post for post in posts if post.copy_of.startswith("svartan/")]
    assert stored[reprint.url].duplicate_of is None


def test_ids_are_tag_uris_under_our_authority(first: Wire) -> None:
    ids = [row["id"] for row in first.rows("select id from articles")]
    assert len(set(ids)) == len(ids)
    assert all(one.startswith(f"tag:nyheter.example.se,{datetime.now(UTC).year}:") for one in ids)


# The ways into WordPress


@pytest.mark.parametrize(
    ("rest", "feed", "rung"), [(True, True, "rest"), (False, True, "feed"), (False, False, "pages")]
)
def test_wordpress_gives_the_same_articles_on_every_rung(wire: Wire, rest: bool, feed: bool, rung: str) -> None:
    wire.county.switches.rest, wire.county.switches.feed = rest, feed
    (crawl,) = wire.crawl("narkebladet").values()
    assert (crawl.rung, crawl.verdict, crawl.problems) == (rung, "ok", [])
    assert wire.rows("select name, rung from sources") == [{"name": "narkebladet", "rung": rung}]
    stored, truth = wire.articles("narkebladet"), wire.county.truth("narkebladet")
    assert {url: article.title for url, article in stored.items()} == {post.url: post.title for post in truth}
    for post in truth:
        assert_text(stored[post.url], post)
    assert len([article for article in stored.values() if article.duplicate_of]) == 1


def test_the_feed_of_wordpress_states_writer_and_instant(wire: Wire) -> None:
    wire.county.switches.rest = False
    wire.crawl("narkebladet")
    stored = wire.articles("narkebladet")
    for post in wire.county.truth("narkebladet"):
        article = stored[post.url]
        assert (article.authors, article.published) == ((post.author,), post.published.astimezone(UTC))
        assert article.published_from == "feed"
        assert set(post.categories) <= set(article.categories)


def test_the_pages_of_wordpress_give_the_day_of_the_list_and_never_the_sidebars(wire: Wire) -> None:
    wire.county.switches.rest = wire.county.switches.feed = False
    wire.crawl("narkebladet")
    stored = wire.articles("narkebladet")
    for post in wire.county.truth("narkebladet"):
        article = stored[post.url]
        midnight = post.published.replace(hour=0, minute=0, second=0)
        assert (article.published, article.published_precision) == (midnight.astimezone(UTC), "day"), post.url
        assert article.published_from == "listing"


def test_an_article_page_without_a_date_takes_none_from_the_sidebar(wire: Wire) -> None:
    """The list loses its dates too, so nothing but the other articles' days is left on any page."""
    wire.county.switches.rest = wire.county.switches.feed = False
    post = wire.county.truth("narkebladet")[-1]
    items = f'<ul class="archive"><li><a href="{post.url}" class="main-headline">{post.title}</a></li></ul>'
    wire.site("narkebladet").answer("/", body=f"<html><body>{items}</body></html>".encode())
    wire.crawl("narkebladet")
    (article,) = wire.articles("narkebladet").values()
    assert_text(article, post)
    assert article.published_from == "first-seen"
    assert article.published == article.first_seen


def test_a_page_with_the_older_layout_gives_its_own_date(wire: Wire) -> None:
    wire.county.switches.rest = wire.county.switches.feed = False
    wire.county.switches.dated = True
    post = wire.county.truth("narkebladet")[-1]
    items = f'<ul class="archive"><li><a href="{post.url}" class="main-headline">{post.title}</a></li></ul>'
    wire.site("narkebladet").answer("/", body=f"<html><body>{items}</body></html>".encode())
    wire.crawl("narkebladet")
    (article,) = wire.articles("narkebladet").values()
    assert article.published == post.published.replace(hour=0, minute=0, second=0).astimezone(UTC)
    assert (article.published_precision, article.published_from) == ("day", "text")


# The county moves on


def without_last_seen(articles: Sequence[StoredArticle]) -> dict[str, dict[str, object]]:
    names = [name for name in StoredArticle.__dataclass_fields__ if name != "last_seen"]
    return {article.url: {name: getattr(article, name) for name in names} for article in articles}


@pytest.mark.parametrize("name", SOURCES)
def test_second_crawl_stores_exactly_what_changed(moved: tuple[Wire, dict], name: str) -> None:
    wire, before = moved
    changes = {room: wire.county.changes[room] for room in wire.county.sites}[_site_of(name)]
    mine = [post for post in changes.new if post.newsroom == name]
    edited = [edit for edit in changes.edited if edit.after.newsroom == name]
    gone = [post for post in changes.withdrawn if post.newsroom == name]
    crawl = wire.last[name]
    assert (crawl.new, crawl.changed, crawl.gone) == (len(mine), len(edited), len(gone))
    assert (crawl.verdict, crawl.problems) == ("ok" if mine or edited or gone else "unchanged", [])

    after = without_last_seen(list(wire.articles(name).values()))
    touched = {edit.url for edit in edited} | {post.url for post in gone}
    assert set(after) - set(before[name]) == {post.url for post in mine}
    untouched = set(before[name]) - touched
    assert {url: after[url] for url in untouched} == {url: before[name][url] for url in untouched}


def test_new_articles_are_whole(moved: tuple[Wire, dict]) -> None:
    wire, _ = moved
    new = [post for change in wire.county.changes.values() for post in change.new]
    assert len(new) == 4
    for post in new:
        article = wire.articles(post.newsroom)[post.url]
        assert (article.title, article.published) == (post.title, post.published.astimezone(UTC))
        if post.newsroom != "polisen":
            assert_text(article, post)


def test_an_edit_keeps_one_version_with_the_old_text(moved: tuple[Wire, dict]) -> None:
    wire, before = moved
    assert len(wire.rows("select * from versions")) == 2
    (edit,) = wire.county.changes["narkebladet"].edited
    article = wire.articles("narkebladet")[edit.url]
    assert_text(article, edit.after)
    assert article.title == edit.after.title
    (version,) = versions_of(wire.db, article.id)
    assert (version.title, lines(version.text)[: len(edit.before.paragraphs)]) == (
        edit.before.title,
        list(edit.before.paragraphs),
    )
    assert article.changed_at == edit.after.modified.astimezone(UTC)
    for name in ("id", "published", "published_from", "first_seen"):
        assert getattr(article, name) == before["narkebladet"][edit.url][name]


def test_a_notice_edited_in_place_keeps_its_first_words(moved: tuple[Wire, dict]) -> None:
    wire, _ = moved
    (edit,) = wire.county.changes["polisen"].edited
    article = wire.articles("polisen")[edit.url]
    (version,) = versions_of(wire.db, article.id)
    assert (version.summary, article.summary) == (edit.before.summary, edit.after.summary)


def test_a_withdrawn_post_is_gone_at_once_where_the_platform_says_so(moved: tuple[Wire, dict]) -> None:
    wire, before = moved
    (post,) = wire.county.changes["narkebladet"].withdrawn
    article = wire.articles("narkebladet")[post.url]
    assert article.gone_at is not None
    assert_text(article, post)  # marked, not deleted
    assert article.title == before["narkebladet"][post.url]["title"]


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Wire, dict]]:
    """The county after it moved on and was crawled again, and what the archive said of each article before."""
    with county_of(tmp_path_factory.mktemp("moved")) as wire:
        wire.set_source("radio", follow=True)
        wire.crawl()
        before = {name: without_last_seen(list(wire.articles(name).values())) for name in SOURCES}
        wire.advance()
        wire.crawl()
        yield wire, before


def _site_of(name: str) -> str:
    return "mynewsdesk" if name in {"regionforeningen", "tornet", "svartan"} else name


def test_an_article_that_comes_back_is_no_longer_gone(wire: Wire) -> None:
    wire.crawl("narkebladet")
    newsroom = wire.county.newsrooms["narkebladet"]
    held = newsroom.posts
    wire.advance()
    wire.crawl("narkebladet")
    (post,) = wire.county.changes["narkebladet"].withdrawn
    now = datetime.now(UTC).astimezone(post.published.tzinfo)
    (back,) = [one for one in held if one.url == post.url]
    newsroom.posts = tuple(sorted([*newsroom.posts, _modified(back, now)], key=lambda p: p.published, reverse=True))
    wire.crawl("narkebladet")
    assert wire.articles("narkebladet")[post.url].gone_at is None
    assert wire.rows("select * from versions where article = ?", wire.articles("narkebladet")[post.url].id) == []


def _modified(post: Post, now: datetime) -> Post:
    return replace(post, modified=now.replace(microsecond=0))


# Withdrawn without a word


@pytest.mark.parametrize("feed", [True, False])
def test_on_lower_rungs_a_missing_page_has_to_be_missed_three_times_over_a_day(wire: Wire, feed: bool) -> None:
    wire.county.switches.rest, wire.county.switches.feed = False, feed
    wire.crawl("narkebladet")
    wire.advance()
    (post,) = wire.county.changes["narkebladet"].withdrawn
    for misses in (1, 2):
        crawl = wire.crawl("narkebladet")["narkebladet"]
        assert (crawl.gone, crawl.problems) == (0, [])
        assert misses_of(wire, post) == misses
        assert wire.articles("narkebladet")[post.url].gone_at is None
        later(wire, hours=13)
    crawl = wire.crawl("narkebladet")["narkebladet"]
    assert (crawl.gone, crawl.verdict) == (1, "ok")
    assert wire.articles("narkebladet")[post.url].gone_at is not None
    later(wire, hours=13)
    assert wire.crawl("narkebladet")["narkebladet"].gone == 0
    assert not [path for path in wire.asked("narkebladet") if post.path in path]


@pytest.mark.parametrize(
    ("pauses", "gone"),
    [
        ((), False),
        ((30,), False),  # two misses, however long apart
        ((9, 9), False),  # three within a day
        ((9, 9, 9), True),
        ((13, 13), True),
    ],
)
def test_a_withdrawal_takes_three_misses_over_a_day(wire: Wire, pauses: tuple[int, ...], gone: bool) -> None:
    wire.county.switches.rest = False
    wire.crawl("narkebladet")
    wire.advance()
    (post,) = wire.county.changes["narkebladet"].withdrawn
    wire.crawl("narkebladet")
    for hours in pauses:
        later(wire, hours=hours)
        wire.crawl("narkebladet")
    assert bool(wire.articles("narkebladet")[post.url].gone_at) is gone


def test_a_missing_page_is_not_looked_for_at_every_run(wire: Wire) -> None:
    wire.county.switches.rest = False
    wire.crawl("narkebladet")
    wire.advance()
    (post,) = wire.county.changes["narkebladet"].withdrawn
    wire.crawl("narkebladet")
    wire.crawl("narkebladet")
    assert misses_of(wire, post) == 1


@pytest.mark.parametrize(
    ("status", "body"), [(500, b""), (503, b""), (200, b"<html><body>Just a moment...</body></html>"), (403, b"")]
)
def test_a_fault_or_a_challenge_is_no_withdrawal(wire: Wire, status: int, body: bytes) -> None:
    wire.county.switches.rest = False
    wire.crawl("narkebladet")
    wire.advance()
    (post,) = wire.county.changes["narkebladet"].withdrawn
    wire.site("narkebladet").answer(post.path, status, body=body)
    wire.crawl("narkebladet")
    later(wire, hours=30)
    wire.crawl("narkebladet")
    later(wire, hours=30)
    wire.crawl("narkebladet")
    assert wire.articles("narkebladet")[post.url].gone_at is None
    assert misses_of(wire, post) == 0


def test_rest_that_does_not_know_the_post_but_is_not_wordpress_withdraws_nothing(wire: Wire) -> None:
    wire.crawl("narkebladet")
    wire.advance()
    (post,) = wire.county.changes["narkebladet"].withdrawn
    wire.site("narkebladet").answer(f"/wp-json/wp/v2/posts/{post.id}", 404, body=b"<html>404</html>")
    wire.crawl("narkebladet")
    assert wire.articles("narkebladet")[post.url].gone_at is None


def misses_of(wire: Wire, post: Post) -> int:
    rows = wire.rows("select misses from fetches where url = ?", post.url)
    return rows[0]["misses"] if rows else 0


def later(wire: Wire, hours: float) -> None:
    """Move what the archive remembers of looks so far back."""
    for name in ("checked_at", "missed_since", "not_before"):
        sql = f"update fetches set {name} = strftime('%Y-%m-%dT%H:%M:%SZ', {name}, ?) where {name} is not null"
        wire.rows_changed(sql, f"-{hours} hours")


# Nothing new

REQUESTS = {
    "narkebladet": 2,
    "regionforeningen": 1,
    "tornet": 1,
    "svartan": 1,
    "polisen": 1,
    "radio": 1,
    "hockeyklubben": 1,
}
"""The most that one look may cost. REST: what changed, and the newest numbers."""


@pytest.mark.parametrize(("rest", "feed", "follow"), [(True, True, True), (False, True, False), (False, False, False)])
def test_a_crawl_without_news_writes_nothing(wire: Wire, rest: bool, feed: bool, follow: bool) -> None:
    wire.county.switches.rest, wire.county.switches.feed = rest, feed
    wire.set_source("radio", follow=follow)
    wire.crawl()
    wire.advance()
    wire.crawl()
    before, feeds = wire.dump(), wire.build()
    crawls = wire.crawl()
    assert {name: crawl.verdict for name, crawl in crawls.items()} == dict.fromkeys(SOURCES, "unchanged")
    assert all(crawl.problems == [] for crawl in crawls.values())
    after = wire.dump()
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
    assert wire.build() == feeds
    most = REQUESTS | {"narkebladet": 2 if rest else 1}
    assert {name: crawl.requests for name, crawl in crawls.items() if crawl.requests > most[name]} == {}


def test_a_crawl_without_news_asks_with_validators(wire: Wire) -> None:
    wire.county.switches.rest = False
    wire.crawl("radio", "hockeyklubben", "narkebladet")
    crawls = wire.crawl("radio", "hockeyklubben", "narkebladet")
    for name, path in (("radio", "/rss/"), ("hockeyklubben", "/atom.xml"), ("narkebladet", "/feed/")):
        last = wire.site(name).requests[-1]
        assert (last.path, last.status) == (path, 304)
        assert last.headers["If-None-Match"]
        assert crawls[name].unchanged == 1
    assert wire.site("hockeyklubben").requests[-1].headers["If-Modified-Since"]


def test_an_entity_tag_is_sent_back_without_its_weak_mark(wire: Wire) -> None:
    """WordPress behind a compressing proxy gives `W/"…"` and knows only the strong form."""
    wire.site("radio").answer("/rss/", headers={"ETag": 'W/"abc"'}, body=FEED)
    wire.crawl("radio")
    wire.crawl("radio")
    assert wire.site("radio").requests[-1].headers["If-None-Match"] == '"abc"'


def test_the_same_bytes_without_validators_are_unchanged(wire: Wire) -> None:
    wire.crawl("polisen")
    crawl = wire.crawl("polisen")["polisen"]
    assert (crawl.verdict, crawl.unchanged, crawl.requests) == ("unchanged", 1, 1)


def test_a_304_to_an_unconditional_question_is_a_problem(wire: Wire) -> None:
    wire.site("radio").answer("/rss/", 304)
    crawl = wire.crawl("radio")["radio"]
    assert (crawl.verdict, wire.problems("radio")) == (
        "failing",
        [(wire.site("radio").url + "rss/", "answered 304 to an unconditional request")],
    )


def test_a_feed_that_moves_keeps_its_validators_to_itself(wire: Wire, serve: Callable[..., Site]) -> None:
    """They belong to the old address: a 304 from the new one, which we never read, would say nothing."""
    moved: list[str] = []

    def app(call: Call) -> Reply:
        if call.path == "/flode.xml" and moved:
            return Reply(status=301, headers={"Location": "/nytt.xml"})
        return conditional(call, Reply(FEED, content_type="application/rss+xml"), '"a1"')

    site = serve("flytt", app)
    site.answer("/robots.txt", 404)
    wire.set_http(allow_private=(site.address,))
    wire.add_source("flytt", url=f"{site.url}flode.xml")
    assert wire.crawl("flytt")["flytt"].new == 1
    moved.append("now")
    crawl = wire.crawl("flytt")["flytt"]
    assert (crawl.verdict, crawl.problems) == ("unchanged", [])
    assert [request.headers["If-None-Match"] for request in site.requests if request.path == "/nytt.xml"] == [None]


FEED = b"""<rss version="2.0"><channel><title>Flytt</title>
<item><title>Bad i Kumla</title><link>/badet</link><guid>1</guid></item></channel></rss>"""


# Runs


def test_a_source_is_left_alone_until_it_is_due(wire: Wire) -> None:
    now = datetime.now(UTC)
    wire.set_source("radio", every=3600)
    chosen = wire.config.chosen(["radio", "polisen"])
    assert crawling.due(wire.db, chosen, now) == chosen
    wire.crawl("radio", "polisen")
    now = datetime.now(UTC)
    assert [source.name for source in crawling.due(wire.db, chosen, now)] == ["polisen"]
    assert crawling.due(wire.db, chosen, now + timedelta(hours=1)) == chosen


def is_due(wire: Wire, name: str, after: timedelta = timedelta()) -> bool:
    return bool(crawling.due(wire.db, wire.config.chosen([name]), datetime.now(UTC) + after, only_due=True))


def test_a_source_that_stays_quiet_is_asked_less_often(wire: Wire) -> None:
    for _ in range(4):
        wire.crawl("radio")
        assert is_due(wire, "radio")
    wire.crawl("radio")
    assert (is_due(wire, "radio"), is_due(wire, "radio", timedelta(minutes=5))) == (False, True)
    assert crawling.due(wire.db, wire.config.chosen(["radio"]), datetime.now(UTC))


def test_a_feed_is_left_alone_as_long_as_it_says(wire: Wire) -> None:
    site = wire.site("radio")
    site.answer("/rss/", headers={"Cache-Control": "max-age=1200", "ETag": '"1"'}, body=FEED)
    wire.crawl("radio")
    assert (is_due(wire, "radio", timedelta(minutes=19)), is_due(wire, "radio", timedelta(minutes=20))) == (False, True)
    site.answer("/rss/", headers={"ETag": '"2"'}, body=FEED.replace(b"<item>", b"<ttl>30</ttl><item>", 1))
    wire.crawl("radio")
    site.answer("/rss/", 304)
    wire.crawl("radio")
    assert (is_due(wire, "radio", timedelta(minutes=29)), is_due(wire, "radio", timedelta(minutes=30))) == (False, True)


def test_every_run_has_one_row_for_each_source(wire: Wire) -> None:
    wire.crawl()
    wire.crawl("radio")
    rows = wire.rows("select run, source, started_at, finished_at from crawls order by pk")
    assert len(rows) == len(SOURCES) + 1
    assert len({row["run"] for row in rows}) == 2
    assert all(row["started_at"] <= row["finished_at"] for row in rows)


def test_crawling_nothing_is_no_run(wire: Wire) -> None:
    assert crawling.crawl(wire.db, wire.config, []) == []
    assert wire.rows("select * from crawls") == []


def test_progress_is_told_of_each_source_that_ends(wire: Wire) -> None:
    told: list[tuple[str, str | None]] = []
    sources = wire.config.chosen(["radio", "polisen"])
    crawling.crawl(wire.db, wire.config, sources, progress=lambda crawl: told.append((crawl.source, crawl.verdict)))
    assert sorted(told) == [("polisen", "ok"), ("radio", "ok")]


def test_what_a_crawl_counts(wire: Wire) -> None:
    crawl = wire.crawl("hockeyklubben")["hockeyklubben"]
    requests = wire.site("hockeyklubben").requests
    assert [request.path for request in requests] == ["/robots.txt", "/atom.xml"]
    assert (crawl.requests, crawl.seen, crawl.new, crawl.changed, crawl.gone) == (2, 7, 7, 0, 0)
    assert crawl.bytes > 1000


def test_only_one_run_holds_the_archive(tmp_path: Path) -> None:
    db = tmp_path / "news.db"
    with crawling.lock(db), pytest.raises(LockedError, match=r"another run holds .*news\.db\.lock"), crawling.lock(db):
        pass
    with crawling.lock(db):
        pass
