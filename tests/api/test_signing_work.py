"""Signing by API: many lists, who must act, slips, freezes, delegations; and what the two further roles may do anywhere."""

import pytest

from payments.models import Payment, RemovalSlip
from payments.services.signing.sign import list_digest
from tests.api.test_access import address, call
from tests.api.world import World

# What a reviewer and a further signer may do beside reading what a checker reads: their own step (409: no rule asks for it), and give back.
FURTHER = {
    "api-batch-review": {"REVIEWER": 409},
    "api-batch-cosign": {"COSIGNER": 409},
    "api-batch-return": {"REVIEWER": 409, "COSIGNER": 409},
    "api-delegation-revoke": {"REVIEWER": 404, "COSIGNER": 404},
}
NOT_THEIRS = [
    "api-payment-stop",
    "api-freeze",
    "api-freeze-lift",
    "api-batch-conflicts-note",
    "api-batch-paper",
    "api-batch-voucher",
]


@pytest.mark.parametrize("role", ["REVIEWER", "COSIGNER"])
@pytest.mark.parametrize("name", [*sorted(FURTHER), "api-batch-submit", "api-batch-approve", "api-batch-release"])
def test_further_signers_do_their_own_step_only(name, role, world, as_staff, bank):
    url = address(name, world, district="971", person="Trần Văn Ân")

    assert call(as_staff(role, "971"), name, url) == FURTHER.get(name, {}).get(role, 403)


@pytest.mark.parametrize("role", ["REVIEWER", "COSIGNER"])
@pytest.mark.parametrize("name", NOT_THEIRS)
def test_further_signers_change_nothing_else(name, role, world, as_staff, bank):
    url = address(name, world, district="971", person="Trần Văn Ân")

    assert call(as_staff(role, "971"), name, url) == 403


class TestManyAtOnce:
    def body(self, world: World, *, together: bool) -> dict[str, object]:
        ids = [world.lists["971", "ACCOUNT"].pk, world.lists["972", "ACCOUNT"].pk]
        return {"step": "MAKER", "batches": ids, "together": together}

    def test_each_says_what_became_of_it(self, world, as_staff, bank):
        maker = as_staff("MAKER", "97")
        maker.post(f"/api/batches/{world.lists['971', 'ACCOUNT'].pk}/submit/")

        answer = maker.post("/api/batches/sign/", self.body(world, together=False), format="json").json()

        assert [(row["signed"], row["code"]) for row in answer] == [(False, "WRONG_BATCH_STATE"), (True, "")]
        assert len(answer[1]["digest"]) == 64

    def test_together_is_all_or_none(self, world, as_staff, bank):
        maker = as_staff("MAKER", "97")
        maker.post(f"/api/batches/{world.lists['971', 'ACCOUNT'].pk}/submit/")

        answer = maker.post("/api/batches/sign/", self.body(world, together=True), format="json")

        assert answer.status_code == 409
        assert answer.json()["conflicts"] == [str(world.lists["971", "ACCOUNT"].pk)]
        assert world.lists["972", "ACCOUNT"].signatures.count() == 0

    @pytest.mark.parametrize("together", [False, True])
    def test_signs_only_what_was_read(self, together, world, as_staff, bank):
        read = {str(pk): list_digest(pk) for pk in (batch.pk for batch in world.lists.values())}
        changed = world.lists["972", "ACCOUNT"]
        read[str(changed.pk)] = "00" * 32

        answer = as_staff("MAKER", "97").post(
            "/api/batches/sign/", {**self.body(world, together=together), "digests": read}, format="json"
        )

        assert changed.signatures.count() == 0
        assert world.lists["971", "ACCOUNT"].signatures.count() == (0 if together else 1)
        said = [answer.json()["code"]] if together else [row["code"] for row in answer.json()]
        assert said == (["LIST_CHANGED_SINCE_READ"] if together else ["", "LIST_CHANGED_SINCE_READ"])

    @pytest.mark.parametrize("digests", [{"999999": "00" * 32}, {"x": "00" * 32}, {"1": "ngan"}])
    def test_takes_no_digest_of_another_list(self, digests, world, as_staff, bank):
        body = {**self.body(world, together=False), "digests": digests}

        assert as_staff("MAKER", "97").post("/api/batches/sign/", body, format="json").status_code == 400

    def test_mine_is_said_by_person_not_by_name(self, world, as_staff, bank):
        namesake = world.staff["COMMUNE_OFFICER", "971"]
        namesake.full_name = world.staff["MAKER", "971"].full_name
        namesake.save(update_fields=["full_name"])

        mine = [
            {row["mine"] for row in as_staff(role, "971").get("/api/awaiting/").json()["results"]}
            for role in ("MAKER", "COMMUNE_OFFICER")
        ]

        assert mine == [{True}, {False}]

    def test_one_list_outside_the_scope_makes_all_of_it_unknown(self, world, as_staff, bank):
        answer = as_staff("MAKER", "971").post("/api/batches/sign/", self.body(world, together=False), format="json")

        assert answer.status_code == 404
        assert world.lists["971", "ACCOUNT"].signatures.count() == 0


