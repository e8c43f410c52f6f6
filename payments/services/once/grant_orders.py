"""Grants to everybody who receives a policy, ordered and carried out by the background: tried first, then written; whoever ordered may leave."""

from dataclasses import asdict
from datetime import datetime

from beneficiaries.models import Programme
from payments.errors import AnotherGrantOrderWaits, OneOffImpossible
from payments.models import GrantOrder
from payments.services.once.grants import everyone_of as receivers_of
from payments.services.once.grants import grant_to
from payments.services.once.one_off import Order as Paper
from staff.models import Order, User
from staff.rights import Right, require
from staff.services.orders import Clock, carry_out, one_that_waits
from staff.services.units import the_province


def order_everyone(
    *, grant: Programme, everyone_of: Programme, paper: Paper, preview: bool, actor: User, now: datetime
) -> GrantOrder:
    """Let it wait; the same order still waiting is that one, so a button pressed twice is one.

    Without `preview` the order writes: it grants to whoever receives the policy when it is carried out, once each. Raises
    `AnotherGrantOrderWaits` where the one that waits names another signer or reason, `OneOffImpossible`, `NotAllowed`.
    """
    require(actor, Right.BUILD_LIST, unit=the_province())
    if grant.kind != Programme.Kind.ONE_OFF:
        raise OneOffImpossible
    same = {
        "grant": grant,
        "everyone_of": everyone_of,
        "preview": preview,
        "number": paper.number,
        "signed_on": paper.signed_on,
        "month": paper.month,
    }
    waiting = one_that_waits(
        GrantOrder.objects.filter(stage=Order.Stage.WAITING, **same),
        make=lambda: GrantOrder.objects.create(
            signer=paper.signer, reason=paper.reason, ordered_by=actor, ordered_at=now, **same
        ),
    )
    if (waiting.signer, waiting.reason) != (paper.signer, paper.reason):
        raise AnotherGrantOrderWaits(_differs(waiting, paper), conflicts=[str(waiting.pk)])
    return waiting


def _differs(waiting: GrantOrder, paper: Paper) -> str:
    """What the one that waits says otherwise, and what to do."""
    said = [
        f"{what} “{theirs or 'không ghi'}”, lần này ghi “{ours or 'không ghi'}”"
        for what, theirs, ours in (
            ("người ký", waiting.signer, paper.signer),
            ("lý do", waiting.reason, paper.reason),
        )
        if theirs != ours
    ]
    return (
        f"{waiting.ordered_by.full_name} vừa gửi quyết định {paper.number} ngày {paper.signed_on:%d/%m/%Y} với {'; '.join(said)}. Chưa nhận lần "
        "gửi này: chờ lần trước xong, xem kết quả; nếu là hai quyết định khác nhau thì ghi đúng số của từng quyết định rồi gửi lại."
    )


def work_on_grant_orders(*, clock: Clock) -> int:
    """Carry out what waits, oldest first; returns how many came to an end. All of one order or nothing of it, whenever a worker dies."""
    return carry_out(GrantOrder, do=_grant, prepare=_count, clock=clock)


def _count(order: GrantOrder, now: datetime) -> None:
    """For how many, for who waits: committed before the work, which is one transaction."""
    order.people = len(receivers_of(programme=order.everyone_of, month=order.month, actor=order.ordered_by))
    order.save(update_fields=["people"])


def _grant(order: GrantOrder, now: datetime) -> None:
    paper = Paper(
        number=order.number, signed_on=order.signed_on, month=order.month, signer=order.signer, reason=order.reason
    )
    came_to = grant_to(
        programme=order.grant,
        people=receivers_of(programme=order.everyone_of, month=order.month, actor=order.ordered_by),
        households=[],
        newcomers=[],
        order=paper,
        actor=order.ordered_by,
        now=now,
        preview=order.preview,
    )
    for name, value in asdict(came_to).items():
        setattr(order, name, value)
