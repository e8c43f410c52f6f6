"""`manage.py demo_desk`: plays the Treasury, the bank's days and the post office for whoever works a month of the demo on its pages."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.demo import outside
from config.demo.bank_desk import BankDesk
from config.demo.provider import PostOffice
from config.environment import VAR
from payments.models import Cycle, FundingAccount
from payments.money import AmountUnreadable, format_amount, parse_amount

PAID_IN_CASH_ON = 20


class Command(BaseCommand):
    """One thing others do, on the data and the bank of a running `make serve`."""

    help = "Đóng vai Kho bạc, ngân hàng, bưu điện của dữ liệu mẫu khi `make serve` đang chạy, để làm trọn một tháng trên các trang."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What happens, and in which month."""
        what = parser.add_subparsers(dest="what", required=True)
        money = what.add_parser("topup", help="Kho bạc cấp tiền vào tài khoản chi trả ở ngân hàng mẫu")
        money.add_argument("--month", type=_month, help="kỳ chi trả, dạng 2024-10; bỏ trống: kỳ mới lập nhất")
        money.add_argument("--account", help="mã tài khoản chi trả; bỏ trống: mọi tài khoản còn cần tiền")
        money.add_argument(
            "--amount", type=_amount, help="số tiền mỗi tài khoản; bỏ trống: đủ cho các danh sách của kỳ"
        )
        post = what.add_parser("post", help="bưu điện chi danh sách tiền mặt đã giao, trả lại tệp kết quả")
        post.add_argument("--month", type=_month, help="kỳ chi trả; bỏ trống: kỳ mới lập nhất")
        post.add_argument("files", nargs="+", type=Path, metavar="TỆP", help="tệp Excel đã tải khi giao danh sách")
        end = what.add_parser("month-end", help="ngân hàng làm các lệnh chuyển đã ghi, hết tháng thì phát sao kê")
        end.add_argument("--month", type=_month, help="kỳ chi trả; bỏ trống: kỳ mới lập nhất")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what is to be done on which page now."""
        desk = outside.desk_of(folder=VAR / "demo")
        if desk is None:
            raise CommandError("Dữ liệu mẫu chưa chạy. Hãy chạy `make serve` ở một cửa sổ khác rồi làm lại.")
        month = options["month"] or _newest()
        if options["what"] == "topup":
            self._top_up(month, desk=desk, account=options["account"], amount=options["amount"])
        elif options["what"] == "post":
            self._pay_cash(month, files=options["files"])
        else:
            self._end(month, desk=desk)

    def _top_up(self, month: date, *, desk: BankDesk, account: str | None, amount: int | None) -> None:
        needed = outside.needed(month=month)
        if account or amount:
            accounts = FundingAccount.objects.filter(**({"code": account} if account else {"pk__in": needed}))
            if account and not accounts:
                raise CommandError(f"Không có tài khoản chi trả {account}; xem mã ở trang Kinh phí.")
            needed = {one.pk: amount or needed.get(one.pk, 0) for one in accounts}
        needed = {pk: sum for pk, sum in needed.items() if sum}
        if not needed:
            raise CommandError(
                f"Các danh sách kỳ {month:%m/%Y} không cần thêm tiền; muốn cấp thêm, ghi AMOUNT=500.000.000."
            )
        self.stdout.write("Kho bạc đã cấp. Kế toán trưởng ghi nhận ở trang Kinh phí, đúng từng dòng:")
        for one in outside.top_up(month=month, amounts=needed, desk=desk):
            self.stdout.write(
                f"  {one.account.code}: {format_amount(one.amount)} đ, mã tham chiếu {one.reference}, ngày ghi Có {one.booked_on:%d/%m/%Y}"
            )

    def _pay_cash(self, month: date, *, files: list[Path]) -> None:
        post_office = PostOffice()
        for path in files:
            if not path.is_file():
                raise CommandError(f"Không có tệp {path}.")
            answer = path.with_name(f"{path.stem}-ket-qua.xlsx")
            answer.write_bytes(
                post_office.pay(path.read_bytes(), month=month, paid_on=month.replace(day=PAID_IN_CASH_ON))
            )
            self.stdout.write(f"Bưu điện đã chi: {answer}. Nạp tệp này ở trang Kết quả chi tiền mặt của danh sách.")

    def _end(self, month: date, *, desk: BankDesk) -> None:
        try:
            ordered = outside.order_transfers(month=month, desk=desk)
        except outside.NotOrdered as refused:
            one = refused.transfer
            raise CommandError(
                f"Ngân hàng không làm lệnh {one.reference}, {format_amount(one.amount)} đ: số dư tài khoản {one.funding_account.code} không đủ. "
                f"Cấp thêm tiền rồi làm lại: make demo-topup ACCOUNT={one.funding_account.code} AMOUNT={format_amount(one.amount)}"
            ) from refused
        written = outside.end_month(month=month, desk=desk, folder=VAR / "demo" / "sao-ke")
        self.stdout.write(
            f"Ngân hàng đã làm {ordered} lệnh chuyển đã ghi và phát sao kê tháng {month:%m/%Y}. Nạp ở trang Sao kê:"
        )
        for path in written:
            self.stdout.write(f"  {path}")


def _newest() -> date:
    newest = Cycle.objects.order_by("-month").first()
    if newest is None:
        raise CommandError("Chưa có kỳ chi trả nào.")
    return newest.month


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise ArgumentTypeError("tháng ghi dạng 2024-10") from None


def _amount(text: str) -> int:
    try:
        return parse_amount(text)
    except AmountUnreadable:
        raise ArgumentTypeError("số tiền ghi dạng 500.000.000") from None
