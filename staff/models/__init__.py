"""Who acts: units, users, roles, delegations; and the days that are no working days."""

from staff.models.calendar import CalendarDay
from staff.models.delegations import Delegation
from staff.models.roles import RoleAssignment
from staff.models.units import AdministrativeUnit, UnitSuccessor
from staff.models.users import Role, User

__all__ = ["AdministrativeUnit", "CalendarDay", "Delegation", "Role", "RoleAssignment", "UnitSuccessor", "User"]
