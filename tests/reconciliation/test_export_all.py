"""Everything that is handed over is all of it, of one moment, counted, and known again; numbers stand in clear only by two people's word."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction

from beneficiaries.models import Beneficiary
from payments.models import Payment
from reconciliation.services.export import write
from reconciliation.services.export.order import decide_export, order_export
from reconciliation.services.export.tables import APPS, LEFT_OUT, tables
from reconciliation.services.export.verify import rows_of, verify_export
from reconciliation.services.export.write import MANIFEST, NotTheSameOrder, write_export
from staff.errors import ExportIsSettled, NotAllowed
from staff.models import DataExport
from tests.api.world import NOW, World, make_world

pytestmark = pytest.mark.django_db
SMALL = {
    "beneficiaries.IdentityNumber", "beneficiaries.AccountNumber", "beneficiaries.Beneficiary", "beneficiaries.BankAccount", "payments.LedgerAccount",
    "payments.PaymentBatch", "payments.Payment", "payments.JournalEntry", "payments.Posting",
}  # fmt: skip
NUMBER = "0123456789012"


@pytest.fixture
def world() -> World:
    world = make_world()
    world.open_account(world.people["Trần Văn Ân"], NUMBER)
    return world


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables money stands in: what is held for them is held for all."""
    monkeypatch.setattr(write, "tables", lambda: (table for table in tables() if table.label in SMALL))


def export(folder: Path, **given: object) -> str:
    asked = {"order": 1, "document": "12/TLHĐ", "with_numbers": False, "now": NOW} | given
    return write_export(folder=folder, **asked).manifest_digest


def text_of(folder: Path, stem: str) -> str:
    return json.dumps(
        [row for path in sorted(folder.glob(f"{stem}-*.xlsx")) for row in rows_of(path)],
        default=str,
        ensure_ascii=False,
    )


class TestAllOfIt:
    def test_is_every_table_each_column_with_a_heading(self) -> None:
        ours = {model._meta.label for app in APPS for model in apps.get_app_config(app).get_models()}
        found = list(tables())

        assert {table.label for table in found} == ours - set(LEFT_OUT)
        for table in found:
            headings = [column.heading for column in table.columns]
            assert len(set(headings)) == len(headings), table.label
            assert not {"password", "session_key"} & {column.field.name for column in table.columns}

    @pytest.mark.slow
    def test_is_written_counted_and_known_again(self, world: World, tmp_path: Path) -> None:
        order = order_export(document="12/TLHĐ", with_numbers=False, actor=world.staff["RELEASER", "97"], now=NOW)
        call_command("export_all", order=order.pk, out=tmp_path / "x")
        order.refresh_from_db()
        found = verify_export(folder=tmp_path / "x", with_database=True)

        assert (found.faults, found.rows) == ([], order.row_total)
        assert (tmp_path / "x").stat().st_mode & 0o777 == 0o700
        with pytest.raises(CommandError):
            call_command("export_all", order=order.pk, out=tmp_path / "y")


