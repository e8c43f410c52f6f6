"""Residents are looked for on a page, without a script and without a name in an address; each look-up is kept with its purpose."""

import pytest

from beneficiaries.models import CandidateLookup, IdentityRecord
from beneficiaries.services.numbers import keep_identity_numbers
from staff.models import AdministrativeUnit
from tests.api.world import World
from tests.pages.forms import Browse, Browser

NUMBER = "097042000611"


@pytest.fixture
def town(world: World) -> World:
    """Somebody nobody has a file of yet, and their namesake in another commune."""
    numbers = keep_identity_numbers({NUMBER, "097042000612"})
    for number, unit in ((NUMBER, "97101"), ("097042000612", "97201")):
        IdentityRecord.objects.create(
            number_id=numbers[number], full_name="Phan Thị Lụa", name_key="phanthilua", birth_date="1942-09-05", birth_year=1942, sex="FEMALE",
            unit=AdministrativeUnit.objects.get(code=unit), hamlet="Thôn 3",
        )  # fmt: skip
    return world


def find(client: Browser, **typed: str) -> str:
    return client.post("/dan-cu/tim/", {"purpose": "NEW_FILE", **typed}, follow=True).content.decode()


class TestOnAPage:
    def test_shows_who_is_meant_with_what_speaks_for_it(self, town: World, browse: Browse) -> None:
        said = find(browse("COMMUNE_OFFICER", "97101"), name="phan thi lua", birth="5/9/1942")

        assert "1 người có thể phù hợp" in said and "Phan Thị Lụa" in said and "Thôn 3" in said
        assert "rất giống" in said and "họ tên trùng, khác dấu; ngày sinh trùng" in said

    def test_is_kept_with_purpose_and_who_was_shown(self, town: World, browse: Browse) -> None:
        find(browse("COMMUNE_OFFICER", "97101"), name="Phan Thị Lụa", purpose="SOLVE_CASE")

        kept = CandidateLookup.objects.get()
        assert (kept.purpose, kept.shown) == ("SOLVE_CASE", [IdentityRecord.objects.get(unit__code="97101").pk])

    def test_keeps_no_number_on_the_page_or_in_the_address(self, town: World, browse: Browse) -> None:
        client = browse("COMMUNE_OFFICER", "97101")
        answer = client.post("/dan-cu/tim/", {"purpose": "NEW_FILE", "number": NUMBER}, follow=True)

        said, address = answer.content.decode(), str(answer.redirect_chain)
        assert "Phan Thị Lụa" in said and "số định danh trùng" in said
        assert NUMBER not in said and NUMBER not in address and "Lua" not in address

    def test_is_not_seen_by_who_is_sent_the_address(self, town: World, browse: Browse) -> None:
        answer = browse("COMMUNE_OFFICER", "97101").post(
            "/dan-cu/tim/", {"purpose": "NEW_FILE", "name": "Phan Thị Lụa"}
        )

        assert "Phan Thị Lụa" not in browse("MAKER", "97").get(answer["Location"]).content.decode()

    def test_says_what_to_write_when_nobody_is_found(self, town: World, browse: Browse) -> None:
        assert (
            "Không tìm thấy ai" in (said := find(browse("COMMUNE_OFFICER", "97101"), name="Ph"))
            and "đủ 12 chữ số" in said
        )

    def test_asks_for_a_unit_of_the_own_reach(self, town: World, browse: Browse) -> None:
        client = browse("COMMUNE_OFFICER", "97101")
        answer = client.post("/dan-cu/tim/", {"purpose": "NEW_FILE", "name": "Phan Thị Lụa", "unit": "97201"})

        assert answer.status_code == 404 and not CandidateLookup.objects.exists()

    @pytest.mark.parametrize("role", ["AUDITOR", "CHECKER"])
    def test_is_for_who_may_look_for_residents(self, role: str, town: World, browse: Browse) -> None:
        client = browse(role, "971")
        assert (
            client.get("/dan-cu/").status_code
            == client.post("/dan-cu/tim/", {"name": "Phan Thị Lụa"}).status_code
            == 403
        )

    def test_leads_back_to_the_record_one_came_from(self, town: World, browse: Browse) -> None:
        client, person = browse("COMMUNE_OFFICER", "97101"), town.people["Trần Văn Ân"]
        record = f"/nguoi-huong/{person.pk}/ho-so/"
        assert f"/dan-cu/?purpose=CORRECT_FILE&amp;from_person={person.pk}" in client.get(record).content.decode()

        assert f'href="{record}"' in find(client, name="Phan Thị Lụa", from_person=str(person.pk))
        assert "from_person" not in find(client, name="Phan Thị Lụa", from_person="1/../x")
