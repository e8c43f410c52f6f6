"""Who else signs, for whom, and who never: rules, makers, delegations, and many lists at once. The database has the last word on each."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from beneficiaries.models import Beneficiary
from payments.errors import (
    ListHasConflicts,
    ListHasWarnings,
    MakerSignsAsMakerOnly,
    NoSuchWarning,
    NotYourTurn,
    RuleReachesBack,
    SignerAlreadySigned,
)
from payments.models import ConflictNote, Entitlement, ListMaker, Payment, PaymentBatch, Signature
from payments.services.lists.conflicts import conflicts_of, note_conflicts
from payments.services.lists.coverage import cover
from payments.services.setting_changes import accept_change
from payments.services.signing.awaiting import awaiting
from payments.services.signing.sign import approve, cosign, list_digest, release, return_for_revision, review, submit
from payments.services.signing.sign_many import sign_each
from payments.services.signing.signing_rules import propose_signing_rule
from payments.states import Step
from reconciliation.services.months.prove import prove_cycle
from staff.errors import DelegationIsOver, DelegationRefused, NotAllowed
from staff.models import Delegation, User
from staff.services.delegations import delegate, revoke
from tests.payments.plain_sql import constraint_of, run
from tests.payments.province import AUGUST, Province

TODAY = date(2024, 8, 5)


@pytest.fixture
def rule(province: Province):
    """Set a signing rule in force before the lists of August are made."""

    def set_rule(step: str, from_amount: int | None, *, valid_from: date = date(2024, 7, 1), title: str = "Chức danh"):
        change = propose_signing_rule(
            step=Step(step), title=title, from_amount=from_amount, valid_from=valid_from, document_number="12/QĐ-SNV",
            actor=province.staff["RELEASER"], now=province.clock(),
        )  # fmt: skip
        return accept_change(change_id=change.pk, actor=province.staff["CHECKER"], now=province.clock())

    return set_rule


@pytest.fixture
def sign(province: Province, bank):
    """Take a step on all lists of August by somebody, by default the one with the step's role."""

    def take(step: str, *, by: User | None = None) -> None:
        use = {"MAKER": submit, "REVIEWER": review, "CHECKER": approve, "COSIGNER": cosign, "RELEASER": release}[step]
        ids = list(PaymentBatch.objects.order_by("pk").values_list("pk", flat=True))
        extra = {"bank": bank} if step == "RELEASER" else {}
        use(batch_ids=ids, actor=by or province.staff[step], now=province.clock(), **extra)

    return take


@pytest.fixture
def stand_in(province: Province):
    """Let somebody sign for the holder of a role, from today on; the database's today, by which it must hold too, is years later."""

    def let(role: str, to: User, **changes: object) -> Delegation:
        values = {"form": "KT", "document_number": "34/UQ", "valid_from": TODAY, "valid_to": date(2099, 12, 31)}
        return delegate(
            to=to, unit=province.units["97"], actor=province.staff[role], now=province.clock(), **{**values, **changes}
        )

    return let


def two_people(province: Province) -> PaymentBatch:
    for _ in range(2):
        province.open_account(province.enrol().beneficiary)
    province.build(AUGUST)
    return PaymentBatch.objects.get()


