"""A decision names who signed it, and its day can be one; what a registry tells of old ones is taken in, and the gap is said."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from rest_framework.serializers import ValidationError

from beneficiaries.api.signers import SignerField
from beneficiaries.errors import DecisionImpossible
from beneficiaries.models import Decision, Enrolment
from beneficiaries.parsers.registry import read_registry
from beneficiaries.services.decisions import Draft, record_decision
from beneficiaries.services.decisions.transfers import take_in
from beneficiaries.services.intake.lists import import_decisions
from beneficiaries.services.quality_gaps import without_signer
from tests.beneficiaries.office_files import decision_file, person, registry_file
from tests.beneficiaries.offices import HOME, Offices, open_offices

CHAIRMAN = "Nguyễn Văn Chủ, Chủ tịch UBND xã"
NOW = datetime(2024, 7, 15, 2, 0, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def offices(db: None, tmp_path: Any) -> Offices:
    opened = open_offices(tmp_path)
    opened.receive(person())
    return opened


def stop(**changes: Any) -> Draft:
    said = {
        "kind": "STOP",
        "number": "7/QĐ",
        "signed_on": TODAY,
        "effective_month": date(2024, 9, 1),
        "signer": CHAIRMAN,
    }
    return Draft(**{**said, **changes})


class TestRecordedByAPerson:
    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"signer": ""}, "Thiếu người ký; mời ghi họ tên và chức vụ"),
            ({"signer": "Chủ"}, "Thiếu người ký"),
            ({"signer": ". - ,"}, "Thiếu người ký"),
            ({"signer": "Chủ tịch"}, "Mới ghi chức vụ, chưa ghi họ tên"),
            ({"signer": "KT. Chủ tịch, Phó Chủ tịch UBND xã"}, "chưa ghi họ tên"),
            ({"signed_on": date(1824, 7, 10)}, "10/07/1824 trước ngày 02/09/1945"),
            ({"signed_on": date(1945, 9, 1)}, "trước ngày 02/09/1945"),
            ({"signed_on": TODAY + timedelta(days=1)}, "ở sau ngày hôm nay"),
            ({"effective_month": date(2204, 9, 1)}, "hơn 25 năm"),
        ],
    )
    def test_that_can_not_be_is_refused_with_a_sentence(self, offices: Offices, changes: Any, said: str) -> None:
        with pytest.raises(DecisionImpossible, match=said):
            record_decision(
                enrolment=Enrolment.objects.get(), draft=stop(**changes), actor=offices.officers[HOME], now=NOW
            )
        assert Decision.objects.filter(kind="STOP").count() == 0

    def test_has_a_signer_whatever_blanks_were_copied_with_the_name(self) -> None:
        """What a database takes for a blank depends on its locale: `decision_recorded_here_names_its_signer` sees plain ones."""
        assert SignerField().run_validation("Nguyễn\u00a0Văn  Chủ") == "Nguyễn Văn Chủ"

    @pytest.mark.parametrize("signer", ["Giám đốc", "Phó Chủ tịch UBND xã Tân An", "CHỦ TỊCH", "UBND tỉnh"])
    def test_by_an_office_alone_is_sent_back_by_every_body(self, signer: str) -> None:
        with pytest.raises(ValidationError, match="Mới ghi chức vụ, chưa ghi họ tên"):
            SignerField().run_validation(signer)

    def test_keeps_a_title_before_the_name_apart_from_it(self, offices: Offices) -> None:
        said = stop(signer="Phó Chủ tịch  Trần Thị Hoa")
        kept = record_decision(enrolment=Enrolment.objects.get(), draft=said, actor=offices.officers[HOME], now=NOW)
        assert kept.signer == "Trần Thị Hoa, Phó Chủ tịch"

    def test_is_kept_with_its_signer(self, offices: Offices) -> None:
        kept = record_decision(enrolment=Enrolment.objects.get(), draft=stop(), actor=offices.officers[HOME], now=NOW)
        assert (kept.signer, kept.signed_on) == (CHAIRMAN, TODAY)

    def test_in_a_list_is_named_by_row_and_column(self, offices: Offices) -> None:
        rows = decision_file({"signer": ""}, {"number": "8/QĐ", "signed": "10/07/1824"})
        intake = import_decisions(content=rows, unit=offices.units[HOME], actor=offices.officers[HOME], now=NOW)
        assert intake.applied == 0
        unsigned, too_old = sorted(intake.problems)
        assert "cột “Người ký”" in unsigned and "họ tên và chức vụ" in unsigned
        assert "cột “Ngày quyết định”" in too_old and "02/09/1945" in too_old


class TestCarriedToAnotherCommune:
    @pytest.mark.parametrize(("signer", "recorded"), [("Chủ", False), ("", False), (CHAIRMAN, True)])
    def test_goes_along_whoever_is_named_as_its_signer(self, offices: Offices, signer: str, recorded: bool) -> None:
        """An end decided ahead, before signers were asked for by name and title."""
        right, officer, there = Enrolment.objects.get(), offices.officers[HOME], offices.units["97102"]
        ahead = {"kind": "STOP", "number": "7", "signed_on": TODAY, "effective_month": date(2026, 9, 1)}
        Decision.objects.create(enrolment=right, signer=signer, recorded_at=NOW, **ahead)
        Enrolment.objects.filter(pk=right.pk).update(ended_month=date(2026, 9, 1))
        months = {"effective_month": date(2024, 8, 1), "signer": CHAIRMAN, "signed_on": TODAY}
        away = Draft(kind="TRANSFER_OUT", number="8", last_month=date(2024, 7, 1), to_unit_id=there.pk, **months)
        record_decision(enrolment=right, draft=away, actor=officer, now=NOW)

        arrives = Draft(kind="TRANSFER_IN", number="9", **months)
        new = take_in(moved=right, code="97102-000001", draft=arrives, actor=offices.officers["97102"], now=NOW)

        carried = new.decisions.get(kind="STOP")
        assert (carried.signer, carried.recorded_by is not None) == (signer, recorded)
        assert new.ended_month == date(2026, 9, 1)

    def test_goes_along_even_with_a_day_no_authority_could_sign_on(self, committed_db: None, tmp_path: Any) -> None:
        """Taken over before such days were refused: nobody stays unpaid at the new place for a year typed wrongly long ago."""
        offices = open_offices(tmp_path)
        offices.receive(person())
        right, there = Enrolment.objects.get(), offices.units["97102"]
        Enrolment.objects.update(ended_month=date(2026, 9, 1))
        with connections["owner"].cursor() as cursor:
            cursor.execute("ALTER TABLE beneficiaries_decision DISABLE TRIGGER decision_day_guard")
            cursor.execute(
                "INSERT INTO beneficiaries_decision (enrolment_id, kind, number, signed_on, signer, effective_month, reason) "
                "VALUES (%s, 'STOP', '7', '1924-07-01', %s, '2026-09-01', '')",
                [right.pk, CHAIRMAN],
            )
            cursor.execute("ALTER TABLE beneficiaries_decision ENABLE TRIGGER decision_day_guard")
        ahead = {"number": "8", "signed_on": NOW.date() + timedelta(days=90), "signer": CHAIRMAN}
        Decision.objects.create(
            enrolment=right, kind="ADJUST", coefficient=2, effective_month=date(2026, 8, 1), recorded_at=NOW, **ahead
        )
        months = {"effective_month": date(2024, 8, 1), "signer": CHAIRMAN, "signed_on": TODAY}
        away = Draft(kind="TRANSFER_OUT", number="9", last_month=date(2024, 7, 1), to_unit_id=there.pk, **months)
        record_decision(enrolment=right, draft=away, actor=offices.officers[HOME], now=NOW)

        arrives = Draft(kind="TRANSFER_IN", number="10", **months)
        new = take_in(moved=right, code="97102-000001", draft=arrives, actor=offices.officers["97102"], now=NOW)

        assert new.decisions.get(kind="STOP").signed_on == date(1924, 7, 1) and new.ended_month == date(2026, 9, 1)
        assert [one.recorded_by for one in new.decisions.exclude(kind="TRANSFER_IN")] == [None, None]


class TestTheDatabase:
    @pytest.mark.parametrize(
        ("changes", "guard"),
        [
            ({"signer": ""}, "decision_recorded_here_names_its_signer"),
            ({"signer": " Chủ "}, "decision_recorded_here_names_its_signer"),
            ({"signed_on": date(1945, 9, 1)}, "decision_is_not_older_than_the_state"),
            ({"signed_on": TODAY + timedelta(days=1)}, "decision_recorded_here_was_signed_before"),
        ],
    )
    def test_refuses_what_a_person_could_not_record(self, offices: Offices, changes: Any, guard: str) -> None:
        said = {"signed_on": TODAY, "signer": CHAIRMAN, **changes}
        row = {"kind": "STOP", "number": "7", "effective_month": date(2024, 9, 1), "recorded_at": NOW, **said}
        with pytest.raises(IntegrityError, match=guard), transaction.atomic():
            Decision.objects.create(enrolment=Enrolment.objects.get(), recorded_by=offices.officers[HOME], **row)


class TestTakenOver:
    def test_an_old_decision_without_its_signer_comes_in(self, offices: Offices) -> None:
        assert Decision.objects.get().signer == "" and Decision.objects.get().recorded_by is None

    def test_with_its_signer_keeps_them(self, offices: Offices) -> None:
        offices.receive(
            person(code="97101-000009", name="Lê Văn Chín", number="097042000009", decision_signer=CHAIRMAN)
        )
        assert Decision.objects.get(enrolment__code="97101-000009").signer == CHAIRMAN

    def test_one_of_another_century_is_not_recorded_and_said(self, offices: Offices) -> None:
        taken = offices.receive(person(code="97101-000009", number="097042000009", decision_date="15/03/1824"))
        assert not Decision.objects.filter(enrolment__code="97101-000009").exists()
        assert "DECISION_TOO_EARLY" in str(taken)

    def test_a_list_without_the_column_says_what_it_said_before(self) -> None:
        """Else every list of before would be another list after an upgrade."""
        (without,) = read_registry(registry_file([person()], without=["decision_signer"]))
        (with_empty,) = read_registry(registry_file([person()]))
        (signed,) = read_registry(registry_file([person(decision_signer=CHAIRMAN)]))
        assert without.canonical == with_empty.canonical
        assert signed.canonical != with_empty.canonical

    def test_stands_in_the_gaps_until_a_granting_decision_names_somebody(self, offices: Offices) -> None:
        offices.receive(
            person(code="97101-000009", name="Lê Văn Chín", number="097042000009", decision_signer=CHAIRMAN)
        )
        offices.receive(person(code="97101-000010", name="Lê Văn Mười", number="097042000010", decision_number=""))
        gaps = without_signer(unit=offices.province, on=TODAY)
        assert [one.code for one in gaps] == ["97101-000001"]  # not who is signed for, nor who has no decision at all
        assert not without_signer(unit=offices.units["97102"], on=TODAY).exists()
