"""Two presses at once are one order; one whose first came to an end in that very moment is a new one."""

import pytest
from django.db import IntegrityError

from staff.models import User
from staff.services.orders import one_that_waits

NOBODY = User.objects.none


@pytest.mark.django_db
class TestOneThatWaits:
    def test_is_made_anew_when_the_other_came_to_an_end_between_two_looks(self):
        presses = iter([IntegrityError("the other waits"), User(username="moi")])

        def make() -> User:
            made = next(presses)
            if isinstance(made, Exception):
                raise made
            return made

        assert one_that_waits(NOBODY(), make=make).username == "moi"

    def test_is_the_one_found(self):
        found = User.objects.create(username="cho")

        assert one_that_waits(User.objects.filter(pk=found.pk), make=lambda: pytest.fail("made")) == found

    def test_is_no_other_fault_said_twice(self):
        def make() -> User:
            raise IntegrityError("something else")

        with pytest.raises(IntegrityError, match="something else"):
            one_that_waits(NOBODY(), make=make)
