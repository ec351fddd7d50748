"""What is left out of a page before it is parsed: the tree says the same, but for what nobody reads."""

from __future__ import annotations

import pytest
from lxml import etree

from orebro_spiders.reading.bulk import without_bulk
from orebro_spiders.reading.trees import parse_page, parsed, text_content

WORDS = "<p>Badet i Vivalla öppnar på måndag, säger Åsa Öberg.</p>"
CODE = "a = 1; " * 1000


@pytest.mark.parametrize(
    "tag", ["script", "style", "SCRIPT", 'script type="text/javascript" async', "script src='a b'"]
)
def test_long_code_is_not_read(tag: str) -> None:
    name = tag.split()[0]
    tree = parse_page(f"<body><p>Ett</p><{tag}>{CODE}</{name.lower()}><p>Två</p></body>".encode())
    assert tree is not None
    told = [(element.tag, element.text) for element in tree[0]]
    assert told == [("p", "Ett"), (name.lower(), None), ("p", "Två")]


@pytest.mark.parametrize(
    "code",
    [
        *("{}if(a<b){}", "if(a<b){}", "{}'<p>'+b+'</p>';{}", "for(a<n){}for(b<n){}", "{}url('<svg></svg>');{}"),
        *("{}<!-- a", "{}<!-- '<{1}>b</{1}>' -->", "<!--\n{}\n-->", "{}</stark>{}", "{}" + "a<b;" * 500 + "{}"),
    ],
)
@pytest.mark.parametrize(
    ("tag", "end"), [("script", "</script>"), ("style", "</STYLE\n>"), ("SCRIPT", "</SCRIPT >"), ("script", "")]
)
def test_long_code_ends_where_short_code_does(code: str, tag: str, end: str) -> None:
    page = f"<body><p>Ett</p><{tag}>{code}{end}<p>Två</p><script>b()</script>Tre"
    long, short = (_around_code(page.replace("{1}", tag).replace("{}", text)) for text in (CODE, "a()"))
    assert long == short


@pytest.mark.parametrize("code", ["{}", "a<b;{}", "{}a<b;{}</svg>{}", "<b{}<p {}", "a<b;" * 10 + "{}"])
@pytest.mark.parametrize("end", ["</script>", "</SCRIPT>"])
def test_of_long_code_next_to_nothing_is_left(code: str, end: str) -> None:
    page = f"<p>Ett</p><script>{code.replace('{}', CODE)}{end}<p>Två</p>".encode()
    assert without_bulk(page) == f"<p>Ett</p><script>{end}<p>Två</p>".encode()


def _around_code(page: str) -> list[tuple[str, str | None, str | None]]:
    tree = parse_page(page.encode())
    assert tree is not None
    code = {"script", "style"}
    return [(element.tag, None if element.tag in code else element.text, element.tail) for element in tree.iter()]


@pytest.mark.parametrize(
    "page",
    [
        *("<script type='application/ld+json'>{}</script>", "<script type=' Application/LD+JSON'>{}</script>"),
        *("<script type='application&#x2F;ld&#x2B;json'>{}</script>", "<scripts>{}</scripts>", "<pre>{}</pre>"),
        *('<script data-a="1>0">{}</script>', "<script a' b='>'>{}</script>", "<script data-a='{}'></script>"),
        *("<div title='<style>'>{}</div>", "<textarea><script></textarea>{}<p>Två</p></script>"),
        *("<!-- <script> -->{}<p>Två</p><!-- </script> -->", "<style></style>{}<p>Två</p>"),
        *("<title><script></title>{}</script>", "<!-- <b>1</b> <script> -->{}<p>Två</p>"),
        *("<script>a()</script><p>1 < 2 {}</p>", "<p title='<script>'>Ett</p>{}<p>Två</p>"),
    ],
)
def test_what_may_be_no_code_stays(page: str) -> None:
    long, short = (parse_page(f"<body>{page.format(text)}<p>Tre</p>".encode()) for text in (CODE, "KOD"))
    assert long is not None
    assert short is not None
    told = etree.tostring(short, encoding="unicode")
    assert etree.tostring(long, encoding="unicode") == told.replace("KOD", CODE)


_LONG_VALUE = "AB/+1 .-" * 1000


@pytest.mark.parametrize("tag", ["<path fill='a' {}>", "<div class='a' {}>", "<div hidden {} title='x'>", "<img\n{}/>"])
@pytest.mark.parametrize("name", ["data-state", "d", "src", "HREF"])
def test_of_a_long_value_that_nobody_reads_the_name_is_read(tag: str, name: str) -> None:
    value = f'{name}="{_LONG_VALUE}"'
    page = f"<body>{WORDS}{tag.format(value)}<p>Två</p></body>"
    markup, tree = parsed(page.encode())
    assert tree is not None
    assert markup == page.encode()
    assert [element.get(name.lower()) for element in tree.iter() if name.lower() in element.attrib] == [""]
    assert text_content(tree).endswith("Två")


@pytest.mark.parametrize("name", ["content", "alt", "srcset", "data-srcset", "CLASS", "title"])
def test_a_long_value_that_may_be_read_stays(name: str) -> None:
    tree = parse_page(f'<body>{WORDS}<img {name}="{_LONG_VALUE}"><p>Två</p></body>'.encode())
    assert tree is not None
    assert next(tree.iter("img")).get(name.lower()) == _LONG_VALUE


@pytest.mark.parametrize(
    "page",
    [
        '<p>Ett x="{}" tre</p>',
        '<p a=">"> x="{}" tre</p>',
        'Ett < 2, x="{}" tre</p>',
        '<script type=\'application/ld+json\'>{{"a": "1 <b x=","b":"{}"}}</script>',
    ],
)
def test_a_long_quotation_is_no_value(page: str) -> None:
    tree = parse_page(f"<html><body>{WORDS}{page.format(_LONG_VALUE)}<p>Två</p></body></html>".encode())
    assert tree is not None
    assert _LONG_VALUE in text_content(tree)
