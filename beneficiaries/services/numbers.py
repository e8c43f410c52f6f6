"""Keep numbers once, sealed; hand out the ids other tables point with."""

from collections.abc import Hashable, Iterable
from typing import ClassVar, TypeVar

from cryptography.exceptions import InvalidTag

from beneficiaries.models import ACCOUNT_NUMBER, IDENTITY_NUMBER, AccountNumber, BankAccount, IdentityNumber
from staff.bulk import copy_rows, draw_ids
from staff.encryption import seal, search_digest, unseal

Key = TypeVar("Key", bound=Hashable)
UNREADABLE = "????"
NOT_OPENED = "không mở được số đã lưu"
"""What a paper says in the place of a number nobody can open, so that everybody else on it is still listed."""


def keep_identity_numbers(numbers: Iterable[str]) -> dict[str, int]:
    """Ids of the rows that keep these numbers; new ones are sealed and added."""
    by_digest = {search_digest(number, purpose=IDENTITY_NUMBER): number for number in numbers}
    return _keep(IdentityNumber, by_digest, plain=by_digest, purpose=IDENTITY_NUMBER)


def keep_account_numbers(accounts: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Ids of the rows that keep these (bank BIN, account number) pairs; new ones are sealed and added."""
    by_digest = {account_digest(bank_bin=bank_bin, number=number): (bank_bin, number) for bank_bin, number in accounts}
    return _keep(
        AccountNumber,
        by_digest,
        plain={digest: account[1] for digest, account in by_digest.items()},
        purpose=ACCOUNT_NUMBER,
    )


def account_digest(*, bank_bin: str, number: str) -> bytes:
    """The digest by which an account is found: the same number at two banks is two accounts."""
    return search_digest(f"{bank_bin}:{number}", purpose=ACCOUNT_NUMBER)


class NumberUnreadable(Exception):
    """A sealed number that can't be told; `code` says why, as a payment held for it says."""

    code: ClassVar[str]


class NumberAltered(NumberUnreadable):
    """It is not the one its digest stands for: it was put there by other hands than the application's."""

    code = "account_number_altered"


class NumberKeyMissing(NumberUnreadable):
    """It names a key that is not among ours: the key was lost or not given to this process, or somebody altered the name."""

    code = "account_key_missing"


def reveal_account_number(sealed: bytes | memoryview, *, bank_bin: str, digest: bytes | memoryview) -> str:
    """The account number in clear: for the bank and for a right holder's screen, never for a log. Raises `NumberAltered`, `NumberKeyMissing`."""
    try:
        number = unseal(bytes(sealed), purpose=ACCOUNT_NUMBER).decode()
    except InvalidTag as error:
        raise NumberAltered from error
    except KeyError as error:
        raise NumberKeyMissing from error
    if account_digest(bank_bin=bank_bin, number=number) != bytes(digest):
        raise NumberAltered
    return number


def last_four_of(account: BankAccount) -> str:
    """The last four digits of an account: all that screens, receipts and messages show; "" while it has no number yet.

    `UNREADABLE` of one nobody can open: whatever else a page or a message says is still said.
    """
    if account.number is None:
        return ""
    return last_four(account.number.sealed, bank_bin=account.bank_bin, digest=account.number.digest)


def last_four(sealed: bytes | memoryview, *, bank_bin: str, digest: bytes | memoryview) -> str:
    """The same of a number as it is kept."""
    try:
        return reveal_account_number(sealed, bank_bin=bank_bin, digest=digest)[-4:]
    except NumberUnreadable:
        return UNREADABLE


def reveal_identity_number(sealed: bytes | memoryview, *, digest: bytes | memoryview) -> str:
    """The identification number in clear: for whoever asks about it, never for a log. Raises `NumberAltered`, `NumberKeyMissing`."""
    try:
        number = unseal(bytes(sealed), purpose=IDENTITY_NUMBER).decode()
    except InvalidTag as error:
        raise NumberAltered from error
    except KeyError as error:
        raise NumberKeyMissing from error
    if search_digest(number, purpose=IDENTITY_NUMBER) != bytes(digest):
        raise NumberAltered
    return number


def identity_number_of(number: IdentityNumber) -> str:
    """The same as a page, a list or a file shows it; `UNREADABLE` of one nobody can open: the others are still said."""
    return shown_identity_number(number.sealed, digest=number.digest)


def shown_identity_number(sealed: bytes | memoryview, *, digest: bytes | memoryview) -> str:
    """The same of a number as it is kept."""
    try:
        return reveal_identity_number(sealed, digest=digest)
    except NumberUnreadable:
        return UNREADABLE


def listed_account_number(sealed: bytes | memoryview, *, bank_bin: str, digest: bytes | memoryview) -> str:
    """The account number as a list prints it: in clear, or the words of `NOT_OPENED`."""
    try:
        return reveal_account_number(sealed, bank_bin=bank_bin, digest=digest)
    except NumberUnreadable:
        return NOT_OPENED


def listed_identity_number(sealed: bytes | memoryview, *, digest: bytes | memoryview) -> str:
    """The identification number as a list prints it: in clear, or the words of `NOT_OPENED`."""
    try:
        return reveal_identity_number(sealed, digest=digest)
    except NumberUnreadable:
        return NOT_OPENED


def _keep(
    model: type[IdentityNumber] | type[AccountNumber],
    by_digest: dict[bytes, Key],
    *,
    plain: dict[bytes, str],
    purpose: str,
) -> dict[Key, int]:
    ids = _ids(model, list(by_digest))
    # In one order: two lists at once wait, and don't deadlock.
    missing = sorted(digest for digest in by_digest if digest not in ids)
    if missing:
        rows = zip(
            draw_ids(model, len(missing)),
            missing,
            (seal(plain[digest].encode(), purpose=purpose) for digest in missing),
            strict=True,
        )
        copy_rows(model._meta.db_table, ("id", "digest", "sealed"), rows)
        ids = _ids(model, list(by_digest))
    return {key: ids[digest] for digest, key in by_digest.items()}


def _ids(model: type[IdentityNumber] | type[AccountNumber], digests: list[bytes]) -> dict[bytes, int]:
    return {bytes(digest): pk for pk, digest in model.objects.filter(digest__in=digests).values_list("id", "digest")}
