"""Hours of banks come from a file, whole or not at all."""

import pytest
from django.core.management import CommandError, call_command

from payments.models import BankHoliday, BankHours

HEAD = "bank_bin,weekday,opens_at,closes_at,holiday,name\n"


def read(tmp_path, rows: str) -> None:
    file = tmp_path / "gio.csv"
    file.write_text(HEAD + rows, encoding="utf-8")
    call_command("bank_hours", str(file))


def test_the_file_replaces_what_was_known(db, tmp_path):
    read(tmp_path, "970405,1,08:00,16:30,,\n,,,,2024-09-02,Quốc khánh\n")
    read(tmp_path, "970405,2,08:00,16:30,,\n,,,,2024-09-02,Quốc khánh\n")

    assert list(BankHours.objects.values_list("bank_bin", "weekday")) == [("970405", 1)]
    assert list(BankHoliday.objects.values_list("bank_bin", "name")) == [("", "Quốc khánh")]


@pytest.mark.parametrize("wrong", ["970405,8,08:00,16:30,,\n", "970405,1,17:00,16:30,,\n", "970405,x,08:00,16:30,,\n"])
def test_a_wrong_row_changes_nothing(db, tmp_path, wrong):
    read(tmp_path, "970405,1,08:00,16:30,,\n")

    with pytest.raises(CommandError):
        read(tmp_path, wrong)

    assert BankHours.objects.count() == 1
