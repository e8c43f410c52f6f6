"""Shapes of accounts, slips and payees. Account numbers end with their last four digits; no identity number, no phone, no category goes out."""

from typing import Any

from rest_framework import serializers

from beneficiaries.models import BankAccount, NameVerdict, PayeeKind, PayeeRelation, Reason, RegistrationSlip
from beneficiaries.services.accounts.account_drive import MOST_AT_ONCE
from beneficiaries.services.accounts.account_flags import SENTENCES
from beneficiaries.services.accounts.banks import bank_name
from beneficiaries.services.accounts.coverage import BreakDown
from beneficiaries.services.numbers import last_four_of
from beneficiaries.states import AccountCause, AccountStatus, ChangeStatus
from staff.api.query import Query
from staff.api.words import Words

CLOSING_REASONS = [
    (reason.value, reason.label) for reason in (Reason.ACCOUNT_CLOSED, Reason.ACCOUNT_BLOCKED, Reason.INVALID_ACCOUNT)
]
METHODS = RegistrationSlip.Method.choices
PAYEE_KINDS = [choice for choice in PayeeKind.choices if choice[0] != PayeeKind.OWN]


class AccountRow(serializers.Serializer[Any]):
    """One account of one person."""

    id = serializers.IntegerField()
    beneficiary_id = serializers.IntegerField()
    full_name = serializers.CharField(source="beneficiary.full_name")
    unit = serializers.CharField(source="beneficiary.unit.code")
    status = serializers.ChoiceField(choices=AccountStatus.choices)
    reason = serializers.ChoiceField(choices=Reason.choices, allow_blank=True)
    origin = serializers.ChoiceField(choices=BankAccount.Source.choices, source="source")
    bank = serializers.SerializerMethodField()
    last_four = serializers.SerializerMethodField()
    holder_name = serializers.CharField()
    holder_kind = serializers.ChoiceField(choices=PayeeKind.choices)
    name_verdict = serializers.ChoiceField(choices=NameVerdict.choices)
    name_score = serializers.IntegerField(allow_null=True)
    opened_on = serializers.DateField(allow_null=True)
    verified_on = serializers.DateField(allow_null=True)
    closed_on = serializers.DateField(allow_null=True)

    def get_bank(self, account: BankAccount) -> str:
        return bank_name(account.bank_bin) if account.bank_bin else ""

    def get_last_four(self, account: BankAccount) -> str:
        return last_four_of(account)


class AccountEventRow(serializers.Serializer[Any]):
    """One change: from which day, recorded when, by whom, why."""

    cause = serializers.ChoiceField(choices=AccountCause.choices)
    status = serializers.ChoiceField(choices=AccountStatus.choices)
    reason = serializers.CharField()
    effective_on = serializers.DateField()
    recorded_at = serializers.DateTimeField()
    changed_by = serializers.CharField(source="changed_by.full_name", default="")
    note = serializers.CharField()


class AccountDetail(AccountRow):
    """An account with its history, the oldest first."""

    events = serializers.SerializerMethodField()

    def get_events(self, account: BankAccount) -> list[dict[str, Any]]:
        kept = account.events.select_related("changed_by").order_by("id")
        return [dict(row) for row in AccountEventRow(kept, many=True).data]


class AccountQuery(Query):
    """Filters of the list."""

    status = serializers.ChoiceField(choices=AccountStatus.choices, required=False)
    reason = serializers.ChoiceField(choices=Reason.choices, required=False)
    beneficiary = serializers.IntegerField(required=False, min_value=1, max_value=2**62, help_text="of one person")


class ClosingBody(serializers.Serializer[Any]):
    """Why an account is not used any more."""

    reason = serializers.ChoiceField(choices=CLOSING_REASONS)
    note = Words(max_length=300)


class NoteBody(serializers.Serializer[Any]):
    """Why."""

    note = Words(max_length=300)


