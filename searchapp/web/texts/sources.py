"""Texts about where articles come from: their sources, the page of coverage, the report of the last reindex."""

from __future__ import annotations

from typing import Final

TABLE: Final[dict[str, tuple[str, ...]]] = {
    "article.sources": ("Bài này có ở", "This article is in"),
    "origin.file": ("Tệp {path}", "File {path}"),
    "origin.feed": ("Bản tin tự động (feed) {path}", "Feed {path}"),
    "origin.page": ("Trang web, lưu ngày {date}", "Web page, captured on {date}"),
    "origin.page-undated": ("Trang web đã lưu", "Captured web page"),
    "coverage.text": (
        "Bộ sưu tập có {n} bài; ô càng đậm, tháng ấy càng nhiều bài.",
        "The collection holds {n} article; the darker a cell, the more articles.",
        "The collection holds {n} articles; the darker a cell, the more articles.",
    ),
    "coverage.undated": ("{n} bài không rõ ngày", "{n} article of unknown date", "{n} articles of unknown date"),
    "coverage.documents": ("{n} văn bản được nhắc", "{n} document cited", "{n} documents cited"),
    "coverage.year": ("Năm", "Year"),
    "coverage.total": ("Cả năm", "Total"),
    "coverage.index": ("Bản chỉ mục {generation}, dựng lúc {built}", "Index {generation}, built {built}"),
}
