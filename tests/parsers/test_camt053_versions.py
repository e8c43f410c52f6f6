"""A statement in the shape each version of camt.053 gives it. Every document here was held against the schema of its version.

What changed between them: the status is a code until .06 and a choice from .07, where the statement's own time became optional; an amount of a
transaction stands in AmtDtls and a bank is a BIC in .02; a party is wrapped in Pty from .07.
"""

import pytest

from tests.parsers.camt053_documents import balance, entry, read, read_lines

VERSIONS = [f"{nth:02}" for nth in range(2, 14)]


def _transaction(version: str, *, reference: str, amount: int, name: str) -> str:
    own = f"<Amt Ccy='VND'>{amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd>"
    if version == "02":
        own = f"<AmtDtls><TxAmt><Amt Ccy='VND'>{amount}</Amt></TxAmt></AmtDtls>"
    party = f"<Pty><Nm>{name}</Nm></Pty>" if version >= "07" else f"<Nm>{name}</Nm>"
    bank = "BICFI" if version >= "03" else "BIC"
    return (
        f"<TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>{own}"
        f"<RltdPties><Cdtr>{party}</Cdtr><CdtrAcct><Id><Othr><Id>0123</Id></Othr></Id></CdtrAcct></RltdPties>"
        f"<RltdAgts><CdtrAgt><FinInstnId><{bank}>BFTVVNVX</{bank}></FinInstnId></CdtrAgt></RltdAgts></TxDtls>"
    )


def document(version: str) -> bytes:
    """Two transactions in one entry, in the shape of the version."""
    status = "<Cd>BOOK</Cd>" if version >= "07" else "BOOK"
    time = "" if version >= "07" else "<CreDtTm>2024-08-01T17:30:00+07:00</CreDtTm>"
    parts = _transaction(version, reference="AS1", amount=360_000, name="A") + _transaction(
        version, reference="AS2", amount=140_000, name="B"
    )
    return (
        f"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}'><BkToCstmrStmt>"
        "<GrpHdr><MsgId>M-1</MsgId><CreDtTm>2024-08-01T17:30:00+07:00</CreDtTm></GrpHdr>"
        f"<Stmt><Id>S-1</Id><ElctrncSeqNb>12</ElctrncSeqNb>{time}"
        "<Acct><Id><Othr><Id>fa_1</Id></Othr></Id><Ccy>VND</Ccy></Acct>"
        f"{balance('OPBD', 1_000_000)}{balance('CLBD', 500_000)}"
        f"<Ntry><Amt Ccy='VND'>500000</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>{status}</Sts><BookgDt><Dt>2024-08-01</Dt></BookgDt>"
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls>{parts}</NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>"
    ).encode()


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_says_the_same(version: str) -> None:
    ((reading, lines),) = read(document(version))

    assert [(line.end_to_end_id, line.amount, line.counterparty_name, line.counterparty_account) for line in lines] == [
        ("AS1", -360_000, "A", "0123"),
        ("AS2", -140_000, "B", "0123"),
    ]
    assert reading.balances_tie
    assert reading.statement.created_at.isoformat() == "2024-08-01T17:30:00+07:00"


@pytest.mark.parametrize(
    ("valued", "booked"), [("2024-08-01", "2024-08-01"), ("2024-08-02", "2024-08-01"), ("2024-07-31", "2024-08-01")]
)
def test_a_booked_entry_without_its_day_is_of_the_day_it_counts_from_within_its_statement(valued, booked) -> None:
    """What counts from the day after was booked on the statement's day all the same: its closing balance has it."""
    bare = entry().replace("<BookgDt><Dt>2024-08-01</Dt></BookgDt>", "").replace("2024-08-02", valued)
    (line,) = read_lines(bare)

    assert (line.booked_on.isoformat(), line.value_on.isoformat()) == (booked, valued)
