"""Slips, payees, changes of account: who signs what, the second person, the days of waiting, and what is told to whom."""

import io
from datetime import date, datetime, timedelta

import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from banks.accounts import Holding
from banks.fake_accounts import FakeAccounts
from beneficiaries.errors import (
    AlreadyTheAccount,
    ChangeAlreadyDecided,
    ChangeAlreadyPending,
    NameNotInReview,
    PayeeAlreadyEnded,
    PayeeInvalid,
    RequesterCannotApprove,
    ScanRefused,
    SlipInvalid,
    WrongSigner,
)
from beneficiaries.models import (
    AccountChange,
    BankAccount,
    Beneficiary,
    Case,
    Enrolment,
    LifeStatus,
    PayeeRelation,
    SlipScan,
)
from beneficiaries.parsers.account_lists import VNEID_COLUMNS
from beneficiaries.reports.slip import SlipForm, render_slip
from beneficiaries.services.accounts.account_files import import_vneid
from beneficiaries.services.accounts.account_flags import find_flags, flag_accounts
from beneficiaries.services.accounts.change_account import (
    approve_changes,
    close_account,
    confirm_holder_name,
    refuse_change,
)
from beneficiaries.services.accounts.check_holders import check_holders, to_ask
from beneficiaries.services.accounts.coverage import BreakDown, coverage, funnel
from beneficiaries.services.accounts.register_slip import NamedAccount, Registered, attach_scan, register_slip
from beneficiaries.services.cases.deciding import reject_case
from beneficiaries.services.identity.match import match_people
from beneficiaries.services.intake.lists import verify_accounts
from beneficiaries.services.numbers import keep_account_numbers
from beneficiaries.services.receiving.payees import (
    Paper,
    begin_payees,
    end_payee,
    end_payees_of_the_dead,
    likely_signer,
    record_payee,
    warn_of_papers,
)
from beneficiaries.states import AccountCause
from staff.models import Role, User
from tests.beneficiaries.office_files import people, person, table
from tests.beneficiaries.offices import HOME, NOW, TODAY, Offices, put_right, the_person

SIGNED = TODAY - timedelta(days=10)
FIRST, SECOND = "5550100001", "5550100002"


@pytest.fixture
def known(offices: Offices) -> Offices:
    """Nguyễn Văn An, born 1942, matched."""
    offices.know_residents({})
    offices.receive(person())
    match_people(actor_id=offices.maker.pk, now=NOW)
    return offices


@pytest.fixture
def checker(known: Offices) -> User:
    return User.objects.create(username="kt", password="!", full_name="Kế toán", role=Role.CHECKER, unit=known.province)


def slip(
    offices: Offices, number: str | None = FIRST, *, holder: str = "NGUYEN VAN AN", **changes: object
) -> Registered:
    """The person signs for this account, or for cash; the commune's officer records it."""
    values: dict[str, object] = {
        "beneficiary": the_person(),
        "method": "ACCOUNT" if number else "CASH",
        "account": NamedAccount("970405", number, holder) if number else None,
        "signed_on": SIGNED,
        "signer_kind": "OWN",
        "signer_name": "Nguyễn Văn An",
        "actor": offices.officers[HOME],
        "now": NOW,
    }
    return register_slip(**{**values, **changes})


def in_use(offices: Offices) -> BankAccount:
    """The first account, confirmed."""
    account = slip(offices).account
    BankAccount.objects.filter(pk=account.pk).update(reason="", opened_on=SIGNED)
    assert verify_accounts(on=TODAY) == 1
    return account


