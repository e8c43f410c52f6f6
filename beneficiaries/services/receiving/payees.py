"""Who receives for a beneficiary: recorded with the paper, ended by people, by its term or by a death. What ends bars only the next payment's way."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from beneficiaries.errors import PayeeAlreadyEnded, PayeeInvalid
from beneficiaries.linkage.dates import age_on
from beneficiaries.linkage.names import name_key, without_honour
from beneficiaries.models import (
    Beneficiary,
    Enrolment,
    IdentityStatus,
    LifeStatus,
    PayeeKind,
    PayeeRelation,
    not_ended,
)
from beneficiaries.parsers.values import read_identity_number, tidy_name
from beneficiaries.services.accounts.account_cases import open_account_cases
from beneficiaries.services.numbers import keep_identity_numbers
from beneficiaries.services.receiving.payee_limits import (
    ask_about_long_term,
    require_alive,
    require_no_other_agent,
    require_old_enough,
)
from beneficiaries.services.receiving.payees_accounts import look_at_payees_accounts
from staff.encryption import seal
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require

PHONE = "payee-phone"
PAPER_OF = {
    PayeeKind.GUARDIAN.value: "trích lục giám hộ",
    PayeeKind.CARER.value: "quyết định giao chăm sóc, nuôi dưỡng",
}
WARN_BEFORE = timedelta(days=30)
# Of enrolments that were there on the paper's first day: how a later one is received was said with it.
_BEGIN = """
UPDATE beneficiaries_enrolment e SET payee_kind = r.kind, payee_name = r.full_name, payee_paper_until = r.until
FROM (SELECT DISTINCT ON (beneficiary_id) *, least(valid_until, ended_on - 1) AS until FROM beneficiaries_payeerelation
      WHERE (ended_on IS NULL OR ended_on > %(on)s) AND valid_from <= %(on)s ORDER BY beneficiary_id, recorded_at DESC, id DESC) r
