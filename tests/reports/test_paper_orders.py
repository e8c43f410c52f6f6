"""Papers asked for: who may, made once, given to whoever asked alone, known again when they come back; and what a dossier says is missing."""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from docx import Document
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from beneficiaries.models import Beneficiary
from beneficiaries.services.receiving.contacts import record_phone
from payments.models import Deduction, Entitlement, Payment
from payments.states import Channel
from reconciliation.errors import NoListOfMonth, PaperIsForgotten, PaperNotReady, TooManyPapers
from reconciliation.models import IssuedPaper, PaperKind, PaperOrder
from reconciliation.reports.rolls.everyone import lines_of_month, plain_workbook
from reconciliation.reports.rolls.monthly import monthly_rolls
from reconciliation.reports.rolls.pdf import render_roll
from reconciliation.reports.rolls.roll import sums
from reconciliation.reports.rolls.unpaid import unpaid_roll
from reconciliation.reports.rolls.workbook import roll_workbook
from reconciliation.reports.verify import NotAReport
from reconciliation.reports.verify_paper import verify_paper
from reconciliation.services.papers import paper_orders
from reconciliation.services.papers.paper_orders import (
    KEPT,
    LEASE,
    MOST_OPEN,
    forget_papers,
    make_papers,
    open_paper,
    order_paper,
)
from reconciliation.services.papers.write_dossier import bind_dossier
from reconciliation.services.papers.write_lists import write_lists
from staff.errors import NotAllowed
from staff.models import Role, User
from tests.reports.world import AUGUST, JULY, NOW, World


@pytest.fixture
def checker(world: World) -> User:
    return User.objects.create(username="kt", full_name="Lê Thị Soát", role="CHECKER", unit=world.province)


@pytest.fixture
def paid(world: World) -> World:
    world.pay(world.person(), JULY)
    world.pay(world.person(commune=1), JULY, status="FAILED")
    world.play()
    return world


def ask(world: World, actor: User, *, kind: PaperKind = PaperKind.LISTS, month=JULY) -> PaperOrder:
    return order_paper(kind=kind, unit=world.province, month=month, actor=actor, now=NOW)


def clock():
    return NOW


