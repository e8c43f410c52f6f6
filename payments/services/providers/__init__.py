"""Lists that a provider pays (tổ chức dịch vụ chi trả): out in its own form, back with what became of each person's money."""

from payments.services.providers.hand_over import hand_over
from payments.services.providers.take_results import Results, take_results

__all__ = ["Results", "hand_over", "take_results"]
