"""Where a part is measured: a database and a bank of its own, a province with as many people as it needs."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections

from benches.files_cycle import fill, sign_and_release
from tests.payments.bank_process import BankProcess, running_bank
from tests.payments.province import AUGUST, Clock, Province, make_province
from tests.simulation.database import own_database

MONEY = 10**13
COMMUNE = "97201"  # paid by the district whose account sends through the API


@contextmanager
def database(name: str) -> Iterator[None]:
    """A database of its own; processes started meanwhile work in it, and so does nobody afterwards."""
    kept = {alias: connections[alias].settings_dict["NAME"] for alias in ("default", "owner")}
    os.environ["ANSINH_DATABASE"] = name
    try:
        with own_database(name):
            yield
    finally:
        os.environ["ANSINH_DATABASE"] = kept["default"]
        for alias, product in kept.items():
            connections[alias].settings_dict["NAME"] = product


@contextmanager
def filled_province(name: str, *, people: int) -> Iterator[Province]:
    """`people` with a verified account and a granted enrolment."""
    with database(name):
        province = make_province(clock=Clock())
        fill(province, people=people, commune=COMMUNE, prefix=8)
        yield province


@contextmanager
def bank() -> Iterator[BankProcess]:
    """The mock bank in a process of its own, with enough money."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_bank(Path(folder) / "bank", balances={"fa_971": MONEY, "fa_972": MONEY}) as process,
    ):
        yield process


@contextmanager
def released_payments(name: str, *, people: int) -> Iterator[BankProcess]:
    """`people` on one released list, and the bank that waits for them."""
    with filled_province(name, people=people) as province, bank() as process:
        province.build(AUGUST)
        sign_and_release(province, AUGUST, bank=process.client())
        yield process
