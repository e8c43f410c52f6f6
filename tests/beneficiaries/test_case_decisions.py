"""Cases: decided at the level they belong to, by two people where money follows, with a trail nobody can leave out or forge."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction

from beneficiaries.errors import (
    BeyondAuthority,
    DecisionImpossible,
    DocumentMissing,
    HandoverChanged,
    NoHigherLevel,
    NothingToHandOver,
    NotSolvableLikeThis,
    ReviewImpossible,
    SecondPersonNeeded,
    WrongCaseState,
)
from beneficiaries.models import (
    CASE_TRANSITIONS,
    RULES,
    BankAccount,
    Beneficiary,
    Case,
    CaseDecision,
    CaseKind,
    CaseStatus,
    Decision,
    DistinctPeople,
    Enrolment,
    Handover,
    IdentityRecord,
    Level,
    MatchCandidate,
    MatchRun,
    rule_of,
)
from beneficiaries.services.cases.confirming import confirm_proposal
from beneficiaries.services.cases.deciding import (
    escalate_case,
    give_back_case,
    reject_case,
    reopen_case,
    settle_case,
    take_case,
)
from beneficiaries.services.cases.duplicates import Stop, declare_not_the_same, propose_same_person
from beneficiaries.services.cases.handing_over import accept_handover, draw_up_handover, work_in_hand
from beneficiaries.services.cases.handover_sheet import handover_sheet
from beneficiaries.services.cases.identities import identify_person, is_plausible
from beneficiaries.services.cases.piles import find_piles
from beneficiaries.services.cases.proposals import decline_proposal
from beneficiaries.services.cases.queue import count_queue, queue_of, work_of_today
from beneficiaries.services.cases.raising import raise_cases
from beneficiaries.services.cases.reviews import confirm_reviews
from beneficiaries.services.cases.suggested import suggested_for
from beneficiaries.services.identity.match import link_same_people
from beneficiaries.services.numbers import keep_identity_numbers
from staff.errors import AssignedAlready, CommunesAlone, NotAllowed, NoWorkForThem, Refusal, SomebodyElseAssigns
from staff.models import AdministrativeUnit, Assignment, User
from staff.services.assignments import assign_officer
from tests.api.world import NOW, World, make_world

FOUND = """
WITH found AS (
    SELECT b.id AS beneficiary_id, NULL::bigint AS enrolment_id, NULL::bigint AS against_id, b.unit_id, %(reason)s AS reason, '' AS subject,
           jsonb_build_array(%(evidence)s::text) AS evidence
    FROM beneficiaries_beneficiary b WHERE b.full_name = ANY(%(names)s)
)"""
AN, BINH, CUONG = "Trần Văn Ân", "Lê Thị Bình", "Ngô Văn Cường"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def raise_about(
    *names: str,
    kind: CaseKind = CaseKind.DECEASED,
    reason: str = "DECEASED",
    evidence: str = "dữ liệu dân cư ghi đã mất",
) -> int:
    given = {"names": list(names), "reason": reason, "evidence": evidence}
    return raise_cases(kind=kind, found=FOUND, given=given, now=NOW)


@pytest.fixture
def case(world: World) -> Case:
    """Somebody in 97101 may have died."""
    raise_about(AN)
    return Case.objects.get()


@pytest.fixture
def officer(world: World) -> User:
    return world.staff["COMMUNE_OFFICER", "97101"]


@pytest.fixture
def clerk(world: World) -> User:
    return world.staff["MAKER", "97"]


class TestRaising:
    def test_takes_level_and_due_date_from_the_table_of_kinds(self, case: Case) -> None:
        assert (case.level, case.due_on) == ("COMMUNE", date(2024, 8, 12))  # five working days after Monday 5 August

    def test_leaves_holidays_out(self, world: World) -> None:
        raise_cases(
            kind=CaseKind.DECEASED,
            found=FOUND,
            given={"names": [AN], "reason": "DECEASED", "evidence": ""},
            now=NOW.replace(day=30),
        )

        assert Case.objects.get().due_on == date(2024, 9, 10)  # 2 and 3 September are no working days

    def test_asks_once_while_it_is_live(self, case: Case, clerk: User) -> None:
        escalate_case(case_id=case.pk, actor=clerk, proposal="Xin ý kiến.", to=None, now=NOW)

        assert raise_about(AN) == 0

    def test_does_not_ask_again_what_was_rejected_unless_the_evidence_is_new(self, case: Case, officer: User) -> None:
        reject_case(case_id=case.pk, actor=officer, note="Đã gặp, còn sống.", document="", now=NOW)

        assert raise_about(AN) == 0
        assert raise_about(AN, evidence="bệnh viện báo tử") == 1

    def test_asks_again_what_was_solved(self, case: Case, officer: User) -> None:
        settle_case(case_id=case.pk, actor=officer, note="Đã ra quyết định.", document="", now=NOW)

        assert raise_about(AN) == 1

    def test_knows_a_rule_for_every_kind(self) -> None:
        assert {kind for kind, reason in RULES if not reason} == set(CaseKind)
        assert rule_of("PAYMENT", "NOBODY_KNOWS_IT") == rule_of("PAYMENT", "")


class TestTrail:
    def test_names_each_step_by_whom_when_and_why(self, case: Case, officer: User, clerk: User) -> None:
        take_case(case_id=case.pk, actor=officer, now=NOW)
        escalate_case(case_id=case.pk, actor=officer, proposal="Đề nghị Sở hỏi tỉnh bạn.", to=None, now=NOW)
        give_back_case(case_id=case.pk, actor=clerk, note="Xã đối chiếu trích lục.", now=NOW)
        settle_case(case_id=case.pk, actor=officer, note="Đã ra quyết định.", document="", now=NOW)
        reopen_case(case_id=case.pk, actor=officer, note="Nhầm người.", now=NOW)

        steps = CaseDecision.objects.order_by("pk").values_list(
            "status_before", "status_after", "level_after", "decided_by__username", "note"
        )
        assert list(steps) == [
            ("OPEN", "OPEN", "COMMUNE", "commune_officer.97101", "Nhận việc"),
            ("OPEN", "ESCALATED", "PROVINCE", "commune_officer.97101", "Đề nghị Sở hỏi tỉnh bạn."),
            ("ESCALATED", "OPEN", "COMMUNE", "maker.97", "Xã đối chiếu trích lục."),
            ("OPEN", "SOLVED", "COMMUNE", "commune_officer.97101", "Đã ra quyết định."),
            ("SOLVED", "OPEN", "COMMUNE", "commune_officer.97101", "Nhầm người."),
        ]

    def test_is_not_taken_up_again_where_nobody_could_close_it(self, case: Case, officer: User) -> None:
        answered = Case.objects.create(
            kind="DEATH", reason="DEATH_NOTICE", beneficiary=case.beneficiary, unit=case.unit, opened_at=NOW,
            status="SOLVED", decided_by=officer, decided_at=NOW,
        )  # fmt: skip

        with pytest.raises(NotSolvableLikeThis):
            reopen_case(case_id=answered.pk, actor=officer, note="Nhầm.", now=NOW)

    def test_is_written_for_whoever_updates_the_table(self, case: Case, officer: User) -> None:
        Case.objects.filter(pk=case.pk).update(status="SOLVED", decided_by=officer, decided_at=NOW, note="thẳng tay")

        assert CaseDecision.objects.get().note == "thẳng tay"

    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM beneficiaries_casedecision",
            "UPDATE beneficiaries_casedecision SET note = ''",
            "INSERT INTO beneficiaries_casedecision (case_id, status_before, status_after, level_before, level_after, solution, document, note) "
            "SELECT id, 'OPEN', 'SOLVED', 'COMMUNE', 'COMMUNE', '', '', '' FROM beneficiaries_case",
            "DELETE FROM beneficiaries_case",
            "UPDATE beneficiaries_case SET kind = 'PAYMENT'",
        ],
    )
    def test_can_be_neither_forged_nor_emptied(self, statement: str, case: Case) -> None:
        with (
            pytest.raises((ProgrammingError, InternalError, IntegrityError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    @pytest.mark.parametrize("before", list(CaseStatus))
    @pytest.mark.parametrize("after", list(CaseStatus))
    def test_the_database_moves_a_case_by_the_table_alone(
        self, before: CaseStatus, after: CaseStatus, world: World, officer: User, clerk: User
    ) -> None:
        signed = {"decided_by": officer, "decided_at": NOW, "solution": "SETTLED", "proposed_by": clerk}
        made = Case.objects.create(
            kind="ACCOUNT",
            beneficiary=world.people[AN],
            unit=world.units["97101"],
            reason="X",
            status=before,
            opened_at=NOW,
            **signed,
        )
        allowed = before == after or (before, after) in CASE_TRANSITIONS
        try:
            with transaction.atomic():
                Case.objects.filter(pk=made.pk).update(status=after)
        except IntegrityError:
            assert not allowed
        else:
            assert allowed


class TestAuthority:
    def test_a_commune_decides_only_what_is_its_own(self, case: Case, officer: User) -> None:
        escalate_case(case_id=case.pk, actor=officer, proposal="Xin ý kiến.", to=None, now=NOW)

        for decide in (settle_case, reject_case):
            with pytest.raises(BeyondAuthority):
                decide(case_id=case.pk, actor=officer, note="Xong.", document="", now=NOW)
        with pytest.raises(BeyondAuthority):
            escalate_case(case_id=case.pk, actor=officer, proposal="Lại.", to=Level.MINISTRY, now=NOW)

    def test_an_answer_of_police_or_ministry_comes_on_paper(self, case: Case, clerk: User) -> None:
        escalate_case(case_id=case.pk, actor=clerk, proposal="Đề nghị xác minh.", to=Level.POLICE, now=NOW)

        with pytest.raises(DocumentMissing):
            settle_case(case_id=case.pk, actor=clerk, note="Công an trả lời.", document="", now=NOW)
        settle_case(case_id=case.pk, actor=clerk, note="Công an trả lời.", document="45/CA ngày 02/08/2024", now=NOW)
        assert CaseDecision.objects.latest("pk").document == "45/CA ngày 02/08/2024"

    def test_nothing_is_above_the_ministry(self, case: Case, clerk: User) -> None:
        escalate_case(case_id=case.pk, actor=clerk, proposal="Đề nghị Bộ.", to=Level.MINISTRY, now=NOW)

        with pytest.raises(NoHigherLevel):
            escalate_case(case_id=case.pk, actor=clerk, proposal="Nữa.", to=None, now=NOW)

    @pytest.mark.parametrize(("role", "unit"), [("COMMUNE_OFFICER", "97102"), ("LEADER", "97"), ("AUDITOR", "97")])
    def test_nobody_else_decides(self, role: str, unit: str, case: Case, world: World) -> None:
        with pytest.raises(NotAllowed):
            settle_case(case_id=case.pk, actor=world.staff[role, unit], note="Xong.", document="", now=NOW)

    def test_what_is_decided_is_not_decided_again(self, case: Case, officer: User) -> None:
        settle_case(case_id=case.pk, actor=officer, note="Xong.", document="", now=NOW)

        with pytest.raises(WrongCaseState):
            reject_case(case_id=case.pk, actor=officer, note="Không.", document="", now=NOW)

    def test_reopening_gives_way_to_what_was_raised_meanwhile(self, case: Case, officer: User) -> None:
        settle_case(case_id=case.pk, actor=officer, note="Xong.", document="", now=NOW)
        raise_about(AN)

        with pytest.raises(WrongCaseState):
            reopen_case(case_id=case.pk, actor=officer, note="Xem lại.", now=NOW)


def make_record(name: str, number: str, world: World) -> IdentityRecord:
    person = world.people[name]
    return IdentityRecord.objects.create(
        number_id=keep_identity_numbers([number])[number],
        full_name=person.full_name,
        name_key=person.name_key,
        birth_year=1942,
        sex="MALE",
        unit=person.unit,
    )


def suggest(doubt: Case, world: World | None, *names: str) -> list[IdentityRecord]:
    """The residents of these names are near the person of the case, the first nearest."""
    for number, name in enumerate(names[1:], start=2):
        assert world is not None
        record = make_record(name, f"09704200000{number}", world)
        IdentityRecord.objects.filter(pk=record.pk).update(unit=doubt.unit)
    run = MatchRun.objects.create(started_at=NOW, finished_at=NOW)
    near = [IdentityRecord.objects.get(full_name=name) for name in names]
    for rank, record in enumerate(near, start=1):
        said = [f"+1 điều {rank}"]
        MatchCandidate.objects.create(
            beneficiary=doubt.beneficiary, rank=rank, identity=record, points=9, evidence=said, run=run
        )
    return near


class TestIdentity:
    @pytest.fixture
    def doubt(self, world: World) -> Case:
        Beneficiary.objects.update(identity_status="REVIEW")
        make_record(AN, "097042000001", world)
        raise_about(AN, kind=CaseKind.IDENTITY, reason="NUMBER_MISSING", evidence="")
        return Case.objects.get()

    def identify(self, doubt: Case, actor: User, number: str = "097042000001") -> Case:
        return identify_person(case_id=doubt.pk, number=number, actor=actor, basis="thẻ căn cước", now=NOW)

    def choose(self, doubt: Case, actor: User, suggested: int) -> Case:
        return identify_person(case_id=doubt.pk, suggested=suggested, actor=actor, basis="thẻ căn cước", now=NOW)

    def test_one_person_is_enough_where_no_account_waits(self, doubt: Case, officer: User) -> None:
        assert self.identify(doubt, officer).status == "SOLVED"
        assert Beneficiary.objects.get(full_name=AN).identity_status == "MATCHED"

    def test_a_second_one_confirms_where_a_new_account_would_follow(
        self, doubt: Case, officer: User, clerk: User
    ) -> None:
        BankAccount.objects.filter(beneficiary__full_name=AN).update(
            status="OPENED", cause="HOLDER_CHANGED", reason="IDENTITY_CHECK", opened_on=date(2024, 7, 1)
        )

        assert self.identify(doubt, officer).status == "PROPOSED"
        assert Beneficiary.objects.get(full_name=AN).identity_status == "REVIEW"
        with pytest.raises(SecondPersonNeeded):
            confirm_proposal(case_id=doubt.pk, actor=officer, now=NOW)
        assert confirm_reviews(unit=doubt.unit, actor=officer, now=NOW) == 0
        assert confirm_reviews(unit=doubt.unit, actor=clerk, now=NOW) == 1
        assert Beneficiary.objects.get(full_name=AN).identity_status == "MATCHED"
        assert Case.objects.get().status == "SOLVED"

    def test_shows_whom_it_may_be_and_takes_one_of_them(self, doubt: Case, officer: User, world: World) -> None:
        near, other = suggest(doubt, world, AN, BINH)
        shown = suggested_for(doubt, actor=officer)

        assert [(one.identity_id, one.full_name, one.evidence) for one in shown] == [
            (near.pk, AN, ["+1 điều 1"]),
            (other.pk, BINH, ["+1 điều 2"]),
        ]
        with pytest.raises(ReviewImpossible):  # shown, and yet of another name
            self.choose(doubt, officer, other.pk)
        assert self.choose(doubt, officer, near.pk).status == "SOLVED"
        assert Beneficiary.objects.get(full_name=AN).identity == near
        assert suggested_for(Case.objects.get(), actor=officer) == []

    def test_tells_nobody_who_lives_outside_the_readers_reach(self, doubt: Case, officer: User, clerk: User) -> None:
        (near,) = suggest(doubt, None, AN)
        IdentityRecord.objects.filter(pk=near.pk).update(unit=AdministrativeUnit.objects.get(code="97102"))

        (hidden,), (seen,) = (suggested_for(doubt, actor=one) for one in (officer, clerk))
        assert (hidden.identity_id, hidden.full_name, hidden.place, hidden.elsewhere) == (None, "", "", True)
        assert (seen.identity_id, seen.elsewhere) == (near.pk, False)
        with pytest.raises(ReviewImpossible):
            self.choose(doubt, officer, near.pk)

    def test_takes_nobody_the_case_does_not_show(self, doubt: Case, officer: User) -> None:
        with pytest.raises(ReviewImpossible):
            self.choose(doubt, officer, IdentityRecord.objects.get().pk)

    def test_shows_the_second_person_who_was_proposed(self, doubt: Case, officer: User, clerk: User) -> None:
        BankAccount.objects.filter(beneficiary__full_name=AN).update(
            status="OPENED", cause="HOLDER_CHANGED", opened_on=date(2024, 7, 1)
        )
        proposed = self.identify(doubt, officer)

        assert [(one.full_name, one.proposed) for one in suggested_for(proposed, actor=clerk)] == [(AN, True)]

    def test_the_database_refuses_the_same_person_twice(self, doubt: Case, officer: User) -> None:
        BankAccount.objects.filter(beneficiary__full_name=AN).update(
            status="OPENED", cause="HOLDER_CHANGED", opened_on=date(2024, 7, 1)
        )
        self.identify(doubt, officer)

        with pytest.raises(IntegrityError, match="proposal_is_confirmed_by_a_second_person"):
            Case.objects.filter(pk=doubt.pk).update(status="SOLVED")

    def test_declined_it_is_open_again(self, doubt: Case, officer: User, clerk: User) -> None:
        BankAccount.objects.filter(beneficiary__full_name=AN).update(
            status="OPENED", cause="HOLDER_CHANGED", opened_on=date(2024, 7, 1)
        )
        self.identify(doubt, officer)

        declined = decline_proposal(case_id=doubt.pk, actor=clerk, note="Thẻ mờ, chụp lại.", now=NOW)

        assert (declined.status, declined.proposal, declined.proposed_by) == ("OPEN", None, None)
        assert CaseDecision.objects.earliest("pk").proposal is not None

    def test_a_typed_number_takes_over_nobody(self, doubt: Case, officer: User, world: World) -> None:
        make_record(BINH, "097042000002", world)

        for number in ("097042000002", "097042999999"):
            with pytest.raises(ReviewImpossible):
                self.identify(doubt, officer, number)

    def test_a_title_before_the_name_is_no_other_name(self, doubt: Case, officer: User) -> None:
        person = Beneficiary.objects.get(full_name=AN)
        doubt.beneficiary = Beneficiary(full_name=f"Ông {AN}", name_key=f"ong{person.name_key}", sex="MALE")
        assert is_plausible(doubt.beneficiary, IdentityRecord.objects.get())

    def test_is_never_settled_by_a_note_alone(self, doubt: Case, officer: User) -> None:
        with pytest.raises(NotSolvableLikeThis):
            settle_case(case_id=doubt.pk, actor=officer, note="Xong.", document="", now=NOW)


class TestDuplicate:
    @pytest.fixture
    def doubled(self, world: World) -> Case:
        """Ân and Cường, in two districts, were both held to be one resident."""
        record = make_record(AN, "097042000001", world)
        Beneficiary.objects.filter(full_name__in=[AN, CUONG]).update(identity=record, identity_status="MATCHED")
        assert link_same_people(now=NOW) == 1
        return Case.objects.get()

    def test_is_the_provinces_and_says_nothing_of_the_other_commune(self, doubled: Case, world: World) -> None:
        assert (doubled.level, doubled.evidence, doubled.unit.code) == (
            "PROVINCE",
            ["đang hưởng nơi khác: có"],
            "97201",
        )
        with pytest.raises(BeyondAuthority):
            declare_not_the_same(
                case_id=doubled.pk,
                this_keeps_identity=True,
                actor=world.staff["COMMUNE_OFFICER", "97201"],
                note="",
                now=NOW,
            )

    def test_two_people_are_remembered_and_never_asked_about_again(self, doubled: Case, clerk: User) -> None:
        declare_not_the_same(case_id=doubled.pk, this_keeps_identity=False, actor=clerk, note="Hai người.", now=NOW)

        assert DistinctPeople.objects.count() == 1
        other = Beneficiary.objects.get(full_name=CUONG)
        assert (other.identity_status, other.identity, other.same_as) == ("CONFLICT", None, None)
        assert Case.objects.get(kind="IDENTITY").beneficiary == other
        # Even if somebody says again that both are that resident:
        record = IdentityRecord.objects.get()
        Beneficiary.objects.filter(full_name=CUONG).update(identity=record, identity_status="MATCHED")
        assert link_same_people(now=NOW) == 0
        assert Beneficiary.objects.get(full_name=CUONG).same_as is None

    def test_nobody_is_left_unpaid_by_it(self, doubled: Case, clerk: User) -> None:
        BankAccount.objects.update(last_credited_month=date(2024, 7, 1))
        declare_not_the_same(case_id=doubled.pk, this_keeps_identity=False, actor=clerk, note="Hai người.", now=NOW)

        account = BankAccount.objects.get(beneficiary__full_name=CUONG)
        assert (account.status, account.reason) == ("OPENED", "IDENTITY_CHECK")
        assert account.last_credited_month == date(2024, 7, 1)  # goes on being paid into
        assert not Enrolment.objects.filter(ended_month__isnull=False).exists()

    def propose(self, doubled: Case, actor: User, *, this: bool = True) -> Case:
        stop = Stop(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND",
            this=this,
            from_month=date(2024, 9, 1),
            number="12/QĐ-UBND",
            signed_on=date(2024, 8, 2),
        )
        return propose_same_person(case_id=doubled.pk, stop=stop, actor=actor, note="Đã thống nhất.", now=NOW)

    @pytest.mark.parametrize(("this", "ended"), [(True, CUONG), (False, AN)])
    def test_one_person_ends_one_enrolment_by_decision_of_two(
        self, this: bool, ended: str, doubled: Case, clerk: User, world: World
    ) -> None:
        self.propose(doubled, clerk, this=this)
        assert not Decision.objects.exists()

        confirm_proposal(case_id=doubled.pk, actor=world.staff["CHECKER", "97"], now=NOW)

        decision = Decision.objects.get()
        assert (decision.kind, decision.number, decision.enrolment.beneficiary.full_name) == (
            "STOP",
            "12/QĐ-UBND",
            ended,
        )
        assert list(
            Enrolment.objects.filter(ended_month=date(2024, 9, 1)).values_list("beneficiary__full_name", flat=True)
        ) == [ended]
        assert link_same_people(now=NOW) == 0

    def test_the_decision_obeys_the_rules_of_every_decision(self, doubled: Case, clerk: User) -> None:
        signed_tomorrow = Stop(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND",
            this=True,
            from_month=date(2024, 9, 1),
            number="12/QĐ",
            signed_on=date(2099, 1, 1),
        )
        before_the_right = Stop(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND",
            this=True,
            from_month=date(2000, 1, 1),
            number="12/QĐ",
            signed_on=date(2024, 8, 2),
        )
        for stop in (signed_tomorrow, before_the_right):
            with pytest.raises(DecisionImpossible):
                propose_same_person(case_id=doubled.pk, stop=stop, actor=clerk, note="", now=NOW)
        assert Case.objects.get(pk=doubled.pk).status == "OPEN"

    def test_what_was_decided_meanwhile_stands_against_it(self, doubled: Case, clerk: User, world: World) -> None:
        self.propose(doubled, clerk)
        Enrolment.objects.filter(pk=doubled.enrolment_id).update(
            ended_month=date(2024, 9, 1), moved_to=world.units["97201"]
        )
        with pytest.raises(DecisionImpossible):
            confirm_proposal(case_id=doubled.pk, actor=world.staff["CHECKER", "97"], now=NOW)
        assert Case.objects.get(pk=doubled.pk).status == "PROPOSED"

    def test_the_decision_says_who_recorded_it(self, doubled: Case, clerk: User, world: World) -> None:
        self.propose(doubled, clerk)
        confirm_proposal(case_id=doubled.pk, actor=world.staff["CHECKER", "97"], now=NOW)
        assert Decision.objects.get().recorded_by == world.staff["CHECKER", "97"]

    def test_who_proposed_does_not_confirm(self, doubled: Case, clerk: User) -> None:
        self.propose(doubled, clerk)

        with pytest.raises(SecondPersonNeeded):
            confirm_proposal(case_id=doubled.pk, actor=clerk, now=NOW)
        assert not Decision.objects.exists()

    def test_one_record_enrolled_twice_is_not_two_people(self, world: World, clerk: User) -> None:
        world.enrol(world.people[AN])
        link_same_people(now=NOW)

        with pytest.raises(NotSolvableLikeThis):
            declare_not_the_same(case_id=Case.objects.get().pk, this_keeps_identity=True, actor=clerk, note="", now=NOW)


class TestQueue:
    def test_easy_first_and_within_the_own_authority_first(self, world: World, officer: User, clerk: User) -> None:
        raise_about(AN, kind=CaseKind.IDENTITY, reason="NUMBER_OF_ANOTHER", evidence="a")
        raise_about(AN)
        raise_about(AN, kind=CaseKind.DUPLICATE, reason="SAME_PROGRAMME_TWICE", evidence="b")
        raise_about(AN, kind=CaseKind.PAYMENT, reason="STOPPED", evidence="c")

        def kinds(actor: User) -> list[tuple[str, int]]:
            return list(queue_of(actor, now=NOW).values_list("kind", "ease"))

        assert kinds(officer) == [("PAYMENT", 1), ("DECEASED", 2), ("IDENTITY", 3), ("DUPLICATE", 3)]
        assert [kind for kind, _ in kinds(clerk)] == ["PAYMENT", "DECEASED", "IDENTITY", "DUPLICATE"]

    def test_today_is_mine_nobodys_and_what_waits_for_me_overdue_first(
        self, world: World, officer: User, clerk: User
    ) -> None:
        raise_about(AN)
        raise_about(AN, kind=CaseKind.PAYMENT, reason="STOPPED", evidence="c")
        Case.objects.filter(kind="DECEASED").update(due_on=date(2024, 8, 1))
        colleague = world.staff["MAKER", "97101"]

        assert list(work_of_today(officer, now=NOW).values_list("kind", flat=True)) == ["DECEASED", "PAYMENT"]
        take_case(case_id=Case.objects.get(kind="DECEASED").pk, actor=colleague, now=NOW)
        assert list(work_of_today(officer, now=NOW).values_list("kind", flat=True)) == ["PAYMENT"]
        assert list(work_of_today(colleague, now=NOW).values_list("kind", flat=True)) == ["DECEASED", "PAYMENT"]
        counts = count_queue(colleague, now=NOW)
        assert (counts.live, counts.mine, counts.overdue, counts.unowned) == (2, 1, 1, 1)
        assert counts.by_kind == {"DECEASED": 1, "PAYMENT": 1}

    def test_shows_nothing_of_other_units(self, case: Case, world: World) -> None:
        assert not queue_of(world.staff["COMMUNE_OFFICER", "97102"], now=NOW).exists()

    def test_reaches_an_assigned_unit_while_it_is_assigned(self, case: Case, world: World, clerk: User) -> None:
        helper = world.staff["COMMUNE_OFFICER", "97102"]
        assign_officer(
            officer=helper,
            unit=world.units["97101"],
            from_on=date(2024, 8, 1),
            until_on=date(2024, 8, 31),
            note="Quyết định 7/QĐ-UBND",
            actor=clerk,
            now=NOW,
        )

        assert queue_of(helper, now=NOW).exists()
        assert not queue_of(helper, now=NOW + timedelta(days=40)).exists()
        settle_case(case_id=case.pk, actor=helper, note="Xong.", document="", now=NOW)

    def test_nobody_assigns_themselves_or_twice(self, world: World, clerk: User) -> None:
        given = {"unit": world.units["97101"], "from_on": date(2024, 8, 1), "until_on": None, "note": "", "now": NOW}
        with pytest.raises(SomebodyElseAssigns):
            assign_officer(officer=clerk, actor=clerk, **given)
        assign_officer(officer=world.staff["MAKER", "97102"], actor=clerk, **given)
        with pytest.raises(AssignedAlready):
            assign_officer(officer=world.staff["MAKER", "97102"], actor=clerk, **given)
        with pytest.raises(NotAllowed):
            assign_officer(officer=world.staff["MAKER", "97102"], actor=world.staff["MAKER", "97201"], **given)

    @pytest.mark.parametrize(
        ("officer", "unit", "refusal"),
        [
            (("COMMUNE_OFFICER", "97102"), "97", CommunesAlone),
            (("COMMUNE_OFFICER", "97102"), "971", CommunesAlone),
            (("AUDITOR", "97"), "97101", NoWorkForThem),
        ],
    )
    def test_no_officer_is_given_a_province_and_no_reader_any_work(
        self, world: World, officer: tuple[str, str], unit: str, refusal: type[Refusal]
    ) -> None:
        given = {"from_on": date(2024, 8, 1), "until_on": None, "note": "", "now": NOW}
        with pytest.raises(refusal):
            assign_officer(
                officer=world.staff[officer], unit=world.units[unit], actor=world.staff["MAKER", "97"], **given
            )
        assert not Assignment.objects.exists()

    @pytest.mark.parametrize("unit", ["97", "971"])
    def test_the_database_gives_no_commune_officer_a_province(self, world: World, clerk: User, unit: str) -> None:
        officer, given = world.staff["COMMUNE_OFFICER", "97102"], {"from_on": date(2024, 8, 1), "assigned_at": NOW}
        with pytest.raises(IntegrityError, match="looks after communes alone"), transaction.atomic():
            Assignment.objects.create(officer=officer, unit=world.units[unit], assigned_by=clerk, **given)
        Assignment.objects.create(officer=officer, unit=world.units["97101"], assigned_by=clerk, **given)


class TestPiles:
    def test_count_by_unit_and_kind_and_hide_small_cells_from_leaders(self, world: World, clerk: User) -> None:
        names = [world.add_person(f"Phạm Văn {n}", unit="97101").full_name for n in range(6)]
        raise_about(*names, CUONG)

        piles = find_piles(actor=clerk, now=NOW + timedelta(days=30))
        assert [(pile.unit_code, pile.kind, pile.live, pile.overdue) for pile in piles] == [
            ("971", "DECEASED", 6, 6),
            ("972", "DECEASED", 1, 1),
        ]
        shown = find_piles(actor=world.staff["LEADER", "97"], now=NOW, leaves_unit=True)
        assert [(pile.unit_code, pile.live, pile.oldest_on) for pile in shown] == [
            ("971", 6, date(2024, 8, 5)),
            ("972", None, None),
        ]


class TestHandover:
    @pytest.fixture
    def receiver(self, world: World) -> User:
        return world.staff["MAKER", "97101"]

    @pytest.fixture
    def handover(self, case: Case, officer: User, receiver: User) -> Handover:
        take_case(case_id=case.pk, actor=officer, now=NOW)
        return draw_up_handover(
            giver=officer, receiver=receiver, unit=case.unit, actor=officer, note="Nghỉ thai sản.", now=NOW
        )

    def test_moves_everything_in_one_step_once_both_have_signed(
        self, handover: Handover, case: Case, officer: User, receiver: User
    ) -> None:
        assert work_in_hand(officer, unit=case.unit).count() == 1
        assert accept_handover(handover_id=handover.pk, actor=receiver, now=NOW) == 1

        assert not work_in_hand(officer, unit=case.unit).exists()
        assert list(work_in_hand(receiver, unit=case.unit)) == [case]
        assert CaseDecision.objects.latest("pk").note == f"Nhận bàn giao số {handover.pk}"

    def test_is_accepted_once_and_by_the_receiver_alone(
        self, handover: Handover, officer: User, receiver: User
    ) -> None:
        with pytest.raises(NotAllowed):
            accept_handover(handover_id=handover.pk, actor=officer, now=NOW)
        accept_handover(handover_id=handover.pk, actor=receiver, now=NOW)
        with pytest.raises(WrongCaseState):
            accept_handover(handover_id=handover.pk, actor=receiver, now=NOW)

    def test_is_refused_when_the_work_changed_since_it_was_listed(
        self, handover: Handover, case: Case, officer: User, receiver: User
    ) -> None:
        settle_case(case_id=case.pk, actor=officer, note="Xong.", document="", now=NOW)

        with pytest.raises(HandoverChanged) as refused, transaction.atomic():
            accept_handover(handover_id=handover.pk, actor=receiver, now=NOW)
        assert refused.value.conflicts == [str(case.pk)]
        assert handover.signatures.count() == 1

    def test_a_superior_signs_for_who_left_and_never_for_both_sides(
        self, case: Case, officer: User, receiver: User, clerk: User
    ) -> None:
        take_case(case_id=case.pk, actor=officer, now=NOW)
        given = {"giver": officer, "receiver": receiver, "unit": case.unit, "note": "", "now": NOW}

        with pytest.raises(SecondPersonNeeded):
            draw_up_handover(actor=receiver, **given)
        assert draw_up_handover(actor=clerk, **given).signatures.get().signer == clerk

    def test_of_nothing_is_refused(self, world: World, officer: User, receiver: User) -> None:
        with pytest.raises(NothingToHandOver):
            draw_up_handover(
                giver=officer, receiver=receiver, unit=world.units["97101"], actor=officer, note="", now=NOW
            )

    def test_prints_the_list_with_names_and_signatures(self, handover: Handover, receiver: User) -> None:
        accept_handover(handover_id=handover.pk, actor=receiver, now=NOW)

        assert handover_sheet(handover=handover)[:2] == b"PK"

    def test_stands_as_signed(self, handover: Handover) -> None:
        with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
            Handover.objects.update(case_ids=[])
