"""Somebody else receives for a person than before: whether the account of a guardian, parent or carer is in the name of who receives now."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from beneficiaries.linkage.holder_names import DIFFERENT, REVIEW, SAME, NameCheck, compare_holder
from beneficiaries.linkage.names import name_key
from beneficiaries.models import AccountChange, BankAccount, NameVerdict, PayeeKind, PayeeRelation
from beneficiaries.models.accounts import BankAccountQuerySet
from beneficiaries.services.accounts.account_cases import open_account_cases, solve_account_cases
from beneficiaries.states import AT_THE_BANK, AccountCause, AccountStatus, ChangeStatus

ASKED = (
    "người nhận thay đã đổi, tài khoản còn đứng tên người trước; trả tiền mặt đến khi có tài khoản của người đang nhận"
)
UNNAMED = "chưa rõ tài khoản của người nhận thay đứng tên ai; hỏi ngân hàng tên chủ tài khoản, so với người đang nhận"
SETTLED = "Đã có tài khoản của người đang nhận"
NOTED = "so tên chủ tài khoản với người đang nhận thay"
OF_ANOTHER = (NameVerdict.DIFFERENT, NameVerdict.REVIEW)
# What stands against an account otherwise bars it already, or is asked of the bank, which then compares the name with who receives.
IN_USE = ("", "IDENTITY_CHECK")
Key = tuple[int, str]


@transaction.atomic
def look_at_payees_accounts(*, on: date, now: datetime, beneficiary_id: int | None = None) -> int:
    """Compare the holders of payees' accounts with who receives on `on`, everybody's or one person's; return how many accounts turned.

    One in another name stays open, so that a second person decides what takes its place, but no list uses it and a case asks for an account; the
    case is closed once one is confirmed in the right name. A nearly equal name is asked about once per payee: what somebody confirmed stands.
    Whoever receives again has their account back. An account nobody named a holder of is asked about once somebody is recorded after it.
    """
    accounts = BankAccount.objects.filter(status__in=AT_THE_BANK, reason__in=IN_USE).exclude(holder_kind=PayeeKind.OWN)
    if beneficiary_id is not None:
        accounts = accounts.filter(beneficiary=beneficiary_id)
    held = _relations(people=accounts, on=on)
    turned: dict[str, dict[int, int]] = defaultdict(dict)
    doubted: dict[int, str] = {}
    asked_about = set()
    for account in accounts.order_by("pk"):
        relations = held.get((account.beneficiary_id, account.holder_kind))
        if relations is None:
            continue
        check = _agreement(account, relations)
        if account.name_verdict in OF_ANOTHER or check.verdict != SAME:
            asked_about.add(account.beneficiary_id)
        if account.name_verdict != check.verdict and _is_news(account, check, relations):
            turned[check.verdict][account.pk] = check.score
            if check.verdict != SAME:
                doubted[account.beneficiary_id] = ASKED if account.holder_name else UNNAMED
    for verdict, scores in turned.items():
        _turn(verdict, scores, on=on, now=now)
    _close(people=asked_about, held=held, now=now)
    in_cash = doubted.keys() - set(_in_the_right_name(doubted).values_list("beneficiary", flat=True))
    evidence = {person: [doubted[person]] for person in sorted(in_cash)}
    open_account_cases(evidence_of=evidence, reason="NAME_MISMATCH", now=now)
    return sum(map(len, turned.values()))


def _relations(*, people: BankAccountQuerySet, on: date) -> dict[Key, list[PayeeRelation]]:
    """By person and kind all that have begun by `on`, the one that holds then last; nothing where none holds."""
    found: dict[Key, list[PayeeRelation]] = defaultdict(list)
    begun = PayeeRelation.objects.filter(valid_from__lte=on, beneficiary__in=people.values("beneficiary"))
    for relation in begun.order_by(F("ended_on").asc(nulls_last=True), "recorded_at", "pk"):
        found[relation.beneficiary_id, relation.kind].append(relation)
    return {key: held for key, held in found.items() if held[-1].ended_on is None or held[-1].ended_on > on}


def _agreement(account: BankAccount, relations: Sequence[PayeeRelation]) -> NameCheck:
    """The holder beside who receives; a name the same person was recorded with before, by the same number, is theirs too."""
    if not account.holder_name:
        return NameCheck(REVIEW, 0, ())
    payee, key = relations[-1], name_key(account.holder_name)
    if payee.number_id and any(one.number_id == payee.number_id and one.name_key == key for one in relations):
        return NameCheck(SAME, 100, ())
    return compare_holder(account.holder_name, payee.full_name)


def _is_news(account: BankAccount, check: NameCheck, relations: Sequence[PayeeRelation]) -> bool:
    if check.verdict == SAME:
        return account.name_verdict in OF_ANOTHER
    if check.verdict == REVIEW:
        others = len({relation.name_key for relation in relations}) > 1
        return account.status_at < _began(relations) and (others or not account.holder_name)
    return check.verdict == DIFFERENT


def _began(relations: Sequence[PayeeRelation]) -> datetime:
    """When whoever receives now was first known to: a renewed paper makes no new payee."""
    mine = [relation for relation in relations if relation.name_key == relations[-1].name_key]
    return min(max(one.recorded_at, timezone.make_aware(datetime.combine(one.valid_from, time.min))) for one in mine)


def _turn(verdict: str, scores: dict[int, int], *, on: date, now: datetime) -> None:
    by_score: dict[int, list[int]] = defaultdict(list)
    for pk, score in scores.items():
        by_score[score].append(pk)
    cause = AccountCause.VERIFY if verdict == SAME else AccountCause.HOLDER_CHANGED
    for score, ids in by_score.items():
        BankAccount.objects.filter(pk__in=ids).update(
            name_verdict=verdict,
            name_score=score,
            cause=cause,
            status_at=now,
            status_on=on,
            changed_by=None,
            note=NOTED,
        )


def _in_the_right_name(people: Collection[int]) -> BankAccountQuerySet:
    waiting = AccountChange.objects.filter(status=ChangeStatus.PENDING).values("new_account")
    confirmed = BankAccount.objects.filter(beneficiary__in=people, status=AccountStatus.VERIFIED)
    of_another = confirmed.exclude(holder_kind=PayeeKind.OWN).filter(name_verdict__in=OF_ANOTHER)
    return confirmed.exclude(pk__in=of_another.values("pk")).exclude(pk__in=waiting)


def _close(*, people: Collection[int], held: dict[Key, list[PayeeRelation]], now: datetime) -> None:
    """In the name of who let the account in, else of who recorded the payee: nobody else decided anything."""
    found = dict(_in_the_right_name(people).order_by("-pk").values_list("beneficiary", "pk"))
    approved = AccountChange.objects.filter(new_account__in=found.values(), status=ChangeStatus.APPROVED)
    deciders = dict(approved.order_by("decided_at", "pk").values_list("new_account", "decided_by"))
    recorders = {person: relations[-1].recorded_by_id for (person, _), relations in held.items()}
    answered: dict[int, list[int]] = defaultdict(list)
    for person, account in found.items():
        answered[deciders.get(account) or recorders[person]].append(person)
    for actor_id, theirs in answered.items():
        solve_account_cases(
            beneficiary_ids=theirs, reasons=("NAME_MISMATCH",), actor_id=actor_id, now=now, note=SETTLED
        )
