"""What the pages about embedding say, Vietnamese and English."""

from __future__ import annotations

from typing import Final

# key: (Vietnamese, English) or (Vietnamese, English for one, English for more).
TABLE: Final[dict[str, tuple[str, ...]]] = {
    "frame.full": ("Mở trang tìm kiếm đầy đủ", "Open the full search"),
    "embed": ("Nhúng vào trang của bạn", "Embed this search"),
    "embed.text": (
        "Chọn cách hiển thị, xem thử rồi chép mã vào trang của bạn. "
        "Không cần tài khoản, không cookie, không theo dõi người đọc.",
        "Choose how it looks, try it, and paste the code into your page. No account, no cookie, nobody is tracked.",
    ),
    "embed.form": ("Hình thức", "Form"),
    "embed.form.the": ("Ô tìm kiếm trong trang (thẻ tim-kiem)", "Part of the page (element tim-kiem)"),
    "embed.form.khung": ("Khung riêng (iframe)", "Frame of its own (iframe)"),
    "embed.mode": ("Kiểu", "Mode"),
    "embed.mode.goi-y": ("Ô tìm có gợi ý", "Box with suggestions"),
    "embed.mode.ket-qua": ("Ô tìm, kết quả ngay bên dưới", "Box with results below"),
    "embed.mode.danh-sach": ("Chỉ danh sách kết quả", "Results alone"),
    "embed.language": ("Ngôn ngữ", "Language"),
    "embed.placeholder": ("Chữ gợi ý trong ô", "Hint in the box"),
    "embed.words": ("Câu tìm có sẵn", "Query to begin with"),
    "embed.document": ("Chỉ bài nhắc đến văn bản", "Only articles citing"),
    "embed.source": ("Nguồn", "Source"),
    "embed.any": ("Tất cả", "All"),
    "embed.scheme": ("Nền", "Colours"),
    "embed.scheme.host": ("Theo trang của bạn", "As your page"),
    "embed.scheme.light": ("Sáng", "Light"),
    "embed.scheme.dark": ("Tối", "Dark"),
    "embed.accent": ("Màu nút", "Colour of the button"),
    "embed.radius": ("Bo góc (px)", "Corners (px)"),
    "embed.apply": ("Cập nhật mã", "Update the code"),
    "embed.code": ("Mã để dán vào trang", "Code for your page"),
    "embed.style": ("Thêm vào CSS của trang", "For your style sheet"),
    "embed.copy": ("Chép mã", "Copy"),
    "embed.preview": ("Xem thử", "Preview"),
    "embed.origins": (
        "Khung chỉ hiện ở những trang mà nơi quản trị kho này đã cho phép.",
        "The frame is shown only by sites that the operator of this archive has allowed.",
    ),
    "embed.no-origins": (
        "Kho này chưa cho phép trang nào hiện khung. "
        "Hãy dùng thẻ tim-kiem, hoặc nhờ nơi quản trị thêm địa chỉ trang của bạn.",
        "No site may show frames of this archive yet. Use the element, or ask the operator to allow your site.",
    ),
    "embed.more": ("Muốn tự viết giao diện riêng:", "To build something of your own:"),
    "embed.results": ("Nhúng kết quả này", "Embed these results"),
    "error.501": ("Chưa có dạng này", "There is no such format"),
    "error.501.text": (
        "Chỉ có dạng JSON: hãy bỏ tham số format.",
        "There is only JSON: leave out “format”.",
    ),
}
