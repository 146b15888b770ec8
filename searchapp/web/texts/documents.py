"""The sentences about documents: their pages, cards, choosers and pictures."""

from typing import Final

TABLE: Final[dict[str, tuple[str, ...]]] = {
    "issued": ("ban hành", "issued"),
    "card.cited": ("{n} bài nhắc đến", "cited by {n} article", "cited by {n} articles"),
    "card.several": ("Số hiệu này có ở {n} văn bản", "{n} documents bear this number"),
    "card.text": ("Đọc toàn văn", "Read the text"),
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
    "document.calendar": ("Lịch các ngày có bài", "Calendar of days with articles"),
    "calendar.event": (
        "{n} bài nhắc đến {document}",
        "{n} article citing {document}",
        "{n} articles citing {document}",
    ),
    "document.above": ("Triển khai, thực hiện văn bản", "Carries out"),
    "document.below": ("Được cụ thể hóa, triển khai bởi", "Carried out by"),
    "picture": ("Quan hệ với các văn bản khác", "Relations to other documents"),
    "picture.relation": ("Quan hệ", "Relation"),
    "picture.document": ("Văn bản", "Document"),
    "picture.above": ("Thực hiện", "Carries out"),
    "picture.below": ("Được triển khai bởi", "Carried out by"),
    "picture.cites": ("Viện dẫn", "Cites"),
    "picture.cited": ("Được viện dẫn trong", "Cited in"),
    "picture.together": ("Được nhắc cùng", "Cited together with"),
    "document.all": ("Xem và lọc cả {n} bài", "See and filter {n} article", "See and filter all {n} articles"),
    "chooser.title": ("{symbol}: chọn văn bản", "{symbol}: choose a document"),
    "chooser.text": (
        "Số hiệu này được dùng ở nhiều nơi hoặc nhiều nhiệm kỳ. Bạn tìm văn bản nào?",
        "This number is used in several places or terms. Which document do you mean?",
    ),
    "chooser.plenum": (
        "Hội nghị này ban hành nhiều văn bản. Bạn tìm văn bản nào?",
        "This plenum adopted several documents. Which one do you mean?",
    ),
    "chooser.name": (
        "Nhiều văn bản được gọi như vậy. Bạn tìm văn bản nào?",
        "Several documents are called so. Which one do you mean?",
    ),
    "document.adopted": ("Cùng hội nghị ban hành", "Adopted by the same plenum"),
    "card.called": ("{n} văn bản được gọi như vậy", "{n} documents are called so"),
    "coverage.citations": ("{n} lần viện dẫn", "{n} citation", "{n} citations"),
    "coverage.open": (
        "{n} lần chưa rõ là văn bản nào",
        "{n} citation that names no document for certain",
        "{n} citations that name no document for certain",
    ),
}
