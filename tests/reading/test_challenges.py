from __future__ import annotations

import pytest

from orebro_spiders.reading.challenges import MAX_WORDS, challenge_in

PROSE = "Badet i Vivalla öppnar på måndag efter två år av renovering. " * 20


@pytest.mark.parametrize(
    ("page", "who"),
    [
        ("<title>Just a moment...</title><script>window._cf_chl_opt={}</script>", "Cloudflare"),
        ("<title>bladet.example</title><script src='https://ct.captcha-delivery.com/c.js'></script>", "DataDome"),
        ("<iframe src='/_Incapsula_Resource?SWUDNSAI=31'></iframe>", "Imperva"),
        ("<h1>Ett ögonblick</h1><div class='g-recaptcha' data-sitekey=x></div>", "reCAPTCHA"),
        ("<h1>Kontroll</h1><script src='https://js.hcaptcha.com/1/api.js'></script>", "hCaptcha"),
        ("<title>Tidningen</title><noscript>Javascript är avstängt i din webbläsare.</noscript>", "JavaScript"),
        ("<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>", "JavaScript"),
        ("<p>Vänligen aktivera JavaScript för att fortsätta.</p>", "JavaScript"),
        (
            "<h1>Vi värnar om dig</h1><p>För att fortsätta måste du godkänna våra cookies.</p><button>OK</button>",
            "cookies",
        ),
        ("<p>Please accept cookies to continue.</p>", "cookies"),
        ("<h1>Är du en människa?</h1><p>Kryssa i rutan.</p>", "captcha"),
        ("<p>Visa att du inte är en robot.</p>", "captcha"),
        ("<p>Checking your browser before accessing the site.</p>", "captcha"),
    ],
)
def test_a_page_that_asks_instead_of_telling(page: str, who: str) -> None:
    assert challenge_in(f"<!doctype html><html><body>{page}</body></html>".encode()) == who


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<h1>404</h1><p>Sidan finns inte.</p>",
        "<p>Badet öppnar. Vi använder kakor.</p>",
        "<p>Roboten klipper gräset i Stadsparken.</p>",
        f"<p>{PROSE}</p><noscript>Aktivera JavaScript för att kommentera.</noscript>",
        f"<p>{PROSE}</p><form><div class='g-recaptcha'></div></form>",
        f"<p>{PROSE}</p><script src='/cdn-cgi/challenge-platform/x.js'></script><script>_cf_chl_opt</script>",
        "<article><h1>Badet</h1><p>Öppnar nu.</p></article><noscript>Aktivera JavaScript.</noscript>",
        '<script type="application/ld+json">{"@type": "NewsArticle"}</script><p>Kort.</p><div class=g-recaptcha></div>',
        "<!-- enable javascript --><script>'please enable cookies'</script><p>Kort notis.</p>",
    ],
)
def test_a_page_that_tells_something(page: str) -> None:
    assert challenge_in(f"<!doctype html><html><body>{page}</body></html>".encode()) == ""


def test_words_are_counted_as_a_reader_sees_them() -> None:
    asks = "Aktivera JavaScript. "
    hidden = f"<style>{'a b ' * MAX_WORDS}</style><script>{'c d ' * MAX_WORDS}</script>"
    assert challenge_in(f"<body>{hidden}{asks}</body>".encode()) == "JavaScript"
    assert challenge_in(f"<body>{asks}{'ord ' * MAX_WORDS}</body>".encode()) == ""
