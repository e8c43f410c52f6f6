"""A province with two communes, its staff, and the residents the police know of."""

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from beneficiaries.models import Beneficiary, Enrolment
from beneficiaries.services.corrections.asked import Asked, ProvingPaper
from beneficiaries.services.corrections.confirm import confirm_correction
from beneficiaries.services.corrections.propose import propose_correction
from beneficiaries.services.identity.load_population import COLUMNS, load_population
from beneficiaries.services.intake.import_registry import Intake, import_registry
from beneficiaries.services.rules.reference import load_reference
from staff.models import AdministrativeUnit, Role, User
from tests.beneficiaries.office_files import registry_file

NOW = datetime(2024, 6, 15, 2, 0, tzinfo=UTC)
TODAY = date(2024, 6, 15)
HOME, ELSEWHERE = "97101", "97102"
RESIDENT = {
    "so_dinh_danh": "097042000001",
    "ho_ten": "Nguyễn Văn An",
    "ngay_sinh": "05/09/1942",
    "gioi_tinh": "Nam",
    "ma_xa": HOME,
    "thon": "Thôn 3",
    "ngay_mat": "",
    "the_can_cuoc": "C",
    "du_dk_dinh_danh": "C",
    "da_kich_hoat": "C",
}


@dataclass(frozen=True)
class Offices:
    """Units by code, and a member of staff for each unit."""

    units: dict[str, AdministrativeUnit]
    maker: User
    officers: dict[str, User]
    folder: Path

    @property
    def province(self) -> AdministrativeUnit:
        return self.units["97"]

    def receive(self, *rows: dict[str, Any], commune: str = HOME, content: bytes | None = None, by: str = "") -> Intake:
        """The ward of `commune` sends these people; the officer of `by` (else its own) imports them."""
        return import_registry(
            content=registry_file(rows) if content is None else content,
            unit=self.units[commune],
            actor=self.officers[by or commune],
            now=NOW,
        )

    def know_residents(self, *changes: dict[str, str]) -> int:
        """Load an extract of residents; each one changes `RESIDENT`."""
        return load_population(path=self.extract(*changes))

    def extract(self, *changes: dict[str, str]) -> Path:
        """The extract as a file."""
        path = self.folder / "dan_cu.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, fieldnames=COLUMNS)
            writer.writeheader()
            writer.writerows({**RESIDENT, **change} for change in changes)
        return path


def open_offices(folder: Path) -> Offices:
    """Reference data, units and staff."""
    load_reference()
    units: dict[str, AdministrativeUnit] = {}
    for code, kind, above in [
        ("97", "PROVINCE", ""),
        ("971", "DISTRICT", "97"),
        (HOME, "COMMUNE", "971"),
        (ELSEWHERE, "COMMUNE", "971"),
    ]:
        parent = units.get(above)
        units[code] = AdministrativeUnit.objects.create(
            code=code, name=f"đơn vị {code}", kind=kind, parent=parent, path=f"{parent.path if parent else '/'}{code}/"
        )
    maker = _member("nguoilap", Role.MAKER, units["97"])
    officers = {code: _member(f"canbo.{code}", Role.COMMUNE_OFFICER, units[code]) for code in (HOME, ELSEWHERE)}
    return Offices(units=units, maker=maker, officers={"97": maker, **officers}, folder=folder)


def _member(username: str, role: Role, unit: AdministrativeUnit) -> User:
    return User.objects.create(username=username, password="!", full_name=username, role=role, unit=unit)


def put_right(offices: Offices, **fields: str) -> None:
    """Fields of `the_person`'s record, corrected by two people with a paper: birth and sex change in no other way."""
    correction = propose_correction(
        beneficiary_id=the_person().pk,
        asked=Asked(**fields),
        paper=ProvingPaper(kind="ID_CARD", number="CC-1", issued_on=date(2023, 3, 1), issuer="Công an"),
        reason="Gõ sai",
        actor=offices.maker,
        now=NOW,
    )
    confirm_correction(correction_id=correction.pk, actor=offices.officers[HOME], now=NOW, seen="Xem bản chính")


def the_person(code: str = "97101-000001") -> Beneficiary:
    """Whoever holds this enrolment code."""
    return Enrolment.objects.select_related("beneficiary__identity").get(code=code).beneficiary
