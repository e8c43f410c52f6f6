"""camt.053 from many banks into lines of whole đồng."""

import io
from datetime import date, datetime, timedelta, timezone

import pytest

from reconciliation.parsers.camt053 import CamtParser
from reconciliation.parsers.errors import (
    BalanceMissing,
    CurrencyNotSupported,
    StatementUnreadable,
)
from tests.parsers.camt053_documents import (
    NAMESPACE,
    balance,
    details,
    document,
    entry,
    read,
    read_lines,
    statement,
    transaction,
)

VIETNAM = timezone(timedelta(hours=7))


class TestHead:
    def test_is_read_whole(self):
        summary = "<TxsSummry><TtlNtries><NbOfNtries>1</NbOfNtries></TtlNtries></TxsSummry>"

        ((reading, _),) = read(document(statement(entry(), summary=summary)))

        head = reading.statement
        assert (head.format, head.statement_id, head.account) == ("camt.053.001.08", "S-1", "fa_1")
        assert (head.currency, head.sequence_number, head.declared_entries) == ("VND", 12, 1)
        assert (head.from_on, head.to_on) == (date(2024, 8, 1), date(2024, 8, 1))
        assert (head.opening, head.closing) == (1_000_000, 500_000)
        assert head.created_at == datetime(2024, 8, 2, 0, 30, tzinfo=VIETNAM)

    @pytest.mark.parametrize("version", [f"{number:02d}" for number in range(2, 14)])
    def test_every_version_is_read(self, version):
        content = document(statement(entry()), namespace=f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}")

        ((reading, lines),) = read(content)

        assert reading.statement.format == f"camt.053.001.{version}"
        assert len(lines) == 1

    def test_a_prefix_changes_nothing(self):
        plain = document(statement(entry())).decode().replace(f" xmlns='{NAMESPACE}'", "")
        prefixed = plain.replace("</", "\0").replace("<", "<c:").replace("\0", "</c:")
        content = prefixed.replace("<c:Document", f"<c:Document xmlns:c='{NAMESPACE}'").encode()

        ((_, lines),) = read(content)

        assert [line.amount for line in lines] == [-500_000]

    def test_an_overdrawn_balance_is_negative(self):
        balances = balance("OPBD", "100", direction="DBIT") + balance("CLBD", "100", direction="DBIT")

        ((reading, _),) = read(document(statement(balances=balances)))

        assert (reading.statement.opening, reading.statement.closing) == (-100, -100)

    def test_the_previous_closing_serves_as_opening(self):
        balances = balance("PRCD", "7") + balance("CLBD", "7") + balance("CLAV", "3")

        ((reading, _),) = read(document(statement(balances=balances)))

        assert reading.statement.opening == 7

    def test_an_iban_serves_as_account(self):
        account = "<Id><IBAN>VN123</IBAN></Id><Ccy>VND</Ccy>"

        ((reading, _),) = read(document(statement(account=account, closing="1000000")))

        assert reading.statement.account == "VN123"

    @pytest.mark.parametrize("balances", ["", balance("OPBD", "1"), balance("CLBD", "1")])
    def test_without_both_balances_it_is_refused(self, balances):
        with pytest.raises(BalanceMissing, match="số dư"):
            read(document(statement(balances=balances)))

    def test_a_balance_given_twice_is_refused(self):
        with pytest.raises(StatementUnreadable):
            read(document(statement(balances=balance("OPBD", "1") * 2 + balance("CLBD", "1"))))

    def test_an_account_in_another_currency_is_refused(self):
        with pytest.raises(CurrencyNotSupported):
            read(document(statement(account="<Id><Othr><Id>fa_1</Id></Othr></Id><Ccy>USD</Ccy>")))


class TestTies:
    def test_balances_tie_when_opening_and_lines_make_closing(self):
        ((reading, _),) = read(document(statement(entry("700000"), entry("200000", direction="CRDT"))))

        assert reading.balances_tie
        assert reading.total == -500_000

    def test_a_missing_line_is_reported_not_raised(self):
        summary = "<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries></TxsSummry>"

        ((reading, lines),) = read(document(statement(entry("200000"), summary=summary)))

        assert len(lines) == 1
        assert not reading.balances_tie
        assert not reading.entries_tie

    def test_nobody_can_ask_before_all_lines_are_read(self):
        reading = next(CamtParser().read(io.BytesIO(document(statement(entry())))))

        with pytest.raises(RuntimeError):
            _ = reading.balances_tie

    def test_a_statement_without_entries_ties(self):
        ((reading, lines),) = read(document(statement(closing="1000000")))

        assert lines == []
        assert reading.balances_tie


