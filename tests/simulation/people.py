"""What people do in a schedule: sign, take off, freeze, pay another way, end an enquiry; each by the service the product uses for it."""

import base64
import io
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

from django.db.models import Max, Q

from banks.errors import BankError
from beneficiaries.models import BankAccount
from payments.errors import (
    NoRefusedFile,
)
from payments.models import Cycle, Enquiry, Freeze, Payment, PaymentBatch
from payments.services.files.confirm import confirm_unpaid_in_files
from payments.services.files.offer_again import offer_again
from payments.services.learning.confirm import confirm_unpaid
from payments.services.learning.end_enquiry import answer_enquiry, end_enquiry, take_enquiry, unknown_outcomes
from payments.services.lists.build_lists import build_lists
from payments.services.lists.close_cycle import close_cycle
from payments.services.lists.reissue import reissue
from payments.services.signing.freeze import freeze, lift
from payments.services.signing.sign import approve, release, return_for_revision, submit
from reconciliation.models import Statement
from reconciliation.services.statements.import_statement import import_statements
from staff.errors import Refusal
from staff.time_zone import VIETNAM
from tests.payments.province import AUGUST, SEPTEMBER
from tests.simulation.scene import Scene
from tests.simulation.steps import TURN, Step

OCTOBER = date(2024, 10, 1)
WHOSE_TURN = {"MAKER": "DRAFT", "CHECKER": "SUBMITTED", "RELEASER": "APPROVED"}
BEFORE = {SEPTEMBER: AUGUST, OCTOBER: SEPTEMBER}
LETTER = base64.b64decode(  # a PNG of one pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGM4AQAAygDJmcpdfgAAAABJRU5ErkJggg=="
)


