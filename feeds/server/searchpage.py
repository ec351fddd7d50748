"""The search page: a form, what was understood, and what was found, with the words marked. It works without scripts."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup, escape
from sqlite_utils import Database

from feeds.addresses import home_of
from feeds.entries import KIND_NAMES, Entry, plain
from feeds.pages.layout import SEARCH, Masthead, Page, by_day, render
from feeds.pages.swedish import swedish_key
from feeds.server.searches import Asked, Found, entries_of, find
from orebro_spiders.archive.search import hits_of
from orebro_spiders.queries import Query
from orebro_spiders.reading.places import MUNICIPALITIES
from orebro_spiders.reading.snippets import IsHit, marked, snippet
from orebro_spiders.sources import Config

ON_A_PAGE = 20
STYLES = "sok.css"

_TEMPLATES = Path(__file__).parents[1] / "templates"
_BEGIN, _END = "\x02", "\x03"
"""Stand around a word that is found until the text is safe; no text of ours holds them."""


def page(db: Database | None, asked: Asked, config: Config, masthead: Masthead) -> bytes:
    """The page of a search; without an archive the form alone."""
    is_search = bool(asked.query()) and db is not None
    found = find(db, asked, config, limit=ON_A_PAGE) if is_search and db is not None else None
    title = f"Sök: {found.query}" if found else "Sök"
    return render(
        "search.html",
        masthead,
        Page(path=SEARCH, title=plain(title), description="Sök bland nyheter från Örebro län.", is_indexed=not found),
        asked=asked,
        found=found,
        days_asked=Query(None).within(asked.since, asked.until),
        problems=found.problems if found else asked.query().problems,
        days=by_day(_entries(db, found, config)) if found and db is not None else [],
        first=replace(asked, after="").parameters(),
        older=found.older.parameters() if found and found.older else "",
        search_path=SEARCH,
        search_styles=f"{STYLES}?v={sha256(styles()).hexdigest()[:8]}",
        sources=sorted(config.sources.values(), key=lambda source: swedish_key(source.title)),
        kinds=KIND_NAMES,
        municipalities=MUNICIPALITIES,
    )


@cache
def styles() -> bytes:
    """The stylesheet of the form and of marked words."""
    return (_TEMPLATES / "search.css").read_bytes()


def _entries(db: Database, found: Found, config: Config) -> list[Entry]:
    """What was found, with the words marked, and the piece of its text that holds them for a summary."""
    is_hit = hits_of(db, found.query)
    texts = {one.id: one.text or one.summary for one in found.articles}
    return [
        replace(
            entry,
            title=_marked(entry.title, is_hit),
            summary=_marked(snippet(plain(texts.get(entry.id, "")), is_hit) or entry.summary, is_hit),
        )
        for entry in entries_of(found.articles, config, home_of(config.site))
    ]


def _marked(text: str, is_hit: IsHit) -> Markup:
    """The text as HTML, with `<mark>` around every word searched for.

    >>> _marked("Bad & bastu <b>", "bastu".__eq__)
    Markup('Bad &amp; <mark>bastu</mark> &lt;b&gt;')
    """
    bare = text.replace(_BEGIN, "").replace(_END, "")
    safe = escape(marked(bare, is_hit, f"{_BEGIN}{{}}{_END}".format))
    return Markup(str(safe).replace(_BEGIN, "<mark>").replace(_END, "</mark>"))
