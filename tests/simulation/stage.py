"""Where every schedule begins: two districts, four people with accounts, their lists of August in draft. Put back by the owner in one call of a
function whose statements are planned once.

Work is committed for real, so nothing can be rolled back between schedules. The owner deletes what a schedule wrote; the triggers that would
stop even the owner from deleting are switched off in this database only, and the application's role has no right to delete at all.

In long runs each beginning is put up once by the owner, under all guards, and from then on its rows are copied by the server's administrator.
"""

import gc
import json
import logging
from collections import Counter
from datetime import date
from typing import Any

import psycopg
from django.db import connections
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus

from beneficiaries.models import Enrolment
from payments.models import FundingAccount, TopUp
from payments.services.once.one_off import Order, open_one_off
from tests.databases import owner_url_of
from tests.payments.province import AUGUST, Clock, Province, make_province
from tests.simulation.copies import Copies
from tests.simulation.promises import LOOK
from tests.simulation.watch import watch

# In the order in which rows may be deleted; put back in the opposite order.
MUTABLE = (
    "payments_heartbeat",
    "payments_bankreport",
    "reconciliation_discrepancystep",
    "reconciliation_discrepancy",
    "payments_resultline",
    "payments_resultlist",
    "payments_handover",
    "reconciliation_statementmatch",
    "reconciliation_statementline",
    "reconciliation_statement",
    "reconciliation_statementmapping",
    "payments_posting",
    "payments_journalentry",
    "payments_ledgeraccount",
    "payments_signature",
    "payments_bankevent",
    "payments_banklane",
    "payments_finding",
    "payments_contradiction",
    "payments_enquiry",
    "payments_bankletter",
    "payments_succession",
    "payments_conflictnote",
    "payments_rownote",
    "payments_slipsignature",
    "payments_removalslip",
    "payments_stopnotice",
    "payments_listmaker",
    "payments_recoveryreceipt",
    "payments_deduction",
    "payments_entitlementpart",
    "payments_notice",
    "payments_recoveryproposal",
    "payments_entitlement",
    "payments_payment",
    "payments_paymentfile",
    "payments_paymentbatch",
    "payments_listorder",
    "payments_cycle",
    "payments_freeze",
    "payments_topup",
    "payments_budgetcode",
    "payments_budgetestimate",
    "beneficiaries_accountchange",
    "beneficiaries_accountevent",
    "beneficiaries_bankaccount",
    "beneficiaries_casedecision",
    "beneficiaries_suppliedsigner",
    "beneficiaries_correctionscan",
    "beneficiaries_correction",
    "beneficiaries_case",
    "beneficiaries_receivedfile",
)
WRITTEN_BY_TRIGGER = ("beneficiaries_accountevent", "beneficiaries_casedecision")
BALANCES = {"fa_971": 8_000_000, "fa_972": 4_000_000}
PEOPLE = ("97101", "97101", "97102", "97201")
HELP = Order(signer="Nguyễn Văn Chủ, Chủ tịch UBND", number="KC-1", signed_on=date(2024, 7, 20), month=AUGUST)
HELPED = 300_000  # help anybody may be granted
_NEVER_DELETED = """
SELECT format('ALTER TABLE %%I DISABLE TRIGGER %%I', c.relname, t.tgname) FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE p.proname = 'ansinh_append_only' AND c.relname = ANY(%s)
"""

# What signing leaves, as the database's own guards demand it: nothing is switched off for it.
_SIGNED = (
    "lists := ARRAY(SELECT b.id FROM payments_paymentbatch b JOIN payments_fundingaccount f ON f.id = b.funding_account_id "
    "WHERE alone IN ('', f.bank_account_id))",
    *(
        f"INSERT INTO payments_signature (batch_id, revision, step, signer_id, digest, signed_at, signed_as) "
        f"SELECT b.id, 1, '{step}', u.id, payments_list_digest(b.id), b.status_at, u.role FROM payments_paymentbatch b "
        f"JOIN staff_user u ON u.role = '{step}' WHERE b.id = ANY(lists); "
        f"UPDATE payments_paymentbatch SET status = '{status}' WHERE id = ANY(lists)"
        for step, status in (("MAKER", "SUBMITTED"), ("CHECKER", "APPROVED"), ("RELEASER", "RELEASED"))
    ),
    "UPDATE payments_payment SET status = 'READY', cause = 'RELEASE' WHERE batch_id = ANY(lists)",
    "INSERT INTO payments_ledgeraccount (funding_account_id, kind) SELECT f.id, k FROM payments_fundingaccount f, unnest(ARRAY['FUNDS', 'RESERVED']) k",
    "INSERT INTO payments_journalentry (source, description, booked_on, posted_at, batch_id) "
    "SELECT 'release:' || token, 'Giữ chỗ', '2024-08-05', status_at, id FROM payments_paymentbatch WHERE id = ANY(lists)",
    "INSERT INTO payments_posting (entry_id, account_id, amount) SELECT j.id, l.id, CASE l.kind WHEN 'RESERVED' THEN t.total ELSE -t.total END "
    "FROM payments_journalentry j JOIN payments_paymentbatch b ON b.id = j.batch_id JOIN payments_ledgeraccount l USING (funding_account_id) "
    "JOIN (SELECT batch_id, sum(amount) AS total FROM payments_payment GROUP BY batch_id) t ON t.batch_id = b.id",
)

