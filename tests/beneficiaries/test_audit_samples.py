"""Audit samples: drawn so that it can be repeated, judged once, counted exactly."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from beneficiaries.errors import AlreadyAnswered, DrawerCannotJudge, NothingToDraw
from beneficiaries.linkage.exact import bounds
from beneficiaries.models import AuditAnswer, AuditItem, AuditSample
from beneficiaries.services.identity.audit_samples import (
    DECOY,
    answer_audit_item,
    draw_audit_sample,
    evaluate_audit_sample,
)
from beneficiaries.services.identity.match import match_people
from staff.errors import NotAllowed
from staff.models import Role, User
from tests.beneficiaries.office_files import people
from tests.beneficiaries.offices import NOW, Offices


@pytest.fixture
def matched(offices: Offices) -> Offices:
    rows = people(8)
    offices.know_residents(*({"so_dinh_danh": row["number"], "ho_ten": row["name"]} for row in rows))
    offices.receive(*rows)
    match_people(actor_id=offices.maker.pk, now=NOW)
    return offices


def _checker(offices: Offices) -> User:
    return User.objects.create(username="kiem", password="!", full_name="K", role=Role.CHECKER, unit=offices.province)


def _draw(offices: Offices, *, seed: int = 1, size: int = 4) -> AuditSample:
    checker = User.objects.filter(role=Role.CHECKER).first() or _checker(offices)
    return draw_audit_sample(size=size, seed=seed, unit=offices.province, actor=checker, now=NOW)


def _pairs(sample: AuditSample) -> list[int]:
    return list(sample.items.order_by("position").values_list("beneficiary_id", flat=True))


class TestDraw:
    def test_draws_the_same_from_the_same_seed(self, matched: Offices) -> None:
        assert _pairs(_draw(matched)) == _pairs(_draw(matched))

    def test_is_refused_where_nothing_was_matched(self, offices: Offices) -> None:
        with pytest.raises(NothingToDraw):
            _draw(offices)

    def test_is_not_for_whoever_matches(self, matched: Offices) -> None:
        with pytest.raises(NotAllowed):
            draw_audit_sample(size=1, seed=1, unit=matched.province, actor=matched.maker, now=NOW)


class TestAnswer:
    def test_stands(self, matched: Offices) -> None:
        item = _draw(matched).items.first()
        assert item is not None
        answer_audit_item(item=item, answer="SAME", note="", actor=matched.maker, now=NOW)
        answer_audit_item(item=item, answer="SAME", note="", actor=matched.maker, now=NOW)
        with pytest.raises(AlreadyAnswered):
            answer_audit_item(item=item, answer="DIFFERENT", note="Giấy khai sinh", actor=matched.maker, now=NOW)

    def test_is_not_from_whoever_drew_the_sample(self, matched: Offices) -> None:
        sample = _draw(matched)
        item, drawer = sample.items.order_by("pk")[0], sample.drawn_by
        User.objects.filter(pk=drawer.pk).update(role=Role.MAKER)
        drawer.refresh_from_db()
        with pytest.raises(DrawerCannotJudge):
            answer_audit_item(item=item, answer="SAME", note="", actor=drawer, now=NOW)
        with pytest.raises(IntegrityError, match="does not judge"), transaction.atomic():
            AuditAnswer.objects.create(item=item, answer="SAME", note="", answered_by=drawer, answered_at=NOW)
        assert not AuditAnswer.objects.exists()

    def test_can_not_be_edited_even_by_sql(self, matched: Offices) -> None:
        _draw(matched)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE beneficiaries_auditsample SET seed = 2")


class TestEvaluate:
    def test_counts_right_unsure_and_the_exact_bound(self, matched: Offices) -> None:
        sample = _draw(matched, size=4)
        for item, answer in zip(
            AuditItem.objects.filter(extra=False, match__isnull=False),
            ["SAME", "SAME", "UNSURE", "DIFFERENT"],
            strict=True,
        ):
            answer_audit_item(item=item, answer=answer, note="Thẻ căn cước", actor=matched.maker, now=NOW)
        all_together = evaluate_audit_sample(sample=sample)[0]
        assert (all_together.links, all_together.answered, all_together.right, all_together.unsure) == (8, 3, 2, 1)
        assert all_together.low == pytest.approx(0.1354, abs=1e-4)


class TestDecoys:
    """Whoever answers "the same" to everything reaches 100 % on links; that nobody looked shows on pairs that are two people."""

    def test_are_two_people_of_one_place_and_sex_not_drawn_otherwise(self, matched: Offices) -> None:
        sample = _draw(matched, size=4)
        decoys = list(sample.items.filter(match__isnull=True).select_related("beneficiary", "identity"))
        assert decoys
        for decoy in decoys:
            assert decoy.beneficiary.identity_id not in (None, decoy.identity_id)
            assert (decoy.identity.unit_id, decoy.identity.sex) == (decoy.beneficiary.unit_id, decoy.beneficiary.sex)
        drawn = sample.items.filter(match__isnull=False).values_list("beneficiary_id", flat=True)
        assert not set(drawn) & {decoy.beneficiary_id for decoy in decoys}

    @pytest.mark.parametrize(("answer", "right"), [("SAME", 0), ("DIFFERENT", 1), ("UNSURE", 0)])
    def test_show_who_did_not_look(self, matched: Offices, answer: str, right: int) -> None:
        sample = _draw(matched, size=4)
        for item in sample.items.all():
            said = answer if item.match_id is None else "SAME"
            answer_audit_item(item=item, answer=said, note="Sổ hộ khẩu", actor=matched.maker, now=NOW)
        all_together, *_, decoys = evaluate_audit_sample(sample=sample)
        assert (all_together.right, all_together.answered) == (4, 4)
        assert (decoys.stratum, decoys.links, decoys.right) == (DECOY, 1, right)
        assert (decoys.answered, decoys.unsure) == ((0, 1) if answer == "UNSURE" else (1, 0))


class TestBounds:
    @pytest.mark.parametrize(
        ("right", "total", "low"), [(2995, 2995, 0.9990), (2994, 2994, 0.99899), (0, 5, 0.0), (9, 10, 0.6058)]
    )
    def test_are_exact(self, right: int, total: int, low: float) -> None:
        assert bounds(right, total, confidence=0.90)[0] == pytest.approx(low, abs=1e-5 if total > 100 else 1e-4)

    def test_of_nothing_say_nothing(self) -> None:
        assert bounds(0, 0) == (0.0, 1.0)

    def test_are_mirrored(self) -> None:
        low, high = bounds(3, 10)
        assert (1 - high, 1 - low) == pytest.approx(bounds(7, 10))
