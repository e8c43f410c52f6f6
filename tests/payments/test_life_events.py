"""Messages about people's lives: any order, repeated or late, the same end; the right person; nothing deleted."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from beneficiaries.models import (
    BankAccount,
    Beneficiary,
    Case,
    Child,
    IdentityNumber,
    LifeEvent,
    LifeEventSettlement,
    LifeStatus,
    NoticeAnswer,
)
from beneficiaries.parsers.life_events import IncomingEvent
from beneficiaries.services.life_events.notices import open_notices
from beneficiaries.services.numbers import keep_identity_numbers
from payments.services.life import answer, receive, settle_waiting
from staff.services.working_days import working_days_after
from tests.payments.life import DIED, ISSUED, enrolled, said, tell, withdrawn
from tests.payments.province import Province, rolled_back


def state(person: Beneficiary) -> dict[str, object]:
    """Everything events decide about a person, without when we learned it."""
    person.refresh_from_db()
    columns = [
        "deceased_on",
        "death_registered",
        "notice_on",
        "not_deceased_on",
        "moved_to",
        "moved_on",
        "name_now",
        "number_now",
    ]
    return {
        "status": LifeStatus.objects.filter(pk=person.pk).values(*columns).first(),
        "name": (person.full_name, person.name_key, person.number_id),
        "accounts": sorted(BankAccount.objects.filter(beneficiary=person).values_list("status", "reason")),
        "cases": sorted(
            (kind, reason, tuple(evidence))
            for kind, reason, evidence in Case.objects.filter(beneficiary=person, status="OPEN").values_list(
                "kind", "reason", "evidence"
            )
        ),
        "children": sorted(Child.objects.filter(parent=person, withdrawn=False).values_list("born_on", "until_month")),
    }


def whole_feed(person: Beneficiary, number: str, new_number: str) -> list[IncomingEvent]:
    """A notice, a death with correction, withdrawal and a second report, a move, a change of name and of number, two births, one withdrawn."""
    at = [ISSUED.replace(day=day) for day in range(1, 28)]
    later = "Nguyễn Thị Mới"
    return [
        said(person, number, "BV-1", source="HOSPITAL", issued_at=at[11]),
        said(person, number, "KT-1", issued_at=at[12]),
        said(person, number, "KT-2", action="CORRECT", about="KT-1", occurred_on=date(2024, 7, 9), issued_at=at[13]),
        said(person, number, "KT-3", issued_at=at[12]),
        withdrawn("KT-4", about="KT-2", day=16),
        said(person, number, "CT-1", kind="MOVE", to_unit="97201", occurred_on=date(2024, 6, 3), issued_at=at[4]),
        said(person, number, "TD-1", kind="NAME", new_name=later, occurred_on=date(2024, 6, 1), issued_at=at[3]),
        said(
            person,
            number,
            "SD-1",
            kind="NUMBER",
            new_number=new_number,
            full_name=later,
            occurred_on=date(2024, 7, 1),
            issued_at=at[5],
        ),
        said(
            person,
            new_number,
            "KS-1",
            kind="BIRTH",
            full_name=later,
            child_born_on=date(2024, 7, 2),
            occurred_on=date(2024, 7, 2),
            issued_at=at[6],
        ),
        said(
            person,
            number,
            "KS-2",
            kind="BIRTH",
            child_born_on=date(2024, 5, 2),
            occurred_on=date(2024, 5, 2),
            issued_at=at[7],
        ),
        withdrawn("KS-3", about="KS-2", day=9, kind="BIRTH"),
    ]


class TestAnyOrder:
    @settings(
        max_examples=6,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(data=st.data())
    def test_any_permutation_and_repetition_of_a_feed_ends_in_the_same_state(
        self, province: Province, data: st.DataObject
    ) -> None:
        with rolled_back():
            person, number = _someone(province)
            feed = whole_feed(person, number, "097142999999")
            keep_identity_numbers(["097142999999"])  # so that its row is the same in every order
            with rolled_back():
                tell(province, *feed)
                expected = state(person)
            indexes = list(range(len(feed)))
            order = data.draw(st.permutations(indexes)) + data.draw(st.lists(st.sampled_from(indexes), max_size=6))
            while order:
                size = data.draw(st.integers(1, len(order)))
                tell(province, *(feed[index] for index in order[:size]))
                order = order[size:]

            assert state(person) == expected
            assert expected["status"]["deceased_on"] is None
            assert expected["status"]["notice_on"] == DIED
            assert LifeEvent.objects.count() == len(feed)

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_a_correction_before_the_death_and_a_withdrawal_before_both(
        self, province: Province, order: tuple[int, ...]
    ) -> None:
        person, number = _someone(province)
        feed = [
            said(person, number, "KT-1"),
            said(
                person,
                number,
                "KT-2",
                action="CORRECT",
                about="KT-1",
                occurred_on=date(2024, 7, 9),
                issued_at=ISSUED.replace(day=22),
            ),
            withdrawn("KT-3", about="KT-1"),
        ]
        for index in order:
            tell(province, feed[index])

        status = LifeStatus.objects.get(pk=person.pk)
        assert (status.deceased_on, status.not_deceased_on) == (None, date(2024, 7, 9))

    def test_one_fact_under_two_ids_is_one_fact(self, province: Province) -> None:
        person, number = _someone(province)
        tell(province, said(person, number, "KT-1"), said(person, number, "KT-1B"), withdrawn("KT-2", about="KT-1"))

        assert LifeStatus.objects.get(pk=person.pk).deceased_on is None

    def test_a_known_id_that_says_something_else_is_refused_and_named(self, province: Province) -> None:
        person, number = _someone(province)
        tell(province, said(person, number))
        again = tell(province, said(person, number), said(person, number, occurred_on=date(2024, 7, 1)))

        assert again.recorded.added == []
        assert again.recorded.repeated == 1
        assert [place for place, _ in again.recorded.problems] == [2]
        assert LifeStatus.objects.get(pk=person.pk).deceased_on == DIED

    def test_settling_again_changes_nothing(self, province: Province) -> None:
        person, number = _someone(province)
        tell(province, *whole_feed(person, number, "097142999999"))
        before = state(person)
        LifeEventSettlement.objects.all().delete()

        assert settle_waiting(now=province.clock()) == 11
        assert settle_waiting(now=province.clock()) == 0
        assert state(person) == before


class TestWhoIsMeant:
    def test_a_number_with_another_name_holds_nobody_and_asks(self, province: Province) -> None:
        person, number = _someone(province)
        tell(province, said(person, number, full_name="Lê Thị Khác"))

        assert LifeStatus.objects.get(pk=person.pk).deceased_on is None
        assert Case.objects.get(beneficiary=person).reason == "EVENT_OF_ANOTHER_NAME"

    def test_a_number_given_to_somebody_else_later_buries_only_the_later_holder(self, province: Province) -> None:
        first, number = _someone(province)
        tell(province, said(first, number, "SD-1", kind="NUMBER", new_number="097142888888"))
        second = province.person(
            full_name="Lê Văn Hai", name_key="levanhai", number_id=keep_identity_numbers([number])[number]
        )
        tell(province, said(second, number, "KT-1"))

        assert LifeStatus.objects.get(pk=first.pk).deceased_on is None
        assert LifeStatus.objects.get(pk=second.pk).deceased_on == DIED
        assert not Case.objects.filter(beneficiary=first, reason="EVENT_OF_ANOTHER_NAME").exists()

    def test_a_death_known_before_the_person_is_counts_when_the_person_appears(self, province: Province) -> None:
        number = "097142777777"
        stranger = Beneficiary(full_name="Trần Thị Sau", birth_year=1940)
        tell(province, said(stranger, number))
        assert settle_waiting(now=province.clock()) == 0
        person = province.person(
            full_name="Trần Thị Sau",
            name_key="tranthisau",
            birth_year=1940,
            number_id=keep_identity_numbers([number])[number],
        )

        assert settle_waiting(now=province.clock()) == 1
        assert LifeStatus.objects.get(pk=person.pk).deceased_on == DIED

    def test_a_commune_neither_registers_a_death_nor_takes_one_back(self, province: Province) -> None:
        person, number = _someone(province)
        tell(province, said(person, number))
        officer = province.staff["COMMUNE_OFFICER"]
        told = receive(events=[withdrawn("X-1", about="KT-1")], actor=officer, now=province.clock())

        assert len(told.recorded.problems) == 1
        assert LifeStatus.objects.get(pk=person.pk).deceased_on == DIED

    def test_a_commune_reports_only_its_own_people(self, province: Province) -> None:
        person, number = _someone(province)
        officer = province.staff["COMMUNE_OFFICER"]
        officer.unit = province.units["97201"]
        officer.save()
        told = receive(events=[said(person, number, source="COMMUNE")], actor=officer, now=province.clock())

        assert told.recorded.problems == []
        assert LifeStatus.objects.get(pk=person.pk).notice_on is None


class TestNotices:
    def test_a_notice_asks_and_a_correction_after_the_answer_asks_again(self, province: Province) -> None:
        person, number = _someone(province)
        tell(province, said(person, number, "BV-1", source="HOSPITAL"))
        assert LifeStatus.objects.get(pk=person.pk).notice_on == DIED
        answer(
            beneficiary_id=person.pk,
            answer="LIFT",
            note="Đã gặp tại nhà.",
            actor=province.staff["MAKER"],
            now=province.clock(),
        )
        assert LifeStatus.objects.get(pk=person.pk).notice_on is None
        assert not Case.objects.filter(beneficiary=person, status="OPEN").exists()

        tell(
            province,
            said(
                person,
                number,
                "BV-2",
                source="HOSPITAL",
                action="CORRECT",
                about="BV-1",
                occurred_on=date(2024, 7, 11),
                issued_at=ISSUED.replace(day=21),
            ),
        )

        assert LifeStatus.objects.get(pk=person.pk).notice_on == date(2024, 7, 11)

    def test_who_is_alive_answers_every_notice_known_and_a_later_one_asks_again(self, province: Province) -> None:
        person, number = _someone(province)
        tell(province, said(person, number, "BV-1", source="HOSPITAL"))
        tell(province, said(person, number, "BV-2", source="HOSPITAL", occurred_on=date(2024, 7, 12)))
        case = Case.objects.get(kind="DEATH", status="OPEN")
        assert [line for line in case.evidence if "12/07/2024" in line or "10/07/2024" in line] == case.evidence[:2]

        self.lift(province, person)
        assert NoticeAnswer.objects.filter(answer="LIFT").count() == 2
        assert LifeStatus.objects.get(pk=person.pk).notice_on is None

        tell(province, said(person, number, "BV-3", source="HOSPITAL", occurred_on=date(2024, 7, 14)))
        assert LifeStatus.objects.get(pk=person.pk).notice_on == date(2024, 7, 14)

    def test_a_notice_that_came_after_the_page_was_read_is_not_answered(self, province: Province) -> None:
        person, number = _someone(province)
        tell(province, said(person, number, "BV-1", source="HOSPITAL"))
        read = [one.pk for one in open_notices([person.pk])[person.pk]]
        tell(province, said(person, number, "BV-2", source="HOSPITAL", occurred_on=date(2024, 7, 12)))

        self.lift(province, person, notices=read)

        assert LifeStatus.objects.get(pk=person.pk).notice_on == date(2024, 7, 12)
        assert Case.objects.filter(beneficiary=person, kind="DEATH", status="OPEN").count() == 1

    def test_a_death_is_confirmed_of_the_day_that_was_read_alone(self, province: Province) -> None:
        person, number = _someone(province)
        for event_id, day in (("BV-1", 10), ("BV-2", 12)):
            tell(province, said(person, number, event_id, source="HOSPITAL", occurred_on=date(2024, 7, day)))

        self.lift(province, person, answered="CONFIRM")

        assert NoticeAnswer.objects.get().event.event_id == "BV-1"
        assert LifeStatus.objects.get(pk=person.pk).deceased_on == date(2024, 7, 10)

    def lift(
        self, province: Province, person: Beneficiary, *, notices: Sequence[int] = (), answered: str = "LIFT"
    ) -> None:
        actor, now = province.staff["MAKER"], province.clock()
        answer(beneficiary_id=person.pk, answer=answered, note="Đã gặp.", actor=actor, now=now, notices=notices)

    def test_a_confirmed_notice_is_a_death_until_the_registry_speaks(self, province: Province) -> None:
        person, number = _someone(province)
        tell(province, said(person, number, "BV-1", source="HOSPITAL"))
        answer(
            beneficiary_id=person.pk,
            answer="CONFIRM",
            note="Gia đình xác nhận.",
            actor=province.staff["MAKER"],
            now=province.clock(),
        )
        confirmed = LifeStatus.objects.get(pk=person.pk)
        tell(province, said(person, number, "KT-1", occurred_on=date(2024, 7, 12)))
        registered = LifeStatus.objects.get(pk=person.pk)

        assert (confirmed.deceased_on, confirmed.death_registered) == (DIED, False)
        assert (registered.deceased_on, registered.death_registered) == (date(2024, 7, 12), True)


class TestNames:
    def test_a_new_name_takes_the_account_back_to_opened_and_a_withdrawn_one_gives_it_back(
        self, province: Province
    ) -> None:
        person, number = _someone(province)
        name = person.full_name
        tell(province, said(person, number, "TD-1", kind="NAME", new_name="Nguyễn Thị Mới"))
        renamed = state(person)
        tell(province, withdrawn("TD-2", about="TD-1", kind="NAME"))
        back = state(person)

        assert renamed["accounts"] == [("OPENED", "NAME_CHANGED")]
        assert renamed["name"][0] == "Nguyễn Thị Mới"
        assert back["accounts"] == [("VERIFIED", "")]
        assert back["name"][0] == name


class TestHistory:
    @pytest.mark.parametrize(("model", "field"), [(LifeEvent, "full_name"), (NoticeAnswer, "note")])
    def test_nothing_said_is_rewritten_or_deleted(self, province: Province, model: type, field: str) -> None:
        person, number = _someone(province)
        tell(province, said(person, number, "BV-1", source="HOSPITAL"))
        answer(
            beneficiary_id=person.pk,
            answer="LIFT",
            note="Còn sống.",
            actor=province.staff["MAKER"],
            now=province.clock(),
        )

        for change in (lambda: model.objects.all().delete(), lambda: model.objects.update(**{field: "Khác"})):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_no_number_stands_in_clear(self, province: Province) -> None:
        person, number = _someone(province)
        tell(province, said(person, number))
        row = LifeEvent.objects.values().get()

        assert number not in repr(
            {key: bytes(value) if isinstance(value, memoryview) else value for key, value in row.items()}
        )
        assert number not in repr(said(person, number))
        assert IdentityNumber.objects.filter(pk=row["number_id"]).exists()


def _someone(province: Province) -> tuple[Beneficiary, str]:
    enrolment, number = enrolled(province)
    province.open_account(enrolment.beneficiary)
    return enrolment.beneficiary, number


def test_a_second_notice_in_the_same_words_is_asked_about_too(province: Province) -> None:
    enrolment, number = enrolled(province)
    person = enrolment.beneficiary
    tell(province, said(person, number, "BV-1", source="HOSPITAL"))
    answer(beneficiary_id=person.pk, answer="LIFT", note="Đã gặp.", actor=province.staff["MAKER"], now=province.clock())
    tell(province, said(person, number, "BV-2", source="HOSPITAL"))

    assert LifeStatus.objects.get().notice_on == DIED  # money is held again
    assert Case.objects.filter(kind="DEATH", status="OPEN").count() == 1


def test_terms_count_working_days_of_the_table_of_kinds(province: Province) -> None:
    enrolment, number = enrolled(province)
    tell(province, said(enrolment.beneficiary, number, "M-1", kind="MOVE", to_unit="97201"))

    case = Case.objects.get(kind="MOVE")
    assert case.due_on == working_days_after(timezone.localdate(case.opened_at), 10)
