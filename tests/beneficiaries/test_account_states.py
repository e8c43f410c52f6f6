"""Accounts move by cause as one table says; the database holds the same table, keeps every change and lets nobody rewrite it."""

from datetime import date
from itertools import product

import pytest
from django.db import Error, IntegrityError, connection, transaction

from beneficiaries.models import AccountEvent, BankAccount
from beneficiaries.services.numbers import keep_account_numbers
from beneficiaries.states import (
    ACCOUNT_TRANSITIONS,
    CHANGE_TRANSITIONS,
    OPENING_TRANSITIONS,
    WITHOUT_NUMBER,
    AccountCause,
    AccountStatus,
)
from tests.beneficiaries.office_files import person
from tests.beneficiaries.offices import NOW, TODAY, Offices, the_person

EVERY_MOVE = [(s, c, t) for s, c, t in product(AccountStatus, AccountCause, AccountStatus) if s != t]
ALLOWED = {(source, cause, target) for (source, cause), target in ACCOUNT_TRANSITIONS.items()}


@pytest.fixture
def offices_with_a_person(offices: Offices) -> Offices:
    offices.receive(person())
    return offices


def make(status: str, **changes: object) -> BankAccount:
    number = (
        None if status in WITHOUT_NUMBER else keep_account_numbers([("970405", "5550100009")])["970405", "5550100009"]
    )
    values = {"bank_bin": "970405", "source": "SLIP", "number_id": number, "status_at": NOW, **changes}
    return BankAccount.objects.create(beneficiary=the_person(), status=status, **values)


def move(account: BankAccount, *, cause: str, to: str) -> None:
    """In plain SQL, with whatever number the state asks for, so that only the move itself can be wrong."""
    with connection.cursor() as cursor:
        if account.number_id is None and to not in WITHOUT_NUMBER:
            number = keep_account_numbers([("970405", "5550100010")])["970405", "5550100010"]
        else:
            number = account.number_id
        cursor.execute(
            "UPDATE beneficiaries_bankaccount SET status = %s, cause = %s, number_id = %s WHERE id = %s",
            [to, cause, number, account.pk],
        )


class TestTheTables:
    @pytest.mark.parametrize(
        ("table", "columns", "rows"),
        [
            ("beneficiaries_account_transition", "source, cause, target", ALLOWED),
            ("beneficiaries_change_transition", "source, target", CHANGE_TRANSITIONS),
            ("beneficiaries_opening_transition", "source, target", OPENING_TRANSITIONS),
        ],
    )
    def test_are_the_databases_own(self, db: None, table: str, columns: str, rows: set[tuple[str, ...]]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {table}")
            assert set(cursor.fetchall()) == {tuple(str(cell) for cell in row) for row in rows}

    def test_every_other_move_is_refused(self, offices_with_a_person: Offices) -> None:
        wrong = []
        for source, cause, target in EVERY_MOVE:
            with transaction.atomic():
                account = make(source)
                try:
                    with transaction.atomic():
                        move(account, cause=cause, to=target)
                    moved = True
                except IntegrityError as error:
                    moved = False
                    assert "account may not move" in str(error) or "account_to_open_has_no_number" in str(error)
                transaction.set_rollback(True)
            if moved != ((source, cause, target) in ALLOWED):
                wrong.append((source, cause, target))
        assert wrong == []


class TestHistory:
    def test_keeps_who_when_and_why_of_every_change(self, offices_with_a_person: Offices) -> None:
        account = make("OPENED", status_on=date(2024, 6, 1))
        maker = offices_with_a_person.maker
        BankAccount.objects.apply(AccountCause.VERIFY, now=NOW, on=TODAY, actor=maker, note="đã gọi", verified_on=TODAY)
        BankAccount.objects.filter(pk=account.pk).update(last_credited_month=date(2024, 6, 1))

        kept = AccountEvent.objects.filter(account=account).order_by("id")
        assert list(kept.values_list("cause", "status", "effective_on", "changed_by", "note")) == [
            ("REGISTER", "OPENED", date(2024, 6, 1), None, ""),
            ("VERIFY", "VERIFIED", TODAY, maker.pk, "đã gọi"),
        ]

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE beneficiaries_accountevent SET status = 'CLOSED'",
            "DELETE FROM beneficiaries_accountevent",
            "INSERT INTO beneficiaries_accountevent (account_id, cause, status, reason, holder_kind, effective_on, recorded_at, note) "
            "SELECT id, 'VERIFY', 'VERIFIED', '', 'OWN', now(), now(), '' FROM beneficiaries_bankaccount",
            "DELETE FROM beneficiaries_bankaccount",
            "UPDATE beneficiaries_account_transition SET target = 'VERIFIED'",
        ],
    )
    def test_is_not_the_applications_to_write(self, offices_with_a_person: Offices, statement: str) -> None:
        make("OPENED")
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


class TestRules:
    def test_a_number_is_set_once(self, offices_with_a_person: Offices) -> None:
        account = make("OPENED")
        other = keep_account_numbers([("970405", "5550100011")])["970405", "5550100011"]
        with pytest.raises(IntegrityError, match="changed account"), transaction.atomic():
            BankAccount.objects.filter(pk=account.pk).update(number=other)

    @pytest.mark.parametrize("status", ["OPENED", "VERIFIED"])
    def test_an_account_at_the_bank_has_a_number(self, offices_with_a_person: Offices, status: str) -> None:
        with pytest.raises(IntegrityError, match="has_a_number"), transaction.atomic():
            make(status, number_id=None)

    def test_a_person_has_one_account_to_open(self, offices_with_a_person: Offices) -> None:
        make("NEEDED")
        with pytest.raises(IntegrityError, match="one_account_to_open"), transaction.atomic():
            make("REFUSED")

    def test_only_a_closed_account_has_a_last_day(self, offices_with_a_person: Offices) -> None:
        with pytest.raises(IntegrityError, match="last_day"), transaction.atomic():
            make("OPENED", closed_on=TODAY)
