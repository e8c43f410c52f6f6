"""What clerks and accountants do with providers, grants and rules through the API: the whole way, and who may not."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from rest_framework.test import APIClient

from beneficiaries.models import AgeChange, Exclusion, IdentityRecord, TopUpRate
from beneficiaries.services.numbers import keep_identity_numbers
from payments.models import Cycle, PayingPoint, Payment, ProviderTemplate
from staff.models import HistoryRow
from tests.api.world import NOW, World
from tests.payments.test_cash_lists import workbook

ROLES = ["COMMUNE_OFFICER", "MAKER", "CHECKER", "RELEASER", "LEADER", "AUDITOR"]
Client = Callable[[str, str], APIClient]
TEMPLATE = {
    "channel": "CASH",
    "columns": [{"field": "payment", "heading": "Mã"}, {"field": "name", "heading": "Họ tên"}, {"field": "amount", "heading": "Tiền"}],
    "words": {"PAID": ["Đã phát"]},
}  # fmt: skip
POINT = {"unit": "97101", "name": "Bưu cục xã", "opens": "05–10/8"}
ORDER = {"number": "80/NQ-CP", "signer": "Nguyễn Văn Chủ, Chủ tịch UBND", "signed_on": "2024-07-10", "month": "2024-10"}
GRANT = {"code": "QUA-2-9", "name": "Quà", "amount": 100_000, "budget_source": "Ngân sách trung ương", "order": ORDER}
RULES = {
    "exclusions": {
        "programme": "TCXH", "other_programme": "HTXH", "together": False, "valid_from": "2024-09-01", "legal_source": "NĐ 1",
    },
    "top-ups": {
        "category": "CT-80", "amount": 50_000, "budget_source": "Tỉnh", "valid_from": "2024-09-01", "known_on": "2024-08-01", "legal_source": "NQ 1",
    },
    "ages": {"category": "CT-60", "age": 70, "next_category": "CT-80"},
}  # fmt: skip


def post(client: APIClient, path: str, body: object) -> int:
    return client.post(f"/api/{path}", body, format="json").status_code


def _refusals(client: APIClient, path: str, foreign: object, unknown: object) -> list[int]:
    """Status for a unit of others and for one there is not; but for the code that was sent the two answers are one."""
    answers = [client.post(f"/api/{path}", body, format="json") for body in (foreign, unknown)]
    said = [re.sub(r"\b97\d{3}\b", "…", answer.content.decode()) for answer in answers]
    assert said[0] == said[1]
    return [answer.status_code for answer in answers]


class TestProviders:
    def test_the_province_keeps_forms_and_the_district_its_points(self, world: World, as_staff: Client) -> None:
        province = as_staff("CHECKER", "97")

        assert post(province, "providers/", {"code": "BUU-DIEN", "name": "Bưu điện"}) == 200
        assert post(province, "providers/BUU-DIEN/templates/", TEMPLATE) == 200
        assert post(as_staff("CHECKER", "971"), "providers/BUU-DIEN/templates/", TEMPLATE) == 403
        assert post(as_staff("MAKER", "971"), "providers/BUU-DIEN/points/", POINT) == 200
        other = as_staff("MAKER", "972")
        assert _refusals(other, "providers/BUU-DIEN/points/", POINT, {**POINT, "unit": "97109"}) == [400, 400]
        assert [
            len(as_staff("AUDITOR", unit).get("/api/providers/BUU-DIEN/points/").json()) for unit in ("971", "972")
        ] == [1, 0]
        assert (ProviderTemplate.objects.count(), PayingPoint.objects.count()) == (1, 1)

    @pytest.mark.parametrize("role", ["COMMUNE_OFFICER", "RELEASER", "LEADER", "AUDITOR"])
    def test_others_keep_none(self, world: World, as_staff: Client, role: str) -> None:
        assert post(as_staff(role, "97"), "providers/", {"code": "BUU-DIEN", "name": "Bưu điện"}) == 403

    def test_a_form_that_can_not_be_used_says_what_is_wrong(self, world: World, as_staff: Client) -> None:
        province = as_staff("CHECKER", "97")
        post(province, "providers/", {"code": "BUU-DIEN", "name": "Bưu điện"})

        columns = [{"field": "identity", "heading": "CCCD"}]
        answer = province.post(
            "/api/providers/BUU-DIEN/templates/", {"channel": "CASH", "columns": columns}, format="json"
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "TEMPLATE_UNUSABLE")
        assert "identity" in answer.json()["conflicts"]


@pytest.fixture
def cash(world: World) -> Payment:
    """A payment on a cash list of 971, in draft."""
    batch = world.add_list("971", cycle=Cycle.objects.get(), channel="CASH")
    return world.pay(batch, world.people["Trần Văn Ân"], account=None)


class TestResults:
    def test_a_list_in_draft_takes_no_answer_and_only_the_accountant_sends_one(
        self, world: World, as_staff: Client, cash: Payment
    ) -> None:
        def send(role: str, unit: str) -> int:
            file = SimpleUploadedFile("ket-qua.xlsx", workbook([cash.end_to_end_id, 750_000, "Đã nhận", "20/08/2024"]))
            url = f"/api/batches/{cash.batch_id}/results/"
            return as_staff(role, unit).post(url, {"file": file}, format="multipart").status_code

        assert [send(role, "971") for role in ROLES] == [403, 403, 409, 403, 403, 403]
        assert send("CHECKER", "972") == 404


class TestGrants:
    def test_go_to_people_households_and_newcomers_once(self, world: World, as_staff: Client) -> None:
        maker, ids = as_staff("MAKER", "97"), {name: person.pk for name, person in world.people.items()}
        body = {
            "order": ORDER,
            "people": [ids["Ngô Văn Cường"]],
            "households": [{"head": ids["Trần Văn Ân"], "members": [ids["Trần Văn Ân"], ids["Lê Thị Bình"]]}],
            "newcomers": [{"full_name": "Hồ Thị Lũ", "sex": "FEMALE", "unit": "97101", "birth_year": 1960}],
        }

        assert post(maker, "one-off/", GRANT) == 201
        answers = [maker.post("/api/one-off/QUA-2-9/people/", body, format="json").json() for _ in range(2)]
        none = {"granted": 0, "already": 4, "taken_back": 0, "amount": 0, "through_head": 0}
        assert answers == [none | {"granted": 4, "already": 0, "amount": 400_000, "through_head": 1}, none]

    def test_of_a_closed_month_are_refused_and_nobody_is_added(self, world: World, as_staff: Client) -> None:
        maker = as_staff("MAKER", "97")
        post(maker, "one-off/", GRANT)
        Cycle.objects.create(
            month=date(2024, 7, 1),
            listed_on=NOW,
            pay_on=NOW,
            built_at=NOW,
            closed_at=NOW,
            closed_by=world.staff["CHECKER", "97"],
        )
        late = {
            "order": {**ORDER, "month": "2024-07"},
            "newcomers": [{"full_name": "Hồ Thị Lũ", "sex": "FEMALE", "unit": "97101"}],
        }

        assert post(maker, "one-off/QUA-2-9/people/", late) == 409
        assert not world.people["Trần Văn Ân"].__class__.objects.filter(full_name="Hồ Thị Lũ").exists()

    def test_name_nobody_outside_the_reach(self, world: World, as_staff: Client) -> None:
        post(as_staff("MAKER", "97"), "one-off/", GRANT)
        body = {"order": ORDER, "people": [world.people["Ngô Văn Cường"].pk]}

        assert post(as_staff("MAKER", "971"), "one-off/QUA-2-9/people/", body) == 404

    def test_the_funeral_allowance_comes_once(self, world: World, as_staff: Client) -> None:
        person = world.people["Trần Văn Ân"]
        dead = person.pk
        body = {
            "code": "MTP-1",
            "organiser_name": "Lê Thị Lo",
            "sex": "FEMALE",
            "unit": "97101",
            "dead": dead,
            "order": ORDER,
        }
        officer = as_staff("COMMUNE_OFFICER", "97101")

        assert post(officer, "funeral-allowances/", body) == 409  # of whose death nobody knows
        number = keep_identity_numbers(["097142000001"])["097142000001"]
        person.identity = IdentityRecord.objects.create(
            number_id=number,
            full_name=person.full_name,
            name_key=person.name_key,
            sex="MALE",
            deceased_on=date(2024, 7, 10),
            unit=person.unit,
        )
        person.identity_status = "MATCHED"
        person.save()
        assert post(officer, "funeral-allowances/", body) == 201
        for again, named in (
            ("MTP-2", "MTP-1"),
            ("MTP-1", "MTP-1"),
        ):  # the one there is, whatever code the second would have
            said = officer.post("/api/funeral-allowances/", {**body, "code": again}, format="json")
            assert (said.status_code, said.json()["conflicts"]) == (409, [named])
            assert "Đã có hỗ trợ chi phí mai táng" in said.json()["sentence"] and named in said.json()["sentence"]
        assert post(as_staff("COMMUNE_OFFICER", "97102"), "funeral-allowances/", {**body, "unit": "97102"}) == 404

    def test_a_unit_outside_the_reach_is_as_unknown_as_one_there_is_not(self, world: World, as_staff: Client) -> None:
        post(as_staff("MAKER", "97"), "one-off/", GRANT)
        funeral = {
            "code": "MTP-1",
            "organiser_name": "Lê Thị Lo",
            "sex": "FEMALE",
            "dead": world.people["Trần Văn Ân"].pk,
            "order": ORDER,
        }
        newcomer = {"full_name": "Hồ Thị Lũ", "sex": "FEMALE"}
        foreign, unknown = "97201", "97209"

        assert _refusals(
            as_staff("COMMUNE_OFFICER", "97101"),
            "funeral-allowances/",
            {**funeral, "unit": foreign},
            {**funeral, "unit": unknown},
        ) == [400, 400]
        assert _refusals(
            as_staff("MAKER", "971"),
            "one-off/QUA-2-9/people/",
            *({"order": ORDER, "newcomers": [{**newcomer, "unit": unit}]} for unit in (foreign, unknown)),
        ) == [400, 400]


class TestRules:
    @pytest.mark.parametrize("rule", RULES)
    def test_are_set_by_the_province_s_accountant_alone(self, world: World, as_staff: Client, rule: str) -> None:
        assert [post(as_staff(role, "97"), f"rules/{rule}/", RULES[rule]) for role in ROLES] == [
            403,
            403,
            200,
            403,
            403,
            403,
        ]
        assert post(as_staff("CHECKER", "971"), f"rules/{rule}/", RULES[rule]) == 403

    @pytest.mark.parametrize("rule", ["exclusions", "top-ups"])
    def test_a_second_of_the_same_day_is_refused(self, world: World, as_staff: Client, rule: str) -> None:
        checker = as_staff("CHECKER", "97")

        assert [post(checker, f"rules/{rule}/", RULES[rule]) for _ in range(2)] == [200, 409]

    def test_are_kept_in_the_history_and_never_deleted(self, world: World, as_staff: Client) -> None:
        before = HistoryRow.objects.count()
        for rule, body in RULES.items():
            post(as_staff("CHECKER", "97"), f"rules/{rule}/", body)

        assert HistoryRow.objects.count() == before + 3
        for model in (Exclusion, TopUpRate, AgeChange):
            with pytest.raises(Exception, match="append-only"), transaction.atomic():
                model.objects.all().delete()
