"""Who acts: units, users, roles; and the days that are no working days."""

from staff.models.calendar import CalendarDay
from staff.models.units import AdministrativeUnit, UnitSuccessor
from staff.models.users import Role, User

__all__ = ["AdministrativeUnit", "CalendarDay", "Role", "UnitSuccessor", "User"]
