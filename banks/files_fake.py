"""A bank in memory that takes files: keeps the contract of `Files`, fails exactly where it is told to, judges what was paid."""

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from banks.errors import BankUnavailable
from banks.files import (
    Duplicate,
    FileNotTaken,
    FileUnknown,
    MessageState,
    Received,
    Report,
    ReportKind,
    UploadOutcome,
)
from banks.iso20022.document import CAMT054, PAIN002, namespace_of
from banks.iso20022.pain001 import FileTotals, check_pain001

_ORDER = re.compile(r"<InstrId>(.*?)</InstrId><EndToEndId>(.*?)</EndToEndId></PmtId><Amt><InstdAmt Ccy=\"VND\">(\d+)<")


class FileFault(StrEnum):
    """What happens to one upload."""

    LOST_AFTER_TAKING = "LOST_AFTER_TAKING"
    LOST_BEFORE_TAKING = "LOST_BEFORE_TAKING"
    CONNECTION_REFUSED = "CONNECTION_REFUSED"
    TAKEN_LATER = "TAKEN_LATER"  # after our time-out: when `arrive` is called
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Debit:
    """One order the bank executed; `amount` in đồng."""

    instruction_id: str
    end_to_end_id: str
    amount: int
    returned: bool = False


class FakeFiles:
    """A `Files` whose books tests read through `debits`. Reports come when `report` and `settle` are called."""

    def __init__(self, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._messages: dict[str, tuple[FileTotals, bytes]] = {}
        self._late: list[bytes] = []
        self._faults: deque[FileFault] = deque()
        self._reports: dict[str, list[Report]] = defaultdict(list)
        self._unsettled: list[str] = []
        self._rejected: set[str] = set()
        self.debits: list[Debit] = []
        self.uploads: list[str] = []
        self.silent = False

    def fail_next(self, *faults: FileFault) -> None:
        """Let the next uploads fail, in this order."""
        self._faults.extend(faults)

    def upload(self, *, message_id: str, content: bytes, first_use: bool) -> UploadOutcome:
        """See `Files.upload`."""
        fault = self._faults.popleft() if self._faults else None
        if fault is FileFault.CONNECTION_REFUSED:
            return _not_taken("connection_refused", first_use=first_use, retryable=True)
        if fault is FileFault.REFUSED:
            return _not_taken("file_refused", first_use=first_use, retryable=False)
        if fault is FileFault.LOST_BEFORE_TAKING:
            return FileUnknown(code="timeout")
        self.uploads.append(message_id)
        if fault is FileFault.TAKEN_LATER:
            self._late.append(content)
            return FileUnknown(code="timeout")
        if message_id in self._messages:
            return Duplicate()
        self._take(content)
        return FileUnknown(code="timeout") if fault is FileFault.LOST_AFTER_TAKING else Received()

    def arrive(self) -> None:
        """What was on its way arrives now; a message id the bank holds by then is refused as ever."""
        for content in self._late:
            if check_pain001(content).message_id not in self._messages:
                self._take(content)
        self._late.clear()

    def enquire(self, message_id: str) -> MessageState | None:
        """See `Files.enquire`."""
        self._answering()
        known = self._messages.get(message_id)
        return None if known is None else MessageState(message_id, known[0].count, known[0].total)

    def reports(self, *, financial_account: str, after: int) -> Iterator[Report]:
        """See `Files.reports`."""
        self._answering()
        yield from [report for report in self._reports[financial_account] if report.sequence > after]

    def report(self, *, reject: frozenset[str] = frozenset(), whole: str = "ACTC", reason: str = "AC04") -> None:
        """Answer every unanswered file with a pain.002: `reject` names end-to-end ids, `whole` may be RJCT."""
        for message_id in self._unsettled:
            totals, content = self._messages[message_id]
            orders = orders_of(content)
            refused = [order for order in orders if order[1] in reject]
            status = whole if not refused else "PART"
            self._give(
                totals.financial_account, ReportKind.STATUS, status_report(totals, status, refused, reason, self._now())
            )
            self._rejected |= {order[0] for order in (orders if whole == "RJCT" else refused)}

    def settle(self) -> None:
        """Book every order that was not rejected and report it as a camt.054."""
        for message_id in self._unsettled:
            totals, content = self._messages[message_id]
            orders = [order for order in orders_of(content) if order[0] not in self._rejected]
            self.debits += [Debit(order[0], order[1], int(order[2])) for order in orders]
            self._book(totals.financial_account, orders, returned=False, reason=None)
        self._unsettled.clear()

    def give_back(self, end_to_end_id: str, *, financial_account: str, reason: str = "AC04") -> None:
        """Return the money of one order, days later."""
        debit = next(debit for debit in self.debits if debit.end_to_end_id == end_to_end_id and not debit.returned)
        self.debits.remove(debit)
        self.debits.append(Debit(debit.instruction_id, debit.end_to_end_id, debit.amount, returned=True))
        order = (debit.instruction_id, debit.end_to_end_id, str(debit.amount))
        self._book(financial_account, [order], returned=True, reason=reason)

    def debit_again(self, end_to_end_id: str, *, financial_account: str) -> None:
        """The bank's own mistake: the same order booked once more, under another reference."""
        debit = next(debit for debit in self.debits if debit.end_to_end_id == end_to_end_id)
        self.debits.append(Debit(debit.instruction_id, debit.end_to_end_id, debit.amount))
        order = (debit.instruction_id, debit.end_to_end_id, str(debit.amount))
        content = bookings_report(financial_account, [order], returned=False, reason=None, now=self._now())
        self._give(financial_account, ReportKind.BOOKINGS, content.replace("<AcctSvcrRef>", "<AcctSvcrRef>2"))

    def _take(self, content: bytes) -> None:
        totals = check_pain001(content)
        self._messages[totals.message_id] = (totals, content)
        self._unsettled.append(totals.message_id)

    def _book(self, account: str, orders: list[tuple[str, str, str]], *, returned: bool, reason: str | None) -> None:
        if orders:
            content = bookings_report(account, orders, returned=returned, reason=reason, now=self._now())
            self._give(account, ReportKind.BOOKINGS, content)

    def _give(self, account: str, kind: ReportKind, content: str) -> None:
        given = self._reports[account]
        given.append(Report(sequence=len(given) + 1, kind=kind, content=content.encode()))

    def _answering(self) -> None:
        if self.silent:
            raise BankUnavailable("silent")


def _not_taken(code: str, *, first_use: bool, retryable: bool) -> FileNotTaken | FileUnknown:
    return FileNotTaken(code=code, retryable=retryable) if first_use else FileUnknown(code=code)


def orders_of(content: bytes) -> list[tuple[str, str, str]]:
    """The orders of a pain.001 of ours: (instruction id, end-to-end id, đồng)."""
    return _ORDER.findall(content.decode())


def status_report(
    totals: FileTotals, status: str, refused: list[tuple[str, str, str]], reason: str, now: datetime
) -> str:
    """A pain.002 on a file: `status` of the whole, and the orders refused."""
    orders = "".join(
        f"<TxInfAndSts><OrgnlInstrId>{instruction}</OrgnlInstrId><OrgnlEndToEndId>{order}</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
        f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf></TxInfAndSts>"
        for instruction, order, _ in refused
    )
    lines = f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{totals.message_id}</OrgnlPmtInfId>{orders}</OrgnlPmtInfAndSts>"
    return (
        f'<Document xmlns="{namespace_of(PAIN002)}"><CstmrPmtStsRpt><GrpHdr><MsgId>R</MsgId>'
        f"<CreDtTm>{now.isoformat()}</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>{totals.message_id}</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><OrgnlNbOfTxs>{totals.count}</OrgnlNbOfTxs>"
        f"<OrgnlCtrlSum>{totals.total}</OrgnlCtrlSum><GrpSts>{status}</GrpSts></OrgnlGrpInfAndSts>"
        f"{lines if orders else ''}</CstmrPmtStsRpt></Document>"
    )


def bookings_report(
    account: str, orders: list[tuple[str, str, str]], *, returned: bool, reason: str | None, now: datetime
) -> str:
    """A camt.054: each order booked by itself, as a debit or as a credit that came back."""
    given_back = f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>" if reason else ""
    side, kind = ("CRDT", "R") if returned else ("DBIT", "D")
    entries = "".join(
        f'<Ntry><Amt Ccy="VND">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>{now.date()}</Dt></BookgDt><AcctSvcrRef>{kind}{instruction}</AcctSvcrRef><BkTxCd/><NtryDtls><TxDtls>"
        f"<Refs><AcctSvcrRef>B{instruction}</AcctSvcrRef><InstrId>{instruction}</InstrId><EndToEndId>{order}</EndToEndId></Refs>"
        f'<Amt Ccy="VND">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{given_back}</TxDtls></NtryDtls></Ntry>'
        for instruction, order, amount in orders
    )
    return (
        f'<Document xmlns="{namespace_of(CAMT054)}"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>N</MsgId>'
        f"<CreDtTm>{now.isoformat()}</CreDtTm></GrpHdr><Ntfctn><Id>N</Id><CreDtTm>{now.isoformat()}</CreDtTm>"
        f"<Acct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>VND</Ccy></Acct>{entries}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    )
