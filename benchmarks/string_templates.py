"""The peer of our feed writers: RSS and Atom by string templates alone, the same elements in the same order.

It knows nothing but to escape; what must be right about the values has been made right before. `benchmarks.feeds`
checks that both say the same.
"""

from __future__ import annotations

from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from feeds.channels import ATOM, CACHE_SECONDS, RSS
from feeds.entries import LANGUAGE, Category, Entry, Feed
from feeds.syndication import GENERATOR
from orebro_spiders import __version__

_DECLARATION = "<?xml version='1.0' encoding='UTF-8'?>\n"
_NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:fh="http://purl.org/syndication/history/1.0"'
)


def rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0."""
    return f"""{_DECLARATION}<?xml-stylesheet type="text/css" href="{feed.styles}"?>
<rss {_NAMESPACES} xmlns:atom="http://www.w3.org/2005/Atom" \
xmlns:content="http://purl.org/rss/1.0/modules/content/" version="2.0">
  <channel>
    <title>{escape(feed.title)}</title>
    <link>{escape(feed.page)}</link>
    <description>{escape(feed.description)}</description>
    <atom:link href={quoteattr(feed.url(RSS))} rel="self" type="{RSS.media_type}"/>
    <docs>http://www.rssboard.org/rss-specification</docs>
    <generator>{GENERATOR} {__version__}</generator>
    <language>{LANGUAGE}</language>
    <lastBuildDate>{format_datetime(feed.updated)}</lastBuildDate>
    <ttl>{CACHE_SECONDS // 60}</ttl>
{"".join(map(_item, feed.entries))}  </channel>
</rss>
""".encode()


def atom(feed: Feed) -> bytes:
    """The feed as Atom."""
    return f"""{_DECLARATION}<?xml-stylesheet type="text/css" href="{feed.styles}"?>
<feed {_NAMESPACES} xmlns="http://www.w3.org/2005/Atom" xml:lang="{LANGUAGE}">
  <id>{escape(feed.id)}</id>
  <title>{escape(feed.title)}</title>
  <updated>{feed.updated.isoformat()}</updated>
  <author>
    <name>{escape(feed.author)}</name>
  </author>
  <link href={quoteattr(feed.page)} rel="alternate" type="text/html"/>
  <link href={quoteattr(feed.url(ATOM))} rel="self" type="{ATOM.media_type}"/>
  <generator version="{__version__}">{GENERATOR}</generator>
  <subtitle>{escape(feed.description)}</subtitle>
{"".join(map(_entry, feed.entries))}</feed>
""".encode()


def _item(entry: Entry) -> str:
    content = f"      <content:encoded>{escape(entry.html)}</content:encoded>\n" if entry.html else ""
    categories = "".join(map(_rss_category, entry.categories))
    creators = "".join(f"      <dc:creator>{escape(name)}</dc:creator>\n" for name in entry.authors)
    return f"""    <item>
      <title>{escape(entry.title)}</title>
      <link>{escape(entry.link)}</link>
      <description>{escape(entry.summary)}</description>
{content}      <guid isPermaLink="false">{escape(entry.id)}</guid>
{categories}      <pubDate>{format_datetime(entry.published)}</pubDate>
{creators}      <source url={quoteattr(entry.origin.url(RSS))}>{escape(entry.origin.title)}</source>
{_picture("      ", entry)}    </item>
"""


def _rss_category(category: Category) -> str:
    domain = f" domain={quoteattr(category.scheme)}" if category.scheme else ""
    return f"      <category{domain}>{escape(category.term)}</category>\n"


def _entry(entry: Entry) -> str:
    content = f'    <content type="html">{escape(entry.html)}</content>\n' if entry.html else ""
    authors = "".join(f"    <author>\n      <name>{escape(name)}</name>\n    </author>\n" for name in entry.authors)
    origin = entry.origin
    return f"""  <entry>
    <id>{escape(entry.id)}</id>
    <title>{escape(entry.title)}</title>
    <updated>{entry.updated.isoformat()}</updated>
{authors}{content}    <link href={quoteattr(entry.link)} rel="alternate" type="text/html"/>
    <summary type="text">{escape(entry.summary)}</summary>
    <published>{entry.published.isoformat()}</published>
{"".join(map(_atom_category, entry.categories))}    <source>
      <id>{escape(origin.feed_id)}</id>
      <title>{escape(origin.title)}</title>
      <updated>{entry.newest.isoformat()}</updated>
      <author>
        <name>{escape(origin.title)}</name>
      </author>
      <link rel="alternate" type="text/html" href={quoteattr(origin.page)}/>
      <link rel="self" type="{ATOM.media_type}" href={quoteattr(origin.url(ATOM))}/>
    </source>
{_picture("    ", entry)}  </entry>
"""


def _atom_category(category: Category) -> str:
    scheme = f" scheme={quoteattr(category.scheme)}" if category.scheme else ""
    label = f" label={quoteattr(category.label)}" if category.label else ""
    return f"    <category term={quoteattr(category.term)}{scheme}{label}/>\n"


def _picture(indent: str, entry: Entry) -> str:
    kind = f' type="{entry.image_type}"' if entry.image_type else ""
    return f'{indent}<media:content url={quoteattr(entry.image)} medium="image"{kind}/>\n' if entry.image else ""
