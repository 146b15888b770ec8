"""The texts for other sites and programs, Vietnamese and English: the API's description, the pages about embedding."""

from __future__ import annotations

from typing import Final

# key: (Vietnamese, English).
PROGRAMS: Final[dict[str, tuple[str, ...]]] = {
    "download": ("Tải dữ liệu", "Download data"),
    "download.text": (
        "Có {n} kết quả; mỗi tệp có nhiều nhất {most} bài. Tìm và lọc trước để chỉ tải những gì cần.",
        "{n} result; a file has at most {most} articles. Search and filter first to get only what you need.",
        "{n} results; a file has at most {most} articles. Search and filter first to get only what you need.",
    ),
    "download.table": ("Danh sách kết quả (CSV)", "The results (CSV)"),
    "download.lines": ("Danh sách kết quả (JSON, mỗi dòng một bài)", "The results (JSON, an article a line)"),
    "download.citations": ("Viện dẫn trong các kết quả (CSV)", "The citations in the results (CSV)"),
    "download.table.what": (
        "Mở được bằng Excel: tên bài, ngày, nguồn, liên kết, văn bản được nhắc đến, chủ đề.",
        "For spreadsheets: title, date, source, link, documents that are cited, themes.",
    ),
    "download.lines.what": ("Cùng nội dung, dành cho chương trình.", "The same, for programs."),
    "download.citations.what": (
        "Mỗi dòng là một chỗ viện dẫn: bài nào, câu chữ nào, vị trí nào, văn bản nào.",
        "A row for each place where an article cites a document: which words, where, which document.",
    ),
    "download.whole": (
        "Bản đầy đủ gồm toàn văn do cơ quan quản lý kho cung cấp.",
        "Whole texts are given by those who run this archive.",
    ),
    "api": ("Dữ liệu cho máy (API v1)", "Data for programs (API v1)"),
    "api.text": (
        "Mọi kết quả trên trang này cũng có ở dạng JSON, không cần khóa, đọc được từ mọi trang web. "
        "Các trường đã có sẽ không đổi; trường mới có thể thêm vào.",
        "Everything on these pages is also there as JSON, without a key and for scripts of any site. "
        "Keys stay as they are; new ones may appear.",
    ),
    "api.openapi": ("Bản mô tả OpenAPI 3.1", "OpenAPI 3.1 document"),
    "api.parameter": ("Tham số", "Parameter"),
    "api.meaning": ("Ý nghĩa", "Meaning"),
    "api.answers": ("Trả lời", "Answers"),
    "api.try": ("Thử", "Try"),
    "api.route.search": ("Tìm kiếm", "Search"),
    "api.route.facets": ("Chỉ các bộ lọc của một lần tìm kiếm, kèm số bài", "The facets of a query"),
    "api.route.suggest": ("Gợi ý cho những chữ đang gõ", "What the words typed so far may become"),
    "api.route.provision": ("Một điều khoản của bài", "A provision of an article"),
    "api.route.article": ("Một bài viết", "An article"),
    "api.route.article-documents": ("Các văn bản được nhắc trong một bài", "The documents that an article cites"),
    "api.route.related": (
        "Những bài gần nội dung với một bài, và các bản đăng lại của bài đó",
        "Articles that share weighty words and documents with one, and its reprints",
    ),
    "api.route.documents": (
        "Danh mục văn bản: những văn bản có toàn văn ở đây hoặc được các bài nhắc đến",
        "The documents that articles are or cite",
    ),
    "api.route.document": ("Một văn bản", "A document"),
    "api.route.citations": ("Tìm số hiệu, tên văn bản được viện dẫn trong một đoạn văn", "The citations in a text"),
    "api.route.stats": ("Kho dữ liệu có những gì", "What the index holds"),
    "api.route.health": ("Máy chủ có đang trả lời tìm kiếm không", "Whether searches are answered"),
    "api.lang": ("vi", "en"),
    "api.given.q": (
        "Nội dung cần tìm, viết như trong ô tìm kiếm.",
        "What to search for, in the query language of the search box.",
    ),
    "api.given.tu": ("Từ ngày, dạng 2021-09-15 hoặc 15/9/2021.", "First day, ISO (2021-09-15) or d/m/yyyy."),
    "api.given.den": ("Đến ngày.", "Last day."),
    "api.given.nam": ("Các năm; bài của bất kỳ năm nào trong đó.", "Years; any of them."),
    "api.given.ngay": (
        "Các ngày, các tháng (2021-09), hoặc khong-ro là không rõ ngày; bài của bất kỳ mốc nào trong đó.",
        "Days or months (2021-09), or khong-ro; any of them.",
    ),
    "api.given.buoc": (
        "Cách khớp các từ: 1 gần nhau, 2 gần nhau không phân biệt dấu, 3 gần nhau hoặc đạt điểm khá, "
        "4 đủ các tiếng ở bất cứ đâu. "
        "Không có: bước đầu tiên đủ kết quả.",
        "How words match: 1 near each other, 2 near by letters alone, 3 near or scoring well, "
        "4 all syllables anywhere. "
        "Without it: the first step that will do.",
    ),
    "api.given.nguyen-van": ("1: tìm đúng như đã gõ, không sửa lỗi gõ.", "1: as typed, without repair."),
    "api.given.dang-lai": (
        "rieng: kể từng bản đăng lại; mã của một bài: bài đó và các bản đăng lại của nó.",
        "rieng: reprints one by one; the id of an article: that one and its reprints.",
    ),
    "api.given.lang": ("Ngôn ngữ của nhãn và thông báo.", "Language of labels and messages."),
    "api.given.facets": (
        "Những bộ lọc cần đếm, cách nhau bằng dấu phẩy: {names}; hoặc {none} để không đếm bộ lọc nào.",
        "Facets to count, by comma: {names}; or {none}.",
    ),
    "api.given.sap-xep": ("Thứ tự.", "Order."),
    "api.given.so": ("Số kết quả mỗi trang.", "Results a page."),
    "api.given.trang": ("Trang, từ 1.", "Page, from 1."),
    "api.given.sau": (
        "Vị trí lấy từ next_url, để đọc tiếp không giới hạn số trang.",
        "Cursor: from next_url, for pages of any depth.",
    ),
    "api.given.fields": (
        "Chỉ giữ những trường này của mỗi kết quả, cách nhau bằng dấu phẩy: {names}.",
        "Keys of a result to keep, by comma: {names}.",
    ),
    "api.given.q-documents": (
        "Chữ có trong số hiệu, tên hoặc cơ quan ban hành.",
        "Words of its number, title or issuer.",
    ),
    "api.given.sap-xep-documents": (
        "Thứ tự; lien-quan là theo số bài nhắc đến.",
        "Order; lien-quan is by the number of articles.",
    ),
    "api.given.provision": ("Mã của điều khoản: dieu-5, dieu-5-khoan-2", "Id of the provision: dieu-5, dieu-5-khoan-2"),
    "api.given.key": ("Mã của bài: 12 chữ số thập lục phân.", "Id of the article, 12 hexadecimal digits."),
    "api.given.name": (
        "Mã của văn bản, hoặc số hiệu nếu số đó chỉ một văn bản.",
        "Slug of the document, or its number where that means one.",
    ),
    "api.answer.200": ("Kết quả.", "The answer."),
    "api.answer.304": (
        "Không có gì đổi so với ETag gửi trong If-None-Match.",
        "Nothing has changed since the ETag in If-None-Match.",
    ),
    "api.answer.400": (
        "Có giá trị không hợp lệ; allowed kể những giá trị dùng được.",
        "A value that cannot be meant; `allowed` lists what can.",
    ),
    "api.answer.404": ("Không có.", "There is none."),
    "api.answer.413": ("Nội dung gửi lên lớn hơn 1 MB.", "The body is larger than 1 MB."),
    "api.answer.414": ("Địa chỉ quá dài.", "The address is too long."),
    "api.answer.503": (
        "Chưa có dữ liệu, hoặc máy chủ chưa trả lời kịp.",
        "There is no index, or it does not answer in time.",
    ),
    "api.answer.citations": (
        "Các chỗ viện dẫn theo thứ tự; vị trí tính bằng ký tự Unicode của văn bản đã gửi.",
        "The citations in order; offsets are code points of the text as sent.",
    ),
    "api.answer.no-text": ("Không có văn bản, hoặc văn bản quá dài.", "No text, or one that is too long."),
    "api.answer.up": ("Có.", "They are."),
    "api.answer.down": ("Không.", "They are not."),
}


