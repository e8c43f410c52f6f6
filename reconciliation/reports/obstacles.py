"""Sentences the office edits: obstacles from the work not done, proposals from what was handed up, quality of data."""

from payments.money import format_amount, format_percent
from reconciliation.reports.breakdowns import summed
from reconciliation.reports.reasons import HANDLING
from reconciliation.reports.sentences import people_text
from reconciliation.reports.tables.table import Figures


def write_obstacles(figures: Figures) -> list[str]:
    """Per kind of work still open at the end of the last day, most first; empty when there is none, or it was not frozen."""
    lines = []
    for row in figures.get("work", []):
        if row["open"]:
            late = f", trong đó {format_amount(row['overdue'])} việc quá hạn" if row["overdue"] else ""
            lines.append(f"{row['label']}: còn {format_amount(row['open'])} việc đang xử lý{late}.")
    return lines


def write_causes(figures: Figures) -> list[str]:
    """Why people with an account were not paid through it, in one sentence, most people first; empty when all were."""
    causes = "; ".join(f"{_lowered(row['label'])} ({people_text(row['people'])})" for row in figures["gap"]["reasons"])
    return (
        [f"Đối tượng đã có tài khoản nhưng chưa được chi trả qua tài khoản, theo nguyên nhân: {causes}."]
        if causes
        else []
    )


def write_tasks(figures: Figures) -> list[str]:
    """What is to be done about those causes: per responsible unit and term, most people first."""
    work: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for row in figures["gap"]["reasons"]:
        if handling := HANDLING.get(row["reason"]):
            work.setdefault((handling.responsible, handling.deadline), []).append((row["people"], row["label"]))
    ordered = sorted(work.items(), key=lambda item: -sum(people for people, _ in item[1]))
    return [
        f"{responsible} xử lý các trường hợp: {', '.join(f'{_lowered(label)} ({people_text(people)})' for people, label in parts)}; "
        f"thời hạn: {_lowered(deadline)}."
        for (responsible, deadline), parts in ordered
    ]


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def write_proposals(figures: Figures) -> list[str]:
    """Per kind of work handed to an authority above."""
    return [
        f"{row['label']}: {format_amount(row['escalated'])} việc đã báo cáo cấp có thẩm quyền, đề nghị có ý kiến chỉ đạo."
        for row in figures.get("work", [])
        if row["escalated"]
    ]


def write_quality(figures: Figures) -> str:
    """Đúng, đủ, sạch, sống of the whole unit; "" when they were not frozen or not counted in the period."""
    quality = figures.get("quality")
    if not quality:
        return ""
    sums = summed(quality["units"], list(quality["units"]))
    files = sums["files"]
    parts = ", ".join(
        f"{name} {format_percent(sums[key], files)}"
        for name, key in (("đúng", "correct"), ("đủ", "complete"), ("sạch", "cleaned"), ("sống", "live"))
    )
    return f"Trong {format_amount(files)} hồ sơ đang hưởng: {parts} (Biểu 08)."
