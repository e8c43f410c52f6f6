"""Who signed an old decision is said afterwards by two people and from the paper; the decision, and what is paid on it, stays as it is."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from beneficiaries.errors.signers import (
    NotOnThisPaper,
    OnlyProposerOfASignerWithdraws,
    SignerIsNamed,
    SignerNotNamed,
    SignerOfProposerNeedsAnother,
    SignerProposalGone,
    SignerProposed,
)
from beneficiaries.linkage.signers import names_a_person
from beneficiaries.models import Decision, NamesItsSigner, SignerOf, SuppliedSigner
from beneficiaries.services.decisions.signers import (
    confirm_signer,
    confirm_signers,
    decisions_without_signer,
    propose_signer,
    propose_signers,
    proposed_alike,
    refuse_signer,
    with_signers,
    withdraw_signer,
    without_signer_by_unit,
)
from beneficiaries.services.quality_gaps import without_signer
from staff.errors import NotAllowed
from tests.beneficiaries.office_files import people, person
from tests.beneficiaries.offices import ELSEWHERE, HOME, NOW, TODAY, Offices, open_offices

CHAIRMAN = "Nguyễn Văn Chủ, Chủ tịch UBND xã"
PAPER = "bản chính, tủ hồ sơ xã"


@pytest.fixture
def offices(db: None, tmp_path: Any) -> Offices:
    opened = open_offices(tmp_path)
    opened.receive(person())
    return opened


def the_decision() -> Decision:
    return Decision.objects.select_related("enrolment__unit").get()


def shown() -> str:
    return str(getattr(with_signers(Decision.objects.all()).get(), "signer_shown"))  # noqa: B009


def propose(offices: Offices, **changes: Any) -> SuppliedSigner:
    decision = changes.pop("decision", None) or the_decision()
    said = {"decision": decision, "signer": CHAIRMAN, "seen": PAPER, "actor": offices.maker, "now": NOW}
    return propose_signer(**(said | changes))


class TestManyOnOnePaper:
    """A registry's decision of 2013 names thirty people: its signer is looked up once, by two people, and said of all."""

    @pytest.fixture
    def paper(self, offices: Offices) -> Offices:
        offices.receive(*people(4))
        others = [{**row, "code": f"99-{row['code']}"} for row in people(1)]
        offices.receive(*others, commune=ELSEWHERE)
        return offices

    def all_of(self, offices: Offices) -> list[Decision]:
        home = Decision.objects.filter(enrolment__unit=offices.units[HOME]).order_by("enrolment__code", "pk")
        return list(home.select_related("enrolment__unit"))

    def propose(self, offices: Offices, also: list[int]) -> list[SuppliedSigner]:
        said = {"signer": CHAIRMAN, "seen": PAPER, "actor": offices.maker, "now": NOW}
        return propose_signers(decision=self.all_of(offices)[0], also=also, **said)

    def test_is_said_once_by_two_people(self, paper: Offices) -> None:
        first, second, third, *rest = self.all_of(paper)
        waiting, *others = self.propose(paper, [second.pk, third.pk])
        assert {one.pk for one in proposed_alike(waiting)} == {one.pk for one in others}

        given = {"also": [one.pk for one in others], "now": NOW}
        with pytest.raises(SignerOfProposerNeedsAnother):
            confirm_signers(decision=first, proposal=waiting.pk, actor=paper.maker, **given)
        confirm_signers(decision=first, proposal=waiting.pk, actor=paper.officers[HOME], **given)

        known = with_signers(Decision.objects.filter(signer="")).exclude(signer_shown="")
        assert set(known.values_list("pk", flat=True)) == {first.pk, second.pk, third.pk}
        assert {one.pk for one in decisions_without_signer(unit=paper.units[HOME])} == {one.pk for one in rest}

    def test_never_of_a_decision_on_another_paper(self, paper: Offices) -> None:
        elsewhere = Decision.objects.get(enrolment__unit=paper.units[ELSEWHERE])
        with pytest.raises(NotOnThisPaper):
            self.propose(paper, [elsewhere.pk])
        assert not SuppliedSigner.objects.exists()

    def test_nor_is_a_proposal_confirmed_that_says_something_else(self, paper: Offices) -> None:
        first, second, *_ = self.all_of(paper)
        waiting = propose(paper, decision=first)
        other = propose(paper, decision=second, signer="Lê Thị Hai, Phó Chủ tịch")
        with pytest.raises(SignerProposalGone):
            confirm_signers(decision=first, proposal=waiting.pk, also=[other.pk], actor=paper.officers[HOME], now=NOW)
        assert not SuppliedSigner.objects.filter(status="IN_FORCE").exists()


