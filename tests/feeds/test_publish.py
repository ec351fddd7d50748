"""Files: whole or not at all, written only when their bytes differ, the same from the same archive."""

from __future__ import annotations

import gzip
import itertools
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlite_utils import Database

from feeds.addresses import article_path
from feeds.channels import channels
from feeds.errors import PublishError, RenderError
from feeds.files import MARKER, UNFINISHED
from feeds.publish import build, is_current
from orebro_spiders.archive.articles import select
from orebro_spiders.archive.crawls import Crawl, Verdict, store_crawl
from orebro_spiders.archive.pages import store_missing
from orebro_spiders.errors import ConfigError, OrebroError
from orebro_spiders.items import Missing
from orebro_spiders.sources import Config, SavedFeed, load_config
from tests.feeds.county import ADVERSARIAL, BASE, NOW, SOURCES, adversarial, article, filled, settings

ROOT = Path(__file__).parents[2]


def contents(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def times(out: Path) -> dict[str, int]:
    return {name: (out / name).stat().st_mtime_ns for name in contents(out)}


def articles_of(db: Database) -> set[str]:
    return {article_path(one.id, one.published) for one in select(db, "true")}


def test_writes_every_feed_the_list_and_the_pages(county: Database, tmp_path: Path) -> None:
    built = build(county, settings(), tmp_path)
    empty = {one.name for one in channels(settings()) if one.group in {"Ämnen", "Händelser"}} - {"amne/sport"}
    names = {channel.name for channel in channels(settings())} - empty
    plain = {f"{name}.{form}" for name in names for form in ("rss", "atom", "json")}
    plain |= {f"{name}.html" for name in names - {"alla"}}
    plain |= {"index.html", "dagar.html", "prenumerera.html", "halsa.html", "om.html", "404.html"}
    plain |= {"feeds.opml", "feed.css", "style.css", "favicon.svg", "robots.txt"}
    plain |= {"sitemap.xml", "sitemap/sidor.xml", "sitemap/2026-11.xml", "dag/2026-11-21.html"}
    beside, inside = plain | {f"{name}.gz" for name in plain}, articles_of(county)
    assert {path.relative_to(tmp_path).as_posix() for path in built.paths} == beside | {"artikel/2026-11-21"}
    assert set(contents(tmp_path)) == beside | inside | {MARKER}
    assert (built.written, built.unchanged, built.removed) == (len(beside | inside), 0, 0)
    assert set(built.changed) == {f"{BASE}{name}.{form}" for name in names for form in ("rss", "atom", "json")}


def test_second_build_writes_nothing(county: Database, tmp_path: Path) -> None:
    first = build(county, settings(), tmp_path)
    before = times(tmp_path)
    second = build(county, settings(), tmp_path)
    assert (second.written, second.unchanged) == (0, first.written)
    assert times(tmp_path) == before


def test_only_what_differs_is_written(county: Database, tmp_path: Path) -> None:
    build(county, settings(), tmp_path)
    before = times(tmp_path)
    new = article(90, source="polisen", kind="notice", url="https://polisen.example/90/")
    built = build(filled([new], NOW + timedelta(hours=2), county), settings(), tmp_path)
    after = times(tmp_path)
    changed = {name for name in after if after[name] != before.get(name)}
    feeds = {f"{name}.{form}" for name in ("alla", "kalla/polisen", "slag/notiser") for form in ("rss", "atom", "json")}
    pages = {"index.html", "kalla/polisen.html", "slag/notiser.html", "dag/2026-11-21.html"}
    pages |= {"sitemap.xml", "sitemap/2026-11.xml"}
    expected = {f"{name}{end}" for name in feeds | pages for end in ("", ".gz")}
    expected |= {"artikel/2026-11-21/polisen_90.html"}
    assert changed - {MARKER} == expected
    assert built.written == len(expected)
    assert set(built.changed) == {f"{BASE}{name}" for name in feeds}


def test_a_saved_query_is_a_feed_that_new_articles_change(county: Database, tmp_path: Path) -> None:
    """Whether or not the index knew of them before the build."""
    config = msgspec.structs.replace(settings(), feeds={"rad": SavedFeed(title="Radhus", query="radhus* -kedjehus")})
    build(county, config, tmp_path)
    assert b"<item>" not in (tmp_path / "fraga/rad.rss").read_bytes()
    new = article(90, title="Radhusen säljs", url="https://bladet.example/90")
    other = article(91, title="Kedjehus och radhus", url="https://bladet.example/91")
    assert not is_current(filled([new, other], NOW + timedelta(hours=2), county), config, tmp_path)
    built = build(county, config, tmp_path)
    assert {f"{BASE}fraga/rad.{form}" for form in ("rss", "atom", "json")} <= set(built.changed)
    assert (tmp_path / "fraga/rad.rss").read_bytes().count(b"<item>") == 1
    assert b'<outline text="Egna fr\xc3\xa5gor"' in (tmp_path / "feeds.opml").read_bytes()
    assert build(county, config, tmp_path).written == 0


def test_beside_each_file_lies_the_same_compressed(public: Path) -> None:
    """With no time in it (RFC 1952, section 2.3.1), so that the same content gives the same bytes.

    The pages of articles are too small and too many for that.
    """
    files = [path for path in public.rglob("*") if path.is_file() and public / "artikel" not in path.parents]
    plain = [path for path in files if path.suffix != ".gz" and path.name != MARKER]
    assert not list((public / "artikel").rglob("*.gz"))
    assert len(plain) > 50
    for path in plain:
        packed = path.with_name(f"{path.name}.gz").read_bytes()
        assert gzip.decompress(packed) == path.read_bytes()
        assert packed[4:8] == b"\0" * 4


def test_what_did_not_change_is_not_made_again(county: Database, public: Path) -> None:
    """It would be put right if it were: here stands something of the same size, from before."""
    spoilt = public / "kalla/regionen.rss"
    other = spoilt.read_bytes().replace(b"Pressmeddelande", b"Pressmeddelandf")
    spoilt.write_bytes(other)
    os.utime(spoilt, (0, 0))
    new = article(90, source="polisen", kind="notice", url="https://polisen.example/90/")
    build(filled([new], NOW + timedelta(hours=2), county), settings(), public)
    assert spoilt.read_bytes() == other


def test_what_somebody_spoilt_is_made_again(county: Database, public: Path) -> None:
    before = contents(public)
    spoilt = public / "kalla/regionen.rss"
    spoilt.write_bytes(before["kalla/regionen.rss"].replace(b"Pressmeddelande", b"Pressmeddelandf"))
    (public / "alla.atom.gz").unlink()
    assert build(county, settings(), public).written == 2
    assert contents(public) == before
    assert is_current(county, settings(), public)


def test_a_channel_once_given_out_stays_when_it_is_empty(county: Database, public: Path) -> None:
    assert b"<item>" in (public / "amne/sport.rss").read_bytes()
    county.execute("update articles set gone_at = first_seen where native_id = '20'")
    build(county, settings(), public)
    assert b"<item>" not in (public / "amne/sport.rss").read_bytes()
    assert b"amne/sport.rss" in (public / "feeds.opml").read_bytes()
    assert not (public / "amne/kultur.rss").exists()


def test_same_archive_gives_the_same_bytes(tmp_path: Path) -> None:
    """Filled in another order, built elsewhere, later and in another time zone."""
    build(adversarial(), settings(), tmp_path / "a")
    shuffled = [one for one in ADVERSARIAL if one.native_id not in {"15", "16"}]
    random.Random(1).shuffle(shuffled)
    ordered = [one for one in ADVERSARIAL if one.native_id in {"15", "16"}]
    other = filled([*shuffled, *ordered])
    store_missing(other, Missing(url="https://bladet.example/17", source="bladet", status=410, definite=True), NOW)
    rewritten = article(8, title="Utan författare", text="Texten har skrivits om helt och hållet.")
    filled([rewritten], NOW + timedelta(hours=1), other)
    os.environ["TZ"], before = "Asia/Tokyo", os.environ.get("TZ")
    time.tzset()
    try:
        build(other, settings(), tmp_path / "b")
    finally:
        os.environ.pop("TZ") if before is None else os.environ.__setitem__("TZ", before)
        time.tzset()
    a, b = contents(tmp_path / "a"), contents(tmp_path / "b")
    assert a.pop(MARKER) != b.pop(MARKER)  # which names the order in which the archive was filled
    assert a == b


def test_seeing_an_article_again_changes_no_file(county: Database, tmp_path: Path) -> None:
    build(county, settings(), tmp_path)
    seen_again = filled([article(20, title="Ämnen")], NOW + timedelta(hours=5), county)
    assert is_current(seen_again, settings(), tmp_path)
    assert build(seen_again, settings(), tmp_path).written == 0


@pytest.mark.parametrize("base_url", ["https://nyheter.example.se", "https://nyheter.example.se/"])
def test_base_url_with_and_without_its_last_slash(county: Database, tmp_path: Path, base_url: str) -> None:
    build(county, settings(base_url=base_url), tmp_path)
    assert b'href="https://nyheter.example.se/alla.rss"' in (tmp_path / "alla.rss").read_bytes()


def test_base_url_within_a_site(county: Database, tmp_path: Path) -> None:
    build(county, settings(base_url="https://example.se/lokalt"), tmp_path)
    assert b'href="https://example.se/lokalt/kalla/tyst.rss"' in (tmp_path / "kalla/tyst.rss").read_bytes()


def test_a_wrong_base_url_writes_nothing(county: Database, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="base_url"):
        build(county, settings(base_url="nyheter.example.se"), tmp_path)
    assert contents(tmp_path) == {}


def test_files_of_a_source_that_is_gone_stay(county: Database, public: Path) -> None:
    kept = (public / "kalla/polisen.rss").read_bytes()
    fewer = {name: source for name, source in SOURCES.items() if name != "polisen"}
    build(county, msgspec.structs.replace(settings(), sources=fewer), public)
    assert (public / "kalla/polisen.rss").read_bytes() == kept
    assert b"kalla/polisen" not in (public / "index.html").read_bytes()
    assert b"kalla/polisen.rss" not in (public / "alla.rss").read_bytes()


def test_files_that_are_not_ours_stay(county: Database, tmp_path: Path) -> None:
    for name in ("robots.txt", "logotyp.svg"):
        (tmp_path / name).write_text("Inte vår.")
    built = build(county, settings(), tmp_path)
    assert {(tmp_path / name).read_text() for name in ("robots.txt", "logotyp.svg")} == {"Inte vår."}
    assert tmp_path / "robots.txt" not in built.paths
    assert is_current(county, settings(), tmp_path)


def test_our_own_robots_txt_is_known_again(county: Database, public: Path) -> None:
    (public / MARKER).unlink()
    assert public / "robots.txt" in build(county, settings(), public).paths


# The folder of a day's articles is believed as a whole


def test_a_page_in_the_folder_of_a_day_that_somebody_removed_or_replaced_is_made_again(
    county: Database, public: Path
) -> None:
    before = contents(public)
    for name, spoil in (("bladet_1", Path.unlink), ("bladet_2", lambda path: path.write_text("Inte vår."))):
        spoil(public / f"artikel/2026-11-21/{name}.html")
    (public / "artikel/2026-11-21/skräp.html").write_text("Inte vår.")
    assert not is_current(county, settings(), public)
    assert build(county, settings(), public).written == 2
    assert contents(public) == before
    assert is_current(county, settings(), public)


def test_of_a_deleted_article_nothing_stays(county: Database, public: Path) -> None:
    county.conn.execute("pragma foreign_keys = off")
    assert "Brödtext 20." in (public / "artikel/2026-11-21/bladet_20.html").read_text()
    county.execute("delete from articles where native_id = '20'")
    build(county, settings(), public)
    assert not (public / "artikel/2026-11-21/bladet_20.html").exists()
    county.execute("delete from articles")
    build(county, settings(), public)
    assert not list((public / "artikel").iterdir())
    assert not list((public / "dag").iterdir())
    assert is_current(county, settings(), public)


# How the sources stand is given out too


def crawled(db: Database, source: str, hours: int, verdict: Verdict) -> None:
    when = NOW + timedelta(hours=hours)
    store_crawl(db, Crawl(run=str(hours), source=source, started_at=when, finished_at=when, verdict=verdict))


def test_a_quiet_run_changes_nothing_and_a_source_that_breaks_changes_its_condition(
    county: Database, tmp_path: Path
) -> None:
    for source in SOURCES:
        crawled(county, source, 0, "ok")
    build(county, settings(), tmp_path)
    before = contents(tmp_path)
    for source in SOURCES:
        crawled(county, source, 1, "unchanged")
    assert is_current(county, settings(), tmp_path)
    crawled(county, "tyst", 2, "failing")
    assert not is_current(county, settings(), tmp_path)
    assert build(county, settings(), tmp_path).written == 2
    after = contents(tmp_path)
    assert {name for name in after if after[name] != before[name]} == {"halsa.html", "halsa.html.gz", MARKER}
    assert is_current(county, settings(), tmp_path)


def test_files_can_be_read_by_the_web_server(public: Path) -> None:
    umask = os.umask(0o022)
    os.umask(umask)
    assert {path.stat().st_mode & 0o777 for path in public.rglob("*.*")} == {0o666 & ~umask}


def test_works_with_the_bundled_sources(tmp_path: Path) -> None:
    built = build(filled([]), load_config(), tmp_path)
    lasting = [channel for channel in channels(load_config()) if channel.is_lasting]
    pages, others = 6, 7  # the front page is that of everything
    assert len(built.paths) == 2 * (4 * len(lasting) - 1 + pages + others)


# What goes wrong


def test_an_article_that_cannot_be_given_out_spoils_its_own_channels_only(county: Database, public: Path) -> None:
    before = contents(public)
    bad = article(66, url="javascript:alert(1)")
    fine = article(91, source="polisen", kind="notice", url="https://polisen.example/91/")
    with pytest.raises(RenderError) as raised:
        build(filled([bad, fine], NOW, county), settings(), public)
    message = str(raised.value)
    assert "channel alla: article tag:nyheter.example.se,2026:bladet/66: " in message
    assert "channel kalla/bladet: article tag:nyheter.example.se,2026:bladet/66: " in message
    assert "polisen" not in message
    after = contents(public)
    changed = {name.removesuffix(".gz") for name in after if after[name] != before.get(name)} - {MARKER}
    assert {name for name in changed if not name.startswith("sitemap")} == {
        f"{name}.{form}" for name in ("kalla/polisen", "slag/notiser") for form in ("rss", "atom", "json", "html")
    }
    assert "channel dag/2026-11-21: article tag:nyheter.example.se,2026:bladet/66: " in message
    assert set(before) == set(after)
    assert not is_current(county, settings(), public)


def test_errors_are_of_the_one_tree() -> None:
    assert issubclass(PublishError, OrebroError)
    assert (PublishError.exit_code, RenderError.exit_code) == (2, 1)


def test_a_folder_that_is_a_file_is_named(county: Database, tmp_path: Path) -> None:
    (tmp_path / "public").write_text("")
    with pytest.raises(PublishError, match=re.escape(str(tmp_path / "public"))):
        build(county, settings(), tmp_path / "public")


def test_a_file_that_is_a_folder_is_named_and_nothing_unfinished_stays(county: Database, tmp_path: Path) -> None:
    (tmp_path / "alla.atom").mkdir()
    with pytest.raises(PublishError, match=r"alla\.atom: cannot be written"):
        build(county, settings(), tmp_path)
    assert not list(tmp_path.rglob(f"{UNFINISHED}*"))


def test_what_a_killed_build_left_is_removed(county: Database, tmp_path: Path) -> None:
    left = [
        tmp_path / folder / f"{UNFINISHED}{name}"
        for folder, name in ((".", "alla.rss"), ("kalla", "nedlagd.atom"), ("artikel/2026-11-21", "bladet_1.html"))
    ]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"<rss")
    assert build(county, settings(), tmp_path).removed == 3
    assert not [path for path in left if path.exists()]


