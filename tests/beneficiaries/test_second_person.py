"""A new way for money to go is decided by two people, wherever we learned of the account: a bank's list, a request, a registry, a review."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from banks.fake_accounts import FakeAccounts
from beneficiaries.errors import ChangeAlreadyPending, RequesterCannotApprove
from beneficiaries.models import AccountChange, BankAccount, Beneficiary
from beneficiaries.services.accounts.change_account import approve_changes, refuse_change
from beneficiaries.services.accounts.open_accounts import note_needed, request_accounts
from beneficiaries.services.accounts.register_slip import NamedAccount, register_slip
from beneficiaries.services.accounts.send_openings import fetch_openings, send_openings
from beneficiaries.services.identity.match import match_people
from beneficiaries.services.identity.review_lists import import_reviews
from beneficiaries.services.intake.lists import import_accounts, verify_accounts
from staff.models import Role, User
from tests.beneficiaries.office_files import account_file, person, review_file
from tests.beneficiaries.offices import HOME, NOW, TODAY, Offices, the_person
from tests.payments.province import Clock

AGRIBANK = "970405"
COOLED = (NOW + timedelta(hours=7)).date() + timedelta(days=10)


@pytest.fixture
def known(offices: Offices) -> Offices:
    offices.know_residents({})
    offices.receive(person())
    match_people(actor_id=offices.maker.pk, now=NOW)
    return offices


@pytest.fixture
def reviewed(offices: Offices) -> Offices:
    """One person's word, and no account yet: the maker said who Nguyễn Văn An is."""
    offices.know_residents({})
    offices.receive(person(number=""))
    match_people(actor_id=offices.maker.pk, now=NOW)
    Beneficiary.objects.update(identity_status="REVIEW", identity=None)
    import_reviews(content=review_file({}), unit=offices.province, actor=offices.maker, now=NOW)
    assert the_person().identity_status == "MATCHED"
    return offices


@pytest.fixture
def checker(offices: Offices) -> User:
    return User.objects.create(
        username="kt", password="!", full_name="Kế toán", role=Role.CHECKER, unit=offices.province
    )


def deliver(offices: Offices, number: str) -> BankAccount:
    """The bank's list says this account was opened for the person of the first enrolment."""
    import_accounts(
        content=account_file({"number": number}), bank_bin=AGRIBANK, unit=offices.province, actor=offices.maker, now=NOW
    )
    return BankAccount.objects.latest("pk")


class TestABanksList:
    def test_with_a_first_account_asks_nobody(self, known: Offices) -> None:
        deliver(known, "5550100001")
        assert not AccountChange.objects.exists()

    def test_with_another_account_than_the_one_in_use_is_a_change(self, known: Offices, checker: User) -> None:
        old = deliver(known, "5550100001")
        verify_accounts(on=TODAY)
        new = deliver(known, "5550100002")

        change = AccountChange.objects.get()
        assert (change.old_account, change.new_account, change.requested_by) == (old, new, known.maker)
        assert approve_changes(change_ids=[change.pk], actor=checker, now=NOW) == COOLED

    def test_told_twice_asks_once(self, known: Offices) -> None:
        deliver(known, "5550100001")
        verify_accounts(on=TODAY)
        deliver(known, "5550100002")
        import_accounts(
            content=account_file({"number": "5550100002", "holder": "NGUYEN VAN ANH"}),
            bank_bin=AGRIBANK, unit=known.province, actor=known.maker, now=NOW,
        )  # fmt: skip
        assert AccountChange.objects.count() == 1

    def test_of_what_is_in_use_already_asks_nobody(self, known: Offices) -> None:
        """Two accounts paid since before our time: the bank's word about the second is no change."""
        for number in ("5550100001", "5550100002"):
            deliver(known, number)
        BankAccount.objects.update(last_credited_month="2024-05-01")
        AccountChange.objects.all()
        import_accounts(
            content=account_file({"number": "5550100002", "holder": "NGUYEN VAN ANH"}),
            bank_bin=AGRIBANK, unit=known.province, actor=known.maker, now=NOW,
        )  # fmt: skip
        assert not AccountChange.objects.exists()


