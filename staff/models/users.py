"""Who acts: a user has one role and one unit whose subtree is all they reach."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from staff.models.units import AdministrativeUnit


class Role(models.TextChoices):
    """What a user does; who may do what is `staff.rights`."""

    COMMUNE_OFFICER = "COMMUNE_OFFICER", "Công chức xã"
    MAKER = "MAKER", "Người lập"
    CHECKER = "CHECKER", "Kế toán trưởng"
    RELEASER = "RELEASER", "Chủ tài khoản"
    LEADER = "LEADER", "Lãnh đạo"
    AUDITOR = "AUDITOR", "Thanh tra, kiểm toán"
    REVIEWER = "REVIEWER", "Lãnh đạo bộ phận chuyên môn"
    COSIGNER = "COSIGNER", "Người ký bổ sung"
    CIVIL_REGISTRY = "CIVIL_REGISTRY", "Hệ thống hộ tịch"


class User(AbstractUser):
    """A member of staff. `unit` is the scope: that unit and all below it; without one a user reaches nothing."""

    full_name = models.CharField(max_length=120)
    role = models.CharField(max_length=16, choices=Role.choices)
    unit = models.ForeignKey(AdministrativeUnit, null=True, on_delete=models.PROTECT, related_name="users")
    password_set_at = models.DateTimeField(
        null=True, help_text="so that the history has who set another password, and when; never the hash"
    )

    def reaches(self, unit: AdministrativeUnit) -> bool:
        """Whether `unit` lies in the user's subtree."""
        return self.unit is not None and unit.path.startswith(self.unit.path)
