"""Keep people from being found in a break-down by category: small groups are merged before figures are frozen.

A cell under 5 names people in a village. Blanking it isn't enough, because the programme's total less the other rows gives it back; so small
categories go into one row together, with the next smallest beside them until nothing under 5 is left. Only the programme's own row keeps the sums.
"""

from reconciliation.reports.counting import Row, added

SMALLEST_SHOWN = 5
MERGED_CODE = "KHAC"
_PEOPLE = ("beneficiaries", "accounts", "paid_cashless")
_SENSITIVE = (*_PEOPLE, "accounts_without", "not_cashless")


def merge_small_groups(rows: list[Row]) -> list[Row]:
    """The categories of one programme, each `{code, name, sensitive, …counts}`, small ones merged into one row at the end.

    A sensitive category is small as soon as any of its cells, or what two of them leave between them, is 1–4.
    """
    kept = sorted(rows, key=lambda row: (not _is_small(row), row["beneficiaries"], row["code"]))
    merged: list[Row] = []
    while kept and (_is_small(kept[0]) or (merged and _is_too_small_together(merged))):
        merged.append(kept.pop(0))
    if not merged:
        return sorted(rows, key=lambda row: str(row["code"]))
    return [*sorted(kept, key=lambda row: str(row["code"])), _together(merged)]


def _is_small(row: Row) -> bool:
    keys = _SENSITIVE if row["sensitive"] else ("beneficiaries",)
    cells = row | {
        "accounts_without": row["beneficiaries"] - row["accounts"],
        "not_cashless": row["accounts"] - row["paid_cashless"],
    }
    return any(0 < cells[key] < SMALLEST_SHOWN for key in keys)


def _is_too_small_together(merged: list[Row]) -> bool:
    together = _together(merged)
    return len(merged) < 2 or _is_small(together | {"sensitive": any(row["sensitive"] for row in merged)})


def _together(merged: list[Row]) -> Row:
    codes = sorted(str(row["code"]) for row in merged)
    counts = added([{key: value for key, value in row.items() if isinstance(value, int)} for row in merged])
    return {
        "code": MERGED_CODE,
        "name": f"Các nhóm khác ({len(codes)} nhóm, gộp vì có nhóm dưới {SMALLEST_SHOWN} người)",
        "sensitive": False,
        **counts,
    }
