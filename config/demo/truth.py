"""The report beside the figures the sample was made to have: a month may be proven to the đồng, and people still be paid another way than they should."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Our name of a figure, its name in the sample's truth, and what to call it.
COMPARED = (
    ("beneficiaries", "beneficiaries", "người hưởng"),
    ("accounts", "accounts_opened", "người có tài khoản"),
    ("paid_cashless", "paid_cashless", "người nhận qua tài khoản"),
    ("account_money", "account_money", "đồng chi qua tài khoản"),
    ("cash_money", "cash_money", "đồng chi tiền mặt"),
)


def differences_from_truth(*, headline: Mapping[str, Any], sample: Path) -> list[str]:
    """A sentence for every headline figure that is not the one written when the sample was made; empty if all agree."""
    truth = json.loads((sample / "truth" / "truth.json").read_text(encoding="utf-8"))["headline"]
    return [
        f"{label}: báo cáo {headline[ours]}, đúng ra {truth[theirs]}"
        for ours, theirs, label in COMPARED
        if headline[ours] != truth[theirs]
    ]
