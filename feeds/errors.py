"""What can go wrong when the news is given out."""

from __future__ import annotations

from orebro_spiders.errors import OrebroError


class PublishError(OrebroError):
    """The files cannot be written where they are wanted."""


class RenderError(PublishError):
    """A channel cannot be made; names the channel and, where one is to blame, the article."""

    exit_code = 1


class ServeError(OrebroError):
    """The server cannot be started where it is wanted."""
