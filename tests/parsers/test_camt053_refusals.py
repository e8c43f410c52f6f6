"""camt.053 files that are broken, hostile or of another kind are refused whole."""

import pytest

from reconciliation.parsers.errors import (
    AmountNotWhole,
    CurrencyNotSupported,
    FormatNotSupported,
    StatementRefused,
    StatementTooLarge,
    StatementUnreadable,
    StatementUnsafe,
)
from tests.parsers.camt053_documents import document, entry, read, read_lines, statement


class TestRefuses:
    @pytest.mark.parametrize("amount", ["0.5", "100.01", "1.00001"])
    def test_fractions_of_a_dong(self, amount):
        with pytest.raises(AmountNotWhole):
            read_lines(entry(amount))

    def test_but_not_zeros_after_the_point(self):
        assert [line.amount for line in read_lines(entry("500000.00"))] == [-500_000]

    @pytest.mark.parametrize("amount", ["", "-5", "1e5", "1,000", "1 000", "٣", "NaN", "9" * 18])
    def test_amounts_it_can_not_read(self, amount):
        with pytest.raises(StatementUnreadable):
            read_lines(entry(amount))

    def test_entries_in_another_currency(self):
        with pytest.raises(CurrencyNotSupported):
            read_lines(entry(currency="USD"))

    @pytest.mark.parametrize(
        "broken",
        [
            entry(direction="UP"),
            entry(status=""),
            entry().replace("<BookgDt><Dt>2024-08-01</Dt></BookgDt><ValDt><Dt>2024-08-02</Dt></ValDt>", ""),
            entry().replace("2024-08-01", "2024-13-01"),
            entry().replace("<Amt Ccy='VND'>500000</Amt>", ""),
        ],
    )
    def test_entries_without_what_an_entry_needs(self, broken):
        with pytest.raises(StatementUnreadable):
            read_lines(broken)

    @pytest.mark.parametrize(
        "namespace",
        [
            "urn:iso:std:iso:20022:tech:xsd:camt.052.001.08",
            "urn:iso:std:iso:20022:tech:xsd:camt.053.001.01",
            "urn:iso:std:iso:20022:tech:xsd:camt.053.001.14",
            "urn:other",
        ],
    )
    def test_other_messages(self, namespace):
        with pytest.raises(FormatNotSupported):
            read(document(statement(), namespace=namespace))

    @pytest.mark.parametrize("content", [b"<a/>", b"<html><Document/></html>", b"<Document/>"])
    def test_other_xml(self, content):
        with pytest.raises(StatementRefused):
            read(content)

    @pytest.mark.parametrize("content", [b"", b"{}", b"\x00\x01", document(statement(entry()))[:-40], document()])
    def test_what_is_broken_or_empty(self, content):
        with pytest.raises(StatementUnreadable):
            read(content)

    def test_more_bytes_than_allowed(self):
        content = document(statement(entry()))

        with pytest.raises(StatementTooLarge):
            read(content, max_bytes=len(content) - 1)
        assert len(read(content, max_bytes=len(content))) == 1

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_an_entity_bomb(self, encoding):
        entities = "".join(f"<!ENTITY e{n + 1} '{f'&e{n};' * 10}'>" for n in range(9))
        prologue = f"<?xml version='1.0' encoding='{encoding}'?><!DOCTYPE Document [<!ENTITY e0 'ha'>{entities}]>"
        bomb = document(statement(entry("&e9;")), prologue=prologue).decode()

        with pytest.raises(StatementUnsafe):
            read(bomb.encode(encoding))

    def test_an_entity_that_reads_a_file(self):
        prologue = "<!DOCTYPE Document [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"

        with pytest.raises(StatementUnsafe):
            read(document(statement(entry()), prologue=prologue))

    def test_any_document_type_even_an_empty_one(self):
        with pytest.raises(StatementUnsafe):
            read(document(statement(entry()), prologue="<!DOCTYPE Document>"))

    def test_elements_nested_without_end(self):
        with pytest.raises(StatementUnreadable):
            read(document("<x>" * 5000 + "</x>" * 5000))

    def test_entries_hidden_in_another_namespace(self):
        hidden = f"<SplmtryData xmlns:o='urn:other'><o:Ntry>{entry()}</o:Ntry></SplmtryData>"

        with pytest.raises(StatementUnreadable):
            read_lines(entry(extra=hidden))

    def test_a_namespace_that_is_no_name(self):
        with pytest.raises(FormatNotSupported):
            read(document(statement()).replace(b"urn:iso:std:iso:20022:tech:xsd:", b"urn}iso{", 1))
