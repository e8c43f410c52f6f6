"""A database that an older version of the code made: said plainly, with what to do, instead of a column that does not exist."""

from django.db import DEFAULT_DB_ALIAS, DatabaseError, ProgrammingError, connections
from django.db.migrations.exceptions import InconsistentMigrationHistory, NodeNotFoundError
from django.db.migrations.loader import MigrationLoader
from psycopg import errors

# What SQL of this version meets in a schema of another one; anything else a statement may fail with is an error of ours.
_SCHEMA = (
    errors.UndefinedTable,
    errors.UndefinedColumn,
    errors.UndefinedFunction,
    errors.DuplicateTable,
    errors.DuplicateColumn,
    errors.DuplicateObject,
)


def what_to_do(error: Exception) -> str:
    """The advice that fits `error`; empty when the database is not behind, and the error is one to look into."""
    if isinstance(error, InconsistentMigrationHistory):
        return _made_by_another_version(connections[DEFAULT_DB_ALIAS].settings_dict["NAME"])
    if isinstance(error, NodeNotFoundError):
        return _halfway(connections[DEFAULT_DB_ALIAS].settings_dict["NAME"]) if _migrations_are_whole() else ""
    if isinstance(error, ProgrammingError) and isinstance(error.__cause__, _SCHEMA):
        return advice()
    return ""


def advice() -> str:
    """What has to be done before this version works with the database of `default`; empty when nothing has to. Three small queries."""
    connection = connections[DEFAULT_DB_ALIAS]
    name = connection.settings_dict["NAME"]
    try:
        loader = MigrationLoader(connection)
    except DatabaseError:
        return ""  # it can't be asked: the error itself says more
    except NodeNotFoundError as error:
        return what_to_do(error)
    applied = set(loader.applied_migrations)
    folded = {key for migration in loader.replacements.values() for key in migration.replaces}
    if unknown := applied - set(loader.disk_migrations) - folded:
        return f"{_made_by_another_version(name)} Không còn trong mã nguồn: {', '.join(sorted('.'.join(key) for key in unknown))}."
    waiting = len(set(loader.disk_migrations) - applied)
    if not waiting:
        return ""
    if not applied:
        return (
            f"Cơ sở dữ liệu {name} còn trống. Chạy `manage.py migrate`; nếu định làm việc trên dữ liệu của `make demo`, "
            "đặt ANSINH_DATABASE=ansinh_demo trước lệnh."
        )
    return f"Cơ sở dữ liệu {name} cũ hơn phần mềm: {waiting} thay đổi cấu trúc chưa chạy. Chạy `manage.py migrate` rồi làm lại."


def _made_by_another_version(name: str) -> str:
    return (
        f"Cơ sở dữ liệu {name} do một phiên bản khác của phần mềm tạo ra. Dữ liệu thử: `make clean` rồi làm lại. "
        "Dữ liệu thật: quay về đúng phiên bản đã dùng, không xóa gì."
    )


def _migrations_are_whole() -> bool:
    """Without a database they fit together: what does not fit is what the database has of them, not the code."""
    try:
        MigrationLoader(None)
    except NodeNotFoundError:
        return False
    return True


def _halfway(name: str) -> str:
    """It has some of the migrations that were folded into new ones, not all (ADR 54)."""
    return (
        f"Cơ sở dữ liệu {name} mới chạy một phần các thay đổi cấu trúc mà phiên bản này đã gộp lại. Không có gì bị thay đổi. "
        "Quay về phiên bản phần mềm trước, chạy `manage.py migrate` cho hết rồi mới nâng cấp."
    )
