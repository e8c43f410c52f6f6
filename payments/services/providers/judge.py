"""What one row of a result list means for the list it answers: which payment, whether the amount is ours, and what is wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from beneficiaries.linkage.names import name_key
from beneficiaries.services.intake.receive import text_digest
from payments.models import PaymentBatch, ResultLine
from payments.services.providers.lines import ListLine
from payments.services.providers.read_results import ResultRow
from payments.services.providers.templates import Form

Outcome, Problem, SignedBy = ResultLine.Outcome, ResultLine.Problem, ResultLine.SignedBy
OTHER_NAME = "họ tên khác danh sách đã giao; dòng có thể bị lệch, mời kiểm tra rồi gửi lại."


@dataclass(frozen=True)
class Judged:
    """A row with its payment (None: not on the list) and `problem`; `unclear` rows say nothing and are to be sent again."""

    row: ResultRow
    line: ListLine | None
    problem: str
    unclear: str
    signed_by: str
    digest: bytes

    @property
    def moves(self) -> bool:
        """Whether the row may move its payment."""
        return self.line is not None and not self.problem and not self.unclear


def judge(rows: Iterable[ResultRow], *, batch: PaymentBatch, lines: Iterable[ListLine], form: Form) -> list[Judged]:
    """Each row against the list as handed over. A payment is found by its own code, else by the enrolment's, if that is one line's only."""
    known = _by_key(lines)
    return [_judge(row, batch=batch, line=known.get(row.key), form=form) for row in rows]


def _by_key(lines: Iterable[ListLine]) -> Mapping[str, ListLine]:
    found: dict[str, ListLine] = {}
    for line in lines:
        for code in line.codes:
            found[code] = line
        found[line.payment.end_to_end_id] = line
    return found


def _judge(row: ResultRow, *, batch: PaymentBatch, line: ListLine | None, form: Form) -> Judged:
    other_name = line is not None and row.name and name_key(row.name) != name_key(line.payment.beneficiary.full_name)
    unclear = OTHER_NAME if other_name else _unclear(row, form=form)
    problem = ""
    if line is None:
        problem = Problem.NOT_ON_LIST
    elif row.amount != line.payment.amount:
        problem = Problem.AMOUNT_DIFFERS
    who = line.payment.end_to_end_id if line else f"{row.key}|{name_key(row.name)}"
    said = (batch.token, who, row.outcome, str(row.amount), str(row.happened_on))
    return Judged(row, line, problem, unclear, _signer(row, line), text_digest(("provider-result", *said)))


def _unclear(row: ResultRow, *, form: Form) -> str:
    """What whoever filled in the form has to write, by the form's own headings and words; "" when it is written."""
    paid, missed, returned = (form.says[outcome] for outcome in (Outcome.PAID, Outcome.NOT_COLLECTED, Outcome.RETURNED))
    day = form.titles["paid"]
    if not row.outcome:
        return f"cột “{form.titles['result']}” phải là “{paid}” (kèm ngày ở cột “{day}”), “{missed}” hoặc “{returned}”."
    if row.amount is None:
        return f"cột “{form.titles['amount']}” không phải số tiền; ghi bằng chữ số, như 750.000, hoặc để nguyên số của danh sách đã giao."
    if row.outcome == Outcome.PAID and row.happened_on is None:
        return f"đã chi thì cột “{day}” phải là một ngày có trong lịch, như 21/11/2026."
    return ""


def _signer(row: ResultRow, line: ListLine | None) -> str:
    """Who signed for the money, as named on the list or not; "" where the form does not say."""
    key = name_key(row.signed_by)
    if not key or line is None:
        return ""
    if key in (name_key("Người hưởng"), name_key(line.payment.beneficiary.full_name)):
        return SignedBy.BENEFICIARY
    payee = line.payment.payee_name
    named = payee != line.payment.beneficiary.full_name and key in (name_key("Người nhận thay"), name_key(payee))
    return SignedBy.PAYEE if named else SignedBy.ANOTHER
