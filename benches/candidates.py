"""How long the look-up of residents takes in the database: `.venv/bin/python -m benches.candidates [--residents 750000]`.

Makes a database of its own with that many residents in 100 communes (names as frequent as in life: a third are Nguyễn), asks 2,000 times as a
clerk types, in the whole province and in one commune, and prints p50, p95, p99 of the statement's round trip, and of PostgreSQL's own time.
"""

import argparse
import json
import os
import random
import statistics
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402  (Django first)

from beneficiaries.linkage.names import name_key  # noqa: E402
from beneficiaries.linkage.people_names import read_name  # noqa: E402
from beneficiaries.models import IdentityNumber, IdentityRecord  # noqa: E402
from beneficiaries.services.identity.candidates import candidate_query  # noqa: E402
from staff.bulk import refresh_statistics  # noqa: E402
from staff.models import AdministrativeUnit  # noqa: E402
from tests.simulation.database import own_database  # noqa: E402

DATABASE = "ansinh_bench_candidates"
ROUNDS = 2_000
_SURNAMES = (
    "Nguyễn " * 31
    + "Trần " * 11
    + "Lê " * 9
    + "Phạm " * 7
    + "Hoàng " * 5
    + "Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Mai Cao"
)
_MIDDLES = "Văn " * 5 + "Thị " * 5 + "Hữu Đức Minh Ngọc Thanh Xuân Hồng Quang Kim Công"
_GIVEN = (
    "An Anh Bình Chi Cường Dung Dũng Đạt Đông Giang Hà Hải Hạnh Hiếu Hòa Hoa Hùng Hương Khánh Kiên Lan Linh Loan Long Mai Minh Nam Nga Ngọc Nhung"
    " Oanh Phong Phúc Phương Quân Quyên Sơn Tâm Thành Thảo Thu Thủy Tiến Trang Trung Tuấn Tú Uyên Vân Vinh Xuân Yến"
)
_FILL_NUMBERS = """
INSERT INTO beneficiaries_identitynumber (digest, sealed) SELECT decode(md5(n::text), 'hex'), '\\x00'::bytea FROM generate_series(1, %s) n
"""
_FILL_RECORDS = """
INSERT INTO beneficiaries_identityrecord (number_id, full_name, name_key, birth_date, birth_year, sex, unit_id, hamlet, card_issued, eid_eligible, eid_active)
SELECT n.id, v.name, v.key, v.born, extract(year FROM v.born), 'MALE', v.unit, '', false, false, false
FROM (SELECT id, row_number() OVER (ORDER BY id) AS nth FROM beneficiaries_identitynumber) n
JOIN unnest(%s::text[], %s::text[], %s::date[], %s::bigint[]) WITH ORDINALITY AS v(name, key, born, unit, nth) USING (nth)
"""


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--residents", type=int, default=750_000)
    residents = parser.parse_args().residents
    with own_database(DATABASE):
        Bench(residents).run()


class Bench:
    """One filled database."""

    def __init__(self, residents: int) -> None:
        self.residents = residents
        self.random = random.Random(2024)  # noqa: S311  (a bench must repeat itself)
        self.names: list[str] = []
        self.years: list[int] = []

    def run(self) -> None:
        """Fill and measure."""
        province, communes = self.fill()
        print(f"{self.residents:,} residents, {ROUNDS:,} look-ups each; milliseconds")
        for label, unit in (("whole province", province), ("one commune", communes[0])):
            trips, inside = self.measure(unit)
            for what, times in (("round trip", trips), ("in PostgreSQL", inside)):
                cuts = statistics.quantiles(times, n=100)
                print(f"{label:15} {what:14} p50 {cuts[49]:6.2f}  p95 {cuts[94]:6.2f}  p99 {cuts[98]:6.2f}")

    def fill(self) -> tuple[Any, list[Any]]:
        """Units, numbers and records; statistics as after a real load."""
        province = AdministrativeUnit.objects.create(code="97", name="tỉnh", kind="PROVINCE", path="/97/")
        communes = [
            AdministrativeUnit.objects.create(
                code=f"97{n:03d}", name=f"xã {n}", kind="COMMUNE", parent=province, path=f"/97/97{n:03d}/"
            )
            for n in range(100)
        ]
        stocks = [words.split() for words in (_SURNAMES, _MIDDLES, _GIVEN, _GIVEN)]
        for _ in range(self.residents):
            words = [self.random.choice(stock) for stock in (stocks if self.random.random() < 0.4 else stocks[:3])]
            self.names.append(" ".join(words))
            self.years.append(self.random.randint(1930, 2023))
        units = [self.random.choice(communes).pk for _ in range(self.residents)]
        births = [f"{year}-{self.random.randint(1, 12):02d}-{self.random.randint(1, 28):02d}" for year in self.years]
        with connection.cursor() as cursor:
            cursor.execute(_FILL_NUMBERS, [self.residents])
            cursor.execute(_FILL_RECORDS, [self.names, [name_key(name) for name in self.names], births, units])
        refresh_statistics(IdentityNumber, IdentityRecord)
        return province, communes

    def measure(self, unit: Any) -> tuple[list[float], list[float]]:
        """Milliseconds per look-up: round trip of the statement, and PostgreSQL's own planning and execution."""
        trips: list[float] = []
        inside: list[float] = []
        with connection.cursor() as cursor:
            for nth in range(ROUNDS):
                who = self.random.randrange(self.residents)
                typed = self.names[who] if nth % 4 else self.names[who][: max(8, len(self.names[who]) - 3)]
                year = self.years[who] if nth % 3 else None
                digest = bytes.fromhex("00" * 16) if nth % 10 == 0 else None
                query, values = candidate_query(name=read_name(typed), birth_year=year, digest=digest, unit=unit)
                started = time.perf_counter()
                cursor.execute(query, values)
                cursor.fetchall()
                trips.append(1000 * (time.perf_counter() - started))
                cursor.execute("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + query, values)
                plan = cursor.fetchone()[0]
                plan = (json.loads(plan) if isinstance(plan, str) else plan)[0]
                inside.append(plan["Planning Time"] + plan["Execution Time"])
        return trips, inside


if __name__ == "__main__":
    main()
