"""Coverage-guided fuzzing of every statement parser: `python -m benches.fuzz_statements --seconds 3600 [--corpus DIRECTORY]`.

The seconds are of processor time, so that an hour is an hour of work on a busy machine too. Whatever the bytes are, a file is read or refused.
A finding is: another exception, one input that takes more than a second of processor time (a busy machine is no finding), or lines whose sum is
not what the reading says it is. The fuzzer prints its seed and keeps the input that failed below `var/fuzz`; a `slow-unit-…` there was slow on the
clock on the wall only, which a busy machine is too.
"""

import argparse
import io
import os
import sys
import tempfile
import time
from pathlib import Path

import atheris
import xlsxwriter

with atheris.instrument_imports(include=["reconciliation", "beneficiaries", "mt940"]):
    from reconciliation.parsers.any_format import read_files
    from reconciliation.parsers.errors import StatementRefused
    from reconciliation.parsers.table import TableForm

MAX_BYTES = 64 * 1024
CPU_SECONDS = 1.0
KEPT = Path("var/fuzz")  # inputs that failed or were slow
HANG_SECONDS = 120  # of the clock on the wall: what ends an input that never comes back
CAMT = """<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>
<GrpHdr><MsgId>1</MsgId><CreDtTm>2024-08-31T10:00:00</CreDtTm></GrpHdr><Stmt><Id>S1</Id><ElctrncSeqNb>1</ElctrncSeqNb>
<CreDtTm>2024-08-31T10:00:00</CreDtTm><FrToDt><FrDtTm>2024-08-01T00:00:00</FrDtTm><ToDtTm>2024-08-31T23:59:59+07:00</ToDtTm></FrToDt>
<Acct><Id><Othr><Id>0011</Id></Othr></Id><Ccy>VND</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="VND">1000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2024-08-01</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="VND">500</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2024-08-31</Dt></Dt></Bal>
<Ntry><Amt Ccy="VND">500</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2024-08-05</Dt></BookgDt>
<AcctSvcrRef>B1</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>AB_1</EndToEndId></Refs><Amt Ccy="VND">500</Amt>
<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>"""
MT940 = (
    ":20:SP1\r\n:25:0011\r\n:28C:1/1\r\n:60F:C240801VND1000,\r\n:61:2408050805D500,NTRFNONREF//B1\r\n"
    ":86:/EREF/AB_1/RTRN/AC04\r\n:61:240805RD1,NTRFAB_2\r\n:86:166?00X?20EREF+A?32NAME\r\n:62F:C240831VND501,\r\n-\r\n"
)
TABLE = (
    "NGÂN HÀNG\r\nSố tài khoản: 0011 002\r\nTừ ngày 01/08/2024 đến ngày 31/08/2024\r\nSố dư đầu kỳ,1.000.000\r\n"
    "STT,Ngày giao dịch,Phát sinh,,Số dư,Diễn giải,Loại tiền\r\n,,Nợ,Có,,,\r\n"
    '1,05/08/2024 10:22:00,"500,000",,"500,000",AB12CD34000017 tro cap,VND\r\n2,06/08/2024,,"200,000.00","700,000",HOAN TRA,VND\r\n'
    ',,"500,000","200,000",,Cộng phát sinh,\r\nSố dư cuối kỳ,,,,"700,000",,\r\n,,Kế toán,Thủ quỹ,,,\r\n'
)
SIGNED = "Ngày;Số tiền;D/C;Số dư\n2024-08-05;(500);;500\n2024-08-06;7;C;507\n2024-08-06;-7;-;500\n"
MAPPED = "Ngày\tRút\tNạp\tCòn\n05/08/2024\t5\t\t95\n"
MAPPING = {"ngay": "booked_on", "rut": "debit", "nap": "credit", "con": "balance"}
STRANGE = "IN LUC 10:00;;;\nRgl;Ghimzuq;Wob;Ykt\n05/08/2024;5;;95\n06/08/2024;;7;102\n"
HEADLESS = "05/08/2024;5;;95;a\n06/08/2024;;7;102;b\n"
BY_POSITION = {"#0": "booked_on", "#1": "debit", "#2": "credit", "#3": "balance", "#4": ""}
FORM = TableForm(account="0011", mappings=[MAPPING, BY_POSITION])
# Read in a process of its own with bounds of its own: fuzzing it here would measure how fast processes start.
CONFINED = (b"\xd0\xcf\x11\xe0",)
SEEDS = [CAMT.format(version=f"{version:02d}").encode() for version in range(2, 14)]
NOTICES = [
    seed.replace(b"camt.053", b"camt.054")
    .replace(b"Stmt>", b"Ntfctn>")
    .replace(b"BkToCstmrNtfctn>", b"BkToCstmrDbtCdtNtfctn>")
    for seed in SEEDS[::4]
]
TABLES = [text.encode() for text in (TABLE, SIGNED, MAPPED, STRANGE, HEADLESS)] + [TABLE.encode("utf-16")]


def workbook() -> bytes:
    """The signed table as .xlsx."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate(SIGNED.splitlines()):
            sheet.write_row(at, 0, line.split(";"))
    return held.getvalue()


class Fuzzing:
    """One run: how many inputs were tried, until so many seconds of processor time are spent."""

    TOLD_EVERY = 60.0  # seconds of processor time

    def __init__(self, *, seconds: float) -> None:
        self.seconds = seconds
        self.executions = 0
        self._told = 0.0

    def __call__(self, content: bytes) -> None:
        """Try one input; ends the process with 0 when the time is spent (the fuzzer itself only knows the clock on the wall)."""
        check(content)
        self.executions += 1
        spent = time.process_time()
        if spent - self._told >= self.TOLD_EVERY or spent >= self.seconds:
            self._told = spent
            print(f"{self.executions:,} executions, {spent:,.0f} s of processor time, no finding", flush=True)
        if spent >= self.seconds:
            os._exit(0)


def check(content: bytes) -> None:
    """Read or be refused; what was read adds up to what it says."""
    if content.startswith(CONFINED) or b"opendocument" in content[:200]:
        return
    started = time.process_time()
    try:
        for reading in read_files([io.BytesIO(content)], max_bytes=MAX_BYTES, form=FORM):
            lines = list(reading.lines())
            if reading.total != sum(line.amount for line in lines):
                raise AssertionError("lines and their sum differ")
    except StatementRefused:
        pass
    if (spent := time.process_time() - started) > CPU_SECONDS:
        raise AssertionError(f"{spent:.1f} s of processor time for {len(content)} bytes")


def main() -> None:
    """Fuzz for so many seconds of processor time; exits non-zero with a finding."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--seed", type=int, default=2024)
    options.add_argument("--corpus", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as fresh:
        corpus = given.corpus or Path(fresh)
        corpus.mkdir(parents=True, exist_ok=True)
        for number, content in enumerate([*SEEDS, MT940.encode(), *NOTICES, *TABLES, workbook()]):
            (corpus / f"seed-{number}").write_bytes(content)
        print(f"seed {given.seed}, {given.seconds} s of processor time", flush=True)
        KEPT.mkdir(parents=True, exist_ok=True)
        limits = [
            f"-artifact_prefix={KEPT}/",
            f"-seed={given.seed}",
            f"-timeout={HANG_SECONDS}",
            f"-max_len={MAX_BYTES}",
        ]
        atheris.Setup([sys.argv[0], str(corpus), *limits, "-print_final_stats=1"], Fuzzing(seconds=given.seconds))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
