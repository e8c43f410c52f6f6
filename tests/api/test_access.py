"""Who may do what where: every address × every role, inside and outside the scope (I13)."""

import re
from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from banks.fake import FakeTransfers
from beneficiaries.api.account_urls import urlpatterns as account_addresses
from beneficiaries.models import Case, Handover
from beneficiaries.services.cases.deciding import take_case
from beneficiaries.services.cases.handing_over import draw_up_handover
from config.api_urls import urlpatterns
from payments.models import Payment
from payments.services.learning.cases import open_payment_cases
from reconciliation.api.urls import urlpatterns as reconciliation_addresses
from tests.api.known_keys import ask_with_what_it_knows
from tests.api.test_registry_uploads import EXPECTED as UPLOADS
from tests.api.world import NOW, World

ROLES = ["COMMUNE_OFFICER", "MAKER", "CHECKER", "RELEASER", "LEADER", "AUDITOR", "CIVIL_REGISTRY"]

# Answer for a list in draft of the own district, in the order of ROLES; 409 means: may, but the list is not at that step.
EXPECTED: dict[str, tuple[str, list[int]]] = {
    "api-cycles": ("GET", [200, 200, 200, 200, 200, 200, 403]),
    "api-cycle": ("GET", [200, 200, 200, 200, 200, 200, 403]),
    "api-came-back": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-supplements": (
        "POST",
        [403, 403, 403, 403, 403, 403, 403],
    ),  # the province's maker alone: tests/pages/test_grants.py
    "api-reissues": ("POST", [403, 409, 403, 403, 403, 403, 403]),
    "api-batches": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-batch": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-batch-progress": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-batch-payments": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-batch-submit": ("POST", [403, 200, 403, 403, 403, 403, 403]),
    "api-batch-approve": ("POST", [403, 403, 409, 403, 403, 403, 403]),
    "api-batch-release": ("POST", [403, 403, 403, 409, 403, 403, 403]),
    "api-batch-return": ("POST", [403, 403, 409, 409, 403, 403, 403]),
    "api-batch-pause": ("POST", [403, 403, 409, 409, 403, 403, 403]),
    "api-batch-resume": ("POST", [403, 403, 409, 409, 403, 403, 403]),
    "api-batch-replace-lost": ("POST", [403, 409, 403, 403, 403, 403, 403]),
    "api-alarms": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-unknown-outcomes": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-unknown-outcome-take": ("POST", [403, 403, 409, 409, 403, 403, 403]),
    "api-unknown-outcome-letter": ("GET", [403, 403, 409, 409, 403, 403, 403]),
    "api-unknown-outcome-end": ("POST", [403, 403, 409, 409, 403, 403, 403]),
    # balances are for who sees reconciliation; opening, closing and rules: test_funding.py
    "api-funding-accounts": ("GET", [403, 403, 200, 200, 403, 200, 403]),
    "api-funding-account-close": ("POST", [403, 403, 404, 404, 403, 403, 403]),
    "api-top-ups": ("GET", [403, 403, 404, 404, 403, 404, 403]),
    "api-budget-codes": ("GET", [403, 403, 200, 200, 403, 200, 403]),
    "api-budget-estimates": ("GET", [403, 403, 200, 200, 403, 200, 403]),
    "api-recoveries": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-recovery-receipts": ("POST", [403, 403, 404, 403, 403, 403, 403]),
    "api-setting-changes": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-setting-change-accept": ("POST", [403, 403, 404, 404, 403, 403, 403]),
    "api-setting-change-decline": ("POST", [403, 403, 404, 404, 403, 403, 403]),
    "api-erasures": (
        "GET",
        [403, 403, 404, 404, 403, 404, 403],
    ),  # of the province alone: tests/pages/test_erasure_page.py
    "api-erasures-due": ("GET", [403, 403, 404, 404, 403, 404, 403]),
    "api-erasure-approve": ("POST", [403, 403, 404, 403, 403, 403, 403]),
    "api-erasure-decline": ("POST", [403, 403, 404, 403, 403, 403, 403]),
    "api-signing-rules": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-contradicted-payments": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-contradicted-finding": ("GET", [403, 403, 409, 409, 403, 403, 403]),
    "api-contradicted-confirm": ("POST", [403, 403, 409, 409, 403, 403, 403]),
    "api-batch-files": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-batch-offer-again": ("POST", [403, 403, 403, 409, 403, 403, 403]),
    "api-payment-stop": ("POST", [403, 200, 200, 200, 403, 403, 403]),
    "api-payment-note": ("POST", [200, 200, 200, 200, 403, 403, 403]),
    "api-payment-next-month": ("POST", [403, 200, 200, 200, 403, 403, 403]),
    "api-payment-put-back": ("POST", [403, 409, 409, 409, 403, 403, 403]),  # nobody was left
    "api-payment-not-seen": ("POST", [409, 409, 403, 403, 403, 403, 403]),  # it has not arrived yet
    "api-certificate": ("POST", [404, 404, 403, 403, 403, 403, 403]),  # for whom: tests/pages/test_certificates.py
    "api-batch-review": ("POST", [403, 403, 403, 403, 403, 403, 403]),
    "api-batch-cosign": ("POST", [403, 403, 403, 403, 403, 403, 403]),
    "api-batch-conflicts": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-batch-conflicts-note": ("POST", [403, 204, 403, 403, 403, 403, 403]),
    "api-batch-print": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-batch-papers": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-batch-kept-paper": ("GET", [404, 404, 404, 404, 403, 404, 403]),  # none was kept: test_kept_papers.py
    "api-decision-paper": ("GET", [404, 404, 404, 404, 403, 404, 403]),
    "api-page-readings": ("GET", [403, 403, 403, 200, 403, 200, 403]),
    # of whom nothing was left open here: tests/beneficiaries/test_supplied_signers.py
    "api-decisions-without-signer": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-decisions-without-signer-units": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-decision-signer": ("GET", [404, 404, 404, 404, 403, 404, 403]),
    "api-decision-signer-confirm": ("POST", [404, 404, 404, 403, 403, 403, 403]),
    "api-decision-signer-refuse": ("POST", [404, 404, 404, 403, 403, 403, 403]),
    "api-decision-signer-withdraw": ("POST", [404, 404, 403, 403, 403, 403, 403]),
    "api-paper-readings": ("GET", [403, 403, 403, 403, 403, 200, 403]),
    "api-batch-paper": ("POST", [403, 415, 415, 403, 403, 403, 403]),
    "api-batch-voucher": ("POST", [403, 409, 409, 403, 403, 403, 403]),
    "api-batches-sign": ("POST", [404, 404, 404, 404, 403, 404, 403]),
    "api-cycle-coverage": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-cycle-calendar": ("GET", [200, 200, 200, 200, 200, 200, 403]),
    # ordering is the province's maker's alone: test_month_orders.py; 404: may, but nothing was ordered or sent.
    "api-list-orders": ("GET", [403, 200, 403, 403, 403, 403, 403]),
    "api-list-order": ("GET", [403, 404, 403, 403, 403, 403, 403]),
    "api-office-files": ("GET", [200, 200, 403, 403, 403, 403, 403]),
    "api-office-file": ("GET", [404, 404, 403, 403, 403, 403, 403]),
    "api-office-file-errors": ("GET", [404, 404, 403, 403, 403, 403, 403]),
    "api-matching-runs": ("GET", [403, 200, 403, 403, 403, 403, 403]),
    "api-matching-run": ("GET", [403, 404, 403, 403, 403, 403, 403]),
    "api-cases-accept-reviews": ("POST", [200, 200, 200, 403, 403, 403, 403]),
    "api-awaiting": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-removal-slips": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-slip-sign": ("POST", [404, 404, 404, 404, 403, 404, 403]),
    "api-slip-refuse": ("POST", [404, 404, 404, 404, 403, 404, 403]),
    "api-bank-reports": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-bank-report-close": ("POST", [403, 403, 404, 404, 403, 403, 403]),
    "api-freezes": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-freeze": ("POST", [403, 200, 200, 200, 403, 403, 403]),
    "api-freeze-lift": ("POST", [403, 403, 403, 404, 403, 403, 403]),
    "api-delegations": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-delegate": ("POST", [403, 403, 200, 200, 403, 403, 403]),
    "api-delegation-revoke": ("POST", [403, 403, 404, 404, 403, 403, 403]),
    "api-payment-stop-notice": ("POST", [403, 409, 409, 409, 403, 403, 403]),
    # 415: may, but this table sends JSON where a file is wanted; 404: may, but nobody is held and no file is open here.
    "api-life-events": ("POST", [200, 200, 403, 403, 403, 403, 200]),
    "api-life-events-file": ("POST", [415, 415, 403, 403, 403, 403, 415]),
    "api-life-events-reasons": ("POST", [415, 415, 403, 403, 403, 403, 415]),
    "api-life-events-progress": ("GET", [404, 404, 403, 403, 403, 403, 404]),
    "api-death-notices": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-death-notice-answer": ("POST", [404, 404, 403, 403, 403, 403, 403]),
    "api-recovery-proposals": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-stop-notices": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-funeral-files": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-funeral-counts": ("GET", [200, 200, 200, 200, 200, 200, 403]),
    "api-phone": ("POST", [404, 404, 403, 403, 403, 403, 403]),
    "api-phone-opt-out": ("POST", [404, 404, 403, 403, 403, 403, 403]),
    "api-funeral-status": ("POST", [404, 404, 403, 403, 403, 403, 403]),
    # 404: no sample was drawn.
    "api-audit-samples": ("GET", [200, 200, 200, 200, 200, 200, 403]),
    "api-audit-sample": ("GET", [403, 404, 404, 404, 404, 404, 403]),
    "api-audit-thresholds": ("GET", [403, 403, 404, 404, 403, 403, 403]),
    "api-match-models": ("GET", [403, 403, 200, 200, 403, 403, 403]),
    "api-match-model-trainings": ("GET", [403, 403, 200, 403, 403, 403, 403]),
    "api-match-model-training": ("GET", [403, 403, 404, 403, 403, 403, 403]),
    "api-match-model-adoptions": ("POST", [403, 403, 403, 400, 403, 403, 403]),
    "api-audit-pairs": ("GET", [404, 404, 403, 403, 403, 403, 403]),
    "api-audit-answer": ("POST", [404, 404, 403, 403, 403, 403, 403]),
    "api-cycle-dry-run": ("POST", [403, 409, 403, 403, 403, 403, 403]),
    "api-cycle-closing": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-cycle-close": ("POST", [403, 403, 403, 403, 403, 403, 403]),  # the province's checker alone: test_decisions.py
    "api-enrolments": ("POST", [200, 200, 200, 200, 403, 200, 403]),
    "api-enrolments-arriving": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-enrolment": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    # 404: may, but this table asks for nobody's id; whose is whose: tests/pages/test_people.py
    "api-commune-people": ("GET", [404, 404, 404, 404, 403, 404, 403]),  # a district is searched, not leafed through
    "api-person": ("GET", [404, 404, 404, 404, 403, 404, 403]),
    "api-person-answers": ("GET", [404, 404, 404, 404, 403, 404, 403]),
    "api-person-payments": ("GET", [404, 404, 404, 404, 403, 404, 403]),
    "api-person-death-notice": ("POST", [404, 404, 403, 403, 403, 403, 403]),
    "api-enrolment-decisions": ("GET", [200, 200, 200, 200, 403, 200, 403]),  # recording one: test_decisions.py
    "api-enrolment-move-in": ("POST", [404, 404, 403, 403, 403, 403, 403]),  # nobody has moved here
    "api-enrolment-move-in-refuse": ("POST", [404, 404, 403, 403, 403, 403, 403]),
    "api-candidates": ("POST", [200, 200, 403, 403, 403, 403, 403]),
    "api-enquiries-due": ("GET", [200, 200, 403, 403, 403, 403, 403]),
    "api-enquiries": ("GET", [200, 200, 403, 403, 403, 403, 403]),
    "api-enquiry-list": ("POST", [200, 200, 403, 403, 403, 403, 403]),
    "api-enquiry-answers": ("POST", [415, 415, 403, 403, 403, 403, 403]),
    "api-enquiry-check": ("POST", [415, 415, 403, 403, 403, 403, 403]),
    "api-person-verdicts": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-corrections": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    # nobody was corrected here: test_corrections.py
    "api-corrections-of-person": ("GET", [404, 404, 404, 404, 403, 404, 403]),
    "api-correction": ("GET", [404, 404, 404, 404, 403, 404, 403]),
    "api-correction-paper": ("GET", [404, 404, 404, 404, 403, 404, 403]),
    "api-correction-confirm": ("POST", [404, 404, 404, 403, 403, 403, 403]),
    "api-correction-refuse": ("POST", [404, 404, 404, 403, 403, 403, 403]),
    "api-correction-withdraw": ("POST", [404, 404, 403, 403, 403, 403, 403]),
    "api-quality": ("GET", [200, 200, 200, 200, 200, 200, 403]),
    "api-quality-unsigned": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-quality-sign-off": ("GET", [400, 400, 400, 400, 400, 400, 403]),  # signing: test_quality_sign_off.py
    "api-cases": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-cases-today": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-cases-counts": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-cases-piles": ("GET", [200, 200, 200, 200, 200, 200, 403]),
    "api-case": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-case-take": ("POST", [200, 200, 403, 403, 403, 403, 403]),
    "api-case-settle": ("POST", [409, 409, 403, 403, 403, 403, 403]),
    "api-case-reject": ("POST", [200, 200, 403, 403, 403, 403, 403]),
    "api-case-escalate": ("POST", [200, 200, 403, 403, 403, 403, 403]),
    "api-case-give-back": ("POST", [409, 409, 403, 403, 403, 403, 403]),
    "api-case-reopen": ("POST", [409, 409, 403, 403, 403, 403, 403]),
    "api-case-identify": ("POST", [409, 409, 403, 403, 403, 403, 403]),
    "api-case-not-the-same": ("POST", [409, 409, 403, 403, 403, 403, 403]),
    "api-case-same-person": ("POST", [409, 409, 403, 403, 403, 403, 403]),
    "api-case-confirm": ("POST", [409, 409, 409, 403, 403, 403, 403]),
    "api-case-decline": ("POST", [409, 409, 409, 403, 403, 403, 403]),
    "api-case-propose-offer": ("POST", [200, 200, 403, 403, 403, 403, 403]),
    "api-case-offer-again": ("POST", [403, 403, 409, 403, 403, 403, 403]),
    # 409: the list is in draft; what else each may do: test_provider_work.py
    "api-batch-cash-days": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-batch-cash-day-end": ("POST", [403, 400, 400, 403, 403, 403, 403]),
    "api-batch-hand-over": ("POST", [403, 409, 409, 403, 403, 403, 403]),
    "api-providers": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-provider-templates": ("GET", [404, 404, 404, 404, 403, 404, 403]),
    "api-provider-points": ("GET", [404, 404, 404, 404, 403, 404, 403]),
    "api-one-off": ("GET", [200, 200, 200, 200, 403, 200, 403]),  # opening one: test_one_off.py
    "api-one-off-grant": ("GET", [404, 404, 404, 404, 403, 404, 403]),
    "api-one-off-people": ("POST", [403, 404, 403, 403, 403, 403, 403]),
    "api-one-off-everyone": ("GET", [403, 200, 403, 403, 403, 403, 403]),
    "api-one-off-order": ("GET", [403, 404, 403, 403, 403, 403, 403]),
    "api-one-off-households": ("GET", [404, 404, 404, 404, 403, 404, 403]),
    "api-gift-list-preview": ("POST", [403, 415, 403, 403, 403, 403, 403]),
    "api-gift-look": ("GET", [403, 404, 403, 403, 403, 403, 403]),
    "api-gift-look-write": ("POST", [403, 404, 403, 403, 403, 403, 403]),
    "api-funeral-allowances": ("POST", [400, 400, 403, 403, 403, 403, 403]),
    "api-exclusions": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-top-up-rates": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-age-rules": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-levels": ("GET", [200, 200, 200, 200, 200, 200, 403]),
    "api-days-off": ("GET", [200, 200, 200, 200, 200, 200, 403]),
    "api-level-proposals": ("GET", [200, 200, 200, 200, 403, 200, 403]),  # proposing one: test_levels.py
    "api-level-proposals-decide": ("POST", [403, 403, 403, 403, 403, 403, 403]),  # of the province alone
    "api-level-paper": ("GET", [404, 404, 404, 404, 403, 404, 403]),
    "api-insurance": ("GET", [200, 200, 200, 200, 200, 200, 403]),
    "api-handovers": ("GET", [200, 200, 200, 403, 403, 403, 403]),
    "api-handover-accept": ("POST", [403, 200, 403, 403, 403, 403, 403]),
    "api-handover-sheet": ("GET", [200, 200, 200, 403, 403, 403, 403]),
    # everybody's own door; 400: no password is in the body. What they do: tests/staff/test_own_door.py
    "api-password": ("POST", [400, 400, 400, 400, 400, 400, 400]),
    "api-sign-ins": ("GET", [200, 200, 200, 200, 200, 200, 200]),
    "api-sign-ins-end": ("POST", [200, 200, 200, 200, 200, 200, 200]),
    "api-assignments": ("GET", [403, 200, 403, 403, 403, 403, 403]),
}
PUBLIC = {
    "api-health",
    "api-schema",
    "api-token",
    "api-token-revoke",
    "api-my-status",
    "api-certificate-check",
}  # revoke: any role its own token
OBJECT_PREFIXES = ("api-batch-", "api-payment-", "api-case-", "api-handover-", "api-enquiry-", "api-person-")
READ_TOO = {
    "api-phone",
    "api-gift-list-preview",
}  # what is sent there is read there as well: test_phones.py, test_gift_lists.py
OF_ONE_OBJECT = [name for name in EXPECTED if f"{name}-".startswith(OBJECT_PREFIXES)]
DELEGATION = {
    "to": "cosigner.971",
    "form": "KT",
    "document_number": "1/UQ",
    "valid_from": "2024-08-01",
    "valid_to": "2024-08-31",
}
BODY: dict[str, object] = {
    "dated_on": "2024-08-03",
    "step": "MAKER",
    "batches": [999999999],
    "unit": "971",
    **DELEGATION,
    "note": "Thiếu quyết định.",
    "code": "HS-1",
    "reason": "Gia đình báo tin.",
    "proposal": "Đề nghị Sở hỏi ngân hàng.",
    "number": "097042000001",
    "basis": "thẻ căn cước",
    "keeps_identity": "this",
    "stop": "this",
    "from_month": "2024-09-01",
    "decision_number": "12/QĐ-UBND",
    "signer": "Nguyễn Văn Chủ, Chủ tịch UBND",
    "signed_on": "2024-08-01",
    "purpose": "NEW_FILE",
    "taken_on": "2024-08-05",
    "events": [],
    "proposals": [1],
    "adopt": True,
    "ground": "ASKED",
    "text": "Gia đình hẹn tháng sau.",
}
OTHERWISE: dict[str, dict[str, object]] = {"api-case-escalate": {"to": None}}  # there it is a level, not a person
OF_THE_PROVINCE = {
    "api-level-proposals-decide": "RELEASER",
    "api-supplements": "MAKER",
}  # whose right it is, where a district has nobody for it
CASES = [
    (name, role, status)
    for name, (_, statuses) in EXPECTED.items()
    for role, status in zip(ROLES, statuses, strict=True)
]
Client = Callable[[str, str], APIClient]


