"""The pretend county: its sites answer as the real ones do, and `truth` and `changes` say what they show."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from html import unescape

import feedparser
import pytest
from lxml import html as lxml_html

from orebro_spiders.demo import County, Post, Switches
from orebro_spiders.demo.clock import STOCKHOLM, moment

NOW = datetime(2026, 11, 21, 17, 40, 12, tzinfo=UTC)
TITLE = "Nattens händelser från polisen"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def page(self):
        return lxml_html.fromstring(self.text)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


OPENER = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def get(url: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Answer:
    request = urllib.request.Request(url, headers=dict(headers or {}), method=method)
    try:
        with OPENER.open(request, timeout=5) as response:
            return Answer(response.status, response.headers, response.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())


@pytest.fixture
def county() -> Iterator[County]:
    with County(NOW) as county:
        yield county


@pytest.fixture(scope="module")
def still() -> Iterator[County]:
    """A county that no test changes."""
    with County(NOW) as county:
        yield county


def posts_url(county: County, **query: object) -> str:
    return f"{county.sites['narkebladet'].url}wp-json/wp/v2/posts?{urllib.parse.urlencode(query)}"


def local(path: str, county: County, site: str) -> str:
    return county.sites[site].url + path


def without_port(text: str) -> str:
    return re.sub(r"127\.0\.0\.1:\d+", "HOST", text)


# every site


@pytest.mark.parametrize("name", ["narkebladet", "mynewsdesk", "polisen", "radio", "hockeyklubben"])
def test_every_published_page_answers_and_shows_its_text(still: County, name: str) -> None:
    for post in still.truth(name):
        answer = get(post.url)
        assert answer.status == 200, post.url
        shown = " ".join(answer.page.text_content().split())
        for line in (post.title, post.summary, *post.paragraphs, *post.tail):
            assert " ".join(line.split()) in shown, (post.url, line)


@pytest.mark.parametrize("name", ["narkebladet", "mynewsdesk", "polisen", "radio", "hockeyklubben"])
def test_every_site_has_a_home_a_frame_robots_and_a_404(still: County, name: str) -> None:
    site = still.sites[name]
    home = get(site.url)
    assert home.status == 200
    assert all(home.page.xpath(f"//{element}") for element in ("header", "nav", "footer"))
    assert get(site.url + "robots.txt").text.startswith("User-agent: *\nDisallow:")
    lost = get(site.url + "finns-inte/")
    assert lost.status == 404
    assert lost.headers.get_content_type() == "text/html"


def test_robots_of_wordpress_closes_its_admin(still: County) -> None:
    assert "Disallow: /wp-admin/\n" in get(local("robots.txt", still, "narkebladet")).text
    assert get(local("robots.txt", still, "mynewsdesk")).text == "User-agent: *\nDisallow: \n"


def test_sizes_of_the_newsrooms(still: County) -> None:
    assert {name: len(still.truth(name)) for name in still.newsrooms} == {
        "narkebladet": 25, "regionforeningen": 6, "tornet": 8, "svartan": 10,
        "polisen": 13, "radio": 8, "hockeyklubben": 7,
    }  # fmt: skip
    assert len(still.truth("mynewsdesk")) == 24


def test_nothing_lies_in_the_future_and_the_newest_is_fresh(still: County) -> None:
    for name in still.newsrooms:
        posts = still.truth(name)
        assert posts == sorted(posts, key=lambda post: post.published, reverse=True)
        assert all(post.published <= post.modified <= NOW for post in posts)
    assert NOW - still.truth("narkebladet")[0].published == timedelta(minutes=35)


def test_no_real_contact_is_named(still: County) -> None:
    for name in still.newsrooms:
        for post in still.truth(name):
            text = "\n".join((*post.paragraphs, *post.tail))
            assert all(number.startswith("019-000 00 ") for number in re.findall(r"0\d{1,3}-\d[\d ]+", text))
            assert all(host.endswith("example.se") for host in re.findall(r"@([\w.-]+\w)", text))


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("35 min", "2026-11-21T18:05:12+01:00"),
        ("3 h 20 min", "2026-11-21T15:20:12+01:00"),
        ("2 d 07.15", "2026-11-19T07:15:00+01:00"),
        ("60 d 07.15", "2026-09-22T07:15:00+02:00"),
        (datetime(2012, 12, 6, 10, 45, tzinfo=UTC), "2012-12-06T11:45:00+01:00"),
    ],
)
def test_moment(when: str | datetime, expected: str) -> None:
    assert moment(when, NOW.astimezone(STOCKHOLM)).isoformat() == expected


@pytest.mark.parametrize("when", ["", "snart", "2 d", "35 minuter"])
def test_moment_refuses_what_it_does_not_know(when: str) -> None:
    with pytest.raises(ValueError, match="neither an age nor a day"):
        moment(when, NOW)


# the server


def test_requests_are_recorded_with_status_and_headers(county: County) -> None:
    site = county.sites["radio"]
    get(site.url + "rss/?a=%C3%A5", {"User-Agent": "prov"})
    get(site.url + "saknas", method="HEAD")
    first, second = site.requests
    assert (first.method, first.path, first.status) == ("GET", "/rss/?a=%C3%A5", 200)
    assert first.headers["user-agent"] == "prov"
    assert (second.method, second.path, second.status) == ("HEAD", "/saknas", 404)
    assert county.sites["polisen"].requests == []


def test_answers_can_be_overridden_and_restored(county: County) -> None:
    site = county.sites["radio"]
    site.answer("/rss/", status=503, headers={"Retry-After": "120", "Content-Type": "text/plain"}, body=b"stopp")
    refused = get(site.url + "rss/?x=1")
    assert (refused.status, refused.headers["Retry-After"], refused.body) == (503, "120", b"stopp")
    assert refused.headers.get_all("Content-Type") == ["text/plain"]
    site.restore("/rss/")
    assert get(site.url + "rss/").status == 200
    site.answer("/?sida=2", status=410)
    assert get(site.url).status == 200
    assert get(site.url + "?sida=2").status == 410
    site.restore()
    assert get(site.url + "?sida=2").status == 200


def test_head_has_the_length_but_no_body(still: County) -> None:
    url = still.sites["hockeyklubben"].url
    head, whole = get(url, method="HEAD"), get(url)
    assert head.body == b""
    assert head.headers["Content-Length"] == str(len(whole.body))


def test_ports_are_free_again_afterwards_and_can_be_chosen() -> None:
    with County(NOW) as county:
        url = county.sites["radio"].url
        first = min(int(site.address.split(":")[1]) for site in county.sites.values())
    with pytest.raises(urllib.error.URLError):
        get(url)
    assert county.truth("radio")
    try:
        with County(NOW, first_port=first) as again:
            assert again.sites["narkebladet"].url == f"http://127.0.0.1:{first}/"
            assert get(again.sites["hockeyklubben"].url).status == 200
    except OSError as taken:  # one of the next four ports belongs to somebody else
        pytest.skip(str(taken))


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        County(NOW.replace(tzinfo=None))


# Närkebladet: pages


def test_listing_has_the_theme_s_markup_and_pages(still: County) -> None:
    titles: list[str] = []
    for number in (1, 2, 3):
        page = get(local(f"page/{number}/", still, "narkebladet")).page
        assert len(page.xpath("//div[@id='ticker']//li")) == 10
        for entry in page.xpath("//ul[@class='archive']/li"):
            (box,) = entry.xpath("div[@class='archive-text' or @class='archive-text-noimg']")
            titles += box.xpath("a[@class='main-headline']/text()")
            assert re.fullmatch(
                r"Posted [a-z]+ \d{1,2}, \d{4}", box.xpath("string(div/ul[@class='headlines-info']/li[1])")
            )
    assert titles == [post.title for post in still.truth("narkebladet")]
    assert page.xpath("//div[@class='nav-links']//a/text()") == ["1", "2"]
    assert get(local("page/4/", still, "narkebladet")).status == 404


def test_tag_page_lists_its_month(still: County) -> None:
    page = get(local("tag/november-2026/", still, "narkebladet")).page
    assert page.xpath("string(//h1)") == 'All posts tagged "November 2026"'
    expected = [post for post in still.truth("narkebladet") if "November 2026" in post.tags]
    assert 20 < len(expected) < 25
    assert len(page.xpath("//ul[@class='archive']/li")) == 10
    last = get(local("tag/november-2026/page/3/", still, "narkebladet")).page
    assert len(last.xpath("//ul[@class='archive']/li")) == len(expected) - 20
    assert get(local("tag/november-1926/", still, "narkebladet")).status == 404


def test_article_has_no_date_of_its_own_but_the_sidebar_has(still: County) -> None:
    post = still.truth("narkebladet")[-1]
    page = get(post.url).page
    (article,) = page.xpath("//div[@id='post-area']")
    shown = article.text_content()
    assert "Posted" not in shown
    assert str(post.published.year) not in shown.replace(post.tags[-1], "")
    assert article.xpath("string(.//span[@class='fn'])") == ""
    assert "You must be logged in to post a comment Login" in " ".join(shown.split())
    assert article.xpath("string(.//div[@class='post-tags'])").strip() == post.tags[-1]
    teasers = page.xpath("//div[@id='sidebar-wrapper']//ul[@class='middle-widget']/li")
    assert [teaser.xpath("string(a)") for teaser in teasers] == [
        other.title for other in still.truth("narkebladet")[:7]
    ]
    for teaser in teasers:
        words = teaser.xpath("string(p)")
        assert words.endswith("...")
        assert len(words.split()) == 10
        assert teaser.xpath(".//li[@class='comments-icon']/a/text()") == ["0"]


def test_older_layout_states_the_date() -> None:
    with County(NOW, switches=Switches(dated=True)) as county:
        text = get(county.truth("narkebladet")[0].url).page.xpath("string(//div[@id='post-info-left'])")
    assert text == "By  on 21 november, 2026"


def test_addresses_without_slash_and_short_links_lead_on(still: County) -> None:
    post = still.truth("narkebladet")[0]
    for url in (post.url.rstrip("/"), local(f"?p={post.id}", still, "narkebladet")):
        answer = get(url)
        assert (answer.status, answer.headers["Location"]) == (301, post.url)


def test_pictures_are_served(still: County) -> None:
    pictures = [post.image for post in still.truth("narkebladet") + still.truth("mynewsdesk") if post.image]
    assert len(pictures) > 8
    for url in pictures[:2] + pictures[-2:]:
        assert get(url).body.startswith(b"\x89PNG")


# Närkebladet: feed


def test_feed_is_wordpress_rss(still: County) -> None:
    answer = get(local("feed/", still, "narkebladet"))
    feed = feedparser.parse(answer.body)
    truth = still.truth("narkebladet")[:10]
    assert not feed.bozo
    assert answer.headers.get_content_type() == "application/rss+xml"
    assert [entry.title for entry in feed.entries] == [unescape(post.title) for post in truth]
    assert [entry.link for entry in feed.entries] == [post.url for post in truth]
    assert [entry.author for entry in feed.entries] == [post.author for post in truth]
    assert [datetime(*entry.published_parsed[:6], tzinfo=UTC) for entry in feed.entries] == [
        post.published for post in truth
    ]
    assert [[tag.term for tag in entry.tags] for entry in feed.entries] == [
        [*post.categories, *post.tags] for post in truth
    ]
    assert feed.entries[0].guid == local("?p=61902", still, "narkebladet")
    assert not feed.entries[0].guidislink
    assert "Läs vidare" in feed.entries[0].summary
    assert 'href="/resecentrum-i-hallsberg' in answer.text


def test_feed_reaches_the_whole_archive_by_pages(still: County) -> None:
    counts = []
    for number in (1, 2, 3, 4):
        answer = get(local(f"feed/?paged={number}", still, "narkebladet"))
        assert answer.headers.get_content_type() == "application/rss+xml"
        counts.append((answer.status, len(feedparser.parse(answer.body).entries)))
    assert counts == [(200, 10), (200, 10), (200, 5), (404, 0)]


def test_feed_answers_304_as_wordpress_does(county: County) -> None:
    url = local("feed/", county, "narkebladet")
    headers = get(url).headers
    etag, since = headers["ETag"], headers["Last-Modified"]
    old = "Mon, 01 Jan 2024 00:00:00 GMT"

    def status(**given: str) -> int:
        return get(url, {name.replace("_", "-"): value for name, value in given.items()}).status

    assert status(If_None_Match=etag) == 304
    assert status(If_Modified_Since=since) == 304
    assert status(If_None_Match=etag, If_Modified_Since=since) == 304
    assert status(If_None_Match=f"W/{etag}") == 200
    assert status(If_None_Match=etag, If_Modified_Since=old) == 200
    assert status(If_Modified_Since=old) == 200
    assert status(If_Modified_Since="i går") == 200
    assert get(local("feed/?paged=2", county, "narkebladet")).headers["ETag"] == etag
    county.advance()
    assert status(If_None_Match=etag) == 200
    assert get(county.truth("narkebladet")[0].url).headers["ETag"] is None


def test_feeds_can_be_turned_off(county: County) -> None:
    county.switches.feed = False
    answer = get(local("feed/", county, "narkebladet"))
    assert (answer.status, answer.headers.get_content_type()) == (404, "text/html")
    assert not get(county.sites["narkebladet"].url).page.xpath("//link[@type='application/rss+xml']")


def test_only_the_first_of_three_alternates_has_news(still: County) -> None:
    post = still.truth("narkebladet")[0]
    feeds = get(post.url).page.xpath("//link[@type='application/rss+xml']/@href")
    answers = [get(url) for url in feeds]
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert [len(feedparser.parse(answer.body).entries) for answer in answers] == [10, 0, 0]
    assert get(local("finns-inte/feed/", still, "narkebladet")).status == 404


# Närkebladet: REST


def test_rest_has_every_post_and_its_fields(still: County) -> None:
    answer = get(posts_url(still, per_page=100))
    truth = still.truth("narkebladet")
    assert (answer.headers["X-WP-Total"], answer.headers["X-WP-TotalPages"]) == ("25", "1")
    assert "ETag" not in answer.headers
    for data, post in zip(answer.json, truth, strict=True):
        assert (data["id"], data["link"], data["slug"]) == (post.id, post.url, post.slug)
        assert unescape(data["title"]["rendered"]) == post.title
        assert datetime.fromisoformat(data["date"]).replace(tzinfo=STOCKHOLM) == post.published
        assert datetime.fromisoformat(data["date_gmt"] + "Z") == post.published
        assert datetime.fromisoformat(data["modified_gmt"] + "Z") == post.modified
        assert data["guid"]["rendered"].endswith(f"/?p={post.id}")
        text = lxml_html.fromstring(data["content"]["rendered"]).text_content()
        assert all(line in text for line in post.paragraphs)
    assert any("&#8211;" in data["title"]["rendered"] for data in answer.json)


def test_rest_pages(still: County) -> None:
    first = get(posts_url(still))
    assert len(first.json) == 10
    assert (first.headers["X-WP-Total"], first.headers["X-WP-TotalPages"]) == ("25", "3")
    ids = [post["id"] for page in (1, 2, 3) for post in get(posts_url(still, page=page)).json]
    assert ids == [post.id for post in still.truth("narkebladet")]
    past = get(posts_url(still, page=4))
    assert (past.status, past.json["code"]) == (400, "rest_post_invalid_page_number")


@pytest.mark.parametrize(
    "query",
    [
        {"per_page": 101},
        {"per_page": 0},
        {"per_page": "alla"},
        {"page": 0},
        {"orderby": "humör"},
        {"order": "ner"},
        {"after": "igår"},
        {"after": "2026-11-01"},
        {"modified_after": "2026-11-01T00:00:00 00:00"},
    ],
)
def test_rest_refuses_bad_parameters(still: County, query: dict[str, object]) -> None:
    answer = get(posts_url(still, **query))
    assert (answer.status, answer.json["code"]) == (400, "rest_invalid_param")
    assert answer.json["data"]["params"] == list(query)


def test_rest_orders(still: County) -> None:
    truth = still.truth("narkebladet")
    by_modified = [post["id"] for post in get(posts_url(still, orderby="modified", order="asc")).json]
    assert by_modified == [post.id for post in sorted(truth, key=lambda post: post.modified)][:10]
    assert get(posts_url(still, orderby="id", order="asc", per_page=1)).json[0]["id"] == 61655
    assert get(posts_url(still, orderby="modified")).json[6]["id"] == 61777


def test_rest_filters_are_exclusive_and_know_zones(still: County) -> None:
    second = still.truth("narkebladet")[1]
    wanted = {
        f"{second.published.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        f"{second.published.astimezone(UTC):%Y-%m-%dT%H:%M:%S}+00:00",
        f"{second.published:%Y-%m-%dT%H:%M:%S}",
    }
    for instant in wanted:
        after = [post["id"] for post in get(posts_url(still, after=instant)).json]
        assert after == [still.truth("narkebladet")[0].id]
        before = get(posts_url(still, before=instant, per_page=1))
        assert before.headers["X-WP-Total"] == "23"
    none = get(posts_url(still, modified_after="2030-01-01T00:00:00Z"))
    assert (none.status, none.json, none.headers["X-WP-TotalPages"]) == (200, [], "0")
    chosen = get(posts_url(still, include="61655,61902,1")).json
    assert [post["id"] for post in chosen] == [61902, 61655]


def test_rest_fields_and_embed(still: County) -> None:
    bare = get(posts_url(still, per_page=1, _fields="id,title.rendered")).json
    assert set(bare[0]) == {"id", "title"}
    url = posts_url(still, per_page=1, include=61871, _embed=1, _fields="id,_links,_embedded")
    (post,) = get(url).json
    embedded = post["_embedded"]
    assert embedded["author"][0]["name"] == "Maj-Lis Korsmo"
    categories, tags = embedded["wp:term"]
    assert [(term["name"], term["slug"], term["taxonomy"]) for term in categories] == [
        ("Lokalt/Länet", "lokalt-lanet", "category"),
        ("Politik", "politik", "category"),
    ]
    assert [(term["name"], term["taxonomy"]) for term in tags] == [("November 2026", "post_tag")]
    (media,) = embedded["wp:featuredmedia"]
    assert media["mime_type"] == "image/png"
    assert media["media_details"] == {"width": 640, "height": 360}
    assert media["alt_text"].startswith("Skiss")
    assert get(media["source_url"]).status == 200


def test_rest_single_post_and_unknown_routes(still: County) -> None:
    root = local("wp-json/", still, "narkebladet")
    assert get(root + "wp/v2/posts/61902").json["id"] == 61902
    missing, no_route = get(root + "wp/v2/posts/1"), get(root + "wp/v2/bananer")
    assert (missing.status, missing.json["code"]) == (404, "rest_post_invalid_id")
    assert (no_route.status, no_route.json["code"]) == (404, "rest_no_route")
    assert get(root).json["timezone_string"] == "Europe/Stockholm"


def test_rest_can_be_turned_off() -> None:
    with County(NOW, switches=Switches(rest=False)) as county:
        answer = get(posts_url(county))
        assert (answer.status, answer.json["code"]) == (401, "rest_disabled")
        county.switches.rest = True
        assert get(posts_url(county)).status == 200


# the press rooms


def test_room_of_2012_is_plain_text_in_order(still: County) -> None:
    newest = still.truth("regionforeningen")[0]
    room, slug = "regionforeningen-narke", "regionfoereningen-satsar-paa-cykelvaegar-och-gemensam-upphandling"
    assert newest.url.endswith(f"/se/{room}/pressreleases/{slug}-823164")
    text = " ".join(get(newest.url).page.xpath("//div[@id='content']")[0].text_content().split())
    label = "Pressmeddelande • Dec 06, 2012 11:45 CET"
    assert text.startswith(f"Regionföreningen Närke {newest.title} {label} {newest.paragraphs[0]}")
    assert "• Nya skyltar vid länets hembygdsmuseer" in text
    assert text.index("För kommentarer") < text.index("Presskontakt") < text.index("är en arena för")


def test_room_of_2017_has_mixed_months_and_stray_tokens(still: County) -> None:
    page = get(local("se/bostads-ab-tornet", still, "mynewsdesk")).page
    dates = page.xpath("//a[@class='material']/span[@class='material-date']/text()")
    assert dates[-2:] == ["Okt 05, 2018 11:55 CEST", "May 14, 2018 08:45 CEST"]
    tokens = re.findall(r"\b[A-Z0-9][a-z0-9]{19}\b", page.text_content())
    assert len(tokens) == len([post for post in still.truth("tornet") if post.image]) == 4
    release = get(still.truth("tornet")[0].url).page
    assert release.xpath("string(//h1[@class='newsroom-headline fn'])") == still.truth("tornet")[0].title
    assert re.search(r"\b[A-Z0-9][a-z0-9]{19}\b", release.text_content())


def test_room_of_2020_is_paged_without_end(still: County) -> None:
    url, links, stamps = local("se/svartan-energi", still, "mynewsdesk"), [], []
    for _ in range(2):
        page = get(url).page
        page.make_links_absolute(url)
        links += page.xpath("//div[@class='grid js-material-grid']/a[@class='panel']/@href")
        stamps += page.xpath("//a[@class='panel']//time/@datetime")
        following = page.xpath("//a[@class='infinite-pagination__item__next-button']/@href")
        url = following[0] if following else ""
    assert url == ""
    truth = still.truth("svartan")
    assert links == [post.url for post in truth]
    assert stamps == [f"{post.published:%Y-%m-%d %H:%M:%S}" for post in truth]
    fragment = get(
        local("se/svartan-energi/pressreleases?page=2", still, "mynewsdesk"),
        {"X-Requested-With": "XMLHttpRequest"},
    )
    assert fragment.text.lstrip().startswith("<section")


def test_release_of_2020(still: County) -> None:
    post = still.truth("svartan")[0]
    page = get(post.url).page
    assert page.xpath("//h1[@class='panel__title']/text()") == [post.title]
    assert page.xpath("//p[@class='type__date']/time/@datetime") == [f"{post.published:%Y-%m-%d %H:%M:%S}"]
    body = page.xpath("//div[@class='panel__text']")[0].text_content()
    assert all(line in body for line in post.paragraphs)
    assert not any(line in body for line in post.tail)


def test_one_room_has_a_feed(still: County) -> None:
    feed = feedparser.parse(get(local("se/svartan-energi/pressreleases.rss", still, "mynewsdesk")).body)
    assert not feed.bozo
    assert [entry.link for entry in feed.entries] == [post.url for post in still.truth("svartan")]
    for room in ("regionforeningen-narke", "bostads-ab-tornet", "ingen"):
        assert get(local(f"se/{room}/pressreleases.rss", still, "mynewsdesk")).status == 404


def test_the_id_is_enough_in_the_old_form_of_address(still: County) -> None:
    answer = get(local("se/pressreleases/vad-som-helst-823164", still, "mynewsdesk"))
    assert (answer.status, answer.headers["Location"]) == (301, still.truth("regionforeningen")[0].url)
    assert get(local("se/pressreleases/vad-som-helst-1", still, "mynewsdesk")).status == 404


# the police


def test_events_have_the_shape_of_the_api(still: County) -> None:
    answer = get(still.newsrooms["polisen"].source_url)
    assert answer.headers.get_content_type() == "application/json"
    for event, post in zip(answer.json, still.truth("polisen"), strict=True):
        assert list(event) == ["id", "datetime", "name", "summary", "url", "type", "location"]
        assert event["location"] == {"name": "Örebro län", "gps": "59.535036,15.006573"}
        assert local(event["url"][1:], still, "polisen") == post.url
        assert re.fullmatch(r"\d{1,2} [a-z]+ \d\d\.\d\d, .+, [A-ZÅÄÖ][^,]+", event["name"])
        day, clock, offset = event["datetime"].split()
        assert datetime.fromisoformat(f"{day}T{clock.zfill(8)}{offset}") == post.published
    events = answer.json
    assert any(re.search(r" \d:\d\d:\d\d \+", event["datetime"]) for event in events)
    assert "/stoldinbrott-nora/" not in answer.text
    assert any(event["url"].endswith("-stoldinbrott-nora/") for event in events)
    assert any("," in event["type"] for event in events)
    assert get(local("api/events?locationname=%C3%96rebro", still, "polisen")).json == []


def test_event_page(still: County) -> None:
    post = still.truth("polisen")[0]
    answer = get(post.url)
    page = answer.page
    assert page.xpath("string(//h1)").strip() == post.title
    assert page.xpath("string(//p[@class='preamble'])").strip() == post.summary
    assert "&#x2B;01:00" in answer.text
    stated = page.xpath("//time[@class='date']/@datetime")
    assert [datetime.fromisoformat(instant) for instant in stated] == [post.published]
    assert "Polisen region Bergslagen" in page.text_content()


# the feed sites


def test_radio_feed_and_pages(still: County) -> None:
    url = still.newsrooms["radio"].source_url
    answer = get(url)
    feed = feedparser.parse(answer.body)
    truth = still.truth("radio")
    assert not feed.bozo
    assert feed.version == "rss20"
    assert [entry.link for entry in feed.entries] == [post.url for post in truth]
    (enclosure,) = [entry.enclosures[0] for entry in feed.entries if entry.enclosures]
    assert len(get(enclosure.href).body) == int(enclosure.length)
    assert get(url, {"If-None-Match": answer.headers["ETag"]}).status == 304
    assert get(url, {"If-None-Match": f'"x", W/{answer.headers["ETag"]}'}).status == 304
    page = get(truth[0].url).page
    data = json.loads(page.xpath("string(//script[@type='application/ld+json'])"))
    assert (data["@type"], data["headline"]) == ("NewsArticle", truth[0].title)
    assert datetime.fromisoformat(data["datePublished"]) == truth[0].published
    assert page.xpath("//meta[@property='og:title']/@content") == [truth[0].title]
    assert page.xpath("//article")


def test_hockey_feed_and_pages(still: County) -> None:
    url = still.newsrooms["hockeyklubben"].source_url
    answer = get(url)
    feed = feedparser.parse(answer.body)
    truth = still.truth("hockeyklubben")
    assert not feed.bozo
    assert feed.version == "atom10"
    assert 'href="nyheter/' in answer.text
    assert [entry.link for entry in feed.entries] == [post.url for post in truth]
    assert [entry.content[0].type for entry in feed.entries] == ["text/html"] * len(truth)
    assert [datetime.fromisoformat(entry.updated) for entry in feed.entries] == [post.modified for post in truth]
    assert [datetime.fromisoformat(entry.published) for entry in feed.entries] == [post.published for post in truth]
    for address in (url, truth[0].url):
        headers = get(address).headers
        assert get(address, {"If-Modified-Since": headers["Last-Modified"]}).status == 304
        assert get(address, {"If-None-Match": headers["ETag"]}).status == 304
        assert get(address, {"If-None-Match": '"annan"', "If-Modified-Since": headers["Last-Modified"]}).status == 200
    page = get(truth[0].url).page
    assert datetime.fromisoformat(page.xpath("//time/@datetime")[0]) == truth[0].published
    assert not page.xpath("//script")


# the stories


def shingles(post: Post) -> set[tuple[str, ...]]:
    words = " ".join(post.paragraphs).split()
    return {tuple(words[at : at + 4]) for at in range(len(words) - 3)}


def test_a_release_is_reprinted_nearly_word_for_word(still: County) -> None:
    (reprint,) = [post for post in still.truth("narkebladet") if post.copy_of.startswith("svartan/")]
    (release,) = [post for post in still.truth("svartan") if reprint.copy_of == f"svartan/{post.id}"]
    assert release.published < reprint.published
    assert reprint.title != release.title
    assert reprint.paragraphs[0] != release.paragraphs[0]
    assert reprint.tail[-1] == "Källa Svartån Energi"
    shared = len(shingles(reprint) & shingles(release)) / len(shingles(reprint))
    assert 0.8 < shared < 1


def test_a_title_comes_back_every_morning(still: County) -> None:
    nights = [post for post in still.truth("narkebladet") if post.title == TITLE]
    assert [post.slug for post in nights] == [f"nattens-handelser-fran-polisen{suffix}" for suffix in ("-3", "-2", "")]
    assert len({post.published.date() for post in nights}) == 3
    assert not shingles(nights[0]) & shingles(nights[1])


def test_one_post_was_published_twice(still: County) -> None:
    (twin,) = [post for post in still.truth("narkebladet") if post.copy_of.startswith("narkebladet/")]
    (first,) = [post for post in still.truth("narkebladet") if twin.copy_of == f"narkebladet/{post.id}"]
    assert (twin.title, twin.text) == (first.title, first.text)
    assert (twin.id, twin.slug, twin.url) != (first.id, first.slug, first.url)


def test_some_stories_are_told_by_several(still: County) -> None:
    tellers: dict[str, set[str]] = {}
    for name in still.newsrooms:
        for post in still.truth(name):
            tellers.setdefault(post.story, set()).add(name)
    assert tellers["vattenläcka"] == {"narkebladet", "radio"}
    assert tellers["rude"] == {"narkebladet", "polisen"}
    assert tellers["fjärrvärme"] == {"narkebladet", "svartan"}


# time


def test_advance_changes_what_it_says(county: County) -> None:
    before = {name: county.truth(name) for name in county.sites}
    changes = county.advance()
    later = NOW + timedelta(minutes=30)
    assert changes is county.changes
    counts = {name: (len(c.new), len(c.edited), len(c.withdrawn)) for name, c in changes.items()}
    assert counts == {
        "narkebladet": (1, 1, 1), "mynewsdesk": (1, 0, 0), "polisen": (1, 1, 0), "radio": (1, 0, 0),
        "hockeyklubben": (0, 0, 0),
    }  # fmt: skip
    for name, change in changes.items():
        gone = {post.url for post in change.withdrawn} | {edit.url for edit in change.edited}
        kept = [post for post in before[name] if post.url not in gone]
        expected = [*change.new, *(edit.after for edit in change.edited), *kept]
        assert sorted(county.truth(name), key=lambda p: p.url) == sorted(expected, key=lambda p: p.url)
        assert all(abs(post.published - later) < timedelta(minutes=1) for post in change.new)
        assert all(get(post.url).status == 200 for post in change.new)
        assert all(edit.after.modified == later for edit in change.edited)
    assert changes["mynewsdesk"].new[0].newsroom == "svartan"


def test_an_edit_at_narkebladet_shows_in_rest_only(county: County) -> None:
    feed_before = get(local("feed/", county, "narkebladet")).text
    (edit,) = county.advance()["narkebladet"].edited
    assert (edit.before.title[:2], edit.after.title[:2]) == ("42", "57")
    assert edit.before.url == edit.after.url
    assert edit.before.published == edit.after.published
    assert "ska 57 barn" in get(edit.url).text
    assert edit.title not in get(local("feed/", county, "narkebladet")).text + feed_before
    answer = get(posts_url(county, modified_after=f"{NOW:%Y-%m-%dT%H:%M:%SZ}"))
    (new,) = county.changes["narkebladet"].new
    assert {post["id"] for post in answer.json} == {edit.after.id, new.id}


def test_a_withdrawn_post_vanishes(county: County) -> None:
    site = county.sites["narkebladet"]
    assert "jarnhandel" in get(site.url).text
    (gone,) = county.advance()["narkebladet"].withdrawn
    assert get(gone.url).status == 404
    single = get(f"{site.url}wp-json/wp/v2/posts/{gone.id}")
    assert (single.status, single.json["code"]) == (404, "rest_post_invalid_id")
    for path in ("", "feed/", "feed/?paged=2", "wp-json/wp/v2/posts?per_page=100"):
        assert gone.slug not in get(site.url + path).text


def test_a_notice_is_edited_in_place(county: County) -> None:
    (edit,) = county.advance()["polisen"].edited
    (event,) = [e for e in get(county.newsrooms["polisen"].source_url).json if e["id"] == edit.after.id]
    assert event["summary"] == edit.after.summary != edit.before.summary
    assert event["name"] == edit.before.title
    assert "Uppdatering 19.10:" in get(edit.url).text


def test_the_clock_moves_as_told_and_never_back(county: County) -> None:
    county.advance(NOW + timedelta(hours=2))
    assert county.changes["radio"].new[0].published == NOW + timedelta(hours=2)
    truth = county.truth("radio")
    county.advance()
    assert county.truth("radio") == truth
    assert not any(c.new or c.edited or c.withdrawn for c in county.changes.values())
    with pytest.raises(ValueError, match="back"):
        county.advance(NOW)


@pytest.mark.parametrize(
    "now", [NOW, datetime(2026, 1, 1, 0, 10, tzinfo=STOCKHOLM), datetime(2026, 3, 30, 0, 5, tzinfo=STOCKHOLM)]
)
def test_the_same_now_gives_the_same_county_in_the_same_order(now: datetime) -> None:
    def snapshot() -> str:
        with County(now) as county:
            county.advance()
            truth = [asdict(post) for name in county.newsrooms for post in county.truth(name)]
            pages = [get(county.sites[name].url).text for name in county.sites]
            return without_port(f"{truth}{pages}{county.config()}")

    assert snapshot() == snapshot()


def test_the_order_of_posts_does_not_hang_on_the_hour() -> None:
    orders = []
    for hour in range(0, 24, 6):
        with County(datetime(2026, 3, 30, hour, 5, tzinfo=STOCKHOLM)) as county:
            orders.append([post.id for name in county.newsrooms for post in county.truth(name)])
            nights = [post for post in county.truth("narkebladet") if post.title == TITLE]
            assert len({post.published.date() for post in nights}) == 3
    assert all(order == orders[0] for order in orders)


# the configuration and the package


def test_config_names_every_newsroom(still: County) -> None:
    config = tomllib.loads(still.config("https://prov.example.se/"))
    assert config["site"]["base_url"] == "https://prov.example.se/"
    assert config["http"]["allow_private"] == [site.address for site in still.sites.values()]
    assert config["http"]["delay"] == 0.0
    assert {name: (table["platform"], table["kind"]) for name, table in config["sources"].items()} == {
        "narkebladet": ("wordpress", "news"),
        "regionforeningen": ("mynewsdesk", "press"),
        "tornet": ("mynewsdesk", "press"),
        "svartan": ("mynewsdesk", "press"),
        "polisen": ("polisen", "notice"),
        "radio": ("feed", "news"),
        "hockeyklubben": ("feed", "news"),
    }
    assert config["sources"]["svartan"]["url"] == local("se/svartan-energi", still, "mynewsdesk")
    assert config["sources"]["polisen"]["url"].endswith("/api/events?locationname=%C3%96rebro%20l%C3%A4n")
    assert all(get(table["url"]).status == 200 for table in config["sources"].values())


def test_the_package_needs_jinja_and_nothing_else_of_the_project() -> None:
    code = (
        "import sys, orebro_spiders.demo; "
        "print(*sorted({m.split('.')[0] for m in sys.modules} & {'scrapy', 'twisted', 'lxml', 'msgspec'}), "
        "*sorted(m for m in sys.modules if m.startswith(('feeds', 'orebro_spiders.')) and 'demo' not in m))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == ""
