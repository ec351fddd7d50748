from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orebro_spiders.reading.trees import MAX_BYTES, MAX_TAGS, drop, parse_page, parsed, text_content

WORDS = "<p>Badet i Vivalla öppnar på måndag, säger Åsa Öberg.</p>"


def text(html: bytes, charset: str = "") -> str:
    tree = parse_page(html, charset)
    return "" if tree is None else " ".join(text_content(tree).split())


def garbled(page: str) -> bytes:
    """UTF-8 that somebody took for Windows-1252 and wrote as UTF-8."""
    return page.encode().decode("latin-1").encode()


def test_garbled_letters_are_mended() -> None:
    assert "Badet i Vivalla öppnar på måndag, säger Åsa Öberg." in text(garbled(WORDS))


def test_garbled_lines_are_mended_among_whole_ones() -> None:
    page = "<p>Redan rätt: åäö.</p>\n".encode() + garbled(WORDS)
    assert "åäö" in text(page)
    assert "Åsa Öberg" in text(page)


@pytest.mark.parametrize("whole", [WORDS, "<p>São Paulo, MANHÃ, Ångström, naïve</p>", "<p>A\u00a0B – “C”</p>"])
def test_whole_letters_stay(whole: str) -> None:
    assert parsed(whole.encode())[0].decode() == whole


@pytest.mark.parametrize(
    ("charset", "encoding"), [("iso-8859-1", "latin-1"), ("windows-1252", "cp1252"), ("koi8-r", "koi8-r")]
)
def test_the_encoding_of_the_header_goes_before_the_pages(charset: str, encoding: str) -> None:
    words = "Привет" if charset == "koi8-r" else "Åsa Öberg"
    page = f'<meta charset="utf-8"><p>{words}</p>'.encode(encoding)
    assert text(page, charset) == words


def test_what_is_utf_8_is_utf_8_whatever_the_header_says() -> None:
    assert "Åsa Öberg" in text(WORDS.encode(), "iso-8859-1")


@pytest.mark.parametrize(
    "around",
    [
        *("<p>{}</p>", "<p title='{}'>Ett</p>", "<p {}=1>Ett</p>", "<p{}>Ett</p>", "<p>&{};</p>", "<?a {}?><p>Ett</p>"),
        *(
            "<script>{}</script><p>Ett</p>",
            "<style>{}</style><p>Ett</p>",
            "<title>{}</title>",
            "<textarea>{}</textarea>",
        ),
        *("<!-- {} --><p>Ett</p>", "<![CDATA[{}]]><p>Ett</p>", "<p>Ett</p {}>", "{}"),
        "<p>Ett</p></body></html>{}",
    ],
)
@given(cut=st.integers(1, 3), letter=st.sampled_from("åÖ–€\U0001f600\uffff"))
def test_what_is_no_utf_8_is_noticed_wherever_it_stands(around: str, cut: int, letter: str) -> None:
    """libxml2 itself would put a replacement character there."""
    page = f"<html><body>{around}{WORDS}".replace("{}", "{}ö").encode()
    broken = letter.encode()[:-1] + b"\xe4"[: cut % 2]
    whole, _ = parsed(page.replace(b"{}", letter.encode()))
    strange, _ = parsed(page.replace(b"{}", broken))
    assert whole == page.replace(b"{}", letter.encode())
    assert strange == page.replace(b"{}", broken.decode(errors="single-bytes").encode())


@pytest.mark.parametrize("between", ["\n", "\t", "/", " <b "])
def test_attributes_may_be_parted_by_more_than_spaces(between: str) -> None:
    tag = "<div " + between.join(f"a{number}" for number in range(60_000)) + ">"
    tree = parse_page(f"<html><body>{tag}{WORDS}</div></body></html>".encode())
    assert tree is not None
    assert max(len(element.attrib) for element in tree.iter("div")) == 0
    assert "Åsa Öberg" in text_content(tree)


def test_of_a_larger_page_shorter_tags_count_as_long() -> None:
    tag = "<p " + " ".join(f"a{number}" for number in range(2000)) + ">Ett</p>"
    small, large = (parse_page(f"<body>{tag * times}".encode()) for times in (1, 200))
    assert small is not None
    assert large is not None
    assert [len(next(tree.iter("p")).attrib) for tree in (small, large)] == [2000, 0]


def test_the_text_of_a_script_is_no_tag_however_long() -> None:
    stated = "for(i=0;i<n ;i++){" + "a = 1; " * 100_000 + "}"
    tree = parse_page(f"<body><script type='application/ld+json'>{stated}</script>{WORDS}</body>".encode())
    assert tree is not None
    assert next(tree.iter("script")).text == stated


@pytest.mark.parametrize(
    "value",
    [
        *('"' + "{&quot;a b&quot;:1} / " * 5000 + '"', "'" + '{"a b": 1} / ' * 5000 + "'"),
        *('"data:image/png;base64,' + "QUJD/0RF" * 10_000 + '"', '"' + "M0 1 L2 3 " * 10_000 + '"'),
    ],
)
def test_a_long_value_is_one_attribute_whatever_it_holds(value: str) -> None:
    tree = parse_page(f"<html lang=sv><body><div data-a={value} class=text>{WORDS}</div></body></html>".encode())
    assert tree is not None
    assert next(tree.iter("div")).get("class") == "text"


@pytest.mark.parametrize("text", ["Ett ord till. " * 50_000, "1 < 2 och " * 50_000])
def test_a_long_text_is_no_tag(text: str) -> None:
    page = f"<html lang=sv class=a><body><div>{text}</div></body></html>".encode()
    assert parsed(page)[0] == page


