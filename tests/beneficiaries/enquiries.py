"""People asked about, and the list as the police would send it back."""

import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import openpyxl

from beneficiaries.models import Beneficiary, IdentityEnquiry
from beneficiaries.services.identity.enquiries import ask, write_list
from beneficiaries.services.identity.import_verdicts import VerdictIntake, import_verdicts
from tests.beneficiaries.office_files import person
from tests.beneficiaries.offices import NOW, TODAY, Offices

HEADING_ROW = 4
PEOPLE = {"An": "097042000001", "Bình": "097042000002", "Cường": "097042000003"}
LATER = NOW + timedelta(days=1)


def take_in(offices: Offices) -> dict[str, Beneficiary]:
    """Three people of one commune, by given name."""
    offices.receive(
        *[
            person(code=f"97101-{n:06d}", name=f"Nguyễn Văn {name}", number=number)
            for n, (name, number) in enumerate(PEOPLE.items(), 1)
        ]
    )
    return {one.full_name.split()[-1]: one for one in Beneficiary.objects.all()}


def ask_about_all(offices: Offices, *, now: datetime = NOW, source: str = "POLICE_LIST") -> IdentityEnquiry:
    return ask(
        unit=offices.province,
        source=source,
        purpose="Rà soát đối tượng",
        only_doubtful=False,
        actor=offices.maker,
        now=now,
    ).enquiry


@dataclass
class PoliceDesk:
    """Fills in the list; answers are by the name on the row."""

    offices: Offices
    enquiry: IdentityEnquiry
    sheet_changes: dict[str, dict[str, object]] = field(default_factory=dict)

    def list_out(self) -> openpyxl.Workbook:
        content = write_list(enquiry=self.enquiry, actor=self.offices.maker, now=NOW)
        return openpyxl.load_workbook(io.BytesIO(content))

    def fill(self, answers: dict[str, str], *, on: date | str = TODAY, notes: dict[str, str] | None = None) -> bytes:
        book = self.list_out()
        sheet = book.active
        columns = {cell.value: cell.column for cell in sheet[HEADING_ROW]}
        for row in sheet.iter_rows(min_row=HEADING_ROW + 1):
            name = str(row[columns["Họ và tên"] - 1].value).split()[-1]
            if name in answers:
                row[columns["Kết quả"] - 1].value = answers[name]
                row[columns["Ngày trả lời"] - 1].value = on if isinstance(on, str) else f"{on:%d/%m/%Y}"
                row[columns["Ghi chú"] - 1].value = (notes or {}).get(name)
            for heading, value in self.sheet_changes.get(name, {}).items():
                row[columns[heading] - 1].value = value
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def send_back(
        self,
        answers: dict[str, str],
        *,
        on: date | str = TODAY,
        now: datetime = LATER,
        notes: dict[str, str] | None = None,
    ) -> VerdictIntake:
        return import_verdicts(
            content=self.fill(answers, on=on, notes=notes), enquiry=self.enquiry, actor=self.offices.maker, now=now
        )


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 5, 0, tzinfo=UTC)
