"""What the page of an error says, in Vietnamese and English; one of the tables of texts."""

from __future__ import annotations

from typing import Final

TABLE: Final[dict[str, tuple[str, ...]]] = {
    "error.400": ("Chưa hiểu yêu cầu này", "This request was not understood"),
    "error.400.text": ("Địa chỉ hoặc câu tìm có chỗ không hợp lệ.", "Something in the address is not valid."),
    "error.401": ("Kho này cần mã truy cập", "This collection needs an access code"),
    "error.401.text": (
        "Hãy nhập mã truy cập vào ô mật khẩu khi trình duyệt hỏi; nếu chưa có, hãy hỏi người quản trị kho.",
        "Give the access code as the password when the browser asks; the people who run this collection have it.",
    ),
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
    "error.429.wait": (
        "Địa chỉ mạng của bạn vừa gửi quá nhiều yêu cầu cùng lúc. Hãy đợi {n} giây rồi thử lại.",
        "Your network address sent too many requests at once. Wait {n} second and try again.",
        "Your network address sent too many requests at once. Wait {n} seconds and try again.",
    ),
    "error.500": ("Có lỗi ở phía chúng tôi", "Something went wrong on our side"),
    "error.500.text": ("Lỗi đã được ghi lại. Hãy thử lại sau.", "It has been recorded. Try again later."),
    "error.500.id": (
        "Lỗi đã được ghi lại. Hãy thử lại sau; nếu vẫn lỗi, hãy báo cho người quản trị mã này: {id}.",
        "It has been recorded. Try again later; if it stays, tell the people who run this site: {id}.",
    ),
    "error.503": ("Tạm thời chưa tìm được", "Search is not available for the moment"),
    "error.503.text": ("Chỉ mục đang bận hoặc đang sửa. Hãy thử lại sau ít phút.", "Try again in a few minutes."),
    "error.empty": ("Chưa có bài nào được đưa vào chỉ mục.", "Nothing has been indexed yet."),
    "error.search": ("Tìm “{q}”", "Search for “{q}”"),
}