class TestAWardsList:
    def test_that_names_another_account_of_somebody_known_is_a_change(self, known: Offices) -> None:
        old = deliver(known, "5550100001")
        verify_accounts(on=TODAY)
        row = person(code="97101-000002", programme="NCC", category="TB-1", account="5550100002", bank="Agribank")
        known.receive(row, by="97")

        change = AccountChange.objects.get()
        assert (change.old_account, change.new_account.source) == (old, "REGISTRY")


class TestOneReviewersWord:
    def open_by_api(self, offices: Offices) -> BankAccount:
        clock = Clock(now=NOW)
        bank = FakeAccounts(now=clock)
        note_needed(unit=offices.province, actor=offices.maker, now=NOW)
        request_accounts(unit=offices.province, bank_bin=AGRIBANK, way="API", actor=offices.maker, now=NOW)
        send_openings(bank=bank, clock=clock)
        bank.decide()
        fetch_openings(bank=bank, now=clock())
        return BankAccount.objects.get()

    def by_list(self, offices: Offices) -> BankAccount:
        return deliver(offices, "5550100001")

    def by_slip(self, offices: Offices) -> BankAccount:
        done = register_slip(
            beneficiary=the_person(), method="ACCOUNT", account=NamedAccount(AGRIBANK, "5550100001", "NGUYEN VAN AN"),
            signed_on=TODAY, signer_kind="OWN", signer_name="Nguyễn Văn An", actor=offices.officers[HOME], now=NOW,
        )  # fmt: skip
        assert done.account is not None
        return done.account

    @pytest.mark.parametrize("learn", [open_by_api, by_list, by_slip])
    def test_keeps_a_first_account_waiting_for_somebody_else(
        self, reviewed: Offices, checker: User, learn: Callable[..., BankAccount]
    ) -> None:
        account = learn(self, reviewed)

        change = AccountChange.objects.get()
        assert (change.old_account, change.new_account, change.requested_by) == (None, account, reviewed.maker)
        # Nothing cools off where no other account is left behind.
        usable_from = approve_changes(change_ids=[change.pk], actor=checker, now=NOW)
        assert usable_from == COOLED - timedelta(days=10)

    def test_is_never_the_second_one_too(self, reviewed: Offices) -> None:
        self.by_list(reviewed)
        User.objects.filter(pk=reviewed.maker.pk).update(role=Role.CHECKER)
        with pytest.raises(RequesterCannotApprove):
            approve_changes(
                change_ids=[AccountChange.objects.get().pk], actor=User.objects.get(pk=reviewed.maker.pk), now=NOW
            )

    def test_refused_closes_the_account(self, reviewed: Offices, checker: User) -> None:
        self.by_list(reviewed)
        refuse_change(change_id=AccountChange.objects.get().pk, note="Không phải người này", actor=checker, now=NOW)
        assert BankAccount.objects.get().status == "CLOSED"

    def test_lets_no_other_account_pass_meanwhile(self, reviewed: Offices) -> None:
        self.by_list(reviewed)
        with pytest.raises(ChangeAlreadyPending):
            register_slip(
                beneficiary=the_person(), method="ACCOUNT", account=NamedAccount(AGRIBANK, "5550100009", "NGUYEN VAN AN"),
                signed_on=TODAY, signer_kind="OWN", signer_name="Nguyễn Văn An", actor=reviewed.officers[HOME], now=NOW,
            )  # fmt: skip

    def test_given_while_an_account_on_a_slip_waits_is_a_proposal(self, offices: Offices) -> None:
        offices.know_residents({})
        offices.receive(person(number=""))
        match_people(actor_id=offices.maker.pk, now=NOW)
        Beneficiary.objects.update(identity_status="REVIEW", identity=None)
        self.by_slip(offices)
        import_reviews(content=review_file({}), unit=offices.province, actor=offices.maker, now=NOW)
        assert the_person().identity_status == "REVIEW"

    def test_confirmed_by_matching_is_enough(self, known: Offices) -> None:
        self.by_list(known)
        assert not AccountChange.objects.exists()
