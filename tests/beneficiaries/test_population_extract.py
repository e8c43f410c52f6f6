"""The population extract: loaded once, brought up to date by the next one, refused whole with the line that is wrong."""

from datetime import date

import pytest

from beneficiaries.errors.files import ColumnsMissing
from beneficiaries.models import IdentityNumber, IdentityRecord
from beneficiaries.services.identity.load_population import load_population
from beneficiaries.services.numbers import identity_number_of
from tests.beneficiaries.offices import ELSEWHERE, Offices

OTHER = {"so_dinh_danh": "097142000002", "ho_ten": "Trần Thị Bảy", "gioi_tinh": "Nữ"}


class TestExtract:
    def test_is_loaded_resident_by_resident(self, offices: Offices) -> None:
        assert offices.know_residents({}, OTHER) == 2
        resident = IdentityRecord.objects.select_related("number", "unit").get(full_name="Nguyễn Văn An")
        assert (resident.birth_date, resident.sex, resident.unit.code, resident.name_key) == (
            date(1942, 9, 5),
            "MALE",
            "97101",
            "nguyenvanan",
        )
        assert (resident.card_issued, resident.eid_eligible, resident.eid_active, resident.deceased_on) == (
            True,
            True,
            True,
            None,
        )
        assert identity_number_of(resident.number) == "097042000001"

    def test_again_changes_nothing(self, offices: Offices) -> None:
        offices.know_residents({}, OTHER)
        before = list(IdentityRecord.objects.order_by("pk").values())
        offices.know_residents(OTHER, {})
        assert list(IdentityRecord.objects.order_by("pk").values()) == before

    def test_brings_residents_up_to_date(self, offices: Offices) -> None:
        offices.know_residents({})
        offices.know_residents({"ma_xa": ELSEWHERE, "ngay_mat": "01/02/2024", "da_kich_hoat": ""})
        resident = IdentityRecord.objects.select_related("unit").get()
        assert (resident.unit.code, resident.deceased_on, resident.eid_active) == (ELSEWHERE, date(2024, 2, 1), False)
        assert IdentityNumber.objects.count() == 1

    def test_knows_residents_of_whom_only_the_year_of_birth_is_known(self, offices: Offices) -> None:
        offices.know_residents({"ngay_sinh": "1942"})
        resident = IdentityRecord.objects.get()
        assert (resident.birth_year, resident.birth_date) == (1942, None)

    def test_tells_how_far_it_is(self, offices: Offices) -> None:
        heard: list[int] = []
        load_population(path=offices.extract({}, OTHER), progress=heard.append)
        assert heard[-1] == 2

    @pytest.mark.parametrize(
        "wrong",
        [{"so_dinh_danh": "97042000001"}, {"so_dinh_danh": "09704200000x"}, {"gioi_tinh": "x"}, {"ma_xa": "00000"}],
    )
    def test_with_an_unreadable_line_is_refused_whole_and_names_it(
        self, offices: Offices, wrong: dict[str, str]
    ) -> None:
        with pytest.raises(ValueError, match="Dòng 3"):
            offices.know_residents({}, {**OTHER, **wrong})
        assert not IdentityRecord.objects.exists()

    def test_with_a_line_cut_off_is_refused_whole_and_names_it(self, offices: Offices) -> None:
        path = offices.extract({}, OTHER)
        path.write_text(path.read_text(encoding="utf-8").rstrip()[:-20], encoding="utf-8")
        with pytest.raises(ValueError, match="Dòng 3"):
            load_population(path=path)

    def test_with_one_number_twice_is_refused_whole_and_names_the_line(self, offices: Offices) -> None:
        with pytest.raises(ValueError, match="Dòng 3"):
            offices.know_residents({}, {"ho_ten": "Trần Văn Bảy"})

    def test_without_a_column_is_refused(self, offices: Offices) -> None:
        path = offices.extract({})
        path.write_text(path.read_text(encoding="utf-8").replace("ho_ten", "ten"), encoding="utf-8")
        with pytest.raises(ColumnsMissing) as refused:
            load_population(path=path)
        assert refused.value.conflicts == ["ho_ten"]
