"""The first tables of a new archive: comments, and an example of each row, commented out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

STARTERS: Final[Mapping[str, str]] = {
    "themes.yaml": """\
# Chủ đề của kho. Mỗi chủ đề cần ít nhất hai cụm từ trong `strong`; một cụm ở tiêu đề hoặc đầu bài là đủ để xếp bài.
# Themes. A theme needs two phrases or more under `strong`; one in the title or near the beginning files an article.
#   key:  cụm từ yếu, cần đi cùng cụm khác          weak phrases that need company
#   not:  cụm từ làm mất hiệu lực cụm chạm vào nó    phrases that cancel a hit that touches them
#   mask: chức danh, tên báo…: không nói lên chủ đề   titles of office and the like: no subject for any theme
#   remove: bỏ chủ đề có sẵn                          takes away themes of ours
#   sections: chuyên mục → chủ đề                     every article of a section is filed here
# Một cụm bắt đầu bằng "-" bỏ cụm có sẵn của ta.      A phrase that begins with "-" takes away ours.
#
# groups:
# - id: thu-vien
#   label: Thư viện
#   themes:
#   - id: ban-doc
#     label: Phục vụ bạn đọc
#     strong: [thẻ bạn đọc, phục vụ bạn đọc]
# mask: [trưởng phòng phục vụ bạn đọc]
# remove: [phong-chong-dich]
# sections:
#   "Tin thư viện": ban-doc
#   "Đề mục *": "*"                                   mỗi đề mục là một chủ đề: each of these sections is a theme
""",
    "abbreviations.tsv": """\
# Chữ viết tắt và từ đồng nghĩa, dùng khi hiểu câu tìm. Abbreviations and synonyms, at work on the query.
# ambiguity: 0 một nghĩa, hai chiều (both ways) · 1 chỉ mở rộng câu tìm (queries only) · 2 không mở rộng (never)
# Dòng bắt đầu bằng "-" bỏ dòng có sẵn: -TT         A row that begins with "-" takes away ours.
abbr\texpansion\talt_expansions\tambiguity\tnote
""",
    "places.tsv": """\
# Tỉnh, thành phố qua các thời kỳ. Provinces and cities: first and last day, what they went into, by which act.
# aliases: cách viết khác, cách nhau bằng | · renumbered: đánh số văn bản lại từ ngày này
place\tkind\taliases\tfrom\tto\tinto\trenumbered\tact
""",
    "known_documents.tsv": """\
# Văn bản mà kho biết trước: số hiệu, cơ quan, ngày, tên ngắn. Documents known beforehand, cited here or not.
# aliases: tên gọi khác, cách nhau bằng | · type, term_id: có thể để trống (may be empty)
canon\ttype\tissuer\tdate\tshort_title\taliases
""",
    "issuers.tsv": """\
# Cơ quan ban hành văn bản của kho: ký hiệu ở cuối số văn bản (TVH trong 12/QĐ-TVH), tên gọi, cách gọi khác.
# Bodies that issue documents: the code at the end of a number, the name, other names with | between them.
code\tname\tlevel\taliases
""",
    "terms.tsv": """\
# Nhiệm kỳ của một cơ quan: số văn bản đánh lại từ đầu mỗi nhiệm kỳ. Terms of office: numbers begin anew in each.
# body: tên cơ quan ban hành · term: XXI hoặc để trống · start, end: 2020-08-20 (end trống: chưa hết nhiệm kỳ)
body\tterm\tstart\tend\tlabel
""",
    "wards.tsv": """\
# Xã, phường cũ → mới (tùy chọn). Communes and wards before and after (optional): one row a pair.
province\tward\tnew\tsince\tnew_province\tact
""",
    "question_words.tsv": """\
# Từ chỉ để hỏi, không tính khi xếp hạng. Words that only ask.
phrase\treason
""",
    "lay_terms.tsv": """\
# Cách nói hằng ngày → tên gọi chính thức. What people call things, and what documents call them; several with |.
# ways: both (hai chiều) hoặc để trống (một chiều). both ways, or empty: the lay term finds the official one.
lay\tofficial\tways
""",
    "relations.tsv": """\
# Quan hệ giữa các văn bản mà kho biết chắc, có nguồn. Relations that you know for certain, each with its source.
# kind: thay-the, bai-bo, het-hieu-luc, sua-doi, ngung-hieu-luc, dinh-chinh, hop-nhat, huong-dan, keo-dai, tiep-tuc,
#   trien-khai, hieu-luc (có hiệu lực từ ngày), con-hieu-luc (nguồn ghi còn hiệu lực)
# doer, target: số hiệu hoặc mã văn bản · part: 5/2/a (điểm a khoản 2 Điều 5), cách nhau bằng dấu phẩy · day: 2025-07-01
doer\tkind\ttarget\tpart\tday\tsource
""",
    "featured.tsv": """\
# Bài nổi bật trên trang chủ, theo thứ tự. Featured on the first page, in this order; the key of an article.
article\tnote
""",
    "pins.tsv": """\
# Kết quả ghim lên đầu cho một câu tìm. Results set on top for a query, marked as such; at most 5 a query.
# target: mã bài (12 chữ số trong địa chỉ bài) hoặc mã văn bản. The key of an article or the slug of a document.
query\ttarget\tnote
""",
}
"""File name → its first text."""
