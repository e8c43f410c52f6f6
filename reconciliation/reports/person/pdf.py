"""A person's history as a PDF of two pages at most, PDF/A-3a and PDF/UA-1; every change, however many, in the file it carries."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.template.loader import render_to_string
from pypdf import PdfReader

from beneficiaries.models import Decision, PayeeKind, PayeeRelation, Phone, Reason
from beneficiaries.states import AccountStatus
from payments.money import format_amount
from payments.states import PaymentStatus
from reconciliation.reports.person.changes import NOTHING, Change
from reconciliation.reports.person.facts import PersonFacts
from reconciliation.reports.person.words import through
from reconciliation.reports.rolls.roll_csv import as_text
from reconciliation.reports.sentences import capitalised
from staff.printing import Embedded, archive_pdf

TEMPLATE = "reconciliation/person.html"
CSV_NAME = "qua-trinh.csv"
PAGES = 2
Row = dict[str, Any]


@dataclass(frozen=True)
class Room:
    """How many lines of each table are printed; what does not fit is counted and told, and stands in the embedded file."""

    months: int
    decisions: int
    payees: int
    changes: int


ROOMS = (Room(14, 8, 4, 26), Room(12, 6, 3, 12), Room(8, 3, 2, 5))
LONGEST_CHANGE = 260  # characters; the whole of it stands in the embedded file


@dataclass(frozen=True)
class Printed:
    """The PDF, the digest printed on it, and how many changes it carries."""

    pdf: bytes
    digest: str
    changes: int


def render_person(facts: PersonFacts, *, agency: str, purpose: str, reader: str, now: datetime) -> Printed:
    """Two pages: the fullest form that fits. `purpose` and `reader` are printed, because whoever holds the paper answers for it."""
    content = _lines(facts)
    digest = hashlib.sha256(content + json.dumps(asdict(facts) | {"person": facts.person.pk}, default=str, sort_keys=True).encode()).hexdigest()  # fmt: skip
    files = [Embedded(CSV_NAME, "Mọi thay đổi và mọi tháng", content, now)]
    pdf = b""
    for room in ROOMS:
        html = _html(facts, room, agency=agency, purpose=purpose, reader=reader, now=now, digest=digest)
        pdf = archive_pdf(html, identifier=bytes.fromhex(digest), files=files)
        if len(PdfReader(io.BytesIO(pdf)).pages) <= PAGES:
            break
    return Printed(pdf=pdf, digest=digest, changes=len(facts.changes))


def _html(
    facts: PersonFacts, room: Room, *, agency: str, purpose: str, reader: str, now: datetime, digest: str
) -> str:  # fmt: skip
    person = facts.person
    told = [change for change in facts.changes if not change.ordinary]
    owed, paid = sum(row["owed"] for row in facts.months), sum(row["paid"] for row in facts.months)
    return render_to_string(
        TEMPLATE,
        {
            "facts": facts, "person": person, "unit": capitalised(person.unit.name), "agency": agency, "purpose": purpose, "reader": reader, "now": now,
            "created": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "digest": digest, "code": digest[:12],
            "owed": format_amount(owed), "paid": format_amount(paid), "not_paid": format_amount(owed - paid),
            "enrolments": [_enrolment(row) for row in facts.enrolments[:6]], "more_enrolments": len(facts.enrolments[6:]),
            "decisions": [_decision(row) for row in facts.decisions[: room.decisions]], "more_decisions": len(facts.decisions[room.decisions :]),
            "months": [_month(row) for row in facts.months[: room.months]], "years": _years(facts.months[room.months :]),
            "accounts": [_account(row) for row in facts.accounts[:5]], "more_accounts": len(facts.accounts[5:]),
            "payees": [_payee(row) for row in facts.payees[: room.payees]], "more_payees": len(facts.payees[room.payees :]),
            "phones": [Phone.Owner(row["owner"]).label + (" (đã thôi nhận tin)" if row["opted_out_at"] else "") for row in facts.phones],
            "changes": [_told(change) for change in told[: room.changes]], "more_changes": len(told[room.changes :]),
            "ordinary": len(facts.changes) - len(told),
        },
    )  # fmt: skip


def _enrolment(row: Row) -> Row:
    until = f"đến trước {row['ended_month']:%m/%Y}" if row["ended_month"] else "đang hưởng"
    paused = f", tạm dừng từ {row['suspended_month']:%m/%Y}" if row["suspended_month"] else ""
    period = f"từ {row['starts_month']:%m/%Y}, {until}{paused}"
    return row | {"period": period, "coefficient": row["coefficient"].replace(".", ","), "unit_name": capitalised(row["unit_name"])}  # fmt: skip


def _decision(row: Row) -> Row:
    amount = f", {format_amount(row['amount'])} đồng" if row["amount"] else ""
    return row | {"label": f"{Decision.Kind(row['kind']).label}{amount}", "recorded_by": row["recorded_by"] or "tiếp nhận danh sách"}  # fmt: skip


def _payee(row: Row) -> Row:
    until = f" đến {row['valid_until']:%d/%m/%Y}" if row["valid_until"] else ""
    ended = (
        f"; chấm dứt từ {row['ended_on']:%d/%m/%Y}: {PayeeRelation.EndReason(row['end_reason']).label}"
        if row["ended_on"]
        else ""
    )
    paper = f"{row['paper_number']}, chứng thực: {row['certified_by']}" if row["certified_by"] else row["paper_number"]
    return row | {
        "label": PayeeKind(row["kind"]).label,
        "paper": paper,
        "term": f"từ {row['valid_from']:%d/%m/%Y}{until}{ended}",
    }


def _month(row: Row) -> Row:
    by = {"ACCOUNT": "tài khoản", "CASH": "tiền mặt"}.get(row["channel"], "–")
    return row | {"by": by, "owed": format_amount(row["owed"]), "paid": format_amount(row["paid"]), "result": _result(row)}  # fmt: skip


def _result(row: Row) -> str:
    if row["reason"]:
        return f"Không chi: {Reason(row['reason']).label}"
    if row["paid"] and row["credited_on"]:
        return f"Đã nhận ngày {row['credited_on']:%d/%m/%Y}"
    if row["status"] == PaymentStatus.RETURNED:
        returned = f" ngày {row['returned_on']:%d/%m/%Y}" if row["returned_on"] else ""
        why = f": {Reason(row['account_reason']).label}" if row["account_reason"] else ""
        return f"Ngân hàng hoàn trả{returned}{why}"
    if row["status"] == PaymentStatus.FAILED:
        return "Chưa đến nhận tiền mặt" if row["channel"] == "CASH" else "Ngân hàng không chi được"
    return str(PaymentStatus(row["status"]).label) if row["status"] else "Chưa lập danh sách"


def _years(rows: list[Row]) -> list[Row]:
    """What the printed months leave out, by year."""
    years: dict[int, Row] = {}
    for row in rows:
        year = years.setdefault(row["month"].year, {"year": row["month"].year, "months": set(), "owed": 0, "paid": 0})
        year["months"].add(row["month"])
        year["owed"] += row["owed"]
        year["paid"] += row["paid"]
    return [
        {"year": year["year"], "months": len(year["months"]), "owed": format_amount(year["owed"]), "paid": format_amount(year["paid"])}
        for year in years.values()
    ]  # fmt: skip


def _account(row: Row) -> Row:
    reason = f" – {Reason(row['reason']).label}" if row["reason"] else ""
    return row | {
        "state": f"{AccountStatus(row['status']).label}{reason}",
        "holder": PayeeKind(row["holder_kind"]).label,
    }


def _told(change: Change) -> Row:
    said = "; ".join(
        f"{column}: {after if before == NOTHING else f'{before} → {after}'}" for column, before, after in change.details
    )
    said = said if len(said) <= LONGEST_CHANGE else f"{said[:LONGEST_CHANGE]}…"
    return {"at": change.at, "what": f"{change.what} ({change.operation})", "said": said, "who": change.who, "why": through(change.why)}  # fmt: skip


def _lines(facts: PersonFacts) -> bytes:
    """UTF-8 with a mark, so that Excel reads Vietnamese; a text is never a formula."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(["loại", "lúc, tháng", "đối tượng", "từ", "thành", "ai", "vì sao", "mã yêu cầu"])
    writer.writerows(map(as_text, row) for row in _cells(facts))
    return stream.getvalue().encode("utf-8-sig")


def _cells(facts: PersonFacts) -> Iterator[tuple[object, ...]]:
    for row in facts.months:
        yield "tháng", _iso(row["month"]), row["code"], row["owed"], row["paid"], "", _result(row), ""
    for row in map(_payee, facts.payees):
        began = row["valid_from"].isoformat()
        yield "người nhận thay", began, row["full_name"], row["label"], row["term"], "", row["paper"], ""
    for change in facts.changes:
        for column, before, after in change.details or (("", "", ""),):
            about = f"{change.what} ({change.operation}) {column}".strip()
            at = change.at.isoformat(sep=" ", timespec="seconds")
            yield "thay đổi", at, about, before, after, change.who, change.why, change.request


def _iso(month: date) -> str:
    return f"{month:%Y-%m}"
