"""Counting a report's figures for a province of so many people paid for three months, in a database of its own."""

import os
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402  (Django first)

from benches.files_cycle import sign_and_release  # noqa: E402
from benches.payments.world import bank, filled_province  # noqa: E402
from beneficiaries.models import Beneficiary, Enrolment  # noqa: E402
from payments.models import Entitlement, Payment, PaymentBatch  # noqa: E402
from payments.states import Cause  # noqa: E402
from reconciliation.reports.snapshot import count_figures  # noqa: E402
from staff.bulk import refresh_statistics  # noqa: E402
from tests.payments.province import AUGUST, JULY, SEPTEMBER  # noqa: E402

QUARTER = {"from_on": JULY, "to_on": SEPTEMBER.replace(day=30), "kind": "QUARTER"}
SPREAD = "UPDATE {table} SET unit_id = (%s::bigint[])[1 + id %% 3]"


def measure_figures(*, people: int, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds of counting the whole province, and of counting one commune with a third of its people."""
    with filled_province("ansinh_bench_figures", people=people) as province, bank() as process:
        communes = [province.units[code].pk for code in ("97201", "97101", "97102")]
        with connection.cursor() as cursor:
            for model in (Beneficiary, Enrolment):
                cursor.execute(SPREAD.format(table=model._meta.db_table), [communes])
        for month in (JULY, AUGUST, SEPTEMBER):
            province.build(month)
            sign_and_release(province, month, bank=process.client())
            refresh_statistics(Payment, Entitlement, PaymentBatch)
            lists = list(PaymentBatch.objects.filter(cycle__month=month).values_list("pk", flat=True))
            own = Payment.objects.filter(batch__in=lists)
            own.apply(Cause.CLAIM, now=province.clock())
            own.apply(Cause.BANK_POSTED, now=province.clock(), credited_on=month.replace(day=5))
        refresh_statistics(Payment, Entitlement)
        return tuple([_seconds(province.units[code], n) for n in range(rounds)] for code in ("97", "97201"))  # type: ignore[return-value]  # two units, so a pair


def _seconds(unit: object, nth: int) -> float:
    began = time.perf_counter()
    figures = count_figures(unit=unit, **QUARTER)  # type: ignore[arg-type]  # dates by name, typed loosely as one dict
    if not nth:
        print(
            {key: figures["headline"][key] for key in ("beneficiaries", "paid_cashless", "account_money")},
            len(figures["differences"]),
        )
    return time.perf_counter() - began


if __name__ == "__main__":
    print(measure_figures(people=27_000, rounds=3))
