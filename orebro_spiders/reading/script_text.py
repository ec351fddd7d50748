"""The text of pages that draw themselves in the browser: the strings of the data that their scripts carry."""

from __future__ import annotations

import re
from collections import defaultdict

from orebro_spiders.reading.metadata import json_value
from orebro_spiders.reading.text import plain_line, plain_paragraphs

_STRING = re.compile(r'"(\w{2,20})"\s*:\s*"((?:[^"\\]|\\.){40,})"')
_KEYS = frozenset("content text value body html contentHtml bodyHtml articleBody paragraph".split())
_SENTENCE = re.compile(r"""[.!?…。»”"'’)]\s*(?:<|$)""")
_MARKUP = re.compile(r"<(?:p|br|div)\b")
_SHORTEST = 400


def text_in_scripts(page: str) -> str:
    """The longest text that stands in a page's scripts under one name, paragraph by paragraph; empty without one."""
    best = ""
    for piece in page.split("<script")[1:]:
        script, end, _ = piece.partition("</script")
        if end and len(script) > 2 * _SHORTEST:
            best = max(best, *_texts(script), key=len)
    return best if len(best) > _SHORTEST else ""


def _texts(script: str) -> list[str]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for name, value in _STRING.findall(script):
        if name in _KEYS and " " in value and (said := json_value(f'"{value}"')) and _SENTENCE.search(said):
            found[name].setdefault(said)
    return ["", *("\n\n".join(filter(None, map(_paragraphs, values))) for values in found.values())]


def _paragraphs(said: str) -> str:
    return plain_paragraphs(said) if _MARKUP.search(said) else plain_line(said)
