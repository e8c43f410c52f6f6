"""Who may do what: one table, held against the rules of the domain."""

from itertools import combinations

import pytest

from staff.errors import NotAllowed
from staff.models import AdministrativeUnit, Role, User
from staff.rights import RIGHTS, Right, may, require

SIGNING = {Right.SUBMIT, Right.APPROVE, Right.RELEASE}


def unit(path: str) -> AdministrativeUnit:
    return AdministrativeUnit(code=path.strip("/").split("/")[-1], path=path)


def user(role: str, *, path: str | None = "/97/971/", active: bool = True) -> User:
    return User(role=role, unit=unit(path) if path else None, is_active=active)


class TestTheTable:
    def test_names_every_role(self):
        assert set(RIGHTS) == set(Role.values)

    @pytest.mark.parametrize("role", Role.values)
    def test_gives_no_role_two_signatures(self, role):
        assert len(RIGHTS[role] & SIGNING) <= 1

    @pytest.mark.parametrize("one, other", list(combinations(["MAKER", "CHECKER", "RELEASER"], 2)))
    def test_gives_no_signature_to_two_roles(self, one, other):
        assert not RIGHTS[one] & RIGHTS[other] & SIGNING

    def test_lets_the_leader_see_aggregates_only(self):
        assert RIGHTS[Role.LEADER] == {Right.SEE_REPORTS, Right.ORDER_REPORT, Right.SEE_PILES}

    def test_lets_the_auditor_change_nothing(self):
        assert {right for right in RIGHTS[Role.AUDITOR] if not right.startswith("SEE_")} == set()

    def test_lets_nobody_reconcile_what_they_released(self):
        assert not {role for role, rights in RIGHTS.items() if {Right.RELEASE, Right.RECONCILE} <= rights}


@pytest.mark.django_db  # who can is looked up for the refusal
class TestScope:
    @pytest.mark.parametrize("path", ["/97/971/", "/97/971/97101/", "/97/971/97102/"])
    def test_reaches_the_unit_and_all_below(self, path):
        require(user("MAKER"), Right.SUBMIT, unit=unit(path))

    @pytest.mark.parametrize("path", ["/97/", "/97/972/", "/97/9711/", "/98/971/", "/"])
    def test_reaches_nothing_above_or_beside(self, path):
        with pytest.raises(NotAllowed):
            require(user("MAKER"), Right.SUBMIT, unit=unit(path))

    def test_without_a_unit_reaches_nothing(self):
        with pytest.raises(NotAllowed):
            require(user("MAKER", path=None), Right.SUBMIT, unit=unit("/97/"))


class TestMay:
    @pytest.mark.parametrize("right", list(Right))
    def test_one_switched_off_may_nothing(self, right):
        assert not any(may(user(role, active=False), right) for role in Role.values)

    def test_an_unknown_role_may_nothing(self):
        assert not may(user("MINISTER"), Right.SEE_REPORTS)
