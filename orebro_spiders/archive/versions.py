"""What an article said before: deciding whether a reading changes it, and keeping the old version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from orebro_spiders.archive.articles import StoredArticle
from orebro_spiders.archive.database import instant, instant_text
from orebro_spiders.items import Article, Origin, is_stated
from orebro_spiders.reading.text import content_hash
from orebro_spiders.reading.zones import STOCKHOLM

_FIRST_WORD_STANDS = frozenset({"id", "native_id", "source", "kind", "teaser", "read_from", "guid", "url", "origins"})
_DATE = frozenset({"published", "published_precision", "published_from"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One earlier state of an article."""

    article: str
    seen_at: datetime
    replaced_at: datetime
    title: str
    summary: str
    text: str
    html: str
    updated: datetime | None
    content_hash: str


def merged(old: StoredArticle, new: Article) -> StoredArticle:
    """`old` brought up to date with what `new` states: nothing that is known is erased by something empty."""
    values: dict[str, Any] = {}
    for field in fields(Article):
        value = getattr(new, field.name)
        if field.name in _FIRST_WORD_STANDS or field.name in _DATE or not is_stated(value):
            continue
        if new.teaser and (old.text or field.name == "summary") and is_stated(getattr(old, field.name)):
            continue  # lists cut where they like, each in its own way
        values[field.name] = value
    if values.get("image", old.image) != old.image:
        values |= {name: getattr(new, name) for name in ("image_caption", "image_credit")}
    values["origins"] = _origins(old, new, values)
    if takes_date(old, new):
        values |= {name: getattr(new, name) for name in _DATE}
    if new.native_id:  # another number at the same address: the old post was deleted and its place taken
        values["native_id"] = new.native_id
    if values.get("text", old.text) != old.text and not new.html:
        values["html"] = ""
    result = replace(old, **values)
    return replace(result, content_hash=content_hash(result.title, result.text or result.summary))


def _origins(old: StoredArticle, new: Article, values: Mapping[str, Any]) -> dict[str, Origin]:
    """Where each field was read first that says what it says: another reading of the same changes nothing."""
    told = {
        name: origin
        for name, origin in new.origins.items()
        if name in values and (name not in old.origins or values[name] != getattr(old, name))
    }
    return {**old.origins, **told}


def takes_date(old: StoredArticle, new: Article) -> bool:
    """May the date of `new` replace the stored one?

    A date is frozen once given out, with two exceptions: the first reading of the article's own page may replace
    a "first seen", and an instant on the same day may make a day more precise.
    """
    if new.published is None:
        return False
    if old.published_from == "first-seen":
        return not old.text and bool(new.text)
    more_precise = old.published_precision == "day" and new.published_precision == "minute"
    return more_precise and _local_day(old.published) == _local_day(new.published)


def _local_day(instant: datetime) -> date:
    return instant.astimezone(STOCKHOLM).date()


def is_changed(old: StoredArticle, new: StoredArticle) -> bool:
    """Does `new` say something else? The first text of an article known by its teaser only completes it."""
    return old.content_hash != new.content_hash and bool(old.text or not new.text)


def keep_version(db: Database, old: StoredArticle, now: datetime) -> None:
    """Put the present state of an article away before it is overwritten."""
    db.execute(
        "insert into versions (article, seen_at, replaced_at, title, summary, text, html, updated, content_hash) "
        "values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            old.id,
            instant_text(old.changed_at or old.first_seen),
            instant_text(now),
            old.title,
            old.summary,
            old.text,
            old.html,
            instant_text(old.updated) if old.updated else None,
            old.content_hash,
        ],
    )


def versions_of(db: Database, article_id: str) -> list[Version]:
    """The earlier versions of an article, oldest first."""
    rows = db.query(
        "select article, seen_at, replaced_at, title, summary, text, html, updated, content_hash "
        "from versions where article = ? order by pk",
        [article_id],
    )
    return [
        Version(
            **{
                **row,
                "seen_at": instant(row["seen_at"]),
                "replaced_at": instant(row["replaced_at"]),
                "updated": instant(row["updated"]) if row["updated"] else None,
            }
        )
        for row in rows
    ]
