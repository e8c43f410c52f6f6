"""A day is written 21/11/2026 on every page and every machine, and whatever is no day is refused at its field and kept."""

import re
from pathlib import Path

import pytest
from django.http import QueryDict
from django.template import Context, Template

from payments.models import TopUp
from staff.pages.typed import read_days
from staff.templatetags.writing import DAYS, day_input, rate
from tests.api.world import World
from tests.pages.forms import Browse

TEMPLATES = [
    path for room in ("staff", "beneficiaries", "payments", "reconciliation") for path in Path(room).rglob("*.html")
]
TOP_UP = {"reference": "KB-1", "amount": "1.000.000", "document": "LCT 1"}


def read(typed: str) -> str:
    return str(read_days(QueryDict(f"signed_on={typed}"))["signed_on"])


class TestReading:
    @pytest.mark.parametrize("typed", ["03/04/2026", "3/4/2026", "03-04-2026", "03.04.2026", "03042026", "2026-04-03"])
    def test_the_day_comes_before_the_month(self, typed: str) -> None:
        assert read(typed) == "2026-04-03"

    @pytest.mark.parametrize(
        "typed", ["31/02/2026", "00/01/2026", "04/13/2026", "3/4/26", "30426", "mai", "03/04/0026", "20260403", "3/4"]
    )
    def test_what_is_no_day_stays_as_it_was_typed(self, typed: str) -> None:
        assert read(typed) == typed

    def test_other_fields_are_not_looked_at(self) -> None:
        given = QueryDict("document=03/04/2026&booked_on=03/04/2026&booked_on=04/04/2026")
        assert read_days(given).getlist("booked_on") == ["2026-04-03", "2026-04-04"]
        assert read_days(given)["document"] == "03/04/2026"


class TestShowing:
    def test_as_people_write_it_or_as_they_typed_it(self) -> None:
        assert 'value="03/04/2026"' in day_input("signed_on", value="2026-04-03")
        assert 'value="31/02/2026"' in day_input("signed_on", value="31/02/2026")
        assert 'value="31/02/2026"' in day_input("signed_on", value="2026-02-31")
        assert "&lt;b&gt;" in day_input("signed_on", value="<b>")

    def test_stands_in_the_form_that_was_sent_and_in_no_other(self) -> None:
        assert 'id="on-7"' in day_input("on", row=7) and 'value=""' in day_input("on", row=7, value="2026-04-03")
        assert 'value=""' in day_input("on", row=7, sent=8, value="2026-04-03")
        assert 'value="03/04/2026"' in day_input("on", row=7, sent="7", value="2026-04-03")

    def test_every_day_of_every_page_is_this_field(self) -> None:
        found = {path: path.read_text() for path in TEMPLATES}
        assert [str(path) for path, text in found.items() if 'type="date"' in text] == []
        used = {name for text in found.values() for name in re.findall(r'{% day_input "(\w+)"', text)}
        assert used == DAYS
        assert [
            str(path)
            for path, text in found.items()
            for name in DAYS
            if f'name="{name}"' in text and f'type="hidden" name="{name}"' not in text
        ] == []

    def test_a_name_nobody_reads_as_a_day_is_a_fault_of_ours(self) -> None:
        with pytest.raises(ValueError, match="birth"):
            Template('{% load writing %}{% day_input "birth" %}').render(Context())


class TestOnPages:
    PAGE = "/kinh-phi/TK-971/cap/"

    def test_a_form_takes_it_and_its_refusal_leads_to_the_field_with_what_was_typed(
        self, world: World, browse: Browse
    ) -> None:
        checker = browse("CHECKER", "971")
        said = checker.post(self.PAGE, TOP_UP | {"booked_on": "31/02/2024"})
        shown = said.content.decode()
        assert said.status_code == 400 and 'href="#booked_on-TK-971"' in shown and "mời ghi như 21/11/2026" in shown
        assert 'value="31/02/2024"' in shown
        checker.post(self.PAGE, TOP_UP | {"booked_on": "3/4/2024"})
        assert f"{TopUp.objects.get().booked_on}" == "2024-04-03"

    def test_a_question_in_an_address_takes_it_too(self, world: World, browse: Browse) -> None:
        said = browse("CHECKER", "97").get("/so-lieu/?span=MONTH&on=31/08/2024")
        assert said.status_code == 200 and 'value="31/08/2024"' in said.content.decode()

    def test_a_day_the_page_fills_in_is_written_for_people(self, world: World, browse: Browse) -> None:
        shown = browse("MAKER", "97").get("/lap-danh-sach/2024-09/").content.decode()
        assert re.search(r'name="listed_on" value="\d\d/\d\d/2024"', shown)


@pytest.mark.parametrize(("kept", "written"), [("2.50", "2,5"), ("20.00", "20"), ("1.00", "1"), ("0.75", "0,75")])
def test_a_coefficient_is_written_with_a_comma(kept: str, written: str) -> None:
    assert rate(kept) == written