@pytest.mark.parametrize("values", ["a{0}='{0}'", "a{0}", 'a{0}="x y"'])
def test_a_tag_with_attributes_beyond_measure_loses_them(values: str) -> None:
    """libxml2 compares each attribute with all before it: 20,000 take seconds."""
    tag = "<div " + " ".join(map(values.format, range(20_000))) + ">"
    tree = parse_page(f"<html><body>{tag}{WORDS}</div></body></html>".encode())
    assert tree is not None
    assert max(len(element.attrib) for element in tree.iter("div")) == 0
    assert "Åsa Öberg" in text(f"<html><body>{tag}{WORDS}</div></body></html>".encode())


def test_a_long_tag_of_few_attributes_keeps_them() -> None:
    tree = parse_page(f"<body><img alt='Badet' src='data:image/png;base64,{'A' * 60_000}'>{WORDS}</body>".encode())
    assert tree is not None
    assert next(tree.iter("img")).get("alt") == "Badet"


def test_each_of_several_long_tags_is_judged_by_itself() -> None:
    many, few = " ".join(f"a{number}" for number in range(20_000)), f"title='{'A' * 60_000}'"
    page = f"<body><p {many}>Ett</p>{WORDS}<p {few}>Två</p><p {many}>Tre</p><p lang=sv>Fyra</p><p {many}"
    tree = parse_page(page.encode())
    assert tree is not None
    told = [(element.text, len(element.attrib)) for element in tree.iter("p")]
    assert [one for one in told if one[0] in {"Ett", "Två", "Tre", "Fyra"}] == [
        ("Ett", 0),
        ("Två", 1),
        ("Tre", 0),
        ("Fyra", 1),
    ]


def test_a_long_script_is_no_long_tag() -> None:
    page = f"<body><script>{'var a = 1; ' * 10_000}</script><p class='a'>Badet</p></body>".encode()
    tree = parse_page(page)
    assert tree is not None
    assert next(tree.iter("p")).get("class") == "a"


def test_of_a_page_beyond_measure_the_beginning_is_read() -> None:
    found = text(WORDS.encode() + b"<p>ord " * (MAX_TAGS + 10_000) + b"<p>slut")
    assert found.startswith("Badet i Vivalla")
    assert not found.endswith("slut")
    assert len(text(b"<p>" + b"ord " * (MAX_BYTES // 2))) <= MAX_BYTES


@pytest.mark.parametrize(
    "page",
    [
        "<body><article><p>Ett</p></body></html><p>Två</p></article><p>Tre</p>",
        "<body><article><p>Ett</p></BODY ><p>Två</p></article></body><p>Tre</p>",
        "<body><article><p>Ett</p></body></html>Två</article><p>Tre</p></body></html>",
        "<body><article><p>Ett</p></html><html><head><title></title></head><body>Två</body></html></article>Tre",
        "<body><article><p>Ett</p></body><script>a()</script>Två</article><p>Tre</p>",
    ],
)
def test_a_page_goes_on_behind_its_end(page: str) -> None:
    tree = parse_page(f"<html>{page}".encode())
    assert tree is not None
    article, *_ = tree.iter("article")
    assert text_content(tree).replace("a()", "") == "EttTvåTre"
    assert text_content(article).replace("a()", "") == "EttTvå"


@pytest.mark.parametrize("kind", ["application/ld+json", "Application/LD+JSON"])
def test_what_a_page_states_behind_its_end_is_read(kind: str) -> None:
    tree = parse_page(f"<html><body><p>Ett</p></body></html><script type='{kind}'>{{}}</script>".encode())
    assert tree is not None
    assert next(tree.iter("script")).text == "{}"


def test_scripts_behind_the_end_of_a_page_stay_there() -> None:
    tree = parse_page(b"<body><p>Ett</p></body><script>a()</script><img src='/p.gif' width=1></html> <script>b()")
    assert tree is not None
    assert [element.tag for element in tree] == ["body", "script", "img"]
    assert [element.text for behind in tree.itersiblings() for element in behind] == ["b()"]


def test_what_stands_behind_an_element_that_goes_may_hold_what_xml_forbids() -> None:
    tree = parse_page("<p>Ett<b>två</b>\x1ftre<i>fyra</i>\x01 fem</p>".encode())
    assert tree is not None
    drop([*tree.iter("b"), *tree.iter("i")])
    assert text_content(tree) == "Ett\x1ftre\x01 fem"


@pytest.mark.parametrize(("before", "after"), [(0, 0), (0, 500_000), (500_000, 0), (250_000, 250_000)])
def test_too_many_tags_are_seen_wherever_they_stand(before: int, after: int) -> None:
    few, many = (b" " * before + b"<br>" * tags + b" " * after for tags in (MAX_TAGS, MAX_TAGS + 1))
    assert [len(list(parse_page(page).iter("br"))) for page in (few, many)] == [MAX_TAGS, MAX_TAGS - 1]


@pytest.mark.parametrize(
    "body", [random.Random(7).randbytes(20_000), bytes(range(256)) * 50, b"\x7fELF" + b"\0" * 5000]
)
def test_bytes_that_are_no_text_are_no_page(body: bytes) -> None:
    assert parse_page(body) is None


def test_utf_16_is_text() -> None:
    assert "Åsa Öberg" in text(f"<html><body>{WORDS}</body></html>".encode("utf-16"))
    assert "Åsa Öberg" in text(f"<html><body>{WORDS}</body></html>".encode("utf-16-le"))