class TestTwoPeople:
    def test_a_name_counts_when_a_second_person_has_seen_the_paper(self, offices: Offices) -> None:
        before = _row()
        waiting = propose(offices)
        assert shown() == "" and decisions_without_signer(unit=offices.province).get().pk == the_decision().pk
        assert without_signer(unit=offices.province, on=TODAY).exists()

        officer = offices.officers[HOME]
        confirm_signer(decision=the_decision(), proposal=waiting.pk, actor=officer, now=NOW)

        assert shown() == f"{CHAIRMAN} (bổ sung ngày 15/06/2024)"
        assert not decisions_without_signer(unit=offices.province).exists()
        assert not without_signer(unit=offices.province, on=TODAY).exists()
        assert _row() == before  # the decision itself is as it came in

    def test_nobody_confirms_their_own(self, offices: Offices) -> None:
        waiting = propose(offices)
        with pytest.raises(SignerOfProposerNeedsAnother):
            confirm_signer(decision=the_decision(), proposal=waiting.pk, actor=offices.maker, now=NOW)
        with pytest.raises(SignerOfProposerNeedsAnother):
            refuse_signer(decision=the_decision(), proposal=waiting.pk, note="x", actor=offices.maker, now=NOW)
        with pytest.raises(IntegrityError, match="confirmed_by_a_second_person"), transaction.atomic():
            SuppliedSigner.objects.update(status="IN_FORCE", decided_by=offices.maker, decided_at=NOW)

    def test_nor_does_anybody_elsewhere_say_or_confirm_it(self, offices: Offices) -> None:
        with pytest.raises(NotAllowed):
            propose(offices, actor=offices.officers[ELSEWHERE])
        waiting = propose(offices)
        with pytest.raises(NotAllowed):
            confirm_signer(decision=the_decision(), proposal=waiting.pk, actor=offices.officers[ELSEWHERE], now=NOW)

    def test_what_was_refused_or_withdrawn_stays_and_another_may_be_proposed(self, offices: Offices) -> None:
        officer = offices.officers[HOME]
        first = propose(offices)
        with pytest.raises(SignerProposed):
            propose(offices, actor=officer)
        with pytest.raises(OnlyProposerOfASignerWithdraws):
            withdraw_signer(decision=the_decision(), proposal=first.pk, note="x", actor=officer, now=NOW)
        refuse_signer(decision=the_decision(), proposal=first.pk, note="Bản giấy ghi khác", actor=officer, now=NOW)
        second = propose(offices, signer="Lê Thị Hai, Phó Chủ tịch")
        withdraw_signer(decision=the_decision(), proposal=second.pk, note="Nhầm", actor=offices.maker, now=NOW)
        with pytest.raises(SignerProposalGone):
            confirm_signer(decision=the_decision(), proposal=second.pk, actor=officer, now=NOW)
        assert shown() == ""
        assert [one.status for one in SuppliedSigner.objects.order_by("pk")] == ["REFUSED", "WITHDRAWN"]

    def test_a_slip_in_what_was_confirmed_is_put_right_by_two_again(self, offices: Offices) -> None:
        officer = offices.officers[HOME]
        for signer in ("Nguyễn Văn Chư, Chủ tịch", CHAIRMAN):
            waiting = propose(offices, signer=signer)
            confirm_signer(decision=the_decision(), proposal=waiting.pk, actor=officer, now=NOW)
        assert shown().startswith(CHAIRMAN) and SuppliedSigner.objects.count() == 2

    def test_a_title_is_no_name_and_a_named_signer_is_not_replaced(self, offices: Offices) -> None:
        with pytest.raises(SignerNotNamed, match="chưa ghi họ tên"):
            propose(offices, signer="Chủ tịch UBND xã")
        offices.receive(person(code="97101-000009", number="097042000009", decision_signer=CHAIRMAN))
        named = Decision.objects.select_related("enrolment__unit").get(signer=CHAIRMAN)
        with pytest.raises(SignerIsNamed):
            propose(offices, decision=named, signer="Lê Thị Hai, Phó Chủ tịch")
        with pytest.raises(IntegrityError, match="names its signer"), transaction.atomic():
            SuppliedSigner.objects.create(
                decision=named, signer="Lê Thị Hai", seen=PAPER, proposed_by=offices.maker, proposed_at=NOW
            )

    def test_one_who_came_in_as_a_title_alone_stands_among_those_nobody_knows(self, offices: Offices) -> None:
        offices.receive(person(code="97101-000009", number="097042000009", decision_signer="Chủ tịch UBND xã Tân An"))
        assert without_signer_by_unit(unit=offices.province) == [
            {"unit": HOME, "unit_name": f"đơn vị {HOME}", "decisions": 2, "waiting": 0}
        ]
        assert without_signer_by_unit(unit=offices.units[ELSEWHERE]) == []


