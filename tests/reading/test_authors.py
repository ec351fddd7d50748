from __future__ import annotations

import lxml.html
import pytest

from orebro_spiders.reading.authors import author_names, shown_authors


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Åsa Öberg", ("Åsa Öberg",)),
        ("Av Åsa Öberg", ("Åsa Öberg",)),
        ("Av: Åsa Öberg", ("Åsa Öberg",)),
        ("By Åsa Öberg and Bo Ek", ("Åsa Öberg", "Bo Ek")),
        ("Text: Åsa Öberg", ("Åsa Öberg",)),
        ("Text och foto: Åsa Öberg", ("Åsa Öberg",)),
        ("Åsa Öberg, Bo Ek och Eva Ek", ("Åsa Öberg", "Bo Ek", "Eva Ek")),
        ("Åsa Öberg & Bo Ek", ("Åsa Öberg", "Bo Ek")),
        ("Åsa Öberg (text), Bo Ek (foto)", ("Åsa Öberg", "Bo Ek")),
        ("Åsa Öberg | asa@bladet.example", ("Åsa Öberg",)),
        ("  Åsa\n Öberg ", ("Åsa Öberg",)),
        ("Avesta Kurir", ("Avesta Kurir",)),
        ("Bylund Anna", ("Bylund Anna",)),
        ("Visa alla inlägg av Åsa Öberg →", ("Åsa Öberg",)),
        ("View all posts by Åsa Öberg", ("Åsa Öberg",)),
        ("Mer av Åsa Öberg", ("Åsa Öberg",)),
        ("Alla de Vries", ("Alla de Vries",)),
        ("Alla inlägg", ()),
        ("Av på 27 februari, 2015", ()),
        ("Av", ()),
        ("admin", ()),
        ("asa@bladet.example", ()),
        ("https://bladet.example/om/asa", ()),
        ("Publicerad 3 maj 2026", ()),
        ("105092", ()),
        ("bladet.se, tt", ("bladet.se", "tt")),
        ("", ()),
        ("ord " * 40, ()),
    ],
)
def test_names_are_names_only(line: str, names: tuple[str, ...]) -> None:
    assert author_names([line]) == names


def test_each_name_is_said_once() -> None:
    assert author_names(["Av Åsa Öberg", "Åsa Öberg"]) == ("Åsa Öberg",)
    assert author_names(["åsa-öberg", "Åsa Öberg"]) == ("Åsa Öberg",)
    assert author_names(["Eva-Lisa Ek", "Eva Lisa Ek"]) == ("Eva-Lisa Ek", "Eva Lisa Ek")


def shown(markup: str) -> tuple[str, ...]:
    return shown_authors(lxml.html.document_fromstring(f"<html><body>{markup}</body></html>"))


@pytest.mark.parametrize(
    "markup",
    [
        '<span itemprop="author"><b itemprop="name">Åsa Öberg</b>, reporter</span>',
        '<a rel="author" href="/asa">Åsa Öberg</a>',
        '<p class="byline">Av <a href="/asa">Åsa Öberg</a> och andra</p>',
        '<div class="author">Av Åsa Öberg</div>',
        '<div class="vcard">Av <i class="fn">Åsa Öberg</i></div>',
        '<address class="author p-author h-card">Av <b>Åsa Öberg</b></address>',
        '<h4 class="gh-article-author-name"><a href="/asa">Åsa Öberg</a></h4>',
        '<div class="Head_authorName__x1">Åsa Öberg</div>',
        '<p class="b-byline__text">Av <span class="b-byline__names">Åsa Öberg</span>, reporter</p>',
        '<div class="meta"><a href="/author/asa/">Åsa Öberg</a></div>',
        '<span class="news-author big">Av Åsa Öberg</span>',
        '<footer class="meta"><b class="author">Åsa Öberg</b></footer>',
        "<div>By Åsa Öberg</div>",
        "<p>Von Åsa Öberg, 3. Mai 2026</p>",
        "<p>Text: Åsa Öberg</p>",
    ],
)
def test_a_byline_is_found_by_what_it_is_called(markup: str) -> None:
    assert shown(f"<article><h1>Badet</h1>{markup}<p>Text.</p></article>") == ("Åsa Öberg",)


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="comment"><b class="author">Bo Ek</b></div>',
        '<aside><b class="author">Bo Ek</b></aside>',
        '<div class="related"><a rel="author">Bo Ek</a></div>',
        '<figure class="image"><i class="author">Bo Ek</i></figure>',
        "<p>Av Bo Ek</p>",
        "<h1>Badet</h1><p>Av allt att döma öppnar badet</p>",
        "<h1>Badet</h1><p>By Monday Åsa Öberg will have left.</p>",
        "".join(f'<a rel="author">Person {letter}</a>' for letter in "ABCDEFGH"),
    ],
    ids=[
        "a comment",
        "a sidebar",
        "another article",
        "a picture",
        "no headline",
        "a sentence",
        "a sentence with a name",
        "a list of people",
    ],
)
def test_the_bylines_of_others_are_not_the_articles(markup: str) -> None:
    assert shown(markup) == ()
