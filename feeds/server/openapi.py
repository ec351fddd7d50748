"""The API's description (OpenAPI 3.1, https://spec.openapis.org/oas/v3.1.1.html): its shapes come from the records."""

from __future__ import annotations

from typing import Any

import msgspec

from feeds.server import records
from feeds.server.api import MOST_ARTICLES, USUAL_ARTICLES
from orebro_spiders import __version__
from orebro_spiders.sources import Config

_REF = "#/components/schemas/{name}"
_WORDS = {
    "q": 'Words, as `orebro search` takes them: `simhall*`, `"brand i villa"`, `-ord`, `a OR b`, `titel:`, `kommun:`.',
    "source": "Names of sources, repeated or with commas.",
    "kind": "Kinds, repeated or with commas: news, press, notice.",
    "municipality": "Municipalities, repeated or with commas.",
    "since": "The first day, month or year: 2026-03-01, 2026-03, 2026.",
    "until": "The last day, month or year.",
}


def description(config: Config, home: str) -> dict[str, Any]:
    """The document for the API that is served under the address `home`."""
    _, shapes = msgspec.json.schema_components(_SHAPES, ref_template=_REF)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": config.site.title,
            "version": __version__,
            "description": "Everything newsrooms, authorities and press rooms in Örebro county publish. Read-only; "
            "instants are UTC. Texts belong to their newsrooms: whole ones are given where they may be passed on.",
        },
        "servers": [{"url": home.rstrip("/")}],
        "paths": {
            "/api/articles": _get(
                "listArticles",
                "The newest articles that answer a query",
                records.ArticleList,
                [*_queries(), _limit(), _parameter("cursor", "Where the list goes on: part of `next`.")],
                refused={"400": "A filter, limit or cursor that is none"},
            ),
            "/api/articles/{id}": _get(
                "getArticle",
                "One article with what it said before",
                records.ArticleHistory,
                [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "description": _ID}],
                refused={"404": "There is no such article", "410": "The newsroom has withdrawn it"},
            ),
            "/api/sources": _get("listSources", "The newsrooms that are read, and how they fare", _many("SourceState")),
            "/api/channels": _get("listChannels", "The feeds that are given out", _many("ChannelInfo")),
            "/halsa.json": _get(
                "getHealth",
                "How each source fares; 503 with the same body when one fails or is silent",
                _many("SourceHealth"),
            ),
        },
        "components": {"schemas": shapes},
    }


_ID = "The article's `tag:` URI, percent-encoded."
_SHAPES = (
    records.ArticleList,
    records.ArticleHistory,
    records.SourceState,
    records.ChannelInfo,
    records.SourceHealth,
    records.ProblemDetails,
)
_REFUSED = {"429": "Too many requests; `Retry-After` says when to come back", "503": "The archive cannot be asked now"}


def _get(
    name: str,
    summary: str,
    answer: type[msgspec.Struct] | dict[str, Any],
    parameters: list[dict[str, Any]] | None = None,
    refused: dict[str, str] | None = None,
) -> dict[str, Any]:
    shape = answer if isinstance(answer, dict) else {"$ref": _REF.format(name=answer.__name__)}
    problem = {"application/problem+json": {"schema": {"$ref": _REF.format(name="ProblemDetails")}}}
    refusals = {**(refused or {}), **_REFUSED}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": parameters or [],
            "responses": {
                "200": {"description": summary, "content": {"application/json": {"schema": shape}}},
                **{status: {"description": text, "content": problem} for status, text in refusals.items()},
            },
        }
    }


def _many(name: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": _REF.format(name=name)}}


def _queries() -> list[dict[str, Any]]:
    return [_parameter(name, text) for name, text in _WORDS.items()]


def _parameter(name: str, text: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}


def _limit() -> dict[str, Any]:
    limits = {"type": "integer", "minimum": 1, "maximum": MOST_ARTICLES, "default": USUAL_ARTICLES}
    return {"name": "limit", "in": "query", "description": "Articles at most.", "schema": limits}
