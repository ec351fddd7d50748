"""The bundled sources keep the rules that make them one county: what each must state, and what no two may share."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from docs.sources_table import README, sources_table, with_table
from orebro_spiders.reading.places import MUNICIPALITIES
from orebro_spiders.reading.urls import address_key, canonical_url
from orebro_spiders.sources import PLATFORMS, Config, Source, load_config

CONFIG: Config = load_config()
SOURCES = CONFIG.sources
FOLLOWS = {"feed", "sverigesradio"}
"""Platforms that fetch pages only where the source asks for it: elsewhere `follow` would do nothing."""
HAS_FEED = {"mynewsdesk", "sverigesradio", "viatt", "wordpress", "sitevision", "pages"}
"""Platforms on which `feed` names a feed at another address than the usual one."""
ONCE_A_DAY = 86400

each = pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)


@each
def test_a_source_says_what_it_is(source: Source) -> None:
    assert source.title == source.title.strip() != ""
    assert source.platform in PLATFORMS
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", source.name)
    assert len(source.name) <= 24
    assert source.municipality in {"", *MUNICIPALITIES}
    assert source.language == "sv"


@each
def test_its_addresses_are_in_canonical_form(source: Source) -> None:
    assert canonical_url(source.url) == source.url
    assert source.feed in {"", canonical_url(source.feed)}


@each
def test_its_silence_has_an_end_unless_it_has_closed(source: Source) -> None:
    assert (source.longest_silence is None) == (source.every >= ONCE_A_DAY)


@each
def test_no_key_is_without_effect(source: Source) -> None:
    assert not source.follow or source.platform in FOLLOWS
    assert not source.feed or source.platform in HAS_FEED
    assert set(source.ladder) <= set(import_module(f"orebro_spiders.spiders.{source.platform}").SPIDER.rungs)


def test_no_two_sources_are_the_same() -> None:
    assert len({address_key(source.url) for source in SOURCES.values()}) == len(SOURCES)
    assert len({source.title for source in SOURCES.values()}) == len(SOURCES)


def test_every_platform_has_a_source() -> None:
    assert {source.platform for source in SOURCES.values()} == set(PLATFORMS)


def test_every_kind_of_news_is_there() -> None:
    assert {source.kind for source in SOURCES.values()} == {"news", "press", "notice"}


def test_the_readme_has_the_table_of_sources() -> None:
    readme = README.read_text(encoding="utf-8")
    assert with_table(readme) == readme, "run `make sources-table`"
    assert all(f"| `{name}` |" in sources_table() for name in SOURCES)


def test_a_readme_without_a_place_for_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        with_table("# Nyheter\n")
