"""The words that the articles hold, and which of them a word that somebody types may mean.

A word typed with å, ä or ö means just that; typed without, it means both: "orebro" finds Örebro and "mal" finds mål,
but "mål" does not find mal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from sqlite_utils import Database

from orebro_spiders.reading.words import bare, stemmer

MOST_FORMS = 64
"""Inflections or spellings of a word that are looked for."""
MOST_CONTINUATIONS = 1000
"""Words with one beginning that are looked for one by one: 15 ms in an archive of any size. What FTS5 does for more
grows with the archive."""
_NEUTER = re.compile(r"(?:[^aeiouyåäö]{2}|i)et$")
LAST = "\U0010ffff"
"""Sorts after all that words go on with."""


def remember_words(db: Database, words: Iterable[str]) -> None:
    """Add words in normal form to the vocabulary; call in the transaction that indexes them."""
    sql = "select value from json_each(?) where value not in (select word from search_words)"
    new = [row[0] for row in db.execute(sql, [json.dumps(list(words))])]
    if not new:
        return
    stem = stemmer()
    db.conn.executemany(
        "insert into search_words (word, stem, bare, bare_stem) values (?, ?, ?, ?)",
        [(word, stem(word), bare(word), stem(bare(word))) for word in sorted(new)],
    )


def inflections(db: Database, word: str) -> list[str]:
    """The words of the same stem, the typed one too."""
    columns = ("word", "stem") if bare(word) != word else ("bare", "bare_stem")
    stems = _stems(db, word, *columns)
    marks = ", ".join("?" * len(stems))
    same = db.execute(
        f"select word from search_words where {columns[1]} in ({marks}) order by length(word), word limit ?",
        [*stems, MOST_FORMS],
    )
    return _with(word, same)


def _stems(db: Database, word: str, spelt: str, column: str) -> list[str]:
    """The stem of a word with those that the stemmer parts from it: of "skolan", "torget" and "plats".

    The words that the archive holds decide: "skolan" belongs to "skola", but "roman" to nothing where there is no
    "romana".
    """
    stem = _stem_of(db, word, spelt, column)
    stems = [stem]
    if word == f"{stem}s":  # "plats", with "platsen"; of a genitive there is no such stem
        stems.append(word)
    elif stem.endswith("s") and _is_known(db, spelt, stem):  # "platsen", with "plats"
        stems.append(_stem_of(db, stem, spelt, column))
    if stem.endswith("an") and _is_known(db, spelt, stem[:-1]):
        stems.append(stem[:-2])
    elif _is_known(db, spelt, f"{stem}a"):
        stems.append(f"{stem}an")
    if _is_neuter(stem) and _is_known(db, column, stem[:-2]):
        stems.append(stem[:-2])
    elif _is_neuter(f"{stem}et"):
        stems.append(f"{stem}et")
    return stems


def _stem_of(db: Database, word: str, spelt: str, column: str) -> str:
    row = db.execute(f"select {column} from search_words where {spelt} = ? limit 1", [word]).fetchone()
    return row[0] if row else stemmer()(word)


def _is_known(db: Database, column: str, value: str) -> bool:
    return bool(db.execute(f"select 1 from search_words where {column} = ? limit 1", [value]).fetchone())


def _is_neuter(stem: str) -> bool:
    """Is it a definite form that the stemmer keeps: torget, landet, partiet?"""
    return stem != "internet" and bool(_NEUTER.search(stem))


def spellings(db: Database, word: str) -> list[str]:
    """The word itself, and where it was typed without å, ä and ö the words that it would be with them."""
    if bare(word) != word:
        return [word]
    return _with(word, db.execute("select word from search_words where bare = ? limit ?", [word, MOST_FORMS]))


def continuations(db: Database, beginning: str) -> list[str] | None:
    """All words that begin so, the beginning itself too; `None` when there are too many."""
    column = _column(beginning)
    rows = db.execute(
        f"select word from search_words where {column} >= ? and {column} < ? limit ?",
        [beginning, beginning + LAST, MOST_CONTINUATIONS + 1],
    ).fetchall()
    return _with(beginning, rows) if len(rows) <= MOST_CONTINUATIONS else None


def beginnings(db: Database, beginning: str) -> list[str]:
    """The spellings of the beginning of a word that words begin with."""
    if bare(beginning) != beginning:
        return [beginning]
    rows = db.execute(
        "select distinct substr(word, 1, ?) from search_words where bare >= ? and bare < ? limit ?",
        [len(beginning), beginning, beginning + LAST, MOST_FORMS],
    )
    return _with(beginning, rows)


def _column(typed: str) -> str:
    return "word" if bare(typed) != typed else "bare"


def _with(word: str, rows: Iterable[tuple[str]]) -> list[str]:
    return list(dict.fromkeys([word, *(row[0] for row in rows)]))
