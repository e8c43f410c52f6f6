"""The balances of a camt.053 statement, or of one page of it."""

from typing import Final, TypeAlias

from lxml import etree

from reconciliation.parsers.errors import BalanceMissing, CurrencyNotSupported, StatementUnreadable
from reconciliation.parsers.values import parse_dong

CURRENCY: Final = "VND"
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)  # some banks give the previous closing instead of an opening balance
INTERIM: Final = "ITBD"  # a page's; or an opening or closing one with this sub-type:
INTERMEDIATE: Final = "INTM"
_TYPE: Final = "Tp/CdOrPrtry/Cd"

Balance: TypeAlias = tuple[int, str]
"""Signed đồng, and the date as written."""


def read_balances(
    statement: etree._Element, *, namespace: str, page: int, is_last: bool
) -> tuple[Balance | None, Balance | None]:
    """Opening and closing balance; of a page of several its own, None where the bank prints none.

    What some banks repeat on every page, the whole statement's balances, is none of a page in the middle. Raises BalanceMissing,
    CurrencyNotSupported, StatementUnreadable.
    """
    whole, interim = _read(statement, namespace=namespace)
    opening = next((whole[code] for code in OPENING if code in whole), None) if page == 1 else None
    closing = next((whole[code] for code in CLOSING if code in whole), None) if is_last else None
    if (page == 1 and opening is None) or (is_last and closing is None):
        raise BalanceMissing("no OPBD" if page == 1 and opening is None else "no CLBD")
    if page > 1 and (len(interim) == 2 or is_last):
        opening = interim[0] if interim else None
    if not is_last and (len(interim) == 2 or page == 1):
        closing = interim[-1] if interim else None
    return opening, closing


def is_whole(statement: etree._Element, *, namespace: str) -> bool:
    """Whether both balances of a whole statement are here."""
    names = {"": namespace}
    codes = {
        (balance.findtext(_TYPE, namespaces=names) or "").strip()
        for balance in statement.iterfind("Bal", namespaces=names)
    }
    return bool(codes & set(OPENING)) and bool(codes & set(CLOSING))


def _read(statement: etree._Element, *, namespace: str) -> tuple[dict[str, Balance], list[Balance]]:
    """Those of the whole statement by type code, and those of the page in their order."""
    names = {"": namespace}
    whole: dict[str, Balance] = {}
    interim: list[Balance] = []
    for balance in statement.iterfind("Bal", namespaces=names):
        code = (balance.findtext(_TYPE, namespaces=names) or "").strip()
        if code not in (*OPENING, *CLOSING, INTERIM):
            continue
        amount = balance.find("Amt", namespaces=names)
        if amount is None or amount.get("Ccy") != CURRENCY:
            raise CurrencyNotSupported(f"balance {code}")
        direction = (balance.findtext("CdtDbtInd", namespaces=names) or "").strip()
        of_page = code == INTERIM or (balance.findtext("Tp/SubTp/Cd", namespaces=names) or "").strip() == INTERMEDIATE
        if direction not in ("CRDT", "DBIT") or (code in whole and not of_page):
            raise StatementUnreadable(f"balance {code}")
        day = balance.findtext("Dt/Dt", namespaces=names) or balance.findtext("Dt/DtTm", namespaces=names) or ""
        said = (parse_dong(amount.text) * (1 if direction == "CRDT" else -1), day)
        if of_page:
            interim.append(said)
        else:
            whole[code] = said
    return whole, interim
