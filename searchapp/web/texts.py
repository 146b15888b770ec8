"""Every sentence of the pages, Vietnamese and English, in one table; numbers and dates in the reader's form."""

from __future__ import annotations

from typing import Final, Literal

from searchapp.dates import display

MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

# key: (Vietnamese, English) or (Vietnamese, English for one, English for more).
TABLE: Final[dict[str, tuple[str, ...]]] = {
    "skip": ("Đến nội dung chính", "Skip to content"),
    "search": ("Tìm", "Search"),
    "search.label": ("Tìm kiếm", "Search"),
    "search.placeholder": ("Tìm nghị quyết, chỉ thị, bài viết…", "Search resolutions, directives, articles…"),
    "home": ("Trang đầu", "Home"),
    "home.size": (
        "{n} bài viết và văn bản, {first} – {last}. Gõ có dấu hay không dấu đều được.",
        "{n} article, {first} – {last}. Type with or without diacritics.",
        "{n} articles, {first} – {last}. Type with or without diacritics.",
    ),
    "home.size.undated": (
        "{n} bài viết và văn bản. Gõ có dấu hay không dấu đều được.",
        "{n} article. Type with or without diacritics.",
        "{n} articles. Type with or without diacritics.",
    ),
    "home.newest": ("Mới nhất", "Newest"),
    "home.featured": ("Tin nổi bật", "Featured"),
    "home.cited": ("Văn bản được nhắc nhiều nhất", "Most cited documents"),
    "home.by-day": ("Xem tin theo ngày", "Browse by day"),
    "home.all-themes": ("Tất cả chủ đề", "All themes"),
    "about": ("Cách tìm", "How to search"),
    "coverage": ("Độ phủ", "Coverage"),
    "themes": ("Chủ đề", "Themes"),
    "by-day": ("Theo ngày", "By day"),
    "articles": ("{n} bài", "{n} article", "{n} articles"),
    "undated": ("Không rõ ngày", "Date unknown"),
    "untitled": ("Không có tiêu đề", "Untitled"),
    "date": ("Thời gian", "Date"),
    "since": ("từ {date}", "from {date}"),
    "until": ("đến {date}", "until {date}"),
    "issued": ("ban hành", "issued"),
    "congress": ("Đại hội {ordinal}", "Congress {ordinal}"),
    "term": ("nhiệm kỳ {term}", "term {term}"),
    "results": ("{n} kết quả", "{n} result", "{n} results"),
    "results.for": ("{n} kết quả cho “{q}”", "{n} result for “{q}”", "{n} results for “{q}”"),
    "results.feed": ("Mới nhất về “{q}”", "Newest on “{q}”"),
    "results.took": ("{s} giây", "{s} s"),
    "results.list": ("Danh sách kết quả", "Results"),
    "results.none": ("Không có bài nào khớp", "Nothing matches"),
    "results.none.filters": ("Bỏ hết bộ lọc và tìm lại", "Search again without filters"),
    "results.none.tips": (
        "Thử bớt từ, bỏ ngoặc kép, hoặc gõ không dấu. Số hiệu có thể gõ như 05-NQ/TU hoặc NQ 05.",
        "Try fewer words, no quotes, or no diacritics. Document numbers can be typed as 05-NQ/TU or NQ 05.",
    ),
    "results.page": ("trang {page} trên {pages}", "page {page} of {pages}"),
    "results.follow": ("Theo dõi (Atom)", "Follow (Atom)"),
    "results.json": ("Dữ liệu (JSON)", "Data (JSON)"),
    "sort": ("Xếp theo", "Sort by"),
    "sort.relevance": ("Liên quan nhất", "Most relevant"),
    "sort.newest": ("Mới nhất", "Newest"),
    "sort.oldest": ("Cũ nhất", "Oldest"),
    "size": ("Mỗi trang", "Per page"),
    "filters": ("Lọc kết quả", "Filters"),
    "filters.chosen": ("Đang lọc", "Filters in force"),
    "filters.remove": ("bỏ lọc", "remove"),
    "filters.clear": ("Xóa hết", "Clear all"),
    "filters.apply": ("Áp dụng", "Apply"),
    "filters.close": ("Đóng", "Close"),
    "filters.more": ("Xem thêm {n}", "{n} more"),
    "filters.find": ("Tìm trong danh sách", "Find in list"),
    "filters.from": ("Từ ngày", "From"),
    "filters.to": ("Đến ngày", "To"),
    "timeline.year": ("Số bài theo năm", "Articles by year"),
    "timeline.month": ("Số bài theo tháng", "Articles by month"),
    "timeline.day": ("Số bài theo ngày", "Articles by day"),
    "timeline.table": ("Bảng số liệu", "As a table"),
    "timeline.back": ("Xem toàn bộ thời gian", "Show all dates"),
    "timeline.count": ("Số bài", "Articles"),
    "card.cited": ("{n} bài nhắc đến", "cited by {n} article", "cited by {n} articles"),
    "card.several": ("Số hiệu này có ở {n} văn bản", "{n} documents bear this number"),
    "card.text": ("Đọc toàn văn", "Read the text"),
    "why": ("Vì sao có kết quả này", "Why this result"),
    "why.exact": ("đúng từng dấu", "exact accents"),
    "why.folded": ("cùng chữ, khác dấu hoặc gõ không dấu", "same letters, other or no accents"),
    "why.number": ("nhắc đúng văn bản này", "cites this document"),
    "why.phrase": ("đúng cả cụm", "the whole phrase"),
    "why.synonym": ("qua từ viết tắt", "through an abbreviation"),
    "why.part": ("chỉ có một phần các từ", "only some of the words"),
    "notice.folded": ("Đã tìm không phân biệt dấu", "Searched without regard to accents"),
    "notice.relaxed": (
        "Không bài nào có đủ mọi từ; dưới đây là những bài có nhiều từ nhất",
        "No article has all the words; these have most of them",
    ),
    "notice.also": ("Gồm cả: {0}", "Also: {0}"),
    "notice.rarest": ("Câu dài: chỉ dùng {0} từ hiếm nhất", "Long query: only its {0} rarest words are used"),
    "notice.decoded": ("Hiển thị kết quả cho “{0}”", "Showing results for “{0}”"),
    "notice.corrected": (
        "Không có bài nào có “{0}”. Hiển thị kết quả cho “{1}”",
        "No article has “{0}”. Showing results for “{1}”",
    ),
    "suggestions": ("Gợi ý", "Suggestions"),
    "as-typed": ("tìm nguyên văn “{0}”", "search for “{0}” as typed"),
    "notice.unknown-number": (
        "Chưa biết văn bản nào mang số hiệu {0}; đã tìm như từ thường",
        "No known document bears {0}; searched as words",
    ),
    "did-you-mean": ("Có phải bạn tìm", "Did you mean"),
    "pager": ("Các trang kết quả", "Result pages"),
    "pager.page": ("Trang {n}", "Page {n}"),
    "pager.next": ("Trang sau", "Next"),
    "pager.previous": ("Trang trước", "Previous"),
    "article.source": ("Xem bài gốc", "Original"),
    "article.related": ("Bài liên quan", "Related articles"),
    "article.same-day": ("Cùng ngày", "Same day"),
    "article.documents": ("Văn bản được nhắc trong bài", "Documents cited here"),
    "article.marks": ("{n} chỗ khớp trong bài", "{n} match in the text", "{n} matches in the text"),
    "article.next-mark": ("Chỗ khớp sau", "Next match"),
    "article.previous-mark": ("Chỗ khớp trước", "Previous match"),
    "article.back": ("Về kết quả tìm “{q}”", "Back to results for “{q}”"),
    "article.cite": ("Trích dẫn bài này", "Cite this article"),
    "article.copy": ("Chép trích dẫn", "Copy citation"),
    "article.copied": ("Đã chép", "Copied"),
    "document.symbol": ("Số hiệu", "Number"),
    "document.issuer": ("Cơ quan ban hành", "Issuer"),
    "document.date": ("Ngày ban hành", "Issued on"),
    "document.term": ("Nhiệm kỳ", "Term"),
    "document.aliases": ("Còn gọi là", "Also called"),
    "document.doubtful": ("Thông tin này chưa chắc chắn", "These facts are not certain"),
    "document.citing": ("Bài nhắc đến văn bản này", "Articles citing this document"),
    "document.none": ("Chưa có bài nào nhắc đến văn bản này", "No article cites this document yet"),
    "document.together": ("Thường đi cùng", "Often cited together"),
    "document.themes": ("Chủ đề", "Themes"),
    "document.namesakes": ("Số này còn có ở", "The same number elsewhere"),
    "document.all": ("Xem và lọc cả {n} bài", "See and filter {n} article", "See and filter all {n} articles"),
    "chooser.title": ("{symbol}: chọn văn bản", "{symbol}: choose a document"),
    "chooser.text": (
        "Số hiệu này được dùng ở nhiều nơi hoặc nhiều nhiệm kỳ. Bạn tìm văn bản nào?",
        "This number is used in several places or terms. Which document do you mean?",
    ),
    "day.title": ("Tin ngày {date}", "Articles of {date}"),
    "day.month": ("Tin tháng {date}", "Articles of {date}"),
    "day.before": ("Ngày trước có bài", "Previous day"),
    "day.after": ("Ngày sau có bài", "Next day"),
    "day.same": ("Ngày này năm khác", "This day in other years"),
    "day.none": ("Không có bài nào", "No articles"),
    "day.whole-month": ("Cả tháng {date}", "All of {date}"),
    "day.calendar": ("Lịch tháng {date}", "Calendar of {date}"),
    "day.previous-month": ("Tháng trước", "Previous month"),
    "day.next-month": ("Tháng sau", "Next month"),
    "theme.newest": ("Mới nhất", "Newest"),
    "theme.documents": ("Văn bản được nhắc nhiều nhất", "Most cited documents"),
    "theme.all": ("Xem và lọc cả {n} bài", "See and filter {n} article", "See and filter all {n} articles"),
    "themes.text": (
        "Bài viết được xếp chủ đề theo từ khóa và theo văn bản được nhắc.",
        "Articles get their themes from their words and from the documents they cite.",
    ),
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
    "error.400": ("Chưa hiểu yêu cầu này", "This request was not understood"),
    "error.400.text": ("Địa chỉ hoặc câu tìm có chỗ không hợp lệ.", "Something in the address is not valid."),
    "error.404": ("Không có trang này", "There is no such page"),
    "error.404.text": (
        "Bài có thể đã được gỡ hoặc địa chỉ gõ nhầm. Hãy tìm theo tên bài.",
        "It may have been removed, or the address is mistyped. Try a search for its title.",
    ),
    "error.405": ("Trang này chỉ để xem", "This page can only be read"),
    "error.405.text": ("Phương thức gửi không được chấp nhận.", "The method is not allowed."),
    "error.413": ("Nội dung gửi lên quá lớn", "Too much was sent"),
    "error.413.text": ("Hãy gửi ít hơn một triệu byte.", "Send less than a million bytes."),
    "error.414": ("Địa chỉ quá dài", "The address is too long"),
    "error.414.text": ("Hãy rút gọn câu tìm hoặc bỏ bớt bộ lọc.", "Use a shorter query or fewer filters."),
    "error.429": ("Quá nhiều yêu cầu", "Too many requests"),
    "error.429.text": ("Hãy đợi một phút rồi thử lại.", "Wait a minute and try again."),
    "error.500": ("Có lỗi ở phía chúng tôi", "Something went wrong on our side"),
    "error.500.text": ("Lỗi đã được ghi lại. Hãy thử lại sau.", "It has been recorded. Try again later."),
    "error.503": ("Tạm thời chưa tìm được", "Search is not available for the moment"),
    "error.503.text": ("Chỉ mục đang bận hoặc đang sửa. Hãy thử lại sau ít phút.", "Try again in a few minutes."),
    "error.empty": ("Chưa có bài nào được đưa vào chỉ mục.", "Nothing has been indexed yet."),
    "error.search": ("Tìm “{q}”", "Search for “{q}”"),
}


def say(lang: Literal["vi", "en"], key: str, *parts: str, **values: object) -> str:
    """A text with its values filled in; whole numbers are grouped by thousands, and `n` chooses the English form."""
    texts = TABLE[key]
    text = texts[0] if lang == "vi" else texts[-1 if values.get("n", 1) != 1 else 1]
    shown = {name: number(lang, value) if isinstance(value, int) else value for name, value in values.items()}
    return text.format(*parts, **shown) if parts or shown else text


def number(lang: Literal["vi", "en"], value: int) -> str:
    """6894 → "6.894" in Vietnamese, "6,894" in English."""
    grouped = f"{value:,}"
    return grouped.replace(",", ".") if lang == "vi" else grouped


def date(lang: Literal["vi", "en"], iso: str) -> str:
    """A valid ISO date cut to what is known, as the reader writes it: "15/9/2021", "15 September 2021"."""
    if lang == "vi":
        return display(iso)
    year, *rest = iso.split("-")
    return " ".join([*(str(int(day)) for day in rest[1:]), *(MONTHS[int(month) - 1] for month in rest[:1]), year])
