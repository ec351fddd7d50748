"""Pages that never change with the news: what this is, and what stands where nothing is found."""

from __future__ import annotations

from urllib.parse import urlsplit

from feeds.addresses import link_to
from feeds.pages.layout import ABOUT, HEALTH, SUBSCRIBE, Masthead, Page, render
from orebro_spiders.sources import Config

MISSING = "404.html"


def about_page(masthead: Masthead, config: Config) -> bytes:
    """Method, manners, contact, corrections, and what happens to what is withdrawn."""
    page = Page(
        path=ABOUT,
        title="Om",
        description=f"Hur {masthead.title} samlar nyheter, vad vi visar och vem du kan skriva till.",
    )
    return render(
        "about.html",
        masthead,
        page,
        contact=config.site.contact.strip(),
        contact_link=contact_link(config.site.contact),
        is_full_text=config.site.full_text,
        health_path=HEALTH,
        subscribe_path=SUBSCRIBE,
        sources=len(config.enabled),
    )


def missing_page(masthead: Masthead) -> bytes:
    """What a web server shows for an address that it does not know, whatever that is: its links begin at the root."""
    page = Page(
        path=MISSING,
        title="Sidan finns inte",
        description="Den här adressen leder ingenstans.",
        is_indexed=False,
        root=urlsplit(masthead.home.base).path,
    )
    return render("missing.html", masthead, page)


def contact_link(contact: str) -> str:
    """The contact as a link, be it an e-mail address or a page; empty where it is neither.

    >>> contact_link("redaktionen@example.se"), contact_link("https://example.se/kontakt"), contact_link("Ring oss")
    ('mailto:redaktionen@example.se', 'https://example.se/kontakt', '')
    """
    stated = contact.strip()
    if stated.partition("://")[0] in {"http", "https"}:
        return link_to(stated)
    return f"mailto:{stated}" if "@" in stated and " " not in stated else ""
