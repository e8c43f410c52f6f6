"""Decisions: what a quyết định says, which may follow which, and what recording one changes."""

from beneficiaries.services.decisions.draft import Draft
from beneficiaries.services.decisions.papers import keep_paper
from beneficiaries.services.decisions.record import record_decision, record_drafts
from beneficiaries.services.decisions.transfers import refuse_arrival, take_in

__all__ = ["Draft", "keep_paper", "record_decision", "record_drafts", "refuse_arrival", "take_in"]
