"""What pages say to machines: JSON-LD in the vocabulary of schema.org."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feeds.entries import LANGUAGE, Entry
from feeds.pages.layout import Masthead
from feeds.pages.swedish import local

JsonLd = dict[str, Any]

_CONTEXT = "https://schema.org"


def website(masthead: Masthead) -> JsonLd:
    """The whole, as its front page says it (https://schema.org/WebSite)."""
    return {"@context": _CONTEXT, "@type": "WebSite", **_site(masthead), "description": masthead.description}


def collection(masthead: Masthead, path: str, title: str, description: str) -> JsonLd:
    """A page that lists news (https://schema.org/CollectionPage)."""
    return {
        "@context": _CONTEXT,
        "@type": "CollectionPage",
        "name": title,
        "description": description,
        "url": masthead.home.url(path),
        "inLanguage": LANGUAGE,
        "isPartOf": {"@type": "WebSite", **_site(masthead)},
    }


def article(masthead: Masthead, entry: Entry) -> JsonLd:
    """The page of an article (https://schema.org/NewsArticle); it states no date that the newsroom does not."""
    published = local(entry.published)
    stated = {
        "author": [{"@type": "Person", "name": name} for name in entry.authors],
        "contentLocation": [{"@type": "AdministrativeArea", "name": name} for name in entry.municipalities],
        "datePublished": _written(published, entry) if entry.is_dated else "",
        "dateModified": local(entry.updated).isoformat() if entry.updated > entry.published else "",
    }
    return {
        "@context": _CONTEXT,
        "@type": "NewsArticle",
        "identifier": entry.id,
        "headline": entry.title,
        "description": entry.summary,
        "inLanguage": entry.language,
        "url": masthead.home.url(entry.path),
        "isBasedOn": entry.link,
        "publisher": {"@type": "Organization", "name": entry.origin.title},
        **{key: value for key, value in stated.items() if value},
    }


def _site(masthead: Masthead) -> JsonLd:
    return {"name": masthead.title, "url": masthead.home.url(), "inLanguage": LANGUAGE}


def _written(published: datetime, entry: Entry) -> str:
    """The instant, or the day alone where no more is known."""
    return published.isoformat() if entry.is_timed else published.date().isoformat()
