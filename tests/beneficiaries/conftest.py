"""Offices in the database, and a look at everything they wrote."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps

from tests.beneficiaries.offices import Offices, open_offices

Counts = dict[str, int]


@pytest.fixture
def offices(db: None, tmp_path: Path) -> Offices:
    return open_offices(tmp_path)


@pytest.fixture
def count_rows() -> Callable[[], Counts]:
    """How many rows every table of ours has: equal before and after means that nothing was written."""

    def count() -> Counts:
        ours = [
            model for name in ("staff", "beneficiaries", "payments") for model in apps.get_app_config(name).get_models()
        ]
        return {model._meta.db_table: model._default_manager.count() for model in ours}

    return count
