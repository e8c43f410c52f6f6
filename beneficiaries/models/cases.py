"""Cases: everything a person must do, in one queue (việc cần xử lý)."""

from django.db import models
from django.db.models import Q

from beneficiaries.models.enrolments import Enrolment
from beneficiaries.models.people import Beneficiary
from staff.models import AdministrativeUnit, User


class Case(models.Model):
    """One thing to be done, by whom, until when; its decision is kept with who and why."""

    class Kind(models.TextChoices):
        IDENTITY = "IDENTITY", "Xác minh thông tin"
        DUPLICATE = "DUPLICATE", "Nghi trùng"
        DECEASED = "DECEASED", "Dữ liệu dân cư ghi đã mất"
        DEATH = "DEATH", "Tin báo tử, chờ xác minh"
        HEIR = "HEIR", "Tiền chưa lĩnh của người đã mất"
        RECOVERY = "RECOVERY", "Đề nghị thu hồi tiền chi sau tháng mất"
        FUNERAL = "FUNERAL", "Hồ sơ hỗ trợ chi phí mai táng"
        MOVE = "MOVE", "Chuyển nơi cư trú"
        CIVIL = "CIVIL", "Thay đổi hộ tịch"
        ACCOUNT = "ACCOUNT", "Tài khoản"
        PAYMENT = "PAYMENT", "Khoản chi chưa rõ kết quả"
        MOVED = "MOVED", "Chuyển nơi cư trú, chờ nơi mới quyết định"
        OVERPAID = "OVERPAID", "Đã chi quá số được hưởng, xem xét thu hồi"
        AGE = "AGE", "Sắp đến tuổi thay đổi mức hưởng"

    class Status(models.TextChoices):
        OPEN = "OPEN", "Đang xử lý"
        SOLVED = "SOLVED", "Đã xử lý"
        REJECTED = "REJECTED", "Không chấp nhận"
        ESCALATED = "ESCALATED", "Báo cáo cấp có thẩm quyền"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="cases")
    enrolment = models.ForeignKey(Enrolment, null=True, on_delete=models.PROTECT, related_name="cases")
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="cases")
    reason = models.CharField(max_length=40)
    evidence = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    opened_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="open_case_once_per_beneficiary_and_kind",
                fields=["beneficiary", "kind"],
                condition=Q(status="OPEN"),
            ),
            models.CheckConstraint(
                name="case_decided_by_and_at_together",
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="decided_case_names_who", condition=Q(status="OPEN") | Q(decided_by__isnull=False)
            ),
        ]