class People(Scene):
    """Steps of clerks, accountants and releasers."""

    def _submit(self, step: Step) -> str:
        return self._sign(step, submit, "MAKER")

    def _approve(self, step: Step) -> str:
        return self._sign(step, approve, "MAKER" if step.number == 1 else "CHECKER")

    def _release(self, step: Step) -> str:
        return self._sign(step, release, "RELEASER", bank=self.bank)

    def _sign(self, step: Step, use: Callable[..., object], role: str, **given: object) -> str:
        newest = PaymentBatch.objects.order_by("-cycle__month").values_list("cycle__month", flat=True).first()
        actor = self.province.staff[role]
        if step.number != TURN:
            ids = self._lists(cycle__month=newest)
            return self._let(
                step, lambda: use(batch_ids=ids, actor=actor, now=self.clock(), **given), Refusal, BankError
            )

        def one_by_one() -> None:
            for batch_id in self._lists(cycle__month=newest, status=WHOSE_TURN[role]):
                with suppress(Refusal, BankError):
                    use(batch_ids=[batch_id], actor=actor, now=self.clock(), **given)

        return self._let(step, one_by_one)

    def _lists(self, **of: object) -> list[int]:
        """Without the one of the first day that nobody touches, where only one goes out."""
        mine = PaymentBatch.objects.filter(**of)
        if self.schedule.alone:
            mine = mine.exclude(
                ~Q(funding_account__bank_account_id=self.schedule.alone),
                cycle__month=AUGUST,
                sequence=0,
                funding_account__isnull=False,
            )
        return list(mine.order_by("pk").values_list("pk", flat=True))

    def _give_back_list(self, step: Step) -> str:
        ids = self._lists()[:2]
        actor = self.province.staff["CHECKER"]
        return self._let(
            step, lambda: return_for_revision(batch_ids=ids, actor=actor, note="Xem lại", now=self.clock()), Refusal
        )

    def _stop(self, step: Step) -> str:
        ids = list(Payment.objects.order_by("pk").values_list("pk", flat=True))
        payment = Payment.objects.select_related("batch").get(pk=ids[step.number % len(ids)])
        return self._let(step, lambda: self.province.take_off(payment), Refusal)

    def _pause(self, step: Step) -> str:
        batch = PaymentBatch.objects.order_by("pk").first()
        PaymentBatch.objects.filter(pk=batch.pk if batch else 0).update(paused=not (batch and batch.paused))
        return "done"

    def _next_month(self, step: Step) -> str:
        """Confirm what left nothing, build, and have three people sign: the money goes a second way, once."""

        def work() -> None:
            self._confirm_all()
            built = set(Cycle.objects.values_list("month", flat=True))
            month = OCTOBER if step.word == "third" and SEPTEMBER in built else SEPTEMBER
            if month not in built:
                build_lists(
                    month=month,
                    listed_on=BEFORE[month].replace(day=18),
                    pay_on=month.replace(day=5),
                    actor=self.province.staff["MAKER"],
                    now=self.clock(),
                    months_together=2 if step.word == "both" else 1,
                )
            ids = list(PaymentBatch.objects.filter(cycle__month=month).order_by("pk").values_list("pk", flat=True))
            submit(batch_ids=ids, actor=self.province.staff["MAKER"], now=self.clock())
            approve(batch_ids=ids, actor=self.province.staff["CHECKER"], now=self.clock())
            release(batch_ids=ids, actor=self.province.staff["RELEASER"], now=self.clock(), bank=self.bank)

        return self._let(step, work, Refusal, BankError)

    def _reissue(self, step: Step) -> str:
        """Confirm what left nothing, and pay it again in hand, or into the account if a person verified that again, within the month."""

        def work() -> None:
            self._confirm_all()
            if step.word == "account":
                BankAccount.objects.filter(status="OPENED").update(status="VERIFIED", cause="VERIFY", reason="")
            made = reissue(
                month=AUGUST,
                unit=self.province.units["97"],
                to_cash=list(Payment.objects.values_list("pk", flat=True)) if step.word == "cash" else [],
                actor=self.province.staff["MAKER"],
                now=self.clock(),
            )
            submit(batch_ids=made.batch_ids, actor=self.province.staff["MAKER"], now=self.clock())
            approve(batch_ids=made.batch_ids, actor=self.province.staff["CHECKER"], now=self.clock())
            release(batch_ids=made.batch_ids, actor=self.province.staff["RELEASER"], now=self.clock(), bank=self.bank)

        return self._let(step, work, Refusal, BankError)

    def _confirm_all(self) -> None:
        confirm_unpaid(bank=self.bank, now=self.clock())
        confirm_unpaid_in_files(bank=self.files, now=self.clock())

    def _statement(self, step: Step) -> str:
        """The statements through yesterday, late as they are; taken in twice."""
        yesterday = self.clock().astimezone(VIETNAM).date() - timedelta(days=1)
        files = self.desk.hand_out(to=yesterday)
        outcome = self._let(step, lambda: [self._take_in(content) for content in files for _ in range(2)], Refusal)
        if outcome == "done":
            self.desk.taken_in()
        self.promises.note_shown(
            dict(Statement.objects.values_list("funding_account__bank_account_id").annotate(Max("to_on")))
        )
        return outcome

    def _take_in(self, *files: bytes) -> None:
        import_statements(
            sources=[io.BytesIO(content) for content in files], actor=self.province.staff["CHECKER"], now=self.clock()
        )

    def _freeze(self, step: Step) -> str:
        given = {"unit": self.province.units["97"], "programme": None, "reason": "Nghi sai", "now": self.clock()}
        return self._let(step, lambda: freeze(actor=self.province.staff["CHECKER"], **given), Refusal)

    def _lift(self, step: Step) -> str:
        actor = self.province.staff["RELEASER"]

        def work() -> None:
            for frozen in Freeze.objects.filter(ended_at=None):
                lift(freeze_id=frozen.pk, reason="Đã rõ", actor=actor, now=self.clock())

        return self._let(step, work, Refusal)

    def _close(self, step: Step) -> str:
        actor = self.province.staff["CHECKER"]
        return self._let(step, lambda: close_cycle(month=AUGUST, actor=actor, now=self.clock()), Refusal)

    def _take_unknown(self, step: Step) -> str:
        def work() -> None:
            for payment in unknown_outcomes(unit=self.province.units["97"], now=self.clock()):
                take_enquiry(payment_id=payment.pk, actor=self.province.staff[step.word], now=self.clock())

        return self._let(step, work, Refusal)

    def _answer_unknown(self, step: Step) -> str:
        def work() -> None:
            for enquiry in Enquiry.objects.filter(outcome="").select_related("owner"):
                answer_enquiry(
                    payment_id=enquiry.payment_id,
                    content=LETTER,
                    document="12/CV",
                    actor=enquiry.owner,
                    now=self.clock(),
                )

        return self._let(step, work, Refusal)

    def _end_unknown(self, step: Step) -> str:
        """By whoever has the other role; number 1: by its owner, which is refused."""

        def work() -> None:
            for enquiry in Enquiry.objects.filter(outcome="").select_related("owner"):
                other = "RELEASER" if enquiry.owner_role == "CHECKER" else "CHECKER"
                ends = enquiry.owner if step.number else self.province.staff[other]
                end_enquiry(payment_id=enquiry.payment_id, actor=ends, now=self.clock(), bank=self.bank)

        return self._let(step, work, Refusal, BankError)

    def _offer_again(self, step: Step) -> str:
        """Files the bank refused whole are offered again, by the releaser."""

        def work() -> None:
            for batch in PaymentBatch.objects.filter(status="RELEASED").order_by("pk"):
                with suppress(NoRefusedFile):
                    offer_again(batch_id=batch.pk, actor=self.province.staff["RELEASER"], now=self.clock())

        return self._let(step, work, Refusal)