# key: (Vietnamese, English) or (Vietnamese, English for one, English for more).
EMBEDDING: Final[dict[str, tuple[str, ...]]] = {
    "frame.full": ("Mở trang tìm kiếm đầy đủ", "Open the full search"),
    "embed": ("Nhúng vào trang của bạn", "Embed this search"),
    "embed.text": (
        "Chọn cách hiển thị, xem thử rồi sao chép mã vào trang của bạn. "
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
    "embed.mode.dialog": ("Nút mở hộp thoại (Ctrl-K)", "Button that opens a dialog (Ctrl-K)"),
    "embed.language": ("Ngôn ngữ", "Language"),
    "embed.placeholder": ("Chữ gợi ý trong ô", "Hint in the box"),
    "embed.words": ("Từ khóa có sẵn", "Query to begin with"),
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
    "embed.copy": ("Sao chép mã", "Copy"),
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
    "error.404.data": (
        "Không có gì ở địa chỉ này. Các địa chỉ được mô tả ở {at}.",
        "There is nothing at this address. {at} describes all addresses.",
    ),
    "error.501": ("Chưa có dạng này", "There is no such format"),
    "error.501.text": (
        "Chỉ có dạng JSON: hãy bỏ tham số format.",
        "There is only JSON: leave out “format”.",
    ),
}


ADDRESSES: Final[dict[str, tuple[str, ...]]] = {
    "wrong.parameters": (
        "Địa chỉ có quá {most} tham số. Hãy bỏ bớt bộ lọc.",
        "The address has more than {most} parameters. Use fewer filters.",
    ),
    "wrong.reversed": (
        "Ngày bắt đầu ({field}) đứng sau ngày kết thúc ({until}). Hãy đổi lại hai ngày.",
        "The first day ({field}) is after the last ({until}). Exchange them.",
    ),
    "wrong.reprints": (
        "Giá trị “{value}” của “{field}” không hợp lệ: hãy dùng {names} hoặc mã của một bài.",
        "“{value}” is no value of “{field}”: use {names} or the id of an article.",
    ),
    "wrong.value": (
        "Giá trị của “{field}” quá dài hoặc có ký tự không hợp lệ.",
        "The value of “{field}” is too long or has unusable characters.",
    ),
    "wrong.year": (
        "Năm “{value}” không hợp lệ: hãy viết bốn chữ số, ví dụ 2021.",
        "“{value}” is no year: write four digits, such as 2021.",
    ),
    "wrong.day": (
        "Ngày “{value}” không hợp lệ: hãy viết như 2021-09-15, 2021-09 hoặc {unknown}.",
        "“{value}” is no day: write it as 2021-09-15, 2021-09 or {unknown}.",
    ),
    "wrong.limit": (
        "Ngày “{value}” ở “{field}” không hợp lệ: hãy viết như 15/9/2021, 9/2021 hoặc 2021.",
        "“{value}” in “{field}” is no day: write it as 15/9/2021, 9/2021 or 2021.",
    ),
    "wrong.choice": (
        "Giá trị “{value}” của “{field}” không hợp lệ: hãy dùng {names}.",
        "“{value}” is no value of “{field}”: use {names}.",
    ),
    "wrong.page": (
        "Trang “{value}” không có: hãy dùng một số từ 1 đến {last}.",
        "There is no page “{value}”: use a number from 1 to {last}.",
    ),
    "wrong.cursor": (
        "Vị trí trang (sau) không hợp lệ. Hãy bắt đầu lại từ trang 1.",
        "This place (sau) is not valid. Begin again from page 1.",
    ),
}
