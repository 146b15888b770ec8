"""The day of an article tells which congress of a committee is meant: files in, `engine.articles()` out."""

from dataclasses import replace
from pathlib import Path

import pytest

from searchapp.config import Settings, SourceSettings
from searchapp.engines import open_engine
from searchapp.ingest import reindex
from searchapp.query import Query

CITY = {"Trang Thành phố": SourceSettings(issuer="Thành ủy TPHCM")}
ARTICLE = """---
title: {title}
date: {date}
source: {source}
---
Hôm nay, các cơ sở đảng học tập {cited} trong toàn thành phố, theo kế hoạch chung của năm.
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_local_congress_is_resolved_by_the_day_of_its_article(tmp_path: Path, jobs: int) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    cases = {
        "2026": ("2026-03-02", "Nghị quyết Đại hội Đảng bộ TPHCM lần thứ I", "2025-2030"),
        "undated": ("", "Nghị quyết Đại hội Đảng bộ TPHCM lần thứ I", ""),
        "stated": ("2021-10-05", "Nghị quyết Đại hội đại biểu Đảng bộ TPHCM lần thứ XI", "2020-2025"),
    }
    for name, (date, cited, _) in cases.items():
        text = ARTICLE.format(title=f"Học tập nghị quyết {name}", date=date, source="Trang Thành phố", cited=cited)
        (corpus / f"{name}.md").write_text(text, encoding="utf-8")
    settings = replace(Settings(), index=tmp_path / "index", corpus=(corpus,), sources=CITY)
    reindex(settings.corpus, settings.index, settings, jobs=jobs)
    engine = open_engine(settings)()
    articles = {match.article.path: match.article for match in engine.search(Query(size=10)).matches}
    for name, (_, cited, term) in cases.items():
        (article,) = (one for path, one in articles.items() if path.endswith(f"{name}.md"))
        meant = [engine.document(citation.document) for citation in article.citations]
        assert [document.term if document else "" for document in meant] == [term], (name, cited)
