"""Record a signed registration slip: cash, or an account that must be confirmed, and approved by a second person if it replaces one in use."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from beneficiaries.errors import AlreadyTheAccount, ScanRefused, SlipInvalid, UnknownBank, WrongSigner
from beneficiaries.linkage.holder_names import SAME, compare_holder
from beneficiaries.models import AccountChange, BankAccount, Beneficiary, PayeeKind, RegistrationSlip, SlipScan
from beneficiaries.parsers.values import tidy_name
from beneficiaries.services.accounts.account_cases import open_account_cases
from beneficiaries.services.accounts.banks import PROVIDERS, WALLETS, number_at
from beneficiaries.services.accounts.change_account import begin_change
from beneficiaries.services.accounts.check_holders import expected_holder
from beneficiaries.services.numbers import keep_account_numbers
from beneficiaries.services.receiving.payees import may_sign
from beneficiaries.states import WITHOUT_NUMBER, AccountCause, AccountStatus
from staff.encryption import seal
from staff.models import User
from staff.rights import Right, require
from staff.services.photographs import without_place

SCAN = "slip-scan"
MAX_SCAN_BYTES = 5 * 1024 * 1024
MAGIC = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n": "image/png"}


@dataclass(frozen=True)
class NamedAccount:
    """The account a slip or a list names: BIN, number, the holder's name as written there, and whose it is."""

    bank_bin: str
    number: str
    holder_name: str
    holder_kind: str = PayeeKind.OWN
    opened_on: date | None = None


@dataclass(frozen=True)
class Registered:
    """The slip; the account it names; the change a second person must approve, if it replaces an account in use."""

    slip: RegistrationSlip
    account: BankAccount | None
    change: AccountChange | None


@transaction.atomic
def register_slip(
    *,
    beneficiary: Beneficiary,
    method: str,
    account: NamedAccount | None,
    signed_on: date,
    signer_kind: str,
    signer_name: str,
    actor: User,
    now: datetime,
) -> Registered:
    """Record the slip. Cash withdraws what was still to be opened; an account waits for the bank's word, and for approval if it is a change.

    Raises `WrongSigner`, `SlipInvalid`, `UnknownBank`, `AlreadyTheAccount`, `ChangeAlreadyPending`, `NotAllowed`.
    """
    require(actor, Right.MANAGE_ACCOUNTS, unit=beneficiary.unit)
    if (method == RegistrationSlip.Method.ACCOUNT) != (account is not None) or signed_on > timezone.localdate(now):
        raise SlipInvalid
    if sentence := may_sign(
        beneficiary=beneficiary,
        signer_kind=signer_kind,
        on=signed_on,
        signs_from_age=settings.SIGNS_FROM_AGE,
        signer_name=signer_name,
    ):
        raise WrongSigner(sentence)
    kept = change = None
    if account is not None:
        kept = name_account(
            beneficiary=beneficiary, named=account, source=BankAccount.Source.SLIP, on=signed_on, actor=actor, now=now
        )
        change = begin_change(account=kept, actor=actor, now=now)
    slip = RegistrationSlip.objects.create(
        beneficiary=beneficiary,
        method=method,
        account=kept,
        signed_on=signed_on,
        signer_kind=signer_kind,
        signer_name=tidy_name(signer_name),
        recorded_by=actor,
        recorded_at=now,
    )
    BankAccount.objects.filter(beneficiary=beneficiary, status__in=WITHOUT_NUMBER).apply(
        AccountCause.WITHDRAW, now=now, on=signed_on, actor=actor, note="theo phiếu đăng ký", closed_on=signed_on
    )
    return Registered(slip=slip, account=kept, change=change)


def name_account(
    *, beneficiary: Beneficiary, named: NamedAccount, source: str, on: date, actor: User, now: datetime
) -> BankAccount:
    """The account as a person or a list names it: OPENED, and not used before the bank confirms its holder. Inside a transaction.

    Raises `UnknownBank`, `SlipInvalid`, `AlreadyTheAccount` when it is the one in use.
    """
    digits = number_at(named.bank_bin, named.number.replace(" ", ""))
    if named.bank_bin not in PROVIDERS:
        raise UnknownBank
    if digits is None and named.bank_bin in WALLETS:
        raise SlipInvalid("Số ví, tiền di động là số điện thoại 10 chữ số, bắt đầu bằng 0.")
    if digits is None:
        raise SlipInvalid("Số tài khoản có từ 4 đến 34 chữ số.")
    number_id = keep_account_numbers([(named.bank_bin, digits)])[named.bank_bin, digits]
    known = BankAccount.objects.filter(beneficiary=beneficiary, number=number_id).first()
    if known is not None:
        if known.status == AccountStatus.CLOSED:
            raise SlipInvalid("Tài khoản này đã đóng; mời đăng ký tài khoản khác.")
        if AccountChange.objects.filter(old_account=known, status="APPROVED").exists():
            return known
        raise AlreadyTheAccount
    account = BankAccount(
        beneficiary=beneficiary,
        number_id=number_id,
        bank_bin=named.bank_bin,
        holder_name=tidy_name(named.holder_name),
        holder_kind=named.holder_kind,
        source=source,
        status=AccountStatus.OPENED,
        cause=AccountCause.REGISTER,
        status_at=now,
        status_on=on,
        changed_by=actor,
        opened_on=named.opened_on,
        note="",
    )
    check = compare_holder(named.holder_name, expected_holder(account, on=on))
    account.name_verdict, account.name_score = check.verdict, check.score
    account.reason = "ACCOUNT_PENDING" if check.verdict == SAME else "NAME_MISMATCH"
    account.save(force_insert=True)
    if check.verdict != SAME:  # the bank is asked about names that fit; of another name somebody is
        open_account_cases(evidence_of={beneficiary.pk: list(check.reasons)}, reason="NAME_MISMATCH", now=now)
    return account


@transaction.atomic
def attach_scan(*, slip: RegistrationSlip, content: bytes, actor: User, now: datetime) -> SlipScan:
    """Keep the scanned slip, sealed whole; its kind is read from its bytes. Raises `ScanRefused`, `NotAllowed`."""
    require(actor, Right.MANAGE_ACCOUNTS, unit=slip.beneficiary.unit)
    kind = next((kind for magic, kind in MAGIC.items() if content.startswith(magic)), None)
    if kind is None or len(content) > MAX_SCAN_BYTES:
        raise ScanRefused
    try:
        with transaction.atomic():
            return SlipScan.objects.create(
                slip=slip,
                content_type=kind,
                sealed=seal(without_place(content), purpose=SCAN),
                received_by=actor,
                received_at=now,
            )
    except IntegrityError as error:
        raise ScanRefused from error
