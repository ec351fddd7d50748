from __future__ import annotations

from datetime import UTC, datetime

import pytest

from orebro_spiders.reading.viatt import read_via_tt, release_address, release_number

NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
LEAD = "Den nya bassängen i Kumla är femtio meter lång och öppnar i augusti, meddelar regionens byggchef på måndagen."
BODY = "Vattnet kommer från en egen brunn, och värmen från skogens grenar. Inträdet kostar lika mycket som i det gamla."


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("https://via.tt.se/pressmeddelande/4316145/badet?publisherId=3235654&lang=sv", "4316145"),
        ("https://via.tt.se/pressmeddelande/4316145", "4316145"),
        ("https://via.tt.se/pressmeddelande/badet?publisherId=3235654&releaseId=3271215", "3271215"),
        ("https://via.tt.se/pressmeddelande/badet?releaseId=3271215&publisherId=3235654", "3271215"),
        ("https://via.tt.se/pressmeddelande/2025-ars-budget?publisherId=3235654", ""),
        ("https://via.tt.se/pressrum/3235654/region-orebro-lan", ""),
        ("", ""),
    ],
)
def test_release_number(address: str, number: str) -> None:
    assert release_number(address) == number


@pytest.mark.parametrize(
    ("stated", "address"),
    [
        (
            "https://via.tt.se/pressmeddelande/4/badet?publisherId=3&lang=sv",
            "https://via.tt.se/pressmeddelande/4/badet",
        ),
        (
            "https://via.tt.se/pressmeddelande/badet?publisherId=3&releaseId=4#bild",
            "https://via.tt.se/pressmeddelande/badet?releaseId=4",
        ),
        ("https://via.tt.se/pressmeddelande/4/badet", "https://via.tt.se/pressmeddelande/4/badet"),
    ],
)
def test_release_address(stated: str, address: str) -> None:
    assert release_address(stated) == address


def page(line: str = "", head: str = "", tail: str = "") -> bytes:
    return (
        f"<html lang='sv'><head><meta charset='utf-8'><meta property='og:title' content='Badet'>{head}</head><body>"
        f"<article><h1>Badet</h1><p>{line}</p><p>{LEAD}</p><p>{BODY}</p>{tail}</article></body></html>"
    ).encode()


@pytest.mark.parametrize(
    ("line", "instant"),
    [
        ("1.4.2025 09:29:57 CEST | Regionen | Pressmeddelande", datetime(2025, 4, 1, 7, 29, 57, tzinfo=UTC)),
        ("13.12.2022 14:00 CET", datetime(2022, 12, 13, 13, 0, tzinfo=UTC)),
        ("Badet öppnar 1.4.2025 09:29:57 CEST, om allt går väl", None),
        ("31.2.2025 09:29:57 CET", None),
        ("Regionen", None),
    ],
)
def test_the_line_under_the_headline_dates_a_release(line: str, instant: datetime | None) -> None:
    article = read_via_tt(page(line), "https://via.tt.se/pressmeddelande/4/badet", NOW)
    assert article.published == instant
    assert article.published_from == ("text" if instant else "first-seen")


def test_what_the_page_states_for_machines_goes_first() -> None:
    head = '<meta property="article:published_time" content="2025-04-01T09:00:00+02:00">'
    article = read_via_tt(page("2.4.2025 09:29:57 CEST", head), "https://via.tt.se/pressmeddelande/4/badet", NOW)
    assert (article.published, article.published_from) == (datetime(2025, 4, 1, 7, 0, tzinfo=UTC), "meta")


def test_contacts_and_what_follows_end_a_release() -> None:
    tail = f"<h2>Kontakter</h2><p>Ida, tel. 019-000 00 00</p><h2>Om Regionen</h2><p>{'Regionen gör mycket. ' * 9}</p>"
    article = read_via_tt(page(tail=tail), "https://via.tt.se/pressmeddelande/4/badet", NOW)
    assert article.text == f"{LEAD}\n\n{BODY}"
    assert "Kontakter" not in article.html


@pytest.mark.parametrize("html", [b"", b"%PDF-1.7", b"<html></html>"])
def test_what_is_no_release_is_empty(html: bytes) -> None:
    article = read_via_tt(html, "https://via.tt.se/pressmeddelande/4/badet", NOW)
    assert (article.text, article.html, article.published) == ("", "", None)
