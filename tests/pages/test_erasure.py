"""What may be kept no longer is erased by two people, in steps, and nothing of the books or of anybody who is still paid goes with it."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction

from beneficiaries.errors import PhoneUnreadable
from beneficiaries.models import Enrolment, Phone
from beneficiaries.services.receiving.contacts import phones_to_call, record_phone, reveal_phone, set_opt_out
from payments.models import Entitlement, JournalEntry, Payment
from payments.services import erasure
from payments.services.erasure import decide_erasure, erase, order_erasure, what_is_due
from payments.states import Cause
from staff.errors import ErasureIsSettled, ErasureNeedsAnother, ErasureNotReady, NotAllowed, NothingToErase
from staff.models import ErasureOrder, HistoryRow
from tests.api.world import NOW, World

pytestmark = pytest.mark.django_db
AN = "Trần Văn Ân"
LATER = NOW + timedelta(days=800)
LONG_AGO = date(2024, 8, 1)


@pytest.fixture
def world(same_world: World) -> World:
    return same_world


def phone_of(
    world: World, name: str = AN, number: str = "0912345678", *, owner: str = "OWN", owner_name: str = ""
) -> Phone:
    person = world.people[name]
    return record_phone(
        beneficiary_id=person.pk,
        number=number,
        owner=owner,
        owner_name=owner_name,
        actor=world.staff["MAKER", "971"],
        now=NOW,
    )


def over(world: World, name: str = AN) -> None:
    """Nothing is drawn any more, and nothing is under way."""
    Enrolment.objects.filter(beneficiary=world.people[name]).update(ended_month=LONG_AGO)
    Payment.objects.filter(beneficiary=world.people[name]).apply(Cause.STOP, now=NOW)


def ordered(world: World) -> ErasureOrder:
    return order_erasure(document="12/QĐ-SNV", actor=world.staff["RELEASER", "97"], now=LATER)


def allowed(world: World) -> ErasureOrder:
    return decide_erasure(order_id=ordered(world).pk, accepted=True, actor=world.staff["CHECKER", "97"], now=LATER)


class TestDue:
    def test_is_who_wanted_no_messages_and_who_draws_nothing(self, world: World) -> None:
        phone_of(world)
        assert what_is_due(now=LATER).total == 0  # drawn every month
        set_opt_out(beneficiary_id=world.people[AN].pk, wants_none=True, actor=world.staff["MAKER", "971"], now=NOW)
        over(world)
        due = what_is_due(now=LATER)
        assert (due.wants_none, due.draws_nothing) == (1, 0)
        set_opt_out(beneficiary_id=world.people[AN].pk, wants_none=False, actor=world.staff["MAKER", "971"], now=NOW)
        due = what_is_due(now=LATER)
        assert (due.wants_none, due.draws_nothing) == (0, 1)

    def test_is_nobody_before_the_time_is_over(self, world: World) -> None:
        phone_of(world)
        over(world)
        assert what_is_due(now=NOW + timedelta(days=365)).total == 0
        assert what_is_due(now=NOW + timedelta(days=367)).total == 1

    def test_is_nobody_with_money_under_way(self, world: World) -> None:
        phone_of(world)
        Enrolment.objects.filter(beneficiary=world.people[AN]).update(ended_month=LONG_AGO)
        assert Payment.objects.filter(beneficiary=world.people[AN]).exclude(status="POSTED").exists()
        assert what_is_due(now=LATER).total == 0

    def test_is_nobody_whose_other_record_still_draws(self, world: World) -> None:
        again = world.add_person("Trần Văn Ân B", unit="97101", same_as=world.people[AN])
        world.people["again"] = again
        phone_of(world, "again", "0912345679")
        assert what_is_due(now=LATER).total == 0  # listed twice: the record kept draws
        phone_of(world)
        over(world)
        assert what_is_due(now=LATER).total == 2
        world.enrol(again)
        assert what_is_due(now=LATER).total == 0


class TestTwoPeople:
    def test_erase_and_the_history_keeps_that_but_not_what(self, world: World) -> None:
        phone = phone_of(world, owner="RELATIVE", owner_name="Trần Thị Lan")
        over(world)
        books = (Payment.objects.count(), Entitlement.objects.count(), JournalEntry.objects.count())
        order = allowed(world)
        assert erase(order_id=order.pk, now=LATER) == 1
        phone.refresh_from_db()
        order.refresh_from_db()
        assert (bytes(phone.sealed), phone.owner_name, reveal_phone(phone)) == (b"", "đã xóa", "")
        assert (order.erased_total, order.finished_at) == (1, LATER)
        assert phones_to_call([phone.beneficiary_id], actor=world.staff["MAKER", "971"]) == {}
        assert (Payment.objects.count(), Entitlement.objects.count(), JournalEntry.objects.count()) == books
        last = HistoryRow.objects.filter(relation="beneficiaries_phone", row_id=phone.pk).order_by("-pk")[0]
        assert last.why == f"xóa dữ liệu quá thời hạn theo lệnh {order.pk}"
        assert not {"sealed", "owner_name"} & set(last.changes)

    def test_one_alone_erases_nothing(self, world: World) -> None:
        phone_of(world)
        over(world)
        order = ordered(world)
        assert ordered(world) == order
        with pytest.raises(ErasureNotReady):
            erase(order_id=order.pk, now=LATER)
        with pytest.raises(NotAllowed):
            decide_erasure(order_id=order.pk, accepted=True, actor=world.staff["RELEASER", "97"], now=LATER)
        with pytest.raises(NotAllowed):
            order_erasure(document="1", actor=world.staff["CHECKER", "97"], now=LATER)
        with pytest.raises(NotAllowed):
            decide_erasure(order_id=order.pk, accepted=True, actor=world.staff["CHECKER", "971"], now=LATER)
        decide_erasure(order_id=order.pk, accepted=False, actor=world.staff["CHECKER", "97"], now=LATER)
        with pytest.raises(ErasureIsSettled):
            decide_erasure(order_id=order.pk, accepted=True, actor=world.staff["CHECKER", "97"], now=LATER)
        with pytest.raises(ErasureNotReady):
            erase(order_id=order.pk, now=LATER)
        assert what_is_due(now=LATER).total == 1

    def test_the_one_who_ordered_does_not_allow_whatever_their_role_is_now(self, world: World) -> None:
        phone_of(world)
        over(world)
        order = ordered(world)
        head = world.staff["RELEASER", "97"]
        head.role = "CHECKER"
        with pytest.raises(ErasureNeedsAnother):
            decide_erasure(order_id=order.pk, accepted=True, actor=head, now=LATER)

    @pytest.mark.parametrize(
        "changed",
        [
            {"erased_total": 1},
            {"finished_at": LATER},
            {"decided_by": "own", "decided_at": LATER, "accepted": True},
            {"document": "13"},
            {"due_total": 9},
        ],
    )
    def test_are_asked_for_by_the_database_too(self, changed: dict[str, object], world: World) -> None:
        phone_of(world)
        over(world)
        order = ordered(world)
        own = {"own": order.ordered_by}
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            ErasureOrder.objects.filter(pk=order.pk).update(
                **{field: own.get(str(value), value) for field, value in changed.items()}
            )

    def test_what_was_counted_never_becomes_less(self, world: World) -> None:
        phone_of(world)
        over(world)
        order = allowed(world)
        erase(order_id=order.pk, now=LATER)
        for changed in ({"erased_total": 0}, {"finished_at": None}, {"accepted": False}):
            with pytest.raises(DatabaseError), transaction.atomic():
                ErasureOrder.objects.filter(pk=order.pk).update(**changed)
        with pytest.raises(NothingToErase):
            ordered(world)


class TestInSteps:
    def test_goes_on_where_it_was_interrupted(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        names = [name for name, person in world.people.items() if person.unit.path.startswith(world.units["971"].path)][
            :3
        ]
        for name in names:
            phone_of(world, name)
            over(world, name)
        order = allowed(world)
        before = what_is_due(now=LATER).total
        assert before == order.due_total >= 2
        once = iter([erasure._erase_some])
        with monkeypatch.context() as machine, pytest.raises(StopIteration):
            machine.setattr(erasure, "_erase_some", lambda *given, **named: next(once)(*given, **named))
            erase(order_id=order.pk, now=LATER, step=1)
        order.refresh_from_db()
        assert (order.erased_total, order.finished_at, what_is_due(now=LATER).total) == (1, None, before - 1)
        assert erase(order_id=order.pk, now=LATER, step=1) == before - 1
        order.refresh_from_db()
        assert (order.erased_total, order.finished_at) == (before, LATER)
        assert what_is_due(now=LATER).total == 0

    def test_leaves_what_came_back_into_use_meanwhile(self, world: World) -> None:
        phone = phone_of(world)
        over(world)
        order = allowed(world)
        world.enrol(world.people[AN])
        assert erase(order_id=order.pk, now=LATER) == 0
        phone.refresh_from_db()
        assert reveal_phone(phone) == "0912345678"


class TestAfterwards:
    def test_nobody_is_told_by_a_number_that_is_gone_until_a_new_one_is_recorded(self, world: World) -> None:
        phone = phone_of(world)
        over(world)
        erase(order_id=allowed(world).pk, now=LATER)
        maker = world.staff["MAKER", "971"]
        with pytest.raises(PhoneUnreadable, match="đã xóa"):
            set_opt_out(beneficiary_id=phone.beneficiary_id, wants_none=False, actor=maker, now=LATER)
        phone_of(world, number="0987654321")
        set_opt_out(beneficiary_id=phone.beneficiary_id, wants_none=False, actor=maker, now=LATER)
        phone.refresh_from_db()
        assert reveal_phone(phone) == "0987654321"


class TestTheCommand:
    def test_shows_orders_allows_and_erases(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        phone_of(world)
        over(world)
        monkeypatch.setattr("payments.management.commands.erase_overdue.database_now", lambda: LATER)
        said = StringIO()
        call_command("erase_overdue", stdout=said)
        call_command(
            "erase_overdue", "order", document="12/QĐ-SNV", actor=world.staff["RELEASER", "97"].username, stdout=said
        )
        order = ErasureOrder.objects.get()
        with pytest.raises(CommandError, match="chưa được người thứ hai"):
            call_command("erase_overdue", "run", str(order.pk))
        call_command(
            "erase_overdue", "approve", str(order.pk), actor=world.staff["CHECKER", "97"].username, stdout=said
        )
        call_command("erase_overdue", "run", str(order.pk), stdout=said)
        call_command("erase_overdue", stdout=said)
        told = said.getvalue()
        assert "1 số điện thoại (0 của người không muốn nhận tin, 1 của người không còn hưởng)" in told
        assert f"Lệnh {order.pk}: đã xóa 1 số điện thoại" in told
        assert "đồng ý, đã xóa 1 trên 1 số" in told
        assert "0912" not in told

    @pytest.mark.parametrize("given", [("run",), ("order", "3"), ("approve", "99")])
    def test_says_what_is_missing(self, given: tuple[str, ...], world: World) -> None:
        with pytest.raises(CommandError):
            call_command("erase_overdue", *given, actor=world.staff["CHECKER", "97"].username)
