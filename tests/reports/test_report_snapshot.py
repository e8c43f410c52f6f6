"""What a report counts."""

from datetime import date

from beneficiaries.models import Enrolment, IdentityNumber, IdentityRecord, LifeStatus
from payments.models import Payment
from payments.states import Cause
from reconciliation.models import Discrepancy, ReportSnapshot
from reconciliation.reports import take_snapshot
from reconciliation.reports.snapshot import digest_of
from tests.reports.world import AUGUST, JULY, NOW, QUARTER, SEPTEMBER, World


def snapshot_of(world: World) -> ReportSnapshot:
    world.play()
    return take_snapshot(unit=world.province, now=NOW, **QUARTER)


def paid_by_account(world: World, **person: object) -> Enrolment:
    enrolment = world.person(**person)
    world.pay(enrolment, JULY, account=world.account(enrolment.beneficiary))
    return enrolment


class TestPeople:
    def test_a_person_with_two_records_counts_once(self, world: World):
        first, second = world.person(), world.person(commune=1)
        second.beneficiary.same_as = first.beneficiary
        second.beneficiary.save()

        total = snapshot_of(world).figures["headline"]

        assert total["beneficiaries"] == 1

    def test_who_has_not_started_has_ended_or_is_suspended_on_the_day_is_not_counted(self, world: World):
        world.person(starts=date(2024, 10, 1))
        world.person(ended_month=SEPTEMBER)
        world.person(suspended_month=AUGUST)
        world.person(ended_month=date(2024, 10, 1))

        total = snapshot_of(world).figures["headline"]

        assert total["beneficiaries"] == 1

    def test_the_account_of_any_record_counts_once_and_the_verified_one_says_whose_it_is(self, world: World):
        enrolment = world.person()
        world.account(enrolment.beneficiary, status="OPENED", holder_kind="OWN", opened_on=date(2024, 6, 1))
        world.account(enrolment.beneficiary, status="VERIFIED", holder_kind="CARER")

        total = snapshot_of(world).figures["headline"]

        assert (total["accounts"], total["accounts_own"], total["accounts_guardian"]) == (1, 0, 1)

    def test_an_account_opened_later_closed_or_only_asked_for_is_not_one(self, world: World):
        world.account(world.person().beneficiary, opened_on=date(2024, 10, 1))
        world.account(world.person().beneficiary, status="CLOSED", closed_on=date(2024, 9, 30))
        world.account(world.person().beneficiary, status="REQUESTED")

        total = snapshot_of(world).figures["headline"]

        assert (total["beneficiaries"], total["accounts"]) == (3, 0)

    def test_everybody_has_one_answer_and_the_answers_tie_out(self, world: World):
        paid_by_account(world)
        world.pay(world.person(), JULY)
        world.pay(world.person(), JULY, status="PROCESSING")
        world.refuse(world.person(), JULY, reason="NO_DECISION")
        world.person()

        snapshot = snapshot_of(world)

        total = snapshot.figures["headline"]
        assert [total[key] for key in ("paid_cashless", "paid_in_cash", "in_flight", "unpaid")] == [1, 1, 1, 2]
        assert (total["nothing_due"], total["not_listed"]) == (2, 1)
        assert snapshot.ties_out

    def test_who_was_paid_both_ways_counts_as_cashless_and_is_named(self, world: World):
        world.pay(paid_by_account(world), AUGUST)

        total = snapshot_of(world).figures["headline"]

        assert (total["paid_cashless"], total["paid_in_cash"], total["paid_both_ways"]) == (1, 0, 1)


class TestMoney:
    def test_counts_people_stopped_since_and_leaves_out_what_came_back(self, world: World):
        stopped, returned = world.person(ended_month=SEPTEMBER), world.person()
        world.pay(stopped, JULY, account=world.account(stopped.beneficiary), amount=1_500_000)
        world.pay(
            returned, JULY, account=world.account(returned.beneficiary), status="RETURNED", returned_on=date(2024, 7, 9)
        )

        total = snapshot_of(world).figures["headline"]

        assert (total["beneficiaries"], total["account_money"], total["unpaid_money"]) == (1, 1_500_000, 500_000)

    def test_a_credit_after_the_day_is_still_on_the_way_and_a_later_return_still_paid(self, world: World):
        late, returned = world.person(), world.person()
        world.pay(late, SEPTEMBER, account=world.account(late.beneficiary), credited_on=date(2024, 10, 1))
        world.pay(
            returned,
            JULY,
            account=world.account(returned.beneficiary),
            status="RETURNED",
            returned_on=date(2024, 10, 3),
        )

        total = snapshot_of(world).figures["headline"]

        assert (total["account_money"], total["in_flight_money"]) == (500_000, 500_000)
        assert (total["paid_cashless"], total["in_flight"]) == (1, 1)

    def test_a_months_money_stands_at_the_commune_of_the_enrolment_and_adds_up(self, world: World):
        paid_by_account(world, commune=0)
        paid_by_account(world, commune=1)
        world.pay(world.person(commune=1), JULY, amount=750_000)

        units = {unit["code"]: unit for unit in snapshot_of(world).figures["units"]}

        assert [units[code]["account_money"] for code in ("97", "971", "97101", "97103")] == [
            1_000_000,
            1_000_000,
            500_000,
            500_000,
        ]
        assert [units[code]["cash_money"] for code in ("97", "97101", "97103")] == [750_000, 0, 750_000]

    def test_payments_of_another_quarter_are_left_out(self, world: World):
        enrolment = world.person()
        world.pay(enrolment, date(2024, 6, 1), account=world.account(enrolment.beneficiary))

        total = snapshot_of(world).figures["headline"]

        assert (total["account_money"], total["paid_cashless"]) == (0, 0)


