"""Files over HTTP: types, validators, encodings; and nothing that is not given out."""

from __future__ import annotations

import gzip
import os
from email.utils import formatdate
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from feeds.server import files, kept
from feeds.server.files import Files
from tests.feeds.server.asking import Answer, ask

FEED = "<rss>Åke</rss>".encode() * 50
SECRET = b"what nobody may read"
MODIFIED = 1_700_000_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("site")
    public = home / "public"
    (public / "kalla/na").mkdir(parents=True)
    (public / "tom").mkdir()
    plain = {
        "alla.rss": FEED, "alla.atom": b"<feed/>", "alla.json": b"{}", "feeds.opml": b"<opml/>", "style.css": b"a{}",
        "index.html": b"<p>Fram", "kalla/na/index.html": b"<p>NA", "favicon.svg": b"<svg/>", "robots.txt": b"x",
        "sitemap.xml": b"<x/>", "utan-suffix": b"?", "kalla/na.rss": b"<rss/>", "a b+c.txt": b"x", "tom.txt": b"",
    }  # fmt: skip
    for name, content in plain.items():
        (public / name).write_bytes(content)
        os.utime(public / name, (MODIFIED, MODIFIED))
    (public / "alla.rss.gz").write_bytes(gzip.compress(FEED, mtime=0))
    (home / "secret.txt").write_bytes(SECRET)
    for name in (".build.json", ".orebro-unfinished-alla.rss", "kalla/.dold", ".git"):
        (public / name).write_bytes(SECRET)
    for name, target in (
        ("ut.txt", "../secret.txt"),
        ("uppat", ".."),
        ("dold.json", ".build.json"),
        ("ring", "ring"),
        ("inat.rss", "alla.rss"),
    ):
        (public / name).symlink_to(target)
    os.mkfifo(public / "ror")
    return public


@pytest.fixture(scope="module")
def app(site: Path) -> Files:
    return Files(site)


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/alla.rss", "application/rss+xml; charset=utf-8"),
        ("/alla.atom", "application/atom+xml; charset=utf-8"),
        ("/alla.json", "application/feed+json"),
        ("/feeds.opml", "text/x-opml; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/", "text/html; charset=utf-8"),
        ("/kalla/na/", "text/html; charset=utf-8"),
        ("/favicon.svg", "image/svg+xml; charset=utf-8"),
        ("/sitemap.xml", "application/xml; charset=utf-8"),
        ("/alla.rss.gz", "application/gzip"),
        ("/utan-suffix", "application/octet-stream"),
    ],
)
def test_types(app: Files, path: str, media_type: str) -> None:
    answer = ask(app, path)
    assert (answer.status, answer.headers["content-type"]) == (200, media_type)
    assert answer.headers["content-length"] == str(len(answer.body))
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_browser_gets_a_feed_as_xml_that_it_can_style_and_a_reader_as_a_feed(app: Files) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert ask(app, "/alla.rss", accept=browser).headers["content-type"] == "application/xml; charset=utf-8"
    for accept in ("*/*", "application/rss+xml, text/html;q=0.1", "application/atom+xml;q=0.9, */*", ""):
        answer = ask(app, "/alla.rss", accept=accept)
        assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    assert "Accept" in answer.headers["vary"].split(", ")
    assert ask(app, "/alla.json", accept=browser).headers["content-type"] == "application/feed+json"


def test_caches_may_keep_a_feed_as_long_as_its_ttl_says(app: Files) -> None:
    from feeds.syndication import TTL_MINUTES

    assert ask(app, "/alla.rss").headers["cache-control"] == f"public, max-age={TTL_MINUTES * 60}"
    assert ask(app, "/style.css?v=1a2b").headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("accept_encoding", "is_packed"),
    [
        ("gzip", True), ("gzip, deflate, br", True), ("*", True), ("x-gzip", True), ("gzip;q=0.1", True),
        ("GZIP;Q=1", True), ("", False), ("identity", False), ("gzip;q=0", False), ("*;q=0", False),
        ("br", False), ("*, gzip;q=0", False), ("gzip;q=0.1, identity", False), ("gzip;q=x", True),
    ],
)  # fmt: skip
def test_compressed_where_it_is_accepted(app: Files, accept_encoding: str, is_packed: bool) -> None:
    answer = ask(app, "/alla.rss", accept_encoding=accept_encoding)
    assert (answer.headers.get("content-encoding") == "gzip") is is_packed
    assert answer.plain == FEED
    assert "Accept-Encoding" in answer.headers["vary"]


