"""How old somebody is on a day: the year counts from the birthday on."""

from datetime import date

import pytest

from beneficiaries.linkage.dates import age_on


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(1944, 9, 5), date(2024, 9, 4), 79),
        (date(1944, 9, 5), date(2024, 9, 5), 80),
        (date(1944, 9, 30), date(2024, 10, 1), 80),
        (date(2008, 2, 29), date(2023, 2, 28), 14),
        (date(2008, 2, 29), date(2023, 3, 1), 15),
    ],
)
def test_a_year_is_full_on_the_birthday(born: date, day: date, years: int) -> None:
    assert age_on(day, born=born) == years
