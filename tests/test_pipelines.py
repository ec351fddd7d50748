from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from orebro_spiders.items import Article
from orebro_spiders.pipelines import CleanPipeline
from orebro_spiders.sources import Source


def cleaned(article: Article, municipality: str = "", *, is_told: bool = False) -> Any:
    url = "https://bladet.example.se/"
    source = Source(name="bladet", title="Bladet", platform="wordpress", url=url, municipality=municipality)
    crawler: Any = SimpleNamespace(spider=SimpleNamespace(source=source, names_municipality=is_told))
    return CleanPipeline(crawler).process_item(article)


@pytest.mark.parametrize(
    ("stated", "title", "municipality", "expected"),
    [
        (("Nora",), "Brand i Kumla", "Laxå", ("Nora",)),
        ((), "Brand i Kumla", "Laxå", ("Kumla",)),
        ((), "Brand i en lada", "Laxå", ("Laxå",)),
        ((), "Brand i en lada", "", ()),
        ((), "Kumla och Hallsberg delar brandbil", "", ("Kumla", "Hallsberg")),
    ],
)
def test_municipalities(stated: tuple[str, ...], title: str, municipality: str, expected: tuple[str, ...]) -> None:
    """What the platform states, else what the article names, else what the source is about."""
    article = Article(url="https://bladet.example.se/1", title=title, municipalities=stated)
    assert cleaned(article, municipality).municipalities == expected


def test_municipalities_are_read_from_summary_and_text() -> None:
    article = Article(url="https://bladet.example.se/1", title="Branden", summary="Det brinner i Frövi.")
    assert cleaned(article).municipalities == ("Lindesberg",)
    article = Article(url="https://bladet.example.se/1", title="Branden", text="Det brinner.\n\nRöken når Åsbro.")
    assert cleaned(article).municipalities == ("Askersund",)


def test_a_platform_that_names_municipalities_is_not_outguessed() -> None:
    article = Article(url="https://polisen.example.se/1", title="Kontroll i Kumla, Örebro län")
    assert cleaned(article, is_told=True).municipalities == ()
