"""A process that can't open what is kept does not start: it would fail at each number, one by one, in the middle of a month."""

from django.db import OperationalError, connection

from config.environment import SettingWrong
from staff.key_ring import unopened
from staff.key_trial import doubts


def refuse_unknown_keys() -> None:
    """Raises `SettingWrong` with what is wrong. A database that does not answer yet is no reason: whoever asks it later says so."""
    try:
        wrong = unopened() or doubts(everywhere=False)
    except OperationalError:
        return
    finally:
        connection.close()
    if wrong:
        raise SettingWrong("; ".join(wrong))


def stop_worker(**said: object) -> None:
    """The same for a worker, whose signals swallow every error: it exits, and says why."""
    try:
        refuse_unknown_keys()
    except SettingWrong as error:
        raise SystemExit(str(error)) from error
