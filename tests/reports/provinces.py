"""A province's figures as a snapshot would hold them, made up but consistent: for looking at and printing, without a database."""

from datetime import UTC, datetime
from typing import Any

from reconciliation.models import ReportSnapshot
from reconciliation.reports.counting import added, filled
from reconciliation.reports.definitions import RATES, definitions_as_json
from reconciliation.reports.reasons import label_of
from reconciliation.reports.sentences import rate_percent
from reconciliation.reports.snapshot import digest_of

DISTRICTS = ("thành phố An Sơn", "thị xã Ninh Hải", "huyện Phước Sơn", "huyện Đá Trắng", "huyện Bắc Lâm",
             "huyện Tân Lập", "huyện Sông Hinh Thượng", "huyện Krông Nô Hạ", "huyện Thuận Nam", "huyện Mỹ Hòa")  # fmt: skip
CREATED = datetime(2024, 10, 2, 3, 0, tzinfo=UTC)


def province_snapshot(*, districts: int = 10, communes: int = 10, differences: tuple[str, ...] = ()) -> ReportSnapshot:
    """A snapshot not saved; `differences` are sentences that make it a draft."""
    figures = province_figures(districts=districts, communes=communes, differences=differences)
    return ReportSnapshot(
        kind="QUARTER", from_on=datetime(2024, 7, 1).date(), to_on=datetime(2024, 9, 30).date(), figures=figures,  # noqa: DTZ001
        ties_out=not differences, digest=digest_of(figures), created_at=CREATED,
    )  # fmt: skip


def province_figures(*, districts: int, communes: int, differences: tuple[str, ...] = ()) -> dict[str, Any]:
    leaves = [
        {
            "code": f"97{d}{c:02d}",
            "name": f"xã Phước Thuận {c}",
            "kind": "COMMUNE",
            "parent": f"97{d}",
            **commune_counts(d, c),
        }
        for d in range(districts)
        for c in range(communes)
    ]
    total = added([counts_of(leaf) for leaf in leaves])
    units: list[dict[str, Any]] = [{"code": "97", "name": "tỉnh An Sơn", "kind": "PROVINCE", "parent": "", **total}]
    for d in range(districts):
        below = [leaf for leaf in leaves if leaf["parent"] == f"97{d}"]
        units.append(
            {
                "code": f"97{d}",
                "name": DISTRICTS[d],
                "kind": "DISTRICT",
                "parent": "97",
                **added([counts_of(leaf) for leaf in below]),
            }
        )
        units += below
    registers = {
        "residents": 750_408,
        "deceased": 2_611,
        "cards_issued": 622_839,
        "eid_eligible": 581_573,
        "eid_active": 383_838,
    }
    values = total | registers | {"paid_money": total["account_money"] + total["cash_money"]}
    missed = total["accounts"] - total["paid_cashless"]
    return {
        "schema": "ansinh.report/3",
        "kind": "QUARTER",
        "unit": {"code": "97", "name": "tỉnh An Sơn", "kind": "PROVINCE"},
        "period": {"from": "2024-07-01", "to": "2024-09-30"},
        "as_of": "2024-09-30T24:00:00+07:00",
        "agency": {"name": "Sở Lao động - Thương binh và Xã hội", "symbol": "SLĐTBXH"},
        "target": {"setter": "Bộ Lao động - Thương binh và Xã hội", "percent": "30"},
        "definitions": definitions_as_json(),
        "headline": total,
        "rates": {
            rate.key: {
                "numerator": values[rate.numerator],
                "denominator": values[rate.denominator],
                "percent": rate_percent(values[rate.numerator], values[rate.denominator]),
            }
            for rate in RATES
        },
        "units": units,
        "programmes": [
            programme(total, "Trợ cấp xã hội hằng tháng", 14),
            programme(total, "Trợ cấp ưu đãi người có công với cách mạng", 3),
        ],
        "gap": gap(missed),
        "registers": registers,
        "statement": bank(total),
        "cash_results": bank(total),
        "persons": {
            "sex": [group(total, "1", "Nam"), group(total, "2", "Nữ")],
            "age": [group(total, "80", "Từ đủ 80 tuổi trở lên")],
        },
        "opening": {leaf["code"]: opening(leaf) for leaf in leaves},
        "quality": {"taken_on": "2024-09-30", "units": {leaf["code"]: quality(leaf) for leaf in leaves}},
        "funds": [
            {
                "code": "TKCT-971",
                "name": DISTRICTS[0],
                "opening": 1_000,
                "received": 9_000,
                "paid": 8_000,
                "returned": 500,
                "charges": 20,
                "closing": 2_480,
            }
        ],
        "work": [{"kind": "IDENTITY", "label": "Xác minh thông tin", "open": 31, "overdue": 4, "escalated": 2}],
        "comparison": {"previous": None, "last_year": None, "year_to_date": None},
        "differences": [{"code": "TEST", "sentence": sentence} for sentence in differences],
    }


