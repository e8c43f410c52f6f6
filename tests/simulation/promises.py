"""What must hold after every step (I1–I5, I7, I9, I10), judged by the bank's own books and by rows read past the product's models."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from staff.time_zone import VIETNAM
from tests.simulation.bank import Order, SimulatedBank
from tests.simulation.files import FileDesk
from tests.simulation.provider import ProviderDesk

SAID_BY_BANK = {
    "BANK_POSTED": "posted",
    "BANK_FAILED": "failed",
    "BANK_CANCELLED": "canceled",
    "BANK_RETURNED": "returned",
    "ACCEPTED": "processing",
}
FINAL = ("POSTED", "FAILED", "RETURNED", "CANCELLED")
ABSENT = ("DRAFT", "READY", "CANCELLED", "FAILED", "RETURNED")  # with none of these may the bank hold the money
STEPS = ["MAKER", "CHECKER", "RELEASER"]
# What one payment may become, over any number of moves.
REACHABLE = {
    "DRAFT": {"READY", "SENT", "PROCESSING", *FINAL},
    "READY": {"SENT", "PROCESSING", *FINAL},
    "SENT": {"READY", "PROCESSING", *FINAL},
    "PROCESSING": set(FINAL),
    "POSTED": {"RETURNED"},
}
# What two people found by a letter after it had ended otherwise, or that such a letter was wrong (ADR 44, 48).
FOUND_AFTER = {("FOUND_ARRIVED", ended, "POSTED") for ended in ("FAILED", "CANCELLED", "RETURNED")}
FOUND_AFTER |= {("FOUND_WRONG", "POSTED", "FAILED")}
LOOK = """
SELECT json_build_object(
  'payments', (SELECT json_object_agg(p.id, json_build_object('key', p.end_to_end_id, 'status', p.status, 'cause', p.cause, 'amount', p.amount,
       'list', p.batch_id, 'channel', b.channel,
       'cools', (SELECT max(CASE d.status WHEN 'PENDING' THEN 'infinity'::date ELSE (d.decided_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date + 10 END)
       FROM beneficiaries_accountchange d WHERE d.new_account_id = p.bank_account_id AND d.old_account_id IS NOT NULL
       AND d.status IN ('PENDING', 'APPROVED')), 'made_for', CASE b.sequence WHEN 0 THEN y.listed_on END, 'hold', p.hold_code,
       'cases', (SELECT count(*) FROM beneficiaries_case c
       WHERE c.kind = 'PAYMENT' AND c.status = 'OPEN' AND (c.beneficiary_id = p.beneficiary_id OR c.subject IN (SELECT f.message_id
           FROM payments_paymentfile f WHERE f.batch_id = p.batch_id AND p.ordinal BETWEEN f.first_ordinal AND f.last_ordinal))),
       'slips', (SELECT count(*) FROM payments_removalslip r WHERE r.payment_id = p.id AND r.refused_at IS NULL
       AND (SELECT count(*) FROM payments_slipsignature g WHERE g.slip_id = r.id) < 2))) FROM payments_payment p
       JOIN payments_paymentbatch b ON b.id = p.batch_id JOIN payments_cycle y ON y.id = b.cycle_id),
  'lists', (SELECT json_object_agg(b.id, json_build_object('status', b.status, 'revision', b.revision)) FROM payments_paymentbatch b),
  'signatures', (SELECT json_agg(json_build_array(s.batch_id, s.revision, s.step, s.signer_id)) FROM payments_signature s),
  'entitlements', (SELECT json_agg(json_build_array(e.id, p.end_to_end_id, e.amount, CASE WHEN e.corrects_id IS NULL
       THEN 'of person ' || n.beneficiary_id || ', ' || e.kind || ' ' || e.month END))
       FROM payments_entitlement e JOIN payments_payment p ON p.id = e.payment_id JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id),
  'unbalanced', (SELECT count(*) FROM (SELECT entry_id FROM payments_posting GROUP BY entry_id HAVING sum(amount) <> 0) u),
  'reserved', (SELECT json_object_agg(j.batch_id, x.amount) FROM payments_journalentry j JOIN payments_posting x ON x.entry_id = j.id AND x.amount > 0
       WHERE j.source LIKE 'release:%'),
  'frozen', (SELECT json_agg(z.batch_id) FROM payments_frozenlist z),
  'closed', (SELECT json_agg(b.id) FROM payments_paymentbatch b JOIN payments_cycle c ON c.id = b.cycle_id WHERE c.closed_at IS NOT NULL),
  'files', (SELECT json_object_agg(f.message_id, json_build_object('list', f.batch_id, 'status', f.status)) FROM payments_paymentfile f),
  'events', (SELECT count(*) FROM payments_bankevent))
"""


class PromiseBroken(AssertionError):
    """One of the invariants does not hold."""


@dataclass
class Promises:
    """Remembers what it saw, because some promises are about the way and not the place."""

    bank: SimulatedBank
    files: FileDesk
    provider: ProviderDesk
    look: Callable[[], dict[str, Any]]
    now: Callable[[], datetime]
    carriers: dict[int | str, set[str]] = field(default_factory=lambda: defaultdict(set))
    before: dict[str, str] = field(default_factory=dict)
    frozen: set[int] = field(default_factory=set)
    released: dict[int, int] = field(default_factory=dict)
    events_told: set[str] = field(default_factory=set)
    events_begun: set[str] = field(
        default_factory=set
    )  # who dies right after the one statement that keeps it could not say so
    file_was: dict[str, str] = field(default_factory=dict)
    uploads_seen: int = 0
    shown: dict[str, frozenset[str]] = field(
        default_factory=dict
    )  # key a statement shows debited: what had set out by then
    lied_about: set[str] = field(default_factory=set)  # keys of which a letter wrongly says that they arrived
    carried: set[int] = field(default_factory=set)  # entitlements that were ever on a list
    paid_after_all: dict[str, frozenset[str]] = field(default_factory=dict)  # the same of what a provider told as paid

    def check(self) -> None:
        """Raise `PromiseBroken` at the first promise that does not hold now."""
        rows = self.look()
        orders: dict[str, list[Order]] = defaultdict(list)
        for order in self.bank.orders:
            orders[order.transfer.end_to_end_id].append(order)
        self._one_live_debit(rows, orders)
        self._nothing_unsigned_is_sent(rows, orders)
        self._nothing_shown_debited_is_paid_again(rows, orders)
        if self.provider.lists:
            self._provider_pays_what_is_released(rows)
        frozen = set(rows["frozen"] or ())
        for payment_id, payment in rows["payments"].items():
            set_out = self.before.get(payment_id) == "READY" and payment["status"] in ("SENT", "PROCESSING")
            promise(not set_out or payment["list"] not in frozen & self.frozen, "I10: a frozen list was paid")
            self._payment(payment_id, payment, orders[payment["key"]])
            promise(
                payment["list"] not in (rows["closed"] or ()) or payment["status"] in FINAL,
                f"I2: {payment['key'][8:]} is {payment['status']} in a closed cycle",
            )
        self._uploads(rows, frozen)
        self.frozen = frozen
        self._money(rows)
        self._signatures(rows)
        kept = len(self.events_told) <= rows["events"] <= len(self.events_told | self.events_begun)
        promise(kept, "I9: an event is not kept exactly once")

    def check_all_ended(self) -> None:
        """What holds when nothing happens any more: everything ended, or waits for a person who knows."""
        told = {reference for event, _, reference in self.bank.events if event in self.events_told}
        surfaced = {
            order.transfer.end_to_end_id for order in self.bank.surfaced if order.live and order.reference in told
        }
        for payment in self.look()["payments"].values():
            unknown_to_people = payment["cause"] == "NEVER_HAD" and payment["key"] in surfaced and not payment["cases"]
            promise(not unknown_to_people, "I2: the bank shows what people ended, and nobody was told")
            name = f"{payment['key'][8:]} is {payment['status']}"
            if payment["channel"] == "ACCOUNT" and payment["status"] in ("READY", "SENT", "PROCESSING"):
                waits_for_signatures = payment["hold"] == "removal_slip" and payment["slips"]
                promise(bool(payment["cases"] or waits_for_signatures), f"I2: {name}, never ended, and nobody was told")
                promise(
                    payment["status"] != "READY" or bool(payment["hold"]),
                    f"I2: {name}, held by nothing, and never sent",
                )

    def _one_live_debit(self, rows: dict[str, Any], orders: dict[str, list[Order]]) -> None:
        sums: dict[str, int] = defaultdict(int)
        now: set[int] = set()
        for entitlement, key, amount, month in rows["entitlements"] or ():
            now.add(entitlement)
            self.carriers[entitlement].add(key)
            if month:  # whoever moved has two enrolments, and is paid for a month once all the same
                self.carriers[month].add(key)
            sums[key] += amount
        promise(self.carried <= now, f"I2: entitlements {sorted(self.carried - now)} are on no list any more")
        self.carried = now
        for entitlement, keys in self.carriers.items():
            live = sum(order.live for key in keys for order in orders.get(key, ()))
            live += sum(line.live and not line.mistaken for key in keys for line in self.provider.lines(key))
            promise(live <= 1, f"I1: entitlement {entitlement} has {live} live debits")
        for payment in rows["payments"].values():
            if payment["status"] not in ("FAILED", "RETURNED", "CANCELLED"):
                promise(
                    sums[payment["key"]] == payment["amount"],
                    f"I4: {payment['key'][8:]} is not the sum of what it carries",
                )

    def note_shown(self, through: dict[str, date]) -> None:
        """Statements were taken in `through` a day by account: what they show to have left, or to have come back."""
        set_out = frozenset(
            payment["key"]
            for payment in self.look()["payments"].values()
            if payment["status"] not in ("DRAFT", "READY")
        )
        for order in self.bank.orders:
            last, key = through.get(order.transfer.financial_account), order.transfer.end_to_end_id
            if last is None or order.debited_at is None:
                continue
            if order.given_back_at is not None and order.given_back_at.astimezone(VIETNAM).date() <= last:
                self.shown.pop(key, None)
            elif order.debited_at.astimezone(VIETNAM).date() <= last:
                self.shown.setdefault(key, set_out)

    def note_paid_by_provider(self, keys: frozenset[str]) -> None:
        """The provider's answer names these as paid: from now on nothing sets out for them, also where it had said the opposite."""
        set_out = frozenset(
            payment["key"]
            for payment in self.look()["payments"].values()
            if payment["status"] not in ("DRAFT", "READY")
        )
        for key in keys:
            if self._paid_by_provider(key):
                self.paid_after_all.setdefault(key, set_out)

    def _nothing_shown_debited_is_paid_again(self, rows: dict[str, Any], orders: dict[str, list[Order]]) -> None:
        """What set out before the statement came is the bank's or the person's to bring back; nothing sets out after it (ADR 40)."""
        under_way = {
            one["key"] for one in rows["payments"].values() if one["status"] in ("SENT", "PROCESSING", "POSTED")
        }
        kept = {key: set_out for key, set_out in self.shown.items() if any(o.kept for o in orders.get(key, ()))}
        paid = {key: set_out for key, set_out in self.paid_after_all.items() if self._paid_by_provider(key)}
        for key, set_out in (kept | paid).items():
            for entitlement, keys in self.carriers.items():
                again = (keys - set_out - {key}) & under_way if key in keys else set()
                promise(not again, f"I1: entitlement {entitlement} is paid again though it is told that it was paid")

    def _nothing_unsigned_is_sent(self, rows: dict[str, Any], orders: dict[str, list[Order]]) -> None:
        ours = {payment["key"]: payment for payment in rows["payments"].values()}
        for key, found in orders.items():
            if not found:
                continue
            payment = ours.get(key)
            promise(
                payment is not None and rows["lists"][str(payment["list"])]["status"] in ("RELEASED", "CLOSED"),
                "I10: the bank holds an unsigned order",
            )
            promise(
                all(order.transfer.amount == payment["amount"] for order in found),
                "I4: the bank was told another amount",
            )

    def _paid_by_provider(self, key: str) -> bool:
        return any(line.live for line in self.provider.lines(key))

    def _provider_pays_what_is_released(self, rows: dict[str, Any]) -> None:
        ours = {payment["key"]: payment for payment in rows["payments"].values()}
        for batch_id, lines in self.provider.lists.items():
            signed = rows["lists"][str(batch_id)]["status"] in ("RELEASED", "CLOSED")
            promise(signed, "I10: the provider holds an unsigned list")
            for line in lines.values():
                same = line.key in ours and ours[line.key]["amount"] == line.amount
                promise(same, "I4: the provider was told another amount")
                at_risk = line.live and not line.mistaken and ours[line.key]["status"] in ABSENT
                promise(not at_risk, f"I1: {line.key[8:]} is {ours[line.key]['status']} while its provider paid it")

    def _payment(self, payment_id: str, payment: dict[str, Any], orders: list[Order]) -> None:
        status, name = payment["status"], f"{payment['key'][8:]} is {payment['status']} by {payment['cause']}"
        said = {word for order in orders for word, _ in order.history} | self.provider.told.get(payment["key"], set())
        expected = SAID_BY_BANK.get(payment["cause"])
        promise(expected is None or expected in said, f"I3: {name}, which the bank never said")
        if (
            payment["cause"] == "NEVER_HAD"
        ):  # said by people; what the bank does after all is I1's, over the entitlement
            promise(status == "CANCELLED", f"I5: {name}")
        elif status in ABSENT:
            promise(not any(order.live for order in orders), f"I1: {name} while the bank holds its money")
            on_its_way = self.bank.on_its_way(payment["key"]) or self.files.on_its_way(payment["key"])
            promise(not on_its_way, f"I3: {name} while its order is on the way")
        if payment["cools"] and payment_id not in self.before:
            made_for = payment["made_for"] or f"{self.now().astimezone(VIETNAM):%Y-%m-%d}"
            promise(
                payment["cools"] <= made_for, f"I10: {name}, into an account that cools off until {payment['cools']}"
            )
        earlier = self.before.get(payment_id, "DRAFT")
        found = (payment["cause"], earlier, status) in FOUND_AFTER
        promise(status == earlier or found or status in REACHABLE.get(earlier, ()), f"I5: {name} after {earlier}")
        # What a provider got back after a letter said that it arrived, it has yet to tell; that it is told and goes on is seen at the end.
        arrived = any(order.live for order in orders) or any(
            line.paid_at for line in self.provider.lines(payment["key"])
        )
        believed = payment["key"] in self.lied_about
        promise(payment["cause"] != "FOUND_ARRIVED" or arrived or believed, f"I3: {name}, and nobody has the money")
        self.before[payment_id] = status

    def _uploads(self, rows: dict[str, Any], frozen: set[int]) -> None:
        """A file that still lay here when its list was frozen stays; what was handed out by then is under way."""
        files = rows["files"] or {}
        for message_id in self.files.begun[self.uploads_seen :]:
            promise(message_id in files, "I8: the bank was given a file we do not hold")
            lay_here = self.file_was.get(message_id) == "BUILT" and files[message_id]["list"] in frozen & self.frozen
            promise(not lay_here, "I10: a file of a frozen list was uploaded")
        self.uploads_seen = len(self.files.begun)
        self.file_was = {message_id: file["status"] for message_id, file in files.items()}

    def _money(self, rows: dict[str, Any]) -> None:
        promise(rows["unbalanced"] == 0, "I4: a journal entry does not balance")
        totals: dict[int, int] = defaultdict(int)
        for payment in rows["payments"].values():
            if payment["status"] != "DRAFT":
                totals[payment["list"]] += payment["amount"]
        for batch, entry in (rows["lists"] or {}).items():
            if entry["status"] in ("RELEASED", "CLOSED"):
                reserved = (rows["reserved"] or {}).get(batch, 0)
                promise(reserved <= totals[int(batch)], f"I4: list {batch} reserved {reserved} of {totals[int(batch)]}")

    def _signatures(self, rows: dict[str, Any]) -> None:
        signed: dict[tuple[int, int], list[tuple[str, int]]] = defaultdict(list)
        for batch, revision, step, signer in rows["signatures"] or ():
            signed[batch, revision].append((step, signer))
        for batch, entry in rows["lists"].items():
            found = signed[int(batch), entry["revision"]]
            steps = {"SUBMITTED": 1, "APPROVED": 2, "RELEASED": 3, "CLOSED": 3}.get(entry["status"], 0)
            promise(
                sorted(step for step, _ in found) == sorted(STEPS[:steps]) and len({who for _, who in found}) == steps,
                f"I10: list {batch} is {entry['status']} with {found}",
            )


def promise(holds: bool, sentence: str) -> None:
    """Raise `PromiseBroken` unless it holds."""
    if not holds:
        raise PromiseBroken(sentence)
