"""Scrapy's settings for many spiders in one process."""

from __future__ import annotations

from scrapy.settings import BaseSettings, Settings, SettingsAttribute


class SharedSettings(Settings):
    """Settings whose copies share their values.

    Scrapy gives every crawler a deep copy of some 300 settings, which takes longer than asking a quiet source for
    news. The spider loader sets plain values only, each in the copy's own attribute, so sharing the rest is safe.
    """

    @classmethod
    def of_project(cls) -> SharedSettings:
        """The project's settings, without what only the `scrapy` command needs."""
        settings = cls()
        settings.setmodule("orebro_spiders.settings", priority="project")
        settings.set("SPIDER_LOADER_CLASS", "scrapy.spiderloader.DummySpiderLoader")
        settings["EXTENSIONS"].pop("scrapy.extensions.feedexport.FeedExporter")
        return settings

    def copy(self) -> SharedSettings:
        """Settings of one's own, with the same values."""
        twin = type(self).__new__(type(self))
        BaseSettings.__init__(twin)  # without the defaults, which come with the rest
        twin.attributes = {
            name: SettingsAttribute(attribute.value, attribute.priority) for name, attribute in self.attributes.items()
        }
        return twin