@pytest.fixture
def world(same_world: World) -> World:
    return same_world


def address(name: str, world: World, *, district: str, person: str) -> str:
    batch, payment = world.lists[district, "ACCOUNT"].pk, world.payments[person].pk
    route = next(str(pattern.pattern) for pattern in urlpatterns if pattern.name == name)
    if "case_id" in route:
        route = route.replace("<int:case_id>", str(case_about(world.payments[person]).pk))
    if "handover_id" in route:
        route = route.replace("<int:handover_id>", str(handover_in(world, district=district, person=person).pk))
    ids = {
        "<int:batch_id>": batch,
        "<int:enrolment_id>": world.people[person].enrolments.get().pk,
        "<int:payment_id>": payment,
        "<int:enquiry_id>": world.enquiries[district].pk,
        "<int:person_id>": world.people[person].pk,
        "<int:beneficiary_id>": 999999999,
        "<int:file_id>": 999999999,
        "<int:slip_id>": 999999999,
        "<int:freeze_id>": 999999999,
        "<int:report_id>": 999999999,
        "<int:delegation_id>": 999999999,
        "<int:sample_id>": 999999999,
        "<int:item_id>": 999999999,
        "<int:order_id>": 999999999,
        "<int:paper_id>": 999999999,
        "<int:proposal_id>": 999999999,
        "<int:decision_id>": 999999999,
        "<int:change_id>": 999999999,
        "<int:correction_id>": 999999999,
        "<str:account>": "KHONG-CO",
        "<str:month>": "2024-08",
        "<str:provider>": "KHONG-CO",
        "<str:programme>": "KHONG-CO",
    }
    for placeholder, value in ids.items():
        route = route.replace(placeholder, str(value))
    return "/api/" + route


