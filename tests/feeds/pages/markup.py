"""What a page that was built says."""

from __future__ import annotations

import lxml.html


def texts(page: lxml.html.HtmlElement, path: str) -> list[str]:
    """The words of all elements that a selector finds."""
    return [" ".join(element.text_content().split()) for element in page.cssselect(path)]
