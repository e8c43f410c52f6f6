"""The proof of a cycle: every person has one answer, every đồng is somewhere, and the bank's own statement says the same.

Each check lays two independent counts side by side. A difference is named, never averaged away.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from beneficiaries.models import Reason
from payments.models import Cycle
from payments.money import format_amount
from reconciliation.models import Discrepancy
from reconciliation.services.differences.difference_words import about
from reconciliation.services.differences.discrepancies import below
from reconciliation.services.months import proving
from reconciliation.services.months.close_period import last_day
from reconciliation.services.months.proof_places import Place, places_off


@dataclass(frozen=True)
class Line:
    """One line of the proof: people (entitlements) and đồng."""

    name: str
    people: int
    amount: int


@dataclass(frozen=True)
class Check:
    """Two figures that must be equal, each from its own source."""

    name: str
    ours: int
    theirs: int
    unit: str = "đ"

    @property
    def holds(self) -> bool:
        """Whether they are equal."""
        return self.ours == self.theirs


@dataclass
class Proof:
    """All lines and checks of one cycle; `differences` are sentences, empty when the cycle is proven."""

    month: date
    lines: list[Line] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    discrepancies: list[int] = field(default_factory=list)
    """Ids of the open discrepancies of the accounts that paid; they are the last of `differences`, in the same order."""

    places: list[Place] = field(default_factory=list)
    """Where a sum is off, by name: sought where one is, and none when all hold."""

    @property
    def proven(self) -> bool:
        """No check fails and nothing is unexplained."""
        return not self.differences


def _in_words(answer: str) -> str:
    """The answer as people read it: a reason's code after the colon becomes its label."""
    words, colon, code = answer.partition(": ")
    return f"{words}: {Reason(code).label}" if colon else answer


def figure(value: int, unit: str) -> str:
    """A side of a check as people read it: "ngày" counts days since the year 1, and is a date; 0 is none."""
    if unit == "ngày":
        return f"{date.fromordinal(value):%d/%m/%Y}" if value else "chưa có"
    return f"{format_amount(value)} {unit}"


EVERYWHERE = "/"


def prove_cycle(*, month: date, scope: str = EVERYWHERE) -> Proof:
    """Prove the cycle of `month` for the units below the path `scope`. Raises Cycle.DoesNotExist."""
    cycle = Cycle.objects.get(month=month)
    count = _Counting({"cycle": cycle.pk, "month": month, "not_listed": proving.NOT_LISTED, "scope": scope})
    answers = count.rows(proving.ANSWERS)
    proof = Proof(
        month=month,
        lines=[Line(name=_in_words(name), people=people, amount=amount) for name, people, amount, _ in answers],
        checks=[
            *_checks_of_people(count, not_listed=sum(row[1] for row in answers if row[0] == proving.NOT_LISTED)),
            *_checks_of_payments(count),
            *_checks_of_books(count),
            *_checks_of_accounts(count),
            *_checks_of_providers(count),
        ],
    )
    proof.differences = [
        f"{check.name}: {figure(check.ours, check.unit)} ≠ {figure(check.theirs, check.unit)}"
        for check in proof.checks
        if not check.holds
    ]
    if any(not check.holds and check.unit != "ngày" for check in proof.checks):
        proof.places = places_off(count.given)
    for item in _open_discrepancies(month=month, scope=scope):
        proof.differences.append(f"Chênh lệch chưa xử lý: {item.get_kind_display()}, {about(item)}")
        proof.discrepancies.append(item.pk)
    return proof


@dataclass(frozen=True)
class _Counting:
    """Runs the statements of `proving`, all with the same parameters."""

    given: dict[str, Any]

    def rows(self, statement: str) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(statement, self.given)
            return list(cursor.fetchall())

    def row(self, statement: str) -> Any:
        """Of a statement that counts into one row."""
        (row,) = self.rows(statement)
        return row


def _checks_of_people(count: _Counting, *, not_listed: int) -> list[Check]:
    """`not_listed`: entitlements that are payable and on no list."""
    (enrolled,) = count.row(proving.ENROLLED)
    (answered,) = count.row(proving.ANSWERED)
    return [
        Check("Hồ sơ đang hưởng (theo quyết định) = số hồ sơ có câu trả lời", enrolled, answered, unit="hồ sơ"),
        Check("Hồ sơ đủ điều kiện chi mà chưa vào danh sách nào", 0, not_listed, unit="hồ sơ"),
    ]


