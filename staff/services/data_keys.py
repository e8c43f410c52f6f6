"""Keys of personal data: made, taken in from the environment, wrapped anew under another master, retired when nothing is sealed under them (ADR 91).

Every step is one short transaction per key, so that a step that was interrupted is simply done again.
"""

import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from psycopg import sql

from staff.errors import KeyCannotRest, KeyIsAnother, MasterKeyMissing
from staff.key_ring import KEY_BYTES, KeyMissing, fingerprint, forget_newest, unwrap, wrap
from staff.key_trial import wrong_keys
from staff.models import DataKey

RESTS_FIRST = timedelta(days=1)
"""So long after the next key was made the one before may still be sealing: a process that asked a minute ago, a transaction that runs all night."""
_OPENS_NOTHING = "Khóa này trong ANSINH_DATA_KEYS không mở được dữ liệu đã mã hóa dưới số ấy; chưa ghi gì. Đặt đúng khóa đã dùng rồi làm lại."
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('staff_datakey'))"


@dataclass(frozen=True, slots=True)
class KeyInUse:
    """One key: what is sealed under it (table → rows; the outbox's files under "outbox"), and where it is kept."""

    number: int
    rows: dict[str, int]
    kept: DataKey | None
    given: bool
    seals: bool

    @property
    def total(self) -> int:
        return sum(self.rows.values())


def keys_in_use() -> list[KeyInUse]:
    """Every key there is, or that something is sealed under. Reads one byte of every sealed row: minutes for a province's years."""
    rows: dict[int, dict[str, int]] = {}
    for table, number, count in _counted():
        rows.setdefault(number, {})[table] = rows.get(number, {}).get(table, 0) + count
    kept = {key.pk: key for key in DataKey.objects.order_by("pk")}
    given = settings.DATA_KEYS.by_id
    living = [number for number, key in kept.items() if key.retired_at is None]
    newest = living[-1] if living and settings.DATA_KEYS.masters else settings.DATA_KEYS.current
    return [
        KeyInUse(number, rows.get(number, {}), kept.get(number), number in given, number == newest)
        for number in sorted({*rows, *kept, *given})
    ]


def masters_in_use() -> dict[str, int]:
    """Fingerprint of each master key of the environment, the one that wraps last → how many keys are wrapped under it."""
    wrapped = Counter(DataKey.objects.filter(retired_at=None).values_list("wrapped_by", flat=True))
    return {fingerprint(master): wrapped[fingerprint(master)] for master in settings.DATA_KEYS.masters}


def make_key(*, now: datetime) -> int:
    """A new key, by which everything is sealed from now on (other processes: within a minute); its number. Raises `MasterKeyMissing`, `KeyCannotRest`.

    Never a number something is sealed under, whoever's key that was: books restored from before it was made, messages in the outbox from after.
    """
    master = _master()
    under = {number for _, number, _ in _counted()}
    with transaction.atomic():
        _alone()
        _opens_all()
        number = max([0, *settings.DATA_KEYS.by_id, *DataKey.objects.values_list("pk", flat=True)]) + 1
        while number in under:
            number += 1
        if number > 255:
            raise KeyCannotRest("Đã dùng hết 255 số khóa dữ liệu.")
        _keep(number, secrets.token_bytes(KEY_BYTES), master, now)
    forget_newest()
    return number


def take_in_keys(*, now: datetime) -> list[int]:
    """Wrap what `ANSINH_DATA_KEYS` gives, so that it can go from the environment; numbers of those newly wrapped.

    Raises `MasterKeyMissing`, and `KeyIsAnother` when another key is wrapped under the same number, or what is sealed under it does not open.
    """
    master, taken, wrong = _master(), [], wrong_keys(everywhere=True)
    with transaction.atomic():
        _alone()
        _opens_all()
        kept = dict(DataKey.objects.values_list("pk", "fingerprint"))
        for number, key in sorted(settings.DATA_KEYS.by_id.items()):
            if number in wrong:
                raise KeyIsAnother(_OPENS_NOTHING, conflicts=[str(number)])
            if number not in kept:
                _keep(number, key, master, now)
                taken.append(number)
            elif kept[number] != fingerprint(key):
                raise KeyIsAnother(conflicts=[str(number)])
    forget_newest()
    return taken