class TestSlip:
    def test_for_a_first_account_waits_for_the_banks_word_only(self, known: Offices) -> None:
        done = slip(known)
        assert (done.account.status, done.account.reason, done.change) == ("OPENED", "ACCOUNT_PENDING", None)

    def test_for_another_account_is_a_change(self, known: Offices) -> None:
        old = in_use(known)
        done = slip(known, SECOND)
        assert (done.change.old_account_id, done.change.status) == (old.pk, "PENDING")

    def test_for_the_account_in_use_changes_nothing(self, known: Offices) -> None:
        in_use(known)
        with pytest.raises(AlreadyTheAccount):
            slip(known)

    def test_while_another_change_waits_is_refused(self, known: Offices) -> None:
        in_use(known)
        slip(known, SECOND)
        with pytest.raises(ChangeAlreadyPending):
            slip(known, "5550100003")
        assert BankAccount.objects.count() == 2

    @pytest.mark.parametrize("changes", [{"signed_on": NOW.date() + timedelta(days=1)}, {"method": "CASH"}])
    def test_that_says_nothing_clear_is_refused(self, known: Offices, changes: dict[str, object]) -> None:
        with pytest.raises(SlipInvalid):
            slip(known, **changes)

    def test_scan_is_kept_sealed_once(self, known: Offices) -> None:
        done, content = slip(known, None).slip, b"%PDF-1.7 quet"
        attach_scan(slip=done, content=content, actor=known.maker, now=NOW)
        assert content not in bytes(SlipScan.objects.get().sealed)
        for again in (content, b"MZ...", b"%PDF-" + b"0" * 5 * 1024 * 1024):
            with pytest.raises(ScanRefused):
                attach_scan(slip=done, content=again, actor=known.maker, now=NOW)

    def test_prints_with_the_name_and_without_numbers(self, known: Offices) -> None:
        form = SlipForm(beneficiary=the_person(), payees=[], signs_alone=True, agency="Sở", on=TODAY)
        text = pypdf.PdfReader(io.BytesIO(render_slip(form))).pages[0].extract_text()
        assert "PHIẾU ĐĂNG KÝ HÌNH THỨC NHẬN TRỢ CẤP" in text
        assert "Nguyễn Văn An" in text
        assert "097042000001" not in text


class TestSigner:
    @pytest.mark.parametrize(
        ("birth_year", "signer"), [(2015, "OWN"), (1942, "CARER"), (1942, "AUTHORISED"), (1942, "PARENT")]
    )
    def test_who_may_not_is_refused(self, known: Offices, birth_year: int, signer: str) -> None:
        put_right(known, birth=str(birth_year))
        with pytest.raises(WrongSigner):
            slip(known, signer_kind=signer)

    @pytest.mark.parametrize("typed", ["NGUYEN VAN AN", "nguyễn  văn an", "NguyễnVănAn"])
    def test_marks_capitals_and_spaces_of_the_name_do_not_matter(self, known: Offices, typed: str) -> None:
        assert slip(known, None, signer_name=typed).slip.signer_kind == "OWN"

    @pytest.mark.parametrize("typed", ["Trần Thị Khác", "Nguyễn Văn Anh", "."])
    def test_under_another_name_it_is_not_the_persons_own(self, known: Offices, typed: str) -> None:
        with pytest.raises(WrongSigner, match="khác họ tên người hưởng “Nguyễn Văn An”"):
            slip(known, signer_name=typed)
        assert not BankAccount.objects.exists()

    def test_an_agent_signs_in_the_name_of_the_paper(self, known: Offices) -> None:
        held = authorise(known, scope="RECEIVE_AND_SIGN")
        with pytest.raises(WrongSigner, match="khác người đã ghi theo giấy tờ"):
            slip(known, signer_kind="AUTHORISED", signer_name="Lê Văn Khác")
        assert slip(known, signer_kind="AUTHORISED", signer_name=held.full_name.upper()).account

    @pytest.mark.parametrize(("scope", "may"), [("RECEIVE", False), ("RECEIVE_AND_SIGN", True)])
    def test_an_agent_signs_only_with_a_paper_that_says_so(self, known: Offices, scope: str, may: bool) -> None:
        authorise(known, scope=scope)
        if may:
            assert slip(known, signer_kind="AUTHORISED", signer_name="Trần Thị Con").account
        else:
            with pytest.raises(WrongSigner, match="không cho ký"):
                slip(known, signer_kind="AUTHORISED", signer_name="Trần Thị Con")

    def test_a_childs_slip_is_the_parents(self, known: Offices) -> None:
        assert likely_signer(beneficiary=the_person(), on=TODAY_VN, signs_from_age=15) == (
            "OWN",
            the_person().full_name,
        )
        put_right(known, birth="2015")
        assert likely_signer(beneficiary=the_person(), on=TODAY_VN, signs_from_age=15) == ("PARENT", "")
        record_payee(
            beneficiary=the_person(),
            kind="PARENT",
            full_name="Trần Thị Mẹ",
            paper=Paper(valid_from=date(2020, 1, 1)),
            actor=known.maker,
            now=NOW,
        )
        assert likely_signer(beneficiary=the_person(), on=TODAY_VN, signs_from_age=15) == ("PARENT", "Trần Thị Mẹ")
        named = NamedAccount("970405", FIRST, "TRAN THI ME", "PARENT")
        assert (
            slip(known, account=named, signer_kind="PARENT", signer_name="tran thi me").account.name_verdict == "SAME"
        )


