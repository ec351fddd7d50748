"""WordPress: long walks that are cut short, edits, withdrawn posts, and the ways in taking turns."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from orebro_spiders.archive.database import instant_text
from orebro_spiders.demo import Post
from orebro_spiders.demo.server import Reply

if TYPE_CHECKING:
    from tests.conftest import Visit, Wire

NAME = "narkebladet"


def fill(wire: Wire, count: int, *, minutes: float = 7.0) -> list[Post]:
    """Let Närkebladet have published `count` short posts, one every so many minutes."""
    newsroom = wire.county.newsrooms[NAME]
    model, start = newsroom.posts[0], wire.county.now - timedelta(days=3)
    newsroom.posts = tuple(
        numbered(model, number, (start - timedelta(minutes=minutes * number)).replace(microsecond=0))
        for number in range(count)
    )
    return list(newsroom.posts)


def numbered(model: Post, number: int, at: datetime) -> Post:
    slug = f"nyhet-{number}"
    return replace(
        model,
        id=50_000 - number,
        slug=slug,
        url=model.url.replace(model.slug, slug),
        title=f"Nyhet {number} från Kumla",
        text=f"Text {number} om vattnet i Kumla.",
        published=at,
        modified=at,
        image="",
        tail=(),
    )


def stored(wire: Wire) -> dict[str, str]:
    return {url: article.title for url, article in wire.articles(NAME).items()}


def truth(wire: Wire) -> dict[str, str]:
    return {post.url: post.title for post in wire.county.truth(NAME)}


def lists(wire: Wire) -> list[str]:
    return [path for path in wire.asked(NAME) if "/wp-json/" in path or "/feed/" in path or path.startswith("/page/")]


def at_list(number: int, act: Callable[[], None]) -> Callable[[int, str], None]:
    """Do something when that list page is asked for, counted from 1."""
    seen: list[str] = []

    def look(_: int, path: str) -> None:
        if "/wp-json/" in path or "/feed/" in path or path == "/" or path.startswith("/page/"):
            seen.append(path)
            if len(seen) == number:
                act()

    return look


# REST


def test_rest_reads_a_hundred_posts_at_a_time_to_the_first_one(wire: Wire) -> None:
    fill(wire, 250)
    crawl = wire.crawl(NAME)[NAME]
    assert stored(wire) == truth(wire)
    assert (crawl.seen, crawl.new, crawl.requests) == (250, 250, 4)


def test_rest_goes_back_as_far_as_the_source_says(wire: Wire) -> None:
    fill(wire, 250)
    wire.set_source(NAME, backlog=100)
    wire.crawl(NAME)
    assert stored(wire) == dict(list(truth(wire).items())[:100])
    wire.crawl(NAME)
    assert len(stored(wire)) == 100


@pytest.mark.parametrize("count", [99, 100, 101, 200])
def test_rest_ends_where_the_posts_end(wire: Wire, count: int) -> None:
    fill(wire, count)
    wire.crawl(NAME)
    wire.crawl(NAME)
    assert stored(wire) == truth(wire)


def test_rest_reads_posts_that_were_changed_in_the_same_second(wire: Wire) -> None:
    """An import gives all its posts one instant, and a walk by instant alone would never get past it."""
    fill(wire, 230, minutes=0)
    wire.crawl(NAME)
    wire.crawl(NAME)
    assert stored(wire) == truth(wire)


@pytest.mark.parametrize(
    ("status", "body"), [(500, b""), (404, b"<html></html>"), (200, b"<html>Fel</html>"), (200, b"[{"), (200, b"{}")]
)
def test_rest_goes_on_where_a_fault_stopped_it(
    wire: Wire, watch: Callable[..., list[Visit]], status: int, body: bytes
) -> None:
    fill(wire, 250)
    site = wire.site(NAME)
    watch(site, at_visit=at_list(2, lambda: site.answer("/wp-json/wp/v2/posts", status, body=body)))
    stopped = wire.crawl(NAME)[NAME]
    assert stopped.new == 100
    site.restore()
    wire.crawl(NAME)
    assert stored(wire) == truth(wire)
    assert len([path for path in lists(wire) if "_embed" in path]) == 3  # what is newer, then two pages of the past
    assert len(stopped.problems) == 1, stopped.problems


def test_a_post_without_an_instant_does_not_end_the_walk(wire: Wire, watch: Callable[..., list[Visit]]) -> None:
    """A page of a hundred of which one cannot be used is still a full page."""
    posts = fill(wire, 250)
    site = wire.site(NAME)
    watch(site)
    whole = site.serve

    def without_instant(method: str, target: str, headers: Any) -> Reply:
        reply = whole(method, target, headers)
        stamp = f"{posts[5].modified.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
        return replace(reply, body=reply.body.replace(f'"modified_gmt": "{stamp}"'.encode(), b'"modified_gmt": null'))

    site.serve = without_instant
    wire.crawl(NAME)
    assert {url: title for url, title in truth(wire).items() if url != posts[5].url}.items() <= stored(wire).items()


def test_a_site_that_says_of_no_post_when_it_was_changed_is_read_by_its_feed(
    wire: Wire, watch: Callable[..., list[Visit]]
) -> None:
    fill(wire, 30)
    site = wire.site(NAME)
    watch(site)
    whole = site.serve

    def stripped(method: str, target: str, headers: Any) -> Reply:
        reply = whole(method, target, headers)
        return replace(reply, body=reply.body.replace(b'"modified_gmt"', b'"unused"'))

    site.serve = stripped
    crawl = wire.crawl(NAME)[NAME]
    assert (crawl.rung, stored(wire)) == ("feed", truth(wire))


def test_a_walk_among_changes_of_the_future_ends(wire: Wire, watch: Callable[..., list[Visit]]) -> None:
    """A server whose clock was wrong: more than a page of posts say that they will be changed in 2037."""
    fill(wire, 120)
    site = wire.site(NAME)
    watch(site)
    wire.crawl(NAME)
    whole = site.serve

    def ahead(method: str, target: str, headers: Any) -> Reply:
        if "orderby=modified" in target:
            return whole(method, "/wp-json/wp/v2/posts?per_page=100&_embed=author", headers)
        return whole(method, target, headers)

    def in_2037(method: str, target: str, headers: Any) -> Reply:
        reply = ahead(method, target, headers)
        return replace(reply, body=_MODIFIED.sub(rb'\g<1>2037-01-01T00:00:00"', reply.body))

    site.serve = in_2037
    crawl = wire.crawl(NAME)[NAME]
    assert crawl.requests <= 5


_MODIFIED = re.compile(rb'("modified_gmt": ")[^"]*"')


def test_posts_that_come_during_the_first_walk_are_read(wire: Wire, watch: Callable[..., list[Visit]]) -> None:
    posts = fill(wire, 250)
    newsroom = wire.county.newsrooms[NAME]

    def publish() -> None:
        late = numbered(posts[0], -1, wire.county.now)
        newsroom.posts = (late, *newsroom.posts)

    watch(wire.site(NAME), at_visit=at_list(2, publish))
    wire.crawl(NAME)
    wire.crawl(NAME)
    assert stored(wire) == truth(wire)


def test_a_post_that_is_edited_during_the_first_walk_is_not_skipped(
    wire: Wire, watch: Callable[..., list[Visit]]
) -> None:
    """It moves to the front of the list by instant, and everything behind it moves up."""
    posts = fill(wire, 250)
    newsroom = wire.county.newsrooms[NAME]

    def edit() -> None:
        edited = replace(posts[180], title="Rättad rubrik", modified=wire.county.now)
        newsroom.posts = (*newsroom.posts[:180], edited, *newsroom.posts[181:])

    watch(wire.site(NAME), at_visit=at_list(2, edit))
    wire.crawl(NAME)
    wire.crawl(NAME)
    assert stored(wire) == truth(wire)


def test_more_than_a_page_of_edits_is_read(wire: Wire) -> None:
    posts = fill(wire, 150)
    wire.crawl(NAME)
    later = wire.county.now
    wire.county.newsrooms[NAME].posts = tuple(
        replace(post, text=f"{post.text} Rättad.", modified=later) for post in posts
    )
    crawl = wire.crawl(NAME)[NAME]
    assert (crawl.changed, crawl.new) == (150, 0)
    assert all(article.text.endswith("Rättad.") for article in wire.articles(NAME).values())
    assert wire.crawl(NAME)[NAME].changed == 0


def test_an_edit_of_the_spacing_alone_is_no_version(wire: Wire) -> None:
    wire.crawl(NAME)
    newsroom = wire.county.newsrooms[NAME]
    first, *rest = newsroom.posts
    spaced = replace(first, text=first.text.replace(" ", "  "), modified=wire.county.now + timedelta(minutes=1))
    newsroom.posts = (spaced, *rest)
    crawl = wire.crawl(NAME)[NAME]
    assert (crawl.changed, wire.rows("select * from versions")) == (0, [])


def test_a_post_under_a_new_address_stays_the_same_article(wire: Wire) -> None:
    wire.crawl(NAME)
    newsroom = wire.county.newsrooms[NAME]
    first, *rest = newsroom.posts
    old = wire.articles(NAME)[first.url]
    moved = replace(first, slug="ny-adress", url=first.url.replace(first.slug, "ny-adress"), modified=wire.county.now)
    newsroom.posts = (moved, *rest)
    crawl = wire.crawl(NAME)[NAME]
    assert (crawl.new, len(wire.articles(NAME))) == (0, 25)
    assert wire.rows("select id from articles where native_id = ?", str(first.id)) == [{"id": old.id}]


def test_many_posts_that_vanish_at_once_are_doubted(wire: Wire) -> None:
    posts = fill(wire, 60)
    wire.crawl(NAME)
    wire.county.newsrooms[NAME].posts = tuple(posts[:10])
    crawl = wire.crawl(NAME)[NAME]
    assert crawl.gone == 20
    assert len(lists(wire)) == 22


def test_an_old_post_that_is_withdrawn_is_missed_by_its_number(wire: Wire, watch: Callable[..., list[Visit]]) -> None:
    posts = fill(wire, 250)
    watch(wire.site(NAME))
    wire.crawl(NAME)
    wire.crawl(NAME)
    assert len(lists(wire)) == 2
    wire.county.newsrooms[NAME].posts = tuple(post for post in posts if post.id != posts[200].id)
    crawl = wire.crawl(NAME)[NAME]
    assert (crawl.gone, crawl.problems) == (1, [])
    assert wire.rows("select url from articles where gone_at is not null") == [{"url": posts[200].url}]
    wire.crawl(NAME)
    assert len(lists(wire)) == 2


def test_a_site_in_a_folder_needs_no_final_slash(wire: Wire) -> None:
    wire.config.sources[NAME] = msgspec.structs.replace(wire.config.sources[NAME], url=wire.site(NAME).url.rstrip("/"))
    assert wire.crawl(NAME)[NAME].rung == "rest"


# Feed


def test_the_pages_behind_a_feed_of_excerpts_are_read(wire: Wire, watch: Callable[..., list[Visit]]) -> None:
    """A setting of WordPress: "for each post in a feed, include: excerpt"."""
    wire.county.switches.rest = False
    posts, site = fill(wire, 12), wire.site(NAME)
    watch(site)
    whole = site.serve

    def shortened(method: str, target: str, headers: Any) -> Reply:
        reply = whole(method, target, headers)
        return replace(reply, body=re.sub(rb"(?s)<content:encoded>.*?</content:encoded>", b"", reply.body))

    site.serve = shortened
    crawl = wire.crawl(NAME)[NAME]
    articles = wire.articles(NAME)
    assert (crawl.rung, crawl.new, crawl.problems) == ("feed", 12, [])
    assert {post.url: post.text for post in posts} == {url: article.text for url, article in articles.items()}
    assert {str(post.id) for post in posts} == {article.native_id for article in articles.values()}


def test_the_feed_adds_no_tags_to_categories_that_are_known(wire: Wire) -> None:
    wire.crawl(NAME)
    before = {url: article.categories for url, article in wire.articles(NAME).items()}
    wire.county.switches.rest = False
    rung_is_old(wire)
    assert wire.crawl(NAME)[NAME].rung == "feed"
    assert {url: article.categories for url, article in wire.articles(NAME).items()} == before
    assert any(post.tags for post in wire.county.truth(NAME))


@pytest.mark.parametrize("count", [9, 10, 11, 30, 57])
def test_the_feed_is_read_to_its_last_page(wire: Wire, count: int) -> None:
    wire.county.switches.rest = False
    fill(wire, count)
    crawl = wire.crawl(NAME)[NAME]
    assert stored(wire) == truth(wire)
    assert (crawl.verdict, crawl.problems) == ("ok", [])


@pytest.mark.parametrize("repeats", [False, True])
def test_a_feed_without_older_pages_is_followed_by_the_list(wire: Wire, repeats: bool) -> None:
    """Behind its newest ten posts a feed may have nothing, or the same again."""
    wire.county.switches.rest = False
    fill(wire, 57)
    site = wire.site(NAME)
    newest = site.serve("GET", "/feed/", {})
    for page in range(2, 7):
        site.answer(f"/feed/?paged={page}", 200 if repeats else 404, {"Content-Type": newest.content_type}, newest.body)
    crawl = wire.crawl(NAME)[NAME]
    assert (crawl.verdict, crawl.rung, crawl.problems) == ("ok", "feed", [])
    assert stored(wire) == truth(wire)
    assert [path for path in lists(wire) if "paged" in path] == ["/feed/?paged=2"]
    wire.crawl(NAME)
    assert lists(wire) == ["/feed/"]


def test_the_list_behind_a_feed_is_walked_on_where_a_fault_stopped_it(wire: Wire) -> None:
    wire.county.switches.rest = False
    fill(wire, 57)
    site = wire.site(NAME)
    site.answer("/feed/?paged=2", 404)
    site.answer("/page/3/", 500)
    wire.crawl(NAME)
    assert 10 < len(stored(wire)) < 57
    site.restore("/page/3/")
    wire.crawl(NAME)
    assert lists(wire)[:2] == ["/feed/", "/page/3/"]
    assert stored(wire) == truth(wire)


def test_the_feed_is_walked_on_where_a_fault_stopped_it(wire: Wire, watch: Callable[..., list[Visit]]) -> None:
    wire.county.switches.rest = False
    fill(wire, 57)
    site = wire.site(NAME)
    watch(site, at_visit=at_list(4, lambda: site.answer("/feed/", 500)))
    wire.crawl(NAME)
    assert len(stored(wire)) == 20
    site.restore()
    wire.crawl(NAME)
    assert [path for path in lists(wire) if "paged" in path] == [f"/feed/?paged={page}" for page in (3, 4, 5, 6, 7)]
    assert stored(wire) == truth(wire)
    wire.crawl(NAME)
    assert lists(wire) == ["/feed/"]


@pytest.mark.parametrize("body", [b"<!DOCTYPE html><html>Fel</html>", b"", b"<rss><channel><item><title>Halv"])
def test_garbage_in_the_middle_of_the_feed_ends_no_walk(
    wire: Wire, watch: Callable[..., list[Visit]], body: bytes
) -> None:
    wire.county.switches.rest = False
    fill(wire, 57)
    site = wire.site(NAME)
    watch(site, at_visit=at_list(4, lambda: site.answer("/feed/", body=body)))
    stopped = wire.crawl(NAME)[NAME]
    assert len(stored(wire)) == 20
    site.restore()
    wire.crawl(NAME)
    assert stored(wire) == truth(wire)
    assert len(stopped.problems) == 1, stopped.problems


def test_a_page_of_the_feed_that_is_cut_is_asked_for_again(wire: Wire, watch: Callable[..., list[Visit]]) -> None:
    wire.county.switches.rest = False
    posts = fill(wire, 57)
    site = wire.site(NAME)
    items = "".join(f"<item><title>{post.title}</title><link>{post.url}</link></item>" for post in posts[20:30])
    whole = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
    cut = whole[: whole.index(posts[25].title.encode())]
    watch(site, at_visit=at_list(4, lambda: site.answer("/feed/?paged=3", body=cut)))
    wire.crawl(NAME)
    site.restore()
    wire.crawl(NAME)
    assert stored(wire) == truth(wire)


@pytest.mark.parametrize(("feed", "broken"), [(True, "/feed/?paged=3"), (False, "/page/3/")])
@pytest.mark.parametrize("status", [404, 500])
def test_news_is_read_while_an_old_page_fails(wire: Wire, feed: bool, broken: str, status: int) -> None:
    """A walk that was cut short waits at a page which may never come back; the front page goes on."""
    wire.county.switches.rest, wire.county.switches.feed = False, feed
    posts = fill(wire, 57)
    site, newsroom = wire.site(NAME), wire.county.newsrooms[NAME]
    site.answer(broken, 500)
    wire.crawl(NAME)
    site.answer(broken, status)
    late = numbered(posts[0], -1, wire.county.now)
    newsroom.posts = (late, *newsroom.posts)
    verdicts = [wire.crawl(NAME)[NAME].verdict for _ in range(2)]
    assert late.url in stored(wire), verdicts


def test_a_feed_that_has_moved_on_by_more_than_a_page_is_followed(wire: Wire) -> None:
    wire.county.switches.rest = False
    posts = fill(wire, 60)
    newsroom = wire.county.newsrooms[NAME]
    newsroom.posts = tuple(posts[25:])
    wire.crawl(NAME)
    newsroom.posts = tuple(posts)
    wire.crawl(NAME)
    assert stored(wire) == truth(wire)
    assert lists(wire) == ["/feed/", "/feed/?paged=2", "/feed/?paged=3", "/feed/?paged=4"]


def test_an_article_that_the_sitemap_lacks_is_looked_at(wire: Wire) -> None:
    """The feed shows the newest ten; an older one that is withdrawn is missing from the sitemap alone."""
    wire.county.switches.rest = False
    wire.crawl(NAME)
    newsroom, site = wire.county.newsrooms[NAME], wire.site(NAME)
    gone = newsroom.posts[20]
    newsroom.posts = tuple(post for post in newsroom.posts if post.id != gone.id)
    entries = "".join(f"<url><loc>{post.url}</loc></url>" for post in newsroom.posts)
    site.answer("/wp-sitemap-posts-post-1.xml", body=f"<urlset>{entries}</urlset>".encode())
    wire.rows_changed("update sources set cursor = json_set(cursor, '$.sitemap_at', ?)", hours_ago(7))
    wire.crawl(NAME)
    assert wire.rows("select url, misses from fetches where misses > 0") == [{"url": gone.url, "misses": 1}]
    wire.crawl(NAME)
    assert lists(wire) == wire.asked(NAME) == ["/feed/"]


def test_a_sitemap_of_something_else_withdraws_nothing(wire: Wire) -> None:
    wire.county.switches.rest = False
    wire.site(NAME).answer("/wp-sitemap-posts-post-1.xml", body=b"<urlset><url><loc>http://x/</loc></url></urlset>")
    wire.crawl(NAME)
    wire.rows_changed("update sources set cursor = json_set(cursor, '$.sitemap_at', ?)", hours_ago(7))
    wire.crawl(NAME)
    assert wire.asked(NAME) == ["/feed/", "/wp-sitemap-posts-post-1.xml"]


def test_a_list_page_without_its_list_ends_no_walk(wire: Wire) -> None:
    wire.county.switches.rest = wire.county.switches.feed = False
    fill(wire, 32)
    site = wire.site(NAME)
    site.answer("/page/3/", body=b"<html><body>Vi uppdaterar sajten.</body></html>")
    stopped = wire.crawl(NAME)[NAME]
    assert len(stopped.problems) == 1, stopped.problems
    site.restore()
    wire.crawl(NAME)
    assert stored(wire) == truth(wire)


def hours_ago(hours: float) -> str:
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat(timespec="seconds")


# Pages


@pytest.mark.parametrize("count", [1, 10, 11, 32])
def test_the_pages_are_read_to_the_last_one(wire: Wire, count: int) -> None:
    wire.county.switches.rest = wire.county.switches.feed = False
    fill(wire, count)
    crawl = wire.crawl(NAME)[NAME]
    assert stored(wire) == truth(wire)
    assert all(article.text for article in wire.articles(NAME).values())
    assert (crawl.verdict, crawl.problems) == ("ok", [])


def test_the_pages_are_walked_on_where_a_fault_stopped_them(wire: Wire, watch: Callable[..., list[Visit]]) -> None:
    wire.county.switches.rest = wire.county.switches.feed = False
    fill(wire, 32)
    site = wire.site(NAME)
    site.answer("/page/3/", 500)
    wire.crawl(NAME)
    assert len(stored(wire)) == 20
    site.restore()
    wire.crawl(NAME)
    assert [path for path in lists(wire) if "/page/" in path] == ["/page/3/", "/page/4/"]
    assert stored(wire) == truth(wire)


def test_a_headline_that_the_list_shows_changed_is_read_on_its_page(wire: Wire) -> None:
    wire.county.switches.rest = wire.county.switches.feed = False
    wire.crawl(NAME)
    newsroom = wire.county.newsrooms[NAME]
    first, *rest = newsroom.posts
    edited = replace(first, title="Vattnet är tillbaka", text="Vattnet är tillbaka i norra Kumla.")
    newsroom.posts = (edited, *rest)
    changes = [wire.crawl(NAME)[NAME].changed for _ in range(3)]
    assert sorted(changes) == [0, 0, 1]
    article = wire.articles(NAME)[first.url]
    assert (article.title, article.text.split("\n\n")[0]) == (edited.title, edited.text)
    assert [row["title"] for row in wire.rows("select title from versions")] == [first.title]


def test_the_same_opening_every_morning_is_no_duplicate(wire: Wire) -> None:
    """Örebronyheter's "Nattens händelser från polisen" begins with the same words each day; the list shows no more."""
    wire.county.switches.rest = wire.county.switches.feed = False
    newsroom = wire.county.newsrooms[NAME]
    opening = "Nedan följer ett urval av de ärenden som polisen har haft att hantera under natten i länet. " * 3
    nights = [post for post in newsroom.posts if post.title == "Nattens händelser från polisen"]
    alike = {
        night.id: replace(night, text=f"{opening}\n\n{night.text}", published=nights[0].published - timedelta(days=day))
        for day, night in enumerate(nights)
    }
    newsroom.posts = tuple(alike.get(post.id, post) for post in newsroom.posts)
    wire.crawl(NAME)
    stored_nights = [wire.articles(NAME)[night.url] for night in nights]
    assert len({night.text for night in stored_nights}) == 3
    assert [night.duplicate_of for night in stored_nights] == [None] * 3


