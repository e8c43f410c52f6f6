"""Who acts: units, users, roles."""

from staff.models.units import AdministrativeUnit, UnitSuccessor
from staff.models.users import Role, User

__all__ = ["AdministrativeUnit", "Role", "UnitSuccessor", "User"]
