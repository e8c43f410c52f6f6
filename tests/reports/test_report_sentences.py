"""Numbers and sentences as Vietnamese offices write them."""

from datetime import date
from decimal import Decimal

import pytest

from reconciliation.reports.sentences import (
    amount_in_words,
    day_text,
    people_text,
    period_kind,
    period_text,
    period_title,
    rate_percent,
)
from reconciliation.reports.wording import against_target, write_sentences
from tests.reports.provinces import province_figures


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (15, "Mười lăm đồng"),
        (24, "Hai mươi tư đồng"),
        (105_000, "Một trăm linh năm nghìn đồng"),
        (510_000, "Năm trăm mười nghìn đồng"),
        (1_250_000, "Một triệu hai trăm năm mươi nghìn đồng"),
        (2_021_000, "Hai triệu không trăm hai mươi mốt nghìn đồng"),
        (1_000_000_005, "Một tỷ không trăm linh năm đồng"),
        (33_214_560_000, "Ba mươi ba tỷ hai trăm mười bốn triệu năm trăm sáu mươi nghìn đồng"),
        (10_700_000_000_000, "Mười nghìn bảy trăm tỷ đồng"),
    ],
)
def test_amounts_in_words(amount: int, words: str):
    assert amount_in_words(amount) == words


def test_people_and_rates_have_the_offices_form():
    assert people_text(26_794) == "26.794 người"
    assert rate_percent(16_923, 26_794) == "63.16"
    assert rate_percent(0, 0) is None


def test_days_have_a_zero_under_ten_and_months_only_january_and_february():
    assert [day_text(day) for day in (date(2024, 9, 5), date(2025, 2, 5), date(2024, 9, 30))] == [
        "05/9/2024",
        "05/02/2025",
        "30/9/2024",
    ]


@pytest.mark.parametrize(
    ("from_on", "to_on", "kind", "title", "text"),
    [
        (date(2024, 7, 1), date(2024, 9, 30), "QUARTER", "quý III năm 2024", "quý III/2024"),
        (date(2024, 9, 1), date(2024, 9, 30), "MONTH", "tháng 9 năm 2024", "tháng 9/2024"),
        (date(2024, 1, 1), date(2024, 12, 31), "YEAR", "năm 2024", "năm 2024"),
        (
            date(2024, 8, 1),
            date(2024, 10, 31),
            "PERIOD",
            "từ ngày 01/8/2024 đến ngày 31/10/2024",
            "từ ngày 01/8/2024 đến ngày 31/10/2024",
        ),
    ],
)
def test_periods_are_named(from_on: date, to_on: date, kind: str, title: str, text: str):
    assert period_kind(from_on=from_on, to_on=to_on) == kind
    assert period_title(from_on=from_on, to_on=to_on) == title
    assert period_text(from_on=from_on, to_on=to_on) == text


@pytest.mark.parametrize(
    ("coverage", "words"),
    [
        ("63.16", "vượt 33,16 điểm phần trăm so với chỉ tiêu 30% Bộ giao"),
        ("30.00", "đạt chỉ tiêu được giao (30%)"),
        ("24.80", "thấp hơn 5,20 điểm phần trăm so với chỉ tiêu 30% Bộ giao"),
    ],
)
def test_the_target_is_exceeded_met_or_missed(coverage: str, words: str):
    assert against_target(coverage=Decimal(coverage), target=Decimal(30), setter="Bộ") == words


def test_the_reports_sentences_carry_the_figures_of_the_province():
    figures = province_figures(districts=1, communes=1)
    figures["headline"] |= {
        "beneficiaries": 26_794,
        "accounts": 16_923,
        "paid_cashless": 16_467,
        "account_money": 33_214_560_000,
    }
    figures["gap"] |= {"people": 456, "paid_in_cash": 390, "unpaid": 66}

    sentences = write_sentences(figures)

    assert sentences.accounts.startswith(
        "Tính đến hết ngày 30/9/2024, toàn tỉnh có 26.794 đối tượng đang hưởng chính sách an sinh xã hội; đã thu thập thông tin và mở tài khoản cho "
        "16.923 đối tượng, đạt 63,16%, vượt 33,16 điểm phần trăm so với chỉ tiêu 30% Bộ Lao động - Thương binh và Xã hội giao."
    )
    assert "cho 16.467 đối tượng, đạt 97,31%, với tổng số tiền 33.214.560.000\u00a0đồng" in sentences.payments
    assert "tỷ lệ chi trả không dùng tiền mặt đạt 61,46%" in sentences.payments
    assert "Còn 456 đối tượng" in sentences.gap
    assert "390 đối tượng đã nhận bằng tiền mặt, 66 đối tượng chưa nhận được tiền" in sentences.gap
    assert "giải ngân" not in " ".join((sentences.accounts, sentences.payments, sentences.gap, sentences.tie_out))


class TestTrend:
    @pytest.mark.parametrize(
        ("accounts", "people", "said"),
        [
            (40, 100, "tăng 10,00 điểm phần trăm (số đối tượng không đổi, số người có tài khoản tăng 10 người)"),
            (30, 120, "giảm 5,00 điểm phần trăm (số đối tượng tăng 20 người, số người có tài khoản không đổi)"),
            (30, 100, "không thay đổi (số đối tượng không đổi, số người có tài khoản không đổi)"),
        ],
    )
    def test_says_whether_people_or_accounts_made_the_difference(self, accounts: int, people: int, said: str) -> None:
        figures = province_figures(districts=1, communes=1)
        figures["headline"] |= {"beneficiaries": people, "accounts": accounts}
        then = figures["headline"] | {"beneficiaries": 100, "accounts": 30}
        figures["comparison"]["previous"] = {"from": "2024-04-01", "to": "2024-06-30", "headline": then}

        assert f"So với quý II/2024, tỷ lệ có tài khoản {said}." in write_sentences(figures).accounts

    def test_says_nothing_of_a_period_never_reported(self) -> None:
        assert "So với" not in write_sentences(province_figures(districts=1, communes=1)).accounts
