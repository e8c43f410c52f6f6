"""The communes' lists: three title rows, one heading row, people, a total; one workbook per commune and folder."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from config.sample_province.enrolling import age_on
from config.sample_province.people import Enrolment, Person, Relation
from config.sample_province.province import World
from config.sample_province.signers import signer_of
from config.sample_province.tellers import BANKS
from config.sample_province.workbooks import Cell, Sheet

HEADINGS = (
    "STT", "Mã hồ sơ hưởng", "Họ và tên", "Ngày sinh", "Giới tính", "Số định danh cá nhân/CMND", "Thôn, tổ dân phố",
    "Mã chính sách", "Mã nhóm", "Hệ số", "Số quyết định", "Ngày quyết định", "Người ký quyết định", "Hưởng từ tháng",
    "Đã chi trả đến hết tháng", "Người nhận thay", "Quan hệ", "Giấy ủy quyền đến ngày", "Số tài khoản đang nhận", "Ngân hàng", "Ghi chú",
)  # fmt: skip
_WIDTHS = (6, 15, 26, 12, 9, 20, 18, 11, 12, 8, 16, 14, 30, 13, 14, 26, 20, 16, 18, 13, 30)
_OLD_WARDS = ("Phước An", "Hòa Lợi", "Tân Hiệp", "Mỹ Đông", "Vĩnh Thuận")
OLD_WARD_NOTES = 0.03


def write_registries(*, world: World, out: Path) -> None:
    """`registries/2024-06` has every commune; the later folders only those that granted something."""
    rng = np.random.default_rng([world.quotas.seed, 5])
    granted = _grants(world, rng)
    by_file: dict[tuple[int, int], list[tuple[Person, Enrolment]]] = {}
    for person, enrolment in world.rows():
        by_file.setdefault((enrolment.folder, enrolment.commune), []).append((person, enrolment))
    for folder in (6, 7, 8):
        for index, commune in enumerate(world.province.communes):
            rows = by_file.get((folder, index), [])
            if not rows and folder != 6:
                continue
            comma = bool(rng.random() < 0.1)  # this commune types 1,5 as text
            path = out / "registries" / f"2024-{folder:02d}" / f"{commune.code}.xlsx"
            with Sheet(path, name="Danh sách", widths=_WIDTHS) as sheet:
                sheet.write([f"UBND {commune.name.upper()}"], bold=True)
                sheet.write(["", "", "DANH SÁCH ĐỐI TƯỢNG HƯỞNG CHÍNH SÁCH AN SINH XÃ HỘI HẰNG THÁNG"], bold=True)
                sheet.write(["", "", f"(Số liệu đến ngày 15/{folder:02d}/2024)" if rng.random() < 0.7 else ""])
                sheet.write(HEADINGS, bold=True)
                for nth, (person, enrolment) in enumerate(rows, start=1):
                    hamlet = world.province.hamlets[enrolment.commune][enrolment.hamlet]
                    sheet.write(
                        _row(nth, person, enrolment, hamlet, granted[enrolment.code], signer_of(commune), comma, rng)
                    )
                sheet.write(["", "", "Tổng cộng", f"{len(rows)} hồ sơ"], bold=True)


def _grants(world: World, rng: np.random.Generator) -> dict[str, tuple[str, date]]:
    """Number and date of the decision that granted each enrolment."""
    grants: dict[str, tuple[str, date]] = {}
    for person, enrolment in world.rows():
        if enrolment.starts == 6:
            age = age_on(person.born, date(2024, 6, 15))
            reached = max((low for low, _ in enrolment.category.ages if low <= age), default=0)
            first = max(person.born + timedelta(days=25 + round(reached * 365.25)), date(2012, 1, 3))
            days = max(1, (date(2024, 5, 10) - first).days)
            signed = first + timedelta(days=int(rng.integers(days)))
        else:
            signed = date(2024, enrolment.starts - 2, 16) + timedelta(days=int(rng.integers(30)))
        grants[enrolment.code] = (f"{int(rng.integers(10, 4000))}/QĐ-UBND", signed)
    return grants


def _row(
    nth: int,
    person: Person,
    enrolment: Enrolment,
    hamlet: str,
    grant: tuple[str, date],
    signer: str,
    comma: bool,
    rng: np.random.Generator,
) -> Sequence[Cell]:
    cells, category, (number, signed) = enrolment.cells, enrolment.category, grant
    assert cells is not None
    if enrolment.starts == 6:
        first = signed
        since = f"{first:%m/%Y}"
        paid_up_to = "05/2024" if enrolment.june_unclaimed else "06/2024"
    else:
        since, paid_up_to = f"{enrolment.starts:02d}/2024", ""
    account = person.account if enrolment.duplicate_of is None else None
    paid_into = account if account and account.paid_before else None
    coefficient = float(category.coefficient)
    until = person.payee.until if person.payee and enrolment.relation is Relation.AUTHORISED else None
    return (
        nth,
        enrolment.code,
        cells.name,
        cells.born,
        "Nữ" if person.female else "Nam",
        cells.number,
        hamlet,
        category.programme,
        category.printed,
        str(coefficient).replace(".", ",") if comma else coefficient,
        number,
        signed if rng.random() < 0.5 else f"{signed:%d/%m/%Y}",
        signer,
        since,
        paid_up_to,
        person.payee.name if person.payee else "",
        enrolment.relation.value,
        f"{until:%d/%m/%Y}" if until else "",
        paid_into.number if paid_into else "",
        BANKS[paid_into.bin] if paid_into else "",
        _note(enrolment, rng),
    )


def _note(enrolment: Enrolment, rng: np.random.Generator) -> str:
    chance = float(rng.random())
    if chance < OLD_WARD_NOTES:
        return f"Trước đây thuộc xã {_OLD_WARDS[int(rng.integers(len(_OLD_WARDS)))]}"
    if enrolment.june_unclaimed:
        return "Chưa nhận tháng 6"
    return "Mới hưởng" if enrolment.starts != 6 and chance < 0.5 else ""
