"""A file handed in is judged in a process with an end in time and memory: whatever it is, the worker lives and others get their answers."""

import errno
import io
import subprocess
import zipfile
from datetime import datetime
from resource import RUSAGE_CHILDREN, getrusage

import pytest
from docx import Document

from reconciliation.errors import FileNotKnown, FileTakesTooMuch
from reconciliation.models import ReportSnapshot, VerificationOrder
from reconciliation.reports import take_snapshot
from reconciliation.reports.docx import render_docx
from reconciliation.reports.verify import MOST_TAGS
from reconciliation.reports.writing import snapshot_json
from reconciliation.services.papers.issue_files import note_issued
from reconciliation.services.papers.judge_apart import MEMORY_BYTES, judge_apart
from reconciliation.services.papers.order_verification import judge_here, order_verification, verify_ordered_files
from reconciliation.services.papers.verify_file import FileVerdict, verify_file
from staff.errors import SystemBusy
from staff.models import Role, User
from tests.reports.world import JULY, NOW, QUARTER, World, found_world

MB = 1024 * 1024


def a_report(world: World) -> ReportSnapshot:
    enrolment = world.person()
    world.pay(enrolment, JULY, account=world.account(enrolment.beneficiary))
    world.play()
    return take_snapshot(unit=world.province, now=NOW, **QUARTER)


def somebody(world: World) -> User:
    return User.objects.create(username="kiem-toan", full_name="Cán bộ", role=Role.AUDITOR, unit=world.province)


def swollen(content: bytes, *, paragraphs: int) -> bytes:
    """A Word report of ours in which the text is nothing but paragraphs: some kilobytes handed in, a few gigabytes where it is read."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.infolist():
            text = before.read(part)
            if part.filename == "word/document.xml":
                text = text.replace(b"<w:sectPr", b"<w:p/>" * paragraphs + b"<w:sectPr", 1)
            after.writestr(part.filename, text)
    return packed.getvalue()


def spanning(content: bytes, *, columns: int) -> bytes:
    """One cell of a Word report said to be so wide: whoever reads it makes that many of it, each time for every column."""
    document = Document(io.BytesIO(content))
    document.tables[0].cell(0, 0)._tc.get_or_add_tcPr().get_or_add_gridSpan().val = columns
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


@pytest.mark.slow
class TestApart:
    def test_says_what_would_be_said_here(self, committed_db: None):
        world = found_world()
        content, actor = snapshot_json(a_report(world)).encode(), somebody(world)

        assert judge_apart(content, actor=actor, now=NOW) == verify_file(content=content, now=NOW, actor=actor)
        with pytest.raises(FileNotKnown, match="Không đọc được tệp: PDF bị cắt"):
            judge_apart(b"%PDF-1.7" + b"x" * MB, actor=actor, now=NOW)

    def test_ends_with_a_sentence_when_a_file_takes_more_memory_or_time_than_there_is(self, committed_db: None):
        world = found_world()
        content, actor = render_docx(snapshot=a_report(world)), somebody(world)
        hostile = swollen(content, paragraphs=MOST_TAGS - 1_000_000)  # one more million, and it is refused unread
        assert len(hostile) < MB

        with pytest.raises((FileTakesTooMuch, FileNotKnown)):  # a reader may say itself that there is no more memory
            judge_apart(hostile, actor=actor, now=NOW)
        assert getrusage(RUSAGE_CHILDREN).ru_maxrss * 1024 <= MEMORY_BYTES
        endless = spanning(content, columns=10_000_000)  # some minutes on any machine
        with pytest.raises(FileTakesTooMuch, match="chưa kết luận gì"):
            judge_apart(endless, actor=actor, now=NOW, memory=64_000 * MB, cpu=5)
        assert judge_apart(content, actor=actor, now=NOW).holds


@pytest.mark.django_db
@pytest.mark.parametrize(("said", "refused"), [(b"begun\n", FileTakesTooMuch), (b"", SystemBusy), (None, SystemBusy)])
def test_a_process_that_is_too_long_is_the_files_doing_once_it_began(
    world: World, monkeypatch: pytest.MonkeyPatch, said: bytes | None, refused: type[Exception]
):
    def run(*_: object, timeout: int, **__: object) -> None:
        raise subprocess.TimeoutExpired("", timeout, output=said)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(refused):
        judge_apart(b"x", actor=somebody(world), now=NOW)


@pytest.mark.django_db
class TestOrders:
    def test_a_file_waits_on_while_no_process_can_begin_to_judge_it(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ):
        ours, actor = snapshot_json(a_report(world)), somebody(world)
        order = order_verification(content=ours.encode(), actor=actor, now=NOW)

        def refuse(*args: object, **named: object) -> None:
            raise OSError(errno.ENOMEM, "no memory")

        for instead in (refuse, lambda *_, **__: subprocess.CompletedProcess([], 1, b"", b"no memory")):
            monkeypatch.setattr(subprocess, "run", instead)
            assert verify_ordered_files(clock=lambda: NOW, judge=judge_apart) == 0
        order.refresh_from_db()
        assert (order.stage, order.attempts) == ("WAITING", 0)
        assert verify_ordered_files(clock=lambda: NOW) == 1

    def test_a_file_that_takes_too_much_is_answered_and_the_next_ones_are_judged(self, world: World):
        ours, actor = snapshot_json(a_report(world)), somebody(world)
        orders = [
            order_verification(content=(ours + " " * n).encode(), actor=actor, now=NOW) for n in range(3)
        ]  # fmt: skip

        def judge(content: bytes, *, actor: User, now: datetime) -> FileVerdict:
            if content == ours.encode():
                raise FileTakesTooMuch
            return judge_here(content, actor=actor, now=now)

        assert [verify_ordered_files(clock=lambda: NOW, judge=judge, most=1) for _ in range(2)] == [1, 1]
        stages = VerificationOrder.objects.in_bulk([order.pk for order in orders])
        assert [stages[order.pk].stage for order in orders] == ["REFUSED", "DONE", "WAITING"]
        assert stages[orders[0].pk].problem.startswith("Đọc tệp này vượt giới hạn thời gian hoặc bộ nhớ nên đã dừng")
        assert (stages[orders[0].pk].sealed, stages[orders[0].pk].verdict) == (None, None)
        assert verify_ordered_files(clock=lambda: NOW, judge=judge) == 1

    def test_a_small_file_that_unpacks_to_much_waits_for_the_process_apart(self, world: World):
        a_report(world)
        commune = take_snapshot(unit=world.communes[0], now=NOW, **QUARTER)
        plain, actor = render_docx(snapshot=commune), somebody(world)

        order = order_verification(content=swollen(plain, paragraphs=3_000_000), actor=actor, now=NOW)

        assert (order.stage, order.told) == ("WAITING", "")

    def test_what_only_names_a_paper_of_ours_waits_for_the_process_apart_and_ours_does_not(self, world: World):
        a_report(world)
        commune = take_snapshot(unit=world.communes[0], now=NOW, **QUARTER)
        plain, actor = render_docx(snapshot=commune), somebody(world)
        note_issued(names=commune.digest, files=[(".docx", plain)], now=NOW)

        order = order_verification(content=spanning(plain, columns=3), actor=actor, now=NOW)

        assert (order.stage, order.told[:7]) == ("WAITING", "Báo cáo")
        assert order_verification(content=plain, actor=actor, now=NOW).stage == "DONE"
