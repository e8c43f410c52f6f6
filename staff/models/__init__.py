"""Who acts: units, users, roles, assignments; and the history of what was done."""

from staff.models.assignments import Assignment
from staff.models.audit import HistoryRow, Seal
from staff.models.units import AdministrativeUnit, UnitSuccessor
from staff.models.users import Role, User

__all__ = ["AdministrativeUnit", "Assignment", "HistoryRow", "Role", "Seal", "UnitSuccessor", "User"]
