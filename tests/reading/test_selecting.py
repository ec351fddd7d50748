from __future__ import annotations

import lxml.html
import pytest
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from orebro_spiders.reading.selecting import classes_in, first, found_inside, one_text, possible, select, texts
from orebro_spiders.reading.trees import drop

LIST = """
<div id="lista">
  <h2> </h2>
  <article class="post Big"><h2>Badet <em>öppnar</em></h2><p>Ett.</p></article>
  <article class="post"><h2>Bron
    stängs</h2><p></p><p>Två.</p></article>
  <aside class="post-list"><p>Reklam <span class="post">inuti</span></p></aside>
</div>
"""


@pytest.fixture
def page() -> HtmlElement:
    return lxml.html.fragment_fromstring(LIST)


@pytest.mark.parametrize(
    ("selectors", "tags"),
    [
        (("article",), ["article", "article"]),
        ((".saknas", "aside", "article"), ["aside"]),
        ((".post",), ["article", "article", "span"]),
        (("article, aside",), ["article", "article", "aside"]),
        (("h2 > em", "h2"), ["em"]),
        ((".big",), []),
        ((), []),
    ],
)
def test_the_first_selector_that_finds_anything_counts(
    page: HtmlElement, selectors: tuple[str, ...], tags: list[str]
) -> None:
    found = select(page, selectors)
    assert [element.tag for element in found] == tags
    assert first(page, selectors) is (found[0] if found else None)


@pytest.mark.parametrize(
    "selector",
    [
        *(".post", "article.post", ".post.Big", "#lista", "#lista .post", "article .post, span.post", "article h2 em"),
        *("[class]", "[class=post]", "[class*=ost]", "[class^=post]", "[class$=list]", "[class~=Big]", "[class|=post]"),
        *("[class='po]st']", "[class!=post]", ":not(.post)", "aside [class=post]", "h2 + p", "h2 ~ p", "h2 > em"),
        *("article:first-of-type", "p:last-child", "p:nth-child(2)", "div p:not(:empty)", "* .post", "aside > p .post"),
    ],
)
def test_a_selector_finds_what_it_says(page: HtmlElement, selector: str) -> None:
    """However it is put to libxml2, and wherever it begins."""
    for element in (page, page.find("article"), page.find("aside")):
        found = CSSSelector(selector, translator="html")(element)
        assert select(element, (selector,)) == found
        assert set(found_inside(element, (selector,))) == {node for node in found if node is not element}
        assert not found or possible((selector,), classes_in(element))


@pytest.mark.parametrize("selector", [".big", "p.saknas", ".saknas .post", "h2 ~ .post.big", ".big, h2.saknas em"])
def test_what_asks_for_a_class_that_is_not_there_finds_nothing(page: HtmlElement, selector: str) -> None:
    assert possible(("h2", selector, ".post, .big", "p:not(.big)"), classes_in(page)) == (
        "h2",
        ".post, .big",
        "p:not(.big)",
    )


def test_texts_are_on_one_line_and_never_empty(page: HtmlElement) -> None:
    assert texts(page, ("h2",)) == ("Badet öppnar", "Bron stängs")
    assert texts(page, ("article p",)) == ("Ett.", "Två.")


@pytest.mark.parametrize("markup", ["Badet<br>öppnar", "Badet<br/>\nöppnar", "<span>Badet</span><br><b>öppnar</b>"])
def test_a_line_break_parts_words(markup: str) -> None:
    heading = lxml.html.fragment_fromstring(f"<div><h1>{markup}</h1></div>")
    assert one_text(heading, ("h1",)) == "Badet öppnar"


@pytest.mark.parametrize(
    ("selectors", "text"),
    [
        (("h2",), "Badet öppnar"),
        (("#lista > h2", "h2 em", "p"), "öppnar"),
        ((".saknas",), ""),
        ((), ""),
    ],
    ids=["first that is not empty", "selector by selector", "nothing", "no selectors"],
)
def test_one_text(page: HtmlElement, selectors: tuple[str, ...], text: str) -> None:
    assert one_text(page, selectors) == text


def test_drop_takes_out_everything_that_any_selector_finds(page: HtmlElement) -> None:
    drop(found_inside(page, ("aside, aside .post", "article.Big", ".saknas")))
    assert texts(page, ("h2", "p")) == ("Bron stängs",)
    assert texts(page, ("p",)) == ("Två.",)


@pytest.mark.parametrize("count", [1, 1000])
def test_drop_keeps_what_stands_behind(count: int) -> None:
    page = lxml.html.fragment_fromstring(f"<div>Före {'<b>bort <i>också</i></b> efter' * count}</div>")
    drop(found_inside(page, ("b", "i")))
    assert page.text_content() == "Före " + " efter" * count


def test_drop_leaves_the_root_alone() -> None:
    root = lxml.html.fragment_fromstring("<div class='x'><p class='x'>Bort</p>Kvar</div>")
    drop(found_inside(root, (".x",)))
    assert root.text_content() == "Kvar"