class TestRules:
    def test_a_rule_puts_a_further_signer_between(self, province, rule, sign):
        rule("REVIEWER", 0, title="Trưởng phòng Bảo trợ xã hội")
        rule("COSIGNER", 1_500_000)
        batch = two_people(province)

        for step in ("MAKER", "REVIEWER", "CHECKER", "COSIGNER", "RELEASER"):
            sign(step)

        batch.refresh_from_db()
        assert batch.status == "RELEASED"
        assert batch.signatures.get(step="REVIEWER").signed_as == "Trưởng phòng Bảo trợ xã hội"
        assert batch.signatures.values("signer").distinct().count() == 5

    def test_the_months_proof_asks_for_every_signature_the_rules_ask_for(self, province, rule, sign):
        rule("COSIGNER", 0)
        two_people(province)
        for step in ("MAKER", "CHECKER", "COSIGNER", "RELEASER"):
            sign(step)

        proof = prove_cycle(month=AUGUST)

        (signed,) = [check for check in proof.checks if "ba chữ ký" in check.name]
        assert (signed.ours, signed.theirs) == (1, 1)

    @pytest.mark.parametrize("early", ["CHECKER", "RELEASER"])
    def test_nobody_overtakes_the_further_signer(self, province, rule, sign, early):
        rule("REVIEWER", 0)
        rule("COSIGNER", 0)
        two_people(province)
        for step in ("MAKER", *(("REVIEWER", "CHECKER") if early == "RELEASER" else ())):
            sign(step)

        with pytest.raises(NotYourTurn):
            sign(early)

    def test_below_the_amount_the_further_signer_is_not_asked(self, province, rule, sign):
        rule("COSIGNER", 1_500_001)
        two_people(province)
        sign("MAKER")
        sign("CHECKER")

        with pytest.raises(NotYourTurn):
            sign("COSIGNER")
        sign("RELEASER")

    def test_taking_people_off_does_not_spare_the_signature(self, province, rule, sign):
        rule("COSIGNER", 1_500_000)
        two_people(province)
        sign("MAKER")
        sign("CHECKER")
        province.take_off(Payment.objects.get(ordinal=1))

        with pytest.raises(NotYourTurn):
            sign("RELEASER")

    def test_plain_sql_releases_nothing_without_the_further_signer(self, province, rule, sign):
        rule("COSIGNER", 0)
        batch = two_people(province)
        sign("MAKER")
        sign("CHECKER")

        with pytest.raises(IntegrityError) as refusal:
            run("UPDATE payments_paymentbatch SET status = 'RELEASED' WHERE id = %(id)s", id=batch.pk)

        assert constraint_of(refusal) == "list_is_signed_by_different_people"

    def test_no_rule_reaches_back_to_a_list_already_made(self, province, rule, sign):
        two_people(province)

        with pytest.raises(RuleReachesBack):
            rule("COSIGNER", None, valid_from=date(2024, 7, 18))
        rule("COSIGNER", 0, valid_from=date(2024, 7, 19))
        for step in ("MAKER", "CHECKER", "RELEASER"):
            sign(step)

    def test_no_rule_switches_one_of_the_three_off(self, province):
        with pytest.raises(IntegrityError) as refusal:
            run(
                "INSERT INTO payments_signingrule (step, title, from_amount, valid_from, document_number, set_by_id, set_at) "
                "VALUES ('CHECKER', 'x', NULL, '2024-01-01', 'x', %(by)s, now())",
                by=province.staff["RELEASER"].pk,
            )

        assert constraint_of(refusal) == "three_signatures_are_always_needed"


class TestMakers:
    def test_whoever_built_the_list_is_its_maker(self, province):
        batch = two_people(province)

        assert list(ListMaker.objects.values_list("batch", "maker__role", "did")) == [(batch.pk, "MAKER", "BUILT")]

    def test_whoever_took_somebody_off_in_draft_does_not_control_it(self, province, sign):
        two_people(province)
        province.staff["MAKER"], maker = province.staff["CHECKER"], province.staff["MAKER"]
        province.take_off(Payment.objects.get(ordinal=1))
        sign("MAKER", by=maker)

        with pytest.raises(MakerSignsAsMakerOnly):
            sign("CHECKER")

    def test_a_builder_who_was_promoted_does_not_release_it(self, province, sign):
        two_people(province)
        builder = province.staff["MAKER"]
        other = User.objects.create(username="m2", password="!", role="MAKER", unit=province.units["97"])
        sign("MAKER", by=other)
        sign("CHECKER")
        builder.role = "RELEASER"
        builder.save()

        with pytest.raises(MakerSignsAsMakerOnly):
            sign("RELEASER", by=builder)

    def test_nobody_becomes_a_maker_of_a_signed_list(self, province, sign):
        batch = two_people(province)
        sign("MAKER")

        with pytest.raises(IntegrityError) as refusal:
            run(
                "INSERT INTO payments_listmaker (batch_id, maker_id, did, done_at) VALUES (%(b)s, %(m)s, 'BUILT', now())",
                b=batch.pk,
                m=province.staff["CHECKER"].pk,
            )

        assert constraint_of(refusal) == "list_is_made_in_draft"


