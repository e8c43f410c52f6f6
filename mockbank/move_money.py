"""`python -m mockbank.move_money topup|transfer --admin-port P --account fa_1 --amount 1000000 --reference R`: money in or out, by hand."""

from __future__ import annotations

import argparse
import http.client
import json
import sys


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="mockbank.move_money", description="Money in from the Treasury, or out to another account."
    )
    parser.add_argument("kind", choices=("topup", "transfer"))
    parser.add_argument("--admin-port", type=int, required=True)
    parser.add_argument("--account", required=True, help="id of the financial account")
    parser.add_argument("--amount", type=int, required=True, help="đồng")
    parser.add_argument("--reference", required=True, help="stands on the statement's line")
    parser.add_argument("--description", default="")
    arguments = parser.parse_args(argv)
    body = {"financial_account": arguments.account, "amount": arguments.amount, "reference": arguments.reference}
    connection = http.client.HTTPConnection("127.0.0.1", arguments.admin_port, timeout=30)
    connection.request("POST", f"/{arguments.kind}s", json.dumps(body | {"description": arguments.description or None}))
    answer = connection.getresponse()
    document = json.loads(answer.read())
    if answer.status >= 300:
        print(f"mockbank: {document['error']['message']}", file=sys.stderr)
        return 1
    print(f"{document['transaction']} {document['amount']}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
