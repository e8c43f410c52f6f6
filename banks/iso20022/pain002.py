"""pain.002.001.12 (CustomerPaymentStatusReport): what became of a file, and of the orders in it that were refused."""

from dataclasses import dataclass
from enum import StrEnum

from banks.iso20022.document import PAIN001, PAIN002, Finder, drop, read_elements, whole_dong, whole_number
from banks.iso20022.errors import FileInvalid, FileTooLarge
from banks.iso20022.pain001 import MAX_TRANSFERS


class GroupStatus(StrEnum):
    """The bank's word on a whole file. ACCEPTED: taken as it is; PARTLY: without the orders named; UNDECIDED: not yet looked at."""

    ACCEPTED = "ACCEPTED"
    PARTLY = "PARTLY"
    REJECTED = "REJECTED"
    UNDECIDED = "UNDECIDED"


GROUP_STATUS = {
    "ACTC": GroupStatus.ACCEPTED,
    "ACCP": GroupStatus.ACCEPTED,
    "ACSP": GroupStatus.ACCEPTED,
    "ACSC": GroupStatus.ACCEPTED,
    "ACWC": GroupStatus.ACCEPTED,
    "PART": GroupStatus.PARTLY,
    "RJCT": GroupStatus.REJECTED,
    "RCVD": GroupStatus.UNDECIDED,
    "PDNG": GroupStatus.UNDECIDED,
}


@dataclass(frozen=True, slots=True)
class Rejection:
    """One order the bank did not execute; `reason` is ISO's code, `amount` đồng if the bank repeats it."""

    instruction_id: str
    end_to_end_id: str
    reason: str | None
    amount: int | None


@dataclass(frozen=True, slots=True)
class StatusReport:
    """One report, whole and valid. `count` and `total` are of the original file, if the bank repeats them."""

    report_id: str
    original_message_id: str
    status: GroupStatus
    reason: str | None
    count: int | None
    total: int | None
    rejections: tuple[Rejection, ...]


def read_pain002(content: bytes) -> StatusReport:
    """Read a report; nothing of it counts unless all of it is valid. Other states than RJCT of one order say nothing final.

    Raises FileInvalid, FileUnsafe, FileTooLarge.
    """
    find = Finder(PAIN002)
    group: tuple[str, GroupStatus, str | None, int | None, int | None] | None = None
    report_id = ""
    rejections: dict[str, Rejection] = {}
    seen = 0
    for element in read_elements(content, message=PAIN002, ends=("GrpHdr", "OrgnlGrpInfAndSts", "TxInfAndSts")):
        name = element.tag.rpartition("}")[2]
        if name == "GrpHdr":
            report_id = find.need(element, "MsgId")
        elif name == "OrgnlGrpInfAndSts":
            if not find.need(element, "OrgnlMsgNmId").startswith(PAIN001[:8]):
                raise FileInvalid("a report about something else than orders")
            total = find.text(element, "OrgnlCtrlSum")
            group = (
                find.need(element, "OrgnlMsgId"),
                _group_status(find.text(element, "GrpSts")),
                find.text(element, "StsRsnInf/Rsn/Cd"),
                whole_number(find.text(element, "OrgnlNbOfTxs"), what="OrgnlNbOfTxs"),
                None if total is None else whole_dong(total, what="OrgnlCtrlSum"),
            )
        else:
            seen += 1
            if seen > MAX_TRANSFERS:
                raise FileTooLarge("too many transactions")
            if find.text(element, "TxSts") == "RJCT":
                rejection = Rejection(
                    instruction_id=find.need(element, "OrgnlInstrId"),
                    end_to_end_id=find.need(element, "OrgnlEndToEndId"),
                    reason=find.text(element, "StsRsnInf/Rsn/Cd"),
                    amount=find.dong(element, "OrgnlTxRef/Amt/InstdAmt"),
                )
                if rejection.instruction_id in rejections:
                    raise FileInvalid("an order twice")
                rejections[rejection.instruction_id] = rejection
            drop(element)
    if group is None:
        raise FileInvalid("no OrgnlGrpInfAndSts")
    return _consistent(StatusReport(report_id, *group, tuple(rejections.values())))


def _group_status(code: str | None) -> GroupStatus:
    if code is None:
        return GroupStatus.UNDECIDED
    if code not in GROUP_STATUS:
        raise FileInvalid("GrpSts unknown")
    return GROUP_STATUS[code]


def _consistent(report: StatusReport) -> StatusReport:
    """Rules the schema doesn't know: a file accepted whole has no rejected order; no more orders rejected than there were."""
    if report.status is GroupStatus.ACCEPTED and report.rejections:
        raise FileInvalid("GrpSts accepts what TxSts rejects")
    if report.count is not None and len(report.rejections) > report.count:
        raise FileInvalid("more rejections than orders")
    return report
