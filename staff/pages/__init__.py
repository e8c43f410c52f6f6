"""Pages for people: what the API answers, laid out to be read, and its steps as buttons. Who may do what is asked of the API alone."""

from staff.pages.base import Page, PageRefused, PageStep

__all__ = ["Page", "PageRefused", "PageStep"]
