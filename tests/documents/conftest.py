"""The province of the tests of reports."""

from tests.reports.conftest import world

__all__ = ["world"]
