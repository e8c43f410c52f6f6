"""The main port: Stripe's paths, its authentication, idempotency and errors."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any

from mockbank import reading
from mockbank.bank import Bank
from mockbank.errors import ApiError, missing_resource
from mockbank.events import API_VERSION
from mockbank.faults import Rule, Subject
from mockbank.forms import Params, parse_form, refuse_unknown
from mockbank.front_door import CRASH, FrontDoor, encode
from mockbank.http_server import Request, Response
from mockbank.idempotency import MAX_KEY_LENGTH, Reply, execute_once, fingerprint, key_in_use
from mockbank.openings import (
    HOLDER_ENQUIRIES,
    OPENINGS,
    answer_enquiry,
    get_opening,
    list_openings,
    opening_by_seq,
    read_application,
    render_opening,
    take_application,
)
from mockbank.orders import cancel_payment, create_payment, read_order
from mockbank.payments import POSTED, PROCESSING, RETURN_CODES, as_of, payment_by_seq, render_payment
from mockbank.settlement import Moves

Execute = Callable[[sqlite3.Connection], Reply]

_PAYMENTS = "/v1/treasury/outbound_payments"
_HELPERS = "/v1/test_helpers/treasury/outbound_payments"
_ACTIONS = {(_PAYMENTS, "cancel"), (_HELPERS, "post"), (_HELPERS, "fail"), (_HELPERS, "return")}
_FORM = "application/x-www-form-urlencoded"


class StripeApi:
    """Answers requests of the main port. `begin_outage` is called with seconds when a fault takes the port down."""

    def __init__(self, bank: Bank, *, begin_outage: Callable[[float], None]) -> None:
        self._bank = bank
        self._door = FrontDoor(bank, begin_outage=begin_outage)
        # Request ids only have to be unique; starting from the wall clock keeps them so over restarts.
        self._requests = int(bank.clock.wall() * 1000)

    async def handle(self, request: Request) -> Response:
        self._requests += 1
        request_id = self._bank.ids.make("req", self._requests)
        try:
            response = await self._answer(request, request_id)
        except ApiError as refusal:
            response = Response(status=refusal.status, body=encode(refusal.body()))
            self._bank.counts[f"refused_{refusal.code}"] += 1
        response.headers["Request-Id"] = request_id
        response.headers["Stripe-Version"] = request.headers.get("stripe-version", API_VERSION)
        return response

    async def _answer(self, request: Request, request_id: str) -> Response:
        self._door.authenticate(request)
        params = self._read_params(request)
        creating = request.method == "POST" and request.path in (_PAYMENTS, OPENINGS)
        rule = self._strike(request, params, creating)
        if (answer := await self._door.turned_away(rule)) is not None:
            return answer
        if request.method == "POST":
            response = await self._write(request, params, request_id, creating, rule)
        elif request.method == "GET":
            response = Response(body=encode(self._read(request.path, params)))
        else:
            raise self._unknown_path(request)
        return await self._spoil(response, rule)

    def _read_params(self, request: Request) -> Params:
        if request.method != "POST":
            return parse_form(request.query)
        if not request.headers.get("content-type", "").startswith(_FORM):
            raise ApiError(
                status=400,
                code="content_type_invalid",
                message=f"Invalid request (check that your POST content type is {_FORM}).",
            )
        try:
            return parse_form(request.body.decode())
        except UnicodeDecodeError as error:
            raise ApiError(status=400, code="parameter_invalid", message="The body is not UTF-8.") from error

    def _strike(self, request: Request, params: Params, creating: bool) -> Rule | None:
        if not self._bank.faults.rules:
            return None
        subject = Subject(
            key=request.headers.get("idempotency-key") or f"{request.method} {request.path}?{request.query}",
            account_number=params.get("destination_payment_method_data[us_bank_account][account_number]"),
            routing_number=params.get("destination_payment_method_data[us_bank_account][routing_number]"),
            end_to_end_id=params.get("metadata[end_to_end_id]") or params.get("metadata[request_id]"),
            on="create" if creating else "read" if request.method == "GET" else "write",
        )
        return self._bank.faults.strike("request", subject)

    def _read(self, path: str, params: Params) -> dict[str, Any]:
        bank = self._bank
        lists = {
            _PAYMENTS: reading.list_payments,
            "/v1/treasury/transactions": reading.list_transactions,
            "/v1/events": reading.list_events,
            OPENINGS: list_openings,
        }
        if path in lists:
            return lists[path](bank, params)
        parent, _, id = path.rpartition("/")
        refuse_unknown(params, known=frozenset())
        if parent == _PAYMENTS:
            return render_payment(reading.get_payment(bank, id), bank.ids)
        if parent == OPENINGS:
            return get_opening(bank, id)
        if parent == "/v1/treasury/financial_accounts":
            return reading.get_financial_account(bank, id)
        if parent == "/v1/treasury/transactions":
            return reading.get_transaction(bank, id)
        if parent == "/v1/events":
            return reading.get_event(bank, id)
        raise missing_resource(kind="path", id=path, param="path")

    async def _write(
        self, request: Request, params: Params, request_id: str, creating: bool, rule: Rule | None
    ) -> Response:
        key = request.headers.get("idempotency-key")
        if key is not None and not 0 < len(key) <= MAX_KEY_LENGTH:
            raise ApiError(
                status=400,
                type="idempotency_error",
                code="idempotency_key_invalid",
                message=f"An Idempotency-Key has 1 to {MAX_KEY_LENGTH} characters.",
            )
        execute = self._executing(request, params, key, creating, rule)
        if rule is not None:
            execute = _break_execution(execute, rule)
        if key is None:
            return self._render(await self._bank.commits.submit(_keep_refusals(execute)))
        if key in self._bank.keys_in_progress:
            raise key_in_use()
        self._bank.keys_in_progress.add(key)
        try:
            if rule is not None and rule.fault == "accept_late":
                await asyncio.sleep(rule.seconds)
            reply = await self._bank.commits.submit(
                lambda connection: execute_once(
                    connection,
                    key=key,
                    print_of_request=fingerprint(request.path, params),
                    request_id=request_id,
                    now=int(self._bank.clock.now()),
                    execute=_keep_refusals(execute),
                )
            )
        finally:
            self._bank.keys_in_progress.discard(key)
        return self._render(reply)

    def _executing(
        self, request: Request, params: Params, key: str | None, creating: bool, rule: Rule | None
    ) -> Execute:
        refusal = rule if rule is not None and rule.fault == "refuse" else None
        if creating and request.path == OPENINGS:
            return self._opening(params, refusal)
        if request.path == HOLDER_ENQUIRIES:
            return lambda connection: Reply(status=200, body=encode(answer_enquiry(self._bank, params)))
        return self._creation(params, key, refusal) if creating else self._action(request, params)

    def _opening(self, params: Params, refusal: Rule | None) -> Execute:
        application = read_application(params)

        def execute(connection: sqlite3.Connection) -> Reply:
            seq = take_application(connection, bank=self._bank, application=application, refusal=refusal)
            return Reply(status=200, body=encode(render_opening(opening_by_seq(connection, seq), self._bank)))

        return execute

    def _creation(self, params: Params, key: str | None, refusal: Rule | None) -> Execute:
        order = read_order(params)

        def execute(connection: sqlite3.Connection) -> Reply:
            seq = create_payment(connection, bank=self._bank, order=order, idempotency_key=key, refusal=refusal)
            return Reply(status=200, payment_seq=seq)

        return execute

    def _action(self, request: Request, params: Params) -> Execute:
        """What a POST on one payment does: cancel, or a test helper's post, fail, return."""
        parent, _, verb = request.path.rpartition("/")
        collection, _, id = parent.rpartition("/")
        if (collection, verb) not in _ACTIONS:
            raise self._unknown_path(request)
        refuse_unknown(params, known=frozenset({"returned_details[code]"} if verb == "return" else ()))
        code = params.get("returned_details[code]", "other")
        if code not in RETURN_CODES:
            raise ApiError(status=400, code="parameter_invalid", message="Invalid code", param="returned_details[code]")
        bank = self._bank

        def execute(connection: sqlite3.Connection) -> Reply:
            payment = reading.get_payment(bank, id)
            now = max(int(bank.clock.now()), payment.created)
            if verb == "cancel":
                cancel_payment(connection, payment=payment, now=now)
            else:
                moves = Moves(connection, bank)
                if verb == "return" and payment.status == POSTED:
                    moves.return_posted(payment, at=now, code=code)
                elif payment.status != PROCESSING:
                    raise ApiError(
                        status=400,
                        code="outbound_payment_not_processing",
                        message=f"This OutboundPayment is {payment.status}.",
                    )
                elif verb == "return":
                    moves.return_at_once(payment, at=now, code=code, reason=code)
                elif verb == "post":
                    moves.post(payment, at=now, reached=True)
                else:
                    moves.fail(payment, at=now)
                moves.write()
            return Reply(status=200, body=encode(render_payment(reading.get_payment(bank, id), bank.ids)))

        return execute

    def _unknown_path(self, request: Request) -> ApiError:
        return ApiError(
            status=404,
            code="url_invalid",
            message=f"Unrecognized request URL ({request.method}: {request.path}).",
        )

    def _render(self, reply: Reply) -> Response:
        body = reply.body
        if reply.payment_seq is not None:
            payment = payment_by_seq(self._bank.connection, reply.payment_seq)
            assert payment is not None, "a stored reply names a payment, and payments are never deleted"
            body = encode(render_payment(as_of(payment, "created"), self._bank.ids))
        headers = {}
        if reply.replay_of is not None:
            headers = {"Idempotent-Replayed": "true", "Original-Request": reply.replay_of}
        self._bank.counts["replayed" if reply.replay_of else f"executed_{reply.status}"] += 1
        return Response(status=reply.status, body=body or b"", headers=headers)

    async def _spoil(self, response: Response, rule: Rule | None) -> Response:
        """Faults of the way back: what was done stays done, only the answer is late, cut or unreadable."""
        if rule is None:
            return response
        if rule.fault == "timeout_after_accept":
            await asyncio.sleep(rule.seconds)
        elif rule.fault == "reset_mid_body":
            response.cut_after = len(response.body) // 2
        elif rule.fault == "truncated_json":
            response.body = response.body[: len(response.body) // 2]
        elif rule.fault.startswith("error_500") and response.status < 400:
            return Response(status=500, body=CRASH)
        return response


def _keep_refusals(execute: Execute) -> Execute:
    """A refusal of the execution is a reply like any other, so it is stored under the key."""

    def execute_or_refuse(connection: sqlite3.Connection) -> Reply:
        try:
            return execute(connection)
        except ApiError as refusal:
            return Reply(status=refusal.status, body=encode(refusal.body()))

    return execute_or_refuse


def _break_execution(execute: Execute, rule: Rule) -> Execute:
    """A 500 is stored and replayed like any reply, whether or not the payment was taken."""

    def crash(connection: sqlite3.Connection) -> Reply:
        if rule.fault == "error_500_after_execute":
            execute(connection)
        return Reply(status=500, body=CRASH)

    return crash if rule.fault in ("error_500_before", "error_500_after_execute") else execute
