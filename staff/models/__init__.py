"""Who acts: units, users, roles, delegations."""

from staff.models.delegations import Delegation
from staff.models.roles import RoleAssignment
from staff.models.units import AdministrativeUnit
from staff.models.users import Role, User

__all__ = ["AdministrativeUnit", "Delegation", "Role", "RoleAssignment", "User"]