class TestChange:
    def test_is_usable_after_the_waiting_days(self, known: Offices, checker: User) -> None:
        in_use(known)
        change = slip(known, SECOND).change
        assert approve_changes(change_ids=[change.pk], actor=checker, now=NOW) == TODAY_VN + timedelta(days=10)
        with pytest.raises(ChangeAlreadyDecided):
            approve_changes(change_ids=[change.pk], actor=checker, now=NOW)

    def test_is_never_approved_by_who_asked(self, known: Offices, checker: User) -> None:
        old = in_use(known)
        new = slip(known, SECOND).account
        AccountChange.objects.filter(new_account=new)
        mine = AccountChange.objects.create(old_account=new, new_account=old, requested_by=checker, requested_at=NOW)
        with pytest.raises(RequesterCannotApprove):
            approve_changes(change_ids=[mine.pk], actor=checker, now=NOW)
        with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
            AccountChange.objects.filter(pk=mine.pk).update(
                status="APPROVED", decided_by=checker, decided_at=NOW, usable_from=TODAY
            )

    def test_refused_closes_the_new_account(self, known: Offices, checker: User) -> None:
        old = in_use(known)
        done = slip(known, SECOND)
        refuse_change(change_id=done.change.pk, note="Không phải người này", actor=checker, now=NOW)
        assert dict(BankAccount.objects.values_list("pk", "status")) == {old.pk: "VERIFIED", done.account.pk: "CLOSED"}

    @pytest.mark.parametrize("edit", [{"status": "PENDING"}, {"requested_at": datetime(2024, 1, 1).astimezone()}])
    def test_decided_is_never_undone(self, known: Offices, checker: User, edit: dict[str, object]) -> None:
        in_use(known)
        change = slip(known, SECOND).change
        approve_changes(change_ids=[change.pk], actor=checker, now=NOW)
        with pytest.raises(IntegrityError), transaction.atomic():
            AccountChange.objects.filter(pk=change.pk).update(**edit)


TODAY_VN = (NOW + timedelta(hours=7)).date()


def authorise(offices: Offices, *, until: date = date(2030, 1, 1), **changes: object) -> PayeeRelation:
    paper = Paper(number="12/CT", certified_by="UBND xã", valid_from=date(2024, 1, 1), valid_until=until, **changes)
    return record_payee(
        beneficiary=the_person(), kind="AUTHORISED", full_name="Trần Thị Con", paper=paper, actor=offices.maker, now=NOW,
        identity_number="097142000077", phone="0912345678",
    )  # fmt: skip


