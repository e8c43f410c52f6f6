"""Who acts: units, users, roles, assignments, delegations; the days that are no working days; and the history of what was done."""

from staff.models.assignments import Assignment
from staff.models.audit import HistoryRow, Seal, SealCheck
from staff.models.calendar import CalendarDay
from staff.models.data_keys import DataKey
from staff.models.delegations import Delegation
from staff.models.erasures import ErasureOrder
from staff.models.exports import DataExport
from staff.models.faults import Fault
from staff.models.kept import Kept
from staff.models.orders import Order
from staff.models.page_readings import PageReading
from staff.models.paper_readings import PaperReading
from staff.models.roles import RoleAssignment
from staff.models.sign_ins import SignIn
from staff.models.units import AdministrativeUnit, UnitSuccessor
from staff.models.users import Role, User

__all__ = [
    "AdministrativeUnit",
    "Assignment",
    "CalendarDay",
    "DataExport",
    "DataKey",
    "Delegation",
    "ErasureOrder",
    "Fault",
    "HistoryRow",
    "Kept",
    "Order",
    "PageReading",
    "PaperReading",
    "Role",
    "RoleAssignment",
    "Seal",
    "SealCheck",
    "SignIn",
    "UnitSuccessor",
    "User",
]
