"""A synthetic cycle made by SQL: one person and everything that belongs to one, copied as often as asked."""

from datetime import date

from django.db import connection
from django.db.models import Model

from banks.transfers import Transfers
from beneficiaries.models import AccountNumber, BankAccount, Beneficiary, Decision, Enrolment
from beneficiaries.services.numbers import keep_account_numbers
from payments.services.signing.sign import release
from staff.bulk import refresh_statistics
from tests.payments.province import BANK_BIN, Province

NUMBERS_AT_ONCE = 50_000


def fill(province: Province, *, people: int, commune: str, prefix: int) -> None:
    """`people` with a verified account and a granted enrolment in `commune`; `prefix` keeps their account numbers apart."""
    enrolment = province.enrol(province.person(commune=commune))
    account = province.open_account(enrolment.beneficiary)
    decision = Decision.objects.get(enrolment=enrolment)
    copies = people - 1
    persons = _copy(Beneficiary, enrolment.beneficiary_id, copies, {})
    enrolments = _copy(
        Enrolment, enrolment.pk, copies, {"beneficiary_id": f"{persons} + n - 1", "code": f"'HS-B{prefix}-' || n"}
    )
    _copy(Decision, decision.pk, copies, {"enrolment_id": f"{enrolments} + n - 1", "number": f"'QĐ-B{prefix}-' || n"})
    _copy_accounts(account, persons=persons, copies=copies, prefix=prefix)
    refresh_statistics(Beneficiary, Enrolment, Decision, AccountNumber, BankAccount)


def sign_and_release(province: Province, month: date, *, bank: Transfers) -> None:
    """All three sign all lists of a month; no payment is read into memory."""
    ids = province.approve_lists(month)
    release(batch_ids=ids, actor=province.staff["RELEASER"], now=province.clock(), bank=bank)


def _copy_accounts(account: BankAccount, *, persons: int, copies: int, prefix: int) -> None:
    for start in range(0, copies, NUMBERS_AT_ONCE):
        numbers = [f"{prefix}{n:09d}" for n in range(start, min(start + NUMBERS_AT_ONCE, copies))]
        kept = keep_account_numbers((BANK_BIN, number) for number in numbers)
        ids = [kept[BANK_BIN, number] for number in numbers]
        _copy(
            BankAccount,
            account.pk,
            len(numbers),
            {"beneficiary_id": f"{persons + start} + n - 1", "number_id": "(%s::bigint[])[n]"},
            [ids],
        )


def _copy(
    model: type[Model], template: int, copies: int, changes: dict[str, str], values: list[object] | None = None
) -> int:
    """Insert `copies` rows like row `template`, columns in `changes` computed from n = 1, 2 …; return the first id."""
    if copies < 1:
        return 0
    table = model._meta.db_table
    with connection.cursor() as cursor:  # in the database: a million numbers would be the peak of our memory
        cursor.execute(
            "SELECT min(id) FROM (SELECT nextval(pg_get_serial_sequence(%s, 'id')) AS id FROM generate_series(1, %s)) x",
            [table, copies],
        )
        first: int = cursor.fetchone()[0]
    columns = [field.column for field in model._meta.concrete_fields]
    chosen = {"id": f"{first} + n - 1", **changes}
    selected = ", ".join(chosen.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {selected} FROM {table} t, generate_series(1, {copies}) n "
            f"WHERE t.id = {template}",
            values or None,
        )
    return first
