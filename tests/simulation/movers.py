"""Who moves to the other district: the old commune decides, then the new one; and who names another account, which a second person approves."""

from django.utils import timezone

from beneficiaries.models import AccountChange, BankAccount, Enrolment
from beneficiaries.services.accounts.change_account import approve_changes, begin_change
from beneficiaries.services.decisions import Draft, record_decision, take_in
from beneficiaries.services.numbers import keep_account_numbers
from payments.models import Payment
from staff.errors import Refusal
from tests.payments.province import AUGUST, BANK_BIN, JULY, SEPTEMBER
from tests.simulation.scene import Scene
from tests.simulation.steps import Step

LEAVES_AFTER = {"july": (JULY, AUGUST), "august": (AUGUST, SEPTEMBER)}


class Movers(Scene):
    """Steps of commune officers and of those who keep accounts."""

    def _move_out(self, step: Step) -> str:
        """Somebody leaves for the other district; "july": with a last month of which the list is made already, which is refused."""
        enrolments = list(Enrolment.objects.filter(continues=None).select_related("unit").order_by("pk"))
        enrolment = enrolments[step.number % len(enrolments)]
        last, effective = LEAVES_AFTER[step.word]
        draft = Draft(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND",
            kind="TRANSFER_OUT",
            number=f"{enrolment.pk}/QĐ-CĐ",
            signed_on=timezone.localdate(self.clock()),
            effective_month=effective,
            last_month=last,
            to_unit_id=self.province.units["97101" if enrolment.unit.code == "97201" else "97201"].pk,
        )
        actor = self.province.staff["MAKER"]
        self.stage.moved = True
        return self._let(
            step, lambda: record_decision(enrolment=enrolment, draft=draft, actor=actor, now=self.clock()), Refusal
        )

    def _arrive_there(self, step: Step) -> str:
        """The new commune takes in everybody on the way to it."""

        def work() -> None:
            for moved in Enrolment.objects.exclude(moved_to=None).order_by("pk"):
                draft = Draft(
                    signer="Nguyễn Văn Chủ, Chủ tịch UBND",
                    kind="TRANSFER_IN",
                    number=f"{moved.pk}/QĐ-TN",
                    signed_on=timezone.localdate(self.clock()),
                    effective_month=SEPTEMBER,
                )
                actor = self.province.staff["MAKER"]
                take_in(moved=moved, code=f"{moved.code}-M", draft=draft, actor=actor, now=self.clock())

        self.stage.moved = True
        return self._let(step, work, Refusal)

    def _name_account(self, step: Step) -> str:
        """Somebody names another account; it waits for a second person, then cools off. "payee": of that payment, else of that enrolment."""
        if step.word == "payee":
            payments = list(Payment.objects.select_related("beneficiary").order_by("pk"))
            person = payments[step.number % len(payments)].beneficiary
        else:
            enrolments = list(Enrolment.objects.filter(continues=None).select_related("beneficiary").order_by("pk"))
            person = enrolments[step.number % len(enrolments)].beneficiary
        number = f"7770{person.pk:06d}"

        def work() -> None:
            kept = keep_account_numbers([(BANK_BIN, number)])[BANK_BIN, number]
            account, made = BankAccount.objects.get_or_create(
                beneficiary=person,
                number_id=kept,
                defaults={
                    "bank_bin": BANK_BIN,
                    "holder_name": person.full_name,
                    "status": "VERIFIED",
                    "source": "SLIP",
                },
            )
            if made:
                begin_change(account=account, actor=self.province.staff["MAKER"], now=self.clock())

        return self._let(step, work, Refusal)

    def _approve_account(self, step: Step) -> str:
        """By a second person; number 1: by who asked for it, which is refused."""
        actor = self.province.staff["MAKER" if step.number else "CHECKER"]

        def work() -> None:
            waiting = list(AccountChange.objects.filter(status="PENDING").order_by("pk").values_list("pk", flat=True))
            approve_changes(change_ids=waiting, actor=actor, now=self.clock())

        return self._let(step, work, Refusal)
