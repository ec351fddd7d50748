"""The tags of HTML, by what they do to a text."""

from __future__ import annotations

BLOCKS = frozenset(
    "blockquote caption dd dl dt figcaption figure h2 h3 h4 h5 h6 hr li ol p pre table tbody tfoot thead tr ul".split()
)
CELLS = frozenset(("td", "th"))
CONTAINERS = frozenset(
    "address article aside body center details dialog div fieldset footer h1 header hgroup main nav section "
    "summary".split()
)
"""Blocks that say nothing but where a text begins and ends."""
TAGS = BLOCKS | CELLS | frozenset("a abbr b br cite code del div em i img ins q s small strong sub sup u".split())
"""What stays of a text's HTML."""
ATTRIBUTES = {
    "a": ("href", "title"),
    "img": ("src", "alt", "width", "height"),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan"),
    "abbr": ("title",),
}
"""What stays of their attributes."""
GONE = frozenset("button form iframe math noscript object script select style svg template textarea title".split())
"""What goes with all that stands in it."""
UNSEEN = frozenset("screen-reader-text sr-only visually-hidden visuallyhidden".split())
"""Classes of what is read out and not shown: in the themes of WordPress, in Bootstrap, in HTML5 Boilerplate."""

PARTING = "\u2029"  # PARAGRAPH SEPARATOR
SPACE = {
    **dict.fromkeys((f"{end}{name}" for name in BLOCKS | CONTAINERS for end in ("", "/")), PARTING),
    **dict.fromkeys(("br", "/td", "/th"), " "),
}
"""What a tag parts on the page."""
