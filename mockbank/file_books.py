"""What the bank keeps about files: the messages it received, the reports it gave, and what it has still to report."""

from __future__ import annotations

import sqlite3
from pathlib import Path

TABLES = """
CREATE TABLE IF NOT EXISTS messages (
    no INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,
    account_no INTEGER REFERENCES accounts (no),
    count INTEGER,
    total INTEGER,
    status TEXT NOT NULL CHECK (status IN ('RCVD', 'ACTC', 'PART', 'RJCT')),
    received INTEGER NOT NULL,
    reason TEXT,
    report_due_wall REAL
);
CREATE INDEX IF NOT EXISTS messages_to_read ON messages (no) WHERE status = 'RCVD';
CREATE INDEX IF NOT EXISTS messages_to_report ON messages (report_due_wall) WHERE report_due_wall IS NOT NULL;

CREATE TABLE IF NOT EXISTS file_rejections (
    message_no INTEGER NOT NULL REFERENCES messages (no),
    instruction_id TEXT NOT NULL,
    end_to_end_id TEXT NOT NULL,
    amount INTEGER NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (message_no, instruction_id)
) WITHOUT ROWID;

-- A payment that came in a file: it is reported in files, and rings no webhook.
CREATE TABLE IF NOT EXISTS file_payments (
    payment_seq INTEGER PRIMARY KEY REFERENCES payments (seq),
    message_no INTEGER NOT NULL REFERENCES messages (no)
);

CREATE TABLE IF NOT EXISTS file_news (
    payment_seq INTEGER NOT NULL REFERENCES payments (seq),
    stage TEXT NOT NULL CHECK (stage IN ('debit', 'return', 'failed')),
    PRIMARY KEY (payment_seq, stage)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS reports (
    sequence INTEGER PRIMARY KEY,
    account_no INTEGER REFERENCES accounts (no),
    type TEXT NOT NULL,
    created INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS reports_of_account ON reports (account_no, sequence);
"""


def message_path(data: Path, message_id: str) -> Path:
    """Where the bytes of a received file are kept; the id is hex, so that no client chooses a path."""
    return data / "messages" / f"{message_id.encode().hex()}.xml"


def report_path(data: Path, sequence: int, type: str) -> Path:
    """Where a report lies for whoever fetches by directory."""
    return data / "outbox" / f"{sequence:08d}.{type}.xml"


def note_news(connection: sqlite3.Connection, news: list[tuple[int, str]]) -> None:
    """`news` are (payment's seq, stage); only payments that came in files are reported in files."""
    connection.executemany(
        "INSERT OR IGNORE INTO file_news (payment_seq, stage)"
        " SELECT payment_seq, ?2 FROM file_payments WHERE payment_seq = ?1",
        news,
    )


def came_in_files(connection: sqlite3.Connection, first: int, last: int) -> frozenset[int]:
    """The seqs from `first` to `last` whose payments came in files."""
    rows = connection.execute(
        "SELECT payment_seq FROM file_payments WHERE payment_seq BETWEEN ? AND ?", (first, last)
    ).fetchall()
    return frozenset(seq for (seq,) in rows)
