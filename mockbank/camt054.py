"""Writes what was booked of payments that came in files as camt.054.001.08 (BankToCustomerDebitCreditNotification)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from mockbank.clock import bank_date, iso
from mockbank.statement_lines import DECEASED, ISO_REASONS

TYPE = "camt.054.001.08"


class Booked(NamedTuple):
    """One booking; `amount` in đồng, negative for money out. The columns of `SELECT_BOOKED`."""

    transaction_id: str
    kind: str
    amount: int
    booked_at: int
    payment_id: str
    message_id: str
    instruction_id: str | None
    end_to_end_id: str | None
    return_code: str | None
    return_reason: str | None


def write_camt054(*, id: str, account_id: str, created: int, bookings: Sequence[Booked]) -> Iterator[str]:
    """Pieces of the document in order."""
    total = sum(abs(booked.amount) for booked in bookings)
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{TYPE}"><BkToCstmrDbtCdtNtfctn>\n'
        f"<GrpHdr><MsgId>{id}</MsgId><CreDtTm>{iso(created)}</CreDtTm></GrpHdr>\n"
        f"<Ntfctn><Id>{id}</Id><CreDtTm>{iso(created)}</CreDtTm>"
        f"<Acct><Id><Othr><Id>{escape(account_id[:34])}</Id></Othr></Id><Ccy>VND</Ccy></Acct>"
        f"<TxsSummry><TtlNtries><NbOfNtries>{len(bookings)}</NbOfNtries><Sum>{total}</Sum></TtlNtries></TxsSummry>\n"
    )
    for booked in bookings:
        yield _entry(booked)
    yield "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>\n"


def _entry(booked: Booked) -> str:
    indicator, subfamily = ("CRDT", "RRTN") if booked.kind == "return" else ("DBIT", "DMCT")
    amount = f'<Amt Ccy="VND">{abs(booked.amount)}</Amt><CdtDbtInd>{indicator}</CdtDbtInd>'
    day = bank_date(booked.booked_at).isoformat()
    reason = DECEASED if booked.return_reason == "deceased" else ISO_REASONS.get(str(booked.return_code), "NARR")
    returned = f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>" if booked.kind == "return" else ""
    return (
        f"<Ntry>{amount}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
        f"<AcctSvcrRef>{booked.transaction_id}</AcctSvcrRef>"
        f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>{subfamily}</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls><TxDtls><Refs><MsgId>{escape(booked.message_id)}</MsgId><AcctSvcrRef>{booked.payment_id}</AcctSvcrRef>"
        f"<InstrId>{escape((booked.instruction_id or '')[:35])}</InstrId>"
        f"<EndToEndId>{escape((booked.end_to_end_id or 'NOTPROVIDED')[:35])}</EndToEndId></Refs>"
        f"{amount}{returned}</TxDtls></NtryDtls></Ntry>\n"
    )
