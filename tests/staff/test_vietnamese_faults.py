"""What a shape says of a field is Vietnamese: whatever sentence REST framework or a validator has, no clerk reads English."""

import inspect

import pytest
from django.core import validators
from django.utils import translation
from rest_framework import fields, relations, serializers

from config.environment import ROOT

CATALOGUE = ROOT / "staff/locale/vi/LC_MESSAGES"
NEVER_SHOWN = {"", "Enter a valid value."}


def sentences() -> list[tuple[str, str]]:
    """Where it stands, and the sentence as people read it."""
    found = []
    with translation.override("vi"):
        for module in (fields, relations, serializers):
            for name, kind in inspect.getmembers(module, inspect.isclass):
                for code, said in getattr(kind, "default_error_messages", {}).items():
                    found.append((f"{name}.{code}", str(said)))
        for name, kind in inspect.getmembers(validators, inspect.isclass):
            found.append((name, str(getattr(kind, "message", ""))))
    return found


def test_no_sentence_of_a_field_is_english() -> None:
    assert [one for one in sentences() if one[1].isascii() and one[1] not in NEVER_SHOWN] == []


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        (serializers.IntegerField(max_value=3), "9", "Không được lớn hơn 3."),
        (serializers.ChoiceField(choices=["A"]), "B", "“B” không phải một lựa chọn ở đây."),
        (serializers.DateField(), "mai", "Ngày không đọc được hoặc không có trong lịch; mời ghi như 2026-11-21."),
        (serializers.RegexField(r"^\d$"), "x", "Không đúng dạng phải ghi."),
    ],
)
def test_sentences_keep_their_figures(field: fields.Field, typed: str, said: str) -> None:
    with translation.override("vi"), pytest.raises(serializers.ValidationError) as refused:
        field.run_validation(typed)
    assert [str(one) for one in refused.value.detail] == [said]


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    said = [line for line in (CATALOGUE / "django.po").read_text().splitlines() if line.startswith("msgstr ")]
    compiled = (CATALOGUE / "django.mo").read_bytes().decode(errors="replace")
    missing = [line for line in said if line[8:-1].replace('\\"', '"') not in compiled]
    assert missing == []
