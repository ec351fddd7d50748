"""An archive as bad as the web makes them: every article in it is one that has broken somebody's feed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from orebro_spiders.archive.articles import StoredArticle
from orebro_spiders.archive.database import open_archive
from orebro_spiders.archive.pages import store_missing, store_page
from orebro_spiders.items import Article, Missing, PageRead
from orebro_spiders.sources import Config, Site, Source

NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
AUTHORITY = "nyheter.example.se"
BASE = f"https://{AUTHORITY}/"

SOURCES = {
    "bladet": Source(name="bladet", title="Bladet & Co", platform="wordpress", url="https://bladet.example/"),
    "polisen": Source(
        name="polisen",
        title="Polisen Örebro län",
        platform="polisen",
        url="https://polisen.example/api/events",
        kind="notice",
    ),
    "regionen": Source(
        name="regionen",
        title="Region Örebro län",
        platform="mynewsdesk",
        url="https://www.mynewsdesk.com/se/regionen",
        kind="press",
    ),
    "tyst": Source(name="tyst", title="Tysta tidningen", platform="feed", url="https://api.tyst.example/rss"),
}


def settings(**site: Any) -> Config:
    return Config(site=Site(**{"title": "Örebro just nu", "base_url": BASE, **site}), sources=dict(SOURCES))


def article(number: int, **said: Any) -> Article:
    """One of Bladet's, published `number` minutes before `NOW`, with what is `said` about it."""
    values = {
        "url": f"https://bladet.example/{number}",
        "native_id": str(number),
        "source": "bladet",
        "title": f"Rubrik {number}",
        "text": f"Brödtext {number}. Mer text.",
        "published": NOW - timedelta(minutes=number),
        "published_from": "api",
    }
    return Article(**{**values, **said})


def stored(number: int = 1, *, first_seen: datetime = NOW, **said: Any) -> StoredArticle:
    """An article as the archive gives it, without an archive."""
    kept = {"changed_at", "gone_at", "duplicate_of", "last_seen"} & set(said)
    extra = {name: said.pop(name) for name in kept}
    plain = article(number, **said)
    values = {name: getattr(plain, name) for name in Article.__dataclass_fields__}
    values |= {
        "id": f"tag:{AUTHORITY},2026:bladet/{number}",
        "first_seen": first_seen,
        "last_seen": first_seen,
    }
    return StoredArticle(**{**values, "content_hash": "0" * 32, **extra})


def filled(articles: Iterable[Article], now: datetime = NOW, db: Database | None = None) -> Database:
    """An archive in memory (or `db`) that has just read these articles, each source from one page."""
    db = db or open_archive(None)
    by_source: dict[str, list[Article]] = {}
    for one in articles:
        by_source.setdefault(one.source, []).append(one)
    for source, group in by_source.items():
        store_page(db, PageRead(url=f"https://{source}.example/", source=source), group, now, AUTHORITY)
    return db


LONG_WORD = "donaudampfschifffahrtsgesellschaft" * 9
BAD_HTML = (
    '<p onclick="x()">Läs <a href="/mer" style="color:red">mer</a> &amp; <a href="javascript:alert(1)">klicka</a>.'
    '</p><script>alert("x")</script><iframe src="https://ads.example/"></iframe><img src="/bild.jpg" srcset="/s 2x">'
    '<img src="https://count.example/p.gif" width="1" height="1"><p>Slut ]]> här</p><style>p{}</style>'
)

LAZY_HTML = (
    '<p>Före <a href="JaVaScRiPt:alert(1)">klick</a> <a href="  //annan.example/x y ">ut</a> &nbsp;&ouml; ]]&gt;</p>'
    '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="/stor.jpg" alt="En &quot;bild&quot;">'
    '<img style="width:1px;height:1px" src="https://count.example/q.gif"><p>العربية 🦊</p></div></p><b>'
    + "<p>Stycke.</p>"
    * 9000
)
ADVERSARIAL = (
    article(1, title="Kontroll\x00tecken\x0b och\x1f \x7f\x85nya\ufffe rader", text="Text\x08 med\x1b skräp."),
    article(2, title="Slut ]]> på CDATA", summary="Inte ]]> här heller", categories=("A ]]> B",)),
    article(3, title="<script>alert(1)</script> & <b>fet</b>", summary="<img src=x onerror=alert(1)>"),
    article(4, title="Räv 🦊, familj 👨‍👩‍👧 och flagga 🇸🇪", summary="Emoji 🎉"),
    article(5, title="العربية في أوربرو", language="ar", text="خبر قصير."),
    article(6, title=LONG_WORD, text=LONG_WORD),
    article(7, title="Utan sammanfattning", summary="", text="", html=""),
    article(8, title="Utan författare", authors=()),
    article(9, title="Flera författare", authors=("Åsa Öberg", "Bo <Ek>", "", "Åsa Öberg")),
    article(10, title="Med bild", image="https://bladet.example/bild å.JPG?w=1&h=2"),
    article(11, title="Från framtiden", published=NOW + timedelta(days=400)),
    article(12, title="Dagens datum", published=NOW.replace(hour=0, minute=0), published_precision="day"),
    article(13, title="Även dagens datum", published=NOW.replace(hour=0, minute=0), published_precision="day"),
    article(14, title="Utan datum", published=None, published_from="first-seen"),
    article(15, title="Samma ord", text="Ordagrant samma text som den andra."),
    article(16, title="Samma ord", text="Ordagrant samma text som den andra."),
    article(17, title="Borttagen"),
    article(18, title="Så skriver man &lt;b&gt; i HTML", summary="Tecknet &lt; skrivs &amp;lt; i HTML"),
    article(19, title="A" * 900, summary="B" * 5000),
    article(20, title="Ämnen", categories=("Sport", "sport", "", "Örebro"), municipalities=("Örebro", "Nora")),
    article(21, title="Tidszon", published=datetime.fromisoformat("2026-11-21T09:00:00.654321+01:00")),
    article(22, title="På engelska", language="en_GB"),
    article(23, title="Språket okänt", language="x"),
    article(24, title="Adress med åäö", url="https://bladet.example/n%C3%B6je?q=å ä"),
    article(25, title=" \u200b\u00ad ", url="https://bladet.example/nar-rubriken-saknas"),
    article(26, title="A&1 och R&D;", categories=("Mat & dryck", "<Kultur>")),
    article(
        27, source="polisen", kind="notice", title="Stöld, Nora", html=BAD_HTML, url="https://polisen.example/27/"
    ),
    article(
        28, source="regionen", kind="press", title="Pressmeddelande", text="Ett < två.\n\nTvå & tre."
    ),
    article(30, source="regionen", kind="press", title="Enormt </script> ]]>", html=LAZY_HTML),
    article(29, source="nedlagd", title="Från en källa som inte längre finns"),
)  # fmt: skip


def adversarial() -> Database:
    db = filled(ADVERSARIAL)
    gone = Missing(url="https://bladet.example/17", source="bladet", status=410, definite=True)
    store_missing(db, gone, NOW)
    rewritten = [article(8, title="Utan författare", text="Texten har skrivits om helt och hållet.")]
    return filled(rewritten, NOW + timedelta(hours=1), db)