class TestSlips:
    @pytest.fixture
    def slip(self, world: World, as_staff) -> RemovalSlip:
        as_staff("MAKER", "971").post(f"/api/batches/{world.lists['971', 'ACCOUNT'].pk}/submit/")
        as_staff("MAKER", "971").post(
            f"/api/payments/{world.payments['Trần Văn Ân'].pk}/stop/", {"reason": "Đã chuyển đi."}, format="json"
        )
        return RemovalSlip.objects.get()

    def test_two_sign_and_the_payment_is_off(self, world, as_staff, slip):
        url = f"/api/slips/{slip.pk}/sign/"
        first = as_staff("CHECKER", "971").post(url).json()
        again = as_staff("CHECKER", "971").post(url)
        as_staff("RELEASER", "971").post(url)

        assert [row["step"] for row in first["signatures"]] == ["CHECKER"]
        assert (again.status_code, again.json()["code"]) == (409, "SLIP_SIGNER_ALREADY_SIGNED")
        assert Payment.objects.get(pk=slip.payment_id).status == "CANCELLED"

    @pytest.mark.parametrize("step", ["sign", "refuse"])
    def test_outside_the_scope_it_does_not_exist(self, world, as_staff, slip, step):
        answers = [
            as_staff("CHECKER", "972").post(f"/api/slips/{pk}/{step}/", {"note": "x"}) for pk in (slip.pk, 10**9)
        ]

        assert {answer.status_code for answer in answers} == {404}

    def test_waits_for_both_and_says_so(self, world, as_staff, slip):
        rows = as_staff("AUDITOR", "971").get("/api/awaiting/").json()["results"]

        assert sorted((row["slip"], row["step"]) for row in rows if row["slip"]) == [
            (slip.pk, "CHECKER"),
            (slip.pk, "RELEASER"),
        ]
        assert [row["people"] for row in rows if row["slip"] is None] == [["CHECKER 97", "CHECKER 971"]]


class TestDelegations:
    def test_the_delegate_releases_and_the_list_shows_for_whom(self, world, as_staff, bank):
        batch = world.lists["971", "ACCOUNT"].pk
        body = {
            "to": "cosigner.971",
            "unit": "971",
            "form": "KT",
            "document_number": "34/UQ",
            "valid_from": "2020-01-01",
            "valid_to": "2099-01-01",
        }
        given = as_staff("RELEASER", "971").post("/api/delegations/new/", body, format="json")
        as_staff("MAKER", "971").post(f"/api/batches/{batch}/submit/")
        as_staff("CHECKER", "971").post(f"/api/batches/{batch}/approve/")

        answer = as_staff("COSIGNER", "971").post(f"/api/batches/{batch}/release/").json()

        assert given.status_code == 200
        assert (answer["status"], answer["signatures"][-1]["signed_as"], answer["signatures"][-1]["for_whom"]) == (
            "RELEASED",
            "KT. Chủ tài khoản",
            "RELEASER 971",
        )

    def test_nobody_takes_back_what_another_gave(self, world, as_staff):
        body = {"to": "cosigner.971", "unit": "971", "form": "KT", "document_number": "1", "valid_from": "2024-08-01", "valid_to": "2024-08-02"}  # fmt: skip
        given = as_staff("RELEASER", "971").post("/api/delegations/new/", body, format="json").json()["id"]

        assert as_staff("CHECKER", "971").post(f"/api/delegations/{given}/revoke/").status_code == 403


class TestFreeze:
    def test_says_who_why_and_since_when_and_is_lifted_by_the_releaser(self, world, as_staff):
        frozen = (
            as_staff("MAKER", "971")
            .post("/api/freezes/new/", {"unit": "971", "reason": "Nghi sai."}, format="json")
            .json()
        )
        refused = as_staff("CHECKER", "971").post(f"/api/freezes/{frozen['id']}/lift/", {"note": "x"}, format="json")
        lifted = (
            as_staff("RELEASER", "971")
            .post(f"/api/freezes/{frozen['id']}/lift/", {"note": "Đã rõ."}, format="json")
            .json()
        )

        assert (frozen["began_by"], frozen["reason"], frozen["ended_at"]) == ("MAKER 971", "Nghi sai.", None)
        assert (refused.status_code, lifted["ended_by"], lifted["end_reason"]) == (403, "RELEASER 971", "Đã rõ.")

    def test_nobody_freezes_outside_the_scope(self, world, as_staff):
        answer = as_staff("MAKER", "971").post("/api/freezes/new/", {"unit": "97", "reason": "x"}, format="json")

        assert answer.status_code == 404


class TestCoverage:
    def test_counts_the_own_reach(self, world, as_staff):
        answer = as_staff("AUDITOR", "971").get("/api/cycles/2024-08/coverage/").json()

        assert (answer["enrolled"], answer["by_account"], answer["exactly_once"]) == (2, 2, True)
