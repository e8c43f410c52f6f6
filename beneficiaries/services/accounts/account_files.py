"""Lists about accounts, out and in: requests to a bank as a workbook, its answers back, and the accounts people registered on VNeID."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import xlsxwriter
from django.db import transaction
from django.utils import timezone

from banks.accounts import Opening, OpeningState
from beneficiaries.errors import AlreadyTheAccount, ChangeAlreadyPending, NothingForThisBank, SlipInvalid
from beneficiaries.models import AccountOpening, BankAccount, Beneficiary, ReceivedFile
from beneficiaries.parsers.account_lists import (
    RESULT_COLUMNS,
    VNEID_COLUMNS,
    OpeningRow,
    read_opening_results,
    read_vneid,
)
from beneficiaries.parsers.faults import about, of_row
from beneficiaries.services.accounts.banks import BANKS, WALLETS, account_fault, bank_bin_of, require_a_bank
from beneficiaries.services.accounts.change_account import begin_change
from beneficiaries.services.accounts.opening_templates import answer_forms, form_of
from beneficiaries.services.accounts.register_slip import NamedAccount, name_account
from beneficiaries.services.accounts.send_openings import KNOWN_BEFORE, open_account, refuse_openings
from beneficiaries.services.intake.lists import ListIntake
from beneficiaries.services.intake.receive import note_received, row_digest
from beneficiaries.services.numbers import identity_number_of, keep_identity_numbers
from beneficiaries.states import OpeningStatus
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require

NO_SUCH_REQUEST = about(
    RESULT_COLUMNS["request"], "không có đề nghị này trên địa bàn; mời giữ nguyên mã như tệp đã gửi."
)
TWO_ANSWERS = about(
    RESULT_COLUMNS["request"], "có hai kết quả khác nhau trong tệp này, chưa ghi kết quả nào; mời hỏi lại ngân hàng."
)
ANSWERED_OTHERWISE = about(
    RESULT_COLUMNS["request"], "đã có kết quả khác từ trước, vẫn giữ nguyên; mời hỏi lại ngân hàng."
)
OPENED_AFTER_TODAY = about(RESULT_COLUMNS["opened"], "ở sau hôm nay; mời kiểm tra lại ngày.")
NO_SUCH_BANK = about(
    VNEID_COLUMNS["bank"], "không có trong danh mục ngân hàng, ví; mời ghi tên thường dùng hoặc mã 6 số."
)
NO_WALLET_NUMBER = about(
    VNEID_COLUMNS["number"], "số ví, tiền di động là số điện thoại 10 chữ số; mời kiểm tra lại số."
)
NO_ACCOUNT_NUMBER = about(
    VNEID_COLUMNS["number"],
    "không phải số tài khoản (Excel hay đổi số dài thành dạng 9,8E+12); mời ghi đủ số, cột dạng văn bản.",
)
NOBODY = about(
    VNEID_COLUMNS["identity"],
    "chưa có người hưởng nào trên địa bàn được xác thực với số này; mời kiểm tra số, hoặc đối khớp trước rồi nạp lại.",
)

AFTER_TODAY = about(VNEID_COLUMNS["registered"], "ở sau hôm nay; mời kiểm tra lại ngày.")


@transaction.atomic
def export_openings(*, unit: AdministrativeUnit, bank_bin: str, actor: User, now: datetime) -> bytes:
    """The requests a file carries to the bank, in its own form with the columns for its answers. Repeating it gives the same requests.

    Raises `UnknownBank`, `NothingForThisBank`, `NotAllowed`.
    """
    require(actor, Right.REQUEST_ACCOUNTS, unit=unit)
    require_a_bank(bank_bin)
    mine = AccountOpening.objects.filter(
        way=AccountOpening.Way.FILE, bank_bin=bank_bin, account__beneficiary__unit__path__startswith=unit.path
    )
    mine.filter(status=OpeningStatus.READY).update(status=OpeningStatus.SENT, first_used_at=now)
    waiting = mine.filter(status=OpeningStatus.SENT).select_related(
        "account__beneficiary__identity__number", "account__beneficiary__unit"
    )
    if not waiting:
        raise NothingForThisBank(
            f"Không có đề nghị nào chờ gửi {BANKS[bank_bin]} bằng tệp ở {unit.name}; mời chọn người rồi “Đề nghị mở” bằng tệp trước, hoặc chọn ngân hàng khác."
        )
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "default_date_format": "dd/mm/yyyy"}
    )
    sheet = workbook.add_worksheet("Đề nghị mở tài khoản")
    form, bold = form_of(bank_bin), workbook.add_format({"bold": True, "text_wrap": True})
    sheet.write_string(0, 0, form.title, workbook.add_format({"bold": True}))
    sheet.write_row(2, 0, form.headings, bold)
    for position, opening in enumerate(waiting.order_by("pk"), start=1):
        values = _values(opening)
        for number, column in enumerate(form.columns):
            if column.field == "position":
                sheet.write_number(2 + position, number, position)
            else:
                sheet.write_string(2 + position, number, values.get(column.field, column.text))
    workbook.close()
    return stream.getvalue()


def _values(opening: AccountOpening) -> dict[str, str]:
    """What a form may say of one request, by its `FIELDS`."""
    person = opening.account.beneficiary
    identity = person.identity
    return {
        "request": opening.request_id,
        "name": person.full_name,
        "birth": f"{person.birth_date:%d/%m/%Y}" if person.birth_date else str(person.birth_year or ""),
        "sex": person.get_sex_display(),
        "number": identity_number_of(identity.number) if identity else "",
        "residence": f"{person.hamlet}, {person.unit.name}",
    }


@transaction.atomic
def import_opening_results(*, content: bytes, unit: AdministrativeUnit, actor: User, now: datetime) -> ListIntake:
    """What the bank answered to the file: each request is decided once, a bad row stops nothing. Raises `FileUnreadable`, `NotAllowed`."""
    require(actor, Right.REQUEST_ACCOUNTS, unit=unit)
    answers = read_opening_results(content, forms=answer_forms())
    rows = [row for row in answers if row.request_id or not row.problems]  # neither: a line of the form's foot
    openings = {
        opening.request_id: opening
        for opening in AccountOpening.objects.select_for_update(of=("self",))
        .filter(
            way=AccountOpening.Way.FILE,
            request_id__in=[row.request_id for row in rows],
            account__beneficiary__unit__path__startswith=unit.path,
        )
        .select_related("account__beneficiary", "requested_by")
    }
    said = _said_of(rows, openings=openings, today=timezone.localdate(now))
    problems = [of_row(row.row_number, sentence) for row in rows for sentence in said[row.row_number]]
    if _repeated(ReceivedFile.Kind.OPENINGS, [row_digest(row.raw) for row in rows], unit, actor, now, len(problems)):
        return ListIntake(rows=len(rows), applied=0, repeated=True)
    applied = 0
    # A request answered twice alike is answered once.
    for row in {row.request_id: row for row in reversed(rows) if not said[row.row_number]}.values():
        opening = openings[row.request_id]
        if opening.status != OpeningStatus.SENT:
            continue
        if not row.opened:
            applied += refuse_openings([opening.pk], refusal=row.reason or "không nêu lý do", now=now)
            continue
        state = OpeningState(
            bank_reference="",
            request_id=row.request_id,
            attempt=opening.attempt,
            status=Opening.OPENED,
            bank_bin=opening.bank_bin,
            account_number=row.number,
            holder_name=row.holder,
            opened_on=row.opened_on,
            refusal="",
            created_at=now,
        )
        applied += open_account(opening, state=state, now=now)
    return ListIntake(rows=len(rows), applied=applied, problems=problems)


def _said_of(
    rows: Sequence[OpeningRow], *, openings: Mapping[str, AccountOpening], today: date
) -> dict[int, list[str]]:
    """Per row why its answer is not taken; none where it is, or was before."""
    answers: dict[str, set[tuple[bool, str, str]]] = {}
    for row in rows:
        if not row.problems:
            answer = (True, row.number, row.holder) if row.opened else (False, "", "")
            answers.setdefault(row.request_id, set()).add(answer)
    said = {}
    for row in rows:
        opening = openings.get(row.request_id)
        said[row.row_number] = list(row.problems)
        if opening is None:
            said[row.row_number].append(NO_SUCH_REQUEST)
        elif len(answers.get(row.request_id, ())) > 1:
            said[row.row_number].append(TWO_ANSWERS)
        elif opening.refusal != KNOWN_BEFORE and opening.status == (
            OpeningStatus.REFUSED if row.opened else OpeningStatus.OPENED
        ):
            said[row.row_number].append(ANSWERED_OTHERWISE)
        if row.opened and row.opened_on and row.opened_on > today:
            said[row.row_number].append(OPENED_AFTER_TODAY)
    return said


@transaction.atomic
def import_vneid(*, content: bytes, unit: AdministrativeUnit, actor: User, now: datetime) -> ListIntake:
    """Accounts people registered on VNeID, found by identity numbers the population data confirmed.

    The first account of a person waits for the holder check only; one that would take the place of an account in use waits for a second
    person and the cooling-off besides. Raises `FileUnreadable`, `NotAllowed`.
    """
    require(actor, Right.IMPORT_ACCOUNTS, unit=unit)
    rows = list(read_vneid(content))
    ids = keep_identity_numbers({row.identity_number for row in rows if row.identity_number})
    people = {
        person.identity.number_id: person
        for person in Beneficiary.objects.filter(
            identity__number__in=ids.values(), unit__path__startswith=unit.path, same_as__isnull=True
        ).select_related("identity", "unit")
        if person.identity
    }
    problems, usable = [], []
    for row in rows:
        person = people.get(ids.get(row.identity_number, 0))
        bank = bank_bin_of(row.bank)
        fault = account_fault(bank=row.bank, number=row.number)
        said = list(row.problems)
        said += [NOBODY] if person is None and row.identity_number else []
        said += [] if bank else [NO_SUCH_BANK]
        if bank and fault:
            said += [NO_WALLET_NUMBER if bank in WALLETS else NO_ACCOUNT_NUMBER]
        said += [AFTER_TODAY] if row.registered_on and row.registered_on > timezone.localdate(now) else []
        problems += [of_row(row.row_number, sentence) for sentence in said]
        if not said and person is not None and bank is not None:
            usable.append((row, person, bank))
    if _repeated(ReceivedFile.Kind.VNEID, [row_digest(row.raw) for row in rows], unit, actor, now, len(problems)):
        return ListIntake(rows=len(rows), applied=0, repeated=True)
    applied = 0
    for row, person, bank in usable:
        named = NamedAccount(bank_bin=bank, number=row.number, holder_name=row.holder)
        try:
            with transaction.atomic():
                on = row.registered_on or timezone.localdate(now)
                account = name_account(
                    beneficiary=person, named=named, source=BankAccount.Source.VNEID, on=on, actor=actor, now=now
                )
                begin_change(account=account, actor=actor, now=now)
            applied += 1
        except AlreadyTheAccount:
            continue
        except (SlipInvalid, ChangeAlreadyPending) as refusal:
            problems.append(of_row(row.row_number, about(VNEID_COLUMNS["number"], refusal.sentence)))
    return ListIntake(rows=len(rows), applied=applied, problems=problems)


def _repeated(
    kind: str, digests: list[bytes], unit: AdministrativeUnit, actor: User, now: datetime, rejected: int
) -> bool:
    noted = note_received(kind=kind, digests=digests, unit=unit, actor=actor, now=now, rejected=rejected)
    return noted is None