class TestPayees:
    def test_are_what_the_next_list_reads(self, known: Offices) -> None:
        authorise(known)
        assert Enrolment.objects.values_list("payee_kind", "payee_name", "payee_paper_until").get() == (
            "AUTHORISED",
            "Trần Thị Con",
            date(2030, 1, 1),
        )

    @pytest.mark.parametrize(
        "paper", [Paper(), Paper(number="1", certified_by="x"), Paper("1", None, "x", None, date(2020, 1, 1))]
    )
    def test_a_power_of_attorney_without_number_certifier_or_term_is_refused(
        self, known: Offices, paper: Paper
    ) -> None:
        with pytest.raises(PayeeInvalid):
            record_payee(
                beneficiary=the_person(), kind="AUTHORISED", full_name="A B", paper=paper, actor=known.maker, now=NOW
            )

    @pytest.mark.parametrize("kind", ["GUARDIAN", "CARER"])
    def test_a_guardian_or_carer_with_nothing_but_a_name_is_refused(self, known: Offices, kind: str) -> None:
        before = Enrolment.objects.values_list("payee_kind", "payee_name").get()
        with pytest.raises(PayeeInvalid, match="phải có số"):
            record_payee(
                beneficiary=the_person(), kind=kind, full_name="Lê Thị Ba", paper=Paper(), actor=known.maker, now=NOW
            )
        assert Enrolment.objects.values_list("payee_kind", "payee_name").get() == before

    def test_a_paper_that_ends_is_past_its_term(self, known: Offices) -> None:
        end_payee(relation=authorise(known), reason="REVOKED", on=TODAY, actor=known.maker, now=NOW)
        assert Enrolment.objects.get().payee_paper_until == TODAY - timedelta(days=1)

    def test_death_ends_a_power_of_attorney(self, known: Offices) -> None:
        authorise(known)
        the_person().identity.__class__.objects.update(deceased_on=TODAY)
        assert end_payees_of_the_dead(on=TODAY, now=NOW) == 1
        assert PayeeRelation.objects.get().end_reason == "DECEASED"

    @pytest.mark.parametrize(("died_on", "ended"), [(TODAY, 1), (TODAY + timedelta(days=1), 0), (None, 0)])
    def test_a_death_the_registry_told_ends_it_as_the_extracts_does(self, known: Offices, died_on, ended) -> None:
        authorise(known)
        LifeStatus.objects.create(beneficiary=the_person(), deceased_on=died_on, settled_at=NOW)
        assert end_payees_of_the_dead(on=TODAY, now=NOW) == ended
        assert PayeeRelation.objects.filter(ended_on=TODAY, end_reason="DECEASED").count() == ended
        assert (Enrolment.objects.get().payee_paper_until < TODAY) is bool(ended)

    @pytest.mark.parametrize(("days", "cases"), [(30, 1), (31, 0)])
    def test_are_warned_of_thirty_days_before(self, known: Offices, days: int, cases: int) -> None:
        authorise(known, until=TODAY + timedelta(days=days))
        assert warn_of_papers(on=TODAY, now=NOW) == cases

    def test_are_never_edited(self, known: Offices) -> None:
        authorise(known)
        with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
            PayeeRelation.objects.update(valid_until=date(2040, 1, 1))

    def test_whose_paper_begins_later_receive_from_that_day(self, known: Offices) -> None:
        Enrolment.objects.update(recorded_at=NOW)
        begins = TODAY + timedelta(days=10)
        paper = Paper(number="9/CT", certified_by="UBND xã", valid_from=begins, valid_until=date(2030, 1, 1))
        record_payee(
            beneficiary=the_person(), kind="AUTHORISED", full_name="Lê Văn Sau", paper=paper, actor=known.maker, now=NOW
        )
        assert [begin_payees(on=begins - timedelta(days=1)), Enrolment.objects.get().payee_kind] == [0, "OWN"]
        assert [begin_payees(on=begins), Enrolment.objects.get().payee_name] == [1, "Lê Văn Sau"]
        assert begin_payees(on=begins) == 0

    def test_a_death_taken_back_ends_none_however_long_the_extract_repeats_it(self, known: Offices) -> None:
        authorise(known)
        the_person().identity.__class__.objects.update(deceased_on=TODAY)
        LifeStatus.objects.create(beneficiary=the_person(), not_deceased_on=TODAY, settled_at=NOW)
        assert end_payees_of_the_dead(on=TODAY, now=NOW) == 0

    def test_one_replaced_from_a_later_day_receives_until_then_and_the_next_from_then_whatever_ends_later(
        self, known: Offices
    ) -> None:
        Enrolment.objects.update(recorded_at=NOW)
        guard(known, "Lê Văn Trước")
        later, last = TODAY + timedelta(days=10), TODAY + timedelta(days=20)
        second = guard(known, "Lê Văn Sau", begins=later)
        guard(known, "Lê Văn Cuối", begins=last)  # now the second has an end ahead of it too
        receives = []
        for day in (TODAY, later, last):
            begin_payees(on=day)
            receives.append(Enrolment.objects.get().payee_name)
        assert receives == ["Lê Văn Trước", "Lê Văn Sau", "Lê Văn Cuối"]
        with pytest.raises(PayeeAlreadyEnded):
            end_payee(relation=second, reason="REVOKED", on=last, actor=known.maker, now=NOW)

    def test_one_who_is_to_end_receives_until_that_day(self, known: Offices) -> None:
        Enrolment.objects.update(recorded_at=NOW)
        ends = TODAY + timedelta(days=10)
        end_payee(relation=guard(known, "Lê Văn Trước"), reason="REVOKED", on=ends, actor=known.maker, now=NOW)
        receives = []
        for day in (TODAY, ends):
            begin_payees(on=day)
            receives.append(Enrolment.objects.get().payee_kind)
        assert receives == ["GUARDIAN", "OWN"]

    @pytest.mark.parametrize("by", ["revoked", "replaced"])
    def test_a_power_of_attorney_is_good_until_its_end_whatever_the_nights_before(
        self, known: Offices, by: str
    ) -> None:
        """A list made before the end and paid after it pays the person, not the agent of then."""
        Enrolment.objects.update(recorded_at=NOW)
        begins, ends = TODAY + timedelta(days=5), TODAY + timedelta(days=15)

        def agent(name: str, begins: date) -> PayeeRelation:
            paper = Paper(number="9/CT", certified_by="UBND xã", valid_from=begins, valid_until=date(2030, 1, 1))
            given = {"kind": "AUTHORISED", "full_name": name, "paper": paper, "replaces": True}
            return record_payee(beneficiary=the_person(), actor=known.maker, now=NOW, **given)

        first = agent("Lê Văn Trước", begins)
        begin_payees(on=begins)
        if by == "revoked":
            end_payee(relation=first, reason="REVOKED", on=ends, actor=known.maker, now=NOW)
        else:
            agent("Lê Văn Sau", ends)
        good_until = [Enrolment.objects.get().payee_paper_until]
        begin_payees(on=begins + timedelta(days=1))
        good_until.append(Enrolment.objects.get().payee_paper_until)
        assert good_until == [ends - timedelta(days=1)] * 2

    def test_an_agent_who_is_to_be_replaced_and_dies_before_ends_at_once(self, known: Offices) -> None:
        first = authorise(known)
        paper = Paper(
            number="9/CT", certified_by="UBND xã", valid_from=TODAY + timedelta(days=9), valid_until=date(2030, 1, 1)
        )
        record_payee(
            beneficiary=the_person(),
            kind="AUTHORISED",
            full_name="Lê Văn Sau",
            paper=paper,
            replaces=True,
            actor=known.maker,
            now=NOW,
        )
        the_person().identity.__class__.objects.update(deceased_on=TODAY)
        end_payees_of_the_dead(on=TODAY, now=NOW)
        first.refresh_from_db()
        assert (first.ended_on, first.end_reason) == (TODAY, "DECEASED")