class TestLines:
    def test_a_debit_is_read_whole(self):
        inner = (
            "<RltdPties><Cdtr><Pty><Nm>NGUYEN VAN A</Nm></Pty></Cdtr>"
            "<CdtrAcct><Id><Othr><Id>0123</Id></Othr></Id></CdtrAcct></RltdPties>"
            "<RmtInf><Ustrd>Trợ cấp</Ustrd><Ustrd>tháng 8</Ustrd></RmtInf>"
        )

        (line,) = read_lines(entry(details=details(transaction(inner=inner))))

        assert (line.ordinal, line.entry_ordinal, line.amount, line.currency) == (1, 1, -500_000, "VND")
        assert (line.booked_on, line.value_on) == (date(2024, 8, 1), date(2024, 8, 2))
        assert (line.end_to_end_id, line.bank_reference) == ("AS1", "txn_1")
        assert (line.is_return, line.return_code) == (False, None)
        assert (line.counterparty_name, line.counterparty_account) == ("NGUYEN VAN A", "0123")
        assert line.description == "Trợ cấp tháng 8"

    def test_the_party_of_version_02_is_read(self):
        inner = "<RltdPties><Cdtr><Nm>A</Nm></Cdtr><CdtrAcct><Id><IBAN>VN1</IBAN></Id></CdtrAcct></RltdPties>"

        (line,) = read_lines(entry(details=details(transaction(inner=inner)), status="BOOK"))

        assert (line.counterparty_name, line.counterparty_account) == ("A", "VN1")

    def test_a_credit_names_who_paid(self):
        inner = "<RltdPties><Dbtr><Pty><Nm>KHO BAC</Nm></Pty></Dbtr><Cdtr><Pty><Nm>UBND</Nm></Pty></Cdtr></RltdPties>"

        (line,) = read_lines(entry(direction="CRDT", details=details(transaction(inner=inner))))

        assert (line.amount, line.counterparty_name, line.is_return) == (500_000, "KHO BAC", False)

    def test_a_return_has_its_reason_and_the_original_payee(self):
        inner = (
            "<RltdPties><Dbtr><Pty><Nm>UBND</Nm></Pty></Dbtr><Cdtr><Pty><Nm>A</Nm></Pty></Cdtr></RltdPties>"
            "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
        )

        (line,) = read_lines(entry(direction="CRDT", details=details(transaction(inner=inner))))

        assert (line.is_return, line.return_code, line.end_to_end_id) == (True, "AC04", "AS1")
        assert line.counterparty_name == "A"

    def test_a_reversal_keeps_the_direction_the_money_took(self):
        (line,) = read_lines(entry(direction="CRDT", extra="<RvslInd>true</RvslInd>"))

        assert (line.amount, line.is_return, line.return_code) == (500_000, True, None)

    def test_a_return_may_be_named_by_the_transaction_code_alone(self):
        code = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn></BkTxCd>"

        (line,) = read_lines(entry(direction="CRDT", extra=code))

        assert line.is_return

    def test_no_details_leave_the_entry_s_own_words(self):
        (line,) = read_lines(entry())

        assert (line.end_to_end_id, line.bank_reference, line.description) == (None, "txn_1", "lô chi trả")

    def test_a_reference_that_was_not_provided_is_none(self):
        (line,) = read_lines(entry(details=details(transaction("NOTPROVIDED"))))

        assert line.end_to_end_id is None

    def test_a_pending_entry_moves_no_money(self):
        ((reading, lines),) = read(document(statement(entry(status="<Cd>PDNG</Cd>"), closing="1000000")))

        assert lines == []
        assert reading.balances_tie

    def test_a_time_late_in_utc_is_the_next_day_in_vietnam(self):
        late = entry().replace("<BookgDt><Dt>2024-08-01</Dt>", "<BookgDt><DtTm>2024-08-01T20:00:00Z</DtTm>")

        (line,) = read_lines(late)

        assert line.booked_on == date(2024, 8, 2)

    def test_its_repr_shows_nobody(self):
        inner = "<RltdPties><Cdtr><Nm>HOA</Nm></Cdtr></RltdPties><RmtInf><Ustrd>cho HOA</Ustrd></RmtInf>"

        (line,) = read_lines(entry(details=details(transaction(inner=inner))))

        assert "HOA" not in repr(line)


class TestBatchEntries:
    def test_every_transaction_is_a_line(self):
        batch = details(transaction("AS1", amount="200000"), transaction("AS2", amount="300000"))

        lines = read_lines(entry("500000", details=batch), entry("1"))

        assert [(line.ordinal, line.entry_ordinal, line.end_to_end_id, line.amount) for line in lines] == [
            (1, 1, "AS1", -200_000),
            (2, 1, "AS2", -300_000),
            (3, 2, None, -1),
        ]

    def test_version_02_keeps_the_amounts_elsewhere(self):
        amounts = "<AmtDtls><TxAmt><Amt Ccy='VND'>250000</Amt></TxAmt></AmtDtls>"
        batch = details(transaction("AS1", inner=amounts), transaction("AS2", inner=amounts))

        assert [line.amount for line in read_lines(entry("500000", details=batch))] == [-250_000, -250_000]

    def test_transactions_may_go_both_ways(self):
        batch = details(
            transaction("AS1", amount="600000", direction="DBIT"), transaction("AS2", amount="100000", direction="CRDT")
        )

        assert [line.amount for line in read_lines(entry("500000", details=batch))] == [-600_000, 100_000]

    @pytest.mark.parametrize("second", ["300001", None])
    def test_a_batch_that_does_not_add_up_is_one_line_without_reference(self, second):
        batch = details(transaction("AS1", amount="200000"), transaction("AS2", amount=second))

        (line,) = read_lines(entry("500000", details=batch))

        assert (line.amount, line.end_to_end_id) == (-500_000, None)


class TestSeveralStatements:
    def test_each_is_read_by_itself(self):
        content = document(statement(entry()), statement(closing="1000000"), statement(entry(), entry()))

        assert [len(lines) for _, lines in read(content)] == [1, 0, 2]

    def test_lines_the_caller_skips_do_not_reach_the_next(self):
        content = document(statement(entry("1"), entry("2")), statement(entry("3")))

        first, second = CamtParser().read(io.BytesIO(content))

        assert first.total == -3
        assert second.total == -3
