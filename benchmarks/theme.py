"""Pages as the county's sites print them: Max Mag on WordPress with all its furniture, and Mynewsdesk's markup of 2020.

A page of an article is about 62 kB with some 600 elements. The 23 WordPress pages of 40 to 80 kB among the real ones
in `shared/data/extraction` have a median of 65 kB, 450 elements, 87 links and 16 kB of scripts and styles.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from benchmarks.prose import COUNTY_TIME, Story, story

_MONTHS = "januari februari mars april maj juni juli augusti september oktober november december".split()
_PLACES = (
    "Örebro Kumla Hallsberg Lindesberg Karlskoga Nora Askersund Degerfors Laxå Hällefors Lekeberg Ljusnarsberg".split()
)
_SECTIONS = ("Lokalt/Länet", "Blåljus", "Ekonomi", "Sport", "Kultur")


def article_page(base: str, one: Story) -> str:
    """An article on its own page."""
    address = f"{base}{one.slug}/"
    head = (
        f'<link rel="canonical" href="{address}">\n<link rel="shortlink" href="{base}?p={one.number}">\n'
        f'<meta property="og:title" content="{one.title}">\n<meta property="og:type" content="article">\n'
        f'<meta property="og:description" content="{one.lead}">\n<meta property="og:url" content="{address}">\n'
        f'<meta property="og:image" content="{base}wp-content/uploads/{one.number}.jpg">\n'
        '<meta property="og:locale" content="sv_SE">\n<meta property="og:image:width" content="1200">\n'
        '<meta name="twitter:card" content="summary_large_image">\n'
    )
    main = f"""<div id="post-area" class="post-{one.number} post type-post status-publish hentry">
<div class="breadcrumb"><a href="{base}">Hem</a> &rsaquo; <a href="{base}category/lokalt/">{one.category}</a></div>
<h1 class="headline entry-title">{one.title}</h1>
<div id="post-info"><div id="post-info-left">By <span class="vcard author"><span class="fn">Redaktionen</span></span>
on <span class="date updated">{_date(one)}</span></div></div>
<div id="social-box"><ul><li><a href="https://www.facebook.com/sharer.php?u={address}">Dela</a></li>
<li><a href="https://x.com/intent/tweet?url={address}">Tipsa</a></li></ul></div><div id="social-box-vert"></div>
<div id="content-area">
<div class="post-image"><img src="{base}wp-content/uploads/{one.number}.jpg" alt="" width="640" height="360"></div>
{body(base, one)}
<div class="sharedaddy"><h3>Dela detta:</h3><ul><li><a href="{address}?share=facebook">Facebook</a></li></ul></div>
</div>
<div class="post-tags"><a href="{base}tag/februari-2026/" rel="tag">Februari 2026</a></div>
<div class="related-posts"><h3>Related Posts</h3><ul>{_links(base, range(90, 96))}</ul></div>
<div id="comments"><p>You must be logged in to post a comment <a href="{base}wp-login.php">Login</a></p></div>
</div>"""
    return _page(base, one.title, head, main)


def body(base: str, one: Story) -> str:
    """The article's text as its editor wrote it."""
    opening, *rest = one.paragraphs
    middle = len(rest) // 2
    blocks = [f"<p><strong>{one.lead}</strong></p>", f"<p>{opening}</p>", *map("<p>{}</p>".format, rest)]
    blocks.insert(middle, f'<h3>Så går det till</h3>\n<p>Läs <a href="{base}tag/kommunen/">allt om saken</a>.</p>')
    blocks.append("<ul><li>Platsen är bestämd</li><li>Tiden är det inte</li></ul>\n<p>Källa Kommunen</p>")
    return "\n".join(blocks)


def list_page(base: str, stories: Sequence[Story], page: int, pages: int) -> str:
    """A page of the newest articles."""
    entries = "\n".join(_list_entry(base, one) for one in stories)
    onward = f'<link rel="next" href="{base}page/{page + 1}/">\n' if page < pages else ""
    main = f'<div id="post-area"><ul class="archive">\n{entries}\n</ul></div>'
    return _page(base, "Alla nyheter", onward, main)


def _list_entry(base: str, one: Story) -> str:
    address = f"{base}{one.slug}/"
    return f"""<li><div class="archive-image"><a href="{address}" rel="bookmark" title="{one.title}">
<img src="{base}wp-content/uploads/{one.number}-300x200.jpg" alt=""></a></div>
<div class="archive-text"><a href="{address}" class="main-headline">{one.title}</a>
<p>{one.lead} {one.paragraphs[0][:90]}...</p>
<div class="headlines-info"><ul class="headlines-info"><li>Posted {_date(one)}</li>
<li class="comments-icon"><a href="{address}#respond">0</a></li></ul></div></div></li>"""


def _date(one: Story) -> str:
    """WordPress's 'F j, Y' on a Swedish site."""
    local = one.published + COUNTY_TIME
    return f"{_MONTHS[local.month - 1]} {local.day}, {local.year}"


