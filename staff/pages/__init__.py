"""Pages for people: what the API answers, laid out to be read, and its steps as buttons. Who may do what is asked of the API alone."""

from staff.pages.base import Page, PageRefused, PageStep
from staff.pages.files import FileBack, FileByButton, FileStep, PageFile
from staff.pages.forms import OneOfForms

__all__ = ["FileBack", "FileByButton", "FileStep", "OneOfForms", "Page", "PageFile", "PageRefused", "PageStep"]
