"""The `orebro` command: exit codes, one line for each error, silence when all is well, and JSON for programs."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
from click.testing import CliRunner, Result
from sqlite_utils import Database

from orebro_spiders import __version__
from orebro_spiders.archive import search
from orebro_spiders.browser import what_is_missing
from orebro_spiders.cli import main
from orebro_spiders.queries import parse
from orebro_spiders.sources import load_config
from tests.conftest import ROOT, command, county_of, environment

if TYPE_CHECKING:
    from tests.conftest import Wire

COMMANDS = sorted(main.commands)
CRAWL_FIELDS = {
    "run", "source", "started_at", "finished_at", "verdict", "rung", "requests", "bytes", "unchanged", "seen", "new",
    "changed", "duplicates", "gone", "seconds", "problems",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each test in a folder of its own, without variables that the tester has set."""
    for name in ("OREBRO_DB", "OREBRO_OUT", "OREBRO_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def orebro(*arguments: str | Path, **variables: str) -> Result:
    """The command in this process; its standard output and error apart."""
    return CliRunner(env=variables).invoke(main, [str(argument) for argument in arguments])


def assert_one_line(result: Result, code: int, *says: str) -> None:
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("orebro: ")
    assert result.stderr.count("\n") == 1, result.stderr
    for words in says:
        assert words in result.stderr


# Help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    result = orebro(name, "--help")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == orebro(name, "-h").stdout
    help_text = main.commands[name].help or ""
    assert help_text.splitlines()[0] in " ".join(result.stdout.split())
    options = [option for option in main.commands[name].params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_the_command_lists_its_commands_and_version() -> None:
    shown = orebro("--help").stdout
    assert all(f"  {name}  " in shown for name in COMMANDS)
    assert orebro("--version").stdout == f"orebro, version {__version__}\n"


@pytest.mark.parametrize("name", ["run", "crawl", "build", "sources", "status"])
def test_common_options_are_common(name: str) -> None:
    shown = orebro(name, "--help").stdout
    wanted = {"--db", "--config", "--json"} | ({"--out"} if name in {"run", "build"} else set())
    assert {option for option in wanted if option not in shown} == set()


@pytest.mark.parametrize(
    "arguments", [["nonsens"], ["crawl", "--nonsens"], ["build", "--db"], ["status", "radio", "x"]]
)
def test_wrong_use_is_exit_code_2(arguments: list[str]) -> None:
    result = orebro(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr


# Configuration


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[sajt]\ntitle = 'x'", ("unknown table [sajt]",)),
        ("[site]\ntitel = 'x'", ("[site]", "unknown key", "titel")),
        ("[site]\ntitle = 5", ("[site]", "`title`")),
        ("[http]\ndelay = -1", ("[http]", "`delay`")),
        ("[http]\ntimeout = 0", ("[http]", "`timeout`")),
        ("[http]\nallow_private = 'x'", ("[http]", "`allow_private`")),
        ("[sources.ny]\ntitle = 'Ny'\nplatform = 'feed'", ("[sources.ny]", "missing key", "url")),
        ("[sources.ny]\ntitle = 'Ny'\nurl = 'https://a.se/'", ("[sources.ny]", "missing key", "platform")),
        ("[sources.ny]\ntitle = 'Ny'\nplatform = 'blogg'\nurl = 'https://a.se/'", ("[sources.ny]", "blogg", "feed")),
        ("[sources.ny]\ntitle = 'Ny'\nplatform = 'feed'\nurl = 'a.se'", ("[sources.ny]", "`url`", "'a.se'")),
        ("[sources.ny]\ntitle = 'Ny'\nplatform = 'feed'\nurl = 'ftp://a.se/'", ("[sources.ny]", "`url`")),
        ("[sources.na]\nenabled = 'nej'", ("[sources.na]", "`enabled`")),
        ("[sources.na]\nkind = 'blogg'", ("[sources.na]", "`kind`")),
        ("[sources.na]\nbacklog = 0", ("[sources.na]", "`backlog`")),
        ("[sources.\"Stora Bladet\"]\ntitle='x'\nplatform='feed'\nurl='https://a.se/'", ("Stora Bladet",)),
        ("sources = 5", ("[sources]", "not a table")),
        ("[feeds.bad]\ntitle = 'Bad'\nquery = '\"simhall'", ("[feeds.bad]", "`query`", "not closed")),
        ("[feeds.bad]\ntitle = 'Bad'\nquery = 'källa:nna'", ("[feeds.bad]", "`query`", "'nna'")),
        ("[feeds.bad]\ntitle = 'Bad'\nquery = ''", ("[feeds.bad]", "`query`", "asks for nothing")),
        ("[feeds.bad]\ntitle = 'Bad'\nquery = 'bad kommun:Norra'", ("[feeds.bad]", "`query`", "'norra'")),
        ("[feeds.bad]\ntitle = 'Bad'\nquery = 'bad'\nmunicipality = 'Norra'", ("[feeds.bad]", "`municipality`")),
        ("[watches.brott]\nquery = 'från:igår rån OR'", ("[watches.brott]", "`query`", "från:igår", "OR stands")),
        ("[sources]\nna = 5", ("[sources.na]", "not a table")),
        ('"a\\nb" = 1', ("unknown table [a b]",)),
        ("[site", ("not valid TOML",)),
        ("[site]\ntitle = 'a'\ntitle = 'b'", ("not valid TOML",)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["crawl", "sources"])
def test_a_wrong_setting_is_one_line_that_names_file_table_and_key(name: str, text: str, says: tuple[str, ...]) -> None:
    Path("mina.toml").write_text(text, encoding="utf-8")
    assert_one_line(orebro(name, "--config", "mina.toml"), 2, "mina.toml", *says)
    assert list(Path().glob("news.db*")) == []


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_of_settings_that_cannot_be_read(content: bytes | None) -> None:
    if content:
        Path("mina.toml").write_bytes(content)
    assert_one_line(orebro("status", "--config", "mina.toml"), 2, "mina.toml")


def test_orebro_toml_in_the_folder_is_read_unasked() -> None:
    Path("orebro.toml").write_text("[sources.na]\nenabled = false\n", encoding="utf-8")
    rows = {row["source"]: row for row in json.loads(orebro("sources", "--json").stdout)}
    assert (rows["na"]["enabled"], rows["obo"]["enabled"]) == (False, True)
    Path("andra.toml").write_text("[sources.obo]\nenabled = false\n", encoding="utf-8")
    rows = {row["source"]: row for row in json.loads(orebro("sources", "--json", OREBRO_CONFIG="andra.toml").stdout)}
    assert (rows["na"]["enabled"], rows["obo"]["enabled"]) == (True, False)


def test_an_unknown_source_is_one_line_with_the_nearest_name() -> None:
    assert_one_line(orebro("crawl", "orebronyhter"), 2, "'orebronyhter'", "did you mean orebronyheter")
    assert_one_line(orebro("run", "zzz"), 2, "'zzz'", "orebro sources")
    assert list(Path().glob("news.db*")) == []


# The archive and where it is


@pytest.mark.parametrize("name", ["crawl", "run", "build"])
@pytest.mark.parametrize("db", ["saknas/news.db", "fil/news.db"])
def test_an_archive_that_cannot_be_made_is_one_line(name: str, db: str) -> None:
    """75 would tell a wrapper to try again: it is for another run's lock alone."""
    Path("fil").touch()
    assert_one_line(orebro(name, "--db", db), 2, db)


@pytest.mark.parametrize("name", ["crawl", "build", "sources", "status"])
def test_a_file_that_is_no_archive_is_one_line_and_left_alone(name: str) -> None:
    Path("news.db").write_bytes(b"Det var en g\xe5ng " * 100)
    assert_one_line(orebro(name), 2, "news.db")
    assert Path("news.db").read_bytes() == b"Det var en g\xe5ng " * 100


def test_somebody_elses_database_is_one_line_and_left_alone() -> None:
    with sqlite3.connect("news.db") as other:
        other.execute("create table articles (titel text)")
        other.execute("insert into articles values ('min egen')")
    other.close()
    assert_one_line(orebro("build"), 2, "news.db")
    with sqlite3.connect("news.db") as other:
        assert other.execute("select titel from articles").fetchall() == [("min egen",)]
    other.close()


def test_a_folder_that_feeds_cannot_be_written_to_is_one_line() -> None:
    Path("public").write_text("upptaget", encoding="utf-8")
    assert_one_line(orebro("build", "--out", "public/flöden"), 2, "public")


@pytest.mark.parametrize("name", ["run", "crawl", "build"])
def test_another_run_that_holds_the_lock_is_exit_code_75(name: str) -> None:
    Path("public").mkdir()
    with Path("news.db.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert_one_line(orebro(name), 75, "another run holds", "news.db.lock")
    assert not Path("news.db").exists()
    assert list(Path("public").iterdir()) == []


@pytest.mark.parametrize("name", ["sources", "status"])
def test_looking_needs_no_lock_and_makes_no_archive(name: str) -> None:
    with Path("news.db.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert orebro(name).exit_code == 0
    assert not Path("news.db").exists()


def test_variables_say_where_everything_is(wire: Wire) -> None:
    wire.write_settings()
    variables = {"OREBRO_DB": "egen.db", "OREBRO_OUT": "ut", "OREBRO_CONFIG": str(wire.settings)}
    assert orebro("run", "radio", **variables).exit_code == 0
    assert {path.name for path in Path().iterdir()} >= {"egen.db", "ut"}
    assert not Path("public").exists()
    assert Path("ut/kalla/radio.rss").exists()
    given = orebro("run", "radio", "--db", "annan.db", "--out", "annat", **variables)
    assert given.exit_code == 0
    assert Path("annat/kalla/radio.rss").exists()
    assert Path("annan.db").exists()


# A run


def test_a_run_is_silent_when_all_is_well(wire: Wire) -> None:
    wire.write_settings()
    for _ in range(2):
        run = wire.orebro("run")
        assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert {article.url for article in wire.articles("radio").values()} == {
        post.url for post in wire.county.truth("radio")
    }
    given_out = wire.given_out()
    assert {"index.html", "feeds.opml", "alla.atom", "alla.rss", "kalla/radio.rss"} <= set(given_out)
    assert wire.county.truth("radio")[0].title in given_out["kalla/radio.rss"].decode()


def test_a_failing_source_is_one_line_and_exit_code_1(wire: Wire) -> None:
    """Everything that can be wrong at once, through the real command: no traceback, and nothing else lost."""
    wire.write_settings()
    wire.site("radio").answer("/rss/", 500)
    wire.site("polisen").answer("/api/events", body=b"<html>Fel</html>")
    wire.site("hockeyklubben").answer("/robots.txt", headers={}, body=b"User-agent: *\nDisallow: /")
    run = wire.orebro("run")
    assert (run.returncode, run.stdout) == (1, "")
    sites = {name: wire.site(name).url for name in wire.county.sites}
    assert sorted(run.stderr.splitlines()) == [
        f"orebro: hockeyklubben: {sites['hockeyklubben']}atom.xml: robots.txt forbids it",
        f"orebro: polisen: {wire.config.sources['polisen'].url}: the answer is no list of events",
        f"orebro: radio: {sites['radio']}rss/: answered 500",
    ]
    assert len(wire.articles("narkebladet")) == 25
    assert "kalla/narkebladet.atom" in wire.given_out()


def test_a_run_that_cannot_publish_keeps_what_it_crawled(wire: Wire) -> None:
    wire.write_settings()
    wire.out.write_text("upptaget", encoding="utf-8")
    out = wire.out / "flöden"
    result = orebro("run", "radio", "--db", wire.path, "--config", wire.settings, "--out", out)
    assert_one_line(result, 2, str(wire.out))
    assert len(wire.articles("radio")) == 8


def test_a_source_that_waits_is_no_failure(wire: Wire) -> None:
    wire.write_settings()
    wire.site("radio").answer("/rss/", 429, {"Retry-After": "3600"})
    wire.crawl("radio")
    crawl = orebro("crawl", "radio", "--json", "--db", wire.path, "--config", wire.settings)
    assert (crawl.exit_code, crawl.stderr) == (0, "")
    assert [row["verdict"] for row in json.loads(crawl.stdout)] == ["waiting"]


def test_only_the_named_sources_are_crawled(wire: Wire) -> None:
    wire.write_settings()
    crawl = orebro("crawl", "radio", "polisen", "--json", "--db", wire.path, "--config", wire.settings)
    assert {row["source"] for row in json.loads(crawl.stdout)} == {"radio", "polisen"}
    assert wire.site("hockeyklubben").requests == []


def test_a_source_that_is_not_due_is_left_alone(wire: Wire) -> None:
    wire.set_source("radio", every=3600)
    wire.write_settings()
    for count in (2, 2):
        assert orebro("crawl", "--db", wire.path, "--config", wire.settings).exit_code == 0
        assert len(wire.site("radio").requests) == count


def test_a_switched_off_source_is_left_alone(wire: Wire) -> None:
    wire.set_source("radio", enabled=False)
    wire.write_settings()
    assert orebro("crawl", "--db", wire.path, "--config", wire.settings).exit_code == 0
    assert wire.site("radio").requests == []


def test_crawl_answers_in_json(wire: Wire) -> None:
    wire.write_settings()
    wire.site("radio").answer("/rss/", 500)
    result = orebro("crawl", "radio", "hockeyklubben", "--json", "--db", wire.path, "--config", wire.settings)
    assert result.exit_code == 1
    rows = {row["source"]: row for row in json.loads(result.stdout)}
    assert all(set(row) >= CRAWL_FIELDS for row in rows.values())
    assert (rows["hockeyklubben"]["verdict"], rows["hockeyklubben"]["new"]) == ("ok", 7)
    assert rows["radio"]["problems"] == [{"url": wire.site("radio").url + "rss/", "problem": "answered 500"}]
    assert all(is_utc(row["started_at"]) and is_utc(row["finished_at"]) for row in rows.values())


def is_utc(stated: str) -> bool:
    return stated.endswith("Z") and datetime.fromisoformat(stated).tzinfo is not None


def test_run_answers_in_json(wire: Wire) -> None:
    wire.write_settings()
    result = orebro("run", "polisen", "--json", "--db", wire.path, "--out", wire.out, "--config", wire.settings)
    answer = json.loads(result.stdout)
    rows = answer if isinstance(answer, list) else answer["crawls"]
    assert [row["source"] for row in rows] == ["polisen"]


def test_on_a_terminal_a_run_tells_what_it_does(wire: Wire) -> None:
    wire.write_settings()
    ours, theirs = pty.openpty()
    try:
        run = subprocess.run(
            command("crawl", "radio", "polisen"),
            cwd=wire.folder, env=wire.environment(), stdout=theirs, stderr=theirs, timeout=60, check=False,
        )  # fmt: skip
        shown = os.read(ours, 65536).decode()
    finally:
        os.close(ours)
        os.close(theirs)
    assert run.returncode == 0
    assert "radio: ok, 8 seen, 8 new" in shown
    assert "polisen: ok, 13 seen, 13 new" in shown


def probed(*options: str, **variables: str) -> bytes:
    """What the command writes of a page whose headline has letters of several alphabets."""
    page = f"<h1>Bad – vår ”Ω”</h1><p>{'Det öppnar på måndag, säger kommunens chef för fritid. ' * 5}</p>"
    Path("sida.html").write_text(page, encoding="utf-8")
    arguments = command("probe", "sida.html", "--url", "https://bladet.example/bad/", *options)
    return subprocess.run(
        arguments, env=environment(**variables), stdout=subprocess.PIPE, timeout=60, check=True
    ).stdout


def test_a_terminal_without_dashes_gets_question_marks() -> None:
    assert "Bad ? vår ?Ω?".replace("Ω", "?").encode("latin-1") in probed(PYTHONIOENCODING="latin-1")
    assert "Bad – vår ”Ω”".encode() in probed(PYTHONIOENCODING="utf-8")


def test_json_is_utf_8_wherever_it_goes() -> None:
    written = probed("--json", PYTHONIOENCODING="latin-1")
    assert "Bad – vår ”Ω”" in json.dumps(json.loads(written.decode()), ensure_ascii=False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk to write to")
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_full_disk_is_one_line(options: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(
            command("sources", *options),
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert (run.returncode, run.stderr) == (2, b"orebro: [Errno 28] No space left on device\n")


def test_debug_shows_what_scrapy_logs(wire: Wire) -> None:
    wire.write_settings()
    assert "scrapy" in wire.orebro("crawl", "hockeyklubben", "--debug").stderr.lower()


# Looking


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """A county that was crawled: radio fails since its second time, the hockey club was never read."""
    with county_of(tmp_path_factory.mktemp("crawled")) as wire:
        names = [name for name in wire.config.sources if name != "hockeyklubben"]
        wire.crawl(*names)
        wire.site("radio").answer("/rss/", 500)
        wire.crawl("radio")
        wire.write_settings()
        yield wire


def look(crawled: Wire, name: str) -> tuple[int, dict[str, dict[str, Any]]]:
    result = orebro(name, "--json", "--db", crawled.path, "--config", crawled.settings)
    return result.exit_code, {row["source"]: row for row in json.loads(result.stdout)}


def test_status_says_how_each_source_fares(crawled: Wire) -> None:
    code, rows = look(crawled, "status")
    assert code == 1
    assert {name: row["verdict"] for name, row in rows.items()} == {
        "narkebladet": "ok", "regionforeningen": "ok", "tornet": "ok", "svartan": "ok", "polisen": "ok",
        "radio": "failing", "hockeyklubben": "never read",
    }  # fmt: skip
    assert "answered 500" in rows["radio"]["problem"]
    assert is_utc(rows["radio"]["last_crawl"])
    assert is_utc(rows["radio"]["last_success"])
    assert rows["radio"]["last_success"] <= rows["radio"]["last_crawl"]
    assert (rows["hockeyklubben"]["last_crawl"], rows["hockeyklubben"]["last_success"]) == (None, None)


def test_status_without_a_failure_is_exit_code_0(crawled: Wire) -> None:
    settings = Path("utan.toml")
    text = crawled.settings.read_text(encoding="utf-8")
    without = re.sub(r"(\[sources\.radio\][^\[]*)enabled = true", r"\1enabled = false", text)
    settings.write_text(without, encoding="utf-8")
    assert orebro("status", "--db", crawled.path, "--config", settings).exit_code == 0


def test_status_for_people_is_a_table(crawled: Wire) -> None:
    shown = orebro("status", "--db", crawled.path, "--config", crawled.settings).stdout
    (line,) = [line for line in shown.splitlines() if line.startswith("radio")]
    assert "failing" in line


def test_sources_says_what_is_read_and_how(crawled: Wire) -> None:
    code, rows = look(crawled, "sources")
    assert code == 0
    assert set(rows) >= set(crawled.config.sources)
    radio = rows["radio"]
    assert (radio["title"], radio["platform"], radio["kind"]) == ("Närradion Kilsbergen", "feed", "news")
    assert (radio["url"], radio["enabled"]) == (crawled.config.sources["radio"].url, True)
    assert (rows["narkebladet"]["way_in"], rows["narkebladet"]["verdict"]) == ("rest", "ok")
    assert (rows["hockeyklubben"]["way_in"], rows["hockeyklubben"]["verdict"]) == (None, None)


def test_build_answers_in_json_and_is_silent_otherwise(crawled: Wire) -> None:
    arguments = ("build", "--db", crawled.path, "--config", crawled.settings, "--out", "ut")
    first = json.loads(orebro(*arguments, "--json").stdout)
    assert first["written"] == len([path for path in Path("ut").rglob("*") if path.is_file() and path.name[0] != "."])
    assert json.loads(orebro(*arguments, "--json").stdout)["written"] == 0
    assert orebro(*arguments).output == ""


# Searching


def found(crawled: Wire, *arguments: str) -> Result:
    return orebro("search", *arguments, "--db", crawled.path, "--config", crawled.settings)


def test_search_shows_date_source_headline_address_and_why(crawled: Wire) -> None:
    result = found(crawled, "adolfsbergs", "förråd")
    assert (result.exit_code, result.stderr) == (0, "")
    head, address, why = result.stdout.split("\n\n")[0].splitlines()
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d  (narkebladet|polisen)  ", head)
    assert address.strip() in {one.url for one in crawled.articles(head.split("  ")[1]).values()}
    assert "[Adolfsberg]" in why


def test_search_leaves_out_words_that_begin_with_a_dash(crawled: Wire) -> None:
    every = json.loads(found(crawled, "örebro", "--json").stdout)
    without = json.loads(found(crawled, "örebro", "-hockey", "-polisen", "--json").stdout)
    assert without["query"] == "örebro -hockey -polisen"
    assert {one["id"] for one in without["found"]} < {one["id"] for one in every["found"]}


def test_search_answers_in_json(crawled: Wire) -> None:
    result = found(crawled, "brand*", "--json", "--limit", "3", "--source", "polisen")
    answer = json.loads(result.stdout)
    assert (answer["query"], answer["problems"]) == ("brand* källa:polisen", [])
    assert 1 <= len(answer["found"]) <= 3
    assert {one["source"] for one in answer["found"]} == {"polisen"}
    assert all(is_utc(one["published"]) for one in answer["found"])
    ranked = json.loads(found(crawled, "brand*", "--json", "--rank").stdout)
    assert {one["id"] for one in answer["found"]} <= {one["id"] for one in ranked["found"]}


def test_search_that_finds_nothing_says_so(crawled: Wire) -> None:
    assert_one_line(found(crawled, "zzyzx"), 1, "nothing found for: zzyzx")
    result = found(crawled, "zzyzx", "--json")
    assert (result.exit_code, json.loads(result.stdout)["found"]) == (1, [])


def test_search_says_what_it_understood_of_a_query_that_is_not_written_well(crawled: Wire) -> None:
    result = found(crawled, '"örebro', "kommun:Norra", "OR", "källa:radion", "OR")
    assert "not closed" in result.stderr
    result = found(crawled, "kommun:Norra OR källa:radion OR brand OR")
    assert result.exit_code == 0
    said = result.stderr.splitlines()
    assert [line.removeprefix("orebro: ") for line in said] == [
        "OR stands between two words, and one of them is missing",
        "no source is called 'radion'",
        "no municipality of the county is called 'norra'",
        "searching for: kommun:norra OR källa:radion OR brand",
    ]


@pytest.mark.parametrize(
    "arguments", [[], [""], ["()"], ["från:igår"], ["brand", "--limit", "0"], ["brand", "--source", "zzz"]]
)
def test_search_for_nothing_is_wrong_use(crawled: Wire, arguments: list[str]) -> None:
    result = found(crawled, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")


def test_search_without_an_archive_is_one_line_and_makes_none() -> None:
    assert_one_line(orebro("search", "brand"), 2, "news.db", "orebro run")
    assert not Path("news.db").exists()


def test_search_makes_its_index_anew(crawled: Wire) -> None:
    before = found(crawled, "örebro").stdout
    crawled.db.execute("delete from search_entries")
    crawled.db.conn.commit()
    assert found(crawled, "örebro").exit_code == 1
    assert found(crawled, "--rebuild").output == ""
    assert found(crawled, "örebro").stdout == before != ""


def test_a_run_leaves_an_index_that_is_ready(wire: Wire) -> None:
    wire.write_settings()
    assert orebro("run", "radio", "--db", wire.path, "--out", wire.out, "--config", wire.settings).exit_code == 0
    assert wire.rows("select count(*) as n from search_entries") == [{"n": 8}]
    assert wire.rows("select * from search_queue") == []


# The demo, and Scrapy's own commands


def test_the_demo_goes_the_whole_way(tmp_path: Path) -> None:
    demo = subprocess.run(
        command("demo", "--keep", "kvar"), cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=60
    )
    assert (demo.returncode, demo.stderr) == (0, "")
    kept = tmp_path / "kvar"
    assert {"news.db", "orebro.toml", "public"} <= {path.name for path in kept.iterdir()}
    assert "Förråd brann ner till grunden i Adolfsberg" in (kept / "public/alla.atom").read_text(encoding="utf-8")
    assert load_config(kept / "orebro.toml").sources["narkebladet"].title == "Närkebladet"
    with sqlite3.connect(kept / "news.db") as db:
        assert db.execute("select count(*) from articles").fetchone() == (81 if what_is_missing() else 88,)
        assert db.execute("select count(*) from crawls where verdict = 'failing'").fetchone() == (0,)
        assert search.newest(Database(db), parse("förråd"), limit=1), "served, its search finds nothing"
    db.close()


def scrapy(wire: Wire, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=ROOT, env=wire.environment(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_scrapy_list_names_the_sources(wire: Wire) -> None:
    wire.write_settings()
    listed = scrapy(wire, "list")
    assert (listed.returncode, sorted(listed.stdout.split())) == (0, sorted(wire.config.sources))


def test_scrapy_crawl_reads_one_source(wire: Wire) -> None:
    wire.write_settings()
    crawl = scrapy(wire, "crawl", "radio")
    assert (crawl.returncode, crawl.stderr) == (0, "")
    assert len(wire.articles("radio")) == 8
    assert [row["verdict"] for row in wire.rows("select verdict from crawls")] == ["ok"]
    assert wire.site("polisen").requests == []
