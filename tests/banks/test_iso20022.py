"""ISO 20022 files: against the genuine schemas, and against the rules schemas don't know."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banks.files_fake import bookings_report, status_report
from banks.iso20022.camt054 import read_camt054
from banks.iso20022.characters import Characters, written_in
from banks.iso20022.errors import FileInvalid, FileTooLarge, FileUnsafe
from banks.iso20022.pain001 import MAX_TRANSFERS, FileHeader, FileTotals, check_pain001, write_pain001
from banks.iso20022.pain002 import GroupStatus, read_pain002
from banks.iso20022.reasons import return_code_of

NOW = datetime(2024, 8, 5, 3, 0, tzinfo=UTC)


@pytest.fixture
def orders(make_transfer):
    return [make_transfer(end_to_end_id=f"AS{number:06d}", amount=100_000 + number) for number in range(3)]


def header(orders, **changes):
    values = {
        "message_id": "MSG1",
        "created_at": NOW,
        "execute_on": date(2024, 8, 5),
        "debtor_name": "UBND huyện Phước Sơn",
    }
    values |= {"financial_account": "fa_test", "count": len(orders), "total": sum(order.amount for order in orders)}
    return FileHeader(**{**values, **changes})


@pytest.fixture
def content(orders):
    return "".join(write_pain001(header(orders), orders))


class TestOrders:
    def test_the_file_is_valid_and_says_what_it_holds(self, content):
        assert check_pain001(content.encode()) == FileTotals("MSG1", "fa_test", 3, 300_003)

    def test_the_statement_names_the_payment_and_the_report_the_attempt(self, content):
        assert "<InstrId>AS000001-1</InstrId><EndToEndId>AS000001</EndToEndId>" in content

    def test_names_lose_their_marks_only_where_the_bank_demands(self, orders):
        plain = "".join(write_pain001(header(orders), orders))
        marked = "".join(write_pain001(header(orders, characters=Characters.UNICODE), orders))

        assert "<Nm>NGUYEN THI HOA</Nm>" in plain
        assert "<Nm>NGUYỄN THỊ HOÀ</Nm>" in marked
        assert check_pain001(marked.encode()).count == 3

    def test_what_xml_would_misread_is_escaped(self, make_transfer):
        orders = [make_transfer(holder_name="A & <B>", description="x > y & z")]
        text = "".join(write_pain001(header(orders, characters=Characters.UNICODE), orders))

        assert check_pain001(text.encode()).count == 1

    @pytest.mark.parametrize("changes", [{"count": 2}, {"total": 1}])
    def test_is_not_written_with_other_sums_than_the_orders(self, orders, changes):
        with pytest.raises(FileInvalid):
            list(write_pain001(header(orders, **changes), orders))

    def test_has_at_most_50_000_orders(self, orders):
        with pytest.raises(FileTooLarge):
            next(write_pain001(header(orders, count=MAX_TRANSFERS + 1), orders))

    def test_is_of_one_funding_account(self, orders, make_transfer):
        with pytest.raises(FileInvalid):
            list(write_pain001(header(orders), [*orders, make_transfer(financial_account="fa_other")]))


class TestRulesSchemasDoNotKnow:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("<NbOfTxs>3<", "<NbOfTxs>4<"),
            ("<CtrlSum>300003<", "<CtrlSum>300004<"),
            ('Ccy="VND">100001', 'Ccy="USD">100001'),
            ('Ccy="VND">100001', 'Ccy="VND">100001.50'),
            ("<EndToEndId>AS000001<", "<EndToEndId>AS000002<"),
            ("<PmtMtd>TRF<", "<PmtMtd>XXX<"),
            ("<BtchBookg>false</BtchBookg>", "<Unknown/>"),
            ("pain.001.001.09", "pain.001.001.03"),
        ],
    )
    def test_a_file_that_breaks_one_is_not_sent(self, content, before, after):
        assert before in content
        with pytest.raises(FileInvalid):
            check_pain001(content.replace(before, after).encode())

    def test_a_document_type_is_unsafe(self, content):
        bomb = content.replace("<Document", '<!DOCTYPE d [<!ENTITY a "b">]><Document', 1)
        with pytest.raises(FileUnsafe):
            check_pain001(bomb.encode())

    def test_errors_name_no_one(self, content):
        with pytest.raises(FileInvalid) as refusal:
            check_pain001(content.replace("<Nm>NGUYEN THI HOA</Nm>", "<Nm>" + "NGUYEN" * 60 + "</Nm>").encode())

        assert "NGUYEN" not in str(refusal.value)


class TestStatusReports:
    def report(self, status="PART", refused=(("AS000001-1", "AS000001", "100001"),)):
        return status_report(FileTotals("MSG1", "fa_test", 3, 300_003), status, list(refused), "AC04", NOW)

    def test_tells_the_file_and_the_orders_refused(self):
        report = read_pain002(self.report().encode())

        assert (report.original_message_id, report.status) == ("MSG1", GroupStatus.PARTLY)
        assert [(order.instruction_id, order.reason) for order in report.rejections] == [("AS000001-1", "AC04")]

    def test_a_file_accepted_whole_has_no_order_refused(self):
        with pytest.raises(FileInvalid):
            read_pain002(self.report(status="ACTC").encode())

    def test_no_order_is_refused_twice(self):
        with pytest.raises(FileInvalid):
            read_pain002(self.report(refused=[("AS000001-1", "AS000001", "1")] * 2).encode())

    def of_the_block(self, status: str, block: str) -> str:
        whole = f"<GrpSts>{status}</GrpSts>"
        said = (
            f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>MSG1</OrgnlPmtInfId><PmtInfSts>{block}</PmtInfSts></OrgnlPmtInfAndSts>"
        )
        bare = (
            self.report(status=status or "PDNG", refused=())
            .replace(whole, whole if status else "")
            .replace("<GrpSts>PDNG</GrpSts>", "")
        )
        return bare.replace("</CstmrPmtStsRpt>", said + "</CstmrPmtStsRpt>")

    @pytest.mark.parametrize(
        "status, block, says",
        [
            ("", "RJCT", "REJECTED"),
            ("", "ACSP", "ACCEPTED"),
            ("PART", "RJCT", "REJECTED"),
            ("ACTC", "ACSP", "ACCEPTED"),
        ],
    )
    def test_what_is_said_of_its_only_block_is_said_of_the_file(self, status, block, says):
        """GrpSts may be left out: a file refused so was never heard of again."""
        assert read_pain002(self.of_the_block(status, block).encode()).status == says

    def test_a_file_taken_whose_only_block_is_refused_says_nothing(self):
        with pytest.raises(FileInvalid):
            read_pain002(self.of_the_block("ACTC", "RJCT").encode())

    def test_a_cut_report_says_nothing(self):
        with pytest.raises(FileInvalid):
            read_pain002(self.report().encode()[:-20])

    def test_an_unknown_status_says_nothing(self):
        with pytest.raises(FileInvalid):
            read_pain002(self.report(status="ACXX").encode())


class TestNotifications:
    def notification(self, orders=(("AS000001-1", "AS000001", "100001"),), **changes):
        return bookings_report("fa_test", list(orders), **{"returned": False, "reason": None, "now": NOW, **changes})

    def test_a_debit(self):
        (booking,) = read_camt054(self.notification().encode()).bookings

        assert (booking.end_to_end_id, booking.amount, booking.returned) == ("AS000001", 100_001, False)

    def test_a_return_has_its_reason(self):
        (booking,) = read_camt054(self.notification(returned=True, reason="AC06").encode()).bookings

        assert (booking.returned, return_code_of(booking.reason)) == (True, "account_frozen")

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ('Ccy="VND">100001', 'Ccy="EUR">100001'),
            ('Ccy="VND">100001', 'Ccy="VND">100001.5'),
            ("</Acct>", "</Acct><TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries></TxsSummry>"),
            ("</Acct>", "</Acct><TxsSummry><TtlNtries><Sum>5</Sum></TtlNtries></TxsSummry>"),
        ],
    )
    def test_sums_and_currency_must_be_right(self, before, after):
        with pytest.raises(FileInvalid):
            read_camt054(self.notification().replace(before, after).encode())

    def test_no_entry_twice(self):
        with pytest.raises(FileInvalid):
            read_camt054(self.notification([("AS000001-1", "AS000001", "100001")] * 2).encode())

    def test_an_entry_that_is_no_order_is_left_to_the_statement(self):
        charge = self.notification().replace("<InstrId>AS000001-1</InstrId>", "")

        assert read_camt054(charge.encode()).bookings == ()


class TestCharacters:
    @pytest.mark.parametrize(
        ("name", "written"),
        [
            ("Nguyễn Thị Đào", "Nguyen Thi Dao"),
            ("H'Hen Niê", "H'Hen Nie"),
            ("Trần—Văn", "Tran Van"),
            ("阮", "KHONG RO"),
        ],
    )
    def test_latin(self, name, written):
        assert written_in(name, Characters.LATIN, 140) == written

    @settings(max_examples=200, deadline=None)
    @given(st.text(max_size=200), st.sampled_from(Characters))
    def test_whatever_comes_fits_the_field_and_is_never_empty(self, text, characters):
        written = written_in(text, characters, 140)

        assert 1 <= len(written) <= 140
        assert written == written.strip()
        assert characters is Characters.UNICODE or written.isascii()
