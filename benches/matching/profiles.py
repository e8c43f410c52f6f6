"""How often wards err, per registry row. "base" has the rates of the sample province, "hard" those of the worst wards, clustered per row."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """Shares of rows; one kind of damage per column and row, the rest is typed right."""

    name: str
    number: dict[str, float]
    birth: dict[str, float]
    spelling: dict[str, float]
    old_ward: float
    elsewhere: float  # lives in another commune than the one that lists the person
    hamlet_missing: float
    hamlet_other: float
    sex_wrong: float
    absent: float  # of people: not in the extract; a quarter of them are namesakes of a resident
    twice: float  # of rows: a second row of somebody
    sloppy: float = (
        0.0  # share of rows that err `SLOPPY_TIMES` as often; all others err less, so that the rates above hold
    )


SLOPPY_TIMES = 1.6
NAMESAKES = 0.25
DECEASED = 0.01

BASE = Profile(
    name="base",
    number={"missing": 0.052, "old_card": 0.039, "sci": 0.003, "digit": 0.009, "swapped": 0.004, "zero_lost": 0.015, "spaced": 0.02, "others": 0.003},
    birth={"text": 0.302, "short": 0.099, "year": 0.061, "packed": 0.019, "default": 0.013, "swapped": 0.005},
    spelling={"upper": 0.119, "no_marks": 0.042, "nfd": 0.019, "spaces": 0.014, "tone": 0.004, "joined": 0.003, "eth": 0.001},
    old_ward=0.03, elsewhere=0.02, hamlet_missing=0.02, hamlet_other=0.03, sex_wrong=0.002, absent=0.02, twice=0.006,
)  # fmt: skip
HARD = Profile(
    name="hard",
    number={"missing": 0.25, "old_card": 0.15, "digit": 0.05, "swapped": 0.02, "others": 0.01, "zero_lost": 0.02, "spaced": 0.03},
    birth={"text": 0.30, "short": 0.10, "year": 0.20, "packed": 0.02, "default": 0.03, "swapped": 0.02, "day": 0.015, "year_typed": 0.01},
    spelling={"no_marks": 0.15, "tone_lost": 0.10, "nfd": 0.05, "upper": 0.10, "joined": 0.01, "turned": 0.01, "abbreviated": 0.01,
              "letter": 0.01, "middle_lost": 0.01},
    old_ward=0.5, elsewhere=0.03, hamlet_missing=0.05, hamlet_other=0.05, sex_wrong=0.005, absent=0.06, twice=0.04, sloppy=0.3,
)  # fmt: skip
PROFILES = {profile.name: profile for profile in (BASE, HARD)}
