"""Requests that manners forbid, and answers that are none: each is a line in the crawl log."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class HostPausedError(IgnoreRequest):
    """The host asked to be left alone, and the time is not over."""


class RobotsError(IgnoreRequest):
    """The host's robots.txt forbids the address, or cannot be read."""


class ForbiddenError(RobotsError):
    """The host's robots.txt forbids the address; another of the same host may be open."""


class ChallengeError(IgnoreRequest):
    """The answer wants to see a human, a cookie or a script instead of giving news."""
