"""Statements: complete, numbered once, the same bytes for the same question."""

from __future__ import annotations

import csv
import io
import re

import requests
from lxml import etree

from tests.mockbank.conftest import BankProcess

NS = {"c": "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"}


def fetch(bank: BankProcess, first: str, last: str, format: str = "camt053", **extra: str) -> requests.Response:
    query = {"from": first, "to": last, "format": format, **extra}
    return requests.get(f"{bank.admin_url}/statements/fa_so", params=query, timeout=10)


def read(content: bytes) -> etree._Element:
    return etree.fromstring(content)


def texts(root: etree._Element, path: str) -> list[str]:
    return [str(node) for node in root.xpath(f"{path}/text()", namespaces=NS)]


def signed(amounts: list[str], indicators: list[str]) -> list[int]:
    return [int(a) if i == "CRDT" else -int(a) for a, i in zip(amounts, indicators, strict=True)]


def booked(root: etree._Element) -> list[int]:
    return signed(texts(root, "//c:Ntry/c:Amt"), texts(root, "//c:Ntry/c:CdtDbtInd"))


def balances(root: etree._Element) -> dict[str, int]:
    codes = texts(root, "//c:Bal/c:Tp/c:CdOrPrtry/c:Cd")
    return dict(zip(codes, signed(texts(root, "//c:Bal/c:Amt"), texts(root, "//c:Bal/c:CdtDbtInd")), strict=True))


def pay_one_of_each(bank: BankProcess) -> None:
    for number in (1, 2, 3, 6, 7, 8):
        bank.create(f"k{number}", account=f"{1000 + number}")
    bank.create("k9", account="9999")
    bank.admin("/clock", {"now": "2024-08-10T09:00:00+07:00"})


class TestCamt053:
    def test_opening_plus_entries_is_closing_and_days_chain(self, bank: BankProcess) -> None:
        pay_one_of_each(bank)

        first = read(fetch(bank, "2024-08-01", "2024-08-01").content)
        second = read(fetch(bank, "2024-08-02", "2024-08-06").content)

        for statement in (first, second):
            assert balances(statement)["OPBD"] + sum(booked(statement)) == balances(statement)["CLBD"]
        assert balances(first)["CLBD"] == balances(second)["OPBD"]
        assert texts(first, "//c:ElctrncSeqNb") + texts(second, "//c:ElctrncSeqNb") == ["1", "2"]

    def test_names_every_payment_and_why_it_came_back(self, bank: BankProcess) -> None:
        pay_one_of_each(bank)

        statement = read(fetch(bank, "2024-08-01", "2024-08-06").content)

        returns = statement.xpath("//c:Ntry[.//c:RtrInf]", namespaces=NS)
        reasons = {texts(entry, ".//c:EndToEndId")[0]: texts(entry, ".//c:RtrInf/c:Rsn/c:Cd")[0] for entry in returns}
        assert reasons == {"Ek2": "AC04", "Ek3": "AC06", "Ek6": "BE01", "Ek8": "MD07", "Ek9": "AC01"}
        assert texts(statement, "//c:TtlNtries/c:NbOfNtries") == [str(len(booked(statement)))]
        assert "Ek7" not in texts(statement, "//c:EndToEndId")
        assert set(texts(statement, "//c:BookgDt/c:Dt")) == {"2024-08-01", "2024-08-05"}

    def test_gives_the_same_bytes_again_after_a_restart(self, bank: BankProcess) -> None:
        pay_one_of_each(bank)
        first = fetch(bank, "2024-08-01", "2024-08-06")
        fetch(bank, "2024-08-07", "2024-08-07")
        bank.advance(86_400)
        bank.restart()

        again = fetch(bank, "2024-08-01", "2024-08-06")

        assert first.headers["Content-Type"] == "application/xml"
        assert again.content == first.content

    def test_a_day_that_is_not_over_has_no_statement_only_an_interim_one(self, bank: BankProcess) -> None:
        bank.create("k1")
        bank.advance()

        refused = fetch(bank, "2024-08-01", "2024-08-01")
        interim = read(fetch(bank, "2024-08-01", "2024-08-01", interim="true").content)

        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "day_not_over")
        assert booked(interim) == [100_000_000, -500_000]
        assert texts(interim, "//c:ElctrncSeqNb") == []

    def test_a_dropped_and_a_doubled_line_can_be_noticed(self, bank: BankProcess) -> None:
        pay_one_of_each(bank)
        rules = [
            {"fault": "statement_drop", "match": {"end_to_end_id": "Ek1"}},
            {"fault": "statement_duplicate", "match": {"end_to_end_id": "Ek2", "nth": 1}},
        ]
        bank.admin("/faults", {"rules": rules})

        statement = read(fetch(bank, "2024-08-01", "2024-08-01").content)

        references = texts(statement, "//c:EndToEndId")
        assert (references.count("Ek1"), references.count("Ek2")) == (0, 2)
        assert texts(statement, "//c:TtlNtries/c:NbOfNtries") == [str(len(references))]
        assert balances(statement)["CLBD"] == 100_000_000 - 5 * 500_000


class TestCsv:
    def test_has_the_same_number_and_amounts_as_camt053(self, bank: BankProcess) -> None:
        pay_one_of_each(bank)
        statement = read(fetch(bank, "2024-08-01", "2024-08-06").content)

        text = fetch(bank, "2024-08-01", "2024-08-06", format="csv").content.decode("utf-8-sig")
        head, _, table = text.partition("\r\n\r\n")
        names = dict(csv.reader(io.StringIO(head)))
        rows = list(csv.DictReader(io.StringIO(table)))

        assert names["Số sao kê"] == "1"
        assert [int(row["Ghi có"] or 0) - int(row["Ghi nợ"] or 0) for row in rows] == booked(statement)


class TestMt940:
    def test_has_the_same_number_and_amounts_as_camt053(self, bank: BankProcess) -> None:
        pay_one_of_each(bank)
        statement = read(fetch(bank, "2024-08-01", "2024-08-06").content)

        message = fetch(bank, "2024-08-01", "2024-08-06", format="mt940").content.decode("ascii")

        entries = re.findall(r"^:61:\d{10}([CD])(\d+),", message, re.MULTILINE)
        assert ":28C:00001/1\r\n" in message
        assert [int(amount) * (1 if mark == "C" else -1) for mark, amount in entries] == booked(statement)
        assert ":60F:C240801VND0," in message
        assert f":62F:C240806VND{balances(statement)['CLBD']}," in message

    def test_carries_whole_references_and_no_marks(self, bank: BankProcess) -> None:
        pay_one_of_each(bank)

        message = fetch(bank, "2024-08-01", "2024-08-06", format="mt940").content.decode("ascii")

        assert "/EREF/Ek2\r\n" in message
        assert "/RTRN/AC04\r\n" in message
        assert "/REMI/Nguyen Van An Tro cap thang 8/2024\r\n" in message
        assert max(len(line) for line in message.splitlines()) <= 69
