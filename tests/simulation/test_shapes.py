"""Statements that are compiled once a shape are, letter by letter and value by value, those Django compiles each time."""

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from django.db.models import Count, F
from django.test.utils import CaptureQueriesContext

from beneficiaries.models import Beneficiary
from payments.models import Payment, PaymentBatch
from payments.states import Cause
from tests.payments.province import Clock
from tests.simulation.drawing import schedule_of
from tests.simulation.lighter import lighter_statements
from tests.simulation.shapes import compiled_once

FIRST_SEEDS = range(24)


def test_schedules_ask_what_django_would_have_compiled(play):
    with lighter_statements(), compiled_once(doubting=True) as shapes:
        broken = [play(schedule_of(seed)) for seed in FIRST_SEEDS]

    assert broken == [None] * len(FIRST_SEEDS)
    assert shapes.answered > 500


@pytest.mark.django_db
class TestCompiledOnce:
    def test_a_second_question_of_a_shape_is_asked_with_its_own_values(self):
        with (
            compiled_once() as shapes,
            CaptureQueriesContext(
                connection,
            ) as asked,
        ):
            for status, key in (("READY", 7), ("SENT", 8)):
                list(Payment.objects.exclude(status=status).filter(pk__gt=key))

        first, second = (query["sql"] for query in asked.captured_queries)
        assert shapes.answered == 1
        assert second == first.replace("'READY'", "'SENT'").replace("> 7", "> 8")

    def test_what_changes_the_text_is_another_shape(self):
        payments = Payment.objects.all()
        ready = payments.filter(status="READY")
        with compiled_once() as shapes:
            for one in (
                ready,
                ready[:1],
                ready.order_by("pk"),
                ready.order_by("-pk"),
                ready.distinct(),
                ready.select_for_update(),
                ready.select_related("batch"),
                ready.values_list("pk"),
                payments.exclude(status="READY"),
                payments.filter(status__in=["READY"]),
                payments.filter(status__in=["READY", "SENT"]),
                payments.filter(batch__status="READY"),
                payments.filter(file=None),
                payments.filter(file__isnull=False),
            ):
                list(one)

        assert shapes.answered == 0

    def test_a_move_of_payments_is_compiled_once(self):
        now = Clock().now
        with compiled_once(doubting=True) as shapes:
            moved = [Payment.objects.filter(pk=key).apply(Cause.RELEASE, now=now) for key in (1, 2, 3)]

        assert (moved, shapes.answered) == ([0, 0, 0], 2)


class TestLighterStatements:
    def test_words_of_filters_lead_where_they_always_led(self):
        plain = _asked()
        with lighter_statements():
            assert [_asked(), _asked()] == [plain, plain]

    def test_a_wrong_word_is_refused_each_time(self):
        with lighter_statements():
            for _ in range(2):
                with pytest.raises(FieldError):
                    Payment.objects.filter(batch__nothing=1)


def _asked() -> list[str]:
    """Own columns and those of other models, one word that means different things of two models, a name of the query's own, "many", a transform."""
    counted = PaymentBatch.objects.annotate(made=Count("payments"))
    return [
        str(one.query)
        for one in (
            Payment.objects.filter(status="READY", batch__status="DRAFT", batch__cycle__month__year=2024),
            PaymentBatch.objects.filter(status="DRAFT", cycle__closed_at=None),
            PaymentBatch.objects.exclude(payments__status="READY"),
            Beneficiary.objects.filter(payments__status="READY"),
            PaymentBatch.objects.filter(payments__status="READY").order_by("-cycle__month"),
            counted.filter(made__gt=1),
            PaymentBatch.objects.filter(payments__gt=1),
            PaymentBatch.objects.annotate(made=F("revision")).filter(made=1),
        )
    ]
