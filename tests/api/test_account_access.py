"""Who may do what with accounts where: every address × role inside the scope, and nothing exists outside it (I13)."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from rest_framework.test import APIClient

from beneficiaries.api.account_urls import urlpatterns
from beneficiaries.models import AccountChange, PayeeRelation, RegistrationSlip
from tests.api.world import NOW, World

ROLES = ["COMMUNE_OFFICER", "MAKER", "CHECKER", "RELEASER", "LEADER", "AUDITOR"]
NOBODY_BUT_MAKER = [403, 200, 403, 403, 403, 403]
# 400: may, but the body lacks a file; 409: may, and a rule says no.
EXPECTED: dict[str, tuple[str, list[int]]] = {
    "api-accounts": ("GET", [200, 200, 200, 403, 403, 200]),
    "api-account": ("GET", [200, 200, 200, 403, 403, 200]),
    "api-account-close": ("POST", [200, 200, 403, 403, 403, 403]),
    "api-account-name": ("POST", [403, 403, 409, 403, 403, 403]),
    "api-account-changes": ("GET", [200, 200, 200, 403, 403, 200]),
    "api-change-approve": ("POST", [403, 403, 200, 403, 403, 403]),
    "api-change-refuse": ("POST", [403, 403, 200, 403, 403, 403]),
    "api-account-flags": ("GET", [200, 200, 200, 403, 403, 200]),
    "api-slip-form": ("GET", [200, 200, 403, 403, 403, 403]),
    "api-slips": ("POST", [201, 201, 403, 403, 403, 403]),
    "api-slip-scan": ("POST", [400, 400, 403, 403, 403, 403]),
    "api-payees": ("POST", [201, 201, 403, 403, 403, 403]),
    "api-payee-end": ("POST", [200, 200, 403, 403, 403, 403]),
    "api-payee-paper": ("GET", [409, 409, 409, 403, 403, 409]),  # none was kept: test_kept_papers.py
    "api-papers": ("GET", [200, 200, 200, 403, 403, 200]),
    "api-openings-people": ("GET", [200, 200, 200, 403, 403, 200]),
    "api-openings-hamlets": ("GET", [200, 200, 200, 403, 403, 200]),
    "api-openings-visits": ("GET", [200, 200, 200, 403, 403, 200]),
    "api-visits-look": ("POST", [415, 415, 403, 403, 403, 403]),  # a form with a file: test_home_visits.py
    "api-visits-take": ("POST", [400, 400, 403, 403, 403, 403]),
    "api-visits-reasons": ("POST", [400, 400, 403, 403, 403, 403]),
    "api-openings-need": ("POST", NOBODY_BUT_MAKER),
    "api-openings-request": ("POST", [403, 409, 403, 403, 403, 403]),
    "api-openings-file": ("POST", [403, 409, 403, 403, 403, 403]),
    "api-lookup-slips": ("POST", [200, 200, 403, 403, 403, 403]),
    "api-lookup-slip": ("POST", [200, 200, 403, 403, 403, 403]),
    "api-lookup-slip-off": ("POST", [200, 200, 403, 403, 403, 403]),
    "api-coverage": ("GET", [200, 200, 200, 200, 200, 200]),
    "api-account-funnel": ("GET", [200, 200, 200, 200, 200, 200]),
}
BODIES: dict[str, dict[str, object]] = {
    "api-account-close": {"reason": "ACCOUNT_CLOSED", "note": "Đã đóng ở ngân hàng"},
    "api-account-name": {"note": "Xem căn cước"},
    "api-change-refuse": {"note": "Không đúng người"},
    "api-slips": {"method": "CASH", "signed_on": "2024-08-01", "signer_kind": "OWN", "signer_name": "Trần Văn Ân"},
    "api-payees": {
        "kind": "AUTHORISED",
        "full_name": "Trần Thị Con",
        "paper_number": "12/CT",
        "certified_by": "UBND xã Phước Thuận",
        "valid_from": "2024-01-01",
        "valid_until": "2099-01-01",
    },
    "api-lookup-slips": {"unit": "97101"},
    "api-payee-end": {"reason": "REVOKED", "on": "2024-08-01"},
}
QUERY = {"api-coverage": "?on=2024-08-31&by=sex", "api-account-funnel": "?on=2024-08-31"}
MULTIPART = {"api-slip-scan"}
OF_ONE_OBJECT = [p.name for p in urlpatterns if "<int:" in str(p.pattern)]
CASES = [(n, r, s) for n, (_, statuses) in EXPECTED.items() for r, s in zip(ROLES, statuses, strict=True)]
Client = Callable[[str, str], APIClient]


@pytest.fixture
def world(same_world: World) -> World:
    return same_world


@pytest.fixture
def ids(world: World) -> dict[str, dict[str, int]]:
    """For one person of each district: account, change, slip, payee, person."""
    found = {}
    for name, district in (("Trần Văn Ân", "971"), ("Ngô Văn Cường", "972")):
        person, maker = world.people[name], world.staff["MAKER", "97"]
        old = person.accounts.get()
        new = world.open_account(person, f"66601{district}")
        change = AccountChange.objects.create(old_account=old, new_account=new, requested_by=maker, requested_at=NOW)
        slip = RegistrationSlip.objects.create(
            beneficiary=person, method="ACCOUNT", account=new, signed_on=date(2024, 7, 1), signer_kind="OWN",
            signer_name=name, recorded_by=maker, recorded_at=NOW,
        )  # fmt: skip
        payee = PayeeRelation.objects.create(
            beneficiary=person, kind="CARER", full_name="Lê Thị Ba", name_key="lethiba",
            valid_from=date(2024, 1, 1), recorded_by=maker, recorded_at=NOW,
        )  # fmt: skip
        found[district] = {
            "account_id": old.pk,
            "change_id": change.pk,
            "slip_id": slip.pk,
            "payee_id": payee.pk,
            "beneficiary_id": person.pk,
        }
    return found


def call(client: APIClient, name: str, ids: dict[str, int]) -> int:
    route = next(str(pattern.pattern) for pattern in urlpatterns if pattern.name == name)
    for key, pk in ids.items():
        route = route.replace(f"<int:{key}>", str(pk))
    address, method = f"/api/{route}{QUERY.get(name, '')}", EXPECTED[name][0]
    if name in MULTIPART:
        return client.post(address, {"unit": ""}, format="multipart").status_code
    body = b"" if method == "GET" else json.dumps(BODIES.get(name, {})).encode()
    return client.generic(method, address, body, content_type="application/json").status_code


def test_the_table_names_every_address() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(EXPECTED)


@pytest.mark.parametrize(("name", "role", "status"), CASES)
def test_inside_the_scope_the_role_decides(
    name: str, role: str, status: int, ids: dict[str, dict[str, int]], as_staff: Client
) -> None:
    assert call(as_staff(role, "971"), name, ids["971"]) == status


@pytest.mark.parametrize("role", ["COMMUNE_OFFICER", "MAKER", "CHECKER", "AUDITOR"])
@pytest.mark.parametrize("name", OF_ONE_OBJECT)
def test_outside_the_scope_nothing_exists(
    name: str, role: str, ids: dict[str, dict[str, int]], as_staff: Client
) -> None:
    client = as_staff(role, "971")
    theirs = call(client, name, ids["972"])
    assert theirs == call(client, name, dict.fromkeys(ids["972"], 999_999))
    assert theirs in (403, 404)


@pytest.mark.parametrize("name", EXPECTED)
def test_nobody_gets_in_without_log_in(name: str, ids: dict[str, dict[str, int]]) -> None:
    assert call(APIClient(), name, ids["971"]) in (401, 403)


@pytest.mark.parametrize(
    "by", ["district", "commune", "hamlet", "programme", "category", "sex", "age", "bank", "holder"]
)
def test_a_leader_sees_no_group_under_five(by: str, world: World, as_staff: Client) -> None:
    rows = as_staff("LEADER", "971").get(f"/api/coverage/?on=2024-08-31&by={by}").json()
    assert [row["key"] for row in rows] == ["KHAC"]


def test_a_unit_elsewhere_does_not_exist(world: World, as_staff: Client) -> None:
    assert as_staff("MAKER", "971").get("/api/coverage/?on=2024-08-31&by=sex&unit=972").status_code == 404


def test_answers_hold_no_number(ids: dict[str, dict[str, int]], as_staff: Client) -> None:
    client = as_staff("MAKER", "971")
    for address in ("/api/accounts/", f"/api/accounts/{ids['971']['account_id']}/", "/api/account-changes/"):
        said = client.get(address).content.decode()
        assert "7101" in said
        assert "5550197101" not in said