def case_about(payment: Payment) -> Case:
    """The bank refused its order: a case of the payment's person."""
    open_payment_cases(payment_ids=[payment.pk], reason="ORDER_REFUSED", now=NOW)
    return Case.objects.get(subject=payment.end_to_end_id)


def handover_in(world: World, *, district: str, person: str) -> Handover:
    """The district's officer hands the case over to the maker, who has not signed yet."""
    giver, receiver = world.staff["COMMUNE_OFFICER", district], world.staff["MAKER", district]
    take_case(case_id=case_about(world.payments[person]).pk, actor=giver, now=NOW)
    return draw_up_handover(giver=giver, receiver=receiver, unit=world.units[district], actor=giver, note="", now=NOW)


def call(client: APIClient, name: str, url: str) -> int:
    """The status of the address asked with what it takes of the one body all are asked with."""
    method, body = EXPECTED[name][0], BODY | OTHERWISE.get(name, {})
    answer = ask_with_what_it_knows(client, url, {} if method == "GET" else body, method=method)
    return int(answer.status_code)


def test_the_table_names_every_address() -> None:
    elsewhere = {pattern.name for pattern in (*account_addresses, *reconciliation_addresses)}
    names = {pattern.name for pattern in urlpatterns} - elsewhere

    assert names == set(EXPECTED) | PUBLIC | set(UPLOADS)