def test_each_encoding_has_a_strong_tag_of_its_own(app: Files) -> None:
    plain, packed = ask(app, "/alla.rss"), ask(app, "/alla.rss", accept_encoding="gzip")
    tags = {plain.headers["etag"], packed.headers["etag"]}
    assert len(tags) == 2
    assert not any(tag.startswith("W/") for tag in tags)
    unchanged = ask(app, "/alla.rss", accept_encoding="gzip", if_none_match=packed.headers["etag"])
    assert unchanged.status == 304
    assert ask(app, "/alla.rss", accept_encoding="gzip", if_none_match=plain.headers["etag"]).status == 200


@pytest.mark.parametrize("form", ["{}", "W/{}", '"x", {}', '"x",W/{} , "y"', "*", " * "])
def test_what_the_client_has_is_not_sent_again(app: Files, form: str) -> None:
    etag = ask(app, "/alla.rss").headers["etag"]
    answer = ask(app, "/alla.rss", if_none_match=form.format(etag))
    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers == {
        "etag": etag, "cache-control": "public, max-age=1800", "vary": "Accept-Encoding, Accept"
    }  # fmt: skip


@pytest.mark.parametrize("form", ['"x"', "x", "{0}x", '""', "W/", "å"])
def test_another_tag_gets_the_file(app: Files, form: str) -> None:
    etag = ask(app, "/alla.rss").headers["etag"].strip('"')
    assert ask(app, "/alla.rss", if_none_match=form.format(etag)).status == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        (formatdate(MODIFIED, usegmt=True), 304), (formatdate(MODIFIED + 1, usegmt=True), 304),
        (formatdate(MODIFIED - 1, usegmt=True), 200), ("nyss", 200), ("", 200), ("Fri, 31 Feb 2040 25:00:00 GMT", 200),
        ("Thu, 01 Jan 99999 00:00:00 GMT", 200),
    ],
)  # fmt: skip
def test_dates_are_compared_and_what_is_none_is_ignored(app: Files, since: str, status: int) -> None:
    assert ask(app, "/alla.atom", if_modified_since=since).status == status


def test_a_tag_says_more_than_a_date(app: Files) -> None:
    late = formatdate(MODIFIED + 1, usegmt=True)
    assert ask(app, "/alla.atom", if_modified_since=late, if_none_match='"x"').status == 200


def test_head_says_the_same_without_the_file(app: Files) -> None:
    whole, head = (
        ask(app, "/alla.rss", accept_encoding="gzip"),
        ask(app, "/alla.rss", method="HEAD", accept_encoding="gzip"),
    )
    assert (head.status, head.body, head.headers) == (200, b"", whole.headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "BREW"])
def test_only_reading_is_allowed(app: Files, method: str) -> None:
    answer = ask(app, "/alla.rss", method=method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


# What is not given out


TRICKS = [
    "/../secret.txt", "/..", "/kalla/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt",
    "/%2e%2e%2fsecret.txt",
    "/..%5csecret.txt", "/..\\secret.txt", "//secret.txt", "///", "/./alla.rss", "/kalla//na.rss", "/alla.rss%00",
    "/alla.rss%00.html", "/%00", "/.build.json", "/%2ebuild.json", "/.orebro-unfinished-alla.rss", "/kalla/.dold",
    "/.git",
    "/ut.txt", "/uppat/secret.txt", "/dold.json", "/ring", "/ror", "/tom/", "/tom", "/secret.txt", "/etc/passwd", "*",
    "alla.rss", "/alla.rss/", "/%ff%fe", "/" + "a" * 5000, "/" + "a/" * 3000, "/alla.rss\n", "/%252e%252e/secret.txt",
    "/....//secret.txt", "/~root", "/alla.rss;x",
]  # fmt: skip


@pytest.mark.parametrize("target", TRICKS)
def test_tricks_with_paths_find_nothing(app: Files, target: str) -> None:
    answer = ask(app, target)
    assert answer.status == 404
    assert SECRET not in answer.body


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["..", ".", "", "kalla", "secret.txt", "%2e%2e", "%2f", "\\", "\0", "uppat", ".build.json", "public"]
        )
        | st.text(max_size=5),
        max_size=6,
    )
)
@example(["uppat", "secret.txt"])
def test_no_path_leads_out(app: Files, parts: list[str]) -> None:
    answer = ask(app, "/" + "/".join(part.replace("?", "") for part in parts))
    assert answer.status in {200, 301, 404}
    assert SECRET not in answer.body


