"""Giấy xác nhận đang hưởng: who prints it, what it says and leaves out, and how another office checks it."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.db.models import CharField, Value
from django.db.models.functions import Concat
from django.db.utils import DatabaseError
from pypdf import PdfReader

from beneficiaries.models import Beneficiary, BenefitCategory, Enrolment
from payments.models import Certificate, Payment, Signature
from payments.services.certificates import rights_of
from payments.services.signing.sign import list_digest
from payments.states import Cause
from tests.api.world import NOW, World, make_cycle
from tests.pages.forms import Browser

WHY = "làm thủ tục miễn, giảm học phí cho cháu"


def address(world: World, name: str = "Trần Văn Ân") -> str:
    return f"/nguoi-huong/{world.people[name].pk}/giay-xac-nhan/"


def printed(client: Browser, world: World) -> str:
    answer = client.post(address(world), {"purpose": WHY})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages))


def checked(code: str) -> str:
    return Browser(enforce_csrf_checks=False).post("/kiem-tra-giay/", {"code": code}).content.decode()


def post(payment: Payment, world: World) -> None:
    """Signed, released, sent, arrived."""
    batch = payment.batch
    for role, status in [("MAKER", "SUBMITTED"), ("CHECKER", "APPROVED"), ("RELEASER", "RELEASED")]:
        signed = {"digest": list_digest(batch.pk), "signer": world.staff[role, "971"], "signed_at": NOW}
        Signature.objects.create(batch=batch, revision=1, step=role, **signed)
        batch.status = status
        batch.save(update_fields=["status"])
    for cause in (Cause.RELEASE, Cause.CLAIM, Cause.BANK_POSTED):
        batch.payments.filter(pk=payment.pk).apply(cause, now=NOW)


class TestTheCertificate:
    def test_says_what_since_when_and_what_for_and_leaves_the_signing_to_the_commune(self, world, browse):
        said = printed(browse("MAKER", "971"), world)

        for words in (
            "UBND XÃ PHƯỚC THUẬN",
            "GIẤY XÁC NHẬN",
            "Trần Văn Ân",
            "1942",
            "Trợ cấp xã hội hằng tháng",
            "750.000 đồng",
            WHY,
            "TM. ỦY BAN NHÂN DÂN",
        ):
            assert words in said
        assert "Số: ……/GXN-UBND" in said and "chưa chi trả" in said

    def test_names_no_category(self, world, browse):
        category = Enrolment.objects.filter(beneficiary=world.people["Trần Văn Ân"]).first().category
        said = printed(browse("MAKER", "971"), world)

        for word in (category.code, category.neutral_code, category.name):
            assert word not in said

    def test_names_no_programme_of_sensitive_categories_only(self, world, browse):
        BenefitCategory.objects.update(sensitive=True, neutral_code=Concat(Value("N-"), "pk", output_field=CharField()))

        said = printed(browse("MAKER", "971"), world)

        assert "xã hội hằng tháng" not in said and "Trợ cấp hằng tháng theo quy định" in said

    @pytest.mark.parametrize(("july", "said"), [(True, "tháng 8/2024"), (False, "chưa chi trả")])
    def test_says_paid_through_of_a_month_before_which_nothing_is_owed(self, july, said, world, browse):
        august = world.payments["Trần Văn Ân"]
        enrolment = august.entitlements.get().enrolment
        before = world.pay(
            world.add_list("971", cycle=make_cycle(date(2024, 7, 1), pay_on=date(2024, 7, 5))),
            august.beneficiary,
            account=august.bank_account,
        )
        world.due(enrolment, cycle=before.batch.cycle, payment=before)
        for paid in (august, before) if july else (august,):
            post(paid, world)

        (right,) = rights_of(august.beneficiary, on=date(2024, 8, 20))
        assert said in (f"tháng {right.paid_through:%-m/%Y}" if right.paid_through else "chưa chi trả")

    def test_of_a_record_merged_into_another_says_what_the_kept_one_receives(self, world, browse):
        kept, merged = world.people["Trần Văn Ân"], world.people["Lê Thị Bình"]
        own = [one.since for one in rights_of(kept, on=NOW.date())]
        assert own
        Enrolment.objects.filter(beneficiary=merged).update(ended_month=date(2024, 8, 1))
        assert rights_of(merged, on=NOW.date()) == []
        Beneficiary.objects.filter(pk=merged.pk).update(same_as=kept)
        merged.refresh_from_db()
        assert [one.since for one in rights_of(merged, on=NOW.date())] == own

    def test_is_written_down(self, world, browse):
        printed(browse("MAKER", "971"), world)

        kept = Certificate.objects.get()
        assert (kept.beneficiary, kept.printed_by, kept.purpose) == (
            world.people["Trần Văn Ân"],
            world.staff["MAKER", "971"],
            WHY,
        )
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute("UPDATE payments_certificate SET purpose = 'khác'")

    @pytest.mark.parametrize("role", ["CHECKER", "RELEASER", "AUDITOR"])
    def test_is_for_whoever_records_decisions(self, role, world, browse):
        assert browse(role, "971").post(address(world), {"purpose": WHY}).status_code == 403
        assert not Certificate.objects.exists()

    def test_is_not_for_another_district(self, world, browse):
        assert browse("MAKER", "972").post(address(world), {"purpose": WHY}).status_code == 404

    @pytest.mark.parametrize("field", ["ended_month", "suspended_month"])
    def test_is_not_for_who_receives_no_more(self, field, world, browse):
        Enrolment.objects.filter(beneficiary=world.people["Trần Văn Ân"]).update(**{field: "2024-08-01"})

        answer = browse("MAKER", "971").post(address(world), {"purpose": WHY})

        assert answer.status_code == 409 and "không in giấy xác nhận" in answer.content.decode()
        assert not Certificate.objects.exists()


class TestChecking:
    def test_tells_who_printed_it_when_and_for_which_initials(self, world, browse):
        printed(browse("MAKER", "971"), world)
        kept = Certificate.objects.get()

        said = checked(f" {kept.code[:4].lower()}-{kept.code[4:]}")

        assert "do UBND xã Phước Thuận in ngày" in said and "T. V. Â., sinh năm 1942" in said
        assert "Trần Văn Ân" not in said and "hằng tháng" not in said

    def test_of_a_made_up_code_tells_nothing(self, world):
        assert "Không có giấy xác nhận nào mang mã này" in checked("0000-0000-0000")
