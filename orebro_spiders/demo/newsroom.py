"""A newsroom: its masthead, what it has published, and what changes when the county moves on."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from orebro_spiders.demo.clock import moment
from orebro_spiders.demo.posts import Post

CONTENT = Path(__file__).parent / "content"


@dataclass(frozen=True, kw_only=True)
class Masthead:
    """The `[newsroom]` table of a content file."""

    name: str
    title: str
    site: str
    platform: str
    kind: str
    source: str
    author: str
    tagline: str = ""
    room: str = ""
    markup: str = ""
    has_feed: bool = False
    contacts: tuple[str, ...] = ()
    boilerplate: str = ""
    ladder: tuple[str, ...] = ()
    javascript: bool = False


@dataclass(frozen=True)
class Edit:
    """One post before and after it was edited in place."""

    before: Post
    after: Post

    @property
    def url(self) -> str:
        """Its address, which no edit changes."""
        return self.after.url

    @property
    def title(self) -> str:
        """The headline after the edit."""
        return self.after.title


@dataclass
class Changes:
    """What one `advance()` changed at a site."""

    new: list[Post] = field(default_factory=list)
    edited: list[Edit] = field(default_factory=list)
    withdrawn: list[Post] = field(default_factory=list)

    def __add__(self, other: Changes) -> Changes:
        return Changes(self.new + other.new, self.edited + other.edited, self.withdrawn + other.withdrawn)


_STAGE_DIRECTIONS = {"when", "step", "same_as"}
#: Adds to a post what only its platform knows: slug, address, tail …
Complete = Callable[[Post, Masthead, str], Post]
Entry = Mapping[str, Any]


class Newsroom:
    """One content file, played from `now` on.

    `posts` is replaced as a whole and never changed in place: server threads may read it at any time.
    """

    def __init__(self, name: str, complete: Complete, base_url: str, now: datetime) -> None:
        script = tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))
        self.masthead = Masthead(**_tuples(script["newsroom"]))
        self.base_url = base_url
        self._complete = complete
        self._entries: list[Entry] = [_whole(entry, script["post"]) for entry in script["post"]]
        self._edits: list[Entry] = script.get("edit", [])
        self._withdrawals: list[Entry] = script.get("withdraw", [])
        self.posts = newest_first(self._post(entry, now) for entry in _of_step(self._entries, 0))

    @property
    def name(self) -> str:
        """The name of the content file and of the source."""
        return self.masthead.name

    @property
    def source_url(self) -> str:
        """The address a reader of this newsroom is given."""
        return self.base_url + self.masthead.source

    def every(self, names: str) -> list[str]:
        """All categories or tags the newsroom ever uses, in the order of the content file."""
        return list(dict.fromkeys(name for entry in self._entries for name in entry.get(names, ())))

    def advance(self, step: int, now: datetime) -> Changes:
        """Play step number `step` at the instant `now`; says what was changed."""
        published = {post.id: post for post in self.posts}
        edited = [self._edit(published[edit["id"]], edit, now) for edit in _of_step(self._edits, step)]
        withdrawn = [published.pop(entry["id"]) for entry in _of_step(self._withdrawals, step)]
        new = [self._post(entry, now) for entry in _of_step(self._entries, step)]
        published |= {post.id: post for post in [*new, *(edit.after for edit in edited)]}
        self.posts = newest_first(published.values())
        return Changes(new, edited, withdrawn)

    def _post(self, entry: Entry, now: datetime) -> Post:
        """The post of a content entry; what only its platform understands goes to its `details`."""
        published = moment(entry["when"], now) if "when" in entry else now
        modified = moment(entry["modified"], now) if "modified" in entry else published
        known = {f.name for f in fields(Post)}
        given = {"title": "", "author": self.masthead.author} | _tuples(entry)
        values = {key: value for key, value in given.items() if key in known}
        details = {key: value for key, value in given.items() if key not in known | _STAGE_DIRECTIONS}
        if "same_as" in entry:
            values["copy_of"] = f"{self.name}/{entry['same_as']}"
        values |= {"newsroom": self.name, "published": published, "modified": modified, "details": details}
        return self._complete(Post(**values), self.masthead, self.base_url)

    def _edit(self, post: Post, edit: Entry, now: datetime) -> Edit:
        text = post.text
        for old, new in edit.get("replace", ()):
            if old not in text:
                raise ValueError(f"{self.name}/{post.id}: no {old!r} to replace")
            text = text.replace(old, new)
        text += "\n" + edit.get("append", "").replace("{clock}", f"{now:%H.%M}")
        head = {key: edit[key] for key in ("title", "summary") if key in edit}
        return Edit(post, replace(post, **head, text=text, modified=now))


def newest_first(posts: Iterable[Post]) -> tuple[Post, ...]:
    """`posts` by date of publication."""
    return tuple(sorted(posts, key=lambda post: (post.published, post.id), reverse=True))


def _of_step(entries: list[Entry], step: int) -> list[Entry]:
    return [entry for entry in entries if entry.get("step", 0) == step]


def _whole(entry: Entry, entries: list[Entry]) -> Entry:
    """`entry`, with what it takes over from the post named by `same_as`."""
    if "same_as" not in entry:
        return entry
    (model,) = (other for other in entries if other["id"] == entry["same_as"])
    return {**model, **entry}


def _tuples(table: Entry) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