# One way in after the other


WAYS = pytest.mark.parametrize("way", ["rest", "feed", "pages"])


def shut_above(wire: Wire, way: str) -> None:
    """Leave the site that way in and those below it."""
    wire.county.switches.rest, wire.county.switches.feed = way == "rest", way != "pages"


def walked(wire: Wire) -> list[str]:
    """The pages of lists that the last crawl asked for, without the first one."""
    return [path for path in lists(wire) if "paged=" in path or path.startswith("/page/") or "_before" in path]


@WAYS
def test_a_walk_goes_back_to_a_day_from_where_the_first_one_ended(wire: Wire, way: str) -> None:
    count = 450 if way == "rest" else 180
    posts = fill(wire, count, minutes=60)
    shut_above(wire, way)
    wire.set_source(NAME, backlog=20)
    wire.crawl(NAME)
    first = len(stored(wire))
    assert 20 <= first <= 100
    since = posts[7 * count // 9].published
    crawl = wire.crawl(NAME, since=since)[NAME]
    assert (crawl.rung, crawl.problems) == (way, [])
    kept = stored(wire)
    assert kept.items() >= {post.url: post.title for post in posts if post.published >= since}.items()
    assert len(kept) < count
    per_page = {"rest": 100, "feed": 10, "pages": 8}[way]
    assert len(walked(wire)) <= (len(kept) - first) / per_page + 2

    wire.crawl(NAME)
    assert walked(wire) == []
    wire.crawl(NAME, since=posts[-1].published)
    assert stored(wire) == {post.url: post.title for post in posts}


@WAYS
def test_a_walk_back_that_is_cut_short_goes_on_and_fetches_no_page_twice(
    wire: Wire, watch: Callable[..., list[Visit]], way: str
) -> None:
    posts = fill(wire, 450 if way == "rest" else 120, minutes=60)
    shut_above(wire, way)
    wire.set_source(NAME, backlog=20)
    site, seen = wire.site(NAME), []

    def fail() -> None:
        for path in ("/wp-json/wp/v2/posts", "/feed/", *(f"/page/{number}/" for number in range(2, 40))):
            site.answer(path, 500)

    for attempt in range(3):
        site.restore()
        watch(site, at_visit=at_list(3, fail) if attempt < 2 else None)
        wire.crawl(NAME, since=posts[-1].published)
        seen += walked(wire)
    assert stored(wire) == truth(wire)
    assert len(seen) - len(set(seen)) <= 2 * 2  # what is in flight when a run is cut short, and its retry


def rung_is_old(wire: Wire) -> None:
    then = instant_text(datetime.now(UTC) - timedelta(days=1, hours=1))
    wire.rows_changed("update sources set rung_at = ?", then)


def test_the_way_that_worked_is_taken_first_for_a_day(wire: Wire) -> None:
    wire.county.switches.rest = False
    wire.crawl(NAME)
    wire.county.switches.rest = True
    assert wire.crawl(NAME)[NAME].rung == "feed"
    assert not [path for path in wire.asked(NAME) if "wp-json" in path]
    rung_is_old(wire)
    assert wire.crawl(NAME)[NAME].rung == "rest"
    assert wire.rows("select rung from sources where name = ?", NAME) == [{"rung": "rest"}]


@pytest.mark.parametrize("feed", [True, False])
def test_a_better_way_in_finds_the_same_articles(wire: Wire, feed: bool) -> None:
    wire.county.switches.rest, wire.county.switches.feed = False, feed
    wire.crawl(NAME)
    before = wire.articles(NAME)
    wire.county.switches.rest = wire.county.switches.feed = True
    rung_is_old(wire)
    crawl = wire.crawl(NAME)[NAME]
    assert (crawl.rung, crawl.new, crawl.changed, crawl.problems) == ("rest", 0, 0, [])
    after = wire.articles(NAME)
    assert {url: article.id for url, article in after.items()} == {url: article.id for url, article in before.items()}
    assert wire.rows("select * from versions") == []
    for post in wire.county.truth(NAME):
        assert after[post.url].published == post.published.astimezone(UTC)
        assert after[post.url].native_id == str(post.id)


def test_a_worse_way_in_finds_the_same_articles(wire: Wire) -> None:
    wire.crawl(NAME)
    before = wire.articles(NAME)
    for feed in (True, False):
        wire.county.switches.rest, wire.county.switches.feed = False, feed
        rung_is_old(wire)
        crawl = wire.crawl(NAME)[NAME]
        assert (crawl.rung, crawl.new, crawl.changed) == ("feed" if feed else "pages", 0, 0)
    after = wire.articles(NAME)
    for name in ("id", "published", "published_precision", "published_from", "text", "title", "authors"):
        assert {u: getattr(a, name) for u, a in after.items()} == {u: getattr(a, name) for u, a in before.items()}


def test_without_any_way_in_the_source_is_failing(wire: Wire) -> None:
    wire.county.switches.rest = wire.county.switches.feed = False
    wire.site(NAME).answer("/", 404)
    crawl = wire.crawl(NAME)[NAME]
    assert (crawl.verdict, crawl.rung) == ("failing", "pages")
    assert wire.problems(NAME) == [(wire.site(NAME).url, "answered 404")]
    assert wire.rows("select * from sources where rung is not null") == []