BUILD_FOR_EVER = """
import sys, itertools
from pathlib import Path
from tests.feeds.county import adversarial, settings
from feeds.publish import build
county = adversarial()
print("ready", flush=True)
for number in itertools.count():
    build(county, settings(title=f"Titel {number}"), Path(sys.argv[1]))
"""


def test_a_kill_leaves_whole_files(tmp_path: Path) -> None:
    """Killed at ten random moments while it rewrites every file: each is whole, and the next build tidies up."""
    chance = random.Random(7)
    ends = {
        ".rss": b"</rss>\n",
        ".atom": b"</feed>\n",
        ".opml": b"</opml>\n",
        ".html": b"</html>\n",
        ".txt": b"sitemap.xml\n",
        ".xml": b">\n",
        ".json": b"}\n",
        ".css": b"}\n",
        ".svg": b"</svg>\n",
    }
    for _ in range(10):
        command = [sys.executable, "-c", BUILD_FOR_EVER, str(tmp_path)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=environment) as process:
            assert process.stdout
            assert process.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0.05, 0.25))
            process.send_signal(signal.SIGKILL)
        for name, content in contents(tmp_path).items():
            if UNFINISHED not in name and name.endswith(".gz"):
                content, name = gzip.decompress(content), name.removesuffix(".gz")
            if UNFINISHED not in name:
                assert content.endswith(ends[Path(name).suffix]), name
    county = adversarial()
    build(county, settings(), tmp_path)
    assert not list(tmp_path.rglob(f"{UNFINISHED}*"))
    assert is_current(county, settings(), tmp_path)


