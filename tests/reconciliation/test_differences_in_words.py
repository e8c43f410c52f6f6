"""What a person reads of a difference names the line, payment or statements in question: never the key it is raised once by."""

import random
import re
from dataclasses import replace

from django.test import Client

from reconciliation.models import Discrepancy
from reconciliation.services.differences.difference_words import about
from reconciliation.services.lines.match_statement import taken_in_words
from reconciliation.services.months.prove import prove_cycle
from tests.reconciliation.damages import charge_taken
from tests.reconciliation.paid_month import MONTH, PaidMonth

KEY = re.compile(r"\b(?:line|missing|gap|late|contradicts):")


class TestProof:
    def test_names_a_line_by_its_statement_number_day_and_amount_and_leads_to_it(self, month: PaidMonth) -> None:
        first, second, _ = charge_taken(*month.pages, random.Random(1))
        month.receive(first, second)
        item = Discrepancy.objects.get()
        assert item.line is not None
        client = Client()
        client.force_login(month.checker)

        page = client.get("/khop-so/2024-08/").content.decode()
        sentence = prove_cycle(month=MONTH).differences[-1]

        line = (
            f"dòng sao kê số {item.line.ordinal}, ngày {item.line.booked_on:%d/%m/%Y}, {item.line.amount:,} đ".replace(
                ",", "."
            )
        )
        assert line.replace(". ", ", ") in sentence
        assert "sao kê TKCT-971 từ 11/08/2024 đến 31/08/2024" in sentence
        assert not KEY.search(sentence) and not KEY.search(page)
        assert f'<li><a href="/chenh-lech/{item.pk}/">Chênh lệch chưa xử lý: ' in page

    def test_names_a_payment_that_is_missing(self, month: PaidMonth) -> None:
        first, second = month.pages
        month.receive(first.with_lines(*first.lines[:-1]), second)

        missing = Discrepancy.objects.get(kind="MISSING_ON_STATEMENT")

        assert missing.payment is not None
        assert about(missing).startswith(f"khoản chi {missing.payment.end_to_end_id}, ")


class TestGap:
    def test_stands_between_two_statements_and_names_both(self, month: PaidMonth) -> None:
        first, second = month.pages
        month.receive(first, replace(second, opening=second.opening - 900, closing=second.closing - 900, sequence=9))

        chain = Discrepancy.objects.get(key__endswith="chain").sentence
        number = Discrepancy.objects.get(key__endswith="sequence").sentence

        assert "lệch 900 đ: sao kê đến ngày 10/08/2024 kết thúc với" in chain
        assert "sao kê từ ngày 11/08/2024 bắt đầu với" in chain
        assert "sao kê số 1 đến ngày 10/08/2024, sao kê tiếp theo đã nạp là số 9" in number


class TestIntake:
    def test_says_every_kind_of_thing_it_took(self) -> None:
        counts = {"payments": 1_200, "returns": 3, "top_ups": 0, "transfers": 2, "discrepancies": 1}
        assert taken_in_words(counts) == (
            "khớp 1.200 khoản chi, 3 khoản hoàn trả, 2 lần chuyển tiền khác (tổ chức chi trả, ngân sách, phí); "
            "1 chênh lệch phải xử lý"
        )
        assert taken_in_words(dict.fromkeys(counts, 0)) == "khớp 0 khoản; 0 chênh lệch phải xử lý"

    def test_counts_each_once(self, month: PaidMonth) -> None:
        first, second = (one.matched for one in month.receive(*month.pages))
        assert first is not None and second is not None
        assert (first.payments, first.returns, first.top_ups, first.transfers) == (9, 0, 1, 0)
        assert (second.payments, second.returns, second.top_ups, second.transfers) == (0, 1, 0, 0)