# Statistics of ten rows say nothing, and every new one makes the server plan anew whatever it had planned about the table.
_NO_STATISTICS = """
CREATE OR REPLACE FUNCTION ansinh_refresh_statistics(tables regclass[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$ BEGIN END $$
"""
_STATISTICS = "SELECT pg_get_functiondef('ansinh_refresh_statistics(regclass[])'::regprocedure)"
SWEPT_EVERY = 200  # schedules, by us: a sweep at any other time would bring statistics

_WAYS = "UPDATE payments_fundingaccount SET sends_by = CASE bank_account_id WHEN %s THEN 'FILE' WHEN %s THEN 'LIST' ELSE 'API' END"
# Who moved is where they were; done after schedules in which somebody did.
_MOVED = {
    "beneficiaries_decision": (),
    "beneficiaries_enrolment": ("ended_month", "moved_to_id", "suspended_month", "paid_through_month"),
    "beneficiaries_beneficiary": (
        "unit_id",
        "full_name",
        "name_key",
        "sort_key",
        "identity_status",
    ),
}
_RESTORE = """
CREATE FUNCTION stage_restore(signed boolean, moved boolean, alone text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE lists bigint[]; BEGIN {delete}; IF moved THEN
SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE beneficiaries_beneficiary DISABLE TRIGGER person_guard; {put_back};
SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE beneficiaries_beneficiary ENABLE TRIGGER person_guard; SET CONSTRAINTS ALL DEFERRED; END IF;
{insert}; IF signed THEN {sign}; END IF; END $$
"""


def owner_url() -> str:
    """The owner's way into the database the simulation works in."""
    return owner_url_of(connections["default"].settings_dict["NAME"])


