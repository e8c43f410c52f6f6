"""Funding accounts, rules, recoveries and findings through the API: one proposes, another in another role puts it in force."""

from datetime import date

import pytest

from beneficiaries.models import Decision
from payments.models import FundingAccount, Payment, SigningRule
from payments.services.learning.contradictions import note_contradictions
from tests.api.test_unknown_outcomes import paper
from tests.api.world import NOW, World

OPEN = {"code": "TK-97101", "unit": "97101", "bank_account_id": "fa_97101", "document": "12/QĐ"}
TOP_UP = {"reference": "CAP-1", "amount": 5_000_000, "booked_on": "2024-08-03", "document": "0815/LRDT"}


def test_an_account_is_opened_by_two_and_topped_up(world: World, as_staff):
    holder, accountant = as_staff("RELEASER", "971"), as_staff("CHECKER", "971")
    change = holder.post("/api/funding-accounts/", OPEN, format="json").data["id"]

    assert holder.post(f"/api/setting-changes/{change}/accept/").data["code"] == "CHANGE_NEEDS_ANOTHER"
    assert as_staff("CHECKER", "972").post(f"/api/setting-changes/{change}/accept/").status_code == 404
    assert accountant.post(f"/api/setting-changes/{change}/accept/").data["accepted"] is True
    assert accountant.post(f"/api/setting-changes/{change}/decline/").data["code"] == "CHANGE_DECIDED"
    made = accountant.post("/api/funding-accounts/TK-97101/top-ups/", TOP_UP, format="json").data
    assert (made["on_statement"], made["document"]) == (False, "0815/LRDT")
    assert as_staff("CHECKER", "972").get("/api/funding-accounts/TK-97101/top-ups/").status_code == 404

    rows = {row["code"]: row for row in accountant.get("/api/funding-accounts/").data["results"]}
    assert (set(rows), rows["TK-97101"]["awaited"]) == ({"TK-971", "TK-97101"}, 5_000_000)


@pytest.mark.parametrize("wrong", [{"amount": 0}, {"amount": 10**13}, {"reference": "a b"}, {"document": ""}])
def test_a_top_up_that_can_not_be_is_refused(world: World, as_staff, wrong):
    url = "/api/funding-accounts/TK-971/top-ups/"
    assert as_staff("CHECKER", "971").post(url, TOP_UP | wrong, format="json").status_code == 400


def test_an_account_with_a_list_is_not_closed(world: World, as_staff):
    answer = as_staff("CHECKER", "971").post(
        "/api/funding-accounts/TK-971/close/", {"document": "13/QĐ"}, format="json"
    )
    assert (answer.status_code, answer.data["code"]) == (409, "FUNDING_ACCOUNT_IN_USE")
    assert FundingAccount.objects.get(code="TK-971").closed_at is None


def test_a_signing_rule_is_proposed_seen_and_accepted(world: World, as_staff):
    rule = {
        "step": "COSIGNER",
        "title": "Phó Giám đốc",
        "from_amount": 1,
        "valid_from": "2024-09-01",
        "document": "1/QĐ",
    }
    assert (
        as_staff("CHECKER", "971").post("/api/rules/signing/", rule, format="json").status_code == 403
    )  # a province's
    change = as_staff("CHECKER", "97").post("/api/rules/signing/", rule, format="json").data["id"]

    assert as_staff("RELEASER", "97").post(f"/api/setting-changes/{change}/accept/").status_code == 200

    assert SigningRule.objects.get().change_id == change
    (row,) = as_staff("MAKER", "971").get("/api/rules/signing/").data["results"]
    assert (row["step"], row["from_amount"], row["set_by"]) == ("COSIGNER", 1, "RELEASER 97")


def test_money_paid_back_is_recorded_by_the_accountant(world: World, as_staff):
    decision = Decision.objects.create(
        enrolment=world.people["Trần Văn Ân"].enrolments.get(), kind="RECOVER", number="15/QĐ", amount=300_000,
        monthly_ceiling=100_000, signed_on=date(2024, 7, 1), effective_month=date(2024, 8, 1),
    )  # fmt: skip
    url = f"/api/recoveries/{decision.pk}/receipts/"
    receipt = {"number": "PT-1", "amount": 120_000, "received_on": "2024-08-05"}

    assert as_staff("CHECKER", "972").post(url, receipt, format="json").status_code == 404
    row = as_staff("CHECKER", "971").post(url, receipt, format="json").data
    too_much = as_staff("CHECKER", "971").post(url, receipt | {"number": "PT-2", "amount": 180_001}, format="json")

    assert (row["by_receipt"], row["left"], too_much.data["code"]) == (120_000, 180_000, "NOT_TO_RECOVER")
    assert [one["left"] for one in as_staff("MAKER", "971").get("/api/recoveries/").data["results"]] == [180_000]


def test_a_contradicted_payment_is_ended_by_two_in_two_roles(world: World, as_staff):
    payment = world.payments["Trần Văn Ân"]
    Payment.objects.filter(pk=payment.pk).update(hold_code="bank_contradicts")
    from_file = world.add_list("971", cycle=payment.batch.cycle, channel="CASH")
    cash = world.pay(from_file, world.people["Trần Văn Ân"], account=None)
    note_contradictions(payment_ids=[cash.pk], reason="CASH_RESULT_CONTRADICTS", now=NOW)
    first, second = as_staff("CHECKER", "971"), as_staff("RELEASER", "971")
    url = f"/api/contradicted-payments/{cash.pk}"
    body = {"outcome": "ARRIVED", "document": "1/BĐ ngày 06/8/2024"}

    assert second.post(f"{url}/confirm/").data["code"] == "FINDING_MISSING"
    assert first.post(f"{url}/finding/", body | {"file": paper()}, format="multipart").status_code == 204
    (row,) = second.get("/api/contradicted-payments/").data["results"]
    assert (row["payment_id"], row["outcome"], row["found_role"]) == (cash.pk, "ARRIVED", "CHECKER")
    assert second.get(f"{url}/finding/")["Content-Type"] == "image/png"
    assert first.post(f"{url}/confirm/").data["code"] == "FINDING_NEEDS_ANOTHER"
    assert second.post(f"{url}/confirm/").status_code == 204
    assert second.get("/api/contradicted-payments/").data["results"] == []
