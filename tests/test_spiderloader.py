"""Each source is a spider with its platform's class, its own settings and our manners."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from scrapy import Request
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader

from orebro_spiders.errors import ConfigError
from orebro_spiders.sources import BUNDLED, PLATFORMS, load_config
from orebro_spiders.spiderloader import SourceLoader, spider_class
from orebro_spiders.spiders.feed import FeedSpider
from orebro_spiders.spiders.wordpress import WordPressSpider

TEXT = """
[site]
base_url = "https://nyheter.example.se/"
contact = "redaktionen@example.se"
[http]
allow_private = ["127.0.0.1:18480"]
delay = 2.5
timeout = 7
max_size = 1234
[sources.bladet]
title = "Bladet"
platform = "wordpress"
url = "https://www.bladet.example/nyheter/"
[sources.radion]
title = "Radion"
platform = "feed"
url = "https://www.bladet.example/rss"
delay = 0.5
[sources.tyst]
title = "Tysta"
platform = "feed"
url = "https://www.bladet.example/annat"
enabled = false
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Scrapy's settings of the project, with a user's file."""
    path = tmp_path / "orebro.toml"
    path.write_text(TEXT, encoding="utf-8")
    settings = Settings()
    settings.setmodule("orebro_spiders.settings", priority="project")
    settings.set("OREBRO_CONFIG", str(path))
    return settings


def test_scrapy_finds_our_loader(settings: Settings) -> None:
    assert isinstance(get_spider_loader(settings), SourceLoader)


def test_it_lists_the_enabled_sources_of_both_files(settings: Settings) -> None:
    names = SourceLoader.from_settings(settings).list()
    assert {"bladet", "radion", "orebronyheter", "polisen"} <= set(names)
    assert "tyst" not in names
    assert len(names) == len(set(names))


def test_without_a_users_file_the_bundled_sources_are_listed(settings: Settings) -> None:
    settings.set("OREBRO_CONFIG", "")
    assert SourceLoader.from_settings(settings).list() == [source.name for source in load_config().enabled]


def test_a_spider_is_its_platforms_class_with_the_source_in_it(settings: Settings) -> None:
    loader = SourceLoader.from_settings(settings)
    spider = loader.load("bladet")
    assert issubclass(spider, WordPressSpider)
    assert (spider.name, spider.source.url, spider.__doc__) == (
        "bladet",
        "https://www.bladet.example/nyheter/",
        "Bladet",
    )
    assert issubclass(loader.load("tyst"), FeedSpider)  # by name, a switched-off source can be tried
    assert loader.load("radion").name == "radion"


def test_a_spider_carries_our_manners(settings: Settings) -> None:
    loader = SourceLoader.from_settings(settings)
    manners = loader.load("bladet").custom_settings
    assert manners is not None
    assert manners["DOWNLOAD_DELAY"] == 2.5
    assert (manners["DOWNLOAD_TIMEOUT"], manners["DOWNLOAD_MAXSIZE"]) == (7, 1234)
    assert manners["ALLOW_PRIVATE"] == ["127.0.0.1:18480"]
    assert manners["USER_AGENT"].startswith("OrebroNews/")
    assert "https://nyheter.example.se/" in manners["USER_AGENT"]
    assert "redaktionen@example.se" in manners["USER_AGENT"]
    other = loader.load("radion").custom_settings
    assert other is not None
    assert other["DOWNLOAD_DELAY"] == 0.5


def test_making_one_spider_changes_no_other(settings: Settings) -> None:
    config = SourceLoader.from_settings(settings).config
    before = dict(FeedSpider.custom_settings or {})
    one, two = (spider_class(config, config.sources[name]) for name in ("radion", "tyst"))
    assert one is not two
    assert (FeedSpider.custom_settings or {}) == before


def test_an_unknown_spider_is_a_key_error_as_scrapy_expects(settings: Settings) -> None:
    with pytest.raises(KeyError):
        SourceLoader.from_settings(settings).load("okänd")


def test_a_wrong_file_is_an_error_that_names_it(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "orebro.toml").write_text("[sources.bladet]\ntitle = 5\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"orebro\.toml.*\[sources\.bladet\]"):
        SourceLoader.from_settings(settings)


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("https://www.bladet.example/nyheter/badet/", ["bladet", "radion"]),
        ("HTTPS://WWW.BLADET.EXAMPLE:443/x", ["bladet", "radion"]),
        ("https://polisen.se/aktuellt/", ["polisen"]),
        ("https://annan.example/", []),
    ],
)
def test_it_finds_the_sources_of_an_address(settings: Settings, url: str, names: list[str]) -> None:
    assert SourceLoader.from_settings(settings).find_by_request(Request(url)) == names


@pytest.mark.parametrize("source", load_config().sources.values(), ids=lambda source: source.name)
def test_every_bundled_source_makes_a_spider(source: object) -> None:
    config = load_config()
    spider = spider_class(config, source)  # type: ignore[arg-type]
    assert spider.rungs
    assert all(callable(getattr(spider, f"enter_{rung}")) for rung in spider.rungs)
    assert spider.source.platform in PLATFORMS


def test_bundled_sources_are_wholesome() -> None:
    sources = load_config().sources.values()
    assert len({source.url for source in sources}) == len(list(sources))
    assert [source.name for source in sources if not source.url.startswith("https://")] == []
    assert [source.name for source in sources if not source.title.strip()] == []
    police = load_config().sources["polisen"]
    assert (police.delay or 0) >= 10
    assert police.every >= 60
    assert BUNDLED.is_file()


def test_a_source_may_limit_its_ladder(settings: Settings) -> None:
    config = SourceLoader.from_settings(settings).config
    bladet = config.sources["bladet"]
    assert spider_class(config, bladet).rungs == WordPressSpider.rungs
    assert spider_class(config, msgspec.structs.replace(bladet, ladder=("feed", "rest"))).rungs == ("feed", "rest")
    assert WordPressSpider.rungs == ("rest", "feed", "pages")


def test_a_way_in_that_there_is_not_is_refused(settings: Settings) -> None:
    config = SourceLoader.from_settings(settings).config
    source = msgspec.structs.replace(config.sources["bladet"], ladder=("feed", "api"))
    with pytest.raises(ConfigError, match=r"\[sources.bladet\]: `ladder`: 'api' is none of rest, feed, pages"):
        spider_class(config, source)