def group(total: dict[str, int], code: str, name: str) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        **{key: total[key] // 2 for key in ("beneficiaries", "accounts", "paid_cashless")},
    }


def opening(leaf: dict[str, Any]) -> dict[str, int]:
    people, accounts = leaf["beneficiaries"], leaf["accounts"]
    return {"NEEDED": 3, "REQUESTED": 2, "OPENED": 1, "VERIFIED": accounts - 1, "REFUSED": 0, "CASH_CHOSEN": 4,
            "NOT_REACHED": people - accounts - 9, "FIRST_PAYMENT": accounts - 3}  # fmt: skip


def quality(leaf: dict[str, Any]) -> dict[str, Any]:
    files = leaf["beneficiaries"] + 5
    return {"files": files, "correct": files - 9, "complete": files - 7, "cleaned": files - 3, "live": files - 12, "solved_mismatches": 4,
            "open_mismatches": 3, "without_number": 2, "not_found": 1, "duplicates": 1, "deceased": 0, "signer": "Nguyễn Thị Hoa"}  # fmt: skip


def counts_of(row: dict[str, Any]) -> dict[str, int]:
    return {key: value for key, value in row.items() if isinstance(value, int)}


def commune_counts(district: int, commune: int) -> dict[str, int]:
    people = 200 + 13 * commune + 7 * district
    accounts = people * (40 + 5 * district) // 100
    authorised, guardian = accounts // 20, accounts // 6
    paid = accounts - commune % 4 * 2
    return filled(
        {
            "beneficiaries": people, "accounts": accounts, "accounts_own": accounts - guardian - authorised, "accounts_guardian": guardian,
            "accounts_authorised": authorised, "paid_cashless": paid, "paid_in_cash": people - paid - 3, "in_flight": 1, "unpaid": 2,
            "paid_both_ways": 1, "account_money": paid * 2_040_000, "cash_money": (people - paid - 3) * 1_640_000, "unpaid_money": 1_500_000,
            "in_flight_money": 500_000,
        }
    )  # fmt: skip


def programme(total: dict[str, int], name: str, groups: int) -> dict[str, Any]:
    keys = ("beneficiaries", "accounts", "paid_cashless", "account_money", "cash_money")
    row = {key: total[key] // 2 for key in keys}
    return {
        "code": name[:4], "name": name, "budget_source": "Ngân sách tỉnh", **row,
        "groups": [
            {"code": f"N{nth:02d}", "name": f"Nhóm N{nth:02d}, người khuyết tật đặc biệt nặng là trẻ em", **{key: row[key] // groups for key in keys}}
            for nth in range(groups)
        ],
    }  # fmt: skip


def gap(people: int) -> dict[str, Any]:
    reasons = (
        "IDENTITY_CHECK",
        "NAME_MISMATCH",
        "ACCOUNT_CLOSED",
        "ACCOUNT_BLOCKED",
        "INVALID_ACCOUNT",
        "RETURNED",
        "DECEASED",
        "ACCOUNT_PENDING",
    )
    sizes = [people // len(reasons)] * (len(reasons) - 1)
    sizes.append(people - sum(sizes))
    rows = [
        {
            "reason": reason,
            "label": label_of(reason),
            "people": size,
            "money": size * 1_640_000,
            "paid_in_cash": size - size // 7,
            "unpaid": size // 7,
        }
        for reason, size in zip(reasons, sizes, strict=True)
    ]
    return {
        **{key: sum(int(row[key]) for row in rows) for key in ("people", "money", "paid_in_cash", "unpaid")},
        "reasons": rows,
        "unpaid_by_reason": [
            {
                "reason": "CASH_NOT_COLLECTED",
                "label": label_of("CASH_NOT_COLLECTED"),
                "people": sum(int(row["unpaid"]) for row in rows),
            }
        ],
    }


def bank(total: dict[str, int]) -> dict[str, int]:
    people, money = total["paid_cashless"], total["account_money"]
    return {
        "people": people, "payments": 3 * people, "money": money,
        "matched_people": people, "matched_payments": 3 * people, "matched_money": money,
    }  # fmt: skip
