"""The columns of a statement as a table, and every wording for them we have seen banks print."""

from typing import Final

from beneficiaries.parsers.headings import Wording

WORDINGS: Final[dict[str, Wording]] = {
    "booked_on": Wording(
        "Ngày hạch toán",
        (
            "Ngày giao dịch", "Ngày GD", "Ngày ghi sổ", "Ngày", "Ngày tháng", "Ngày chứng từ", "Ngày giờ giao dịch", "Thời gian giao dịch",
            "Ngày hạch toán (Posting date)", "Ngày giao dịch (Transaction date)", "Transaction date", "Posting date", "Booking date", "TNX date", "Date",
        ),
    ),
    "value_on": Wording("Ngày hiệu lực", ("Ngày giá trị", "Value date", "Effective date"), required=False),
    "debit": Wording(
        "Ghi nợ",
        (
            "Nợ", "Số tiền ghi nợ", "Phát sinh nợ", "PS nợ", "Số tiền nợ", "Tiền ra", "Rút ra", "Chi", "Số tiền phát sinh nợ", "Số tiền ghi nợ (Debit)",
            "Phát sinh nợ (Debit)", "Nợ (Debit)", "Debit", "Debit amount", "Withdrawal",
        ),
        required=False,
    ),
    "credit": Wording(
        "Ghi có",
        (
            "Có", "Số tiền ghi có", "Phát sinh có", "PS có", "Số tiền có", "Tiền vào", "Gửi vào", "Thu", "Số tiền phát sinh có", "Số tiền ghi có (Credit)",
            "Phát sinh có (Credit)", "Có (Credit)", "Credit", "Credit amount", "Deposit",
        ),
        required=False,
    ),
    "amount": Wording("Số tiền", ("Số tiền giao dịch", "Số tiền phát sinh", "Phát sinh", "Amount", "Transaction amount"), required=False),
    "direction": Wording("Nợ/Có", ("Loại phát sinh", "Dấu", "Chiều giao dịch", "Ghi nợ/Ghi có", "D/C", "Dr/Cr", "Debit/Credit"), required=False),
    "balance": Wording(
        "Số dư",
        ("Số dư sau giao dịch", "Số dư cuối", "Số dư lũy kế", "Số dư luỹ kế", "Số dư (Balance)", "Balance", "Running balance", "Closing balance"),
        required=False,
    ),
    "currency": Wording("Loại tiền", ("Đơn vị tiền", "Tiền tệ", "Nguyên tệ", "Currency", "Ccy"), required=False),
    "reference": Wording("Mã đối chiếu", ("Mã tham chiếu khách hàng", "End to end id", "EndToEndId", "Customer reference"), required=False),
    "bank_reference": Wording(
        "Mã giao dịch", ("Số tham chiếu", "Mã tham chiếu", "Số GD", "Số giao dịch", "Reference", "Bank reference", "Transaction id", "Ref no"), required=False
    ),
    "entry_reference": Wording("Số bút toán", ("Số chứng từ", "Số CT", "Doc no", "Document no", "Seq no", "Journal no"), required=False),
    "counterparty_account": Wording(
        "Tài khoản đối ứng", ("Số tài khoản đối ứng", "TK đối ứng", "Tài khoản thụ hưởng", "Counterparty account", "Corresponsive account"), required=False
    ),
    "counterparty_name": Wording(
        "Tên đối ứng", ("Tên tài khoản đối ứng", "Đơn vị thụ hưởng", "Người thụ hưởng", "Counterparty name", "Corresponsive name"), required=False
    ),
    "description": Wording(
        "Nội dung",
        ("Diễn giải", "Nội dung giao dịch", "Mô tả", "Chi tiết", "Nội dung chi tiết", "Ghi chú", "Description", "Details", "Remarks"),
        required=False,
    ),
    "return_code": Wording("Mã lý do hoàn trả", ("Lý do hoàn trả", "Mã hoàn trả", "Return code", "Return reason"), required=False),
}  # fmt: skip
# A table must say how much moved in one of these ways.
AMOUNTS: Final = (frozenset({"debit", "credit"}), frozenset({"amount"}))
