"""Models of points: trained from the province's own data, held against an audit, adopted by somebody else."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from rest_framework.test import APIClient

from benches.matching.profiles import PROFILES
from benches.matching.province import write_province
from benches.matching.reading import read_population, read_registry
from beneficiaries.errors.models import (
    AnotherTrainingWaits,
    MakerCannotAdopt,
    ModelNotKept,
    ModelVersionTaken,
    TooFewToTrain,
)
from beneficiaries.linkage.engine import load_model
from beneficiaries.linkage.engine.deciding import haystack
from beneficiaries.linkage.engine.model import DEFAULT_MODEL
from beneficiaries.linkage.second.training import train_on_own
from beneficiaries.models import (
    AuditAnswer,
    AuditItem,
    AuditSample,
    IdentityMatch,
    MatchModel,
    MatchModelAdoption,
    MatchRun,
)
from beneficiaries.services.identity import match_models
from beneficiaries.services.identity.match import match_people
from beneficiaries.services.identity.match_models import (
    adopt_match_model,
    adopted_model,
    keep_proposal,
    propose_thresholds,
    train_match_model,
)
from beneficiaries.tasks import work_on_trainings
from staff.errors import NotAllowed
from staff.models import Role, User
from tests.beneficiaries.office_files import people
from tests.beneficiaries.offices import NOW, Offices


def _officer(offices: Offices, role: str, name: str) -> User:
    return User.objects.create(username=name, password="!", full_name=name, role=role, unit=offices.province)


@pytest.fixture
def checker(offices: Offices) -> User:
    return _officer(offices, Role.CHECKER, "ketoan")


@pytest.fixture
def releaser(offices: Offices) -> User:
    return _officer(offices, Role.RELEASER, "chutk")


@pytest.fixture
def audited(offices: Offices, checker: User) -> AuditSample:
    """Twelve links by points at 3 to 14 bits above the haystack; the two weakest were judged wrong."""
    rows = people(12)
    offices.know_residents(*({"so_dinh_danh": row["number"], "ho_ten": row["name"]} for row in rows))
    offices.receive(*rows)
    match_people(actor_id=offices.maker.pk, now=NOW)
    sample = AuditSample.objects.create(drawn_by=checker, drawn_at=NOW, unit=offices.province, seed=1, strata=[])
    run = MatchRun.objects.get()
    for bits, proven in enumerate(IdentityMatch.objects.order_by("id"), start=3):
        link = IdentityMatch.objects.create(
            beneficiary=proven.beneficiary, identity=proven.identity, band="AUTOMATIC", rule="POINTS_WEAK",
            points=haystack(12) + bits, run=run, decided_at=NOW,
        )  # fmt: skip
        item = AuditItem.objects.create(
            sample=sample,
            position=bits,
            beneficiary=link.beneficiary,
            identity=link.identity,
            match=link,
            stratum="POINTS_WEAK/20",
        )
        answer = "DIFFERENT" if bits < 5 or bits == 8 else "SAME"
        AuditAnswer.objects.create(
            item=item, answer=answer, note="Khai sinh", answered_by=offices.maker, answered_at=NOW
        )
    return sample


class TestProposal:
    def test_stands_above_every_link_judged_wrong_and_says_what_is_lacking(self, audited: AuditSample) -> None:
        line = propose_thresholds(sample=audited)[0]
        assert (line.rule, line.present, line.proposed) == ("POINTS_WEAK", 5, 8.1)
        assert (line.judged, line.right, line.lacking) == (12, 9, 2995 - 6)
        assert line.low == pytest.approx(0.05 ** (1 / 6))

    def test_becomes_a_version_that_names_its_audit(self, audited: AuditSample, checker: User) -> None:
        kept = keep_proposal(sample=audited, version="points/2a", actor=checker, now=NOW)
        assert kept.content["thresholds"]["weak"] == 8.1
        assert kept.content["thresholds"]["weak_unplaced"] == pytest.approx(12.1)
        assert kept.content["made"]["audit"] == audited.pk
        assert adopted_model().version == load_model().version


class TestAdoption:
    def test_lets_matching_decide_by_it_and_leaves_old_runs_their_version(
        self, audited: AuditSample, checker: User, releaser: User, offices: Offices
    ) -> None:
        keep_proposal(sample=audited, version="points/2a", actor=checker, now=NOW)
        adopt_match_model(version="points/2a", reason="Kiểm tra quý 3", actor=releaser, now=NOW)
        match_people(actor_id=offices.maker.pk, now=NOW)
        named = [run.manifest["model"] for run in MatchRun.objects.order_by("id")]
        assert named == [load_model().version, "points/2a"]

    def test_is_never_by_whoever_made_it_not_even_by_sql(self, audited: AuditSample, checker: User) -> None:
        made = keep_proposal(sample=audited, version="points/2a", actor=checker, now=NOW)
        User.objects.filter(pk=checker.pk).update(role=Role.RELEASER)
        checker.refresh_from_db()
        with pytest.raises(MakerCannotAdopt):
            adopt_match_model(version="points/2a", reason="Tôi", actor=checker, now=NOW)
        with pytest.raises(DatabaseError), transaction.atomic():
            MatchModelAdoption.objects.create(
                model=made, made_by=checker, adopted_by=checker, adopted_at=NOW, reason="Tôi"
            )

    def test_needs_the_right_and_a_version_there_is(self, checker: User, releaser: User) -> None:
        with pytest.raises(NotAllowed):
            adopt_match_model(version="x", reason="y", actor=checker, now=NOW)
        with pytest.raises(ModelNotKept):
            adopt_match_model(version="x", reason="y", actor=releaser, now=NOW)


class TestVersions:
    def test_are_taken_once_and_stay(self, audited: AuditSample, checker: User) -> None:
        keep_proposal(sample=audited, version="points/2a", actor=checker, now=NOW)
        for taken in ("points/2a", load_model().version):
            with pytest.raises(ModelVersionTaken):
                keep_proposal(sample=audited, version=taken, actor=checker, now=NOW)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE beneficiaries_matchmodel SET version = 'x'")
        assert MatchModel.objects.get().version == "points/2a"


class TestTraining:
    def test_is_refused_on_a_handful_of_people(self, offices: Offices, checker: User) -> None:
        offices.receive(*people(3))
        with pytest.raises(TooFewToTrain, match=r"Có 3 người, cần từ 1\.000"):
            train_match_model(version="tinh/1", actor=checker, now=NOW)

    @pytest.mark.slow
    def test_without_labels_comes_near_what_labels_teach(self, tmp_path: Path) -> None:
        write_province(out=tmp_path, rows=6_000, residents=60_000, profile=PROFILES["hard"], seed=33)
        population = read_population(tmp_path)
        weights = train_on_own(read_registry(tmp_path, population), population, pairs=2e6)["weights"]
        taught = load_model(DEFAULT_MODEL).weights
        for field, level in (
            ("name", "MARKED"),
            ("birth", "DATE"),
            ("birth", "YEAR_ONLY"),
            ("hamlet", "SAME"),
            ("number", "SAME"),
        ):
            assert weights[field][level] == pytest.approx(taught[field][level], abs=2.0), (field, level)


class TestCommand:
    def test_lists_the_version_in_use(self, offices: Offices, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("train_model", "list")
        assert capsys.readouterr().out == "Bộ điểm số 2 (kèm phần mềm) (đang dùng)\n"


class TestByApi:
    def test_one_keeps_a_version_from_an_audit_and_another_adopts_it(
        self, audited: AuditSample, checker: User, releaser: User
    ) -> None:
        accountant, holder = _logged_in(checker), _logged_in(releaser)
        (line,) = accountant.get(f"/api/audit-samples/{audited.pk}/thresholds/").json()
        assert (line["rule"], line["proposed"], line["lacking"]) == ("POINTS_WEAK", 8.1, 2995 - 6)
        made = accountant.post("/api/match-models/", {"version": "tinh-1", "sample": audited.pk}, format="json")
        assert (made.status_code, made.json()["used"], made.json()["thresholds"]["weak"]) == (201, False, 8.1)
        adoption = {"version": "tinh-1", "reason": "Mẫu 12 cặp."}
        assert accountant.post("/api/match-model-adoptions/", adoption, format="json").status_code == 403
        assert holder.post("/api/match-model-adoptions/", adoption, format="json").status_code == 201
        (row,) = holder.get("/api/match-models/").json()["results"]
        assert (row["version"], row["made_by"], row["used"]) == ("tinh-1", checker.full_name, True)

    def test_a_training_runs_in_the_background_and_tells_how_it_ended(self, offices: Offices, checker: User) -> None:
        offices.receive(*people(3))
        accountant, trainings = _logged_in(checker), "/api/match-model-trainings/"

        ordered = accountant.post(trainings, {"version": "tinh-2"}, format="json")
        again = accountant.post(trainings, {"version": "tinh-2"}, format="json")
        another = accountant.post(trainings, {"version": "tinh-3"}, format="json")
        work_on_trainings()
        ended = accountant.get(f"{trainings}{ordered.json()['id']}/").json()

        assert (ordered.status_code, ordered.json()["stage"], again.json()["id"]) == (202, "WAITING", ended["id"])
        assert (another.status_code, another.json()["code"]) == (409, AnotherTrainingWaits.code)
        assert (ended["stage"], ended["problem"].split(" Có ")[0]) == ("REFUSED", TooFewToTrain.sentence)
        taken = accountant.post(trainings, {"version": load_model().version}, format="json")
        assert (taken.status_code, taken.json()["code"]) == (409, ModelVersionTaken.code)

    def test_what_was_trained_waits_for_another_to_adopt_it(
        self, offices: Offices, checker: User, releaser: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Three people instead of a thousand: how well it learns is asked of a whole province below."""
        offices.receive(*people(3))
        model = load_model()
        learnt = {"labels": 3, "weights": model.weights, "usual": model.usual}
        monkeypatch.setattr(match_models, "FEWEST_LABELS", 1)
        monkeypatch.setattr(match_models, "train_on_own", lambda *_: dict(learnt))

        _logged_in(checker).post("/api/match-model-trainings/", {"version": "tinh-2"}, format="json")
        work_on_trainings()

        (row,) = _logged_in(releaser).get("/api/match-models/").json()["results"]
        assert (row["version"], row["made_by"], row["used"]) == ("tinh-2", checker.full_name, False)

    def test_what_is_refused_says_so(self, audited: AuditSample, checker: User, releaser: User) -> None:
        body = {"version": "tinh-1", "sample": audited.pk}
        answers = [_logged_in(checker).post("/api/match-models/", body, format="json") for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 409]
        unknown = _logged_in(releaser).post(
            "/api/match-model-adoptions/", {"version": "khác", "reason": "Thử."}, format="json"
        )
        assert (unknown.status_code, unknown.json()["code"]) == (409, ModelNotKept.code)
        assert _logged_in(checker).get("/api/audit-samples/999999/thresholds/").status_code == 404


def _logged_in(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client
