"""How far a list has come: in one statement, and within the same reach as everything else that is read of it."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from payments.api.progress import progress
from payments.api.scope import payments_in_reach
from payments.models import PaymentBatch
from staff.models import User
from tests.api.world import World


def test_says_what_the_list_itself_says_to_everybody_who_reaches_it(world: World) -> None:
    """Every user there is, every list there is: what the written-out statement reaches is what `payments_in_reach` reaches."""
    seen = 0
    for actor in User.objects.select_related("unit"):
        client = APIClient()
        client.force_authenticate(actor)
        for batch in PaymentBatch.objects.all():
            answer = client.get(f"/api/batches/{batch.pk}/progress/")
            if answer.status_code == 403:
                continue
            expected = progress(payments_in_reach(actor).filter(batch=batch))
            assert answer.status_code == (200 if expected else 404), (actor.username, batch.pk)
            if expected:
                seen += 1
                assert answer.json()["progress"] == expected
                assert answer.json()["status"] == batch.status
    assert seen


def test_a_list_there_is_not_is_not_found(as_staff: Callable[[str, str], APIClient]) -> None:
    assert as_staff("CHECKER", "971").get("/api/batches/999999/progress/").status_code == 404


class TestTokens:
    @pytest.fixture
    def user(self, world: World) -> User:
        return world.staff["CHECKER", "971"]

    def test_two_statements_answer_a_program_with_a_token(self, user: User) -> None:
        batch = PaymentBatch.objects.filter(paying_unit=user.unit).values_list("pk", flat=True)[0]
        client = self.client(AuthToken.objects.create(user=user)[1])

        with CaptureQueriesContext(connection) as asked:
            answer = client.get(f"/api/batches/{batch}/progress/")

        assert answer.status_code == 200
        assert len(asked) == 2

    def test_who_was_switched_off_or_whose_token_ended_is_nobody(self, user: User) -> None:
        kept, token = AuthToken.objects.create(user=user)
        assert self.client(token).get("/api/batches/").status_code == 200

        AuthToken.objects.filter(pk=kept.pk).update(expiry=timezone.now())
        assert self.client(token).get("/api/batches/").status_code == 401

        AuthToken.objects.filter(pk=kept.pk).update(expiry=None)
        assert self.client(token).get("/api/batches/").status_code == 200
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert self.client(token).get("/api/batches/").status_code == 401

    @pytest.mark.parametrize("token", ["", "x", "a b", "\u00ff", "0" * 64, "' OR 1=1 --"])
    def test_anything_else_is_refused(self, db: None, token: str) -> None:
        assert self.client(token).get("/api/batches/").status_code == 401

    def client(self, token: str) -> APIClient:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        return client
