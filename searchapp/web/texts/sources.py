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
    "report": ("Lần cập nhật gần nhất", "The last update"),
    "report.text": (
        "Những gì đã đọc khi dựng bản chỉ mục này, và những tệp không đọc được vì sao.",
        "What was read for this index, and which files could not be, and why.",
    ),
    "report.read": ("Tệp đã đọc", "Files read"),
    "report.new": ("Bài mới", "New articles"),
    "report.changed": ("Bài đã sửa", "Changed articles"),
    "report.unchanged": ("Bài giữ nguyên", "Unchanged articles"),
    "report.removed": ("Bài đã gỡ", "Removed articles"),
    "report.copies": ("Bản trùng, gộp vào bài đã có", "Copies, joined to their article"),
    "report.skipped": ("Tệp và dòng bỏ qua", "Files and rows skipped"),
    "report.undated": ("Bài không rõ ngày", "Articles of unknown date"),
    "report.themeless": ("Bài chưa xếp được chủ đề", "Articles without a theme"),
    "report.suspicious": ("Bài có chữ đáng ngờ", "Articles with suspicious text"),
    "report.converted": ("Chuyển từ {encoding} sang Unicode", "Converted from {encoding} to Unicode"),
    "skipped.scan": ("bản quét chưa có lớp chữ, cần nhận dạng (OCR) trước", "scans without text: OCR first"),
    "skipped.damaged": ("chữ hỏng do nhận dạng sai hoặc do phông cũ", "text damaged by OCR or a font"),
    "skipped.foreign": ("không phải tiếng Việt", "not Vietnamese"),
    "skipped.locked": ("có mật khẩu", "with a password"),
    "skipped.empty": ("không có nội dung", "without content"),
    "skipped.limit": ("quá lớn hoặc đọc quá lâu", "too large or too slow to read"),
    "skipped.twice": ("trùng mã với một bài khác", "with the id of another article"),
    "skipped.link": ("đường dẫn hay thiết bị, không phải tệp", "links or devices, not files"),
    "skipped.format": ("định dạng không đọc được", "of a format that cannot be read"),
    "skipped.other": ("hỏng hoặc sai cách ghi", "damaged or malformed"),
}
