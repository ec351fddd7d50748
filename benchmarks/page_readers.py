"""One way to read pages, in a process of its own: what it says of each page, then what it cost.

    python benchmarks/page_readers.py NAME GOLD

Standard output gets one JSON object a page (id, title, text, published, authors) and at last {"pages", "cpu"}, where
cpu is seconds without imports, without unpacking, after one page to warm up. Run with the Python of the environment
where the library is installed.
"""

import gzip
import json
import sys
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

Said = dict[str, Any]
Reader = Callable[[bytes, str], Said]


def ours() -> Reader:
    """`read_article` as for any site."""
    return _ours()


def ours_by_selectors() -> Reader:
    """`read_article` as for a site whose places are known; these selectors fit most pages, and none well."""
    selectors = import_module("orebro_spiders.reading.extraction").Selectors(
        body=("[itemprop=articleBody]", "article", "main", "body"), date=("article time",), author=(".byline",)
    )
    return _ours(selectors=selectors)


def _ours(**how: Any) -> Reader:
    read = import_module("orebro_spiders.reading.extraction").read_article
    now = datetime.now(UTC)

    def said(html: bytes, url: str) -> Said:
        found = read(html, url, now, **how)
        day = found.published and found.published.isoformat()
        return {"title": found.title, "text": found.text, "published": day, "authors": list(found.authors)}

    return said


def lxml() -> Reader:
    """Only parsed, nothing read: what no reader can do without."""
    parse = import_module("lxml.html").document_fromstring

    def said(html: bytes, _url: str) -> Said:
        parse(html)
        return {}

    return said


def _trafilatura(**how: Any) -> Reader:
    extract = import_module("trafilatura").bare_extraction

    def said(html: bytes, url: str) -> Said:
        found = extract(html, url=url, include_comments=False, with_metadata=True, **how)
        if found is None:
            return {}
        names = found.author.split("; ") if found.author else []
        return {"title": found.title, "text": found.text, "published": found.date, "authors": names}

    return said


def trafilatura() -> Reader:
    """As it comes."""
    return _trafilatura()


def trafilatura_fast() -> Reader:
    """Without its fallbacks."""
    return _trafilatura(fast=True)


def trafilatura_precision() -> Reader:
    """Rather less text than too much."""
    return _trafilatura(favor_precision=True)


def readability() -> Reader:
    """readability-lxml: title and text."""
    document = import_module("readability").Document
    html = import_module("lxml.html")

    def said(page: bytes, url: str) -> Said:
        found = document(page, url=url)
        tree = html.fragment_fromstring(found.summary(html_partial=True), create_parent="div")
        return {"title": found.short_title(), "text": "\n".join(" ".join(tree.itertext()).splitlines())}

    return said


def newspaper4k() -> Reader:
    """Title, text, date and authors."""
    article = import_module("newspaper").Article

    def said(page: bytes, url: str) -> Said:
        found = article(url, fetch_images=False)
        found.download(input_html=page.decode(errors="replace"))
        found.parse()
        day = found.publish_date
        names = list(found.authors)
        return {"title": found.title, "text": found.text, "published": day and day.isoformat(), "authors": names}

    return said


def htmldate() -> Reader:
    """The date alone."""
    find = import_module("htmldate").find_date
    return lambda page, url: {"published": find(page.decode(errors="replace"), original_date=True, url=url)}


def dateparser() -> Reader:
    """The first `<time>` of a page, by dateparser: what one writes in an afternoon."""
    parse = import_module("dateparser").parse
    html = import_module("lxml.html")

    def said(page: bytes, _url: str) -> Said:
        time_element = next(html.document_fromstring(page).iter("time"), None)
        if time_element is None:
            return {}
        day = parse(time_element.get("datetime") or time_element.text_content())
        return {"published": day and day.isoformat()}

    return said


READERS = {
    reader.__name__: reader
    for reader in (
        ours,
        ours_by_selectors,
        lxml,
        trafilatura,
        trafilatura_fast,
        trafilatura_precision,
        readability,
        newspaper4k,
        htmldate,
        dateparser,
    )
}


def main() -> None:
    """Read the pages that a file with gold names, and say what they are and what it cost."""
    warnings.simplefilter("ignore")
    name, gold = sys.argv[1:]
    read = READERS[name]()
    pages = [json.loads(line) for line in Path(gold).read_text(encoding="utf-8").splitlines() if line.strip()]
    cpu = 0.0
    for number, page in enumerate([pages[0], *pages]):
        html = gzip.decompress((Path(gold).parent / page["html"]).read_bytes())
        begun = time.process_time()
        said = _said(read, html, page["url"])
        if number:
            cpu += time.process_time() - begun
            print(json.dumps({"id": page["id"], **said}))
    print(json.dumps({"pages": len(pages), "cpu": cpu}))


def _said(read: Reader, html: bytes, url: str) -> Said:
    """What a reader says; one that fails at a page says nothing of it, as in a crawl."""
    try:
        return read(html, url)
    except Exception as error:
        print(f"{url}: {error!r}", file=sys.stderr)
        return {}


if __name__ == "__main__":
    main()
