"""The bank's books as SQLite tables; README.md documents what may be read from outside."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from mockbank.file_books import TABLES as FILE_TABLES

BOOKS_FILE = "bank.sqlite3"

_TABLES = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS accounts (
    no INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('financial', 'beneficiary', 'suspense', 'treasury')),
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    iban TEXT,
    created INTEGER NOT NULL,
    balance INTEGER NOT NULL DEFAULT 0,
    held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0)
);

CREATE TABLE IF NOT EXISTS payments (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    account_no INTEGER NOT NULL REFERENCES accounts (no),
    amount INTEGER NOT NULL CHECK (amount > 0),
    created INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('processing', 'posted', 'failed', 'canceled', 'returned')),
    routing_number TEXT NOT NULL,
    account_number TEXT NOT NULL,
    holder_name TEXT NOT NULL,
    description TEXT,
    statement_descriptor TEXT,
    details TEXT NOT NULL,
    metadata TEXT NOT NULL,
    end_to_end_id TEXT,
    attempt INTEGER,
    idempotency_key TEXT,
    posted_at INTEGER, failed_at INTEGER, canceled_at INTEGER, returned_at INTEGER,
    return_code TEXT,
    return_reason TEXT,
    next_step TEXT CHECK (next_step IN ('settle', 'return')),
    next_at REAL,
    next_wall REAL
);
CREATE INDEX IF NOT EXISTS payments_newest_first ON payments (account_no, created);
CREATE INDEX IF NOT EXISTS payments_due ON payments (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS payments_due_by_wall ON payments (next_wall) WHERE next_wall IS NOT NULL;

-- One row per booking on a financial account. The number is made of the payment (or top-up) and the kind of booking,
-- so the primary key itself refuses a second debit or a second return of one payment.
CREATE TABLE IF NOT EXISTS transactions (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    account_no INTEGER NOT NULL REFERENCES accounts (no),
    kind TEXT NOT NULL CHECK (kind IN ('debit', 'return', 'topup', 'transfer')),
    payment_seq INTEGER REFERENCES payments (seq),
    amount INTEGER NOT NULL,
    booked_at INTEGER NOT NULL,
    reference TEXT,
    description TEXT
);
CREATE INDEX IF NOT EXISTS transactions_in_booking_order ON transactions (account_no, booked_at);

CREATE TABLE IF NOT EXISTS entries (
    transaction_number INTEGER NOT NULL REFERENCES transactions (number),
    account_no INTEGER NOT NULL REFERENCES accounts (no),
    amount INTEGER NOT NULL,
    PRIMARY KEY (transaction_number, account_no)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS idempotency (
    key TEXT PRIMARY KEY,
    fingerprint BLOB NOT NULL,
    created INTEGER NOT NULL,
    request_id TEXT NOT NULL,
    status INTEGER NOT NULL,
    payment_seq INTEGER,
    body BLOB
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    created INTEGER NOT NULL,
    payment_seq INTEGER NOT NULL REFERENCES payments (seq)
);

CREATE INDEX IF NOT EXISTS events_newest_first ON events (created);

CREATE TABLE IF NOT EXISTS webhook_endpoints (
    no INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    url TEXT NOT NULL UNIQUE,
    secret TEXT NOT NULL,
    enabled_events TEXT NOT NULL,
    sent_up_to INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS webhook_retries (
    endpoint_no INTEGER NOT NULL REFERENCES webhook_endpoints (no) ON DELETE CASCADE,
    event_seq INTEGER NOT NULL REFERENCES events (seq),
    attempts INTEGER NOT NULL,
    next_try_wall REAL NOT NULL,
    PRIMARY KEY (endpoint_no, event_seq)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS webhook_retries_due ON webhook_retries (endpoint_no, next_try_wall);

CREATE TABLE IF NOT EXISTS statements (
    account_no INTEGER NOT NULL REFERENCES accounts (no),
    sequence INTEGER NOT NULL,
    from_date TEXT NOT NULL,
    to_date TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    PRIMARY KEY (account_no, sequence),
    UNIQUE (account_no, from_date, to_date)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS account_truth (
    routing_number TEXT NOT NULL,
    account_number TEXT NOT NULL,
    from_date TEXT NOT NULL,
    holder_name TEXT NOT NULL,
    status TEXT NOT NULL,
    PRIMARY KEY (routing_number, account_number, from_date)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS account_openings (
    seq INTEGER PRIMARY KEY,
    created INTEGER NOT NULL,
    due REAL NOT NULL,
    routing_number TEXT NOT NULL,
    holder_name TEXT NOT NULL,
    identity_number TEXT NOT NULL,
    request_id TEXT,
    attempt TEXT,
    status TEXT NOT NULL CHECK (status IN ('pending', 'opened', 'refused')),
    account_number TEXT UNIQUE,
    decided INTEGER,
    refusal_code TEXT,
    CHECK ((status = 'opened') = (account_number IS NOT NULL)),
    CHECK ((status = 'refused') = (refusal_code IS NOT NULL))
);
CREATE INDEX IF NOT EXISTS openings_newest_first ON account_openings (created);

CREATE VIEW IF NOT EXISTS debits AS
SELECT payments.end_to_end_id, payments.attempt, payments.id AS obp_id, accounts.id AS financial_account,
       -debit.amount AS amount, debit.booked_at AS debited_at, credit.booked_at AS returned_at, payments.status
FROM transactions AS debit
JOIN payments ON payments.seq = debit.payment_seq
JOIN accounts ON accounts.no = debit.account_no
LEFT JOIN transactions AS credit ON credit.number = debit.number + 1 AND credit.kind = 'return'
WHERE debit.kind = 'debit';

INSERT OR IGNORE INTO accounts (no, kind, id, name, created) VALUES
    (1, 'treasury', 'treasury', 'Kho bạc Nhà nước', 0), (2, 'suspense', 'suspense', 'Tài khoản treo', 0);
"""

TREASURY_NO = 1
SUSPENSE_NO = 2


def open_books(data: Path) -> sqlite3.Connection:
    """The one writing connection. WAL with NORMAL: what was committed survives kill -9 of this process."""
    data.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(data / BOOKS_FILE, isolation_level=None, cached_statements=256)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA wal_autocheckpoint = 8000")
    connection.execute("PRAGMA cache_size = -64000")
    connection.execute("PRAGMA busy_timeout = 5000")
    connection.executescript(_TABLES)
    connection.executescript(FILE_TABLES)
    return connection


def open_for_reading(data: Path) -> sqlite3.Connection:
    """A second connection that sees one committed state and cannot write; used for long reads such as statements."""
    connection = sqlite3.connect(f"file:{data / BOOKS_FILE}?mode=ro", uri=True, isolation_level=None)
    connection.execute("PRAGMA busy_timeout = 5000")
    return connection
