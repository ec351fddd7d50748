from __future__ import annotations

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orebro_spiders.reading.addresses import absolute, first_picture, page_tree, shown_picture
from orebro_spiders.reading.text import fragment

PAGE = "https://bladet.example/nyheter/badet/"
DOT = "data:image/gif;base64,R0lGOD"


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        ("/bild.jpg", "https://bladet.example/bild.jpg"),
        ("bild.jpg", "https://bladet.example/nyheter/badet/bild.jpg"),
        ("../annat/", "https://bladet.example/nyheter/annat/"),
        ("//cdn.example/bild.jpg", "https://cdn.example/bild.jpg"),
        ("?sida=2", "https://bladet.example/nyheter/badet/?sida=2"),
        ("#kommentarer", "https://bladet.example/nyheter/badet/#kommentarer"),
        (" https://kuriren.example/x \n", "https://kuriren.example/x"),
        ("https://kuriren.example/\nnyheter/\tx", "https://kuriren.example/nyheter/x"),
        ("mailto:red@bladet.example", "mailto:red@bladet.example"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
        ("javascript:ond()", ""),
        (" java\tscript:ond()", ""),
        ("data:image/gif;base64,R0lGOD", ""),
        ("tel:+4619123456", ""),
        ("ftp://bladet.example/x", ""),
        ("file:///etc/passwd", ""),
        ("http://[::1", ""),
        ("https://bl℀det.example/x", ""),
        ("", ""),
        (" \n", ""),
    ],
)
def test_an_address_is_absolute_or_none(address: str, whole: str) -> None:
    assert absolute(address, PAGE) == whole


def test_an_address_with_a_space_in_it_keeps_it() -> None:
    """A browser writes `%20` for it; without it the picture is another one, or none."""
    assert (
        absolute("/media/badet i dag.jpg", PAGE).replace(" ", "%20")
        == "https://bladet.example/media/badet%20i%20dag.jpg"
    )


@given(
    st.text("/.?#;:a[]b=&%å@", max_size=12),
    st.sampled_from(
        [PAGE, "https://a:b@bladet.example:80/x?y#z", "HTTPS://bladet.example", "https://bladet.example;x/y"]
    ),
)
def test_an_address_from_the_root_is_read_as_any_other(rest: str, base: str) -> None:
    try:
        joined = urljoin(base, f"/{rest}")
    except ValueError:  # a bracket where only an address of IPv6 may have one
        joined = ""
    assert absolute(f"/{rest}", base) == joined


@pytest.mark.parametrize("address", ["HTTPS://Kuriren.example/x", "Http://kuriren.example/x"])
def test_a_scheme_may_be_in_capitals(address: str) -> None:
    assert absolute(address, PAGE).lower() == address.lower()


@pytest.mark.parametrize(
    ("base", "whole"),
    [
        ("/", "https://bladet.example/badet/oppnar"),
        ("https://kuriren.example/nyheter/", "https://kuriren.example/nyheter/badet/oppnar"),
        ("../sport", "https://bladet.example/nyheter/badet/oppnar"),
        ("", "https://bladet.example/nyheter/badet/badet/oppnar"),
        ("javascript:ond()", "https://bladet.example/nyheter/badet/badet/oppnar"),
        ("http://[", "https://bladet.example/nyheter/badet/badet/oppnar"),
    ],
)
def test_a_page_may_say_what_its_addresses_are_relative_to(base: str, whole: str) -> None:
    head = f"<head><base target=_blank><base href='{base}'><base href='/annat/'></head>"
    tree = page_tree(
        f"<html>{head}<a name=a></a><a href='badet/oppnar'>Badet</a><img src='{DOT}' data-src=badet/oppnar>".encode(),
        PAGE,
    )
    assert tree is not None
    anchor, link = tree.iter("a")
    assert (anchor.get("href"), absolute(link.get("href") or "", PAGE)) == (None, whole)
    assert first_picture(tree, PAGE) == whole


def test_an_address_that_cannot_be_followed_stays_as_it_is() -> None:
    tree = page_tree(b"<html><base href='/'><a href='javascript:ond()'>Hej</a><a href=''>Du</a>", PAGE)
    assert tree is not None
    assert [link.get("href") for link in tree.iter("a")] == ["javascript:ond()", ""]


# Pictures


@pytest.mark.parametrize(
    ("markup", "address"),
    [
        ('<img src="/b.jpg" data-src="">', "/b.jpg"),
        (f'<img src="{DOT}" srcset="/s.jpg 300w, /b.jpg 1100w,/l.jpg 3000w">', "/b.jpg"),
        ('<img src="/s.jpg" srcset="/l.jpg 1200w">', "/s.jpg"),
        ('<img src="/grey.gif" data-srcset="/s.jpg, /b,w_2.jpg 2x">', "/b,w_2.jpg"),
        ('<img srcset=" /b.jpg ">', "/b.jpg"),
        ('<img srcset="/b.jpg 1.5.2w, /s.jpg 10w">', "/s.jpg"),
        (f'<picture><source srcset="/b.webp 1x"><img src="{DOT}"></picture>', "/b.webp"),
        (f'<picture><source data-srcset="/b.webp 800w, /s.webp 80w"><img src="{DOT}"></picture>', "/b.webp"),
        (f'<img src="{DOT}"><noscript><img src=/p.gif width=1 height=1><img src="/b.jpg"></noscript>', "/b.jpg"),
        (f'<picture><img src="{DOT}"></picture><noscript><img src="/b.jpg"></noscript>', "/b.jpg"),
        (f'<img src="{DOT}"> <p>Text</p><noscript><img src="/b.jpg"></noscript>', ""),
        (f'<img src="{DOT}">', ""),
        ('<img srcset=", ,">', ""),
        ('<img alt="Bad">', ""),
    ],
)
def test_where_a_picture_really_is(markup: str, address: str) -> None:
    picture = next(fragment(markup).iter("img"))
    said = shown_picture(picture, "https://bladet.example/")
    assert said.get("src", "") == (address and f"https://bladet.example{address}")


def test_the_first_picture_is_one_that_shows_something() -> None:
    entry = fragment(f'<img src="{DOT}"><img src="/p.gif" width="1" height="1"><img src="/b.jpg"><img src="/c.jpg">')
    assert first_picture(entry, PAGE) == "https://bladet.example/b.jpg"
    assert first_picture(fragment(f'<img src="{DOT}">'), PAGE) is None


@pytest.mark.parametrize(
    ("picture", "tracker"),
    [
        ('<img src="/p.gif" width="1" height="1">', True),
        ('<img src="/p.gif" height="0" width="0">', True),
        ('<img src="/p.gif" height="1" width="0">', True),
        ('<img src="/p.gif" width="1px" height="1px">', True),
        ('<img src="/p.gif" style="width:1px; height:1px;">', True),
        ('<img src="/b.jpg" width="100" height="1">', False),
        ('<img src="/b.jpg" width="1" height="400">', False),
        ('<img src="/b.jpg" width="11" height="11">', False),
        ('<img src="/b.jpg" style="width:100%; height:auto">', False),
        ('<img src="/b.jpg" style="max-width:1px00">', False),
        ('<img src="/b.jpg">', False),
    ],
)
def test_a_picture_that_counts_readers_is_none(picture: str, tracker: bool) -> None:
    (element,) = fragment(picture).iter("img")
    assert (not shown_picture(element, PAGE)) is tracker
