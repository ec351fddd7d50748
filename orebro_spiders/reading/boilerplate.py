"""What calls itself something else than an article's text: names of classes and ids, and lines with set phrases.

The words are those that news sites of several countries use; a page in another language loses nothing by them.
"""

from __future__ import annotations

import re
from functools import lru_cache

_START, _END = r"(?:^|[^a-z])", r"(?![a-z])"


def _any_word(words: str) -> re.Pattern[str]:
    return re.compile(f"{_START}(?:{'|'.join(words.split())}){_END}")


_NEVER = (
    r"banner breadcrumbs? footer login menu modal nav navbar navigation \w*newsletters? nyhetsbrev overlay popover"
    r" popup register registration share\w* sharing sidebar signup social\w* subscri\w*"
)
_NEVER_TEXT = _any_word(rf"{_NEVER} \w*consent \w*cookies?\w* gdpr\w* kakor privacy")
_FOREIGN_NAME = _any_word(
    rf"{_NEVER} ads? adv advert\w* affiliate\w* annons\w* \w*author(?:s|box|bio|info|profile)? avatar bio blocker"
    r" bookmark\w* buttons? \w*bylines? cards? \w*captions? \w*comments? commentlist consent cookies? copyright"
    r" \w*credits? cta date dateline disclaimer disqus donat\w* dropdown embed\w* fact-?box\w* faktabo\w+ faktaruta"
    r" feedback follow\w* footnote form galler\w* (?<!text[-_])images?(?![-_\w]*te?xt) info info-?box\w* kommentar\w*"
    r" links linklist \w*meta metadata more most-?(?:read|popular) mpu outbrain pager pagination placeholder player"
    r" podcasts? poll popular prev-?next promo promos promotion\w* pullquote quiz rail read-?(?:more|also|next)"
    r" recirc\w* recommend\w* rekl\w* related\w* relaterad\w* respond slider slideshow sponsor\w* swiper taboola tags?"
    r" tagged \w*teaser\w* thumbnails? timestamp toolbar tooltip topics? trending tweet twitter videos? whatsapp"
    r" (?<!elementor-)widget"
)
_HIDDEN = re.compile(r"(?:is-|visually-|js-|u-)?(?:hidden|hide)")
"""What Drupal calls `field--label-hidden` is shown without a label, and `hidden-xs` is hidden on telephones alone."""
_OF_OTHERS = re.compile("teaser|related|relaterad|comment|kommentar|newsletter|recommend|placeholder")
_COMMENTS = re.compile(
    r"(?:\S*[_-])?(?:comments?|kommentar\w*)(?:[_-]?(?:area|box|container|list|section|thread|wrapper)\S*)?"
)
_CONSENT = re.compile(
    r"(?:\S*[_-])?(?:cookies?|consent|gdpr|kakor)"
    r"(?:[_-]?(?:alert|banner|bar|box|container|dialog|info|law|message|modal|notice|overlay|popup|wrapper)\S*)?"
)
_OWN_NAME = re.compile(
    rf"(?:{_START}(?:article|artikel|story|entry|post|news|text|main|page)[-_ ]*(?:body|content|text|copy|main)"
    rf"|body[-_ ]*(?:text|copy|content)|{_START}(?:brodtext|copytext|richtext|rich-text|content-?body))"
    r"(?:[-_]+(?:area|block|column|content|text|inner|wrap|wrapper|container|main|copy|root|section|[a-z]*\d\w*))*"
    r"(?!\S)"
)
_LEAD_NAME = _any_word(
    r"lead lede lead-?text ingress intro introduction preamble standfirst dek deck chapo chapeau sapo sub-?title"
    r" sub-?head(?:line|ing)? summary excerpt teaser-?text desc description under-?rubrik vorspann einleitung anleser"
    r" sottotitolo bajada entradilla kicker-?text"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z](?:[a-z]{2}|[a-z]?(?![A-Za-z])|[A-Z]+(?![A-Za-z])))")
"""Where a word begins in `relatedAds`; the "Ad" of a hash such as `x1AuAdJl` is none."""


@lru_cache(maxsize=8192)
def is_foreign_name(names: str) -> bool:
    """Do classes and ids, parted by spaces, name something else than text, and none of them the text itself?

    >>> is_foreign_name("article-related"), is_foreign_name("relatedArticles big"), is_foreign_name("article__content")
    (True, True, False)
    """
    # WordPress writes the subjects of a post as classes of its element.
    words = [word for word in _words(names) if not word.startswith(("tag-", "category-"))]
    foreign = [word for word in words if _FOREIGN_NAME.search(word) or _HIDDEN.fullmatch(word)]
    return bool(foreign) and not any(word not in foreign and _OWN_NAME.search(word) for word in words)


@lru_cache(maxsize=8192)
def is_never_text(names: str) -> bool:
    """Do they name what is no text even where a page shows nothing else?

    >>> is_never_text("cookie-notice"), is_never_text("item-caption")
    (True, False)
    """
    return any(map(_NEVER_TEXT.search, _words(names)))


