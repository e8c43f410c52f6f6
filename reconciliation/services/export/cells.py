"""A value of the database as it stands in a workbook: labels instead of codes, names instead of ids that nobody knows, days as days."""

import json
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Field, ForeignKey, Model
from django.utils import timezone

from beneficiaries.models import ACCOUNT_NUMBER, IDENTITY_NUMBER
from reconciliation.services.export.tables import NAMED, Table
from staff.encryption import unseal

MOST_LETTERS = 32_767  # what a cell of Excel holds
LARGEST_WHOLE = 10**15  # beyond it Excel rounds
SHOWN_DIGITS = 4
PURPOSES = {
    "beneficiaries.IdentityNumber": IDENTITY_NUMBER,
    "beneficiaries.AccountNumber": ACCOUNT_NUMBER,
    "beneficiaries.Phone": "phone-number",
}
Cell = str | int | float | date | datetime | None
Reader = Callable[[Any], Cell]


def readers_of(table: Table, *, with_numbers: bool) -> list[tuple[str, str, Reader]]:
    """For each column of the workbook its heading, the database field it is read from, and how."""
    readers = [(column.heading, column.field.attname, _reader(column.field)) for column in table.columns]
    if table.numbers:
        readers.append((table.numbers, "sealed", _numbers_of(table.label, with_numbers=with_numbers)))
    return readers


def _reader(field: "Field[Any, Any]") -> Reader:
    if isinstance(field, ForeignKey) and field.related_model._meta.label in NAMED:
        names = _names(field.related_model)
        return lambda value: names.get(value, value)
    if field.choices:
        labels = {value: str(label) for value, label in field.flatchoices}
        return lambda value: labels.get(value, value)
    return _plain


def _names(model: type[Model]) -> dict[Any, str]:
    code, name = NAMED[model._meta.label]
    rows = model._default_manager.values_list("pk", code, name)
    return {pk: f"{first} – {second}" if second else str(first) for pk, first, second in rows}


def _plain(value: Any) -> Cell:
    if value is None or isinstance(value, float):
        return value
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, int):
        return value if abs(value) < LARGEST_WHOLE else str(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    if isinstance(value, date):
        return value if value.year >= 1900 else f"{value:%d/%m/%Y}"  # Excel has no day before
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 40]} … (cắt, cả thảy {len(text)} chữ)"


def _numbers_of(label: str, *, with_numbers: bool) -> Reader:
    purpose = PURPOSES.get(label, "")

    def read(sealed: Any) -> str:
        if not sealed:  # erased by two people
            return ""
        number = unseal(bytes(sealed), purpose=purpose).decode()
        return number if with_numbers else f"…{number[-SHOWN_DIGITS:]}"

    return read