def guard(offices: Offices, name: str, *, begins: date | None = None) -> PayeeRelation:
    return record_payee(
        beneficiary=the_person(), kind="GUARDIAN", full_name=name, paper=Paper(number="12/TL", valid_from=begins),
        actor=offices.maker, now=NOW,
    )  # fmt: skip


class TestHolder:
    @pytest.fixture
    def bank(self) -> FakeAccounts:
        return FakeAccounts()

    @pytest.mark.parametrize(
        ("name", "holding", "outcome"),
        [
            ("NGUYEN VAN AN", Holding.OPEN, ("OPENED", "")),
            ("NG VAN AN", Holding.OPEN, ("OPENED", "NAME_MISMATCH")),
            ("NGUYEN VAN AN", Holding.CLOSED, ("CLOSED", "ACCOUNT_CLOSED")),
            ("NGUYEN VAN AN", Holding.RESTRICTED, ("OPENED", "ACCOUNT_BLOCKED")),
            ("", Holding.NO_ACCOUNT, ("OPENED", "INVALID_ACCOUNT")),
        ],
    )
    def test_is_what_the_bank_says(self, known, bank, name, holding, outcome) -> None:
        slip(known)
        if holding is not Holding.NO_ACCOUNT:
            bank.know(bank_bin="970405", account_number=FIRST, holder_name=name, holding=holding)
        check_holders(bank=bank, now=NOW)
        assert BankAccount.objects.values_list("status", "reason").get() == outcome
        told = [] if outcome[1] == "" else [("ACCOUNT", outcome[1])]
        assert (
            list(Case.objects.values_list("kind", "reason")) == told
        )  # whoever can't be paid into it is somebody's work

    @pytest.mark.parametrize(("name", "reason"), [("NGUYEN VAN BAN", ""), ("NGUYEN VAN AN", "NAME_CHANGED")])
    def test_of_somebody_renamed_is_asked_anew_and_not_every_night(self, known, bank, name, reason) -> None:
        account = slip(known).account
        BankAccount.objects.update(opened_on=SIGNED, reason="")
        verify_accounts(on=TODAY)
        put_right(known, full_name="Nguyễn Văn Bân")
        assert BankAccount.objects.get().reason == "NAME_CHANGED"
        bank.know(bank_bin="970405", account_number=FIRST, holder_name=name)
        check_holders(bank=bank, now=NOW + timedelta(days=1))
        account.refresh_from_db()
        assert (account.status, account.reason) == ("OPENED", reason)
        assert not to_ask(now=NOW + timedelta(days=2)).exists()
        assert to_ask(now=NOW + timedelta(days=40)).exists() is bool(reason)

    def test_nearly_the_same_is_confirmed_by_a_person_and_then_verified(self, known, checker) -> None:
        account = slip(known, holder="NG VAN AN").account
        confirm_holder_name(account=account, note="Xem căn cước", actor=checker, now=NOW)
        BankAccount.objects.update(opened_on=SIGNED)
        assert verify_accounts(on=TODAY) == 1

    def test_of_somebody_else_is_nobodys_to_confirm(self, known, checker) -> None:
        with pytest.raises(NameNotInReview):
            confirm_holder_name(account=slip(known, holder="TRAN THI BAY").account, note="?", actor=checker, now=NOW)


