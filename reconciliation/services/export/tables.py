"""What is handed over: every table of ours, each column with the heading people read, and in words what is left out and why."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import BigIntegerField, BinaryField, Field, ForeignKey, Model

APPS = ("staff", "beneficiaries", "payments", "reconciliation")
LEFT_OUT = {
    "staff.Kept": "kết quả xem tạm, tự xóa sau 30 phút",
    "staff.DataKey": "khóa dữ liệu đã bọc: không giao cùng dữ liệu, giữ cùng bản sao lưu cơ sở dữ liệu",
}
# No record of anything: what opens doors, or holds a row for a moment.
SECRETS = frozenset({"password", "session_key", "lease_by", "lease_until"})
# Numbers stand in a column of their own, in clear or cut to the last four digits.
NUMBERS = {
    "beneficiaries.IdentityNumber": "Số định danh cá nhân",
    "beneficiaries.AccountNumber": "Số tài khoản",
    "beneficiaries.Phone": "Số điện thoại",
}
# What of a table is sealed and no number: papers and rows as they came in. It stays in the database and is counted in the manifest.
SEALED = (
    "bản quét, tệp và dòng gốc đã niêm phong, mã tìm kiếm: không thành cột Excel; giữ cùng bản sao lưu cơ sở dữ liệu"
)
# Sums of đồng that are added up and compared; other whole numbers are counts and places.
MONEY = frozenset({"amount", "standard_amount", "monthly_ceiling", "opening", "closing", "carried", "handed_out", "returned", "total"})  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column of a workbook: where its value comes from, and its heading."""

    field: "Field[Any, Any]"
    heading: str

    @property
    def money(self) -> bool:
        return isinstance(self.field, BigIntegerField) and self.field.name in MONEY


@dataclass(frozen=True)
class Table:
    """One table as it is handed over; `numbers` is the heading of the column of numbers, if it keeps any; `sealed` what is not written."""

    label: str
    title: str
    model: type[Model]
    columns: tuple[Column, ...]
    numbers: str
    sealed: tuple[str, ...]

    @property
    def stem(self) -> str:
        """How its files are named: `payments-posting`."""
        return self.label.lower().replace(".", "-")


@lru_cache(maxsize=2)
def words_of(name: str) -> dict[str, str]:
    """A file of `staff/data` with two columns."""
    path = Path(apps.get_app_config("staff").path) / "data" / name
    with path.open(newline="", encoding="utf-8") as lines:
        return {row[0]: row[1] for row in list(csv.reader(lines))[1:]}


def tables() -> Iterator[Table]:
    """Every table but those of `LEFT_OUT`, in the order of the apps. Raises KeyError for one nobody has named."""
    titles, headings = words_of("export-tables.csv"), words_of("export-headings.csv")
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            label = model._meta.label
            if label in LEFT_OUT:
                continue
            fields = [field for field in model._meta.concrete_fields if field.name not in SECRETS]
            yield Table(
                label=label,
                title=titles[label],
                model=model,
                columns=tuple(
                    Column(field, _heading(field, headings)) for field in fields if not isinstance(field, BinaryField)
                ),
                numbers=NUMBERS.get(label, ""),
                sealed=tuple(field.name for field in fields if isinstance(field, BinaryField)),
            )


def _heading(field: "Field[Any, Any]", headings: dict[str, str]) -> str:
    said = headings[field.name]
    if isinstance(field, ForeignKey) and field.related_model._meta.label not in NAMED:
        return f"{said} (mã số)"
    return said


# What is told by name instead of by its number: few rows, and everybody knows them so.
NAMED = {
    "staff.User": ("username", "full_name"),
    "staff.AdministrativeUnit": ("code", "name"),
    "beneficiaries.Programme": ("code", "name"),
    "beneficiaries.BenefitCategory": ("code", "name"),
}
