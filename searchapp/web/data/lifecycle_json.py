"""Write validity and relations of a document as the API gives them."""

from __future__ import annotations

from typing import Any, Final

from searchapp import graph
from searchapp.article import Document
from searchapp.citations.find.relations import cues
from searchapp.engine import Engine
from searchapp.web.data.serialize import document_json, pieces_json
from searchapp.web.pages.lifecycle import Told, relations
from searchapp.web.request import Visit

Json = dict[str, Any]

_CARRIED: Final = 0.9
_PUBLIC: Final = {cues.STAYS: cues.CONTINUES}
"""The API's name for a document that stays in force: it continues."""


def lifecycle_json(visit: Visit, engine: Engine, shown: Document, chain: graph.Chain) -> Json:
    """Return `in_force`, `status` and `relations` of a document, as of `tai_ngay=` or today."""
    standing = visit.site.standing(engine)
    status = standing.status(shown.slug, visit.day())
    by = engine.document(status.edge.doer) if status.edge else None
    return {
        "in_force": standing.force.in_force(shown.slug) or None,
        "status": {
            "value": status.value,
            "since": status.since or None,
            "by": _named_json(visit, by) if by else None,
            "sure": status.sure,
            "on": status.on,
            "later": status.later or None,
        },
        "relations": [
            *(_told_json(visit, one) for one in relations(visit, engine, shown)),
            *(_carried_json(visit, one, "out") for one in chain.above),
            *(_carried_json(visit, one, "in") for one in chain.below),
        ],
    }


def _named_json(visit: Visit, document: Document) -> Json:
    """Return a document as a relation names it."""
    return {"slug": document.slug, **document_json(visit, document)}


def _told_json(visit: Visit, one: Told) -> Json:
    """Return one relation of a document."""
    article = one.article
    return {
        "kind": _PUBLIC.get(one.edge.kind, one.edge.kind),
        "direction": one.direction,
        "document": _named_json(visit, one.document),
        "part": list(one.edge.part),
        "day": one.edge.day or None,
        "until": one.edge.until or None,
        "exception": one.edge.exception,
        "sure": one.edge.sure,
        "source": one.edge.source or None,
        "article": _article(visit, article.key, article.title) if article else None,
        "sentence": pieces_json(one.sentence),
    }


def _carried_json(visit: Visit, one: graph.Stated, direction: str) -> Json:
    """Return a document that carries another out, as a relation."""
    return {
        "kind": cues.CARRIES_OUT,
        "direction": direction,
        "document": _named_json(visit, one.document),
        "part": [],
        "day": None,
        "until": None,
        "exception": False,
        "sure": _CARRIED,
        "source": None,
        "article": _article(visit, one.article.key, one.article.title),
        "sentence": pieces_json(one.sentence),
    }


def _article(visit: Visit, key: str, title: str) -> Json:
    return {"id": key, "title": title, "url": visit.links.article(key, title)}