@pytest.mark.parametrize(("name", "role", "status"), CASES)
def test_inside_the_scope_the_role_decides(
    name: str, role: str, status: int, world: World, as_staff: Client, bank: FakeTransfers
) -> None:
    url = address(name, world, district="971", person="Trần Văn Ân")

    assert call(as_staff(role, "971"), name, url) == status


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", OF_ONE_OBJECT)
def test_outside_the_scope_nothing_exists(
    name: str, role: str, world: World, as_staff: Client, bank: FakeTransfers
) -> None:
    other = address(name, world, district="972", person="Ngô Văn Cường")
    nobodys = re.sub(r"/\d+/", "/999999/", other)
    client = as_staff(role, "971")

    assert call(client, name, other) == call(client, name, nobodys)
    assert call(client, name, other) in (403, 404, 415)


@pytest.mark.parametrize("name", EXPECTED)
def test_nobody_gets_in_without_log_in(name: str, world: World) -> None:
    assert call(APIClient(), name, address(name, world, district="971", person="Trần Văn Ân")) in (401, 403)


@pytest.mark.parametrize(
    "name", [name for name, (method, _) in EXPECTED.items() if method == "POST" and name not in READ_TOO]
)
def test_reading_changes_nothing(name: str, world: World, as_staff: Client) -> None:
    url = address(name, world, district="971", person="Trần Văn Ân")
    allowed = next(
        (role for role, status in zip(ROLES, EXPECTED[name][1], strict=True) if status != 403),
        OF_THE_PROVINCE.get(name, "CHECKER"),
    )

    assert as_staff(allowed, "971").get(url).status_code == 405


def test_a_user_without_a_unit_reaches_nothing(world: World, as_staff: Client) -> None:
    maker = world.staff["MAKER", "971"]
    maker.unit = None

    assert as_staff("MAKER", "971").get("/api/batches/").json()["results"] == []