class TestReasons:
    def reasons(self, world: World) -> dict[str, tuple[int, int]]:
        return {
            row["reason"]: (row["paid_in_cash"], row["unpaid"]) for row in snapshot_of(world).figures["gap"]["reasons"]
        }

    def test_the_last_month_decides_and_an_account_opened_after_the_list_is_pending(self, world: World):
        enrolment = world.person()
        world.account(enrolment.beneficiary, opened_on=date(2024, 9, 20))
        world.pay(enrolment, AUGUST, cash_reason="NAME_MISMATCH")
        world.pay(enrolment, SEPTEMBER, cash_reason="NO_ACCOUNT")

        assert self.reasons(world) == {"ACCOUNT_PENDING": (1, 0)}

    def test_a_transfer_that_came_back_has_the_reason_the_bank_left_on_the_account(self, world: World):
        enrolment = world.person()
        account = world.account(enrolment.beneficiary, status="OPENED", reason="ACCOUNT_CLOSED")
        world.pay(enrolment, SEPTEMBER, account=account, status="RETURNED", returned_on=date(2024, 9, 9))

        assert self.reasons(world) == {"ACCOUNT_CLOSED": (0, 1)}

    def test_what_was_stopped_on_its_way_is_not_said_to_have_been_returned_by_a_bank(self, world: World):
        for end in ("TAKEN_OFF", "BANK_CANCELLED"):
            stopped = world.person()
            world.pay(stopped, SEPTEMBER, account=world.account(stopped.beneficiary), status=end)

        assert self.reasons(world) == {"TAKEN_OFF": (0, 1), "DECLINED": (0, 1)}

    def test_who_was_taken_off_for_a_death_has_that_reason(self, world: World):
        dead, paid = world.person(), world.person()
        world.pay(dead, SEPTEMBER, account=world.account(dead.beneficiary), status="TAKEN_OFF")
        world.pay(paid, SEPTEMBER, account=world.account(paid.beneficiary))
        world.play()
        LifeStatus.objects.create(beneficiary=dead.beneficiary, deceased_on=date(2024, 9, 2), settled_at=NOW)

        assert self.reasons(world) == {"DECEASED": (0, 1)}

    def test_a_person_not_payable_has_the_reason_of_the_list(self, world: World):
        enrolment = world.person()
        world.account(enrolment.beneficiary)
        world.refuse(enrolment, SEPTEMBER, reason="DECEASED")

        assert self.reasons(world) == {"DECEASED": (0, 1)}

    def test_a_transfer_under_way_and_a_person_on_no_list_are_named_too(self, world: World):
        sent = world.person()
        world.pay(sent, SEPTEMBER, account=world.account(sent.beneficiary), status="SENT")
        world.account(world.person().beneficiary)

        assert self.reasons(world) == {"UNKNOWN": (0, 1), "NOT_LISTED": (0, 1)}

    def test_cash_not_collected_is_the_next_step_of_those_who_got_nothing(self, world: World):
        enrolment = world.person()
        world.account(enrolment.beneficiary, status="OPENED", reason="NAME_MISMATCH")
        world.pay(enrolment, SEPTEMBER, cash_reason="NAME_MISMATCH", status="FAILED")

        gap = snapshot_of(world).figures["gap"]

        assert [row["reason"] for row in gap["reasons"]] == ["NAME_MISMATCH"]
        assert [(row["reason"], row["people"]) for row in gap["unpaid_by_reason"]] == [("CASH_NOT_COLLECTED", 1)]


