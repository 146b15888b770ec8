"""What pages and mails say of following, Vietnamese and English."""

from __future__ import annotations

from typing import Final

FOLLOWING: Final[dict[str, tuple[str, ...]]] = {
    "follow": ("Theo dõi qua thư điện tử", "Follow by e-mail"),
    "follow.everything": ("mọi bài mới", "all new articles"),
    "follow.text": (
        "Khi có bài mới phù hợp với “{title}”, hệ thống gửi một thư tổng hợp đến địa chỉ của bạn.",
        "When new articles match “{title}”, you get one mail that lists them.",
    ),
    "follow.address": ("Địa chỉ thư điện tử", "E-mail address"),
    "follow.every": ("Gửi thư", "Mails"),
    "follow.daily": ("Nhiều nhất mỗi ngày một lần", "Once a day at most"),
    "follow.weekly": ("Nhiều nhất mỗi tuần một lần", "Once a week at most"),
    "follow.send": ("Đăng ký theo dõi", "Follow"),
    "follow.kept": (
        "Địa chỉ chỉ được dùng để gửi các thư này, không chuyển cho bên khác và bị xóa ngay khi bạn hủy theo dõi.",
        "The address is used for these mails alone, is given to nobody, and is deleted when you unfollow.",
    ),
    "follow.wrong": (
        "Địa chỉ thư điện tử chưa đúng. Hãy kiểm tra lại, ví dụ: ten@example.vn.",
        "This is no e-mail address. Please check it, for example: name@example.org.",
    ),
    "follow.asked": ("Hãy xác nhận qua thư", "Please confirm by mail"),
    "follow.asked.text": (
        "Hệ thống đã gửi thư xác nhận đến địa chỉ bạn nhập. Việc theo dõi bắt đầu khi bạn bấm vào liên kết trong thư. "
        "Nếu chưa thấy thư, hãy xem cả mục thư rác.",
        "A mail has been sent to this address. You follow when you open the link in it. Please look among unwanted "
        "mails too.",
    ),
    "follow.confirm": ("Xác nhận theo dõi", "Confirm"),
    "follow.confirm.text": ("Bạn muốn nhận thư khi có bài mới về “{title}”?", "Do you want mails about “{title}”?"),
    "follow.confirmed": ("Đã đăng ký theo dõi", "You follow now"),
    "follow.confirmed.text": (
        "Bạn sẽ nhận thư khi có bài mới về “{title}”. Mỗi thư đều có liên kết để hủy theo dõi.",
        "You get a mail when there is news about “{title}”. Every mail has a link to unfollow.",
    ),
    "follow.leave": ("Hủy theo dõi", "Unfollow"),
    "follow.leave.text": (
        "Bạn không muốn nhận thư về “{title}” nữa?",
        "Do you want no more mails about “{title}”?",
    ),
    "follow.left": ("Đã hủy theo dõi", "You follow no more"),
    "follow.left.text": (
        "Địa chỉ của bạn đã được xóa khỏi danh sách nhận thư này.",
        "Your address has been deleted from this list.",
    ),
    "follow.gone": ("Liên kết không còn hiệu lực", "This link is no longer valid"),
    "follow.gone.text": (
        "Việc theo dõi này đã được hủy, hoặc liên kết đã hết hạn xác nhận.",
        "This was cancelled already, or was not confirmed in time.",
    ),
    "letter.confirm.subject": ("Xác nhận theo dõi – {site}", "Please confirm – {site}"),
    "letter.confirm.text": (
        "Có người, có lẽ là bạn, đã đăng ký nhận thư khi “{site}” có bài mới về “{title}”. Để xác nhận, hãy mở "
        "liên kết sau:",
        "Somebody, probably you, asked for mails when “{site}” has news about “{title}”. To confirm, please open:",
    ),
    "letter.confirm.button": ("Xác nhận theo dõi", "Confirm"),
    "letter.confirm.ignore": (
        "Nếu không phải bạn đăng ký, hãy bỏ qua thư này; địa chỉ của bạn sẽ bị xóa sau 3 ngày.",
        "If it was not you, ignore this mail; your address is deleted after 3 days.",
    ),
    "letter.news.subject": ("{n} bài mới: {title}", "{n} new article: {title}", "{n} new articles: {title}"),
    "letter.news.text": (
        "Có {n} bài mới về “{title}”:",
        "There is {n} new article about “{title}”:",
        "There are {n} new articles about “{title}”:",
    ),
    "letter.news.all": ("Xem tất cả kết quả", "All results", "All results"),
    "letter.leave": ("Hủy theo dõi", "Unfollow"),
}
