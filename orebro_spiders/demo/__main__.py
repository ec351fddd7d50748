"""Serve the pretend county in the foreground, for a look: python -m orebro_spiders.demo [FIRST_PORT]."""

from __future__ import annotations

import argparse
import threading
from contextlib import suppress
from datetime import UTC, datetime

from orebro_spiders.demo.county import County


def main() -> None:
    """Print the addresses, or with --config the file to read them with, and serve until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m orebro_spiders.demo", description=__doc__)
    parser.add_argument("first_port", nargs="?", type=int, default=0, help="of five; default: any free")
    parser.add_argument("--config", action="store_true", help="print an orebro.toml that reads the county")
    arguments = parser.parse_args()
    with County(datetime.now(UTC), first_port=arguments.first_port) as county:
        if arguments.config:
            print(county.config(), flush=True)
        else:
            print(*(f"{name:14} {site.url}" for name, site in county.sites.items()), sep="\n", flush=True)
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
