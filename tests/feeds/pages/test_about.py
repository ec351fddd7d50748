"""Pages that never change with the news."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lxml.html
import pytest

from feeds.publish import build
from tests.feeds.county import filled, settings


def page(tmp_path: Path, name: str, **site: Any) -> lxml.html.HtmlElement:
    build(filled([]), settings(**site), tmp_path)
    return lxml.html.document_fromstring((tmp_path / name).read_text())


@pytest.mark.parametrize(
    ("contact", "shown", "link"),
    [
        ("redaktionen@example.se", "redaktionen@example.se", "mailto:redaktionen@example.se"),
        ("https://example.se/kontakt", "https://example.se/kontakt", "https://example.se/kontakt"),
        ("Ring växeln, fråga efter nätet", "Ring växeln, fråga efter nätet", None),
        ("javascript:alert(1)", "javascript:alert(1)", None),
        ("", "Den som driver den här webbplatsen har inte angett någon kontakt.", None),
    ],
)
def test_whom_to_write_to(tmp_path: Path, contact: str, shown: str, link: str | None) -> None:
    last = page(tmp_path, "om.html", contact=contact).cssselect(".text p")[-1]
    assert last.text_content() == shown
    assert [one.get("href") for one in last.cssselect("a")] == ([link] if link else [])


def test_what_is_shown_follows_the_settings(tmp_path: Path) -> None:
    assert "en kort sammanfattning" in page(tmp_path / "a", "om.html").text_content()
    assert "i sin helhet" in page(tmp_path / "b", "om.html", full_text=True).text_content()


def test_the_page_for_what_is_missing_works_at_any_depth(tmp_path: Path) -> None:
    missing = page(tmp_path, "404.html")
    links = [one.get("href") for one in missing.cssselect("link, a") if one.get("href") != "#innehall"]
    assert all(link.startswith("/") for link in links)
    assert not missing.cssselect('link[rel="canonical"]')
