"""Scrapy's settings for the project. What the user sets stands in `orebro.toml` and comes in by the spider loader."""

from __future__ import annotations

import os

BOT_NAME = "orebro"
SPIDER_MODULES = ["orebro_spiders.spiders"]
SPIDER_LOADER_CLASS = "orebro_spiders.spiderloader.SourceLoader"

OREBRO_DB = os.environ.get("OREBRO_DB", "news.db")
OREBRO_CONFIG = os.environ.get("OREBRO_CONFIG", "")

# Polite by default. The pause between two requests, the User-Agent and the addresses that may be fetched
# are set for each source by the spider loader.
ROBOTSTXT_OBEY = False  # ours is RobotsMiddleware: it remembers robots.txt across runs (RFC 9309)
CONCURRENT_REQUESTS = 1  # a pause that a host asks for reaches every request that has not left yet
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY_JITTER = 0
COOKIES_ENABLED = False
REFERRER_POLICY = "no-referrer"
METAREFRESH_ENABLED = False
HTTPERROR_ALLOWED_CODES = [304]
REDIRECT_MAX_TIMES = 5
RETRY_TIMES = 1
RETRY_HTTP_CODES = [408, 500, 502, 504, 522, 524]  # 429 and 503 are PauseMiddleware's
# Scrapy's own list names errors of its Twisted handlers, which take a tenth of a second to load.
RETRY_EXCEPTIONS = [
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.DownloadTimeoutError",
    "scrapy.exceptions.ResponseDataLossError",
]
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "application/atom+xml,application/rss+xml,application/json,text/html;q=0.9,*/*;q=0.5",
    "Accept-Language": "sv,en;q=0.5",
}

# Safe by default.
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_WARNSIZE = 0
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
DOWNLOAD_HANDLERS = {
    "http": "orebro_spiders.handlers.PoliteDownloadHandler",
    "https": "orebro_spiders.handlers.PoliteDownloadHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}

# Lean: no reactor, and of Scrapy's parts only those that do something here. What is merely switched off would still
# be loaded. One item after the other, in the order of the page, which ArchivePipeline relies on (and 100 at a time
# cost a third of the CPU of a page).
TWISTED_REACTOR_ENABLED = False
WARN_ON_GENERATOR_RETURN_VALUE = False
CONCURRENT_ITEMS = 1
LOG_LEVEL = "WARNING"
LOG_INSTALL_ROOT_HANDLER = False
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"  # what counts is counted in the crawl log

EXTENSIONS_BASE: dict[str, int] = {}
EXTENSIONS = {
    "scrapy.extensions.feedexport.FeedExporter": 0,  # scrapy crawl NAME -o FILE
    "orebro_spiders.extensions.CrawlLog": 500,
}
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
DOWNLOADER_MIDDLEWARES = {
    # nearest to the engine
    "orebro_spiders.middlewares.PauseMiddleware": 90,
    "orebro_spiders.middlewares.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    "orebro_spiders.middlewares.ConditionalMiddleware": 580,  # hashes the plain body
    "orebro_spiders.middlewares.ChallengeMiddleware": 585,
    "orebro_spiders.middlewares.CompleteMiddleware": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
    "orebro_spiders.middlewares.ProxyMiddleware": 740,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
    # nearest to the network
}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
SPIDER_MIDDLEWARES = {
    # nearest to the engine
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": 25,
    "orebro_spiders.middlewares.PageMiddleware": 40,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": 50,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": 700,  # sends none, also after redirects
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": 800,
    # nearest to the spider
}
ITEM_PIPELINES = {
    "orebro_spiders.pipelines.CleanPipeline": 100,
    "orebro_spiders.pipelines.ArchivePipeline": 900,
}
