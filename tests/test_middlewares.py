"""Manners: robots.txt, pauses, one request at a time, who we say we are, and where we never knock."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
import pytest

from orebro_spiders.archive.database import instant, instant_text
from orebro_spiders.demo import Site
from orebro_spiders.demo.server import Reply

if TYPE_CHECKING:
    from tests.conftest import Visit, Wire

Watch = Callable[..., list["Visit"]]
PLAIN = {"Content-Type": "text/plain"}


def robots(site: Site, *lines: str) -> None:
    site.answer("/robots.txt", headers=PLAIN, body="\n".join(lines).encode())


# robots.txt (RFC 9309)


@pytest.mark.parametrize(
    "lines",
    [
        ("User-agent: *", "Disallow: /rss/"),
        ("User-agent: *", "Disallow: /"),
        ("User-agent: OrebroNews", "Disallow: /", "", "User-agent: *", "Disallow:"),
        ("User-agent: orebronews", "Disallow: /rss"),
        ("User-agent: *", "Disallow: /*ss/$"),
        ("\ufeffUser-agent: *", "Disallow: /rss/"),
    ],
)
def test_a_disallowed_page_is_never_asked_for(wire: Wire, lines: tuple[str, ...]) -> None:
    robots(wire.site("radio"), *lines)
    crawl = wire.crawl("radio")["radio"]
    assert wire.asked("radio") == ["/robots.txt"]
    assert (crawl.verdict, crawl.requests) == ("failing", 1)
    assert wire.problems("radio") == [(wire.site("radio").url + "rss/", "robots.txt forbids it")]


@pytest.mark.parametrize(
    "lines",
    [
        ("User-agent: *", "Disallow: /", "Allow: /rss/"),
        ("User-agent: OrebroNews", "Allow: /", "", "User-agent: *", "Disallow: /"),
        ("User-agent: NågonAnnan", "Disallow: /"),
        ("Disallow: /",),
        ("",),
        ("<html><body>Sidan finns inte</body></html>",),
    ],
)
def test_what_is_not_disallowed_is_read(wire: Wire, lines: tuple[str, ...]) -> None:
    robots(wire.site("radio"), *lines)
    crawl = wire.crawl("radio")["radio"]
    assert (crawl.verdict, crawl.new, crawl.problems) == ("ok", 8, [])


def test_a_disallowed_article_is_left_out_and_the_rest_is_read(wire: Wire) -> None:
    wire.set_source("radio", follow=True)
    post = wire.county.truth("radio")[2]
    robots(wire.site("radio"), "User-agent: *", f"Disallow: {post.path}")
    crawl = wire.crawl("radio")["radio"]
    assert post.path not in wire.asked("radio")
    assert (crawl.verdict, crawl.new) == ("ok", 8)
    assert wire.problems("radio") == [(post.url, "robots.txt forbids it")]
    stored = wire.articles("radio")
    assert [url for url, article in stored.items() if not article.text] == [post.url]
    assert stored[post.url].summary == post.paragraphs[0]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_robots_txt_that_cannot_be_read_forbids_everything(wire: Wire, status: int) -> None:
    wire.site("radio").answer("/robots.txt", status)
    crawl = wire.crawl("radio")["radio"]
    assert set(wire.asked("radio")) == {"/robots.txt"}
    assert crawl.verdict == "failing"
    ((url, problem),) = wire.problems("radio")
    assert url == wire.site("radio").url + "rss/"
    assert f"robots.txt cannot be read (answered {status})" in problem


def test_a_robots_txt_that_recovers_is_asked_again_in_the_next_run(wire: Wire) -> None:
    wire.site("radio").answer("/robots.txt", 500)
    wire.crawl("radio")
    wire.site("radio").restore()
    assert wire.crawl("radio")["radio"].verdict == "ok"


@pytest.mark.parametrize("status", [404, 410, 403, 401])
def test_without_a_robots_txt_everything_is_allowed(wire: Wire, status: int) -> None:
    wire.site("radio").answer("/robots.txt", status, body=b"User-agent: *\nDisallow: /")
    assert wire.crawl("radio")["radio"].verdict == "ok"


def test_a_robots_txt_that_moved_is_followed(wire: Wire) -> None:
    site = wire.site("radio")
    site.answer("/robots.txt", 301, {"Location": "/om/robots.txt"})
    site.answer("/om/robots.txt", headers=PLAIN, body=b"User-agent: *\nDisallow: /rss/")
    assert wire.crawl("radio")["radio"].verdict == "failing"
    assert wire.asked("radio") == ["/robots.txt", "/om/robots.txt"]


def test_a_redirect_to_a_disallowed_page_is_not_followed(wire: Wire) -> None:
    site = wire.site("radio")
    robots(site, "User-agent: *", "Disallow: /hemligt/")
    site.answer("/rss/", 302, {"Location": "/hemligt/rss"})
    assert wire.crawl("radio")["radio"].verdict == "failing"
    assert wire.asked("radio") == ["/robots.txt", "/rss/"]


def test_a_redirect_to_another_host_follows_that_hosts_robots(wire: Wire) -> None:
    other = wire.site("hockeyklubben")
    robots(other, "User-agent: *", "Disallow: /")
    wire.site("radio").answer("/rss/", 302, {"Location": f"{other.url}atom.xml"})
    assert wire.crawl("radio")["radio"].verdict == "failing"
    assert wire.asked("hockeyklubben") == ["/robots.txt"]


def test_robots_txt_is_kept_for_a_day(wire: Wire) -> None:
    wire.crawl("radio")
    assert "/robots.txt" in wire.asked("radio")
    wire.crawl("radio")
    assert "/robots.txt" not in wire.asked("radio")
    robots_at(wire, hours=23)
    wire.crawl("radio")
    assert "/robots.txt" not in wire.asked("radio")
    robots_at(wire, hours=25)
    wire.crawl("radio")
    assert "/robots.txt" in wire.asked("radio")


def test_a_kept_robots_txt_is_obeyed(wire: Wire) -> None:
    robots(wire.site("radio"), "User-agent: *", "Disallow: /rss/")
    wire.crawl("radio")
    crawl = wire.crawl("radio")["radio"]
    assert (wire.asked("radio"), crawl.verdict) == ([], "failing")


def robots_at(wire: Wire, hours: float) -> None:
    then = datetime.now(UTC) - timedelta(hours=hours)
    wire.rows_changed("update hosts set robots_at = ?", instant_text(then))


def test_one_robots_txt_serves_all_sources_of_a_host(wire: Wire) -> None:
    wire.crawl("tornet", "svartan", "regionforeningen")
    assert wire.asked("mynewsdesk").count("/robots.txt") == 1


def test_crawl_delay_is_kept_between_all_requests(wire: Wire, watch: Watch) -> None:
    wire.set_source("radio", follow=True)
    robots(wire.site("radio"), "User-agent: *", "Crawl-delay: 0.1")
    visits = watch(wire.site("radio"))
    wire.crawl("radio")
    assert len(visits) == 10
    assert min(gaps(visits)) >= 0.1


def test_our_own_delay_is_kept_between_all_requests_of_a_host(wire: Wire, watch: Watch) -> None:
    wire.set_source("tornet", delay=0.05)
    wire.set_source("regionforeningen", delay=0.05)
    visits = watch(wire.site("mynewsdesk"))
    wire.crawl("tornet", "regionforeningen")
    assert len(visits) == 21
    assert min(gaps(visits)) >= 0.05


# One at a time


def gaps(visits: list[Visit]) -> list[float]:
    """Seconds from the end of each visit to the beginning of the next."""
    ordered = sorted(visits, key=lambda visit: visit.begun)
    return [later.begun - earlier.ended for earlier, later in pairwise(ordered)]


@pytest.mark.parametrize(
    ("sources", "site"), [(("tornet", "svartan", "regionforeningen"), "mynewsdesk"), (("narkebladet",), "narkebladet")]
)
def test_a_host_is_never_asked_twice_at_once(wire: Wire, watch: Watch, sources: tuple[str, ...], site: str) -> None:
    wire.county.switches.rest = wire.county.switches.feed = False
    visits = watch(wire.site(site), seconds=0.01)
    wire.crawl(*sources)
    assert len(visits) > 20
    assert min(gaps(visits)) >= 0


def test_different_hosts_are_asked_side_by_side(wire: Wire, watch: Watch) -> None:
    """None of the three answers its first question before the others have been asked theirs."""
    names = ("radio", "hockeyklubben", "polisen")
    met = threading.Barrier(len(names))

    def meet(number: int, _: str) -> None:
        if number == 1:
            met.wait(timeout=10)

    for name in names:
        watch(wire.site(name), at_visit=meet)
    wire.crawl(*names)
    assert not met.broken
    assert {crawl.verdict for crawl in wire.last.values()} == {"ok"}


# Who we are


def test_every_request_says_who_asks(wire: Wire) -> None:
    wire.crawl()
    requests = [request for site in wire.county.sites.values() for request in site.requests]
    agents = {request.headers["User-Agent"] for request in requests}
    assert agents == {"OrebroNews/0.1.0 (+https://nyheter.example.se/; redaktionen@example.se)"}
    assert {request.method for request in requests} == {"GET"}
    assert not [request for request in requests if request.headers["Cookie"] or request.headers["Referer"]]


def test_without_a_contact_the_user_agent_is_plain(wire: Wire) -> None:
    site = msgspec.structs.replace(wire.config.site, base_url="http://localhost:8000/", contact="")
    wire.config = msgspec.structs.replace(wire.config, site=site)
    wire.crawl("radio")
    assert {request.headers["User-Agent"] for request in wire.site("radio").requests} == {"OrebroNews/0.1.0"}


def test_cookies_are_not_kept(wire: Wire) -> None:
    wire.set_source("radio", follow=True)
    wire.site("radio").answer("/robots.txt", 404, headers={"Set-Cookie": "spar=1; Path=/"})
    wire.crawl("radio")
    assert not [request for request in wire.site("radio").requests if request.headers["Cookie"]]


# Pauses


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_for_an_hour_is_left_alone_in_the_next_run(wire: Wire, status: int) -> None:
    site = wire.site("radio")
    site.answer("/rss/", status, {"Retry-After": "3600"})
    wire.crawl("radio")
    assert wire.asked("radio") == ["/robots.txt", "/rss/"]
    assert wire.problems("radio") == [(site.url + "rss/", f"answered {status}")]
    ((until,),) = wire.db.execute("select not_before from hosts").fetchall()
    assert timedelta(minutes=59) < instant(until) - datetime.now(UTC) <= timedelta(hours=1)

    site.restore()
    crawl = wire.crawl("radio", "polisen")["radio"]
    assert wire.asked("radio") == []
    assert (crawl.verdict, crawl.requests) == ("waiting", 0)
    ((url, problem),) = wire.problems("radio")
    assert (url, f"(status {status})" in problem) == (site.url + "rss/", True)
    assert wire.last["polisen"].verdict == "ok"

    pause_ends(wire, datetime.now(UTC) - timedelta(seconds=1))
    assert wire.crawl("radio")["radio"].verdict == "ok"


def test_a_host_that_just_says_too_many_is_left_alone_for_a_while(wire: Wire) -> None:
    wire.site("radio").answer("/rss/", 429)
    wire.crawl("radio")
    ((until,),) = wire.db.execute("select not_before from hosts").fetchall()
    assert timedelta(minutes=14) < instant(until) - datetime.now(UTC) <= timedelta(minutes=15)


def test_a_pause_may_be_given_as_a_date(wire: Wire) -> None:
    until = (datetime.now(UTC) + timedelta(hours=2)).replace(microsecond=0)
    wire.site("radio").answer("/rss/", 429, {"Retry-After": f"{until:%a, %d %b %Y %H:%M:%S} GMT"})
    wire.crawl("radio")
    ((kept,),) = wire.db.execute("select not_before from hosts").fetchall()
    assert abs(instant(kept) - until) <= timedelta(seconds=1)


def test_a_faulty_pause_does_not_silence_a_source_for_ever(wire: Wire) -> None:
    wire.site("radio").answer("/rss/", 429, {"Retry-After": "99999999"})
    wire.crawl("radio")
    ((until,),) = wire.db.execute("select not_before from hosts").fetchall()
    assert instant(until) - datetime.now(UTC) <= timedelta(days=1)


def test_a_short_pause_is_waited_for(wire: Wire, watch: Watch) -> None:
    site = wire.site("radio")
    site.answer("/rss/", 429, {"Retry-After": "1"})

    def recover(number: int, _: str) -> None:
        if number == 3:
            site.restore()

    visits = watch(site, at_visit=recover)
    crawl = wire.crawl("radio")["radio"]
    assert [visit.path for visit in visits] == ["/robots.txt", "/rss/", "/rss/"]
    assert gaps(visits)[1] >= 1
    assert (crawl.verdict, crawl.new, crawl.problems) == ("ok", 8, [])


def test_a_short_pause_that_is_asked_for_again_is_remembered(wire: Wire, watch: Watch) -> None:
    """The run asks once more and is refused once more: the next run must not begin with a request."""
    site = wire.site("radio")
    site.answer("/rss/", 429, {"Retry-After": "1"})
    wire.crawl("radio")
    rows = wire.db.execute("select host, not_before, reason from hosts where not_before is not null").fetchall()
    assert [(host, reason) for host, _, reason in rows] == [(site.address, "status 429")]


def test_the_rest_of_a_pause_is_waited_for_in_the_next_run(wire: Wire, watch: Watch) -> None:
    """A run that begins seconds before a pause is over must not begin with a request."""
    wire.crawl("radio")
    until = datetime.fromtimestamp(math.ceil(datetime.now(UTC).timestamp()) + 1, UTC)
    pause_ends(wire, until)
    arrivals: list[datetime] = []
    watch(wire.site("radio"), at_visit=lambda *_: arrivals.append(datetime.now(UTC)))
    wire.crawl("radio")
    assert all(arrival >= until for arrival in arrivals)


def test_a_pause_stops_requests_that_are_under_way(wire: Wire) -> None:
    """Other pages of the host were asked for in the same breath; they must not follow the one that was refused."""
    site = wire.site("mynewsdesk")
    refused = wire.county.truth("tornet")[0]
    site.answer(refused.path, 429, {"Retry-After": "3600"})
    wire.crawl("tornet")
    asked = wire.asked("mynewsdesk")
    assert asked[-1] == refused.path, f"{len(asked) - asked.index(refused.path) - 1} more requests"


def test_pages_that_a_pause_held_back_are_read_after_it(wire: Wire) -> None:
    site = wire.site("mynewsdesk")
    refused = wire.county.truth("tornet")[0]
    site.answer(refused.path, 429, {"Retry-After": "3600"})
    wire.crawl("tornet")
    site.restore()
    assert wire.crawl("tornet")["tornet"].requests == 0
    pause_ends(wire, datetime.now(UTC) - timedelta(seconds=1))
    wire.rows_changed("update fetches set not_before = null")
    wire.crawl("tornet")
    assert all(article.text for article in wire.articles("tornet").values())


def pause_ends(wire: Wire, until: datetime) -> None:
    wire.rows_changed("update hosts set not_before = ?", instant_text(until))


def test_a_503_without_a_pause_is_a_plain_failure(wire: Wire) -> None:
    wire.site("radio").answer("/rss/", 503)
    assert wire.crawl("radio")["radio"].verdict == "failing"
    assert wire.db.execute("select not_before from hosts").fetchall() == [(None,)]


# Where we never knock


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f000001", "127.1"])
def test_a_redirect_to_a_private_address_is_not_followed(wire: Wire, serve: Callable[..., Site], host: str) -> None:
    inside = serve("inside", lambda _: Reply(b"hemligt"))
    port = inside.address.rpartition(":")[2]
    wire.site("radio").answer("/rss/", 302, {"Location": f"http://{host}:{port}/hemligt"})
    crawl = wire.crawl("radio")["radio"]
    assert inside.requests == []
    assert crawl.verdict == "failing"
    assert len(crawl.problems) == 1


def test_a_source_at_a_private_address_is_not_read_unless_listed(wire: Wire) -> None:
    address = wire.site("radio").address
    wire.set_http(allow_private=tuple(one for one in wire.config.http.allow_private if one != address))
    wire.crawl("radio", "polisen")
    assert wire.asked("radio") == []
    assert wire.last["radio"].verdict == "failing"
    ((_, problem),) = wire.problems("radio")
    assert f"{address} is a private address that is not in allow_private" in problem
    assert wire.last["polisen"].verdict == "ok"


def test_a_link_to_a_private_address_is_not_followed(wire: Wire, serve: Callable[..., Site]) -> None:
    inside = serve("inside", lambda _: Reply(b"hemligt"))
    wire.set_source("radio", follow=True)
    item = f"<item><title>Titta här</title><link>{inside.url}admin</link></item>"
    wire.site("radio").answer("/rss/", body=f"<rss version='2.0'><channel>{item}</channel></rss>".encode())
    crawl = wire.crawl("radio")["radio"]
    assert inside.requests == []
    assert (crawl.verdict, crawl.new, len(crawl.problems)) == ("ok", 1, 1)


def test_a_listed_name_may_lead_to_a_private_address(wire: Wire) -> None:
    port = wire.site("radio").address.rpartition(":")[2]
    wire.set_source("radio", url=f"http://localhost:{port}/rss/")
    wire.set_http(allow_private=(f"localhost:{port}",))
    assert wire.crawl("radio")["radio"].verdict == "ok"