class TestOrders:
    @pytest.mark.parametrize(("kind", "may"), [
        (PaperKind.LISTS, {"COMMUNE_OFFICER", "MAKER", "CHECKER", "RELEASER", "AUDITOR", "REVIEWER", "COSIGNER"}),
        (PaperKind.DOSSIER, {"CHECKER", "RELEASER", "AUDITOR"}),
    ])  # fmt: skip
    def test_only_who_may_see_people_gets_lists_and_statements_too_for_a_dossier(self, world: World, kind, may):
        roles = ["COMMUNE_OFFICER", "MAKER", "CHECKER", "RELEASER", "AUDITOR", "REVIEWER", "COSIGNER", "LEADER", "CIVIL_REGISTRY"]  # fmt: skip
        for role in roles:
            actor = User.objects.create(username=role, full_name=role, role=role, unit=world.province)
            try:
                ask(world, actor, kind=kind)
                allowed = True
            except NotAllowed:
                allowed = False
            assert allowed == (role in may), role

    def test_a_unit_outside_the_own_reach_is_refused(self, world: World, checker: User):
        checker.unit = world.communes[0]
        with pytest.raises(NotAllowed):
            order_paper(kind=PaperKind.LISTS, unit=world.communes[1], month=JULY, actor=checker, now=NOW)

    def test_asked_twice_is_made_once_and_every_roll_is_written_down(self, paid: World, checker: User):
        assert ask(paid, checker) == ask(paid, checker)
        assert make_papers(clock=clock) == 1
        assert make_papers(clock=clock) == 0

        order = PaperOrder.objects.get()
        names = zipfile.ZipFile(io.BytesIO(open_paper(order=order, actor=checker))).namelist()
        assert (order.done, order.total, len(names)) == (4, 4, 11)
        assert IssuedPaper.objects.count() == 4
        assert b"%PDF" not in bytes(order.sealed)

    def test_ten_wait_for_one_person_and_no_more(self, paid: World, checker: User):
        months = [JULY.replace(year=2000 + turn) for turn in range(MOST_OPEN)]
        orders = [ask(paid, checker, month=month) for month in months]
        with pytest.raises(TooManyPapers):
            ask(paid, checker)

        assert ask(paid, checker, month=months[0]) == orders[0]
        assert ask(paid, User.objects.create(username="kt2", full_name="Lê Soát", role="CHECKER", unit=paid.province))
        PaperOrder.objects.filter(pk=orders[0].pk).update(status="REFUSED")
        assert ask(paid, checker)

    def test_who_lost_the_right_meanwhile_gets_nothing(self, paid: World, checker: User):
        ask(paid, checker)
        make_papers(clock=clock)
        checker.role = "LEADER"

        with pytest.raises(NotAllowed):
            open_paper(order=PaperOrder.objects.get(), actor=checker)

    def test_not_ready_refused_and_forgotten_each_say_so(self, paid: World, checker: User):
        order = ask(paid, checker, month=AUGUST)
        with pytest.raises(PaperNotReady):
            open_paper(order=order, actor=checker)
        make_papers(clock=clock)
        order.refresh_from_db()
        assert (order.status, order.problem) == ("REFUSED", NoListOfMonth.sentence)
        ask(paid, checker)
        make_papers(clock=clock)
        assert forget_papers(now=NOW + KEPT + timedelta(seconds=1)) == 1
        with pytest.raises(PaperIsForgotten):
            open_paper(order=PaperOrder.objects.order_by("-pk")[0], actor=checker)

    def test_a_worker_that_died_is_followed_by_another_until_it_is_given_up(
        self, paid: World, checker: User, monkeypatch: pytest.MonkeyPatch
    ):
        def die(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        order = ask(paid, checker)
        with monkeypatch.context() as patched:
            patched.setattr(paper_orders, "pack_lists", die)
            for nth in range(3):
                with pytest.raises(KeyboardInterrupt):
                    make_papers(clock=lambda nth=nth: NOW + nth * 2 * LEASE)
                assert make_papers(clock=lambda nth=nth: NOW + nth * 2 * LEASE) == 0  # the lease still holds
        make_papers(clock=lambda: NOW + 9 * LEASE)
        order.refresh_from_db()
        assert (order.status, order.attempts) == ("REFUSED", 4)

    def test_what_was_handed_out_is_never_edited(self, paid: World, checker: User):
        ask(paid, checker)
        make_papers(clock=clock)
        papers, orders = IssuedPaper.objects.all(), PaperOrder.objects.all()
        for change in (lambda: papers.update(lines=0), papers.delete, orders.delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


class TestDossier:
    def test_names_every_piece_its_page_and_what_is_missing(self, paid: World, checker: User):
        pdf, dossier, paper = bind_dossier(unit=paid.province, month=JULY, actor=checker, now=NOW)

        reader = PdfReader(io.BytesIO(pdf))
        first = " ".join(reader.pages[0].extract_text().split())
        top = [each for each in reader.outline if not isinstance(each, list)]
        assert len(dossier.pieces) == len(top) == 11
        assert [int(line.split(".")[0]) for line in (each.title for each in top)] == list(range(1, 12))
        for piece, mark in zip(dossier.pieces, top, strict=True):
            assert f"{piece.title} {sum(len(roll.cells) for roll in piece.rolls)} {reader.get_destination_page_number(mark) + 1}" in first  # fmt: skip
        assert any("chưa có bản đã ký" in sentence for sentence in dossier.missing)
        assert any("chưa ghi số chứng từ Kho bạc" in sentence for sentence in dossier.missing)
        assert "ket-qua-2024-07-97.csv" in reader.attachments
        assert bind_dossier(unit=paid.province, month=JULY, actor=checker, now=NOW)[0] == pdf
        assert paper.digest == dossier.digest

    def test_of_a_commune_holds_the_own_people_of_a_list_paid_further_up_and_no_others(self, paid: World, checker: User):  # fmt: skip
        _, dossier, _ = bind_dossier(unit=paid.communes[0], month=JULY, actor=checker, now=NOW)

        results = next(piece for piece in dossier.pieces if piece.title == "Kết quả chi trả").rolls[0]
        assert [row[2:6] for row in results.cells] == [(1, 500_000, 1, 500_000)]

    def test_the_command_writes_it_for_this_user_alone(self, paid: World, checker: User, tmp_path, capsys):
        file = tmp_path / "ho-so.pdf"
        call_command("dossier", "2024-07", "--unit", "97", "--file", str(file), "--actor", "kt")
        assert "11 thành phần" in capsys.readouterr().out
        assert file.stat().st_mode & 0o077 == 0
        with pytest.raises(CommandError):
            call_command("dossier", "2024-08", "--unit", "97", "--file", str(file), "--actor", "kt")


class TestVerify:
    def test_a_list_is_known_again_with_and_without_a_signature_and_a_change_is_named_by_row_and_heading(
        self, paid: World, checker: User, tmp_path
    ):
        call_command("monthly_lists", "2024-07", "--unit", "97", "--folder", str(tmp_path), "--actor", "kt", "--processes", "1")  # fmt: skip
        pdf = next(tmp_path.glob("danh-sach-tien-mat-*97101*.pdf")).read_bytes()
        sheet = next(tmp_path.glob("danh-sach-tien-mat-*97101*.xlsx")).read_bytes()
        for content in (pdf, pdf + b"\n% signed\n", sheet):
            verdict = verify_paper(content, now=NOW)
            assert (verdict.original, verdict.holds) == (True, True)

        roll = next(monthly_rolls(unit=paid.province, month=JULY, channel=Channel.CASH, now=NOW))
        forged = replace(roll, cells=((*roll.cells[0][:14], 999, *roll.cells[0][15:]), *roll.cells[1:]))
        for render in (render_roll, roll_workbook):
            with pytest.raises(NotAReport):
                verify_paper(render(forged), now=NOW)  # it has a digest of its own, which nobody handed out
            said = render(forged).replace(forged.digest.encode(), roll.digest.encode())
            if render is render_roll and said != render(forged):
                assert verify_paper(said, now=NOW).differences == ["Dòng 1: khác ở cột Tổng số được nhận."]

    @pytest.mark.parametrize("name", ["bien-dong-2024-07-97.docx", "chua-nhan-2024-07-97.docx"])
    def test_a_list_in_word_is_known_again_and_a_changed_cell_is_named(
        self, paid: World, checker: User, tmp_path, name: str
    ):
        call_command("monthly_lists", "2024-07", "--unit", "97", "--folder", str(tmp_path), "--actor", "kt", "--processes", "1")  # fmt: skip
        content = (tmp_path / name).read_bytes()
        verdict = verify_paper(content, now=NOW)
        assert (verdict.original, verdict.holds) == (True, True)

        document = Document(io.BytesIO(content))
        grid = next(table for table in document.tables if len(table.rows) > 2)
        grid.rows[2].cells[2].text = "999"
        changed = io.BytesIO()
        document.save(changed)
        again = verify_paper(changed.getvalue(), now=NOW)
        assert again.original is False
        assert [one for one in again.differences if one.startswith("Dòng 1: khác ở cột ")]

    def test_telephones_stand_on_it_for_who_calls_and_change_nothing_about_what_it_says(
        self, paid: World, checker: User, tmp_path
    ):
        """The roll of who was not paid is called through; whoever only signs or reads gets the column blank."""
        unpaid = Beneficiary.objects.get(payments__status="FAILED")
        caller = User.objects.create(
            username="xa", full_name="Cán bộ xã", role=Role.COMMUNE_OFFICER, unit=paid.province
        )
        elsewhere = User.objects.create(
            username="xb", full_name="Xã khác", role=Role.COMMUNE_OFFICER, unit=paid.communes[0]
        )
        record_phone(beneficiary_id=unpaid.pk, number="0912345678", owner="RELATIVE", owner_name="Trần Thị Lan", actor=caller, now=NOW)  # fmt: skip
        given = {"unit": paid.province, "month": JULY, "now": NOW}

        printed, blank = unpaid_roll(**given, reader=caller), unpaid_roll(**given, reader=checker)

        assert printed.cells[0][-1] == "0912 345 678 (Trần Thị Lan, của người thân)"
        assert {
            roll.cells[0][-1] for roll in (blank, unpaid_roll(**given), unpaid_roll(**given, reader=elsewhere))
        } == {""}
        assert printed.digest == blank.digest
        paths = write_lists(**given, folder=tmp_path, processes=1, actor=caller)
        files = {path.suffix: path.read_bytes() for path in paths if path.stem.startswith("chua-nhan")}
        assert all(verify_paper(content, now=NOW).holds for content in files.values())
        assert "0912 345 678" in " ".join(PdfReader(io.BytesIO(files[".pdf"])).pages[0].extract_text().split())
        assert IssuedPaper.objects.get(kind="UNPAID").purpose == "có số điện thoại của 1 người"

    def test_what_changed_since_is_told(self, paid: World, checker: User, tmp_path):
        call_command("monthly_lists", "2024-07", "--unit", "97", "--folder", str(tmp_path), "--actor", "kt", "--processes", "1")  # fmt: skip
        content = (tmp_path / "chua-nhan-2024-07-97.pdf").read_bytes()
        assert verify_paper(content, now=NOW).holds
        Payment.objects.filter(status="FAILED").update(confirmed_at=NOW)
        paid.refuse(paid.person(), JULY, reason="NO_DECISION")

        verdict = verify_paper(content, now=NOW)

        assert (verdict.original, verdict.differences) == (True, [])
        assert verdict.recount[0] == "Số dòng: 2 trên hệ thống, 1 trong tệp."


class TestEveryone:
    def test_the_plain_sheet_has_every_payment_once_and_formulas_stay_text(self, paid: World):
        lines = list(lines_of_month(unit=paid.province, month=JULY, now=NOW))
        book = CalamineWorkbook.from_filelike(io.BytesIO(plain_workbook([*lines, lines[0] | {"Ghi chú": "=1+1"}], sheet="Bảng kê")))  # fmt: skip

        rows = book.get_sheet_by_index(0).to_python()
        assert [line["Địa bàn"] for line in lines] == ["xã Phước Thuận", "xã Phước Hậu"]
        assert (rows[0][:3], len(rows)) == (["Địa bàn", "Chính sách", "Hình thức"], 4)
        assert (rows[3][-1], rows[1][17]) == ("=1+1", 500_000.0)


class TestFigures:
    def test_a_deduction_stands_in_its_column_and_the_columns_make_what_is_paid(self, world: World, checker: User):
        enrolment = world.person()
        payment = world.pay(enrolment, JULY, amount=400_000, owed=500_000)
        decision = enrolment.decisions.create(
            kind="RECOVER", number="9/QĐ", signed_on=JULY, effective_month=JULY, amount=300_000, monthly_ceiling=100_000
        )
        Deduction.objects.create(decision=decision, payment=payment, amount=100_000)

        roll = next(monthly_rolls(unit=world.province, month=JULY, channel=Channel.CASH, now=NOW))

        totals = sums(roll)
        assert totals[13] == 100_000
        assert totals[9] + totals[10] + totals[12] - totals[13] == totals[14] == 400_000

    def test_months_carried_over_and_not_collected_again_stand_in_the_unpaid_list(self, world: World):
        payment = world.pay(world.person(), AUGUST, status="FAILED", amount=1_000_000, owed=500_000)
        Entitlement.objects.create(
            cycle=world.batch(JULY, "CASH").cycle, enrolment=payment.beneficiary.enrolments.get(), programme=world.programme, month=JULY,
            standard_amount=500_000, coefficient=1, amount=500_000, channel="CASH", cash_reason="NO_ACCOUNT", payment=payment,
        )  # fmt: skip
        world.play()

        (row,) = unpaid_roll(unit=world.province, month=AUGUST, now=NOW).cells

        assert row[4:6] == (1_000_000, "07–08/2024")