def rewrap_keys() -> list[int]:
    """Wrap every key under the last master key; numbers of those that were under another. No sealed row is touched.

    Raises `MasterKeyMissing`, also for a key none of the masters opens: then all before it are done, and stay so.
    """
    master, done = _master(), []
    for number in DataKey.objects.filter(retired_at=None).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            _alone()
            kept = DataKey.objects.select_for_update().get(pk=number)
            if kept.wrapped is None or kept.wrapped_by == fingerprint(master):
                continue
            try:
                key = unwrap(bytes(kept.wrapped), number=number)
            except KeyMissing as error:
                raise MasterKeyMissing(
                    f"Khóa dữ liệu {number} bọc bằng khóa chủ {kept.wrapped_by}, không có trong ANSINH_MASTER_KEYS: đặt lại khóa chủ ấy "
                    "(trước khóa chủ mới) rồi chạy lại; các khóa đã bọc lại vẫn giữ."
                ) from error
            kept.wrapped, kept.wrapped_by = wrap(key, number=number, master=master), fingerprint(master)
            kept.save(update_fields=["wrapped", "wrapped_by"])
            done.append(number)
    return done


def retire_key(*, number: int, now: datetime) -> None:
    """Destroy a key nothing is sealed under. Raises `KeyCannotRest` while it seals, may still seal, or something is sealed under it."""
    _master()
    if number in settings.DATA_KEYS.by_id:
        raise KeyCannotRest(
            f"Khóa dữ liệu {number} còn trong ANSINH_DATA_KEYS: tiến trình chỉ có danh sách ấy vẫn mã hóa bằng khóa này. "
            "Bỏ khóa khỏi đó, khởi động lại mọi tiến trình rồi làm lại sau một ngày."
        )
    with transaction.atomic():
        _alone()
        key = DataKey.objects.select_for_update().filter(pk=number, retired_at=None).first()
        if key is None:
            raise KeyCannotRest(f"Không có khóa dữ liệu {number} đang giữ trong cơ sở dữ liệu.")
        after = DataKey.objects.filter(pk__gt=number, retired_at=None).order_by("pk").first()
        if after is None:
            raise KeyCannotRest(
                f"Khóa dữ liệu {number} đang dùng để mã hóa; tạo khóa mới (manage.py data_keys new) trước."
            )
        if after.made_at > now - RESTS_FIRST:
            raise KeyCannotRest(
                f"Khóa {after.pk} mới tạo chưa đủ một ngày, còn tiến trình có thể đang dùng khóa {number}."
            )
        if under := {table: count for table, of, count in _counted() if of == number}:
            listed = ", ".join(f"{table} {count}" for table, count in sorted(under.items()))
            raise KeyCannotRest(f"Còn dữ liệu mã hóa bằng khóa {number}, không bỏ được: {listed}.")
        key.wrapped, key.retired_at = None, now
        key.save(update_fields=["wrapped", "retired_at"])


def sealed_columns() -> list[tuple[str, str]]:
    """Table and column of everything sealed, from the models: a sealed column is a binary one whose name begins so."""
    return sorted(
        (model._meta.db_table, field.attname)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.BinaryField) and field.attname.startswith("sealed")
    )


def _counted() -> Iterator[tuple[str, int, int]]:
    """Table, number of key, rows under it."""
    for table, column in sealed_columns():
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL(
                    "SELECT get_byte(substring({0} FROM 1 FOR 1), 0), count(*) FROM {1} WHERE octet_length({0}) > 0 GROUP BY 1"
                ).format(sql.Identifier(column), sql.Identifier(table))
            )
            yield from ((table, number, count) for number, count in cursor.fetchall())
    if settings.NOTICE_OUTBOX:
        files = Counter(_first_byte(path) for path in Path(settings.NOTICE_OUTBOX).glob("*.sealed"))
        yield from (("outbox", number, count) for number, count in files.items() if number)


def _first_byte(path: Path) -> int:
    """0 of a file that is empty, or that was sent in this moment."""
    try:
        with path.open("rb") as stream:
            return int.from_bytes(stream.read(1))
    except FileNotFoundError:
        return 0


def _keep(number: int, key: bytes, master: bytes, now: datetime) -> None:
    DataKey.objects.create(
        pk=number,
        fingerprint=fingerprint(key),
        wrapped=wrap(key, number=number, master=master),
        wrapped_by=fingerprint(master),
        made_at=now,
    )


def _master() -> bytes:
    if not settings.DATA_KEYS.masters:
        raise MasterKeyMissing
    last: bytes = settings.DATA_KEYS.masters[-1]
    return last


def _opens_all() -> None:
    """Whoever lacks a master key the others already have would wrap a key that they can't open, and all would stop sealing."""
    ours = [fingerprint(master) for master in settings.DATA_KEYS.masters]
    stray = DataKey.objects.filter(retired_at=None).exclude(wrapped_by__in=ours).order_by("pk").first()
    if stray is not None:
        raise MasterKeyMissing(
            f"Khóa dữ liệu {stray.pk} bọc bằng khóa chủ {stray.wrapped_by}, không có trong ANSINH_MASTER_KEYS của lệnh này; chưa ghi gì. "
            "Đặt ANSINH_MASTER_KEYS như các tiến trình đang chạy rồi làm lại."
        )


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