class TestDifferences:
    def codes(self, world: World) -> list[str]:
        snapshot = snapshot_of(world)
        assert snapshot.ties_out is (not snapshot.figures["differences"])
        return [difference["code"] for difference in snapshot.figures["differences"]]

    def test_a_payment_into_an_account_nobody_knows_is_named(self, world: World):
        enrolment = world.person()
        world.pay(enrolment, JULY, account=world.account(enrolment.beneficiary, opened_on=None))

        assert self.codes(world) == ["ANSWERS", "NO_KNOWN_ACCOUNT"]

    def test_a_payment_that_is_not_the_sum_of_its_entitlements_is_named_and_counted_whole(self, world: World):
        self.credited(world, amount=500_001, owed=500_002)

        snapshot = snapshot_of(world)

        assert snapshot.figures["headline"]["account_money"] == 500_001
        assert [difference["code"] for difference in snapshot.figures["differences"]] == ["ENTITLEMENTS"]

    def test_an_open_difference_with_the_statement_keeps_the_report_a_draft(self, world: World):
        Discrepancy.objects.create(
            kind="AMOUNT_DIFFERS", key="x", payment=self.credited(world), sentence="Lệch", found_at=NOW
        )

        assert self.codes(world) == ["DISCREPANCIES"]

    def credited(self, world: World, **more: int) -> Payment:
        enrolment = world.person()
        return world.pay(enrolment, JULY, account=world.account(enrolment.beneficiary), **more)


class TestFreezing:
    def test_counting_unchanged_data_again_gives_the_same_digest(self, world: World):
        paid_by_account(world)

        first, second = snapshot_of(world), snapshot_of(world)

        assert first.digest == second.digest == digest_of(ReportSnapshot.objects.get(pk=first.pk).figures)

    def test_a_later_return_changes_a_later_snapshot_and_not_the_one_issued(self, world: World):
        paid_by_account(world)
        issued = snapshot_of(world)
        Payment.objects.all().apply(Cause.BANK_RETURNED, now=NOW, returned_on=date(2024, 9, 30))

        assert snapshot_of(world).figures["headline"]["account_money"] == 0
        assert ReportSnapshot.objects.get(pk=issued.pk).figures["headline"]["account_money"] == 500_000

    def test_the_period_before_comes_from_its_own_snapshot(self, world: World):
        enrolment = world.person()
        world.pay(enrolment, date(2024, 6, 1), account=world.account(enrolment.beneficiary))
        world.play()
        before = take_snapshot(unit=world.province, from_on=date(2024, 4, 1), to_on=date(2024, 6, 30), now=NOW)

        comparison = snapshot_of(world).figures["comparison"]

        assert comparison["previous"]["digest"] == before.digest
        assert comparison["previous"]["headline"]["account_money"] == 500_000
        assert (comparison["last_year"], comparison["year_to_date"]) == (None, None)

    def test_a_districts_report_knows_only_the_district(self, world: World):
        paid_by_account(world)
        world.play()

        figures = take_snapshot(unit=world.communes[1], now=NOW, **QUARTER).figures

        assert [unit["code"] for unit in figures["units"]] == ["97103"]
        assert (figures["headline"]["beneficiaries"], figures["headline"]["account_money"]) == (0, 0)


class TestProgrammes:
    def test_a_sensitive_category_never_appears_by_name_and_a_small_one_not_by_its_own(self, world: World):
        for _ in range(6):
            world.person()
        for _ in range(3):
            world.person(sensitive=True)

        snapshot = snapshot_of(world)

        groups = snapshot.figures["programmes"][0]["groups"]
        assert [(group["code"], group["beneficiaries"]) for group in groups] == [("KHAC", 9)]
        assert "HIV" not in str(snapshot.figures)

    def test_a_large_sensitive_category_is_shown_by_its_neutral_code(self, world: World):
        for _ in range(6):
            world.person()
            world.person(sensitive=True)

        groups = snapshot_of(world).figures["programmes"][0]["groups"]

        assert [(group["code"], group["name"]) for group in groups] == [
            ("CT-80", "Người từ đủ 80 tuổi"),
            ("N03", "Nhóm N03"),
        ]


class TestRegisters:
    def test_cards_and_electronic_identities_have_their_own_denominators(self, world: World):
        for number, (card, eligible, active) in enumerate(
            [(True, True, True), (True, True, False), (False, False, False)]
        ):
            IdentityRecord.objects.create(
                number=IdentityNumber.objects.create(digest=bytes([number]), sealed=b"s"), full_name="A", name_key="a", sex="MALE",
                unit=world.communes[0], card_issued=card, eid_eligible=eligible, eid_active=active,
            )  # fmt: skip

        rates = snapshot_of(world).figures["rates"]

        assert (rates["cards"]["percent"], rates["eid"]["percent"]) == ("66.67", "50.00")
