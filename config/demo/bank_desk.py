"""What happens at the bank's own desk in the demo: its clock, money from the Treasury, its accounts. Never part of the product."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import requests


@dataclass(frozen=True)
class BankDesk:
    """The mock bank's admin port."""

    base: str

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = requests.post(f"{self.base}{path}", json=body, timeout=120)
        answer.raise_for_status()
        result: dict[str, Any] = answer.json()
        return result

    def set_clock(self, now: datetime) -> None:
        """Move the bank's business time; what falls due on the way happens."""
        self._post("/clock", {"now": now.isoformat()})

    def clock(self) -> datetime:
        """The bank's business time."""
        return datetime.fromisoformat(self._get("/clock")["now"])

    def statement(self, *, account_id: str, from_on: date, to_on: date, interim: bool = False) -> bytes:
        """The account's camt.053 of these days; `interim`: of days that are not over."""
        asked = {"from": f"{from_on}", "to": f"{to_on}"} | ({"interim": "true"} if interim else {})
        answer = requests.get(f"{self.base}/statements/{account_id}", params=asked, timeout=120)
        answer.raise_for_status()
        return answer.content

    def open_funding_account(self, *, account_id: str, name: str) -> None:
        """Open the account a paying unit pays from."""
        self._post("/financial_accounts", {"id": account_id, "name": name})

    def top_up(self, *, account_id: str, amount: int, reference: str) -> None:
        """Money arrives from the Treasury."""
        self._post(
            "/topups",
            {
                "financial_account": account_id,
                "amount": amount,
                "reference": reference,
                "description": "Kho bac cap kinh phi",
            },
        )

    def transfer(self, *, account_id: str, amount: int, reference: str) -> None:
        """The holder orders money to another account, as to the provider's."""
        self._post(
            "/transfers",
            {
                "financial_account": account_id,
                "amount": amount,
                "reference": reference,
                "description": "Chuyen to chuc dich vu chi tra",
            },
        )

    def send_events_to(self, *, url: str, secret: str) -> None:
        """Tell the bank where to send its events, and that it need not send them anywhere else."""
        kinds = [f"treasury.outbound_payment.{kind}" for kind in ("posted", "failed", "canceled", "returned")]
        self._post("/webhook_endpoints", {"url": url, "secret": secret, "enabled_events": kinds})
        for endpoint in self._get("/webhook_endpoints")["data"]:
            if endpoint["url"] != url:
                requests.delete(f"{self.base}/webhook_endpoints/{endpoint['id']}", timeout=30).raise_for_status()

    def pending(self) -> dict[str, Any]:
        """How much is not settled or not delivered yet."""
        return self._get("/pending")

    def _get(self, path: str) -> dict[str, Any]:
        answer = requests.get(f"{self.base}{path}", timeout=30)
        answer.raise_for_status()
        result: dict[str, Any] = answer.json()
        return result
