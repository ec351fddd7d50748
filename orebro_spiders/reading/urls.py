"""Addresses: one canonical form for each article."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote, unquote_plus, urlsplit, urlunsplit

# Parameters that say how a reader came, never what the page is. Kept list: utm_* (Google), fbclid (Facebook),
# gclid (Google Ads), mc_* (Mailchimp), and what Swedish sites add: mobilmeny (SVT), cmp (Sveriges Radio).
_TRACKING = re.compile(
    r"^(utm_\w+|mtm_\w+|pk_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_ga|_hs\w+|mobilmeny|cmp|cmpid"
    r"|ref_src|wt_mc|ns_campaign|share|shared)$"
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SAFE_PATH = "/:@!$&'()*+,;=~-._%"
_SAFE_QUERY = _SAFE_PATH + "?"


@lru_cache(maxsize=1024)
def canonical_url(address: str) -> str:
    """One form for one address (RFC 3986, section 6.2); empty when it is no http address.

    Scheme and host in lower case, no default port, no fragment, no tracking parameters, percent-encoding in one
    form, `..` left as the site wrote it. Scheme, `www.` and trailing slash stay: changing them can break a link.

    >>> canonical_url("HTTP://Example.SE:80/a b?utm_source=rss&id=7#x")
    'http://example.se/a%20b?id=7'
    >>> canonical_url("https://www.svt.se/nyheter/lokalt/orebro/badet?mobilmeny=1")
    'https://www.svt.se/nyheter/lokalt/orebro/badet'
    >>> canonical_url("javascript:alert(1)")
    ''
    """
    try:
        parts = urlsplit(address.strip().encode(errors="ignore").decode())
        port = parts.port
    except ValueError:
        return ""
    scheme, host = parts.scheme.lower(), (parts.hostname or "").rstrip(".")
    if scheme not in _DEFAULT_PORTS or not host or parts.username is not None:
        return ""
    netloc = f"[{host}]" if ":" in host else _ascii_host(host)
    if port and port != _DEFAULT_PORTS[scheme]:
        netloc += f":{port}"
    return urlunsplit((scheme, netloc, _path(parts.path), _query(parts.query), ""))


@lru_cache(maxsize=1024)
def address_key(address: str) -> str:
    """What two addresses of the same page share: scheme, `www.` and trailing slash left out.

    >>> address_key("http://www.example.se/badet/") == address_key("https://example.se/badet")
    True
    """
    parts = urlsplit(canonical_url(address))
    query = f"?{parts.query}" if parts.query else ""
    return parts.netloc.removeprefix("www.") + (parts.path.rstrip("/") or "/") + query


@lru_cache(maxsize=1024)
def host_of(address: str) -> str:
    """`host:port` of an address, in lower case, the port only where it is not the default."""
    return urlsplit(canonical_url(address)).netloc


def _ascii_host(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return host


def _path(path: str) -> str:
    return _encoded(path, _SAFE_PATH) or "/"


def _query(query: str) -> str:
    """The query as the site wrote it, piece by piece: `a` is not `a=` and `+` not `%20` to every server."""
    pieces = (piece for piece in query.split("&") if piece)
    return _encoded("&".join(piece for piece in pieces if not _is_tracking(piece)), _SAFE_QUERY)


def _is_tracking(piece: str) -> bool:
    return bool(_TRACKING.match(unquote_plus(piece.partition("=")[0]).lower()))


def _encoded(part: str, safe: str) -> str:
    """Percent-encoding in one form: capitals, and only where it is needed (RFC 3986, 6.2.2.1 and 6.2.2.2)."""
    return quote(_ESCAPE.sub(_one_escape, part), safe=safe)


def _one_escape(match: re.Match[str]) -> str:
    character = chr(int(match.group()[1:], 16))
    return character if character in _UNRESERVED else match.group().upper()


_OTHER_DRESS = re.compile(r"^(?:www|m|mobil|mobile|amp)\.")
_AMP = re.compile(r"(?:/amp|\.amp|/amp\.html|\.amp\.html)/?$")


def believed_canonical(stated: str, address: str) -> str:
    """The page's address in its canonical form: what the page states where that can be, else its own.

    A statement that points to another site, to the start page or to a page above is a fault of a template.

    >>> believed_canonical("https://bladet.example/badet", "https://m.bladet.example/badet/amp?utm_source=x")
    'https://bladet.example/badet'
    >>> believed_canonical("https://bladet.example/", "https://bladet.example/nyheter/badet?mobilmeny=1")
    'https://bladet.example/nyheter/badet'
    """
    own, canonical = canonical_url(address), canonical_url(stated)
    if not canonical or not own:
        return own or address
    said, here = urlsplit(canonical), urlsplit(own)
    path, page = said.path.rstrip("/"), _AMP.sub("", here.path).rstrip("/")
    is_here = _OTHER_DRESS.sub("", said.netloc) == _OTHER_DRESS.sub("", here.netloc)
    is_above = (not path and bool(page or here.query)) or page.startswith(f"{path}/")
    return canonical if is_here and not is_above else own


def slug_words(address: str) -> str:
    """The last part of an address's path as words, for a headline that a page does not give."""
    return unquote(urlsplit(address).path.rstrip("/").rpartition("/")[2]).replace("-", " ").strip()