class NamedAccountBody(serializers.Serializer[Any]):
    """The account a slip names. The number is only ever sent to us, never back."""

    bank_bin = serializers.RegexField(r"^\d{6}$", error_messages={"invalid": "Mã ngân hàng có 6 chữ số."})
    number = serializers.RegexField(
        r"^[0-9A-Za-z ]{4,34}$", write_only=True,
        error_messages={"invalid": "Số tài khoản có từ 4 đến 34 chữ số, không có dấu chấm hay gạch nối."},
    )  # fmt: skip
    holder_name = serializers.CharField(max_length=100)
    holder_kind = serializers.ChoiceField(choices=PayeeKind.choices, default=PayeeKind.OWN)


class SlipBody(serializers.Serializer[Any]):
    """A signed slip."""

    method = serializers.ChoiceField(choices=METHODS)
    account = NamedAccountBody(required=False, allow_null=True)
    signed_on = serializers.DateField()
    signer_kind = serializers.ChoiceField(choices=PayeeKind.choices)
    signer_name = serializers.CharField(max_length=100)


class KeptSlipRow(serializers.Serializer[Any]):
    """A slip as it was recorded; `has_scan`: its scan can be read."""

    id = serializers.IntegerField()
    method = serializers.ChoiceField(choices=RegistrationSlip.Method.choices)
    signed_on = serializers.DateField()
    signer_kind = serializers.ChoiceField(choices=PayeeKind.choices)
    signer_name = serializers.CharField()
    account_id = serializers.IntegerField(allow_null=True)
    recorded_at = serializers.DateTimeField()
    has_scan = serializers.BooleanField()


class SlipRow(serializers.Serializer[Any]):
    """A recorded slip; `change_id` when a second person must approve the account first."""

    id = serializers.IntegerField()
    method = serializers.ChoiceField(choices=METHODS)
    signed_on = serializers.DateField()
    account_id = serializers.IntegerField(allow_null=True)
    change_id = serializers.IntegerField(allow_null=True, required=False)


class ScanBody(serializers.Serializer[Any]):
    """The scanned slip: PDF, JPEG or PNG, at most 5 MB."""

    file = serializers.FileField()


class ChangeRow(serializers.Serializer[Any]):
    """A change of account, and who asked for it and decided."""

    id = serializers.IntegerField()
    beneficiary_id = serializers.IntegerField(source="new_account.beneficiary_id")
    full_name = serializers.CharField(source="new_account.beneficiary.full_name")
    old_account = AccountRow(
        read_only=True, allow_null=True, help_text="null: a first account, of somebody one person alone identified"
    )
    new_account = AccountRow(read_only=True)
    status = serializers.ChoiceField(choices=ChangeStatus.choices)
    requested_by = serializers.CharField(source="requested_by.full_name")
    requested_at = serializers.DateTimeField()
    decided_by = serializers.CharField(source="decided_by.full_name", default="")
    decided_at = serializers.DateTimeField(allow_null=True)
    usable_from = serializers.DateField(allow_null=True)
    note = serializers.CharField()


class PayeeBody(serializers.Serializer[Any]):
    """Who receives for the beneficiary, and by which paper."""

    kind = serializers.ChoiceField(choices=PAYEE_KINDS)
    full_name = serializers.CharField(max_length=100)
    identity_number = serializers.RegexField(
        r"^\d{12}$", required=False, default="", write_only=True,
        error_messages={"invalid": "Số định danh cá nhân có 12 chữ số."},
    )  # fmt: skip
    phone = serializers.RegexField(
        r"^[0-9+ ]{8,15}$", required=False, default="", write_only=True,
        error_messages={"invalid": "Số điện thoại có từ 8 đến 15 chữ số."},
    )  # fmt: skip
    paper_number = serializers.CharField(max_length=60, required=False, default="")
    paper_signed_on = serializers.DateField(required=False, allow_null=True, default=None)
    certified_by = serializers.CharField(max_length=120, required=False, default="")
    valid_from = serializers.DateField(required=False, allow_null=True, default=None)
    valid_until = serializers.DateField(required=False, allow_null=True, default=None)
    scope = serializers.ChoiceField(choices=PayeeRelation.Scope.choices, default=PayeeRelation.Scope.RECEIVE)
    replaces = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Thay người đang được ủy quyền: người hưởng đã chấm dứt giấy ủy quyền trước",
    )


