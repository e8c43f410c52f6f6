"""Whoever is put right may receive for others, under the name that stood: who confirms is told, and those others' papers are asked for anew."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from beneficiaries.linkage.names import name_key
from beneficiaries.models import Correction, PayeeRelation, not_ended
from beneficiaries.services.accounts.account_cases import open_account_cases
from payments.models import Payment
from payments.money import format_amount
from payments.states import PaymentStatus

ASKED = "Họ tên người nhận thay đã sửa theo giấy tờ; giấy tờ nhận thay, danh sách và tài khoản còn ghi họ tên cũ."


def about_payees(correction: Correction) -> Iterator[str]:
    """Sentences for whoever confirms: for how many they receive by the old name, what they received; no name or number of those others."""
    relations = _received_for(correction)
    if not relations:
        return
    people = len({relation.beneficiary_id for relation in relations})
    paid = Payment.objects.filter(
        beneficiary__in=[relation.beneficiary_id for relation in relations],
        payee_name=correction.full_name_before,
        status=PaymentStatus.POSTED,
    ).aggregate(count=Count("pk"), total=Sum("amount"))
    yield (
        f"Đang nhận thay cho {people} người với họ tên cũ; giấy tờ nhận thay, danh sách và tên chủ tài khoản giữ họ tên cũ đến khi ghi lại: "
        "sẽ có việc."
    )
    if paid["count"]:
        yield f"Đã nhận thay {paid['count']} khoản, {format_amount(paid['total'])} đ với họ tên cũ."


def ask_for_payees_anew(correction: Correction, *, now: datetime) -> int:
    """Open a case for everyone the person receives for under the name that stood. Returns how many are new."""
    people = {relation.beneficiary_id: [ASKED] for relation in _received_for(correction, on=now)}
    return open_account_cases(evidence_of=people, reason="PAYEE_RENAMED", now=now)


def _received_for(correction: Correction, *, on: datetime | None = None) -> QuerySet[PayeeRelation]:
    """Relations that hold, of the number and the name that stood before: a name alone is a namesake's."""
    person = correction.beneficiary
    numbers = {correction.number_before_id, person.number_id, person.identity.number_id if person.identity else None}
    mine = Q(number__in=numbers - {None}, name_key=name_key(correction.full_name_before))
    if not correction.full_name_after:
        return PayeeRelation.objects.none()
    return PayeeRelation.objects.filter(mine, not_ended(on=timezone.localdate(on or correction.proposed_at)))