class TestDelegations:
    @pytest.fixture(autouse=True)
    def signed_twice(self, province, sign):
        two_people(province)
        sign("MAKER")
        sign("CHECKER")

    def test_the_delegate_signs_for_the_releaser_and_it_is_written_so(self, province, sign, stand_in):
        stand_in("RELEASER", province.staff["COSIGNER"])

        sign("RELEASER", by=province.staff["COSIGNER"])

        signature = Signature.objects.get(step="RELEASER")
        assert signature.signed_as == "KT. Chủ tài khoản"
        assert signature.delegation.delegator == province.staff["RELEASER"]

    def test_nobody_stands_in_without_one(self, province, sign):
        with pytest.raises(NotAllowed):
            sign("RELEASER", by=province.staff["COSIGNER"])

    @pytest.mark.parametrize("days", [-1, 2])
    def test_only_on_its_days(self, province, clock, sign, stand_in, days):
        stand_in("RELEASER", province.staff["COSIGNER"], valid_to=TODAY + timedelta(days=1))
        clock.advance(days=days)

        with pytest.raises(NotAllowed):
            sign("RELEASER", by=province.staff["COSIGNER"])

    def test_not_after_it_was_revoked(self, province, sign, stand_in):
        given = stand_in("RELEASER", province.staff["COSIGNER"])
        revoke(delegation_id=given.pk, actor=province.staff["RELEASER"], now=province.clock())

        with pytest.raises(NotAllowed):
            sign("RELEASER", by=province.staff["COSIGNER"])
        with pytest.raises(DelegationIsOver):
            revoke(delegation_id=given.pk, actor=province.staff["RELEASER"], now=province.clock())

    def test_not_outside_its_unit(self, province, sign, stand_in):
        delegate(
            to=province.staff["COSIGNER"], unit=province.units["972"], form="TUQ", document_number="1", valid_from=TODAY,
            valid_to=TODAY, actor=province.staff["RELEASER"], now=province.clock(),
        )  # fmt: skip

        with pytest.raises(NotAllowed):
            sign("RELEASER", by=province.staff["COSIGNER"])

    def test_never_to_one_who_signed_already(self, province, sign, stand_in):
        second = User.objects.create(username="c2", password="!", role="RELEASER", unit=province.units["97"])
        checker = province.staff["CHECKER"]
        stand_in("RELEASER", second)
        checker.role = "COSIGNER"
        checker.save()
        stand_in("RELEASER", checker)

        with pytest.raises(SignerAlreadySigned):
            sign("RELEASER", by=checker)

    def test_never_for_one_who_signed_already(self, province, sign, stand_in):
        """The checker, since promoted, lets somebody release in their name."""
        checker = province.staff["CHECKER"]
        checker.role = "RELEASER"
        checker.save()
        stand_in("CHECKER", province.staff["COSIGNER"])

        with pytest.raises(SignerAlreadySigned):
            sign("RELEASER", by=province.staff["COSIGNER"])

    def test_never_for_the_maker_of_the_list(self, province, sign, stand_in):
        builder = province.staff["MAKER"]
        builder.role = "RELEASER"
        builder.save()
        stand_in("MAKER", province.staff["COSIGNER"])

        with pytest.raises((MakerSignsAsMakerOnly, SignerAlreadySigned)):
            sign("RELEASER", by=province.staff["COSIGNER"])

    @pytest.mark.parametrize("role", ["MAKER", "CHECKER", "COMMUNE_OFFICER", "AUDITOR", "CIVIL_REGISTRY", "RELEASER"])
    def test_not_to_makers_controllers_or_oneself(self, province, stand_in, role):
        with pytest.raises(DelegationRefused):
            stand_in("RELEASER", province.staff[role])

    def test_a_delegate_who_became_a_maker_since_signs_nothing(self, province, sign, stand_in):
        stand_in("RELEASER", province.staff["COSIGNER"])
        User.objects.filter(role="COSIGNER").update(role="MAKER")

        with pytest.raises(NotAllowed):
            sign("RELEASER", by=User.objects.get(pk=province.staff["COSIGNER"].pk))

    @pytest.mark.parametrize(
        "change", ["valid_to = '2099-01-01'", "delegate_id = delegator_id", "document_number = 'khác'"]
    )
    def test_is_never_rewritten(self, province, stand_in, change):
        stand_in("RELEASER", province.staff["COSIGNER"])

        with pytest.raises(IntegrityError):
            run(f"UPDATE staff_delegation SET {change}")


