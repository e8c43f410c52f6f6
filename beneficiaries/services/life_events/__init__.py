"""Life events: kept as they arrive, weighed together per person, answered by people where they are only a notice."""

from beneficiaries.services.life_events.answer import answer_notice
from beneficiaries.services.life_events.record import Recorded, record_life_events
from beneficiaries.services.life_events.settle import Settled, hold_settling, settle_life_events

__all__ = ["Recorded", "Settled", "answer_notice", "hold_settling", "record_life_events", "settle_life_events"]
