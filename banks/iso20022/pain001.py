"""pain.001.001.09 (CustomerCreditTransferInitiation): orders to a bank, one funding account and one execution day per file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from xml.sax.saxutils import escape

from lxml import etree

from banks.iso20022.characters import Characters, written_in
from banks.iso20022.document import (
    PAIN001,
    Finder,
    dong_of,
    drop,
    namespace_of,
    read_elements,
    text_of,
    whole_dong,
    whole_number,
)
from banks.iso20022.errors import FileInvalid, FileTooLarge
from banks.transfers import Transfer

MAX_TRANSFERS = 50_000
_NAME, _TEXT, _ACCOUNT = 140, 140, 34
_HEAD, _ONE, _IDS, _END_TO_END_ID, _AMOUNT, _INSTRUCTED = (
    f"{{{namespace_of(PAIN001)}}}{name}" for name in ("GrpHdr", "CdtTrfTxInf", "PmtId", "EndToEndId", "Amt", "InstdAmt")
)


@dataclass(frozen=True, slots=True)
class FileHeader:
    """What stands above the orders; `count` and `total` (đồng) are written first, so they are known before."""

    message_id: str
    created_at: datetime
    execute_on: date
    debtor_name: str
    financial_account: str
    count: int
    total: int
    characters: Characters = Characters.LATIN


@dataclass(frozen=True, slots=True)
class FileTotals:
    """What a whole file says of itself, proven: `count` orders of `total` đồng."""

    message_id: str
    financial_account: str
    count: int
    total: int


def write_pain001(header: FileHeader, transfers: Iterable[Transfer]) -> Iterator[str]:
    """Pieces of the document in order; memory does not grow with the orders.

    EndToEndId is the payment's id on every attempt, InstrId adds the attempt: the statement names the payment, the report the attempt.
    Raises FileTooLarge, and FileInvalid when the orders are not those of the header.
    """
    if not 1 <= header.count <= MAX_TRANSFERS:
        raise FileTooLarge(f"{header.count} transfers")
    if len(header.financial_account) > _ACCOUNT or len(header.message_id) > 35:
        raise FileInvalid("account or message id too long")
    yield _opening(header)
    count = total = 0
    for transfer in transfers:
        if transfer.financial_account != header.financial_account:
            raise FileInvalid("an order on another funding account")
        count += 1
        total += transfer.amount
        yield _order(transfer, header.characters)
    if (count, total) != (header.count, header.total):
        raise FileInvalid("orders differ from the header")
    yield "</PmtInf></CstmrCdtTrfInitn></Document>\n"


def _opening(header: FileHeader) -> str:
    sums = f"<NbOfTxs>{header.count}</NbOfTxs><CtrlSum>{header.total}</CtrlSum>"
    debtor = escape(written_in(header.debtor_name, header.characters, _NAME))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="{namespace_of(PAIN001)}"><CstmrCdtTrfInitn>\n'
        f"<GrpHdr><MsgId>{escape(header.message_id)}</MsgId><CreDtTm>{header.created_at.isoformat(timespec='seconds')}</CreDtTm>"
        f"{sums}<InitgPty><Nm>{debtor}</Nm></InitgPty></GrpHdr>\n"
        # BtchBookg false: one line per order on the statement, so that each can be found there.
        f"<PmtInf><PmtInfId>{escape(header.message_id)}</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>false</BtchBookg>{sums}"
        f"<ReqdExctnDt><Dt>{header.execute_on.isoformat()}</Dt></ReqdExctnDt><Dbtr><Nm>{debtor}</Nm></Dbtr>"
        f"<DbtrAcct><Id><Othr><Id>{escape(header.financial_account)}</Id></Othr></Id><Ccy>VND</Ccy></DbtrAcct>"
        "<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt><ChrgBr>DEBT</ChrgBr>\n"
    )


def _order(transfer: Transfer, characters: Characters) -> str:
    return (
        f"<CdtTrfTxInf><PmtId><InstrId>{escape(transfer.idempotency_key)}</InstrId>"
        f"<EndToEndId>{escape(transfer.end_to_end_id)}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="VND">{transfer.amount}</InstdAmt></Amt>'
        f"<CdtrAgt><FinInstnId><ClrSysMmbId><MmbId>{escape(transfer.bank_bin)}</MmbId></ClrSysMmbId></FinInstnId></CdtrAgt>"
        f"<Cdtr><Nm>{escape(written_in(transfer.holder_name, characters, _NAME))}</Nm></Cdtr>"
        f"<CdtrAcct><Id><Othr><Id>{escape(transfer.account_number)}</Id></Othr></Id></CdtrAcct>"
        f"<RmtInf><Ustrd>{escape(written_in(transfer.description, characters, _TEXT))}</Ustrd></RmtInf></CdtTrfTxInf>\n"
    )


def check_pain001(content: bytes) -> FileTotals:
    """Read a file as a strict bank would, before a bank does: schema, count, control sum, currency, no order twice.

    Raises FileInvalid, FileUnsafe, FileTooLarge.
    """
    find = Finder(PAIN001)
    declared: list[tuple[int | None, int]] = []
    ids: set[str] = set()
    count = total = 0
    message_id = account = ""
    for element in read_elements(content, message=PAIN001, ends=("GrpHdr", "CdtTrfTxInf", "PmtInf")):
        if element.tag == _ONE:
            order, amount = _id_and_amount(element)
            if not amount or order is None or order in ids:
                raise FileInvalid("an order without an amount" if not amount else "an order twice")
            ids.add(order)
            count, total = count + 1, total + amount
            drop(element)
            if count > MAX_TRANSFERS:
                raise FileTooLarge("too many transfers")
            continue
        declared.append(
            (
                whole_number(find.text(element, "NbOfTxs"), what="NbOfTxs"),
                whole_dong(find.need(element, "CtrlSum"), what="CtrlSum"),
            )
        )
        if element.tag == _HEAD:
            message_id = find.need(element, "MsgId")
        else:
            account = find.need(element, "DbtrAcct/Id/Othr/Id")
    if len(declared) != 2 or any(pair != (count, total) for pair in declared):
        raise FileInvalid("number of transactions or control sum")
    return FileTotals(message_id=message_id, financial_account=account, count=count, total=total)


def _id_and_amount(order: etree._Element) -> tuple[str | None, int]:
    """Its EndToEndId and đồng; the schema has one of each, and the first before the second. Raises FileInvalid.

    What stands behind them is not turned into objects, and no path is walked: there are fifty thousand.
    """
    end_to_end_id = amount = None
    for part in order:
        if part.tag == _IDS:
            end_to_end_id = _only(part, _END_TO_END_ID)
        elif part.tag == _AMOUNT:
            amount = _only(part, _INSTRUCTED)
            break
    return text_of(end_to_end_id), dong_of(amount)


def _only(element: etree._Element, tag: str) -> etree._Element | None:
    for part in element:
        if part.tag == tag:
            return part
    return None
