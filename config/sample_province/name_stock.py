"""The words Vietnamese names are made of, with rough weights: Nguyễn is about a third, as in the country."""

SURNAMES: tuple[tuple[str, float], ...] = (
    ("Nguyễn", 33.0), ("Trần", 11.5), ("Lê", 9.5), ("Phạm", 6.8), ("Huỳnh", 4.6), ("Võ", 4.1), ("Phan", 3.9), ("Đặng", 2.5),
    ("Trương", 2.5), ("Bùi", 2.2), ("Đỗ", 1.8), ("Ngô", 1.7), ("Hồ", 1.6), ("Dương", 1.3), ("Đinh", 1.1), ("Hoàng", 1.4),
    ("Lý", 0.7), ("Mai", 0.7), ("Đoàn", 0.8), ("Cao", 0.7), ("Lưu", 0.6), ("Trịnh", 0.6), ("Đào", 0.6), ("Tô", 0.4),
    ("Châu", 0.4), ("Lương", 0.6), ("Tạ", 0.4), ("Hà", 0.5), ("Thái", 0.4), ("Vũ", 0.9), ("La", 0.2), ("Kiều", 0.3),
    ("Thạch", 0.2), ("Quách", 0.15), ("Từ", 0.15), ("Nguyễn Phước", 0.05), ("Tôn Thất", 0.03), ("Văn", 0.15), ("Phùng", 0.3),
    ("Tăng", 0.15), ("Lâm", 0.6), ("Giang", 0.1),
)  # fmt: skip

MALE_MIDDLES: tuple[tuple[str, float], ...] = (
    ("Văn", 40.0), ("Minh", 6.0), ("Ngọc", 4.5), ("Hữu", 4.0), ("Đức", 3.5), ("Thanh", 4.5), ("Quốc", 4.0), ("Công", 2.5),
    ("Xuân", 2.5), ("Đình", 3.0), ("Quang", 3.0), ("Hoàng", 3.5), ("Tấn", 2.5), ("Gia", 1.8), ("Trọng", 1.2), ("Anh", 1.4),
    ("Thành", 1.8), ("Duy", 1.6), ("", 2.0), ("Bá", 0.7),
)  # fmt: skip
FEMALE_MIDDLES: tuple[tuple[str, float], ...] = (
    ("Thị", 58.0), ("Ngọc", 5.5), ("Thị Thu", 2.6), ("Thị Thanh", 3.0), ("Thị Kim", 3.0), ("Thị Ngọc", 2.8), ("Thị Mỹ", 2.0),
    ("Thị Hồng", 2.4), ("Thùy", 2.2), ("Kim", 1.8), ("Minh", 1.6), ("Bảo", 1.3), ("Thanh", 1.8), ("Khánh", 1.1), ("Hoàng", 0.9),
    ("Phương", 1.0), ("Mỹ", 0.9), ("", 0.9), ("Như", 0.9), ("Thị Bích", 1.2),
)  # fmt: skip

MALE_GIVEN = (
    "Hùng", "Dũng", "Tuấn", "Minh", "Hải", "Sơn", "Thành", "Bình", "Long", "Nam", "Phúc", "Hưng", "Khoa", "Huy", "Tâm", "Tân",
    "Thắng", "Trung", "Cường", "Đức", "Tài", "Phong", "Quang", "Thanh", "Hòa", "Lộc", "An", "Toàn", "Khánh", "Nhân", "Hiếu",
    "Nghĩa", "Đạt", "Việt", "Hoàng", "Vinh", "Lâm", "Tiến", "Duy", "Bảo", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín",
    "Đông", "Hậu", "Kiệt", "Quý", "Thịnh", "Trí", "Tú", "Thuận", "Thông", "Khang", "Chiến", "Lợi", "Phước", "Xuân", "Hóa",
    "Hồng", "Lập", "Cảnh", "Đồng", "Giáp", "Khải", "Luận", "Mạnh",
)  # fmt: skip
FEMALE_GIVEN = (
    "Lan", "Hoa", "Hương", "Mai", "Hồng", "Thu", "Nga", "Hà", "Thủy", "Hạnh", "Liên", "Phương", "Thảo", "Trang", "Ngọc", "Linh",
    "Yến", "Loan", "Cúc", "Bích", "Thanh", "Xuân", "Hiền", "Tuyết", "Vân", "Dung", "Nhung", "Oanh", "Quyên", "Sen", "Thắm",
    "Thúy", "Trinh", "Tâm", "Lệ", "Kim", "Nguyệt", "Đào", "Lý", "Ánh", "Huệ", "Huyền", "Hằng", "Diễm", "Duyên", "Hòa", "My",
    "Nhi", "Như", "Vy", "Trâm", "Quỳnh", "Châu", "Anh", "Bé", "Gái", "Em", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín",
    "Mười", "Nở", "Thơm", "Tới", "Xinh", "Khuê",
)  # fmt: skip

# Chăm, Raglai, K'Ho and Ê Đê names: a prefix that tells the sex instead of a surname, or a clan name first or last.
ETHNIC_MALE_PREFIXES = ("K'", "Y ", "Chamaléa ", "Katơr ", "Pinăng ", "Đàng Năng ", "Bá Trung ", "Quảng Đại ", "Y ")
ETHNIC_FEMALE_PREFIXES = (
    "Ka ",
    "H'",
    "Chamaléa Thị ",
    "Katơr Thị ",
    "Pinăng Thị ",
    "Đàng Thị ",
    "Bá Thị ",
    "Mang Thị ",
    "H'",
)
ETHNIC_GIVEN = (
    "Brẽu", "Tèo", "Nhỏi", "Bhăm", "Wang", "Brôp", "Đương", "Hiền", "Thông", "Thọ", "Liêng", "Mlô", "Siu", "Bia", "Blăk",
    "Hlăm", "Jơi", "Krông", "Lơh", "Ngoan", "Nrông", "Plin", "Srong", "Tiêng", "Yơn", "Ñai", "Čêm", "Rĕh", "Thương", "Xuyến",
)  # fmt: skip
ETHNIC_CLANS = ("", "", "", " Niê", " Mlô", " Êban", " Kbuôr", " Ayŭn")
