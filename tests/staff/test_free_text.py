"""What is cut of people's words: numbers of people and accounts, never an amount, a date or a reference."""

import pytest

from staff.api.words import Words
from staff.services.free_text import without_numbers


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("CCCD097042000001 đúng", "CCCD…001 đúng"),
        ("số 0970 4200 0001.", "số …001."),
        ("thẻ 270.123.001", "thẻ …001"),
        ("TK 5550100123, Agribank", "TK …123, Agribank"),
        ("đã trả 123.456.789 đ", "đã trả 123.456.789 đ"),
        ("thu 500000000 đồng", "thu 500000000 đồng"),
        ("12/QĐ-UBND ngày 05/09/2024", "12/QĐ-UBND ngày 05/09/2024"),
        ("lệnh a1b2c3d4000001", "lệnh a1b2c3d4000001"),
        ("097042000001 đồng chí An", "…001 đồng chí An"),
        ("thẻ 0970-4200-0001", "thẻ …001"),
        ("CCCD097042000001 12/05/2024", "CCCD…001 12/05/2024"),
        ("ngày 12/05/2024 15.000.000 đ", "ngày 12/05/2024 15.000.000 đ"),
        ("từ 12.05.2024 1.200.000", "từ 12.05.2024 1.200.000"),
        ("ngày 12/05/2024 15 000 000 đ", "ngày 12/05/2024 15 000 000 đ"),
        ("còn 1.234.567.890", "còn 1.234.567.890"),
    ],
)
def test_numbers_of_people_and_accounts_are_cut(typed: str, kept: str) -> None:
    assert (without_numbers(typed), Words().run_validation(typed)) == (kept, kept)
    assert without_numbers(kept) == kept