# Whether a build is needed


def test_current_after_a_build(county: Database, public: Path) -> None:
    assert is_current(county, settings(), public)


def test_not_current_before_a_build(county: Database, tmp_path: Path) -> None:
    assert not is_current(county, settings(), tmp_path)
    assert not is_current(county, settings(), tmp_path / "nowhere")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda out: (out / "alla.rss").unlink(),
        lambda out: (out / "kalla/tyst.atom").write_bytes(b""),
        lambda out: (out / "index.html").write_bytes((out / "index.html").read_bytes().replace(b"a", b"b", 1)),
        lambda out: (out / MARKER).write_text("{"),
        lambda out: (out / MARKER).write_text("[]"),
        lambda out: (out / MARKER).write_text('{"files": 7}'),
        lambda out: (out / MARKER).write_bytes(b"\xff"),
        lambda out: (out / MARKER).unlink(),
    ],
)
def test_not_current_when_a_file_is_not_as_it_was(
    county: Database, public: Path, spoil: Callable[[Path], object]
) -> None:
    spoil(public)
    assert not is_current(county, settings(), public)


@pytest.mark.parametrize(
    "statement",
    [
        "update articles set image = 'https://bladet.example/ny.jpg' where native_id = '1'",
        "update articles set summary = 'Ny ingress' where native_id = '1'",
        "update articles set gone_at = first_seen where native_id = '1'",
        "update articles set gone_at = case when gone_at is null then first_seen end where native_id in ('1', '17')",
        "update articles set changed_at = '2026-11-21T19:00:00Z' where native_id = '1'",
        "update articles set duplicate_of = null",
        "update articles set municipalities = '[\"Kumla\"]' where native_id = '1'",
        "delete from articles where native_id = '2'",
    ],
)
def test_not_current_when_anything_given_out_has_changed(county: Database, public: Path, statement: str) -> None:
    county.conn.execute("pragma foreign_keys = off")
    county.conn.execute(statement)
    assert not is_current(county, settings(), public)


@pytest.mark.parametrize(
    "config",
    [
        settings(title="Nytt namn"),
        settings(base_url="https://annan.example.se/"),
        settings(full_text=True),
        msgspec.structs.replace(settings(), sources=dict(itertools.islice(SOURCES.items(), 3))),
        msgspec.structs.replace(
            settings(), sources={**SOURCES, "tyst": msgspec.structs.replace(SOURCES["tyst"], title="Ny titel")}
        ),
    ],
)
def test_not_current_when_settings_have_changed(county: Database, public: Path, config: Config) -> None:
    assert not is_current(county, config, public)
