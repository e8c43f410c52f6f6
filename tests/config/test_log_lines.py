"""I14 where nobody looks first: what an error says in a log, of PostgreSQL, of a command, of a Celery worker, holds no number of anybody."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from config.log_lines import LONGEST_REASON, Lines, LineWithoutNumbers, reason_of, told_traceback

NUMBER, SPACED, NAME = "097054001234", "0970 5400 1234", "Nguyễn Thị Bưởi"
ROOT = Path(__file__).parents[2]
LINE = LineWithoutNumbers("{asctime} {levelname} {name} {message}", style="{")


def line_of(message: str, error: BaseException | None = None) -> str:
    about = (type(error), error, error.__traceback__) if error is not None else None
    return LINE.format(logging.LogRecord("payments", logging.ERROR, __file__, 1, message, (), about))


def refused_by_postgresql() -> IntegrityError:
    """A row PostgreSQL refuses, which it quotes in its DETAIL."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE kept (number text PRIMARY KEY, name text CHECK (name <> 'x'), n int)")
        cursor.execute("INSERT INTO kept VALUES (%s, %s)", [NUMBER, NAME])
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            cursor.execute("INSERT INTO kept VALUES (%s, %s)", [NUMBER, NAME])
    return caught.value


@pytest.mark.django_db
def test_a_row_postgresql_quotes_is_not_told_but_where_it_went_wrong_is() -> None:
    error = refused_by_postgresql()
    assert NUMBER in str(error)  # what would stand in the log without us
    line = line_of("Internal Server Error", error)
    assert NUMBER not in line and "DETAIL" not in line
    assert "duplicate key value violates unique constraint" in line and "test_log_lines.py" in line
    assert line.count("Traceback") == 2 and "direct cause" in line


@pytest.mark.django_db
def test_a_row_of_a_name_that_breaks_lines_is_not_told_either() -> None:
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(
            "CREATE TEMPORARY TABLE kept (number text, name text CHECK (name <> %s))", [f"{NAME}\n\nHINT: no"]
        )
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            cursor.execute("INSERT INTO kept VALUES (%s, %s)", [NUMBER, f"{NAME}\n\nHINT: no"])
    line = line_of("x", caught.value)
    assert NAME in str(caught.value) and NAME not in line and NUMBER not in line


@pytest.mark.parametrize("number", [NUMBER, SPACED, "12345678901234"])
def test_a_number_in_the_line_or_in_what_the_error_says_is_cut(number: str) -> None:
    try:
        try:
            raise ValueError(f"invalid literal for int(): {number}")
        except ValueError as inner:
            raise KeyError(f"no account {number}") from inner
    except KeyError as error:
        line = line_of(f"asked about {number}", error)
    assert number not in line and line.count("…234") == 3


def test_the_moment_the_reference_and_an_amount_stay() -> None:
    line = line_of("payment pay_7f3a12 of 1.234.567 đ waits since 2026-11-24 09:15:00")
    assert line.endswith("payment pay_7f3a12 of 1.234.567 đ waits since 2026-11-24 09:15:00")
    assert line[:2] == "20" and "," in line.split(" ERROR ")[0]


def test_what_another_formatter_kept_of_the_traceback_is_not_used() -> None:
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "m", (), (ValueError, ValueError(NUMBER), None))
    logging.Formatter().format(record)
    assert NUMBER in str(record.exc_text) and NUMBER not in LINE.format(record)


def test_every_error_of_a_group_is_told_and_a_circle_ends() -> None:
    first, second = ValueError("one"), ValueError("two")
    first.__context__, second.__context__ = second, first
    told = told_traceback(ExceptionGroup("both", [first, second]))
    assert told.count("ValueError: one") == told.count("ValueError: two") == 1


def test_a_long_reason_is_cut() -> None:
    assert len(reason_of(ValueError("a" * 10_000))) <= LONGEST_REASON + 2


def test_an_error_somebody_wrote_into_a_line_or_into_another_is_cut_too() -> None:
    quoted = f'duplicate key\nDETAIL:  Failing row contains ({NAME}, {NUMBER}).\nCONTEXT:  COPY kept, line 1: "{NAME}"'
    for text in (quoted, repr(IntegrityError(quoted)), f"not kept: {quoted}"):
        line = line_of(text, ValueError(text))
        assert line.count("duplicate key") == 2 and NAME not in line and "DETAIL" not in line


def test_a_line_that_cannot_be_written_says_where_and_not_what(capsys: pytest.CaptureFixture[str]) -> None:
    handler = Lines()
    handler.setFormatter(LINE)
    handler.emit(logging.LogRecord("x", logging.ERROR, __file__, 7, "%d people", (NUMBER,), None))
    said = capsys.readouterr().err
    assert f"{__file__}:7" in said and NUMBER not in said


def run(code: str) -> str:
    env = dict(os.environ, PYTHONPATH=str(ROOT), DJANGO_SETTINGS_MODULE="config.settings")
    ended = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, timeout=120)
    return ended.stderr + ended.stdout


def test_an_error_no_command_catches_is_told_without_its_number() -> None:
    said = run(f"import django; django.setup(); raise RuntimeError('{NUMBER}')")
    assert NUMBER not in said and "RuntimeError: …234" in said
    said = run(
        "import django, threading; django.setup()\n"
        f"def fail(): raise RuntimeError('{NUMBER}')\n"
        "threading.Thread(target=fail).start()"
    )
    assert NUMBER not in said and "RuntimeError: …234" in said


def test_an_error_in_a_celery_task_is_told_without_the_row() -> None:
    """Celery writes the error itself into its line, beside the traceback."""
    said = run(
        "import django; from config.celery import app; django.setup(); app.log.setup(loglevel='WARNING')\n"
        "from django.db import IntegrityError\n"
        "@app.task\n"
        f"def fail(): raise IntegrityError('duplicate key\\nDETAIL:  Failing row contains ({NAME}, {NUMBER}).')\n"
        "fail.apply()"
    )
    assert "raised unexpected" in said and said.count("duplicate key") == 2
    assert NAME not in said and NUMBER not in said and "DETAIL" not in said


def test_an_interrupt_while_an_error_is_handled_tells_no_more_of_it() -> None:
    said = run(
        f"import django; django.setup()\ntry: raise RuntimeError('{NUMBER}')\nexcept RuntimeError: raise KeyboardInterrupt"
    )
    assert "KeyboardInterrupt" in said and "…234" in said and NUMBER not in said


def test_an_error_of_an_object_that_ends_is_told_without_its_number() -> None:
    said = run(
        f"import django; django.setup()\nclass Held:\n def __del__(self): raise RuntimeError('{NUMBER}')\nHeld()"
    )
    assert "ignored" in said and "…234" in said and NUMBER not in said


def test_a_celery_process_writes_our_lines_at_its_own_level() -> None:
    said = run(
        "import logging; from config.celery import app; app.log.setup(loglevel='INFO')\n"
        f"logging.getLogger('celery.app.trace').info('took {NUMBER}')\n"
        "logging.getLogger('celery').debug('too much')"
    )
    assert "celery.app.trace took …234" in said and "too much" not in said
