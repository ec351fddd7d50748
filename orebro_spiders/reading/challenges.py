"""Pages that want to see a human, a cookie or a script before they show anything: they are not news."""

from __future__ import annotations

import re

MAX_WORDS = 120
"""A page with more words than this shows something, whatever else it asks for."""
MAX_SIZE = 60_000
"""Bytes; challenge pages are small, and looking for words in large ones would cost more than reading them."""
MAX_PARAGRAPHS = 12

_MARKS = (
    ("Cloudflare", ("_cf_chl_opt", "cf-challenge", "cf_chl_", "cf-turnstile", "challenges.cloudflare.com")),
    ("DataDome", ("captcha-delivery.com",)),
    ("Imperva", ("_Incapsula_Resource",)),
    ("HUMAN", ("px-captcha",)),
    ("Sucuri", ("sucuri_cloudproxy_js",)),
    ("AWS WAF", ("AwsWafIntegration", "awswaf.com")),
    ("reCAPTCHA", ("g-recaptcha", "recaptcha/api.js")),
    ("hCaptcha", ("hcaptcha.com",)),
    ("Friendly Captcha", ("frc-captcha",)),
)
_SAYS = re.compile(
    r"""
    (?P<JavaScript>
        java\s?script\s+(?:är|måste|behöver|behövs|krävs|verkar|is|must|needs)\b
      | (?:aktivera|slå\s+på|sätt\s+på|tillåt|kräver|enable|turn\s+on|requires)\s+java\s?script
    )
  | (?P<cookies>
        (?:måste|behöver|vänligen|för\s+att\s+fortsätta|please|must)[^.]{0,60}
        \b(?:cookies|kakor)\b
      | (?:aktivera|slå\s+på|tillåt|enable)\s+(?:cookies|kakor)
    )
  | (?P<captcha>
        inte\s+(?:är\s+)?en\s+(?:ro)?bot\b | är\s+(?:du\s+)?(?:en\s+)?människa | captcha
      | (?:verify|confirm|prove|check)\w*[^.]{0,40}\bhuman\b | not\s+a\s+(?:ro)?bot\b
      | (?:checking|kontrollerar)\s+(?:your|din)\s+(?:browser|webbläsare) | just\s+a\s+moment
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_HIDDEN = re.compile(r"<(script|style|template|svg)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_NOSCRIPT = re.compile(r"<noscript\b.*?</noscript\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_ARTICLE = re.compile(r"<article\b|\"@type\"\s*:\s*\"\w*Article\"", re.IGNORECASE)


def challenge_in(body: bytes) -> str:
    """Who or what stands between us and the page; empty for a page that shows something.

    A challenge has hardly a word of its own, and names its maker or asks for a script, a cookie or a human. Makers'
    marks alone say nothing: they stand on ordinary pages with a form too.

    >>> challenge_in("<title>Tidningen</title><noscript>Javascript är avstängt i din webbläsare.</noscript>".encode())
    'JavaScript'
    >>> challenge_in(b"<article><h1>Badet</h1><p>Nu.</p><div class=g-recaptcha></div></article>")
    ''
    """
    if len(body) > MAX_SIZE or b"<article" in body or body.count(b"<p>") > MAX_PARAGRAPHS:
        return ""
    page = body.decode("utf-8", "replace")
    if _ARTICLE.search(page):
        return ""
    shown = _HIDDEN.sub(" ", page)
    if len(_TAG.sub(" ", _NOSCRIPT.sub(" ", shown)).split()) > MAX_WORDS:
        return ""
    if maker := next((name for name, marks in _MARKS if any(mark in page for mark in marks)), ""):
        return maker
    said = _SAYS.search(" ".join(_TAG.sub(" ", shown).split()))
    return str(said.lastgroup) if said else ""
