"""What came back in a month, why and what it waits for; lists of what can be paid again, made within the month."""

from typing import Any

from payments.api.reissues import WAITS_FOR, CameBackView, ReissuesView
from payments.models import Payment, RemovalSlip
from payments.states import Channel, PaymentStatus
from staff.models import User
from staff.pages import Page, PageStep
from staff.rights import Right, may

CHANNELS, STATUSES, WAITS = dict(Channel.choices), dict(PaymentStatus.choices), dict(WAITS_FOR)


class CameBackPage(Page):
    """Of lists paid by units of the own subtree."""

    template_name = "payments/came_back.html"

    def content(self, **address: Any) -> dict[str, Any]:
        actor, told = self.request.user, self.ask(CameBackView, query={}, month=address["month"])
        payments = Payment.objects.select_related("beneficiary__unit").in_bulk([row["payment_id"] for row in told])
        # Why the product took it off by itself: the newest slip's own words.
        said = dict(
            RemovalSlip.objects.filter(payment__in=payments, refused_at__isnull=True)
            .order_by("pk")
            .values_list("payment_id", "reason")
        )
        rows = [
            row
            | {
                "why": said.get(row["payment_id"], ""),
                "payment": payments[row["payment_id"]],
                "status": STATUSES[payments[row["payment_id"]].status],
                "channel_label": CHANNELS[row["channel"]],
                "waits_label": WAITS[row["waits_for"]],
            }
            for row in told
        ]
        return {
            "month": address["month"],
            "rows": rows,
            "ready": [row for row in rows if not row["waits_for"]],
            "asks": any(row["waits_for"] == "ACCOUNT" for row in rows),
            "builds": isinstance(actor, User) and may(actor, Right.BUILD_LIST),
            "sees_person": isinstance(actor, User) and may(actor, Right.SEE_ACCOUNTS) and may(actor, Right.SEE_PERSONS),
        }


class Reissue(PageStep):
    """Lists in draft; asked for twice, nobody is on two."""

    step, back, again = ReissuesView, "page-came-back", CameBackPage

    def said(self, data: Any) -> str:
        people, money = data["payments"], f"{data['amount']:,}".replace(",", ".")
        return f"Đã lập {len(data['batch_ids'])} danh sách chi lại: {people} khoản, {money} đ. Bước tiếp theo: ký trình như mọi danh sách."
