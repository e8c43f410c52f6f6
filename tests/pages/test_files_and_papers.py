"""Files of offices go up on a page and say which row was not taken; papers of a month are asked for and fetched."""

import openpyxl

from beneficiaries.models import Enrolment
from payments.models import Cycle, OfficeFile
from payments.states import PaymentStatus
from payments.tasks import work_on_files
from reconciliation.models import PaperOrder
from reconciliation.tasks import make_ordered_papers
from tests.api.world import World
from tests.beneficiaries.office_files import decision_file
from tests.pages.forms import Browse
from tests.pages.test_daily_work import file
from tests.payments.test_cash_lists import workbook


class TestAFileOfAnOffice:
    def test_is_taken_in_and_its_wrong_row_comes_back_with_the_reason(self, world: World, browse: Browse) -> None:
        code = Enrolment.objects.filter(beneficiary=world.people["Trần Văn Ân"]).values_list("code", flat=True)[0]
        maker = browse("MAKER", "97")
        content = decision_file({"code": code, "effective": "09/2024"}, {"code": code, "effective": "quý 3"})

        sent = maker.send("/nap-tep/gui/", {"kind": "DECISIONS", "file": file(content)}, follow=True)
        work_on_files()
        kept = OfficeFile.objects.get()
        shown = maker.get(f"/nap-tep/{kept.pk}/").content.decode()
        with_reasons = maker.get(f"/nap-tep/{kept.pk}/ly-do/")

        assert "Đã nhận tệp, đang nạp." in sent.content.decode()
        assert (kept.applied, kept.rejected) == (1, 1)
        assert "quý 3" not in shown and f"/nap-tep/{kept.pk}/ly-do/" in shown
        assert openpyxl.load_workbook(file(with_reasons.getvalue())).active is not None

    def test_without_a_file_says_so_and_keeps_nothing(self, world: World, browse: Browse) -> None:
        answer = browse("MAKER", "97").send("/nap-tep/gui/", {"kind": "DECISIONS"})
        assert (answer.status_code, OfficeFile.objects.count()) == (400, 0)
        assert 'role="alert"' in answer.content.decode()

    def test_is_not_sent_by_who_may_not(self, world: World, browse: Browse) -> None:
        answer = browse("AUDITOR", "97").send("/nap-tep/gui/", {"kind": "DECISIONS", "file": file(decision_file({}))})
        assert (answer.status_code, OfficeFile.objects.count()) == (403, 0)


class TestPapersOfAMonth:
    def test_are_asked_for_made_and_fetched(self, world: World, browse: Browse) -> None:
        checker = browse("CHECKER", "971")

        said = checker.post("/in-an/lap/", {"kind": "LISTS", "month": "2024-08", "unit": "971"}, follow=True)
        make_ordered_papers()
        order = PaperOrder.objects.get()
        fetched = checker.get(f"/in-an/{order.pk}/tep/")

        assert "Đã yêu cầu lập" in said.content.decode()
        assert f"/in-an/{order.pk}/tep/" in checker.get("/in-an/").content.decode()
        assert fetched.status_code == 200 and "no-store" in fetched["Cache-Control"]
        assert browse("CHECKER", "972").get(f"/in-an/{order.pk}/tep/").status_code == 404


def test_results_of_a_list_nobody_signed_are_refused_on_the_page_and_move_nothing(world: World, browse: Browse) -> None:
    batch = world.add_list("971", cycle=Cycle.objects.get(), channel="CASH")
    payment = world.pay(batch, world.people["Trần Văn Ân"], account=None)
    sheet = workbook([payment.end_to_end_id, 750_000, "Đã nhận", "20/08/2024"])
    page = f"/danh-sach/{batch.pk}/ket-qua/"

    refused = browse("CHECKER", "971").send(f"{page}nap/", {"file": file(sheet)})
    payment.refresh_from_db()

    assert (refused.status_code, payment.status) == (409, PaymentStatus.DRAFT)
    assert 'role="alert"' in refused.content.decode()
    assert browse("MAKER", "971").send(f"{page}nap/", {"file": file(sheet)}).status_code == 403
    assert browse("CHECKER", "972").send(f"{page}nap/", {"file": file(sheet)}).status_code == 404
