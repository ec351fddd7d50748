"""The peer of a run without changes: a bare loop of the standard library. Run as `bare_loop.py http|urllib`.

It opens an SQLite file, and asks every address in it whether it has changed since.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable


def with_http_client(address: str, tag: str) -> int:
    """The status of a conditional GET, by the least that the standard library has."""
    from http.client import HTTPConnection

    _, _, host, path = address.split("/", 3)
    connection = HTTPConnection(host)
    connection.request("GET", f"/{path}", headers={"If-None-Match": tag})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


def with_urllib(address: str, tag: str) -> int:
    """The status of a conditional GET, by what scripts usually take."""
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    try:
        with urlopen(Request(address, headers={"If-None-Match": tag})) as response:
            response.read()
            return int(response.status)
    except HTTPError as error:
        return error.code


def main(ask: Callable[[str, str], int]) -> None:
    """Ask for all; whatever has changed ends the program with an error."""
    database = sqlite3.connect("bare.db")
    answers = [ask(address, tag) for address, tag in database.execute("select url, etag from fetches")]
    if set(answers) != {304}:
        sys.exit(f"answered {answers}")


if __name__ == "__main__":
    main({"http": with_http_client, "urllib": with_urllib}[sys.argv[1]])
