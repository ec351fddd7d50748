"""Press rooms: feed and lists, paging, the number in every address, and releases that are rewritten."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from orebro_spiders.spiders.mynewsdesk import release_number

if TYPE_CHECKING:
    from tests.conftest import Wire

FEED = "/se/svartan-energi/pressreleases.rss"
LIST = "/se/svartan-energi/pressreleases"


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("https://www.mynewsdesk.com/se/regionforbundet-orebro/pressreleases/fokus-paa-tillvaext-817722", "817722"),
        ("https://www.mynewsdesk.com/se/pressreleases/fokus-paa-tillvaext-817722", "817722"),
        ("https://www.mynewsdesk.com/se/pressroom/x/pressrelease/view/fokus-817722", "817722"),
        ("https://press.example.se/pressreleases/fokus-817722/?utm_source=rss", "817722"),
        ("https://www.mynewsdesk.com/se/regionforbundet-orebro/pressreleases", ""),
        ("https://www.mynewsdesk.com/se/regionforbundet-orebro/pressreleases?page=817722", ""),
        ("", ""),
    ],
)
def test_release_number(address: str, number: str) -> None:
    assert release_number(address) == number


def test_a_room_without_a_feed_is_read_by_its_lists_to_the_last_page(wire: Wire) -> None:
    wire.site("mynewsdesk").answer(FEED, 404)
    crawl = wire.crawl("svartan")["svartan"]
    assert (crawl.rung, crawl.verdict, crawl.problems) == ("pages", "ok", [])
    truth = wire.county.truth("svartan")
    assert set(wire.articles("svartan")) == {post.url for post in truth}
    assert [path for path in wire.asked("mynewsdesk") if path.startswith(LIST) and "/se/" in path and "-3" not in path][
        -2:
    ] == [LIST, f"{LIST}?page=2"]


def test_a_feed_that_holds_the_newest_only_is_completed_by_the_lists(wire: Wire) -> None:
    site, truth = wire.site("mynewsdesk"), wire.county.truth("svartan")
    items = "".join(f"<item><title>{p.title}</title><link>{p.url}</link></item>" for p in truth[:3])
    site.answer(FEED, body=f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    crawl = wire.crawl("svartan")["svartan"]
    assert (crawl.rung, crawl.new) == ("feed", 10)
    wire.crawl("svartan")
    assert wire.asked("mynewsdesk") == [FEED]


def test_lists_behind_a_feed_are_walked_on_where_a_fault_stopped_them(wire: Wire) -> None:
    site, truth = wire.site("mynewsdesk"), wire.county.truth("svartan")
    items = "".join(f"<item><title>{p.title}</title><link>{p.url}</link></item>" for p in truth[:3])
    site.answer(FEED, body=f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    site.answer(f"{LIST}?page=2", 500)
    wire.crawl("svartan")
    assert len(wire.articles("svartan")) == 6
    site.restore(f"{LIST}?page=2")
    wire.crawl("svartan")
    assert len(wire.articles("svartan")) == 10


def test_news_is_read_while_an_old_list_page_fails(wire: Wire) -> None:
    site = wire.site("mynewsdesk")
    site.answer(FEED, 404)
    site.answer(f"{LIST}?page=2", 500)
    wire.crawl("svartan")
    wire.advance()
    verdicts = [wire.crawl("svartan")["svartan"].verdict for _ in range(2)]
    (new,) = wire.county.changes["mynewsdesk"].new
    assert new.url in wire.articles("svartan"), verdicts


def test_each_release_page_is_read_once(wire: Wire) -> None:
    wire.crawl("tornet", "svartan", "regionforeningen")
    paths = [path for path in wire.asked("mynewsdesk") if "/pressreleases/" in path]
    assert len(paths) == len(set(paths)) == 24
    wire.advance()
    wire.crawl("tornet", "svartan", "regionforeningen")
    (new,) = wire.county.changes["mynewsdesk"].new
    assert [path for path in wire.asked("mynewsdesk") if "/pressreleases/" in path] == [new.path]


def test_native_ids_are_the_numbers(wire: Wire) -> None:
    wire.crawl("tornet")
    numbers = {url: article.native_id for url, article in wire.articles("tornet").items()}
    assert numbers == {post.url: str(post.id) for post in wire.county.truth("tornet")}


def test_an_address_of_the_old_form_leads_to_the_same_article(wire: Wire) -> None:
    """`/se/pressreleases/<slug>-<id>` redirects; the release is known by its number, and read once."""
    site, (post, *_) = wire.site("mynewsdesk"), wire.county.truth("tornet")
    old = f"/se/pressreleases/{post.slug}-{post.id}"
    row = f'<a class="material" href="{old}"><h2>{post.title}</h2></a>'
    site.answer("/se/bostads-ab-tornet/pressreleases", body=f"<html><body>{row}</body></html>".encode())
    wire.crawl("tornet")
    ((url, article),) = wire.articles("tornet").items()
    assert url.endswith(old)
    assert article.text
    site.restore()
    crawl = wire.crawl("tornet")["tornet"]
    assert (crawl.new, len(wire.articles("tornet"))) == (7, 8)
    assert wire.rows("select id from articles where native_id = ?", str(post.id)) == [{"id": article.id}]
    wire.crawl("tornet")
    assert wire.asked("mynewsdesk") == ["/se/bostads-ab-tornet/pressreleases"]


def test_a_release_with_a_new_headline_is_read_again(wire: Wire) -> None:
    wire.crawl("tornet")
    newsroom = wire.county.newsrooms["tornet"]
    first, *rest = newsroom.posts
    newsroom.posts = (replace(first, title="Tornet river höghuset ändå", text="Höghuset på Norr rivs."), *rest)
    changes = [wire.crawl("tornet")["tornet"].changed for _ in range(3)]
    assert sorted(changes) == [0, 0, 1]
    article = wire.articles("tornet")[first.url]
    assert (article.title, article.text) == ("Tornet river höghuset ändå", "Höghuset på Norr rivs.")
    (version,) = wire.rows("select title, text from versions")
    assert version["title"] == first.title
    assert version["text"].startswith(first.paragraphs[0])


def test_other_material_of_a_room_is_left_out(wire: Wire) -> None:
    """Rooms list pictures and events too; they are no releases."""
    site, (post, *_) = wire.site("mynewsdesk"), wire.county.truth("tornet")
    rows = (
        f'<a class="material" href="{post.path}"><h2>{post.title}</h2></a>'
        '<a class="material" href="/se/bostads-ab-tornet/images/taket-1200345"><h2>Taket</h2></a>'
        '<a class="material" href="https://annan.example.se/pressreleases/x-1200346"><h2>Annan</h2></a>'
    )
    site.answer("/se/bostads-ab-tornet/pressreleases", body=f"<html><body>{rows}</body></html>".encode())
    wire.crawl("tornet")
    assert set(wire.articles("tornet")) == {post.url}


def test_a_feed_of_ones_own_is_asked_for(wire: Wire) -> None:
    site = wire.site("mynewsdesk")
    wire.set_source("tornet", feed=f"{site.url}rss/source/4711/pressrelease")
    site.answer("/rss/source/4711/pressrelease", 404)
    wire.crawl("tornet")
    assert "/rss/source/4711/pressrelease" in wire.asked("mynewsdesk")


def test_html_where_the_feed_was_is_said_and_the_lists_are_read(wire: Wire) -> None:
    site = wire.site("mynewsdesk")
    site.answer(FEED, body=b"<!DOCTYPE html><html><body>Inget</body></html>")
    crawl = wire.crawl("svartan")["svartan"]
    assert (crawl.rung, crawl.verdict, crawl.new) == ("pages", "ok", 10)
    assert [url for url, _ in wire.problems("svartan")] == [site.url.rstrip("/") + FEED]


def test_rooms_on_one_host_do_not_mix(wire: Wire) -> None:
    wire.crawl("tornet", "svartan", "regionforeningen")
    for name in ("tornet", "svartan", "regionforeningen"):
        assert set(wire.articles(name)) == {post.url for post in wire.county.truth(name)}


def test_a_feed_that_has_gone_gives_way_to_what_the_room_declares_now(wire: Wire) -> None:
    site, truth = wire.site("mynewsdesk"), wire.county.truth("svartan")
    item = f"<item><title>{truth[0].title}</title><link>{truth[0].url}</link></item>"
    new = "/rss/source/4711/pressrelease"
    site.answer(new, body=f"<rss version='2.0'><channel>{item}</channel></rss>".encode())
    wire.crawl("svartan")
    site.answer(FEED, 410)
    site.answer("/se/svartan-energi", body=f'<html><body><a href="{new}">RSS</a></body></html>'.encode())
    rungs = [wire.crawl("svartan")["svartan"].rung]
    wire.rows_changed("update sources set rung_at = '2020-01-01T00:00:00Z'")
    rungs += [wire.crawl("svartan")["svartan"].rung for _ in range(2)]
    assert rungs == ["pages", "feed", "feed"]
    assert wire.asked("mynewsdesk") == [new]


def test_a_room_that_hides_its_page_is_asked_at_the_usual_address(wire: Wire) -> None:
    wire.site("mynewsdesk").answer("/se/svartan-energi", 403)
    crawl = wire.crawl("svartan")["svartan"]
    assert (crawl.rung, crawl.verdict, crawl.new) == ("feed", "ok", 10)
