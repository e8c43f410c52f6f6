"""Files at the simulated bank: taken once per message id into its one set of books, answered by reports that come late, twice or in any order."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from banks.files import Duplicate, FileNotTaken, FileUnknown, MessageState, Received, Report, ReportKind, UploadOutcome
from banks.files_fake import bookings_report, orders_of, status_report
from banks.iso20022.pain001 import FileTotals, check_pain001
from banks.transfers import Transfer
from tests.simulation.bank import Order, SimulatedBank

# What may happen to one upload.
UPLOAD_FAULTS = (
    "lost_before",  # the file never arrives, nor does an answer
    "lost_after",  # taken, the answer is lost
    "late",  # taken after our time-out
    "refused_connection",
    "refused_file",  # a plain 4xx: not taken
)
ANSWERS = ("ACTC", "PART", "RJCT")
TAKES_LATE = timedelta(seconds=55)


@dataclass
class Message:
    """A file the bank holds, and what it said of the whole."""

    totals: FileTotals
    orders: list[Order]
    answered: str = ""


@dataclass
class FileDesk:
    """A `Files` over the books of `bank`. Reports wait in `drawer` until they are `handed_out`."""

    bank: SimulatedBank
    now: Callable[[], datetime]
    point: Callable[[str], None]
    faults: deque[str] = field(default_factory=deque)
    messages: dict[str, Message] = field(default_factory=dict)
    late: list[tuple[bytes, datetime]] = field(default_factory=list)
    drawer: list[tuple[str, ReportKind, str]] = field(default_factory=list)
    given: dict[str, list[Report]] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)  # message ids, one for each upload that reached the bank's door

    # What the product calls -----------------------------------------------------------------------------------------

    def upload(self, *, message_id: str, content: bytes, first_use: bool) -> UploadOutcome:
        """See `Files.upload`."""
        self.begun.append(message_id)
        self.point("before an upload")
        outcome = self._upload(message_id, content, first_use=first_use)
        self.point("after an upload")
        return outcome

    def enquire(self, message_id: str) -> MessageState | None:
        """See `Files.enquire`."""
        self.point("before a file is asked for")
        self.bank.refuse_while_silent("files")
        held = self.messages.get(message_id)
        return None if held is None else MessageState(message_id, held.totals.count, held.totals.total)

    def reports(self, *, financial_account: str, after: int) -> Iterator[Report]:
        """See `Files.reports`."""
        self.point("before the reports")
        self.bank.refuse_while_silent("files")
        for report in self.given.get(financial_account, [])[after:]:
            self.point("before a report")
            yield report

    # What happens at the bank ---------------------------------------------------------------------------------------

    def on_its_way(self, end_to_end_id: str) -> bool:
        """Whether a file with an order of this payment may still arrive, under a message id of which the bank took nothing yet."""
        return any(
            end_to_end_id in content.decode() and check_pain001(content).message_id not in self.messages
            for content, _ in self.late
        )

    def take_what_is_late(self) -> None:
        """Files that are due by now arrive; of a message id the bank holds, nothing is taken."""
        due = [content for content, at in self.late if at <= self.now()]
        self.late = [(content, at) for content, at in self.late if at > self.now()]
        for content in due:
            self._take(content)

    def answer(self, number: int, word: str) -> None:
        """Say of the file `number` that its orders are carried out, all, all but one, or none; once."""
        held = list(self.messages.values())
        if not held or held[number % len(held)].answered:
            return
        message = held[number % len(held)]
        if word != "ACTC" and any(order.status != "processing" for order in message.orders):
            return  # what was carried out is not refused any more
        message.answered = word
        refused = {"ACTC": [], "PART": message.orders[:1], "RJCT": message.orders}[word]
        for order in refused:
            self.bank.move(order, "failed")
        named = [_named(order) for order in refused] if word == "PART" else []
        report = status_report(message.totals, word, named, "AC04", self.now())
        self.drawer.append((message.totals.financial_account, ReportKind.STATUS, report))

    def note(self, order: Order) -> None:
        """`order` was booked, or came back: a notification goes into the drawer."""
        if order.in_file and order.status in ("posted", "returned"):
            account, back = order.transfer.financial_account, order.status == "returned"
            report = bookings_report(
                account, [_named(order)], returned=back, reason="AC04" if back else None, now=self.now()
            )
            self.drawer.append((account, ReportKind.BOOKINGS, report))

    def hand_out(self, word: str) -> None:
        """Give out what is in the drawer: "backwards", or "twice", or "again" all there ever was once more."""
        waiting = self.drawer[::-1] if word == "backwards" else self.drawer * (2 if word == "twice" else 1)
        if word == "again":
            waiting = [
                (account, report.kind, report.content.decode())
                for account, told in self.given.items()
                for report in told
            ] + waiting
        self.drawer = []
        for account, kind, content in waiting:
            told = self.given.setdefault(account, [])
            told.append(Report(sequence=len(told) + 1, kind=kind, content=content.encode()))

    def calm(self) -> None:
        """No more trouble; every file answered, every report handed out."""
        self.faults.clear()
        for number in range(len(self.messages)):
            self.answer(number, "ACTC")
        self.hand_out("")

    def _upload(self, message_id: str, content: bytes, *, first_use: bool) -> UploadOutcome:
        fault = self.faults.popleft() if self.faults else ""
        if self.bank.outage or fault in ("refused_connection", "refused_file"):
            code = "file_refused" if fault == "refused_file" else "connection_refused"
            retryable = code == "connection_refused"
            return FileNotTaken(code=code, retryable=retryable) if first_use else FileUnknown(code=code)
        if fault == "lost_before":
            return FileUnknown(code="timeout")
        if fault == "late":
            self.late.append((content, self.now() + TAKES_LATE))
            return FileUnknown(code="timeout")
        if not self._take(content):
            return FileUnknown(code="timeout") if fault == "lost_after" else Duplicate()
        return FileUnknown(code="timeout") if fault == "lost_after" else Received()

    def _take(self, content: bytes) -> bool:
        totals = check_pain001(content)
        if totals.message_id in self.messages:
            return False
        orders = []
        for instruction, end_to_end_id, amount in orders_of(content):
            transfer = Transfer(
                end_to_end_id=end_to_end_id,
                attempt=int(instruction.removeprefix(f"{end_to_end_id}-")),
                amount=int(amount),
                financial_account=totals.financial_account,
                bank_bin="",
                account_number="",
                holder_name="",
                description="",
                payment_id=0,
            )
            orders.append(self.bank.take_from_file(transfer))
        self.messages[totals.message_id] = Message(totals, orders)
        return True


def _named(order: Order) -> tuple[str, str, str]:
    key = order.transfer.end_to_end_id
    return (f"{key}-{order.transfer.attempt}", key, str(order.transfer.amount))