@pytest.mark.usefixtures("few")
class TestTheFiles:
    def test_hold_numbers_cut_or_in_clear_as_was_allowed(self, world: World, tmp_path: Path) -> None:
        export(tmp_path / "cut")
        export(tmp_path / "clear", with_numbers=True)

        assert NUMBER not in text_of(tmp_path / "cut", "beneficiaries-accountnumber")
        assert NUMBER in text_of(tmp_path / "clear", "beneficiaries-accountnumber")

    def test_hold_what_looks_like_a_formula_as_text(self, world: World, tmp_path: Path) -> None:
        Beneficiary.objects.filter(pk=world.people["Trần Văn Ân"].pk).update(hamlet="=1+1")
        export(tmp_path / "x")

        assert '"=1+1"' in text_of(tmp_path / "x", "beneficiaries-beneficiary")

    def test_are_split_by_size_and_together_hold_the_same(self, world: World, tmp_path: Path) -> None:
        export(tmp_path / "whole")
        export(tmp_path / "split", rows_of_a_file=2)

        assert len(list((tmp_path / "split").glob("payments-payment-*.xlsx"))) > 1
        for stem in ("payments-payment", "beneficiaries-beneficiary"):
            assert text_of(tmp_path / "split", stem) == text_of(tmp_path / "whole", stem)
        assert verify_export(folder=tmp_path / "split", with_database=False).holds

    def test_go_on_where_they_stopped_and_what_changed_is_written_anew(self, world: World, tmp_path: Path) -> None:
        def stop(title: str, rows: int) -> None:
            if title == "Danh sách chi trả":
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            export(tmp_path / "x", tell=stop)
        assert not verify_export(folder=tmp_path / "x", with_database=False).holds
        written = {path.name: path.stat().st_ino for path in (tmp_path / "x").glob("*.xlsx")}
        Beneficiary.objects.filter(pk=world.people["Trần Văn Ân"].pk).update(hamlet="Thôn 9")
        with pytest.raises(NotTheSameOrder):
            export(tmp_path / "x", order=2)
        export(tmp_path / "x")

        again = {name for name, inode in written.items() if (tmp_path / "x" / name).stat().st_ino != inode}
        assert again == {"beneficiaries-beneficiary-001.xlsx"}
        assert "Thôn 9" in text_of(tmp_path / "x", "beneficiaries-beneficiary")
        assert verify_export(folder=tmp_path / "x", with_database=False).holds

    @pytest.mark.parametrize("fault", ["changed", "missing", "foreign", "sum", "rows", "tie"])
    def test_that_are_not_what_was_handed_over_are_named(self, fault: str, world: World, tmp_path: Path) -> None:
        folder = tmp_path / "x"
        export(folder)
        file, manifest = folder / "payments-payment-001.xlsx", json.loads((folder / MANIFEST).read_text())
        of_payments = next(table for table in manifest["tables"] if table["table"] == "payments.Payment")
        if fault == "changed":
            file.write_bytes(file.read_bytes() + b"x")
        elif fault == "missing":
            file.unlink()
        elif fault == "foreign":
            (folder / "khac.xlsx").write_bytes(b"")
        elif fault == "sum":
            of_payments["sums"]["Số tiền (đ)"] += 1
        elif fault == "rows":
            of_payments["rows"] -= 1
        else:
            manifest["ties"][1]["ours"] += 1
        (folder / MANIFEST).write_text(json.dumps(manifest))

        assert len(verify_export(folder=folder, with_database=False).faults) == 1

    def test_of_another_manifest_than_the_orders_are_named(self, world: World, tmp_path: Path) -> None:
        export(tmp_path / "x")

        assert "lệnh xuất số 1" in " ".join(verify_export(folder=tmp_path / "x", with_database=True).faults)

    def test_sum_up_what_was_paid(self, world: World, tmp_path: Path) -> None:
        export(tmp_path / "x")
        manifest = json.loads((tmp_path / "x" / MANIFEST).read_text())
        of_payments = next(table for table in manifest["tables"] if table["table"] == "payments.Payment")

        assert of_payments["sums"]["Số tiền (đ)"] == sum(Payment.objects.values_list("amount", flat=True)) > 0


class TestTheOrder:
    def test_with_numbers_takes_two_people_of_the_province(self, world: World) -> None:
        head, accountant = world.staff["RELEASER", "97"], world.staff["CHECKER", "97"]
        with pytest.raises(NotAllowed):
            order_export(document="12", with_numbers=True, actor=world.staff["RELEASER", "971"], now=NOW)
        order = order_export(document="12", with_numbers=True, actor=head, now=NOW)
        assert order_export(document="12", with_numbers=True, actor=head, now=NOW) == order and not order.ready
        for other in (head, world.staff["CHECKER", "971"]):
            with pytest.raises(NotAllowed):
                decide_export(export_id=order.pk, accepted=True, actor=other, now=NOW)
        assert decide_export(export_id=order.pk, accepted=True, actor=accountant, now=NOW).ready
        with pytest.raises(ExportIsSettled):
            decide_export(export_id=order.pk, accepted=False, actor=accountant, now=NOW)

    @pytest.mark.parametrize(
        "changed",
        [
            {"decided_by": "own", "decided_at": NOW, "accepted": True},
            {"written_at": NOW, "folder": "/x", "row_total": 1, "manifest_digest": "0" * 64},
            {"with_numbers": False},
            {"ordered_by": "other"},
        ],
    )
    def test_is_held_by_the_database_too(self, changed: dict, world: World) -> None:
        head, accountant = world.staff["RELEASER", "97"], world.staff["CHECKER", "97"]
        order = order_export(document="12", with_numbers=True, actor=head, now=NOW)
        people = {"own": head, "other": accountant}
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            DataExport.objects.filter(pk=order.pk).update(**{k: people.get(v, v) for k, v in changed.items()})

    def test_is_decided_once(self, world: World) -> None:
        order = order_export(document="12", with_numbers=True, actor=world.staff["RELEASER", "97"], now=NOW)
        decide_export(export_id=order.pk, accepted=False, actor=world.staff["CHECKER", "97"], now=NOW)
        with pytest.raises(DatabaseError), transaction.atomic():
            DataExport.objects.filter(pk=order.pk).update(accepted=True, decided_at=NOW + timedelta(days=1))
