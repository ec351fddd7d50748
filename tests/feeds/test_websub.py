"""Telling a hub: one ping for every changed feed, over loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import feedparser
import pytest
from click.testing import CliRunner
from sqlite_utils import Database

from feeds.publish import build
from feeds.websub import announce
from orebro_spiders.cli import main
from orebro_spiders.errors import ConfigError
from orebro_spiders.sources import load_config
from tests.feeds.county import BASE, article, filled, settings


class Hub(HTTPServer):
    """Answers every ping with `status`, and remembers it."""

    def __init__(self, status: int) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.status = status
        self.told: list[dict[str, list[str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hub"


class _Answer(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.told.append(parse_qs(body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def hub(status: int = 204) -> Iterator[Hub]:
    with Hub(status) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def test_one_ping_for_every_address() -> None:
    with hub() as server:
        assert announce(settings(hub=server.url), [f"{BASE}alla.rss", f"{BASE}alla.atom"]) == ""
    assert server.told == [
        {"hub.mode": ["publish"], "hub.url": [f"{BASE}alla.rss"]},
        {"hub.mode": ["publish"], "hub.url": [f"{BASE}alla.atom"]},
    ]


def test_a_hub_that_refuses_is_one_line_and_asked_once() -> None:
    with hub(503) as server:
        problem = announce(settings(hub=server.url), [f"{BASE}alla.rss", f"{BASE}alla.atom"])
    assert problem.startswith(f"hub {server.url}: was not told of {BASE}alla.rss: HTTP Error 503")
    assert "\n" not in problem
    assert len(server.told) == 1


def test_a_hub_that_is_not_there_is_one_line() -> None:
    with hub() as server:
        nowhere = server.url
    problem = announce(settings(hub=nowhere), [f"{BASE}alla.rss"])
    assert "refused" in problem
    assert "\n" not in problem


def test_feeds_name_the_hub_and_archives_do_not(county: Database, tmp_path: Path) -> None:
    build(county, settings(hub="https://hub.example.se/push"), tmp_path)
    for form in ("rss", "atom"):
        links = feedparser.parse((tmp_path / f"alla.{form}").read_bytes()).feed.links
        assert [link.href for link in links if link.rel == "hub"] == ["https://hub.example.se/push"]
    feed = json.loads((tmp_path / "alla.json").read_text())
    assert feed["hubs"] == [{"type": "WebSub", "url": "https://hub.example.se/push"}]


def test_without_a_hub_none_is_named(public: Path) -> None:
    assert b"hub" not in (public / "alla.rss").read_bytes() + (public / "alla.atom").read_bytes()


@pytest.mark.parametrize("status", [204, 500])
def test_the_command_tells_the_hub_and_never_fails_by_it(tmp_path: Path, status: int) -> None:
    with hub(status) as server:
        config, db, out = tmp_path / "orebro.toml", tmp_path / "news.db", tmp_path / "public"
        config.write_text(f'[site]\nbase_url = "{BASE}"\nhub = "{server.url}"\n')
        arguments = ["build", "--db", str(db), "--out", str(out), "--config", str(config)]
        first = CliRunner().invoke(main, arguments)
        pings = len(server.told)
        second = CliRunner().invoke(main, arguments)
    assert first.exit_code == second.exit_code == 0
    assert len(server.told) == pings > 0, "nothing has changed, nothing is told"
    assert first.stderr.count("\n") == (status == 500)


def test_only_what_changed_is_told(tmp_path: Path) -> None:
    db = filled([article(1), article(2, source="polisen", kind="notice")])
    build(db, settings(), tmp_path)
    db.execute("update articles set title = 'Ny' where native_id = '2'")
    told = {url.removeprefix(BASE).rpartition(".")[0] for url in build(db, settings(), tmp_path).changed}
    assert told == {"alla", "kalla/polisen", "slag/notiser"}


def test_a_hub_must_be_an_address(tmp_path: Path) -> None:
    config = tmp_path / "orebro.toml"
    config.write_text('[site]\nhub = "hubben"\n')
    with pytest.raises(ConfigError, match="hub"):
        load_config(config)
