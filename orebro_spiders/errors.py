"""The one error tree: what a user or operator can do something about, said in one line."""

from __future__ import annotations


class OrebroError(Exception):
    """Base of all errors that are shown as one line, without a traceback."""

    exit_code = 2


class ConfigError(OrebroError):
    """A file of settings is not as it should be; names file, table and key."""


class UnknownSourceError(OrebroError):
    """No source has that name."""


class ArchiveError(OrebroError):
    """The database cannot be opened or is not one of ours."""


class ProbeError(OrebroError):
    """Nothing could be read from a site or page that is being tried."""

    exit_code = 1


class LockedError(OrebroError):
    """Another run holds the lock (EX_TEMPFAIL of sysexits.h)."""

    exit_code = 75