def is_of_others(names: str) -> bool:
    """Do they name one of many teasers or comments, which may be more than the text?

    >>> is_of_others("col teaser-small"), is_of_others("page-with-sidebar")
    (True, False)
    """
    return bool(_OF_OTHERS.search(names.lower()))


@lru_cache(maxsize=8192)
def is_consent_name(names: str) -> bool:
    """Do they name the box that asks for consent to cookies?

    >>> is_consent_name("site-cookie-notice"), is_consent_name("page cookies-accepted")
    (True, False)
    """
    return any(map(_CONSENT.fullmatch, _words(names)))


@lru_cache(maxsize=8192)
def is_comments_name(names: str) -> bool:
    """Do they name the place of readers' comments?

    >>> is_comments_name("comments-area"), is_comments_name("page has-comments-open")
    (True, False)
    """
    return any(map(_COMMENTS.fullmatch, _words(names)))


@lru_cache(maxsize=8192)
def is_own_name(names: str) -> bool:
    """Do they name the article's text?"""
    return bool(_OWN_NAME.search(" ".join(_words(names))))


@lru_cache(maxsize=8192)
def is_lead_name(names: str) -> bool:
    """Do they name a lead?"""
    return bool(_LEAD_NAME.search(" ".join(_words(names))))


def _words(names: str) -> list[str]:
    return _CAMEL.sub("-", names).lower().split()


_PICTURE = (
    r"(?:foto|photo|bild|picture|image|illustration|quelle|källa|source|credit|fuente|copyright|grafik|video|ảnh|zdjęcie"
    r"|fot)\s?[:/.©].{0,120}|[©@].{0,100}|.{0,40}(?:getty images|shutterstock|/ ?afp|/ ?reuters|/ ?dpa|/ ?tt)\)?"
)
_READ_MORE = (
    r"(?:read (?:more|also|next)|see also|also read|related|more (?:from|on|about|stories)|recommended"
    r"|you (?:may|might) (?:also )?like|läs (?:mer|också|även)|missa inte|mer om|lue (?:myös|lisää)|les (?:også|mer)"
    r"|læs (?:også|mere)|lesen sie|mehr (?:zum thema|dazu|über)|auch interessant|das könnte|lees (?:ook|meer)"
    r"|lire (?:aussi|également|la suite)|à lire|lea (?:también|además)|leia (?:também|mais)|leggi anche"
    r"|czytaj (?:też|także|więcej)|zobacz)\b.{0,140}"
)
_ADVERTISEMENT = (
    r"\W*(?:(?:advertisement|annon[cs](?:en?)?|anzeige|werbung|publicité|publicidade?|reklam[ae]?|pubblicità"
    r"|advertentie|mainos)\W*|(?:story|article) continues\b.{0,40}"
    r"|(?:artikeln|artikkelen|artiklen) (?:fortsätter|fortsetter|fortsætter)\b.{0,40})"
)
_INVITATION = (
    r"(?:follow|join (?:us|our|the)|sign up|subscribe|click here|get the latest|download|folg(?:en sie|e uns|t uns)"
    r"|följ (?:oss|\w+ på)|prenumerera|abonnieren|abonnez|suscríbete|share this|dela (?:artikeln|på|via|med)|teilen)\b"
    r".{0,160}"
)
_NOISE = re.compile("|".join((_PICTURE, _READ_MORE, _ADVERTISEMENT, _INVITATION)), re.IGNORECASE | re.DOTALL)
_ONWARD = re.compile(
    r"(?:more|related|recommended|read (?:more|next|also)|you (?:may|might)|also read|most (?:read|popular)|trending"
    r"|latest|mer (?:om|från|i)|läs (?:mer|också|även|vidare)|relatera\w+|mest läst|senaste|fler artiklar"
    r"|les (?:også|mer)|læs (?:også|mere)|mehr|lesen sie|auch interessant|das könnte|weitere|lees ook|meer over|à lire"
    r"|lire aussi|sur le même|lea también|más (?:sobre|noticias)|te puede|leggi anche|leia também|czytaj|zobacz"
    r"|about the author|über (?:die|den) autor|om (?:författaren|skribenten))\b.{0,60}",
    re.IGNORECASE,
)
_LONGEST_NOISE, _LONGEST_ONWARD = 200, 80  # characters


def is_noise(line: str) -> bool:
    """Is a line a credit, an advertisement's mark, a link onwards or an invitation to subscribe?

    >>> is_noise("Foto: Eva Ek"), is_noise("Läs också: Badet stänger"), is_noise("Följden blev att badet stängde.")
    (True, True, False)
    """
    return len(line) < _LONGEST_NOISE and bool(_NOISE.fullmatch(line))


def leads_onward(line: str) -> bool:
    """Is a line the heading of other articles?

    >>> leads_onward("Mer om badhuset"), leads_onward("Mer om badhuset fick nämnden inte veta.")
    (True, False)
    """
    return len(line) < _LONGEST_ONWARD and not line.endswith((".", "!")) and bool(_ONWARD.fullmatch(line))