class TestTheDatabase:
    @pytest.mark.parametrize(
        ("change", "guard"),
        [
            ("signer = 'Lê Thị Hai'", "decided once, never edited"),
            ("status = 'PROPOSED', decided_by_id = NULL, decided_at = NULL", "decided once, never edited"),
        ],
    )
    def test_lets_nobody_rewrite_what_two_said(self, offices: Offices, change: str, guard: str) -> None:
        waiting = propose(offices)
        confirm_signer(decision=the_decision(), proposal=waiting.pk, actor=offices.officers[HOME], now=NOW)
        with pytest.raises(IntegrityError, match=guard), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE beneficiaries_suppliedsigner SET {change}")

    @pytest.mark.parametrize(
        ("signer", "names"),
        [
            ("", False),
            ("Chủ", False),
            ("Chủ tịch", False),
            ("KT. Chủ tịch UBND xã", False),
            ("UBND tỉnh", False),
            (CHAIRMAN, True),
            ("Chủ tịch Nguyễn Văn An", True),
            ("Phó Đức Phương", True),
            ("Chủ tịch, Lê Thị Hai", True),
            ("Chủ tịch, UBND xã Tân An", False),
            ("Phó Chủ tịch - UBND xã", False),
            ("KT. Chủ tịch; Phó Chủ tịch", False),
            ("Chủ tịch (đã ký)", False),
            ("PCT UBND xã", False),
            ("Đã ký", False),
            ("Chưa rõ", False),
            ("Hội đồng xét duyệt", False),
            ("Chủ tịch UBND xã Võ Thị Sáu", False),
            ("Nguyễn Văn An - Chủ tịch UBND", True),
            ("Y Blô Niê, Chủ tịch", True),
            ("Chủ tịch UBND huyện: Tô Văn Lực", True),
        ],
    )
    def test_knows_a_title_from_a_name(self, offices: Offices, signer: str, names: bool) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {NamesItsSigner.function}(%s), {SignerOf.function}(0, %s)", [signer, signer])
            assert cursor.fetchone() == (names, signer if names else "")
        assert names_a_person(signer) is names  # what is typed is read in Python, and no other way


class TestPagesAndApi:
    def test_a_clerk_proposes_and_another_confirms(self, offices: Offices) -> None:
        decision, client, other = the_decision(), Client(), Client()
        client.force_login(offices.maker)
        other.force_login(offices.officers[HOME])
        page = f"/chat-luong/nguoi-ky/{decision.pk}/"
        assert page in client.get("/chat-luong/nguoi-ky/").content.decode()

        told = client.post(f"{page}de-nghi/", {"signer": "Chủ tịch", "seen": PAPER}).content.decode()
        assert "chưa ghi họ tên" in told and PAPER in told
        client.post(f"{page}de-nghi/", {"signer": "Chủ tịch Lê Thị Hai", "seen": PAPER})
        assert "không tự xác nhận" in client.get(page).content.decode()
        assert "Người ký quyết định cũ chờ xác nhận" in other.get("/").content.decode()
        waiting = SuppliedSigner.objects.get()
        other.post(f"{page}xac-nhan/", {"proposal": waiting.pk})

        assert "Lê Thị Hai, Chủ tịch (bổ sung" in other.get(page).content.decode()
        assert "Lê Thị Hai, Chủ tịch (bổ sung" in other.get(f"/ho-so/{decision.enrolment_id}/").content.decode()
        answer = client.get(f"/api/decisions/{decision.pk}/signer/").json()
        assert [one["status"] for one in answer["supplied"]] == ["IN_FORCE"]
        assert client.get("/api/decisions/without-signer/").json()["count"] == 0


def _row() -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(d)::text FROM beneficiaries_decision d")
        return tuple(cursor.fetchall())
