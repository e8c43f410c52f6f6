"""A wrong report of the bank: its alarm leads to a page on which one of the two who may closes it, with what the bank answered."""

import pytest

from payments.models import Alarm, BankReport, FundingAccount
from tests.api.world import NOW, World
from tests.pages.forms import Browse

PAGE = "/bao-cao-ngan-hang/"
ANSWER = {"note": "Văn bản 4/NH: gửi lại báo cáo."}


@pytest.fixture
def wrong(world: World) -> BankReport:
    account = FundingAccount.objects.get(code="TK-971")
    return BankReport.objects.create(
        funding_account=account, sequence=1, kind="pain.002", sealed=b"x", received_at=NOW, handled_at=NOW, problem="GroupStatus"
    )  # fmt: skip


class TestAWrongReport:
    def test_is_reached_from_its_alarm_and_closed_by_what_the_bank_answered(
        self, world: World, browse: Browse, wrong: BankReport
    ) -> None:
        subject = f"bank-report:{wrong.pk}"
        Alarm.objects.create(
            kind="BANK_REPORT_WRONG", subject=subject, unit=world.units["971"], count=1, since=NOW, raised_at=NOW
        )
        client = browse("CHECKER", "971")
        assert f'<a href="{PAGE}">báo cáo số {wrong.pk}' in client.get("/").content.decode()
        assert "Đóng báo cáo" in client.get(PAGE).content.decode()

        client.post(f"{PAGE}{wrong.pk}/dong/", ANSWER)

        wrong.refresh_from_db()
        assert (wrong.closed_by, wrong.note) == (world.staff["CHECKER", "971"], ANSWER["note"])
        assert "Đã đóng: " in client.get(PAGE).content.decode()
        again = client.post(f"{PAGE}{wrong.pk}/dong/", ANSWER)
        assert again.status_code == 409

    @pytest.mark.parametrize("role", ["MAKER", "LEADER"])
    def test_has_no_button_for_others_and_is_not_closed_by_them(
        self, role: str, browse: Browse, wrong: BankReport
    ) -> None:
        client = browse(role, "971")
        assert "<button>Đóng báo cáo" not in client.get(PAGE).content.decode()

        assert client.post(f"{PAGE}{wrong.pk}/dong/", ANSWER).status_code == 403

    def test_is_not_of_another_district(self, browse: Browse, wrong: BankReport) -> None:
        client = browse("RELEASER", "972")

        assert "TK-971" not in client.get(PAGE).content.decode()
        assert client.post(f"{PAGE}{wrong.pk}/dong/", ANSWER).status_code == 404

    def test_is_not_closed_without_a_word_of_the_bank(self, browse: Browse, wrong: BankReport) -> None:
        assert browse("CHECKER", "971").post(f"{PAGE}{wrong.pk}/dong/", {"note": " "}).status_code == 400
