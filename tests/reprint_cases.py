"""Texts that are reprints of one another and texts that are not, written for the tests."""

from __future__ import annotations

BODY = (
    "Sáng nay, tổ dân phố 7 họp để bàn việc sửa lại con hẻm trước mùa mưa. Bà con góp ý rằng miệng cống đầu hẻm quá "
    "thấp, nước tràn vào nhà mỗi khi triều lên, trẻ nhỏ đi học phải xắn quần lội qua.\n"
    "Ông tổ trưởng đọc bảng dự toán do phường gửi xuống, từng khoản một, rồi mời mọi người giơ tay. Ai cũng đồng ý "
    "góp công, riêng hộ khó khăn được miễn phần đóng góp. Nhóm thợ hồ trong hẻm nhận làm buổi tối để ban ngày xe cộ "
    "vẫn qua lại được.\n"
    "Chi bộ cử hai đảng viên trẻ ghi sổ thu chi và dán ở bảng tin, ai thắc mắc thì hỏi tại chỗ. Cuối buổi, bà Sáu "
    "bán nước mía nói vui rằng hẻm khô thì quán của bà cũng đông khách hơn, cả hẻm cười ồ rồi ra về."
)
FRAME = (
    "Hội đồng nhân dân phường quyết nghị thành lập tổ kiểm tra việc thực hiện quy chế dân chủ ở cơ sở tại khu phố {0}. "
    "Tổ kiểm tra gồm {1} thành viên do đồng chí {2} làm tổ trưởng, có nhiệm vụ nghe báo cáo, xem sổ sách, hỏi ý kiến "
    "người dân và gửi kết luận bằng văn bản về thường trực Hội đồng nhân dân trước ngày {3}.\n"
    "Ủy ban nhân dân phường, Mặt trận Tổ quốc phường và các đoàn thể tạo điều kiện để tổ kiểm tra hoàn thành nhiệm vụ. "
    "Kinh phí lấy từ nguồn chi thường xuyên đã được giao trong năm. Nghị quyết này có hiệu lực kể từ ngày được thông "
    "qua; thường trực Hội đồng nhân dân và các thành viên có tên nêu trên chịu trách nhiệm thi hành nghị quyết này."
)
ONE, OTHER = FRAME.format("4", "5", "Nguyễn Thị Hạnh", "15/6"), FRAME.format("9", "7", "Lê Văn Tấn", "20/8")
LEAD = "Chuyện sửa hẻm tưởng nhỏ mà cho thấy dân chủ ở cơ sở bắt đầu từ một buổi tối giơ tay. Bạn đọc kể lại cho báo."

REPRINTS = {
    "the same": (BODY, BODY),
    "without accents, on one line": (BODY, BODY.replace("\n", " ").upper()),
    "another byline": (f"{BODY}\nHoài An (theo Báo Mẫu)", f"{BODY}\nTin và ảnh: Ngọc Lan, ngày 12/5"),
    "a lead before it": (BODY, f"{LEAD}\n{BODY}"),
    "a word corrected": (BODY, BODY.replace("xắn quần", "vén quần").replace("mùa mưa", "mùa mưa bão")),
    "short but word for word": (BODY[:70], BODY[:70]),
}
OTHERS = {
    "another story": (BODY, ONE),
    "two resolutions in one frame": (ONE, OTHER),
    "half of it": (BODY, BODY[: len(BODY) // 2]),
    "a paragraph quoted": (BODY, ONE + "\n" + BODY.split("\n")[1]),
    "short and nearly so": (BODY[:70], BODY[:60] + " giữa trưa nắng"),
    "too short to tell": ("Xem ảnh dưới đây.", "Xem ảnh dưới đây."),
}