class TestManyAtOnce:
    @pytest.fixture
    def lists(self, province: Province) -> list[int]:
        """Three lists in draft; the second one's only person was taken off."""
        for commune in ("97101", "97201"):
            province.open_account(province.enrol(province.person(commune=commune)).beneficiary)
        province.enrol()
        province.build(AUGUST)
        ids = list(PaymentBatch.objects.order_by("pk").values_list("pk", flat=True))
        province.take_off(Payment.objects.get(batch=ids[1]))
        return ids

    def test_each_for_itself_with_its_own_digest(self, province, bank, lists):
        results = sign_each(
            step=Step.MAKER,
            batch_ids=[*lists, lists[0]],
            actor=province.staff["MAKER"],
            now=province.clock(),
            bank=bank,
        )

        assert [(r.batch_id, r.signed, r.code) for r in results] == [
            (lists[0], True, ""),
            (lists[1], False, "LIST_IS_EMPTY"),
            (lists[2], True, ""),
        ]
        assert [r.digest for r in results if r.signed] == [list_digest(lists[0]), list_digest(lists[2])]
        assert len({r.digest for r in results}) == 3

    def test_a_second_click_signs_nothing_twice(self, province, bank, lists):
        for _ in range(2):
            results = sign_each(
                step=Step.MAKER, batch_ids=lists, actor=province.staff["MAKER"], now=province.clock(), bank=bank
            )

        assert [r.code for r in results] == ["WRONG_BATCH_STATE", "LIST_IS_EMPTY", "WRONG_BATCH_STATE"]
        assert Signature.objects.count() == 2


class TestWhoMustAct:
    def test_names_step_people_and_since_when(self, province, clock, rule, sign, stand_in):
        rule("COSIGNER", 0)
        two_people(province)
        sign("MAKER")
        clock.advance(hours=1)
        sign("CHECKER")
        since = clock()
        clock.advance(days=1)
        stand_in("COSIGNER", province.staff["REVIEWER"])

        (waiting,) = awaiting(batches=PaymentBatch.objects.all(), now=clock())

        assert (waiting.step, waiting.since, waiting.overdue) == ("COSIGNER", since, False)
        assert waiting.people == ["COSIGNER", "REVIEWER (KT.)"]

    def test_a_list_given_back_waits_for_its_maker(self, province, clock, sign):
        batch = two_people(province)
        sign("MAKER")
        clock.advance(days=3)
        return_for_revision(batch_ids=[batch.pk], actor=province.staff["CHECKER"], note="Thiếu", now=clock())

        (waiting,) = awaiting(batches=PaymentBatch.objects.all(), now=clock() + timedelta(days=3))

        assert (waiting.step, waiting.since, waiting.overdue) == ("MAKER", clock(), True)


