"""Small camt.053 files, made from their parts."""

import io

from reconciliation.parsers.camt053 import CamtParser

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


def balance(code, amount, *, direction="CRDT", currency="VND"):
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='{currency}'>{amount}</Amt>"
        f"<CdtDbtInd>{direction}</CdtDbtInd><Dt><Dt>2024-08-01</Dt></Dt></Bal>"
    )


def entry(amount="500000", *, direction="DBIT", details="", status="<Cd>BOOK</Cd>", extra="", currency="VND"):
    return (
        f"<Ntry><Amt Ccy='{currency}'>{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{extra}<Sts>{status}</Sts>"
        "<BookgDt><Dt>2024-08-01</Dt></BookgDt><ValDt><Dt>2024-08-02</Dt></ValDt><AcctSvcrRef>txn_1</AcctSvcrRef>"
        f"{details}<AddtlNtryInf>lô chi trả</AddtlNtryInf></Ntry>"
    )


def transaction(end_to_end_id="AS1", *, amount=None, inner="", direction=None):
    own = f"<Amt Ccy='VND'>{amount}</Amt>" if amount else ""
    own += f"<CdtDbtInd>{direction}</CdtDbtInd>" if direction else ""
    return f"<TxDtls><Refs><EndToEndId>{end_to_end_id}</EndToEndId></Refs>{own}{inner}</TxDtls>"


def details(*transactions):
    return f"<NtryDtls>{''.join(transactions)}</NtryDtls>"


def statement(*entries, opening="1000000", closing="500000", balances=None, head="", summary="", account=None):
    balances = balance("OPBD", opening) + balance("CLBD", closing) if balances is None else balances
    account = "<Id><Othr><Id>fa_1</Id></Othr></Id><Ccy>VND</Ccy>" if account is None else account
    return (
        f"<Stmt><Id>S-1</Id>{head}<ElctrncSeqNb>12</ElctrncSeqNb><CreDtTm>2024-08-01T17:30:00Z</CreDtTm>"
        "<FrToDt><FrDtTm>2024-08-01T00:00:00+07:00</FrDtTm><ToDtTm>2024-08-01T23:59:59+07:00</ToDtTm></FrToDt>"
        f"<Acct>{account}</Acct>{balances}{summary}{''.join(entries)}</Stmt>"
    )


def document(*statements, namespace=NAMESPACE, prologue=""):
    body = f"<BkToCstmrStmt><GrpHdr><MsgId>M-1</MsgId></GrpHdr>{''.join(statements)}</BkToCstmrStmt>"
    return f"{prologue}<Document xmlns='{namespace}'>{body}</Document>".encode()


def read(content, **limits):
    """[(reading, lines)] of a file."""
    readings = CamtParser().read(io.BytesIO(content), **limits)
    return [(reading, list(reading.lines())) for reading in readings]


def read_lines(*entries):
    ((_, lines),) = read(document(statement(*entries)))
    return lines
