"""Build a file: the payments are SENT, and in this one file, before a byte of it can reach the bank."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction

from banks.iso20022.characters import Characters
from banks.iso20022.pain001 import MAX_TRANSFERS, FileHeader, check_pain001, write_pain001
from banks.transfers import Transfer
from beneficiaries.services.numbers import NumberUnreadable, reveal_account_number
from payments.models import PaymentFile
from payments.services.files.content import seal_content
from payments.services.sending.books import books_are_read
from payments.services.sending.succession import FREE_OF_DOUBT
from payments.services.sending.unreadable_numbers import hold_unreadable

_NEXT_LIST = """
SELECT b.id, cy.month, cy.pay_on, u.name, f.bank_account_id
FROM payments_paymentbatch b JOIN payments_cycle cy ON cy.id = b.cycle_id
JOIN payments_fundingaccount f ON f.id = b.funding_account_id JOIN staff_administrativeunit u ON u.id = b.paying_unit_id
WHERE b.status = 'RELEASED' AND NOT b.paused AND b.channel = 'ACCOUNT' AND f.sends_by = 'FILE' AND b.id > %(after)s
  AND NOT EXISTS (SELECT 1 FROM payments_frozenlist z WHERE z.batch_id = b.id)
ORDER BY b.id LIMIT 1 FOR SHARE OF b
"""
# A list of a million is passed over once, not once per file: first the ordinals right behind the last file; where nothing of those may go,
# whatever may. So only a file's own orders are joined and sorted, not all that waits, for each of twenty files.
_ORDERS = f"""
SELECT p.id, p.ordinal, p.end_to_end_id, p.attempt, p.amount, p.payee_name, a.bank_bin, n.sealed, n.digest
FROM payments_payment p
JOIN beneficiaries_bankaccount a ON a.id = p.bank_account_id JOIN beneficiaries_accountnumber n ON n.id = a.number_id
WHERE p.batch_id = %(batch)s AND p.ordinal > %(behind)s AND p.ordinal <= %(until)s AND p.status = 'READY' AND p.hold_code = ''
  AND (p.lease_until IS NULL OR p.lease_until < %(now)s) AND {FREE_OF_DOUBT}
ORDER BY p.ordinal LIMIT %(limit)s FOR UPDATE OF p SKIP LOCKED
"""
_ALL = 2**31 - 1  # the highest ordinal there can be
_CLAIM = """
UPDATE payments_payment SET status = 'SENT', cause = 'CLAIM', status_at = %s, first_used_at = %s, inconclusive_at = NULL,
       lease_until = NULL, lease_by = '', file_id = %s
WHERE id = ANY(%s::bigint[]) AND batch_id = %s
"""


@dataclass(frozen=True)
class _List:
    """The list a file is built of."""

    pk: int
    month: date
    pay_on: date
    payer: str
    financial_account: str

    @property
    def description(self) -> str:
        """What the payee reads beside the money."""
        return f"Tro cap thang {self.month:%m/%Y}"


class _Row(NamedTuple):
    """One order as it is kept; `sealed` and `digest` of the account number."""

    id: int
    ordinal: int
    end_to_end_id: str
    attempt: int
    amount: int
    payee_name: str
    bank_bin: str
    sealed: bytes
    digest: bytes


def build_next_file(*, now: datetime, limit: int = MAX_TRANSFERS, characters: Characters) -> PaymentFile | None:
    """A file of up to `limit` READY payments of the first list that has some, or None when no list has any.

    Lists are those released, not paused, of funding accounts that send by file. Ten workers build ten different files. A payment whose
    sealed account number can't be told is held, and a person looks. None, too, while restored books were not read against the bank's.
    """
    after = 0
    while books_are_read():
        with transaction.atomic():
            batch = _next_list(after)
            if batch is None:
                return None
            file = _build(batch, now=now, limit=limit, characters=characters)
        if file is not None:
            return file
        after = batch.pk
    return None


def _next_list(after: int) -> _List | None:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_LIST, {"after": after})
        row = cursor.fetchone()
    return None if row is None else _List(*row)


def _build(batch: _List, *, now: datetime, limit: int, characters: Characters) -> PaymentFile | None:
    rows = _lock_orders(batch, now=now, limit=limit)
    ordinals: list[int] = []
    transfers: list[Transfer] = []
    unreadable: dict[str, list[int]] = {}
    description = batch.description
    for row in rows:
        try:
            transfers.append(_order(row, batch, description))
            ordinals.append(row.ordinal)
        except NumberUnreadable as error:
            unreadable.setdefault(error.code, []).append(row.id)
    hold_unreadable(unreadable, now=now)
    if not transfers:
        return None
    header = FileHeader(
        message_id=f"AS{now:%Y%m%d}{secrets.token_hex(10).upper()}",
        created_at=now,
        execute_on=batch.pay_on,
        debtor_name=batch.payer,
        financial_account=batch.financial_account,
        count=len(transfers),
        total=sum(transfer.amount for transfer in transfers),
        characters=characters,
    )
    content = "".join(write_pain001(header, transfers)).encode()
    check_pain001(content)
    file = PaymentFile.objects.create(
        batch_id=batch.pk,
        message_id=header.message_id,
        status_at=now,
        count=header.count,
        total=header.total,
        first_ordinal=min(ordinals),
        last_ordinal=max(ordinals),
        digest=hashlib.sha256(content).digest(),
        sealed=seal_content(content),
        built_at=now,
    )
    with connection.cursor() as cursor:
        ids = ",".join(str(transfer.payment_id) for transfer in transfers)  # a list is written number by number, slowly
        cursor.execute(_CLAIM, [now, now, file.pk, f"{{{ids}}}", batch.pk])
    return file


def _lock_orders(batch: _List, *, now: datetime, limit: int) -> list[_Row]:
    files = PaymentFile.objects.filter(batch_id=batch.pk).order_by("-last_ordinal")
    last = files.values_list("last_ordinal", flat=True).first() or 0
    for behind, until in ((last, last + limit), (0, _ALL)):
        with connection.cursor() as cursor:
            cursor.execute(_ORDERS, {"batch": batch.pk, "behind": behind, "until": until, "now": now, "limit": limit})
            rows = [_Row._make(row) for row in cursor.fetchall()]
        if rows:
            return rows
    return []


def _order(row: _Row, batch: _List, description: str) -> Transfer:
    """The order. Raises `NumberUnreadable` for an account number that can't be told."""
    return Transfer(
        end_to_end_id=row.end_to_end_id,
        attempt=row.attempt,
        amount=row.amount,
        financial_account=batch.financial_account,
        bank_bin=row.bank_bin,
        account_number=reveal_account_number(row.sealed, bank_bin=row.bank_bin, digest=row.digest),
        holder_name=row.payee_name,
        description=description,
        payment_id=row.id,
    )
