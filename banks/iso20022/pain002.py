"""pain.002.001.12 (CustomerPaymentStatusReport): what became of a file, and of the orders in it that were refused."""

from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

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


Group = tuple[str, GroupStatus, str | None, int | None, int | None]
"""Of the file: message id, status, reason, count, total."""
Block = tuple[GroupStatus, str | None]
"""Of its one block of orders: status, reason."""


def read_pain002(content: bytes) -> StatusReport:
    """Read a report; nothing of it counts unless all of it is valid. Other states than RJCT of one order say nothing final.

    A file of ours is one block of orders: what a bank says of the block alone, it says of the file.

    Raises FileInvalid, FileUnsafe, FileTooLarge.
    """
    find = Finder(PAIN002)
    group: Group | None = None
    report_id = ""
    rejections: dict[str, Rejection] = {}
    block: Block | None = None
    seen = 0
    ends = ("GrpHdr", "OrgnlGrpInfAndSts", "TxInfAndSts", "OrgnlPmtInfAndSts")
    for element in read_elements(content, message=PAIN002, ends=ends):
        name = element.tag.rpartition("}")[2]
        if name == "GrpHdr":
            report_id = find.need(element, "MsgId")
        elif name == "OrgnlGrpInfAndSts":
            group = _read_group(element, find)
        elif name == "OrgnlPmtInfAndSts":
            block = _read_block(element, find, before=block)
        else:
            seen += 1
            if seen > MAX_TRANSFERS:
                raise FileTooLarge("too many transactions")
            if (rejection := _read_rejection(element, find)) is not None:
                if rejection.instruction_id in rejections:
                    raise FileInvalid("an order twice")
                rejections[rejection.instruction_id] = rejection
            drop(element)
    if group is None:
        raise FileInvalid("no OrgnlGrpInfAndSts")
    return _consistent(StatusReport(report_id, *_with_block(group, block), tuple(rejections.values())))


def _read_group(element: etree._Element, find: Finder) -> Group:
    if not find.need(element, "OrgnlMsgNmId").startswith(PAIN001[:8]):
        raise FileInvalid("a report about something else than orders")
    total = find.text(element, "OrgnlCtrlSum")
    return (
        find.need(element, "OrgnlMsgId"),
        _group_status(find.text(element, "GrpSts")),
        find.text(element, "StsRsnInf/Rsn/Cd"),
        whole_number(find.text(element, "OrgnlNbOfTxs"), what="OrgnlNbOfTxs"),
        None if total is None else whole_dong(total, what="OrgnlCtrlSum"),
    )


def _read_block(element: etree._Element, find: Finder, *, before: Block | None) -> Block | None:
    """The word on the block, if it has one; a second block with a word is not of a file of ours."""
    code = find.text(element, "PmtInfSts")
    if code is None:
        return before
    if before is not None:
        raise FileInvalid("two blocks in a file of one")
    return _group_status(code), find.text(element, "StsRsnInf/Rsn/Cd")


def _read_rejection(element: etree._Element, find: Finder) -> Rejection | None:
    if find.text(element, "TxSts") != "RJCT":
        return None
    return Rejection(
        instruction_id=find.need(element, "OrgnlInstrId"),
        end_to_end_id=find.need(element, "OrgnlEndToEndId"),
        reason=find.text(element, "StsRsnInf/Rsn/Cd"),
        amount=find.dong(element, "OrgnlTxRef/Amt/InstdAmt"),
    )


def _with_block(group: Group, block: Block | None) -> Group:
    """The more definite of the two words; a bank that takes the file and refuses its only block contradicts itself."""
    message_id, status, reason, count, total = group
    if block is None or block[0] in (GroupStatus.UNDECIDED, status):
        return group
    if status is GroupStatus.UNDECIDED or (status is GroupStatus.PARTLY and block[0] is GroupStatus.REJECTED):
        return message_id, block[0], block[1] or reason, count, total
    raise FileInvalid("GrpSts and PmtInfSts contradict each other")


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
