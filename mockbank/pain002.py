"""Writes what became of a file as pain.002.001.12 (CustomerPaymentStatusReport)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.sax.saxutils import escape

from mockbank.clock import iso

TYPE = "pain.002.001.12"


class Rejected(NamedTuple):
    """One order that was refused; `amount` in đồng, `code` ISO's external status reason."""

    instruction_id: str
    end_to_end_id: str
    amount: int
    code: str


class Verdict(NamedTuple):
    """The bank's word on a file; `status` ACTC, PART or RJCT, `reason` only for a file refused as a whole."""

    report_id: str
    message_id: str
    created: int
    status: str
    reason: str | None
    order_count: int | None
    total: int | None


def write_pain002(verdict: Verdict, rejections: Iterable[Rejected]) -> Iterator[str]:
    """Pieces of the document in order; orders that were taken are not named."""
    original = f"<OrgnlMsgId>{escape(verdict.message_id)}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
    sums = "" if verdict.order_count is None else f"<OrgnlNbOfTxs>{verdict.order_count}</OrgnlNbOfTxs>"
    sums += "" if verdict.total is None else f"<OrgnlCtrlSum>{verdict.total}</OrgnlCtrlSum>"
    reason = f"<StsRsnInf><Rsn><Cd>{verdict.reason}</Cd></Rsn></StsRsnInf>" if verdict.reason else ""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{TYPE}"><CstmrPmtStsRpt>\n'
        f"<GrpHdr><MsgId>{verdict.report_id}</MsgId><CreDtTm>{iso(verdict.created)}</CreDtTm></GrpHdr>\n"
        f"<OrgnlGrpInfAndSts>{original}{sums}<GrpSts>{verdict.status}</GrpSts>{reason}</OrgnlGrpInfAndSts>\n"
    )
    opened = False
    for rejected in rejections:
        if not opened:
            yield f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{escape(verdict.message_id)}</OrgnlPmtInfId>\n"
            opened = True
        yield (
            f"<TxInfAndSts><OrgnlInstrId>{escape(rejected.instruction_id)}</OrgnlInstrId>"
            f"<OrgnlEndToEndId>{escape(rejected.end_to_end_id)}</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
            f"<StsRsnInf><Rsn><Cd>{rejected.code}</Cd></Rsn></StsRsnInf>"
            f'<OrgnlTxRef><Amt><InstdAmt Ccy="VND">{rejected.amount}</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>\n'
        )
    yield ("</OrgnlPmtInfAndSts>" if opened else "") + "</CstmrPmtStsRpt></Document>\n"
