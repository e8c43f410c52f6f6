"""The report's one chart: how far each district (or commune) is with accounts, against the target. Geometry only; a template draws it."""

from dataclasses import dataclass
from decimal import Decimal

from payments.money import format_percent, percent
from reconciliation.reports.counting import Row
from reconciliation.reports.sentences import capitalised
from reconciliation.reports.tables.table import Figures, whole_label
from reconciliation.reports.wording import target_text

MOST_BARS = 24
_ROW, _TOP, _LEFT, _PLOT = 17, 28, 168, 380


@dataclass(frozen=True)
class Bar:
    """One unit: `accounts` is the bar's length, `paid` the filled part of it, in pixels; `below` marks who misses the target."""

    label: str
    text: str
    y: int
    baseline: int
    accounts: int
    paid: int
    whole: bool


@dataclass(frozen=True)
class Chart:
    """A bar chart in whole pixels: the finding as its heading, bars from the highest coverage down, the target as a line."""

    heading: str
    bars: tuple[Bar, ...]
    target_x: int
    target_text: str
    width: int
    height: int
    left: int
    top: int
    bottom: int
    ticks: tuple[tuple[int, str], ...]


def coverage_chart(figures: Figures) -> Chart | None:
    """Coverage by district, or by commune where there are no districts; None when there is nothing to compare."""
    units = figures["units"][1:]
    shown = [unit for unit in units if unit["kind"] == "DISTRICT"] or [
        unit for unit in units if unit["kind"] == "COMMUNE"
    ]
    shown = sorted((unit for unit in shown if unit["beneficiaries"]), key=lambda unit: (-_coverage(unit), unit["code"]))
    if not shown:
        return None
    target = Decimal(figures["target"]["percent"])
    heading = _heading(shown, target)
    if len(shown) > MOST_BARS:
        shown = shown[: MOST_BARS // 2] + shown[-MOST_BARS // 2 :]
    rows = [
        (whole_label(figures), figures["headline"], True),
        *((capitalised(unit["name"]), unit, False) for unit in shown),
    ]
    bars = tuple(_bar(label, counts, nth, whole=whole) for nth, (label, counts, whole) in enumerate(rows))
    bottom = _TOP + _ROW * len(bars)
    return Chart(
        heading=heading, bars=bars, target_x=_LEFT + _pixels(target), target_text=f"Chỉ tiêu {target_text(target)}",
        width=_LEFT + _PLOT + 62, height=bottom + 34, left=_LEFT, top=_TOP, bottom=bottom,
        ticks=tuple((_LEFT + _pixels(Decimal(tick)), f"{tick}%") for tick in range(0, 101, 20)),
    )  # fmt: skip


def _heading(shown: list[Row], target: Decimal) -> str:
    reached = sum(1 for unit in shown if _coverage(unit) >= target)
    best, last = shown[0], shown[-1]
    finding = f"{reached}/{len(shown)} đơn vị đạt chỉ tiêu"
    if len(shown) == 1:
        return finding
    return (
        f"{finding}; cao nhất {best['name']} ({format_percent(best['accounts'], best['beneficiaries'])}), "
        f"thấp nhất {last['name']} ({format_percent(last['accounts'], last['beneficiaries'])})"
    )


def _bar(label: str, counts: Row, nth: int, *, whole: bool) -> Bar:
    people = counts["beneficiaries"]
    y = _TOP + _ROW * nth
    return Bar(
        label=label, text=format_percent(counts["accounts"], people), y=y + 2, baseline=y + 12,
        accounts=_pixels(_coverage(counts)), paid=_pixels(percent(counts["paid_cashless"], people) if people else Decimal(0)), whole=whole,
    )  # fmt: skip


def _coverage(counts: Row) -> Decimal:
    return percent(counts["accounts"], counts["beneficiaries"]) if counts["beneficiaries"] else Decimal(0)


def _pixels(share: Decimal) -> int:
    return int(share * _PLOT / 100)