def _page(base: str, title: str, head: str, main: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="sv-SE">
<head>
<meta charset="UTF-8">
<title>{title} | Bladet</title>
{head}{_head(base)}</head>
<body class="single single-post">
<div id="site">
{_top(base)}
<div id="main">
{main}
</div>
{_bottom(base)}
</div>
</body>
</html>
"""


@cache
def _head(base: str) -> str:
    rules = "\n".join(
        f".wp-block-{name}{{margin:{step}px 0;padding:0 {step % 7}px;border:1px solid #e{step % 10}e;order:{step}}}"
        for step, name in enumerate(["columns", "gallery", "quote", "button", "cover", "table"] * 22)
    )
    sheets = "\n".join(
        f"<link rel='stylesheet' id='plugin-{number}-css' href='{base}wp-content/plugins/p{number}/s.css?ver=6.1.9'>"
        for number in range(14)
    )
    return (
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="robots" content="index">\n'
        f'<link rel="alternate" type="application/rss+xml" title="Bladet" href="{base}feed/">\n{sheets}\n'
        f"<style id='global-styles-inline-css'>\n{rules}\n</style>\n{_scripts('emoji', 30)}"
        '<meta name="generator" content="WordPress 6.1.9">\n'
    )


def _scripts(name: str, lines: int) -> str:
    calls = "\n".join(
        f"window.{name}=window.{name}||[];window.{name}.push({{n:{line},when:'load',where:'#slot-{line}'}});"
        for line in range(lines)
    )
    return f"<script id='{name}-js-after'>\n{calls}\n</script>\n"


@cache
def _top(base: str) -> str:
    places = "".join(f'<li class="menu-item"><a href="{base}kommun/{place}/">{place}</a></li>' for place in _PLACES)
    sections = "\n".join(
        f'<li id="menu-item-{number}" class="menu-item"><a href="{base}category/{number}/">{name}</a>'
        f'<ul class="sub-menu">{places}</ul></li>'
        for number, name in enumerate(_SECTIONS)
    )
    return f"""<header id="header-wrapper"><div id="logo"><a href="{base}">Bladet</a></div></header>
<nav id="main-nav-wrapper"><ul id="menu-huvudmeny" class="menu">{sections}</ul></nav>
<div id="ticker"><ul class="ticker-list">{_links(base, range(1, 11))}</ul></div>"""


@cache
def _bottom(base: str) -> str:
    latest = "\n".join(_side_entry(base, story(number)) for number in range(1, 8))
    boxes = "\n".join(
        f'<div class="side-widget"><h3>{name}</h3><ul class="category3">'
        + "\n".join(_side_entry(base, story(10 * number + place)) for place in range(1, 5))
        + "</ul></div>"
        for number, name in enumerate(_SECTIONS, 2)
    )
    months = "".join(
        f'<li><a href="{base}2025/{number}/">{name} 2025</a></li>' for number, name in enumerate(_MONTHS, 1)
    )
    tags = " ".join(f'<a href="{base}tag/{name.lower()}/" class="tag-cloud-link">{name}</a>' for name in _PLACES)
    return f"""<div id="sidebar-wrapper"><div class="middle-side"><div class="middle-widget"><h3>Latest News</h3>
<ul class="middle-widget">{latest}</ul></div></div>
<div class="side">{boxes}<ul>{months}</ul><div class="tagcloud">{tags}</div></div></div>
<footer id="footer-wrapper"><p>Ansvarig utgivare: Maj-Lis Korsmo.</p><ul>{_links(base, range(20, 26))}</ul></footer>
{_scripts("annonser", 60)}{_scripts("statistik", 30)}"""


def _side_entry(base: str, one: Story) -> str:
    address = f"{base}{one.slug}/"
    return f"""<li><a href="{address}" rel="bookmark"><img src="{base}wp-content/uploads/{one.number}-100x70.jpg" alt=""
width="100" height="70" loading="lazy"></a><a href="{address}" rel="bookmark" class="main-headline">{one.title}</a>
<p>{" ".join(one.lead.split()[:10])}...</p>
<div class="headlines-info"><ul class="headlines-info"><li>Posted {_date(one)}</li>
<li class="comments-icon"><a href="{address}#respond">0</a></li></ul></div></li>"""


def _links(base: str, numbers: range) -> str:
    stories = [story(number) for number in numbers]
    return "\n".join(f'<li><a href="{base}{one.slug}/" rel="bookmark">{one.title}</a></li>' for one in stories)


def room_page(links: Sequence[str], stories: Sequence[Story]) -> str:
    """A press room's list of releases."""
    panels = "\n".join(
        f'<a class="panel" href="{link}"><h2 class="panel__heading">{one.title}</h2>{_time(one)}</a>'
        for link, one in zip(links, stories, strict=True)
    )
    return _room(f'<div class="grid js-material-grid">\n{panels}\n</div>')


def release_page(one: Story) -> str:
    """A press release."""
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in one.paragraphs)
    return _room(f"""<main><p class="type__date">Pressmeddelande - {_time(one)}</p>
<h1 class="panel__title">{one.title}</h1>
<div class="panel__text"><p><strong>{one.lead}</strong></p>
<div class="entry-content">
{text}
</div></div></main>""")


def _time(one: Story) -> str:
    local = one.published + COUNTY_TIME
    return f'<time datetime="{local:%Y-%m-%d %H:%M:%S}">{local:%d/%m %Y}</time>'


def _room(main: str) -> str:
    head = '<head><meta charset="utf-8"><title>Rummet</title></head>'
    return f'<!DOCTYPE html>\n<html lang="sv">{head}<body>{main}</body></html>'
