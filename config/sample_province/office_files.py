"""What the labour offices, the reviewers and the post send: decisions, reviews, unclaimed sums, who does not come."""

from pathlib import Path

import numpy as np

from config.sample_province.categories import OLD_STANDARD
from config.sample_province.province import World
from config.sample_province.signers import signer_of
from config.sample_province.workbooks import Cell, write_table

DECISION_HEADINGS = (
    "Mã hồ sơ hưởng",
    "Loại quyết định",
    "Số quyết định",
    "Ngày quyết định",
    "Hiệu lực từ tháng",
    "Lý do",
    "Người ký",
)
REVIEW_HEADINGS = ("Mã hồ sơ hưởng", "Kết quả", "Số định danh đúng", "Mã hồ sơ trùng", "Căn cứ", "Ngày rà soát")
UNCLAIMED_HEADINGS = ("Mã hồ sơ hưởng", "Tháng", "Số tiền", "Lý do")
STOP, SUSPEND = "Thôi hưởng", "Tạm dừng"
_NOT_COME = ("Chưa đến nhận", "Đi vắng", "Ốm, chưa đi nhận được")


def write_decisions(*, world: World, out: Path) -> None:
    """`decisions/2024-MM.xlsx` takes effect from the month after MM."""
    for folder in (6, 7, 8):
        rows: list[list[Cell]] = []
        for _, enrolment in world.rows():
            ending = enrolment.ending
            if ending is not None and ending.month == folder + 1:
                kind = SUSPEND if ending.suspends else STOP
                signed = f"{ending.signed_on:%d/%m/%Y}"
                signer = signer_of(world.province.communes[enrolment.commune])
                effective = f"{ending.month:02d}/2024"
                rows.append([enrolment.code, kind, ending.number, signed, effective, ending.reason, signer])
        write_table(
            out / "decisions" / f"2024-{folder:02d}.xlsx", name="Quyết định", headings=DECISION_HEADINGS, rows=rows
        )


def write_reviews(*, world: World, out: Path) -> None:
    """`reviews/ra_soat_2024-MM.xlsx` answers the rows of the registries of MM."""
    for folder in (6, 7, 8):
        rows: list[list[Cell]] = []
        for _, enrolment in world.rows():
            review = enrolment.review
            if review is not None and enrolment.folder == folder:
                reviewed = f"{review.reviewed_on:%d/%m/%Y}"
                rows.append(
                    [enrolment.code, review.result, review.number, review.duplicate_of, review.ground, reviewed]
                )
        path = out / "reviews" / f"ra_soat_2024-{folder:02d}.xlsx"
        write_table(path, name="Kết quả rà soát", headings=REVIEW_HEADINGS, rows=rows)


def write_unclaimed(*, world: World, out: Path) -> None:
    """June money the post still holds, at June's rates."""
    rng = np.random.default_rng([world.quotas.seed, 6])
    rows: list[list[Cell]] = []
    for _, enrolment in world.rows():
        if enrolment.june_unclaimed:
            reason = _NOT_COME[int(rng.integers(len(_NOT_COME)))]
            rows.append([enrolment.code, "06/2024", enrolment.category.amount(OLD_STANDARD), reason])
    write_table(out / "unclaimed" / "2024-06.xlsx", name="Chưa nhận", headings=UNCLAIMED_HEADINGS, rows=rows)


def write_cash_script(*, world: World, out: Path) -> None:
    """`cash/khong_den_nhan.csv`: who does not come to the cash point in which month."""
    lines = ["ma_ho_so,month"]
    for _, enrolment in world.rows():
        lines += [f"{enrolment.code},2024-{month:02d}" for month in sorted(enrolment.uncollected)]
    path = out / "cash" / "khong_den_nhan.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
