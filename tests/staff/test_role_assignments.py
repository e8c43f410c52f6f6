"""Roles by document and day: two of one chain never meet in one person, and the database says so."""

from datetime import date

import pytest
from django.db import IntegrityError

from staff.errors import NobodyAssignsThemselves, NotAllowed, RolesDoNotGoTogether
from staff.models import RoleAssignment, User
from staff.services.role_assignments import apply_roles, assign_role, end_role
from tests.payments.plain_sql import constraint_of, run
from tests.payments.province import Clock, Province, make_province

AUGUST, SEPTEMBER = date(2024, 8, 1), date(2024, 9, 1)


@pytest.fixture
def province(db: None) -> Province:
    return make_province(clock=Clock())


@pytest.fixture
def assign(province: Province):
    def to(user: User, role: str, *, since: date = AUGUST, until: date | None = None, by: str = "RELEASER"):
        return assign_role(
            user=user, role=role, unit=province.units["97"], valid_from=since, valid_to=until, document_number="9/QĐ",
            actor=province.staff[by], now=province.clock(),
        )  # fmt: skip

    return to


class TestIncompatible:
    @pytest.mark.parametrize("role", ["RELEASER", "CHECKER", "REVIEWER", "COSIGNER", "AUDITOR"])
    def test_a_maker_gets_no_other_place_in_the_chain(self, province, assign, role):
        with pytest.raises(RolesDoNotGoTogether) as refusal:
            assign(province.staff["MAKER"], role)

        assert refusal.value.conflicts == ["MAKER"]

    def test_not_even_for_a_day_that_overlaps(self, province, assign):
        leader = province.staff["LEADER"]
        assign(leader, "MAKER", since=AUGUST, until=date(2024, 8, 31))

        with pytest.raises(RolesDoNotGoTogether):
            assign(leader, "RELEASER", since=date(2024, 8, 31))
        assign(leader, "RELEASER", since=SEPTEMBER)

    def test_plain_sql_is_refused_too(self, province):
        with pytest.raises(IntegrityError) as refusal:
            run(
                "INSERT INTO staff_roleassignment (user_id, role, unit_id, valid_from, document_number, assigned_by_id, assigned_at) "
                "VALUES (%(user)s, 'RELEASER', %(unit)s, '2024-08-01', 'x', %(by)s, now())",
                user=province.staff["MAKER"].pk,
                unit=province.units["97"].pk,
                by=province.staff["RELEASER"].pk,
            )

        assert constraint_of(refusal) == "roles_are_compatible"

    def test_an_assignment_is_only_ever_ended(self, province, assign):
        assign(province.staff["LEADER"], "MAKER")

        with pytest.raises(IntegrityError) as refusal:
            run("UPDATE staff_roleassignment SET role = 'RELEASER'")

        assert constraint_of(refusal) == "role_assignment_is_only_ended"


class TestWhoAssigns:
    def test_nobody_assigns_themselves(self, province, assign):
        with pytest.raises(NobodyAssignsThemselves):
            assign(province.staff["RELEASER"], "LEADER")

    @pytest.mark.parametrize("role", ["MAKER", "CHECKER", "LEADER", "COMMUNE_OFFICER"])
    def test_others_assign_nobody(self, province, assign, role):
        with pytest.raises(NotAllowed):
            assign(province.staff["LEADER"], "MAKER", by=role)


class TestTheDayComes:
    def test_a_role_begins_and_ends_with_its_days(self, province, assign):
        maker = province.staff["MAKER"]
        end_role(
            user=maker, last_day=date(2024, 8, 31), document_number="9/QĐ", actor=province.staff["RELEASER"],
            now=province.clock(),
        )  # fmt: skip
        assign(maker, "RELEASER", since=SEPTEMBER, until=date(2024, 9, 30))

        roles = []
        for day in (date(2024, 8, 31), SEPTEMBER, date(2024, 10, 1)):
            apply_roles(on=day)
            maker.refresh_from_db()
            roles.append((maker.role, maker.unit is not None))

        assert roles == [("MAKER", True), ("RELEASER", True), ("RELEASER", False)]
        assert RoleAssignment.objects.count() == 2
