"""What goes over the wire, to the byte: names, headers and encodings of Stripe's API."""

from datetime import UTC, datetime

from banks.transfers import Accepted

KNOWN_CREATE_PARAMETERS = {  # treasury.outbound_payment create, as in Stripe's published SDKs; metadata is free
    "amount",
    "currency",
    "customer",
    "description",
    "destination_payment_method",
    "destination_payment_method_data[billing_details][address][city]",
    "destination_payment_method_data[billing_details][address][country]",
    "destination_payment_method_data[billing_details][address][line1]",
    "destination_payment_method_data[billing_details][address][line2]",
    "destination_payment_method_data[billing_details][address][postal_code]",
    "destination_payment_method_data[billing_details][address][state]",
    "destination_payment_method_data[billing_details][email]",
    "destination_payment_method_data[billing_details][name]",
    "destination_payment_method_data[billing_details][phone]",
    "destination_payment_method_data[financial_account]",
    "destination_payment_method_data[type]",
    "destination_payment_method_data[us_bank_account][account_holder_type]",
    "destination_payment_method_data[us_bank_account][account_number]",
    "destination_payment_method_data[us_bank_account][account_type]",
    "destination_payment_method_data[us_bank_account][financial_connections_account]",
    "destination_payment_method_data[us_bank_account][routing_number]",
    "destination_payment_method_options[us_bank_account][network]",
    "end_user_details[ip_address]",
    "end_user_details[present]",
    "expand",
    "financial_account",
    "metadata[attempt]",
    "metadata[end_to_end_id]",
    "metadata[payment_id]",
    "statement_descriptor",
}
SINCE = datetime(2024, 8, 1, tzinfo=UTC)


class TestCreating:
    def test_the_body_is_exactly_this(self, scripted, connect, make_transfer):
        connect(scripted.base_url).send(make_transfer(holder_name="NGUYỄN & CO", description="T8+9"), first_use=True)

        assert scripted.requests[0].body == (
            "amount=500000&currency=vnd&financial_account=fa_test&description=T8%2B9"
            "&destination_payment_method_data%5Btype%5D=us_bank_account"
            "&destination_payment_method_data%5Bus_bank_account%5D%5Brouting_number%5D=970436"
            "&destination_payment_method_data%5Bus_bank_account%5D%5Baccount_number%5D=0123456789"
            "&destination_payment_method_data%5Bus_bank_account%5D%5Baccount_holder_type%5D=individual"
            "&destination_payment_method_data%5Bbilling_details%5D%5Bname%5D=NGUY%E1%BB%84N+%26+CO"
            "&metadata%5Bend_to_end_id%5D=AS202408000000001&metadata%5Battempt%5D=1&metadata%5Bpayment_id%5D=7"
        )

    def test_the_headers_are_exactly_these(self, scripted, connect, make_transfer):
        connect(scripted.base_url).send(make_transfer(), first_use=True)

        request = scripted.requests[0]
        assert (request.method, request.target) == ("POST", "/v1/treasury/outbound_payments")
        assert request.headers == {
            "Host": scripted.base_url.removeprefix("http://"),
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Authorization": "Bearer sk_test_an_sinh",
            "Stripe-Version": "2024-06-20",
            "User-Agent": "an-sinh",
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(request.body)),
            "Idempotency-Key": "AS202408000000001-1",
        }

    def test_no_parameter_is_unknown_to_stripe(self, scripted, connect, make_transfer):
        connect(scripted.base_url).send(make_transfer(), first_use=True)

        assert set(scripted.requests[0].form) <= KNOWN_CREATE_PARAMETERS

    def test_a_stateless_server_that_echoes_no_metadata_is_understood(
        self, scripted, connect, make_transfer, reply, document
    ):
        scripted.script.append(reply(200, document(metadata={})))

        outcome = connect(scripted.base_url).send(make_transfer(), first_use=True)

        assert isinstance(outcome, Accepted)
        assert (outcome.state.end_to_end_id, outcome.state.attempt) == ("", 0)

    def test_neither_proxies_nor_passwords_come_from_the_environment(
        self, scripted, connect, make_transfer, monkeypatch
    ):
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

        outcome = connect(scripted.base_url).send(make_transfer(), first_use=True)

        assert isinstance(outcome, Accepted)

    def test_calls_share_kept_alive_connections(self, scripted, connect, make_transfer):
        bank = connect(scripted.base_url, concurrency=3)
        transfers = [(make_transfer(end_to_end_id=f"K{number}"), True) for number in range(60)]

        first = list(bank.send_many(transfers[:30]))
        second = list(bank.send_many(transfers[30:]))

        assert len(first) + len(second) == 60
        assert scripted.connections <= 3


class TestReading:
    def test_enquiring_has_neither_body_nor_key(self, scripted, connect, reply, document):
        scripted.script.append(reply(200, document()))

        connect(scripted.base_url).enquire("obp_1")

        request = scripted.requests[0]
        assert (request.method, request.target) == ("GET", "/v1/treasury/outbound_payments/obp_1")
        assert not {"Idempotency-Key", "Content-Type", "Content-Length"} & set(request.headers)

    def test_a_reference_can_not_change_the_path(self, scripted, connect, reply, document):
        scripted.script.append(reply(200, document()))

        connect(scripted.base_url).enquire("../x?y=1")

        assert scripted.requests[0].target == "/v1/treasury/outbound_payments/..%2Fx%3Fy%3D1"

    def test_a_list_asks_for_account_time_and_page(self, scripted, connect, reply, document):
        pages = [[document(id="obp_3"), document(id="obp_2")], [document(id="obp_1")]]
        scripted.script += [
            reply(200, {"object": "list", "data": pages[0], "has_more": True}),
            reply(200, {"object": "list", "data": pages[1], "has_more": False}),
        ]

        list(connect(scripted.base_url).list_since(financial_account="fa_test", since=SINCE))

        asked = "financial_account=fa_test&created%5Bgte%5D=1722470400&limit=100"
        first = f"/v1/treasury/outbound_payments?{asked}"
        assert [request.target for request in scripted.requests] == [first, f"{first}&starting_after=obp_2"]

    def test_a_page_that_changes_between_reads_shows_nothing_twice(self, scripted, connect, reply, document):
        scripted.script += [
            reply(200, {"object": "list", "data": [document(id="obp_3"), document(id="obp_2")], "has_more": True}),
            reply(200, {"object": "list", "data": [document(id="obp_2"), document(id="obp_1")], "has_more": False}),
        ]

        pages = list(connect(scripted.base_url).list_since(financial_account="fa_test", since=SINCE))

        assert [[state.bank_reference for state in page] for page in pages] == [["obp_3", "obp_2"], ["obp_1"]]

    def test_a_balance_is_whole_dong(self, scripted, connect, reply):
        scripted.script.append(reply(200, {"id": "fa_test", "balance": {"cash": {"vnd": 33_200_000_000}}}))

        assert connect(scripted.base_url).balance("fa_test") == 33_200_000_000