def test_a_link_within_the_folder_is_followed(app: Files) -> None:
    assert ask(app, "/inat.rss").body == FEED


def test_a_folder_leads_to_its_page(app: Files) -> None:
    answer = ask(app, "/kalla/na")
    assert (answer.status, answer.headers["location"]) == (301, "na/")


def test_names_are_decoded(app: Files) -> None:
    assert ask(app, "/a%20b+c.txt").body == b"x"


# What changes


def public(folder: Path, content: bytes, packed: bytes | None = None) -> Files:
    write(folder, content, packed)
    return Files(folder)


def write(folder: Path, content: bytes, packed: bytes | None = None, at: int = MODIFIED) -> None:
    for name, one in (("a.rss", content), ("a.rss.gz", packed)):
        if one is not None:
            (folder / "new").write_bytes(one)
            os.utime(folder / "new", (at, at))
            (folder / "new").rename(folder / name)


def packed_answer(app: Files) -> Answer:
    return ask(app, "/a.rss", accept_encoding="gzip")


def test_a_new_file_takes_the_place_of_the_old_at_once(tmp_path: Path) -> None:
    """Of the same size and time, too: it is another file."""
    app = public(tmp_path, b"gammal", gzip.compress(b"gammal"))
    before = packed_answer(app)
    write(tmp_path, b"nyare!", gzip.compress(b"nyare!"))
    after = packed_answer(app)
    assert (before.plain, after.plain) == (b"gammal", b"nyare!")
    assert before.headers["etag"] != after.headers["etag"]
    (tmp_path / "a.rss").unlink()
    assert packed_answer(app).status == 404


def test_what_is_compressed_from_an_older_file_is_not_used(tmp_path: Path) -> None:
    app = public(tmp_path, b"gammal", gzip.compress(b"gammal"))
    write(tmp_path, b"ny", at=MODIFIED + 1)
    answer = packed_answer(app)
    assert (answer.body, answer.headers.get("content-encoding")) == (b"ny", None)
    write(tmp_path, b"ny", gzip.compress(b"ny"), at=MODIFIED + 2)
    assert packed_answer(app).headers["content-encoding"] == "gzip"


def test_a_folder_that_is_switched_by_a_link_is_followed(tmp_path: Path) -> None:
    for name in ("ett", "tva"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, name.encode())
    link = tmp_path / "public"
    link.symlink_to("ett")
    app = Files(link)
    assert ask(app, "/a.rss").body == b"ett"
    link.unlink()
    link.symlink_to("tva")
    assert ask(app, "/a.rss").body == b"tva"


def test_memory_is_bounded(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.txt").write_bytes(b"x" * 100)
    app = Files(tmp_path, most_kept=550)
    for number in range(20):
        assert ask(app, f"/{number}.txt").body == b"x" * 100
    assert (len(app._kept), app._size) == (5, 500)


def test_a_large_file_is_sent_without_being_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LARGEST_KEPT", 10)
    monkeypatch.setattr(files, "CHUNK", 7)
    app = public(tmp_path, b"0123456789" * 5)
    answer = ask(app, "/a.rss")
    assert (answer.status, answer.body) == (200, b"0123456789" * 5)
    assert app._size == 0
    assert ask(app, "/a.rss", if_none_match=answer.headers["etag"]).status == 304
    assert ask(app, "/a.rss", method="HEAD").headers["content-length"] == "50"


def test_a_page_of_ours_says_that_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "404.html").write_bytes(b"<h1>Borta")
    answer = ask(Files(tmp_path), "/borta.html", if_none_match="*")
    assert (answer.status, answer.body) == (404, b"<h1>Borta")
    assert "etag" not in answer.headers


def test_without_a_folder_there_is_nothing(tmp_path: Path) -> None:
    assert ask(Files(tmp_path / "public"), "/").status == 404
