"""Writes a statement as ISO 20022 camt.053.001.08 (BankToCustomerStatement)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from mockbank.clock import day_start, iso
from mockbank.statement_lines import StatementHead, StatementLine

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
# ISO 20022 bank transaction codes: issued credit transfer, its reversal, received credit transfer, issued one that is no payment.
_SUBFAMILY = {
    "debit": ("ICDT", "DMCT"),
    "return": ("ICDT", "RRTN"),
    "topup": ("RCDT", "DMCT"),
    "transfer": ("ICDT", "DMCT"),
}
_MAX_ID, _MAX_NAME, _MAX_TEXT = 35, 140, 140


@dataclass(frozen=True, slots=True)
class CamtPage:
    """One page of a long statement, a document of its own; its balances are interim where they are not the statement's."""

    number: int
    is_last: bool
    opening: int
    closing: int


def write_camt053(head: StatementHead, lines: Iterable[StatementLine], page: CamtPage | None = None) -> Iterator[str]:
    """Pieces of the document, in order; one piece per entry, so that a large statement needs no memory. `lines` are the page's."""
    yield _opening(head, page)
    for line in lines:
        yield _entry(line)
    yield "</Stmt></BkToCstmrStmt></Document>\n"


def _indicator(amount: int) -> str:
    return "CRDT" if amount >= 0 else "DBIT"


def _balance(code: str, amount: int, day: date) -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="VND">{abs(amount)}</Amt>'
        f"<CdtDbtInd>{_indicator(amount)}</CdtDbtInd><Dt><Dt>{day.isoformat()}</Dt></Dt></Bal>\n"
    )


def _balances(head: StatementHead, page: CamtPage | None) -> str:
    opening, closing = ("OPBD", head.opening), ("CLBD", head.closing)
    if page is not None and page.number > 1:
        opening = ("ITBD", page.opening)
    if page is not None and not page.is_last:
        closing = ("ITBD", page.closing)
    return _balance(*opening, head.first_day) + _balance(*closing, head.last_day)


def _opening(head: StatementHead, page: CamtPage | None) -> str:
    issued = iso(head.issued_at)
    sequence = f"<ElctrncSeqNb>{head.sequence}</ElctrncSeqNb>" if head.sequence is not None else ""
    pagination = (
        ""
        if page is None
        else (f"<StmtPgntn><PgNb>{page.number}</PgNb><LastPgInd>{str(page.is_last).lower()}</LastPgInd></StmtPgntn>")
    )
    account = (
        f"<IBAN>{escape(head.iban)}</IBAN>" if head.iban else f"<Othr><Id>{escape(head.account_id[:34])}</Id></Othr>"
    )
    net = head.credit_sum - head.debit_sum
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="{NAMESPACE}"><BkToCstmrStmt>\n'
        f"<GrpHdr><MsgId>{head.id}</MsgId><CreDtTm>{issued}</CreDtTm></GrpHdr>\n"
        f"<Stmt><Id>{head.id}</Id>{pagination}{sequence}<CreDtTm>{issued}</CreDtTm>"
        f"<FrToDt><FrDtTm>{iso(day_start(head.first_day))}</FrDtTm>"
        f"<ToDtTm>{head.last_day.isoformat()}T23:59:59+07:00</ToDtTm></FrToDt>\n"
        f"<Acct><Id>{account}</Id><Ccy>VND</Ccy><Nm>{escape(head.account_name[:70])}</Nm></Acct>\n"
        + _balances(head, page)
        + f"<TxsSummry><TtlNtries><NbOfNtries>{head.credit_count + head.debit_count}</NbOfNtries>"
        f"<Sum>{head.credit_sum + head.debit_sum}</Sum>"
        f"<TtlNetNtry><Amt>{abs(net)}</Amt><CdtDbtInd>{_indicator(net)}</CdtDbtInd></TtlNetNtry></TtlNtries>"
        f"<TtlCdtNtries><NbOfNtries>{head.credit_count}</NbOfNtries><Sum>{head.credit_sum}</Sum></TtlCdtNtries>"
        f"<TtlDbtNtries><NbOfNtries>{head.debit_count}</NbOfNtries><Sum>{head.debit_sum}</Sum></TtlDbtNtries>"
        "</TxsSummry>\n"
    )


def _entry(line: StatementLine) -> str:
    family, subfamily = _SUBFAMILY[line.kind]
    day = line.booked_on.isoformat()
    amount = f'<Amt Ccy="VND">{abs(line.amount)}</Amt><CdtDbtInd>{_indicator(line.amount)}</CdtDbtInd>'
    return (
        f"<Ntry>{amount}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
        f"<AcctSvcrRef>{line.id}</AcctSvcrRef>"
        f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>{subfamily}</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls><TxDtls>{_references(line)}{amount}{_parties(line)}{_remittance(line)}{_return(line)}</TxDtls>"
        "</NtryDtls></Ntry>\n"
    )


def _references(line: StatementLine) -> str:
    message = f"<MsgId>{escape(line.message_id[:_MAX_ID])}</MsgId>" if line.message_id else ""
    end_to_end = escape((line.end_to_end_id or "NOTPROVIDED")[:_MAX_ID])
    return (
        f"<Refs>{message}<AcctSvcrRef>{line.payment_id or line.id}</AcctSvcrRef>"
        f"<EndToEndId>{end_to_end}</EndToEndId></Refs>"
    )


def _parties(line: StatementLine) -> str:
    if line.counterparty_account is None:
        return ""
    return (
        f"<RltdPties><Cdtr><Pty><Nm>{escape((line.counterparty_name or '')[:_MAX_NAME])}</Nm></Pty></Cdtr>"
        f"<CdtrAcct><Id><Othr><Id>{escape(line.counterparty_account)}</Id></Othr></Id></CdtrAcct></RltdPties>"
        f"<RltdAgts><CdtrAgt><FinInstnId><ClrSysMmbId><MmbId>{line.counterparty_bank}</MmbId></ClrSysMmbId>"
        "</FinInstnId></CdtrAgt></RltdAgts>"
    )


def _remittance(line: StatementLine) -> str:
    return f"<RmtInf><Ustrd>{escape(line.text[:_MAX_TEXT])}</Ustrd></RmtInf>" if line.text else ""


def _return(line: StatementLine) -> str:
    return f"<RtrInf><Rsn><Cd>{line.return_reason}</Cd></Rsn></RtrInf>" if line.return_reason else ""