class Stage:
    """The province every schedule starts from; `restore` puts it back, ids included."""

    def __init__(self, *, copies: Copies | None = None) -> None:
        self.clock = Clock()
        self._copies = copies
        self.province = _set_up(self.clock)
        self._start = self.clock.now
        self._owner = psycopg.connect(owner_url(), autocommit=True)
        self._owner.execute("SET synchronous_commit = off")
        self._switched_off = [sql for (sql,) in self._owner.execute(_NEVER_DELETED, [[*MUTABLE, *_MOVED]]).fetchall()]
        for statement in self._switched_off:
            self._owner.execute(statement)
        (self._statistics,) = self._owner.execute(_STATISTICS).fetchone() or ("",)
        self._owner.execute(_NO_STATISTICS)
        for table in (*MUTABLE, *_MOVED):
            self._owner.execute(f"CREATE TABLE stage_{table} AS TABLE {table}")
            self._owner.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")
        logging.getLogger("payments").setLevel(logging.CRITICAL)  # silent banks are the rule here
        gc.collect()
        gc.freeze()  # what a schedule leaves behind is small; the rest is never looked through again
        gc.set_threshold(20_000, 20, 20)
        parts = {"delete": self._delete(), "put_back": self._put_back(), "insert": self._insert()}
        self._owner.execute(_RESTORE.format(**parts, sign=";".join(_SIGNED)))
        self._owner.pgconn.prepare(b"look", LOOK.encode())
        if copies is not None:
            copies.keep_people(parts["put_back"])
        self._seen, self._rows = b"", dict[str, Any]()
        self.moved = False  # whether a schedule since the last restore moved people
        self._ways = ("", "")
        self._restored = 0
        self.played: Counter[str] = Counter()  # steps of each kind

    def restore(self, *, signed: bool, by_file: str = "", by_list: str = "", alone: str = "") -> None:
        """The first day again, with the lists in draft, or signed by three and released; account `by_file` sends files, `by_list` has a provider. `alone`: only
        that account's list is signed."""
        self.clock.now = self._start
        if (by_file, by_list) != self._ways:
            self._owner.execute(_WAYS, [by_file, by_list])
            self._ways = (by_file, by_list)
        beginning = (signed, alone if signed else "")
        if self._copies is None or not self._copies.put_back(beginning, people=self.moved):
            self._owner.execute("SELECT stage_restore(%s, %s, %s::text)", [signed, self.moved, alone], prepare=True)
            if self._copies is not None:
                self._copies.keep(beginning)
        self.moved = False
        self._restored += 1
        if self._restored % SWEPT_EVERY == 0:
            self._owner.execute(f"VACUUM {', '.join(MUTABLE)}")
        watch.written = True

    def look(self) -> dict[str, Any]:
        """All rows the promises are about, in one statement that is planned once; those of the last look if nothing was written since."""
        if watch.written:
            watch.written = False
            result = self._owner.pgconn.exec_prepared(b"look", None)
            if result.status != ExecStatus.TUPLES_OK:
                raise error_from_result(result)
            seen = result.get_value(0, 0) or b"{}"
            if seen != self._seen:
                self._seen, self._rows = seen, json.loads(seen)
        return self._rows

    def close(self) -> None:
        """Give the owner's session back, with the triggers on and the copies gone."""
        for statement in self._switched_off:
            self._owner.execute(statement.replace("DISABLE TRIGGER", "ENABLE TRIGGER"))
        for table in (*MUTABLE, *_MOVED):
            self._owner.execute(f"DROP TABLE stage_{table}")
            self._owner.execute(f"ALTER TABLE {table} RESET (autovacuum_enabled)")
        self._owner.execute(self._statistics)
        self._owner.execute("DROP FUNCTION stage_restore")
        self._owner.close()

    def _delete(self) -> str:
        return ";".join(
            [f"IF EXISTS (SELECT FROM {table}) THEN DELETE FROM {table}; END IF" for table in MUTABLE]
            + [self._next_id(table, None) for table in WRITTEN_BY_TRIGGER]
        )

    def _insert(self) -> str:
        lines = []
        for table in reversed(MUTABLE):
            if table in WRITTEN_BY_TRIGGER:
                continue
            rows, last = self._known(table)
            if rows:
                lines.append(f"INSERT INTO {table} SELECT * FROM stage_{table}")
            lines.append(self._next_id(table, last))
        return ";".join(lines)

    def _put_back(self) -> str:
        lines = []
        for table, columns in _MOVED.items():
            _, last = self._known(table)
            lines += [f"DELETE FROM {table} WHERE id > {last}", self._next_id(table, last)]
            if columns:
                were, are = (f"({', '.join(f'{row}.{name}' for name in columns)})" for row in ("s", "t"))
                lines.append(
                    f"UPDATE {table} t SET ({', '.join(columns)}) = ROW{were} FROM stage_{table} s "
                    f"WHERE s.id = t.id AND ROW{were} IS DISTINCT FROM ROW{are}"
                )
        return ";".join(lines)

    def _known(self, table: str) -> tuple[int, int | None]:
        rows, last = self._owner.execute(f"SELECT count(*), max(id) FROM {table}").fetchone() or (0, None)
        return rows, last

    def _next_id(self, table: str, last: int | None) -> str:
        (sequence,) = self._owner.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table]).fetchone() or ("",)
        return f"PERFORM setval('{sequence}', {last or 1}, {'true' if last else 'false'})"


def _set_up(clock: Clock) -> Province:
    province = make_province(clock=clock)
    for commune in PEOPLE:
        province.open_account(province.enrol(province.person(commune=commune)).beneficiary)
    Enrolment.objects.update(recorded_at=clock.now)
    open_one_off(
        code=HELP.number, name="Trợ giúp khẩn cấp", amount=HELPED, budget_source="Huyện", order=HELP,
        actor=province.staff["MAKER"],
    )  # fmt: skip
    province.build(AUGUST)
    for account in FundingAccount.objects.all():
        TopUp.objects.create(
            funding_account=account,
            reference=f"CAP-{account.code}",
            amount=BALANCES[account.bank_account_id],
            booked_on=AUGUST,
        )
    return province
