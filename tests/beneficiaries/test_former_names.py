"""What stood before the civil registry changed a record is what really stood: else whoever writes it renames somebody without a paper."""

import pytest
from django.db import IntegrityError

from beneficiaries.models import LifeStatus
from tests.beneficiaries.office_files import person
from tests.beneficiaries.offices import NOW, Offices, the_person
from tests.corrected import put_on_record
from tests.payments.plain_sql import constraint_of, run

OTHER = {"code": "97101-000002", "number": "097042000002", "name": "Trần Thị Bình"}


@pytest.fixture
def known(offices: Offices) -> dict[str, object]:
    """The person, and the number of somebody else."""
    offices.receive(person(), person(**OTHER))
    return {"person": the_person().pk, "number": the_person(OTHER["code"]).number_id, "mine": the_person().number_id}


INSERT = """
INSERT INTO beneficiaries_lifestatus (beneficiary_id, death_registered, name_before, name_now, number_before_id, settled_at)
VALUES (%(person)s, false, {name}, '', {number}, now())
"""
UPDATE = "UPDATE beneficiaries_lifestatus SET {changes} WHERE beneficiary_id = %(person)s"


class TestAFormerNameOrNumber:
    @pytest.mark.parametrize(("name", "number"), [("'Trần Thị Bình'", "NULL"), ("''", "%(number)s")])
    def test_that_never_stood_is_refused(self, known, name: str, number: str) -> None:
        with pytest.raises(IntegrityError) as refusal:
            run(INSERT.format(name=name, number=number), **known)
        assert constraint_of(refusal) == "former_name_is_what_stood"

    def test_that_stands_is_kept(self, known) -> None:
        run(INSERT.format(name="'Nguyễn Văn An'", number="%(mine)s"), **known)
        assert LifeStatus.objects.get().name_before == "Nguyễn Văn An"

    @pytest.mark.parametrize("changes", ["name_before = 'Trần Thị Bình'", "number_before_id = %(number)s"])
    def test_is_not_replaced(self, known, changes: str) -> None:
        LifeStatus.objects.create(
            beneficiary=the_person(), name_before="Nguyễn Văn An", number_before_id=known["mine"], settled_at=NOW
        )
        with pytest.raises(IntegrityError) as refusal:
            run(UPDATE.format(changes=changes), **known)
        assert constraint_of(refusal) == "former_name_is_what_stood"

    def test_is_not_forgotten_while_the_record_says_another(self, known) -> None:
        """Else what stands now would count as what stood before, and the first name could not come back."""
        LifeStatus.objects.create(beneficiary=the_person(), name_before="Nguyễn Văn An", settled_at=NOW)
        put_on_record(the_person(), full_name="Nguyễn Văn Bân")
        with pytest.raises(IntegrityError) as refusal:
            run(UPDATE.format(changes="name_before = ''"), **known)
        assert constraint_of(refusal) == "former_name_is_what_stood"
        put_on_record(the_person(), full_name="Nguyễn Văn An")
        run(UPDATE.format(changes="name_before = ''"), **known)

    def test_does_not_open_the_way_to_another_name(self, known) -> None:
        """The guard of records lets a name go back to what stood before."""
        with pytest.raises(IntegrityError):
            run(INSERT.format(name="'Trần Thị Bình'", number="NULL"), **known)
        with pytest.raises(IntegrityError):
            run("UPDATE beneficiaries_beneficiary SET full_name = 'Trần Thị Bình' WHERE id = %(person)s", **known)
