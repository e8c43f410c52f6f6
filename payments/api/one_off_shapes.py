"""Shapes of what is paid once. Amounts are đồng per person."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from beneficiaries.api.signers import SignerField
from beneficiaries.models import Programme
from beneficiaries.services.decisions.rules import in_a_sentence, objection_to_paper
from payments.api.fields import MonthField, UnitInReach
from payments.services.once.one_off import FUNERAL_TIMES, Order
from staff.api.words import Words

MOST_NAMED = 5_000


class OrderBody(serializers.Serializer[Any]):
    """The decision, and the month whose list pays it."""

    number = serializers.CharField(max_length=60)
    signed_on = serializers.DateField()
    month = MonthField()
    signer = SignerField()
    reason = Words(max_length=300, required=False, default="", allow_blank=True)

    def to_internal_value(self, data: Any) -> Any:
        """As the services take it."""
        order = Order(**super().to_internal_value(data))
        if problem := objection_to_paper(signed_on=order.signed_on, signer=order.signer, today=timezone.localdate()):
            raise serializers.ValidationError({problem.about: [in_a_sentence(problem)]})
        return order


class GrantBody(serializers.Serializer[Any]):
    """A new grant: a policy of its own with one amount."""

    code = serializers.RegexField(
        r"^[A-Z0-9-]{2,12}$",
        error_messages={"invalid": "gồm 2 đến 12 chữ in hoa không dấu, số hoặc gạch nối, như QUA-2-9."},
    )
    name = serializers.CharField(max_length=200)
    amount = serializers.IntegerField(min_value=1, max_value=10**12)
    budget_source = serializers.CharField(max_length=60)
    order = OrderBody()


class GrantRow(serializers.ModelSerializer[Programme]):
    """A grant, and how far it has come in the reach of whoever asks."""

    amount = serializers.IntegerField(help_text="đồng mỗi người")
    decision = serializers.CharField(help_text="số quyết định")
    granted = serializers.IntegerField(help_text="số người được ghi")
    listed = serializers.IntegerField(help_text="trong đó đã có trong danh sách chi")
    received = serializers.IntegerField(help_text="trong đó đã nhận tiền")
    waits_for = MonthField(allow_null=True, help_text="tháng của danh sách mà người chưa có trong danh sách đang chờ")

    class Meta:
        model = Programme
        fields = ["code", "name", "budget_source", "amount", "decision", "granted", "listed", "received", "waits_for"]


class NewcomerBody(serializers.Serializer[Any]):
    """Somebody the decision names and no registry does."""

    full_name = serializers.CharField(max_length=100)
    sex = serializers.ChoiceField(choices=[("MALE", "Nam"), ("FEMALE", "Nữ")])
    unit = UnitInReach()
    birth_year = serializers.IntegerField(min_value=1900, max_value=2100, required=False, allow_null=True, default=None)
    hamlet = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)


class HouseholdBody(serializers.Serializer[Any]):
    """The head and all members by id, the head among them; a member with an account of their own is taken off the head's sum."""

    head = serializers.IntegerField()
    members = serializers.ListField(child=serializers.IntegerField(), max_length=50)


class PeopleBody(serializers.Serializer[Any]):
    """Whom it goes to: people by id, households, or people in no registry; everybody who receives a policy is ordered apart."""

    order = OrderBody()
    people = serializers.ListField(
        child=serializers.IntegerField(), required=False, default=list, max_length=MOST_NAMED
    )
    households = serializers.ListField(child=HouseholdBody(), required=False, default=list, max_length=MOST_NAMED)
    newcomers = serializers.ListField(child=NewcomerBody(), required=False, default=list, max_length=MOST_NAMED)
    preview = serializers.BooleanField(required=False, default=False, help_text="chỉ tính, không ghi gì")


class GrantedBody(serializers.Serializer[Any]):
    """How many are new; who had it already is left as is."""

    granted = serializers.IntegerField(help_text="số người mới được ghi")
    already = serializers.IntegerField(help_text="số người đã có từ trước, để nguyên")
    taken_back = serializers.IntegerField(
        help_text="trong số đó: đã có quyết định thôi chi, không danh sách nào chi; quyết định mới mới chi lại"
    )
    amount = serializers.IntegerField(help_text="đồng cho những người mới")
    through_head = serializers.IntegerField(help_text="trong số mới: chủ hộ nhận thay, trừ ai có tài khoản riêng")


class FuneralBody(serializers.Serializer[Any]):
    """Who arranged whose funeral; `times` standard amounts, at least 20."""

    code = serializers.CharField(max_length=30)
    organiser_name = serializers.CharField(max_length=100)
    sex = serializers.ChoiceField(choices=[("MALE", "Nam"), ("FEMALE", "Nữ")])
    unit = UnitInReach()
    dead = serializers.IntegerField(help_text="mã người đã mất")
    times = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=20, required=False, default=FUNERAL_TIMES
    )
    order = OrderBody()


class FuneralGranted(serializers.Serializer[Any]):
    """The record the allowance is paid under."""

    enrolment = serializers.IntegerField(source="pk")
    code = serializers.CharField()
