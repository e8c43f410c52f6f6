"""MT940 as banks really write it: the library reads the tags, the parser sees to it that no line and no đồng is lost."""

import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciliation.parsers.errors import (
    AmountNotWhole,
    BalanceMissing,
    CurrencyNotSupported,
    StatementIncomplete,
    StatementRefused,
    StatementTooLarge,
    StatementUnreadable,
)
from reconciliation.parsers.interface import ParsedLine, StatementReading
from reconciliation.parsers.mt940 import Mt940Parser

HEAD = ":20:SP00007\r\n:25:0011002233\r\n:28C:7/1\r\n:60F:C240801VND1000000,\r\n"
FOOT = ":62F:{}240831VND{},\r\n-\r\n"


def message(*entries: str, closing: int = 1_000_000, head: str = HEAD) -> str:
    return head + "".join(entries) + FOOT.format("C" if closing >= 0 else "D", abs(closing))


def entry(mark: str = "D", amount: str = "500000,", details: str = "/EREF/AB_12-001", kind: str = "NTRF") -> str:
    return f":61:2408050805{mark}{amount}{kind}NONREF//B1\r\n:86:{details}\r\n"


def read(text: str | bytes) -> list[tuple[StatementReading, list[ParsedLine]]]:
    content = text if isinstance(text, bytes) else text.encode()
    return [(reading, list(reading.lines())) for reading in Mt940Parser().read(io.BytesIO(content))]


class TestReads:
    def test_the_head(self) -> None:
        ((reading, lines),) = read(message())

        head = reading.statement
        assert (head.account, head.sequence_number, head.opening, head.closing) == (
            "0011002233",
            7,
            1_000_000,
            1_000_000,
        )
        assert (head.from_on, head.to_on, lines) == (date(2024, 8, 1), date(2024, 8, 31), [])

    @pytest.mark.parametrize(
        ("mark", "amount", "is_return"),
        [("D", -500_000, False), ("C", 500_000, False), ("RD", 500_000, True), ("RC", -500_000, True)],
    )
    def test_which_way_the_money_went(self, mark: str, amount: int, is_return: bool) -> None:
        ((reading, (line,)),) = read(message(entry(mark), closing=1_000_000 + amount))

        assert (line.amount, line.is_return, reading.balances_tie) == (amount, is_return, True)

    @pytest.mark.parametrize(
        "details",
        [
            "/EREF/AB_12-001\r\n/REMI/Tro cap",
            "166?00CHUYEN TIEN?20EREF+AB_12-001?21SVWZ+Tro cap?30970436?310011?32NGUYEN VAN A",
            "EREF+AB_12-001SVWZ+Tro cap",
            "/TRTP/SEPA/EREF/AB_12-\r\n001/REMI/Tro cap",
        ],
    )
    def test_our_reference_in_any_bank_s_words(self, details: str) -> None:
        ((_, (line,)),) = read(message(entry(details=details)))

        assert line.end_to_end_id == "AB_12-001"

    def test_our_reference_in_the_line_itself(self) -> None:
        ((_, (line,)),) = read(message(":61:240805D500000,NTRFAB_12-001\r\n:86:Tro cap thang 8\r\n"))

        assert (line.end_to_end_id, line.description) == ("AB_12-001", "Tro cap thang 8")

    def test_pages_of_one_statement_as_one(self) -> None:
        first = HEAD + entry() + ":62M:C240805VND500000,\r\n-\r\n"
        second = (
            ":20:SP00007\r\n:25:0011002233\r\n:28C:7/2\r\n:60M:C240805VND500000,\r\n" + entry() + FOOT.format("C", 0)
        )

        ((reading, lines),) = read(first + second)

        assert ([line.ordinal for line in lines], reading.balances_tie) == ([1, 2], True)

    def test_two_statements_in_one_file_as_two(self) -> None:
        other = HEAD.replace("7", "8")

        assert [r.statement.sequence_number for r, _ in read(message() + message(head=other))] == [7, 8]

    def test_letters_beyond_swift_in_utf8_and_in_latin(self) -> None:
        text = message(entry(details="Trợ cấp tháng 8"))

        ((_, (line,)),) = read(text)
        ((_, (other,)),) = read(message(entry(details="Größe")).encode("latin-1"))

        assert (line.description, other.description) == ("Trợ cấp tháng 8", "Größe")

    def test_a_booking_day_over_the_turn_of_the_year(self) -> None:
        text = ":61:2412310102D500000,NTRFNONREF//B1\r\n:86:/EREF/A\r\n"

        ((_, (line,)),) = read(message(text))

        assert (line.value_on, line.booked_on) == (date(2024, 12, 31), date(2025, 1, 2))


class TestRefuses:
    @pytest.mark.parametrize(
        ("text", "error"),
        [
            (message(entry(amount="0,5")), AmountNotWhole),
            (message().replace("VND", "USD"), CurrencyNotSupported),
            (message().replace(":60F:C240801VND1000000,\r\n", ""), BalanceMissing),
            (HEAD + ":62M:C240805VND500000,\r\n-\r\n", StatementIncomplete),
            (message(":61:NONSENSE\r\n"), StatementUnreadable),
            (message(":61:2413310805D5,NTRFNONREF\r\n"), StatementUnreadable),
            ("" + entry() + message(), StatementUnreadable),
            (message().replace(":25:0011002233\r\n", ""), StatementUnreadable),
        ],
    )
    def test_what_it_can_not_vouch_for(self, text: str, error: type[StatementRefused]) -> None:
        with pytest.raises(error):
            read(text)

    def test_without_telling_the_log_what_it_could_not_read(self, caplog: pytest.LogCaptureFixture) -> None:
        with pytest.raises(StatementRefused):
            read(message(":61:NGUYEN VAN A 0011002233\r\n"))

        assert caplog.text == ""

    def test_files_beyond_the_limit(self) -> None:
        with pytest.raises(StatementTooLarge):
            list(Mt940Parser().read(io.BytesIO(b":20:" + b"x" * 100), max_bytes=100))


class TestWhateverComes:
    @settings(max_examples=300, deadline=None)
    @given(st.binary(max_size=400))
    def test_bytes_are_read_or_refused(self, content: bytes) -> None:
        self._read_or_refuse(b":20:" + content)

    @settings(max_examples=300, deadline=None)
    @given(st.integers(0, 400), st.text("0123456789:/,+?\r\nCDRVN", max_size=20))
    def test_a_damaged_message_never_loses_a_line_in_silence(self, at: int, noise: str) -> None:
        text = message(entry(), entry("C"), entry("RD"), closing=1_500_000)

        damaged = text[:at] + noise + text[at + len(noise) :]

        for reading, lines in self._read_or_refuse(damaged.encode()):
            assert reading.total == sum(line.amount for line in lines)

    def _read_or_refuse(self, content: bytes) -> list[tuple[StatementReading, list[ParsedLine]]]:
        try:
            return read(content)
        except StatementRefused:
            return []
