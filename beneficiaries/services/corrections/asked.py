"""What somebody asks to have corrected, read as lists are read and held against the record as it stands. Writes nothing."""

from dataclasses import dataclass, field
from datetime import date

from beneficiaries.errors.corrections import CorrectionImpossible
from beneficiaries.linkage.names import name_key
from beneficiaries.models import Beneficiary, Correction, Sex
from beneficiaries.parsers.values import BirthDate, read_birth, read_identity_number, tidy_name
from beneficiaries.services.numbers import keep_identity_numbers
from staff.services.free_text import without_numbers

LONGEST_NAME, LONGEST_HAMLET = 100, 60


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Fields as typed; None leaves one as it is. An empty `number` says that the number kept is nobody's."""

    full_name: str | None = field(default=None, repr=False)
    birth: str | None = field(default=None, repr=False)
    sex: str | None = field(default=None, repr=False)
    hamlet: str | None = field(default=None, repr=False)
    number: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class ProvingPaper:
    """The paper that was looked at; `kind` is a `CorrectionPaper`. The number of a card is its holder's: it is kept as "…001"."""

    kind: str
    number: str
    issued_on: date
    issuer: str


def drawn_up(person: Beneficiary, *, asked: Asked, paper: ProvingPaper, today: date) -> Correction:
    """A correction of `person`, not kept yet; what is asked but stands so already is left out. Raises `CorrectionImpossible`."""
    if paper.issued_on > today:
        raise CorrectionImpossible("Ngày cấp giấy tờ ở sau ngày hôm nay.")
    correction = Correction(
        beneficiary=person,
        full_name_before=person.full_name,
        birth_date_before=person.birth_date,
        birth_year_before=person.birth_year,
        sex_before=person.sex,
        hamlet_before=person.hamlet,
        number_before_id=person.number_id,
        paper_kind=paper.kind,
        paper_number=without_numbers(paper.number),
        paper_issued_on=paper.issued_on,
        paper_issuer=without_numbers(paper.issuer),
    )
    _read_name_and_place(correction, asked)
    _read_birth(correction, asked, today=today)
    if asked.sex is not None and asked.sex != person.sex:
        correction.sex_after = Sex(asked.sex)
    _read_number(correction, asked)
    if not changed_fields(correction):
        raise CorrectionImpossible("Không có gì khác với hồ sơ hiện nay; mời ghi chỗ cần sửa.")
    return correction


def changed_fields(correction: Correction) -> list[str]:
    """Which fields it changes: full_name, birth, sex, number, hamlet."""
    changes = {
        "full_name": bool(correction.full_name_after),
        "birth": correction.birth_year_after is not None,
        "sex": bool(correction.sex_after),
        "number": correction.number_removed or correction.number_after_id is not None,
        "hamlet": bool(correction.hamlet_after),
    }
    return [name for name, changes_it in changes.items() if changes_it]


def corrected(person: Beneficiary, correction: Correction) -> Beneficiary:
    """`person` in memory as the correction makes them, without the keys that follow from a name."""
    if correction.full_name_after:
        person.full_name = correction.full_name_after
    if correction.birth_year_after is not None:
        person.birth_year, person.birth_date = correction.birth_year_after, correction.birth_date_after
    if correction.sex_after:
        person.sex = correction.sex_after
    if correction.hamlet_after:
        person.hamlet = correction.hamlet_after
    if correction.number_removed or correction.number_after_id is not None:
        person.number_id = correction.number_after_id
    return person


def _read_name_and_place(correction: Correction, asked: Asked) -> None:
    if asked.full_name is not None:
        name = tidy_name(asked.full_name)
        if not name_key(name) or len(name) > LONGEST_NAME:
            raise CorrectionImpossible("Họ và tên phải là tên người, không quá 100 ký tự.")
        correction.full_name_after = name if name != correction.full_name_before else ""
    if asked.hamlet is not None:
        hamlet = tidy_name(asked.hamlet)
        if not hamlet or len(hamlet) > LONGEST_HAMLET:
            raise CorrectionImpossible(
                "Thôn, tổ dân phố phải có tên, không quá 60 ký tự. Chuyển sang xã khác ghi bằng quyết định."
            )
        correction.hamlet_after = hamlet if hamlet != correction.hamlet_before else ""


def _read_birth(correction: Correction, asked: Asked, *, today: date) -> None:
    if asked.birth is None:
        return
    read: BirthDate | None = read_birth(asked.birth)
    if read is None or read.year > today.year or (read.full or today) > today:
        raise CorrectionImpossible("Ngày sinh ghi dạng 05/09/1942, hoặc chỉ năm sinh 1942, không sau ngày hôm nay.")
    if (read.year, read.full) != (correction.birth_year_before, correction.birth_date_before):
        correction.birth_year_after, correction.birth_date_after = read.year, read.full


def _read_number(correction: Correction, asked: Asked) -> None:
    if asked.number is None:
        return
    if not asked.number.strip():
        correction.number_removed = correction.number_before_id is not None
        return
    digits = read_identity_number(asked.number)
    if digits is None or len(digits) != 12:
        raise CorrectionImpossible("Số định danh cá nhân có 12 chữ số, như ghi trên thẻ căn cước.")
    kept = keep_identity_numbers([digits])[digits]
    correction.number_after_id = kept if kept != correction.number_before_id else None
