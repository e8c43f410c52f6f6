"""What a transfer may be, and what it never shows."""

import pytest

from banks.errors import TransferInvalid


class TestTransfer:
    def test_its_key_is_id_and_attempt(self, make_transfer):
        assert make_transfer(attempt=3).idempotency_key == "AS202408000000001-3"

    def test_its_key_may_have_thirty_five_characters(self, make_transfer):
        assert len(make_transfer(end_to_end_id="A" * 33).idempotency_key) == 35

    @pytest.mark.parametrize(
        "wrong", [{"end_to_end_id": "A" * 34}, {"end_to_end_id": ""}, {"amount": 0}, {"amount": -1}, {"attempt": 0}]
    )
    def test_it_can_not_be_made_wrong(self, make_transfer, wrong):
        with pytest.raises(TransferInvalid):
            make_transfer(**wrong)

    def test_its_repr_shows_neither_number_nor_name(self, make_transfer):
        shown = repr(make_transfer(description="Chi trả NGUYỄN THỊ HOÀ"))

        assert "0123456789" not in shown
        assert "HOÀ" not in shown
        assert "AS202408000000001" in shown
