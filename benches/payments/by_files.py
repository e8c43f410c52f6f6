"""Files beside the API of the same bank, one process each: until the bank has every order. Whole cycles: `make bench-files`."""

import time
from collections.abc import Callable

from django.utils import timezone

from banks.files_http import HttpFiles
from banks.iso20022.characters import Characters
from banks.stripe_api import StripeTransfers
from benches.files_cycle import fill, sign_and_release
from benches.payments.rounds import Line, in_turn
from benches.payments.world import bank, filled_province
from payments.models import FundingAccount
from payments.services.files.build import build_next_file
from payments.services.files.upload import upload_file
from payments.services.sending.bank import API_VERSION
from payments.services.sending.send import send_ready_payments
from payments.states import FileStatus
from tests.payments.bank_process import API_KEY
from tests.payments.province import AUGUST

IN_A_FILE, BY_API, THREADS = 10_000, 2_000, 8
FILES, API = "by file", "by API"


def measure(*, rounds: int) -> list[Line]:
    """A file of ten thousand against two thousand calls, per round."""
    with filled_province("ansinh_bench_by_files", people=(rounds + 1) * BY_API) as province, bank() as process:
        FundingAccount.objects.filter(code="TK-971").update(sends_by="FILE")
        fill(province, people=(rounds + 1) * IN_A_FILE, commune="97101", prefix=7)
        province.build(AUGUST)
        sign_and_release(province, AUGUST, bank=process.client())
        files = HttpFiles(base_url=process.base_url, api_key=API_KEY, timeout=(30.0, 300.0))
        api = StripeTransfers(
            base_url=process.base_url, api_key=API_KEY, version=API_VERSION, timeout=(3.05, 30.0), concurrency=THREADS
        )
        ways: dict[str, Callable[[], float]] = {FILES: lambda: _send_file(files), API: lambda: _send_calls(api)}
        reached = in_turn(ways, rounds=rounds)
    return [reached.line("files, beside the API path", FILES, API, 10)]


def _send_file(files: HttpFiles) -> float:
    began = time.perf_counter()
    file = build_next_file(now=timezone.now(), limit=IN_A_FILE, characters=Characters.LATIN)
    if file is None or upload_file(file_id=file.pk, bank=files, clock=timezone.now) is not FileStatus.RECEIVED:
        raise SystemExit("the bank did not take the file")
    return file.count / (time.perf_counter() - began)


def _send_calls(api: StripeTransfers) -> float:
    began = time.perf_counter()
    accepted = send_ready_payments(bank=api, clock=timezone.now, limit=BY_API).accepted
    return accepted / (time.perf_counter() - began)