def _checks_of_payments(count: _Counting) -> list[Check]:
    live, entitled, unequal = count.row(proving.PAYMENTS)
    made, made_amount, known, known_amount, reissued = count.row(proving.REISSUES)
    return [
        Check("Tổng tiền các khoản chi còn hiệu lực = tổng tiền được hưởng chúng mang, trừ thu hồi", live, entitled),
        Check("Khoản chi không đúng bằng tiền được hưởng nó mang, trừ thu hồi", 0, unequal, unit="khoản"),
        Check(f"Số khoản chi = khoản chi lần đầu + {reissued} khoản chi lại", made, known, unit="khoản"),
        Check("Tiền các khoản chi = tiền chi lần đầu + tiền chi lại", made_amount, known_amount),
    ]


def _checks_of_books(count: _Counting) -> list[Check]:
    (batches,) = count.row(proving.BATCHES)
    (signed,) = count.row(proving.SIGNED)
    (unbalanced,) = count.row(proving.UNBALANCED)
    (unexplained,) = count.row(proving.UNEXPLAINED)
    signatures = "Danh sách có đủ ba chữ ký, và chữ ký thêm nếu quy định, khác người trên đúng nội dung"
    return [
        Check(signatures, batches, signed, unit="danh sách"),
        Check("Bút toán không cân", 0, unbalanced, unit="bút toán"),
        Check("Dòng sao kê chưa được giải thích", 0, unexplained, unit="dòng"),
    ]


def _checks_of_accounts(count: _Counting) -> list[Check]:
    """Each account that paid, by what the bank's statements say of it."""
    checks = []
    for row in count.rows(proving.BANK):
        code, bank_net, posted, top_ups, closing, covered_to, day, journal_net, other, at_bank, crossed = row
        by_statement = f" (đã tính {format_amount(crossed)} đ sao kê ghi khác kỳ ngân hàng báo)" if crossed else ""
        paid_by_bank = bank_net - other
        covered = covered_to.toordinal() if covered_to else 0
        checks += [
            Check(
                f"{code}: ngân hàng ghi Nợ − ghi Có trả lại = các khoản đã ghi có{by_statement}", posted, paid_by_bank
            ),
            Check(f"{code}: tiền cấp − đã chi = số dư cuối trên sao kê", top_ups - posted - other, closing),
            Check(f"{code}: sổ ghi kép = sao kê", journal_net, paid_by_bank),
            Check(f"{code}: tiền tại ngân hàng theo sổ = số dư cuối trên sao kê", at_bank, closing),
            Check(f"{code}: sao kê phủ đến ngày cuối tháng", day.toordinal(), covered, unit="ngày"),
        ]
    return checks


def _checks_of_providers(count: _Counting) -> list[Check]:
    checks = []
    for code, by_journal, by_rows in count.rows(proving.PROVIDER):
        checks += [
            Check(f"{code}: tổ chức chi trả đang giữ theo sổ = đã chuyển − đã chi − đã trả lại", by_rows, by_journal),
            Check(f"{code}: tổ chức chi trả đã chi quá số đã chuyển", 0, max(-by_journal, 0)),
        ]
    return checks


def _open_discrepancies(*, month: date, scope: str) -> QuerySet[Discrepancy]:
    """What is open in the scope and belongs to the month; one without a statement belongs to nobody's scope and is everybody's difference."""
    nobodys = Q(statement__isnull=True, result_line__isnull=True)
    found = Discrepancy.objects.filter(
        below(scope) | nobodys, _belongs_to(month) | nobodys, status=Discrepancy.Status.OPEN
    )
    named = ("statement__funding_account", "line", "payment", "fund_transfer", "result_line__result_list__batch")
    return found.select_related(
        *named, "result_line__result_list__batch__cycle", "result_line__result_list__batch__paying_unit"
    ).order_by("id")


def _belongs_to(month: date) -> Q:
    """What a month's proof stands on: all that happened by its last day, since balances carry it on, and whatever concerns its own payments, however late.

    A day is the line's; of what is missing the day it should stand under; else that of the statement's beginning.
    """
    until = last_day(month)
    sent, came_back = Q(ours__lt=0), Q(ours__gt=0)
    should_stand = (
        sent & (Q(payment__credited_on__lte=until) | Q(payment__credited_on=None, payment__returned_on__lte=until))
    ) | (came_back & Q(payment__returned_on__lte=until))
    of_no_day = Q(line=None, fund_transfer=None, payment__credited_on=None, payment__returned_on=None)
    by_then = (
        Q(line__booked_on__lte=until)
        | (Q(line=None) & should_stand)
        | Q(fund_transfer__booked_on__lte=until)
        | (of_no_day & Q(statement__from_on__lte=until))
    )
    of_its_payments = Q(payment__batch__cycle__month=month) | Q(fund_transfer__batch__cycle__month=month)
    return by_then | of_its_payments | Q(result_line__result_list__batch__cycle__month__lte=month)
