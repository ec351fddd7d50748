"""Search, feeds of any search, the API and health, over an archive as bad as the web makes them."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from lxml import html

from feeds.publish import build
from feeds.server import records
from feeds.server.app import Application, application
from feeds.server.limits import Limits
from feeds.server.lookups import Lookups
from orebro_spiders.archive.database import open_archive
from orebro_spiders.archive.search import index
from orebro_spiders.sources import SavedFeed
from tests.feeds.conformance import check_atom, check_rss
from tests.feeds.county import ADVERSARIAL, BASE, NOW, article, filled, settings
from tests.feeds.jsonfeed_rules import check_json
from tests.feeds.server.asking import Answer, ask

CONFIG = msgspec.structs.replace(settings(), feeds={"simhallen": SavedFeed(title="Simhallen", query="simhall*")})
MORE = [
    article(100 + n, title=f"Simhallen i Kumla {n}", municipalities=("Kumla",), text="Simhallen öppnar & stänger. " * 9)
    for n in range(45)
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wire")
    db = open_archive(folder / "news.db")
    filled([*ADVERSARIAL, *MORE], db=db)
    filled([article(8, title="Utan författare", text="Texten har skrivits om helt.")], NOW + timedelta(hours=1), db)
    changed = article(28, source="regionen", kind="press", title="Pressmeddelande", text="Rättad text.")
    filled([changed], NOW + timedelta(hours=2), db)
    db.execute("update articles set gone_at = first_seen where native_id = '17'")
    db.conn.commit()
    index(db)
    build(db, CONFIG, folder / "public")
    db.close()
    return folder


@pytest.fixture(scope="module")
def app(folder: Path) -> Application:
    return application(CONFIG, folder / "news.db", folder / "public", limits=Limits(burst=10**9))


def page(answer: Answer) -> Any:
    return html.fromstring(answer.text)


def titles(answer: Answer) -> list[str]:
    return [one.text_content() for one in page(answer).cssselect("article.entry h3")]


def sok(app: Application, form: str = "", **parameters: str | list[str]) -> Answer:
    return ask(app, f"/sok{form}?{urlencode(parameters, doseq=True)}")


def test_files_are_served(app: Application) -> None:
    assert ask(app, "/alla.atom").headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert ask(app, "/fraga/simhallen.rss").body.count(b"<item>") > 5
    assert ask(app, "/sok/alla").status == ask(app, "/sokning").status == ask(app, "/apiet").status == 404


def test_only_what_is_for_files_can_be_answered_at_once(app: Application) -> None:
    asked = {"method": "GET", "query_string": b"", "headers": []}
    assert [app.answer({**asked, "path": path}) for path in ("/api", "/api/", *TARGETS)] == [None] * (2 + len(TARGETS))
    answers = [app.answer({**asked, "path": path}) for path in ("/", "/alla.rss", "/apiet", "/sokning", "/borta")]
    assert [answer and answer.status for answer in answers] == [200, 200, 404, 404, 404]


# The search page


def test_the_form_alone_where_nothing_is_asked(app: Application) -> None:
    answer = ask(app, "/sok")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    form = page(answer).cssselect("form")[0]
    assert (form.get("action"), form.get("method")) == ("sok", None)
    assert {one.get("name") for one in form.cssselect("[name]")} == {"q", "kalla", "typ", "kommun", "fran", "till"}
    labels = {one.get("for") for one in form.cssselect("label")}
    assert labels == {one.get("id") for one in form.cssselect("[name]")}
    assert "Så söker du" in answer.text


def test_newest_first_with_the_words_marked(app: Application) -> None:
    answer = sok(app, q="simhall")
    assert titles(answer)[:2] == ["Simhallen i Kumla 0", "Simhallen i Kumla 1"]
    marked = [one.text_content() for one in page(answer).cssselect("article mark")]
    assert set(marked) == {"Simhallen"}
    assert "öppnar &amp; stänger" in answer.text


def test_nothing_of_an_article_is_markup(app: Application) -> None:
    """Titles with script, brackets and control characters are shown, not run."""
    answer = sok(app, typ="nyhet", q="rubrik* OR alert OR fet OR tecken OR html")
    assert answer.status == 200
    assert not page(answer).xpath("//script | //*[@onerror] | //*[@onclick] | //main//b")


def test_what_is_typed_is_no_markup_either(app: Application) -> None:
    answer = sok(app, q='"><script>alert(1)</script>', kalla='"><b>')
    assert "<script" not in answer.text
    assert page(answer).cssselect("input[name=q]")[0].get("value") == '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"kalla": "polisen"}, ["Stöld, Nora"]),
        ({"source": "polisen"}, ["Stöld, Nora"]),
        ({"kalla": ["polisen", "regionen"], "q": "stöld OR pressmeddelande"}, ["Stöld, Nora", "Pressmeddelande"]),
        ({"typ": "notice"}, ["Stöld, Nora"]),
        ({"typ": "Notis", "q": "stöld"}, ["Stöld, Nora"]),
        ({"kommun": "Nora", "q": "ämnen"}, ["Ämnen"]),
        ({"kommun": "kumla", "q": "simhallen", "kalla": "polisen"}, []),
        ({"q": "ämnen", "till": "2026-11-20"}, []),
        ({"q": "ämnen", "fran": "2026-11", "till": "2026-11-21"}, ["Ämnen"]),
    ],
)
def test_filters(app: Application, asked: dict[str, str | list[str]], expected: list[str]) -> None:
    answer = sok(app, **asked)
    assert answer.status == 200
    assert titles(answer) == expected
    assert (answer.text.count("Inget svarar mot") == 1) is (not expected)


def test_what_was_typed_stays_in_the_form(app: Application) -> None:
    form = page(sok(app, q="bad", kalla="polisen", typ="notice", kommun="Nora", fran="2026-01-01")).cssselect("form")[0]
    assert [one.get("value") for one in form.cssselect("option[selected]")] == ["polisen", "notice", "Nora"]
    assert form.cssselect("#fran")[0].get("value") == "2026-01-01"


@pytest.mark.parametrize(
    ("stated", "first", "last"),
    [("2026-03-01", "2026-03-01", "2026-03-01"), ("2026-02", "2026-02-01", "2026-02-28"), ("2026-13", "", "")],
)
def test_a_field_for_a_day_holds_a_day(app: Application, stated: str, first: str, last: str) -> None:
    """Browsers empty it and complain when it holds anything else."""
    form = page(sok(app, q="bad från:2025", fran=stated, till=stated)).cssselect("form")[0]
    assert [form.cssselect(field)[0].get("value") for field in ("#fran", "#till")] == [first, last]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"q": '"simhallen i'}, "är inte stängt"), ({"q": "simhallen", "fran": "igår"}, "en dag skrivs 2026-03-01"),
        ({"q": "simhallen", "kalla": "nna"}, "ingen källa heter"), ({"q": "simhallen", "typ": "bok"}, "inget slag"),
        ({"q": "simhallen", "kommun": "Sala"}, "ingen kommun i länet"), ({"q": "(simhallen"}, "parentes"),
    ],
)  # fmt: skip
def test_what_was_not_understood_is_told_in_swedish(app: Application, asked: dict[str, str], said: str) -> None:
    answer = sok(app, **asked)
    assert answer.status == 200
    assert said in page(answer).cssselect(".understood")[0].text_content()


def test_the_list_goes_on_without_a_gap(app: Application) -> None:
    seen: list[str] = []
    target, pages = "sok?q=simhall*", 0
    while target:
        answer = ask(app, f"/{target}")
        seen += titles(answer)
        target = next((one.get("href") for one in page(answer).cssselect("a[rel=next]")), "")
        pages += 1
    assert (pages, seen) == (3, [f"Simhallen i Kumla {n}" for n in range(45)])


@pytest.mark.parametrize(
    "place", ["x", ",", "2026-13-45T00:00:00Z,x", "9999-12-31T23:59:59Z,x", "\0", "2026-11-21T17:00:00Z,"]
)
def test_a_place_that_is_none_is_the_beginning(app: Application, place: str) -> None:
    assert titles(sok(app, q="simhall*", efter=place))[0] == "Simhallen i Kumla 0"


def test_the_page_leads_to_itself_as_a_feed(app: Application) -> None:
    links = page(sok(app, q="simhall* källa:bladet", kommun="Kumla")).cssselect("link[rel=alternate]")
    own = [one for one in links if one.get("href").startswith("sok.")]
    assert [one.get("type") for one in own] == ["application/rss+xml", "application/atom+xml", "application/feed+json"]
    for link in own:
        answer = ask(app, f"/{link.get('href')}")
        assert answer.status == 200
        assert answer.headers["content-type"].partition(";")[0] == link.get("type")


# Any search as a feed


@pytest.mark.parametrize(
    "parameters", ["q=simhall*", "q=&kalla=bladet", "kommun=Nora", "q=finnsinte", "q=r%C3%B6k+-%22a&typ=press"]
)
def test_feeds_are_valid_and_their_address_is_their_own(app: Application, parameters: str) -> None:
    from starlette.datastructures import QueryParams

    from feeds.server.searches import asked_of

    parameters = asked_of(QueryParams(parameters)).parameters()
    for form, check in (("rss", check_rss), ("atom", check_atom), ("json", check_json)):
        answer = ask(app, f"/sok.{form}?{parameters}")
        assert (answer.status, check(answer.plain, f"{BASE}sok.{form}?{parameters}")) == (200, [])


def test_the_id_of_a_feed_is_that_of_what_was_understood(app: Application) -> None:
    def id_of(**asked: str) -> str:
        return re.findall("<id>(.*?)</id>", sok(app, ".atom", **asked).text)[0]

    assert (
        id_of(q="simhall* källa:bladet") == id_of(q=" simhall*   källa:bladet ") == id_of(q="simhall*", kalla="bladet")
    )
    assert id_of(q="simhall*") != id_of(q="simhall")


def test_a_feed_holds_as_much_as_any_other(app: Application) -> None:
    assert sok(app, ".rss", q="simhall*").text.count("<item>") == 45
    assert sok(app, ".rss", q="simhall*", efter="2026-11-21T14:00:00Z,x").text.count("<item>") == 45


def test_a_feed_that_has_not_changed_is_not_sent_again(app: Application) -> None:
    whole = ask(app, "/sok.atom?q=simhall*", accept_encoding="gzip")
    assert whole.headers["content-encoding"] == "gzip"
    again = ask(app, "/sok.atom?q=simhall*", accept_encoding="gzip", if_none_match=f"W/{whole.headers['etag']}")
    assert (again.status, again.body) == (304, b"")
    assert {"etag", "cache-control", "vary"} <= set(again.headers)


def test_a_feed_of_nothing_is_refused(app: Application) -> None:
    assert ask(app, "/sok.rss").status == ask(app, "/sok.json?q=+").status == 400


# The API


def api(app: Application, target: str, status: int = 200) -> Any:
    answer = ask(app, f"/api/{target}", origin="https://annan.example")
    assert answer.status == status
    assert answer.headers["access-control-allow-origin"] == "*"
    kind = "application/json" if status == 200 else "application/problem+json"
    assert answer.headers["content-type"] == kind
    if status != 200:
        said = msgspec.convert(answer.json, records.ProblemDetails)
        assert said.status == status
    return answer.json


def test_articles_page_by_page(app: Application) -> None:
    seen: list[str] = []
    target = "articles?q=simhall*&limit=20"
    while target:
        said = msgspec.convert(api(app, target), records.ArticleList)
        assert said.query == "simhall*"
        seen += [one.title for one in said.articles]
        target = said.next.removeprefix(f"{BASE}api/") if said.next else ""
    assert seen == [f"Simhallen i Kumla {n}" for n in range(45)]


def test_all_articles_where_nothing_is_asked(app: Application) -> None:
    said = msgspec.convert(api(app, "articles?limit=100"), records.ArticleList)
    assert len(said.articles) > 60
    assert "Borttagen" not in [one.title for one in said.articles]


def test_whole_texts_only_where_they_may_be_spread(app: Application) -> None:
    articles = msgspec.convert(api(app, "articles?limit=100"), records.ArticleList).articles
    assert {one.kind for one in articles if one.html} == {"press", "notice"}
    assert {one.kind for one in articles if one.html is None} >= {"news"}


def test_one_article_with_what_it_said_before(app: Application) -> None:
    news = api(app, "articles?q=titel:f%C3%B6rfattare+kalla:bladet&limit=5")["articles"]
    news = next(one for one in news if one["title"] == "Utan författare")
    press = api(app, "articles?q=titel:pressmeddelande&kind=press")["articles"][0]
    for one, text in ((news, None), (press, "Ett < två.\n\nTvå & tre.")):
        said = msgspec.convert(api(app, urlsplit(one["api_url"]).path.removeprefix("/api/")), records.ArticleHistory)
        assert (said.id, [version.text for version in said.versions]) == (one["id"], [text])
        assert said.updated > said.published


def test_articles_that_there_are_not(app: Application) -> None:
    assert api(app, "articles/tag:x", 404)["detail"] == "there is nothing here"
    gone = quote("tag:nyheter.example.se,2026:bladet/17", safe="")
    assert api(app, f"articles/{gone}", 410)["title"] == "Gone"
    assert api(app, "", 404) == api(app, "nothing", 404) | {"status": 404}


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "limit=", "limit=%C2%B2", "cursor=x", "source=nna", "kind=bok", "since=nyss"],
)  # fmt: skip
def test_filters_that_are_none_are_refused(app: Application, query: str) -> None:
    said = api(app, f"articles?q=bad&{query}", 400)
    name, _, value = query.partition("=")
    assert said["detail"].startswith(f"{value}: ") or name in said["detail"]


def test_words_that_are_not_understood_are_told(app: Application) -> None:
    said = api(app, "articles?q=%22simhallen")
    assert said["problems"] == ['the quote that begins with "simhallen is not closed']


def test_sources_and_channels(app: Application) -> None:
    sources = msgspec.convert(api(app, "sources"), list[records.SourceState])
    assert [one.name for one in sources] == list(CONFIG.sources)
    assert sources[0].feeds.rss == f"{BASE}kalla/bladet.rss"
    listed = msgspec.convert(api(app, "channels"), list[records.ChannelInfo])
    assert {"alla", "kalla/bladet", "fraga/simhallen", "kommun/orebro"} <= {one.name for one in listed}
    for one in listed:
        assert ask(app, one.feeds.atom.replace(BASE, "/")).status == 200


def test_every_answer_is_described(app: Application) -> None:
    document = api(app, "openapi.json")
    assert document["openapi"].startswith("3.1.")
    assert set(document["paths"]) == {
        "/api/articles", "/api/articles/{id}", "/api/sources", "/api/channels", "/halsa.json"
    }  # fmt: skip
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert named <= set(document["components"]["schemas"])
    for path in document["paths"]:
        if "{" not in path:
            assert ask(app, path).status in {200, 503}


def test_the_page_about_the_api_asks_no_other_host(app: Application) -> None:
    answer = ask(app, "/api")
    assert answer.status == 200
    assert "api/openapi.json" in answer.text
    loaded = page(answer).xpath("//script/@src | //img/@src | //link[@rel='stylesheet' or @rel='icon']/@href")
    assert not [one for one in loaded if "//" in one]


def test_preflight(app: Application) -> None:
    answer = ask(
        app, "/api/articles", method="OPTIONS", origin="https://a.example", access_control_request_method="GET"
    )
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, "*")


@pytest.mark.parametrize("target", ["/api/articles", "/halsa.json", "/sok"])
def test_only_reading_is_allowed(app: Application, target: str) -> None:
    assert ask(app, target, method="POST").status == 405


# Health


def test_health_is_what_the_command_says(app: Application, folder: Path) -> None:
    answer = ask(app, "/halsa.json")
    rows = msgspec.convert(answer.json, list[records.SourceHealth])
    assert (answer.status, [row.verdict for row in rows]) == (200, ["never read"] * len(CONFIG.sources))


def test_health_is_503_when_a_source_fails(tmp_path: Path) -> None:
    from orebro_spiders.archive.crawls import Crawl, Problem, store_crawl

    db = open_archive(tmp_path / "news.db")
    failed = Crawl(run="r", source="bladet", started_at=NOW, finished_at=NOW, verdict="failing")
    failed.problems.append(Problem(url="https://bladet.example/", problem="no answer"))
    store_crawl(db, failed)
    answer = ask(application(CONFIG, tmp_path / "news.db", tmp_path), "/halsa.json")
    assert answer.status == 503
    assert answer.json[0]["problem"] == "https://bladet.example/: no answer"


# What goes wrong


TARGETS = ("/sok", "/sok.rss", "/sok.atom", "/sok.json", "/api/articles", "/api/articles/x", "/halsa.json", "/sok.css")


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    st.sampled_from(TARGETS),
    st.lists(
        st.tuples(
            st.sampled_from(["q", "kalla", "typ", "kommun", "fran", "till", "efter", "cursor", "limit", "x"]),
            st.text(max_size=40)
            | st.sampled_from(["a*", '"', "(((", "-", "OR", "från:", "*", "2026", "NOT " * 50, "a " * 600]),
        ),
        max_size=5,
    ),
)
@example("/sok", [("q", '"'), ("kommun", '"')])
@example("/sok", [("kommun", "-")])
@example("/sok.atom", [("q", "a\x00b \ufffe ]]>")])
@example("/api/articles", [("source", '") OR ("')])
def test_query_strings_of_any_kind(app: Application, target: str, parameters: list[tuple[str, str]]) -> None:
    answer = ask(app, f"{target}?{urlencode(parameters, errors='surrogatepass')}")
    assert answer.status in {200, 400, 404}
    assert b"Traceback" not in answer.plain
    if answer.status == 200 and target == "/sok.atom":
        assert not [one for one in check_atom(answer.plain, "") if "not well-formed" in str(one)]


@pytest.mark.parametrize(
    "query", ["%", "%zz", "q=%ff%fe", "&&&", "=", "q", "q=%00", "q=" + "a" * 30000, ";q=a", "?" * 99]
)
@pytest.mark.parametrize("target", ["/sok", "/sok.rss", "/api/articles"])
def test_query_strings_that_are_none(app: Application, target: str, query: str) -> None:
    assert ask(app, f"{target}?{query}").status in {200, 400}


def test_without_an_archive_none_is_made(tmp_path: Path) -> None:
    app = application(CONFIG, tmp_path / "news.db", tmp_path / "public")
    assert ask(app, "/sok").status == 200
    answer = ask(app, "/sok?q=bad")
    assert (answer.status, answer.headers["retry-after"]) == (503, "10")
    assert "Arkivet finns inte ännu." in answer.text
    assert ask(app, "/api/articles").json["detail"] == "there is no archive yet"
    assert list(tmp_path.iterdir()) == []


def test_an_archive_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "news.db").write_bytes(b"not a database at all, but long enough to be taken for one" * 20)
    answer = ask(application(CONFIG, tmp_path / "news.db", tmp_path), "/api/articles")
    assert (answer.status, answer.json["detail"]) == (503, "the archive cannot be read now")


def test_an_archive_that_takes_the_place_of_another_is_read(tmp_path: Path) -> None:
    app = application(CONFIG, tmp_path / "news.db", tmp_path, lookups=Lookups(tmp_path / "news.db", threads=1))
    for number in (1, 2):
        (tmp_path / f"{number}").mkdir()
        db = filled([article(number)], db=open_archive(tmp_path / f"{number}/news.db"))
        index(db)
        db.close()
        (tmp_path / f"{number}/news.db").rename(tmp_path / "news.db")
        assert [one["title"] for one in ask(app, "/api/articles").json["articles"]] == [f"Rubrik {number}"]


def test_the_archive_can_only_be_read(folder: Path) -> None:
    import asyncio

    from starlette.exceptions import HTTPException

    lookups = Lookups(folder / "news.db")
    with pytest.raises(HTTPException):
        asyncio.run(lookups.ask(lambda db: db.execute("delete from articles")))
    assert sqlite3.connect(folder / "news.db").execute("select count(*) from articles").fetchone()[0] > 60


def test_a_question_that_takes_too_long_is_ended(folder: Path) -> None:
    import asyncio

    from starlette.exceptions import HTTPException

    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select sum(i) from n"
    lookups = Lookups(folder / "news.db", seconds=0.05)
    with pytest.raises(HTTPException) as refused:
        asyncio.run(lookups.ask(lambda db: db.execute(endless).fetchone()))
    assert (refused.value.status_code, str(refused.value.detail)) == (503, "the question takes too long; narrow it")


def test_too_many_questions_at_once_are_refused(folder: Path) -> None:
    import asyncio

    from starlette.exceptions import HTTPException

    async def crowd() -> list[Any]:
        lookups = Lookups(folder / "news.db", threads=1, waiting=3)
        asked = [lookups.ask(lambda db: time.monotonic()) for _ in range(5)]
        return await asyncio.gather(*asked, return_exceptions=True)

    refused = [one for one in asyncio.run(crowd()) if isinstance(one, HTTPException)]
    assert [str(one.detail) for one in refused] == ["too many questions at once"] * 2


# Limits


def test_a_client_that_asks_too_often_is_told_when_to_come_back(folder: Path) -> None:
    app = application(CONFIG, folder / "news.db", folder / "public", limits=Limits(burst=3, per_second=0.1))
    assert [ask(app, "/api/channels").status for _ in range(4)] == [200, 200, 200, 429]
    refused = ask(app, "/sok?q=bad")
    assert (refused.status, refused.headers["content-type"]) == (429, "text/html; charset=utf-8")
    assert 1 <= int(refused.headers["retry-after"]) <= 10
    assert ask(app, "/api/channels").json["title"] == "Too Many Requests"
    assert ask(app, "/alla.rss").status == 200
    assert ask(app, "/api/channels", client="192.0.2.2").status == 200


def test_the_word_of_a_proxy_is_believed_where_it_is_trusted(folder: Path) -> None:
    for trusted, expected in (("192.0.2.1", [200, 200]), ("", [200, 429]), ("192.0.2.9", [200, 429])):
        limits = Limits(burst=1, per_second=0.001)
        app = application(CONFIG, folder / "news.db", folder / "public", limits=limits, trusted=trusted)
        clients = ("198.51.100.1", "198.51.100.2")
        assert [ask(app, "/api/channels", x_forwarded_for=one).status for one in clients] == expected


def test_buckets_fill_again_and_are_bounded() -> None:
    now = [0.0]
    limits = Limits(burst=2, per_second=0.5, most_clients=3, clock=lambda: now[0])
    assert [limits.wait("192.0.2.1") for _ in range(3)] == [0, 0, 2]
    now[0] = 2.0
    assert [limits.wait("192.0.2.1") for _ in range(2)] == [0, 2]
    for number in range(9):
        limits.wait(f"198.51.100.{number}")
    assert len(limits._buckets) == 3
    assert [limits.wait(f"2001:db8::{number}") for number in range(3)] == [0, 0, 2]
