"""Load the population extract (bulk, by COPY): numbers sealed, names keyed, units resolved."""

import csv
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from django.db import connection, transaction

from beneficiaries.errors.files import ColumnsMissing
from beneficiaries.linkage.names import name_key
from beneficiaries.models import IDENTITY_NUMBER, IdentityNumber, IdentityRecord
from beneficiaries.parsers.values import read_birth, read_date, tidy_name
from staff.bulk import refresh_statistics
from staff.encryption import seal, search_digest
from staff.models import AdministrativeUnit

COLUMNS = [
    "so_dinh_danh",
    "ho_ten",
    "ngay_sinh",
    "gioi_tinh",
    "ma_xa",
    "thon",
    "ngay_mat",
    "the_can_cuoc",
    "du_dk_dinh_danh",
    "da_kich_hoat",
]
SEXES = {"Nam": "MALE", "Nữ": "FEMALE"}
PROGRESS_EVERY = 10_000

_STAGE = """
DROP TABLE IF EXISTS pg_temp.population_stage;
CREATE TEMP TABLE population_stage (
    line int, digest bytea, sealed bytea, full_name text, name_key text, birth_date date, birth_year smallint, sex text, unit_id bigint, hamlet text,
    deceased_on date, card_issued boolean, eid_eligible boolean, eid_active boolean
) ON COMMIT DROP
"""
_TWICE = "SELECT min(line), max(line) FROM population_stage GROUP BY digest HAVING count(*) > 1 ORDER BY 2 LIMIT 1"
_KEEP_NUMBERS = """
INSERT INTO beneficiaries_identitynumber (digest, sealed) SELECT digest, sealed FROM population_stage ON CONFLICT (digest) DO NOTHING
"""
_KEEP_RECORDS = """
INSERT INTO beneficiaries_identityrecord
    (number_id, full_name, name_key, birth_date, birth_year, sex, unit_id, hamlet, deceased_on, card_issued, eid_eligible, eid_active)
SELECT n.id, s.full_name, s.name_key, s.birth_date, s.birth_year, s.sex, s.unit_id, s.hamlet, s.deceased_on, s.card_issued, s.eid_eligible, s.eid_active
FROM population_stage s JOIN beneficiaries_identitynumber n USING (digest)
ON CONFLICT (number_id) DO UPDATE SET
    full_name = excluded.full_name, name_key = excluded.name_key, birth_date = excluded.birth_date, birth_year = excluded.birth_year, sex = excluded.sex,
    unit_id = excluded.unit_id, hamlet = excluded.hamlet, deceased_on = excluded.deceased_on, card_issued = excluded.card_issued,
    eid_eligible = excluded.eid_eligible, eid_active = excluded.eid_active, basis = 'EXTRACT'
"""


@transaction.atomic
def load_population(*, path: Path, progress: Callable[[int], None] = lambda rows: None) -> int:
    """Load the extract's CSV (columns `COLUMNS`, UTF-8); residents already known are brought up to date. Returns the rows read.

    `progress` is told the number of rows read so far. Raises `ColumnsMissing`, and ValueError naming the line for an unreadable row.
    """
    with path.open(encoding="utf-8-sig", newline="") as stream, connection.cursor() as cursor:
        reader = csv.reader(stream)
        heading = next(reader, [])
        if missing := [column for column in COLUMNS if column not in heading]:
            raise ColumnsMissing(missing)
        positions = [heading.index(column) for column in COLUMNS]
        units = dict(AdministrativeUnit.objects.values_list("code", "id"))
        cursor.execute(_STAGE)
        count = 0
        with cursor.cursor.copy("COPY population_stage FROM STDIN") as copy:
            for count, row in enumerate(_rows(reader, positions=positions, units=units), start=1):
                copy.write_row(row)
                if count % PROGRESS_EVERY == 0:
                    progress(count)
        if twice := cursor.execute(_TWICE).fetchone():
            raise ValueError(f"Dòng {twice[1]} của tệp dân cư có cùng số định danh với dòng {twice[0]}.")
        cursor.execute(_KEEP_NUMBERS)
        cursor.execute("ANALYZE population_stage")
        cursor.execute(_KEEP_RECORDS)
        progress(count)
    refresh_statistics(IdentityNumber, IdentityRecord)
    return count


def _rows(reader: Iterator[list[str]], *, positions: list[int], units: dict[str, int]) -> Iterator[tuple[object, ...]]:
    for line, row in enumerate(reader, start=2):
        if len(row) <= max(positions):
            raise ValueError(f"Dòng {line} của tệp dân cư bị thiếu cột.")
        number, name, birth_text, sex, unit, hamlet, deceased, card, eligible, active = (
            row[position] for position in positions
        )
        birth = read_birth(birth_text)
        if len(number) != 12 or not number.isascii() or not number.isdigit() or sex not in SEXES or unit not in units:
            raise ValueError(f"Dòng {line} của tệp dân cư: số định danh, giới tính hoặc mã xã không hợp lệ.")
        yield (
            line,
            search_digest(number, purpose=IDENTITY_NUMBER),
            seal(number.encode(), purpose=IDENTITY_NUMBER),
            tidy_name(name),
            name_key(name),
            birth.full if birth else None,
            birth.year if birth else None,
            SEXES[sex],
            units[unit],
            hamlet,
            _death(deceased),
            card == "C",
            eligible == "C",
            active == "C",
        )


def _death(text: str) -> date | None:
    return read_date(text) if text else None
