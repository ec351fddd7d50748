"""Each source is a spider: `scrapy list` and `scrapy crawl orebronyheter` work as everyone expects."""

from __future__ import annotations

import builtins
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from orebro_spiders import settings as of_project
from orebro_spiders.errors import ConfigError
from orebro_spiders.reading.urls import host_of
from orebro_spiders.sources import Config, Source, load_config

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.settings import BaseSettings

    from orebro_spiders.spiders.platform import Platform


class SourceLoader:
    """Makes a spider class for each source: the platform's, with the source and our manners in it."""

    def __init__(self, config: Config) -> None:
        self.config = config

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> SourceLoader:
        """A loader for the bundled sources and the user's file named by the setting `OREBRO_CONFIG`."""
        path = settings.get("OREBRO_CONFIG")
        return cls(load_config(Path(path) if path else None))

    def load(self, spider_name: str) -> type[Platform]:
        """The spider class of a source; `KeyError` when there is none of that name."""
        return spider_class(self.config, self.config.sources[spider_name])

    def list(self) -> builtins.list[str]:
        """The names of the enabled sources."""
        return [source.name for source in self.config.enabled]

    def find_by_request(self, request: Request) -> builtins.list[str]:
        """The sources that live on the request's host."""
        host = host_of(request.url)
        return [source.name for source in self.config.enabled if host_of(source.url) == host]


def platform_module(platform: str) -> ModuleType:
    """The module of a platform, with its `SPIDER` and its `MARKS`."""
    return import_module(f"orebro_spiders.spiders.{platform}")


def spider_class(config: Config, source: Source, platform: type[Platform] | None = None) -> type[Platform]:
    """The spider class that reads one source; by its platform, unless another class is given.

    Raises `ConfigError` when the source's `ladder` names a way in that there is not.
    """
    platform = platform or cast("type[Platform]", platform_module(source.platform).SPIDER)
    attributes: dict[str, Any] = {
        "name": source.name,
        "source": source,
        "config": config,
        "rungs": _ladder(platform, source),
        "custom_settings": {**(platform.custom_settings or {}), **_manners(config, source)},
        "__doc__": source.title,
    }
    return type(source.name, (platform,), attributes)


def _ladder(platform: type[Platform], source: Source) -> tuple[str, ...]:
    """The source's ways in: its own `ladder`, else all that the platform knows."""
    if unknown := [rung for rung in source.ladder if rung not in platform.rungs]:
        known = ", ".join(platform.rungs)
        raise ConfigError(f"[sources.{source.name}]: `ladder`: {unknown[0]!r} is none of {known}")
    return source.ladder or platform.rungs


def _manners(config: Config, source: Source) -> dict[str, Any]:
    manners = {
        "USER_AGENT": source.user_agent or config.user_agent,
        "DEFAULT_REQUEST_HEADERS": {**of_project.DEFAULT_REQUEST_HEADERS, **source.headers},
        "DOWNLOAD_DELAY": config.http.delay if source.delay is None else source.delay,
        "DOWNLOAD_TIMEOUT": config.http.timeout,
        "DOWNLOAD_MAXSIZE": config.http.max_size,
        "ALLOW_PRIVATE": [*config.http.allow_private, *([host_of(source.proxy)] if source.proxy else [])],
    }
    return manners | _WITH_BROWSER if source.javascript else manners


_WITH_BROWSER = {
    "DOWNLOADER_MIDDLEWARES": {
        **of_project.DOWNLOADER_MIDDLEWARES,
        "orebro_spiders.rendering.RenderMiddleware": 587,  # the plain page; what it shows is judged and hashed
    }
}