class TestConflicts:
    def test_one_person_under_two_records_blocks_the_list(self, province, sign):
        first, second = province.enrol().beneficiary, province.enrol().beneficiary
        province.build(AUGUST)
        Beneficiary.objects.filter(pk=second.pk).update(same_as=first)

        with pytest.raises(ListHasConflicts) as refusal:
            sign("MAKER")

        batch, one, other = PaymentBatch.objects.get().pk, *Payment.objects.order_by("pk")
        assert refusal.value.conflicts == [
            f"{batch}:SAME_PERSON:{one.pk}:{other.pk}",
            f"{batch}:SAME_PERSON:{other.pk}:{one.pk}",
        ]
        province.take_off(other)
        sign("MAKER")

    def test_what_came_to_light_after_the_maker_signed_blocks_the_releaser(self, province, sign):
        first, second = province.enrol().beneficiary, province.enrol().beneficiary
        province.build(AUGUST)
        sign("MAKER")
        sign("CHECKER")
        Beneficiary.objects.filter(pk=second.pk).update(same_as=first)

        with pytest.raises(ListHasConflicts):
            sign("RELEASER")

    def test_two_people_with_one_account_are_asked_about_and_may_stand_with_a_reason(self, province, sign):
        people = [province.enrol().beneficiary for _ in range(2)]
        shared = province.open_account(people[0])
        province.open_account(people[1], number_id=shared.number_id)
        province.build(AUGUST)
        batch = PaymentBatch.objects.get()

        with pytest.raises(ListHasWarnings):
            sign("MAKER")
        noted = note_conflicts(
            batch_id=batch.pk, pairs=None, reason="Hai chị em, mẹ giữ tài khoản.", actor=province.staff["MAKER"],
            now=province.clock(),
        )  # fmt: skip
        sign("MAKER")

        assert (noted, ConflictNote.objects.count()) == (2, 2)
        assert {c.note for c in conflicts_of(batch_ids=[batch.pk])} == {"Hai chị em, mẹ giữ tài khoản."}

    def test_a_reason_is_asked_again_after_the_list_was_given_back(self, province, sign):
        people = [province.enrol().beneficiary for _ in range(2)]
        shared = province.open_account(people[0])
        province.open_account(people[1], number_id=shared.number_id)
        province.build(AUGUST)
        batch = PaymentBatch.objects.get()
        note_conflicts(batch_id=batch.pk, pairs=None, reason="x", actor=province.staff["MAKER"], now=province.clock())
        sign("MAKER")
        return_for_revision(batch_ids=[batch.pk], actor=province.staff["CHECKER"], note="Sai", now=province.clock())

        with pytest.raises(ListHasWarnings):
            sign("MAKER")

    def test_a_hard_conflict_is_not_talked_away(self, province):
        first, second = province.enrol().beneficiary, province.enrol().beneficiary
        province.build(AUGUST)
        Beneficiary.objects.filter(pk=second.pk).update(same_as=first)
        one, other = Payment.objects.order_by("pk")

        with pytest.raises(NoSuchWarning):
            note_conflicts(
                batch_id=one.batch_id, pairs=[("SAME_PERSON", one.pk, other.pk)], reason="x",
                actor=province.staff["MAKER"], now=province.clock(),
            )  # fmt: skip


class TestCoverage:
    def test_account_and_cash_lists_hold_everybody_once(self, province):
        two_people_and_cash = [province.enrol().beneficiary for _ in range(3)]
        province.open_account(two_people_and_cash[0])
        province.enrol(granted=False)
        built = province.build(AUGUST)

        found = cover(cycle=built.cycle, path="/97/")

        assert (found.enrolled, found.by_account, found.by_cash, found.not_payable) == (4, 1, 2, 1)
        assert found.exactly_once

    def test_names_whoever_is_on_no_list(self, province):
        built = two_people(province).cycle
        forgotten = province.enrol()
        listed = Entitlement.objects.earliest("pk")
        listed.pk, listed.enrolment, listed.payment = None, forgotten, None
        listed.save(force_insert=True)

        found = cover(cycle=built, path="/97/")

        assert (found.omitted, found.exactly_once) == ([forgotten.code], False)
