"""Archives: what is older than a feed shows, as documents whose address and content stay put (RFC 5005, section 4).

An archive document holds what was first seen in one month, in the order in which it came, at most `PART` of it; the
next then takes over (`2026-11`, `2026-11-2`, …). A document appears when it is full or its month is over, and nothing
is added to it afterwards; what is in none yet, the feed itself holds, but for what was old when it was first seen (an
archive that is being filled): that comes with its document. An article that is corrected is corrected there
too, and one that is withdrawn leaves: news that is wrong is not kept in circulation for the sake of stable bytes.

Archives are kept for everything and for each source: there nothing can ever come to belong elsewhere, while what an
article is about may be told better later. Every article is in both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlite_utils import Database

from feeds.channels import Channel, Member
from orebro_spiders.archive.articles import sights

PART = 100
"""Articles that one archive document has room for, those included that are withdrawn later."""

ROOT = "arkiv"


@dataclass(slots=True)
class Part:
    """One archive document."""

    month: str
    number: int
    """Within its month, from 1."""
    room: int = PART
    """How many more it takes."""
    members: list[Member] = field(default_factory=list)
    """Those of its articles that stand published."""

    def name(self, channel: Channel) -> str:
        """Path of its files without the suffix: never changed."""
        return f"{ROOT}/{channel.name}/{self.month}" + (f"-{self.number}" if self.number > 1 else "")


@dataclass(frozen=True, slots=True)
class Archive:
    """What a channel has kept: the documents that are closed, oldest first, and what is in none of them yet."""

    closed: list[Part]
    left: list[Member]


def archives(db: Database, channels: Iterable[Channel]) -> dict[str, Archive]:
    """The archive of every channel that keeps one, by its name."""
    parts: dict[str, list[Part]] = {}
    month = ""
    for sight in sights(db):
        month = sight.month
        member = Member(sight.pk, sight.revision) if sight.is_standing else None
        for source in ("", sight.source):
            _put(parts.setdefault(source, []), month, member)
    return {channel.name: _archive(parts.get(channel.source, []), month) for channel in channels if channel.is_archived}


def _put(parts: list[Part], month: str, member: Member | None) -> None:
    if not parts or parts[-1].month != month:
        parts.append(Part(month, 1))
    elif not parts[-1].room:
        parts.append(Part(month, parts[-1].number + 1))
    parts[-1].room -= 1
    if member:
        parts[-1].members.append(member)


def _archive(parts: list[Part], month: str) -> Archive:
    """`month` is the newest that the archive knows: every earlier one is over."""
    is_open = bool(parts) and parts[-1].room > 0 and parts[-1].month == month
    return Archive(parts[:-1], parts[-1].members) if is_open else Archive(parts, [])