class TestVneid:
    def deliver(self, offices: Offices, number: str = FIRST, **changes: object):
        row = {
            "identity": "097042000001",
            "name": "x",
            "bank": "Agribank",
            "number": number,
            "holder": "NGUYEN VAN AN",
            "registered": "01/06/2024",
        }
        content = table([{**row, **changes}], columns=VNEID_COLUMNS)
        return import_vneid(content=content, unit=offices.province, actor=offices.maker, now=NOW)

    def test_gives_a_person_an_account_once(self, known: Offices) -> None:
        assert (self.deliver(known).applied, self.deliver(known).repeated) == (1, True)
        assert BankAccount.objects.values_list("source", "status", "reason").get() == (
            "VNEID",
            "OPENED",
            "ACCOUNT_PENDING",
        )

    def test_that_replaces_an_account_waits_for_a_second_person(self, known: Offices) -> None:
        in_use(known)
        self.deliver(known, SECOND)
        assert AccountChange.objects.get().status == "PENDING"

    def test_in_another_name_is_somebodys_work(self, known: Offices) -> None:
        self.deliver(known, holder="TRAN THI BAY")
        assert BankAccount.objects.get().reason == "NAME_MISMATCH"
        assert Case.objects.values_list("kind", "reason").get() == ("ACCOUNT", "NAME_MISMATCH")

    @pytest.mark.parametrize(
        "row",
        [
            {"identity": "097042999999"},
            {"bank": "Ngân hàng lạ"},
            {"registered": ""},
            {"registered": f"{TODAY + timedelta(days=1):%d/%m/%Y}"},
        ],
    )
    def test_names_what_it_can_not_use(self, known: Offices, row: dict[str, str]) -> None:
        done = self.deliver(known, **row)
        assert (done.applied, len(done.problems), BankAccount.objects.count()) == (0, 1, 0)


class TestFlags:
    def share(self, offices: Offices, count: int, *, kind: str) -> None:
        offices.receive(*people(count + 1)[1:])
        number = keep_account_numbers([("970405", "777000")])["970405", "777000"]
        for who in Beneficiary.objects.exclude(pk=the_person().pk).order_by("pk")[:count]:
            BankAccount.objects.create(
                beneficiary=who, number_id=number, bank_bin="970405", source="BANK", status="OPENED", holder_kind=kind
            )

    @pytest.mark.parametrize(
        ("count", "kind", "code"),
        [(2, "GUARDIAN", None), (2, "CARER", None), (5, "PARENT", "MANY_DEPENDANTS"), (2, "OWN", "OWN_OF_SEVERAL"),
         (2, "AUTHORISED", None), (3, "AUTHORISED", "MANY_PRINCIPALS")],
    )  # fmt: skip
    def test_a_mother_or_carer_is_usual_and_strangers_are_not(self, known: Offices, count, kind, code) -> None:
        self.share(known, count, kind=kind)
        assert {row.code for row in find_flags(unit=known.province, now=NOW)} == ({code} if code else set())
        assert flag_accounts(now=NOW) == (count if code else 0)
        assert flag_accounts(now=NOW) == 0

    def test_staff_as_agents_are_shown(self, known: Offices) -> None:
        authorise(known)
        User.objects.filter(pk=known.officers[HOME].pk).update(full_name="TRẦN THỊ CON")
        assert [row.code for row in find_flags(unit=known.units[HOME], now=NOW)] == ["AGENT_IS_STAFF"]


