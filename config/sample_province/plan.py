"""The counts that make the headline figures; each leaf is drawn once and every total is a sum of leaves."""

from dataclasses import dataclass

from config.sample_province.people import Status
from config.sample_province.quotas import Quotas

# People with an account who are never paid through it: (how the bank fails, first month tried) -> how many.
_FAILURES: tuple[tuple[Status, int, int], ...] = (
    (Status.MISSING, 7, 30), (Status.MISSING, 8, 11), (Status.MISSING, 9, 5),
    (Status.CLOSED, 7, 27), (Status.CLOSED, 8, 11), (Status.CLOSED, 9, 4),
    (Status.FROZEN, 7, 9), (Status.FROZEN, 8, 3), (Status.FROZEN, 9, 2),
    (Status.RESTRICTED, 7, 8), (Status.RESTRICTED, 8, 3), (Status.RESTRICTED, 9, 1),
    (Status.OWNERSHIP_CHANGED, 7, 8), (Status.OWNERSHIP_CHANGED, 8, 3), (Status.OWNERSHIP_CHANGED, 9, 1),
    (Status.NAME_MISMATCH, 7, 6), (Status.NAME_MISMATCH, 8, 3), (Status.NAME_MISMATCH, 9, 1),
    (Status.DECLINED, 7, 19), (Status.DECLINED, 8, 7), (Status.DECLINED, 9, 4),
)  # fmt: skip
# Accounts that worked at first: (how they fail, from which month) -> how many.
_LATE_FAILURES: tuple[tuple[Status, int, int], ...] = (
    (Status.CLOSED, 8, 14), (Status.CLOSED, 9, 16), (Status.FROZEN, 8, 8), (Status.FROZEN, 9, 9),
    (Status.RESTRICTED, 8, 5), (Status.RESTRICTED, 9, 6), (Status.OWNERSHIP_CHANGED, 9, 6),
    (Status.NAME_MISMATCH, 8, 4), (Status.DECLINED, 8, 5), (Status.DECLINED, 9, 7),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """People per leaf. Paid: `old_accounts` + `new_accounts` (by month of delivery). Not paid: the rest."""

    old_accounts: int
    new_accounts: dict[int, int]
    late_failures: dict[tuple[Status, int], int]
    failures: dict[tuple[Status, int], int]
    opened_late: int
    name_differs: int
    in_doubt: int
    dead_with_account: int
    never_collect: dict[str, int]  # of opened_late, name_differs, in_doubt, failures
    guardians: int
    authorised: int
    without_account: int
    closed_accounts: int  # of those without: the bank's list names a closed one
    dead_without_account: int
    starting: dict[int, int]  # people newly granted, by first month
    stopped: dict[int, int]
    suspended: dict[int, int]
    dead_stopped: dict[int, int]  # of the stopped: the extract knows of the death
    duplicates: dict[str, int]
    carers: int
    merit_and_social: int
    absent: int
    conflicts: int
    left_open: int

    @property
    def paid(self) -> int:
        return self.old_accounts + sum(self.new_accounts.values())

    @property
    def not_paid(self) -> int:
        return (
            sum(self.failures.values()) + self.opened_late + self.name_differs + self.in_doubt + self.dead_with_account
        )

    @property
    def with_account(self) -> int:
        return self.paid + self.not_paid

    @property
    def live(self) -> int:
        return self.with_account + self.without_account

    @property
    def ended(self) -> int:
        return sum(self.stopped.values()) + sum(self.suspended.values())


def draw_plan(quotas: Quotas) -> Plan:
    """26,794 live, 16,923 with an account and 16,467 paid through it, in the default province."""
    one = quotas.count

    def at_least_one(full: int) -> int:
        return quotas.count(full, at_least=1)

    return Plan(
        old_accounts=one(8_900),
        new_accounts={6: one(3_100), 7: one(2_500), 8: one(1_967)},
        late_failures={(status, month): one(n) for status, month, n in _LATE_FAILURES},
        failures={(status, month): one(n, at_least=1 if month == 7 else 0) for status, month, n in _FAILURES},
        opened_late=at_least_one(104),
        name_differs=at_least_one(92),
        in_doubt=at_least_one(70),
        dead_with_account=at_least_one(24),
        never_collect={"opened_late": one(4), "name_differs": at_least_one(8), "in_doubt": one(6), "failures": one(6)},
        guardians=one(900),
        authorised=one(623),
        without_account=one(9_871),
        closed_accounts=at_least_one(74),
        dead_without_account=at_least_one(36),
        starting={7: one(118), 8: one(141), 9: one(129)},
        stopped={7: one(192), 8: one(148), 9: one(157)},
        suspended={7: one(14), 8: one(17), 9: one(21)},
        dead_stopped={7: one(60), 8: one(24), 9: one(11)},
        duplicates={"two_communes": at_least_one(104), "twice": at_least_one(31), "two_programmes": at_least_one(27)},
        carers=at_least_one(624),
        merit_and_social=at_least_one(57),
        absent=at_least_one(536),
        conflicts=at_least_one(84),
        left_open=at_least_one(121),
    )