class PayeeRow(serializers.Serializer[Any]):
    """A payee relation; whose phone and number it is stays with us."""

    id = serializers.IntegerField()
    beneficiary_id = serializers.IntegerField()
    beneficiary = serializers.CharField(source="beneficiary.full_name")
    kind = serializers.ChoiceField(choices=PAYEE_KINDS)
    full_name = serializers.CharField()
    paper_number = serializers.CharField()
    certified_by = serializers.CharField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    end_reason = serializers.CharField(help_text="vì sao thôi; trống khi còn hiệu lực")
    end_reason_label = serializers.CharField(source="get_end_reason_display")


class KeptPayeeRow(PayeeRow):
    """`has_paper`: the scan of the paper can be read."""

    has_paper = serializers.BooleanField()


class EndingBody(serializers.Serializer[Any]):
    """Why a relation ends, and the first day on which it holds no longer."""

    reason = serializers.ChoiceField(choices=PayeeRelation.EndReason.choices)
    on = serializers.DateField()


class UnitBody(serializers.Serializer[Any]):
    """For which unit: code, the own unit when empty."""

    unit = serializers.CharField(max_length=12, required=False, default="", allow_blank=True)


class RequestBody(UnitBody):
    """Which bank is asked, and how."""

    bank_bin = serializers.RegexField(r"^\d{6}$", required=False)
    people = serializers.ListField(
        child=serializers.IntegerField(min_value=1),
        required=False,
        allow_empty=False,
        max_length=MOST_AT_ONCE,
        help_text="chỉ cho những người này; bỏ trống: mọi người trong danh sách cần mở",
        error_messages={"empty": "Chưa chọn ai; mời đánh dấu ít nhất một người.", "required": "Chưa chọn ai."},
    )
    way = serializers.ChoiceField(choices=[("API", "Kết nối ngân hàng"), ("FILE", "Tệp danh sách")], default="API")


class NeededCount(serializers.Serializer[Any]):
    """How many people were put on the list of accounts to open."""

    needed = serializers.IntegerField()


class AskedCount(serializers.Serializer[Any]):
    """How many requests were written down; for how many people identity must be clear first, and who is too young to sign."""

    requested = serializers.IntegerField()
    identity_unclear = serializers.IntegerField()
    too_young = serializers.IntegerField(
        help_text="chưa đủ tuổi tự ký: cha, mẹ hoặc người giám hộ ký phiếu đăng ký tài khoản của mình"
    )
    by_guardian = serializers.IntegerField(help_text="có người giám hộ: nhận qua tài khoản của người giám hộ")
    not_wished = serializers.IntegerField(
        help_text="theo kết quả đến nhà không muốn mở, đã chuyển đi hoặc đã mất: chỉ đề nghị khi được chọn đích danh"
    )


class CoverageQuery(Query):
    """As of which day, by what, of which unit (the own one when empty)."""

    unit = serializers.CharField(max_length=12, required=False, default="")
    on = serializers.DateField()
    by = serializers.ChoiceField(choices=[(part.value, part.value) for part in BreakDown])


class FunnelQuery(Query):
    """As of which day, of which unit (the own one when empty)."""

    unit = serializers.CharField(max_length=12, required=False, default="")
    on = serializers.DateField()


class CoverageRow(serializers.Serializer[Any]):
    """People of one group: enrolled, with an account, and whose account it is."""

    key = serializers.CharField()
    name = serializers.CharField()
    beneficiaries = serializers.IntegerField()
    accounts = serializers.IntegerField()
    own = serializers.IntegerField()
    guardian = serializers.IntegerField()
    authorised = serializers.IntegerField()


class FlagRow(serializers.Serializer[Any]):
    """One person in one flag; `people` counts also those out of sight."""

    code = serializers.ChoiceField(choices=list(SENTENCES.items()))
    sentence = serializers.CharField()
    group = serializers.IntegerField()
    beneficiary_id = serializers.IntegerField()
    full_name = serializers.CharField()
    unit = serializers.CharField()
    people = serializers.IntegerField()