class TestCoverage:
    def test_is_of_the_day_whatever_came_later(self, known: Offices) -> None:
        account = in_use(known)
        close_account(
            account=account, reason="ACCOUNT_CLOSED", note="x", on=date(2024, 9, 10), actor=known.maker, now=NOW
        )

        def had(on: date) -> int:
            return sum(row.accounts for row in coverage(unit=known.province, on=on, by=BreakDown.SEX, whole=True))

        assert [had(day) for day in (SIGNED - timedelta(days=1), SIGNED, date(2024, 9, 9), date(2024, 9, 10))] == [
            0,
            1,
            1,
            0,
        ]
        assert Case.objects.filter(kind="ACCOUNT", reason="ACCOUNT_CLOSED").exists()

    @pytest.mark.parametrize("by", BreakDown)
    def test_every_break_down_adds_up(self, known: Offices, by: BreakDown) -> None:
        in_use(known)
        rows = coverage(unit=known.province, on=TODAY, by=by, whole=True)
        assert (sum(row.beneficiaries for row in rows), sum(row.accounts for row in rows)) == (1, 1)
        assert all(row.accounts == row.own + row.guardian + row.authorised for row in rows)

    def test_the_funnel_goes_step_by_step(self, known: Offices) -> None:
        def step(on: date = TODAY) -> str:
            return next(name for name, people in funnel(unit=known.province, on=on).items() if people)

        assert step() == "NOT_REACHED"
        slip(known, None)
        assert step() == "CASH_CHOSEN"
        account = slip(known, signed_on=TODAY).account
        assert step() == "OPENED"
        BankAccount.objects.filter(pk=account.pk).apply(AccountCause.VERIFY, now=NOW, on=TODAY, actor=None, reason="")
        assert (step(), step(TODAY - timedelta(days=1))) == ("VERIFIED", "CASH_CHOSEN")

    def test_the_funnel_counts_as_confirmed_what_a_bank_confirmed_for_an_earlier_day(self, known: Offices) -> None:
        account = slip(known, signed_on=TODAY).account
        earlier = TODAY - timedelta(days=5)
        BankAccount.objects.filter(pk=account.pk).apply(AccountCause.VERIFY, now=NOW, on=earlier, actor=None, reason="")
        for day in (earlier, TODAY):
            assert funnel(unit=known.province, on=day)["VERIFIED"] == 1


def test_a_slip_signed_today_is_taken_before_seven_in_the_morning(known: Offices) -> None:
    early = datetime.combine(TODAY, datetime.min.time(), tzinfo=timezone.get_default_timezone()) + timedelta(hours=6)

    assert slip(known, signed_on=TODAY, now=early).slip.signed_on == TODAY


def test_what_was_rejected_about_a_paper_is_not_asked_again_every_night(known: Offices, checker: User) -> None:
    paper = Paper(number="12", certified_by="UBND xã", valid_until=TODAY + timedelta(days=20))
    officer = known.officers[HOME]
    record_payee(
        beneficiary=the_person(), kind="AUTHORISED", full_name="Lê Thị Hoa", paper=paper, actor=officer, now=NOW
    )
    assert warn_of_papers(on=TODAY, now=NOW) == 1
    case = Case.objects.get(reason="AUTHORISATION_ENDS_SOON")
    reject_case(case_id=case.pk, actor=officer, note="Đã làm giấy mới.", document="", now=NOW)

    assert warn_of_papers(on=TODAY, now=NOW) == 0
    assert case.due_on is not None
