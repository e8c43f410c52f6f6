"""Who acts: units, users, roles."""

from staff.models.units import AdministrativeUnit
from staff.models.users import Role, User

__all__ = ["AdministrativeUnit", "Role", "User"]
