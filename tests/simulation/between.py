"""What happens to people and funds between list and payment: an account is lost, a record corrected, money put in, a letter wrong and taken back."""

import io
from contextlib import suppress

from django.utils import timezone
from PIL import Image

from beneficiaries.models import BankAccount, Beneficiary, Correction
from beneficiaries.services.accounts.change_account import close_account
from beneficiaries.services.corrections.asked import Asked, ProvingPaper
from beneficiaries.services.corrections.propose import propose_correction
from payments.models import Finding, FundingAccount, Payment, PaymentBatch
from payments.services.corrections import confirm
from payments.services.learning.findings import contradicted_payments
from payments.services.ledger.funding import record_top_up
from payments.services.lists.replace_lost import replace_lost
from payments.states import Cause
from staff.errors import Refusal
from tests.payments.province import AUGUST
from tests.simulation.bank import PUT_IN
from tests.simulation.offices import Offices
from tests.simulation.steps import Step

PAPER = {"kind": "ID_CARD", "number": "CC-1", "issued_on": AUGUST, "issuer": "Công an"}
CORRECTED = Asked(full_name="Nguyễn Văn Sửa")


def _letter(shade: int) -> bytes:
    picture = io.BytesIO()
    Image.new("L", (1, 1), shade).save(picture, "PNG")
    return picture.getvalue()


ABOUT_SOMEBODY_ELSE = _letter(7)


class Between(Offices):
    """Steps of clerks who keep accounts, records and funds, and of who takes a wrong letter back."""

    def _lose_account(self, step: Step) -> str:
        """The account of somebody is closed; they may have no other."""
        accounts = list(BankAccount.objects.exclude(status="CLOSED").order_by("pk"))
        if not accounts:
            return "done"

        def work() -> None:
            close_account(
                account=accounts[step.number % len(accounts)],
                reason="ACCOUNT_CLOSED",
                note="",
                on=timezone.localdate(self.clock()),
                actor=self.province.staff["MAKER"],
                now=self.clock(),
            )

        return self._let(step, work, Refusal)

    def _replace_lost(self, step: Step) -> str:
        """Whoever made the lists in draft puts those without an account on lists of their own."""

        def work() -> None:
            for batch_id in PaymentBatch.objects.filter(status="DRAFT").order_by("pk").values_list("pk", flat=True):
                with suppress(Refusal):
                    replace_lost(batch_id=batch_id, actor=self.province.staff["MAKER"], now=self.clock())

        return self._let(step, work, Refusal)

    def _correct_record(self, step: Step) -> str:
        """A name is corrected by two people; who died before the second one leaves it waiting."""
        people = list(Beneficiary.objects.order_by("pk").values_list("pk", flat=True))
        person = people[step.number % len(people)]

        def work() -> None:
            asked = Correction.objects.filter(beneficiary=person, status="PROPOSED").first() or propose_correction(
                beneficiary_id=person,
                asked=CORRECTED,
                paper=ProvingPaper(**PAPER),
                reason="Gõ sai",
                actor=self.province.staff["MAKER"],
                now=self.clock(),
            )
            confirm(
                correction_id=asked.pk, actor=self.province.staff["CHECKER"], now=self.clock(), seen="Xem bản chính"
            )

        self.stage.moved = True
        return self._let(step, work, Refusal)

    def _top_up(self, step: Step) -> str:
        """The Treasury puts into every account what a month needs; it is there whether or not anybody records it."""
        today, reference = timezone.localdate(self.clock()), f"CAP-{len(self.bank.put_in) + 1}"
        self.bank.put_into_all(reference)

        def work() -> None:
            for account in FundingAccount.objects.order_by("pk"):
                record_top_up(
                    account=account,
                    reference=f"{reference}-{account.bank_account_id}",
                    amount=PUT_IN,
                    booked_on=today,
                    actor=self.province.staff["CHECKER"],
                    now=self.clock(),
                )

        return self._let(step, work, Refusal)

    def _wrong_letter(self, step: Step) -> str:
        """The letter says that somebody has the money who has not: it is about somebody else."""

        def work() -> None:
            for payment in contradicted_payments(unit=self.province.units["97"]):
                if not self._has_it(payment.end_to_end_id):
                    self.promises.lied_about.add(payment.end_to_end_id)
                    self._file_letter(payment, Finding.Outcome.ARRIVED, content=ABOUT_SOMEBODY_ELSE)

        return self._let(step, work, Refusal)

    def _take_letter_back(self, step: Step) -> str:
        """Another letter, and a true one: what a letter said to have arrived did not."""

        def work() -> None:
            for payment in Payment.objects.filter(cause=Cause.FOUND_ARRIVED).order_by("pk"):
                if not self._has_it(payment.end_to_end_id):
                    self._file_letter(payment, Finding.Outcome.LEFT_NOTHING)

        return self._let(step, work, Refusal)
