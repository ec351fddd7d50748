"""Texts as WordPress turns them into HTML, shared by its pages, its feeds and its JSON."""

from __future__ import annotations

from html import escape

from markupsafe import Markup

from orebro_spiders.demo.posts import Post

_TYPOGRAPHY = str.maketrans({"–": "&#8211;", "”": "&#8221;", "’": "&#8217;", "…": "&#8230;"})


def texturised(text: str) -> Markup:
    """`text` as wptexturize leaves it in HTML.

    >>> print(texturised("Kultur & nöje – i dag"))
    Kultur &#038; nöje &#8211; i dag
    """
    return Markup(escape(text, quote=False).replace("&amp;", "&#038;").translate(_TYPOGRAPHY))


def content_html(post: Post) -> Markup:
    """The article, its signature as the last paragraph."""
    html = post.html
    if post.tail:
        html += Markup("\n<p>{}</p>").format(Markup("<br />\n").join(post.tail))
    return Markup(str(html).translate(_TYPOGRAPHY))
