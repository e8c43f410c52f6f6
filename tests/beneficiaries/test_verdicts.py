"""Verdicts row by row: kept once, applied by date, and never a reason not to pay."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import permutations

import pytest
from django.core.management import call_command
from django.db import Error, connection, transaction
from django.utils.timezone import localdate

from beneficiaries.errors import NobodyToAskAbout
from beneficiaries.errors.files import FileUnreadable
from beneficiaries.models import (
    BankAccount,
    Beneficiary,
    Case,
    EnquiryFile,
    IdentityMatch,
    IdentityRecord,
    ReceivedFile,
    Verdict,
)
from beneficiaries.services.identity.enquiries import ask
from beneficiaries.services.identity.load_population import load_population
from beneficiaries.services.identity.match import match_people
from beneficiaries.services.identity.verdicts import (
    BEFORE_ASKED,
    CHANGED_SINCE,
    OVERTAKEN,
    VerdictGiven,
    record_verdicts,
)
from beneficiaries.services.life_events.now import life_of
from beneficiaries.services.numbers import keep_account_numbers
from payments.services.lists.build_lists import build_lists  # the rule under test is one of payments
from staff.errors import NotAllowed
from tests.beneficiaries.enquiries import LATER, PoliceDesk, ask_about_all, noon, take_in
from tests.beneficiaries.offices import NOW, TODAY, Offices
from tests.corrected import put_on_record

ALL = {
    "Khớp đúng": ("MATCHED", None),
    "Sai họ tên": ("CONFLICT", "IDENTITY"),
    "Sai ngày sinh": ("CONFLICT", "IDENTITY"),
    "Sai số": ("CONFLICT", "IDENTITY"),
    "Không tìm thấy": ("NOT_FOUND", "IDENTITY"),
    "Đã chết": ("UNCHECKED", "DECEASED"),
    "Trùng": ("UNCHECKED", "DUPLICATE"),
}


class TestTheListGoingOut:
    def test_has_a_row_for_everyone_with_the_number_as_text(self, offices: Offices) -> None:
        take_in(offices)
        sheet = PoliceDesk(offices, ask_about_all(offices)).list_out().active

        assert [cell.value for cell in sheet[5]][2:7] == [
            "Nguyễn Văn An", "05/09/1942", "Nam", "097042000001", "Thôn 3, đơn vị 97101",
        ]  # fmt: skip
        assert sheet.max_row == 7

    def test_leaves_a_trace_each_time_with_its_purpose(self, offices: Offices) -> None:
        take_in(offices)
        desk = PoliceDesk(offices, ask_about_all(offices))

        desk.list_out()
        desk.list_out()

        assert EnquiryFile.objects.filter(enquiry=desk.enquiry, written_by=offices.maker).count() == 2
        assert desk.enquiry.purpose == "Rà soát đối tượng"

    def test_asks_nobody_twice_until_the_time_is_up(self, offices: Offices, settings: pytest.FixtureRequest) -> None:
        take_in(offices)
        desk = PoliceDesk(offices, ask_about_all(offices))
        with pytest.raises(NobodyToAskAbout):
            ask_about_all(offices, now=NOW + timedelta(days=1))
        desk.send_back({"An": "Khớp đúng"})

        unanswered = ask_about_all(offices, now=NOW + timedelta(days=settings.IDENTITY_ANSWER_DAYS + 1))
        again = ask_about_all(offices, now=NOW + timedelta(days=settings.IDENTITY_REASK_DAYS + 30))

        assert (unanswered.questions.count(), again.questions.count()) == (2, 3)

    def test_is_refused_outside_the_scope(self, offices: Offices) -> None:
        take_in(offices)

        with pytest.raises(NotAllowed):
            ask(
                unit=offices.province,
                source="POLICE_LIST",
                purpose="x",
                only_doubtful=False,
                actor=offices.officers["97102"],
                now=NOW,
            )

    def test_names_its_purpose_or_does_not_exist(self, offices: Offices) -> None:
        take_in(offices)

        with pytest.raises(Error), transaction.atomic():
            ask(
                unit=offices.province,
                source="POLICE_LIST",
                purpose="",
                only_doubtful=False,
                actor=offices.maker,
                now=NOW,
            )


class TestAVerdict:
    def test_that_finds_nobody_ends_no_doubt_about_the_resident_they_contradict(self, offices: Offices) -> None:
        """Else the death of that resident would be theirs: a correction said they are somebody else, and this says nothing against it."""
        people = take_in(offices)
        offices.know_residents({})
        match_people(actor_id=offices.maker.pk, now=NOW)
        desk = PoliceDesk(offices, ask_about_all(offices, now=NOW + timedelta(hours=1)))
        IdentityRecord.objects.update(deceased_on=date(2024, 6, 3))
        Beneficiary.objects.filter(pk=people["An"].pk).update(identity_status="CONFLICT")

        desk.send_back({"An": "Không tìm thấy"}, on=TODAY + timedelta(days=1), now=LATER + timedelta(days=1))

        people["An"].refresh_from_db()
        assert Verdict.objects.count() == 1 and people["An"].identity is not None
        assert life_of([people["An"].pk])[people["An"].pk].deceased_on is None

    @pytest.mark.parametrize(("answer", "status", "case"), [(answer, *effect) for answer, effect in ALL.items()])
    def test_has_its_effect(self, answer: str, status: str, case: str | None, offices: Offices) -> None:
        people = take_in(offices)

        PoliceDesk(offices, ask_about_all(offices)).send_back({"An": answer})

        people["An"].refresh_from_db()
        assert people["An"].identity_status == status
        assert list(Case.objects.values_list("kind", flat=True)) == ([case] if case else [])

    @pytest.mark.parametrize("answer", ALL)
    def test_never_leaves_anybody_unpaid(self, answer: str, offices: Offices) -> None:
        people = take_in(offices)
        before = self.payable(offices)

        PoliceDesk(offices, ask_about_all(offices)).send_back(dict.fromkeys(people, answer))

        assert self.payable(offices) == before == 3

    @staticmethod
    def payable(offices: Offices) -> int:
        with transaction.atomic():
            built = build_lists(
                month=date(2024, 7, 1), listed_on=TODAY, pay_on=date(2024, 7, 5), actor=offices.maker, now=LATER
            )
            with connection.cursor() as cursor:
                payable = cursor.execute(
                    "SELECT count(*) FROM payments_entitlement WHERE not_payable_reason = ''"
                ).fetchone()[0]
            transaction.set_rollback(True)
        assert built is not None
        return int(payable)

    def test_of_a_match_makes_a_record_where_no_extract_knows_the_number(self, offices: Offices) -> None:
        people = take_in(offices)

        taken = PoliceDesk(offices, ask_about_all(offices)).send_back({"An": "Khớp đúng"})

        record = IdentityRecord.objects.get()
        match = IdentityMatch.objects.get()
        assert (record.basis, record.number_id) == ("VERDICT", people["An"].number_id)
        assert (match.band, match.identity_id, match.decided_by) == ("VERDICT", record.pk, offices.maker)
        assert taken.effect is not None and taken.effect.confirmed == 1

    def test_that_contradicts_the_extract_is_work_for_a_person(self, offices: Offices) -> None:
        people = take_in(offices)
        offices.know_residents({"ho_ten": "Trần Thị Khác", "gioi_tinh": "Nữ"})

        PoliceDesk(offices, ask_about_all(offices)).send_back({"An": "Khớp đúng"})

        people["An"].refresh_from_db()
        assert people["An"].identity_status != "MATCHED"
        assert Case.objects.get().reason == "SOURCES_DISAGREE"

    def test_about_what_has_changed_since_proves_nothing(self, offices: Offices) -> None:
        people = take_in(offices)
        offices.know_residents({"so_dinh_danh": "097042000002"})  # who agrees with the file as it will be
        desk = PoliceDesk(offices, ask_about_all(offices))
        put_on_record(people["An"], number_id=people["Bình"].number_id)

        taken = desk.send_back({"An": "Khớp đúng"})

        people["An"].refresh_from_db()
        assert (people["An"].identity_status, taken.idle) == ("UNCHECKED", ["Dòng 5: " + CHANGED_SINCE])

    def test_closes_the_case_it_solves_and_adds_to_the_one_it_does_not(self, offices: Offices) -> None:
        take_in(offices)
        match_people(actor_id=offices.maker.pk, now=NOW)
        desk = PoliceDesk(offices, ask_about_all(offices))

        desk.send_back({"An": "Khớp đúng", "Bình": "Sai số"})

        cases = {case.beneficiary.full_name.split()[-1]: case for case in Case.objects.select_related("beneficiary")}
        assert (cases["An"].status, cases["Bình"].status, len(cases)) == ("SOLVED", "OPEN", 3)
        assert cases["Bình"].evidence[-1] == "trả lời xác minh ngày 15/06/2024: sai số"

    def test_doubts_a_new_account_and_leaves_the_paid_one(self, offices: Offices) -> None:
        people = take_in(offices)
        number = keep_account_numbers([("970405", "5550100001")])["970405", "5550100001"]
        paid = BankAccount.objects.create(
            beneficiary=people["An"], number_id=number, bank_bin="970405", holder_name="NGUYEN VAN AN", source="REGISTRY",
            status="VERIFIED", last_credited_month=date(2024, 5, 1),
        )  # fmt: skip

        PoliceDesk(offices, ask_about_all(offices)).send_back({"An": "Sai ngày sinh"})

        paid.refresh_from_db()
        assert (paid.status, paid.reason) == ("VERIFIED", "")

    def test_keeps_whom_a_matched_person_was_matched_with(self, offices: Offices) -> None:
        people = take_in(offices)
        offices.know_residents({"ngay_sinh": "05/09/1942"})
        match_people(actor_id=offices.maker.pk, now=NOW - timedelta(days=10))

        PoliceDesk(offices, ask_about_all(offices)).send_back({"An": "Sai ngày sinh"})

        people["An"].refresh_from_db()
        assert (people["An"].identity_status, people["An"].identity_id is not None) == ("CONFLICT", True)


class TestOrder:
    @pytest.mark.parametrize("order", list(permutations([0, 1, 2])))
    def test_of_arrival_does_not_matter_the_latest_answer_counts(
        self, order: tuple[int, ...], offices: Offices
    ) -> None:
        people = take_in(offices)
        enquiry = ask_about_all(offices)
        given = [
            VerdictGiven(ordinal=1, outcome="WRONG_NAME", answered_on=date(2024, 6, 20)),
            VerdictGiven(ordinal=1, outcome="NOT_FOUND", answered_on=date(2024, 6, 22)),
            VerdictGiven(ordinal=1, outcome="WRONG_NUMBER", answered_on=date(2024, 6, 21)),
        ]
        for nth in order:
            record_verdicts(
                enquiry=enquiry, given=[given[nth]], actor=offices.maker, now=noon(date(2024, 6, 25)), file=None
            )

        people["An"].refresh_from_db()
        assert people["An"].identity_status == "NOT_FOUND"
        assert Verdict.objects.count() == 3

    def test_overtaken_is_kept_and_said(self, offices: Offices) -> None:
        take_in(offices)
        desk = PoliceDesk(offices, ask_about_all(offices))
        later = NOW + timedelta(days=9)
        assert (
            desk.send_back({"An": "Khớp đúng", "Bình": "Khớp đúng"}, on=TODAY + timedelta(days=2), now=later).idle == []
        )
        taken = desk.send_back({"An": "Sai số", "Cường": "Sai số"}, on=TODAY + timedelta(days=1), now=later)
        assert taken.idle == ["Dòng 5: " + OVERTAKEN]
        assert Verdict.objects.count() == 4

    def test_from_before_anybody_asked_is_no_answer_whoever_sends_it(self, offices: Offices) -> None:
        take_in(offices)
        given = [VerdictGiven(ordinal=1, outcome="MATCHES", answered_on=TODAY - timedelta(days=1))]
        done = record_verdicts(enquiry=ask_about_all(offices), given=given, actor=offices.maker, now=NOW, file=None)
        assert (done.recorded, Verdict.objects.exists(), done.without_effect) == (0, False, {1: BEFORE_ASKED})

    def test_repeating_changes_nothing(self, offices: Offices, count_rows: Callable[[], dict[str, int]]) -> None:
        take_in(offices)
        desk = PoliceDesk(offices, ask_about_all(offices))
        content = desk.fill({"An": "Sai số", "Bình": "Khớp đúng"})
        desk.send_back({"An": "Sai số", "Bình": "Khớp đúng"})
        before = count_rows()

        again = desk.send_back({"An": "Sai số", "Bình": "Khớp đúng"}, now=LATER + timedelta(days=1))

        assert again.repeated
        # Only that the list was written once more (`fill` asks for it) is new.
        changed = {table for table, rows in count_rows().items() if rows != before[table]}
        assert changed == {"beneficiaries_enquiryfile"}
        assert content

    def test_a_later_extract_takes_the_record_over(self, offices: Offices) -> None:
        take_in(offices)
        PoliceDesk(offices, ask_about_all(offices)).send_back({"An": "Khớp đúng"})

        load_population(path=offices.extract({}))

        assert IdentityRecord.objects.get().basis == "EXTRACT"


class TestRowsComingBack:
    @pytest.mark.parametrize(
        ("heading", "value", "said"),
        [("Họ và tên", "Nguyễn Văn Bình", "xê dịch"), ("Mã dòng", "XM999999-1", "không thuộc"), ("Mã dòng", "", "Mã dòng"),
         ("Kết quả", "chắc là đúng", "Kết quả"), ("Ngày trả lời", "hôm qua", "Ngày trả lời"), ("Ngày trả lời", "01/01/2999", "sau hôm nay"),
         ("Ngày trả lời", "14/06/2024", "trước ngày hỏi (15/06/2024)")],
    )  # fmt: skip
    def test_with_a_fault_are_named_by_row_and_column_and_stop_no_other(
        self, heading: str, value: str, said: str, offices: Offices
    ) -> None:
        take_in(offices)
        desk = PoliceDesk(offices, ask_about_all(offices), sheet_changes={"An": {heading: value}})

        taken = desk.send_back({"An": "Khớp đúng", "Cường": "Khớp đúng"})

        assert [problem.split(":")[0] for problem in taken.problems] == ["Dòng 5"]
        assert said in taken.problems[0]
        assert list(Verdict.objects.values_list("beneficiary__full_name", flat=True)) == ["Nguyễn Văn Cường"]

    def test_without_an_answer_are_not_answered_yet(self, offices: Offices) -> None:
        take_in(offices)

        assert PoliceDesk(offices, ask_about_all(offices)).send_back({"An": "Khớp đúng"}).answered == 1

    def test_all_empty_are_refused(self, offices: Offices) -> None:
        take_in(offices)

        with pytest.raises(FileUnreadable):
            PoliceDesk(offices, ask_about_all(offices)).send_back({})

        assert not ReceivedFile.objects.filter(kind="VERDICTS").exists()

    def test_keep_their_note_sealed(self, offices: Offices) -> None:
        take_in(offices)
        PoliceDesk(offices, ask_about_all(offices)).send_back(
            {"An": "Sai họ tên"}, notes={"An": "Tên đúng: Nguyễn Văn Ân"}
        )

        sealed = Verdict.objects.get().sealed_note
        assert sealed is not None
        assert "Tên đúng".encode() not in bytes(sealed)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE beneficiaries_verdict SET outcome = 'MATCHES'", "DELETE FROM beneficiaries_verdict", "UPDATE beneficiaries_identityquestion SET ordinal = 9",
     "DELETE FROM beneficiaries_enquiryfile", "UPDATE beneficiaries_identityenquiry SET purpose = 'khác'"],
)  # fmt: skip
def test_what_was_asked_and_answered_is_never_edited(statement: str, offices: Offices) -> None:
    take_in(offices)
    PoliceDesk(offices, ask_about_all(offices)).send_back({"An": "Sai số"})

    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_by_command_from_list_to_effect(offices: Offices, tmp_path, capsys) -> None:
    people = take_in(offices)
    out = tmp_path / "xac-minh.xlsx"
    call_command("ask_identity", unit="97", actor="nguoilap", purpose="Rà soát", out=out)
    enquiry = people["An"].questions.get().enquiry
    back = tmp_path / "ve.xlsx"
    back.write_bytes(PoliceDesk(offices, enquiry).fill({"An": "Khớp đúng"}, on=localdate()))

    call_command("import_verdicts", back, enquiry=enquiry.pk, actor="nguoilap")

    assert "khớp đúng 1" in capsys.readouterr().out