WHERE r.valid_from > (r.recorded_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
  AND e.beneficiary_id = r.beneficiary_id AND e.ended_month IS NULL AND (e.recorded_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <= r.valid_from
  AND (e.payee_kind, e.payee_name, e.payee_paper_until) IS DISTINCT FROM (r.kind, r.full_name, r.until)
"""
# Whose relation ended on a day that lay ahead, and nobody follows: the person receives; by a power of attorney as long as it was good.
_END = """
UPDATE beneficiaries_enrolment e
SET payee_kind = CASE WHEN e.payee_kind = 'AUTHORISED' THEN e.payee_kind ELSE 'OWN' END,
    payee_name = CASE WHEN e.payee_kind = 'AUTHORISED' THEN e.payee_name ELSE '' END,
    payee_paper_until = CASE WHEN e.payee_kind = 'AUTHORISED' THEN r.ended_on - 1 END
FROM (SELECT beneficiary_id, kind, full_name, max(ended_on) AS ended_on FROM beneficiaries_payeerelation WHERE ended_on <= %(on)s GROUP BY 1, 2, 3) r
WHERE e.beneficiary_id = r.beneficiary_id AND e.payee_kind = r.kind AND e.payee_name = r.full_name AND e.ended_month IS NULL
  AND (e.recorded_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <= r.ended_on
  AND (e.payee_kind <> 'AUTHORISED' OR e.payee_paper_until IS DISTINCT FROM r.ended_on - 1 AND e.payee_paper_until >= r.ended_on)
  AND NOT EXISTS (SELECT 1 FROM beneficiaries_payeerelation n WHERE n.beneficiary_id = e.beneficiary_id AND n.kind = e.payee_kind
                  AND n.full_name = e.payee_name AND (n.ended_on IS NULL OR n.ended_on > %(on)s))
"""


@dataclass(frozen=True)
class Paper:
    """What a power of attorney, a birth certificate or an extract says. `valid_until` is its last day."""

    number: str = ""
    signed_on: date | None = None
    certified_by: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    scope: str = PayeeRelation.Scope.RECEIVE


@transaction.atomic
def record_payee(
    *,
    beneficiary: Beneficiary,
    kind: str,
    full_name: str,
    paper: Paper,
    actor: User,
    now: datetime,
    identity_number: str = "",
    phone: str = "",
    replaces: bool = False,
) -> PayeeRelation:
    """This person receives for the beneficiary from the paper's first day on, else from now; an earlier relation of the same kind is replaced
    from that day.

    One whose paper begins later receives nothing before, and the earlier one until then (`begin_payees`).

    A power of attorney needs number, certifier and term (Circular 01/2020/TT-BTP); a guardian or carer the number of the extract or decision that
    says so: a name alone would let whoever types it collect. A second person is authorised only where `replaces` says that the first no longer is;
    nobody too young receives, and a long term is asked about (`payee_limits`). Raises `PayeeInvalid`, `NotAllowed`.
    """
    require(actor, Right.MANAGE_PAYEES, unit=beneficiary.unit)
    name, begins = tidy_name(full_name), (paper.valid_from or timezone.localdate(now))
    _require_paper(kind=kind, name=name, paper=paper, on=begins)
    number = _number_of_payee(identity_number)
    number_id = keep_identity_numbers([number])[number] if number else None
    require_old_enough(kind=kind, number=number, number_id=number_id, on=begins)
    require_alive(beneficiary=beneficiary, name_key=name_key(name), number_id=number_id, on=timezone.localdate(now))
    if kind == PayeeKind.AUTHORISED:
        if not replaces:
            same = require_no_other_agent(
                beneficiary=beneficiary,
                name_key=name_key(name),
                number_id=number_id,
                paper_number=paper.number,
                on=begins,
            )
            number_id = number_id or same
        ask_about_long_term(beneficiary_id=beneficiary.pk, begins=begins, until=paper.valid_until, now=now)
    PayeeRelation.objects.filter(not_ended(on=begins), beneficiary=beneficiary, kind=kind).update(
        ended_on=begins, end_reason=PayeeRelation.EndReason.REPLACED, ended_by=actor
    )
    relation = PayeeRelation.objects.create(
        beneficiary=beneficiary,
        kind=kind,
        full_name=name,
        name_key=name_key(name),
        number_id=number_id,
        sealed_phone=seal(phone.encode(), purpose=PHONE) if phone else None,
        scope=paper.scope,
        paper_number=paper.number,
        paper_signed_on=paper.signed_on,
        certified_by=paper.certified_by,
        valid_from=begins,
        valid_until=paper.valid_until,
        recorded_by=actor,
        recorded_at=now,
    )
    _pay_from_then_on(relation, now=now)
    return relation


@transaction.atomic
def begin_payees(*, on: date) -> int:
    """Let those receive whose papers, recorded ahead, have begun by `on`, and the person where an end recorded ahead has come.

    Returns how many enrolments began. The newest relation of a person decides.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, {"on": on})
        begun = int(cursor.rowcount)
        cursor.execute(_END, {"on": on})
    return begun


@transaction.atomic
def end_payee(*, relation: PayeeRelation, reason: str, on: date, actor: User, now: datetime) -> None:
    """The relation holds no longer from the day `on`; until then, and while an earlier end lies ahead, it does.

    Raises `PayeeAlreadyEnded`, `NotAllowed`.
    """
    require(actor, Right.MANAGE_PAYEES, unit=relation.beneficiary.unit)
    ended = PayeeRelation.objects.filter(not_ended(on=on), pk=relation.pk).update(
        ended_on=on, end_reason=reason, ended_by=actor
    )
    if not ended:
        raise PayeeAlreadyEnded
    mine = _live(relation.beneficiary).filter(payee_kind=relation.kind, payee_name=relation.full_name)
    if relation.kind == PayeeKind.AUTHORISED:
        mine.update(payee_paper_until=on - timedelta(days=1))
    elif on <= timezone.localdate(now):
        mine.update(payee_kind=PayeeKind.OWN, payee_name="", payee_paper_until=None)
    open_account_cases(
        evidence_of={relation.beneficiary_id: ["người nhận thay đã thôi; cần đăng ký lại cách nhận tiền"]},
        reason="PAYEE_ENDED",
        now=now,
    )


@transaction.atomic
def end_payees_of_the_dead(*, on: date, now: datetime) -> int:
    """A power of attorney ends with the death of the person who gave it, registered or in the population data. Returns how many ended."""
    taken_back = Q(beneficiary__life_status__not_deceased_on=F("beneficiary__identity__deceased_on"))
    theirs = PayeeRelation.objects.filter(not_ended(on=on), kind=PayeeKind.AUTHORISED)
    in_the_extract = theirs.filter(beneficiary__identity__deceased_on__lte=on).exclude(
        taken_back | Q(beneficiary__identity_status=IdentityStatus.CONFLICT)
    )
    registered = theirs.filter(beneficiary__life_status__deceased_on__lte=on)
    dead = {
        pk: person for some in (in_the_extract, registered) for pk, person in some.values_list("pk", "beneficiary_id")
    }
    ended = theirs.filter(pk__in=dead).update(ended_on=on, end_reason=PayeeRelation.EndReason.DECEASED)
    Enrolment.objects.filter(beneficiary__in=dead.values(), payee_kind=PayeeKind.AUTHORISED).update(
        payee_paper_until=on - timedelta(days=1)
    )
    return ended


def papers_running_out(
    *, unit: AdministrativeUnit, on: date, within: timedelta = WARN_BEFORE
) -> QuerySet[PayeeRelation]:
    """Papers below the unit that end within 30 days of `on`, the soonest first; those that ran out unrenewed come before."""
    return (
        PayeeRelation.objects.filter(
            beneficiary__unit__path__startswith=unit.path, ended_on__isnull=True, valid_until__lte=on + within
        )
        .select_related("beneficiary__unit")
        .order_by("valid_until", "pk")
    )


def warn_of_papers(*, on: date, now: datetime) -> int:
    """Open a case for every paper that ends within 30 days. Returns the new cases."""
    soon = PayeeRelation.objects.filter(ended_on__isnull=True, valid_until__lte=on + WARN_BEFORE)
    found = {
        beneficiary_id: [f"giấy ủy quyền hết hạn ngày {until:%d/%m/%Y}"]
        for beneficiary_id, until in soon.values_list("beneficiary_id", "valid_until")
        if until
    }
    return open_account_cases(evidence_of=found, reason="AUTHORISATION_ENDS_SOON", now=now)


def may_sign(
    *, beneficiary: Beneficiary, signer_kind: str, on: date, signs_from_age: int, signer_name: str | None = None
) -> str:
    """ "" if this signer may sign the slip, else the sentence why not: a child's slip is the representative's, an agent needs a paper that says so.

    `signer_name` (None: nobody has signed yet) must be the name on record, whatever its marks, capitals and spaces.
    """
    if signer_kind == PayeeKind.OWN:
        born = beneficiary.birth_date
        age = age_on(on, born=born) if born else on.year - (beneficiary.birth_year or 0)
        if bool(born or beneficiary.birth_year) and age < signs_from_age:
            return f"Người hưởng dưới {signs_from_age} tuổi: phiếu do cha, mẹ hoặc người giám hộ ký."
        if signer_name is not None and without_honour(name_key(signer_name)) not in _own_keys(beneficiary):
            return (
                f"Phiếu ghi chính chủ ký nhưng họ tên người ký “{tidy_name(signer_name)}” khác họ tên người hưởng “{beneficiary.full_name}”. "
                "Gõ nhầm thì sửa họ tên; người khác ký thay thì chọn đúng quan hệ của người ấy; họ tên trong hồ sơ sai thì sửa hồ sơ trước."
            )
        return ""
    if signer_kind not in (PayeeKind.PARENT, PayeeKind.GUARDIAN, PayeeKind.AUTHORISED):
        return "Phiếu chỉ do người hưởng, cha mẹ, người giám hộ hoặc người được ủy quyền ký."
    held = [
        relation
        for relation in PayeeRelation.objects.filter(beneficiary=beneficiary, kind=signer_kind, valid_from__lte=on)
        if (relation.valid_until is None or relation.valid_until >= on)
        and (relation.ended_on is None or relation.ended_on > on)
    ]
    if not held:
        return "Chưa ghi nhận giấy tờ của người ký, hoặc giấy tờ không còn hiệu lực ngày ký."
    if signer_name is not None:
        key = without_honour(name_key(signer_name))
        theirs = [relation for relation in held if without_honour(relation.name_key) == key]
        if not theirs:
            return (
                f"Họ tên người ký “{tidy_name(signer_name)}” khác người đã ghi theo giấy tờ “{held[0].full_name}”. "
                "Gõ nhầm thì sửa họ tên; người khác ký thì ghi giấy tờ của người ấy trước."
            )
        held = theirs
    if signer_kind == PayeeKind.AUTHORISED and held[0].scope != PayeeRelation.Scope.RECEIVE_AND_SIGN:
        return "Giấy ủy quyền chỉ cho nhận tiền thay, không cho ký phiếu đăng ký."
    return ""


def likely_signer(*, beneficiary: Beneficiary, on: date, signs_from_age: int) -> tuple[str, str]:
    """Who would sign a slip this day, as kind and name: the beneficiary, or who stands for a child ("" when no paper is on record)."""
    if not may_sign(beneficiary=beneficiary, signer_kind=PayeeKind.OWN, on=on, signs_from_age=signs_from_age):
        return PayeeKind.OWN, beneficiary.full_name
    for relation in PayeeRelation.objects.filter(
        beneficiary=beneficiary, kind__in=(PayeeKind.GUARDIAN, PayeeKind.PARENT), valid_from__lte=on
    ).order_by("-valid_from", "-pk"):
        if not may_sign(
            beneficiary=beneficiary,
            signer_kind=relation.kind,
            on=on,
            signs_from_age=signs_from_age,
            signer_name=relation.full_name,
        ):
            return relation.kind, relation.full_name
    return PayeeKind.PARENT, ""


def _own_keys(beneficiary: Beneficiary) -> set[str]:
    """Of the name on record, of the one before a change the registry told, and of the resident's they are proven to be."""
    keys = {beneficiary.name_key}
    before = LifeStatus.objects.filter(pk=beneficiary.pk).values_list("name_before", flat=True).first()
    if before:
        keys.add(name_key(before))
    if beneficiary.identity is not None and beneficiary.identity_status == IdentityStatus.MATCHED:
        keys.add(beneficiary.identity.name_key)
    return {without_honour(key) for key in keys}


def _live(beneficiary: Beneficiary) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(beneficiary=beneficiary, ended_month__isnull=True)


def _require_paper(*, kind: str, name: str, paper: Paper, on: date) -> None:
    """Raise `PayeeInvalid` for a payee without a name, or whose paper lacks what its kind needs, or has ended by `on`."""
    if kind == PayeeKind.OWN or not name_key(name):
        raise PayeeInvalid("Thiếu họ tên người nhận thay.")
    if kind == PayeeKind.AUTHORISED and not (paper.number and paper.certified_by and paper.valid_until):
        raise PayeeInvalid("Giấy ủy quyền phải có số, nơi chứng thực và thời hạn.")
    if kind in PAPER_OF and not paper.number:
        raise PayeeInvalid(f"{PayeeKind(kind).label} phải có số {PAPER_OF[kind]}.")
    if paper.valid_until and paper.valid_until < on:
        raise PayeeInvalid("Giấy tờ đã hết hạn.")


def _number_of_payee(text: str) -> str | None:
    """The personal number as it is kept; None where none was given. Raises `PayeeInvalid`."""
    number = read_identity_number(text) if text else None
    if text and number is None:
        raise PayeeInvalid("Số định danh của người nhận thay phải có 12 chữ số.")
    return number


def _pay_from_then_on(relation: PayeeRelation, *, now: datetime) -> None:
    """Let the new relation decide who is paid; one that begins later waits for `begin_payees`."""
    today, live = timezone.localdate(now), _live(relation.beneficiary)
    if relation.valid_from <= today:
        live.update(payee_kind=relation.kind, payee_name=relation.full_name, payee_paper_until=relation.valid_until)
        look_at_payees_accounts(on=today, now=now, beneficiary_id=relation.beneficiary_id)
    elif relation.kind == PayeeKind.AUTHORISED:
        # A list made before that day and paid on it must not name the one replaced by then.
        live.filter(payee_kind=relation.kind, payee_paper_until__gte=relation.valid_from).update(
            payee_paper_until=relation.valid_from - timedelta(days=1)
        )
