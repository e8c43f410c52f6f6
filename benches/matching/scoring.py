"""Links against the truth: precision, recall, review, by group, with exact 95 % bounds."""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from beneficiaries.linkage.engine import Links
from beneficiaries.linkage.exact import bounds


@dataclass
class Score:
    """Counts of rows, summed over provinces with `+`."""

    rows: int = 0
    real: int = 0  # rows whose person is in the extract
    absent: int = 0
    auto: int = 0
    right: int = 0
    absent_accepted: int = 0
    namesakes: int = 0  # of the absent: planted beside a resident of the same name, commune, birth year and sex
    namesakes_accepted: int = 0
    review: int = 0
    shown: int = 0  # right and automatic, or among the three shown
    groups: dict[str, tuple[int, int]] = field(default_factory=dict)  # right, real

    @property
    def wrong(self) -> int:
        return self.auto - self.right

    @property
    def precision(self) -> float:
        return self.right / self.auto

    @property
    def precision_bound(self) -> float:
        """Lower end of the one-sided 95 % interval."""
        return bounds(self.right, self.auto, confidence=0.90)[0]

    @property
    def recall(self) -> float:
        return self.right / self.real

    @property
    def recall_shown(self) -> float:
        return self.shown / self.real

    @property
    def reviewed(self) -> float:
        return self.review / self.rows

    @property
    def worst_gap(self) -> float:
        """Points by which the worst group's recall is below that of all."""
        return max(self.recall - right / real for right, real in self.groups.values() if real) * 100

    def __add__(self, other: "Score") -> "Score":
        numbers = (
            "rows",
            "real",
            "absent",
            "auto",
            "right",
            "absent_accepted",
            "namesakes",
            "namesakes_accepted",
            "review",
            "shown",
        )
        total = Score(**{name: getattr(self, name) + getattr(other, name) for name in numbers})
        for name in self.groups | other.groups:
            one, two = self.groups.get(name, (0, 0)), other.groups.get(name, (0, 0))
            total.groups[name] = (one[0] + two[0], one[1] + two[1])
        return total


def score(links: Links, folder: Path) -> Score:
    """Lay the links beside `truth.parquet`."""
    truth = pl.read_parquet(folder / "truth.parquet").rename({"identity": "true"})
    sex = pl.read_parquet(folder / "registry.parquet").select("row", "sex")
    rows = links.decisions.join(truth, on="row").join(sex, on="row").with_columns(
        auto=pl.col("band") == "AUTO", real=pl.col("true").is_not_null(), ok=(pl.col("identity") == pl.col("true")).fill_null(False)
    )  # fmt: skip
    right_shown = (
        links.candidates.join(truth, on="row").filter(pl.col("identity") == pl.col("true")).select("row").unique()
    )
    in_review = rows.filter((pl.col("band") == "REVIEW") & pl.col("real")).join(right_shown, on="row", how="semi")
    no_number = pl.col("defects").str.contains("number:missing|number:sci")
    groups = {
        "children under six": pl.col("age") < 6, "no number": no_number, "old card": pl.col("defects").str.contains("old_card"),
        "women": pl.col("sex") == "Nữ", "over 80": pl.col("age") >= 80,
    }  # fmt: skip
    real = rows.filter("real")
    right = int(rows["ok"].sum())
    return Score(
        rows=rows.height, real=real.height, absent=rows.height - real.height, auto=int(rows["auto"].sum()), right=right,
        absent_accepted=rows.filter(pl.col("auto") & ~pl.col("real")).height,
        namesakes=rows.filter("namesake").height, namesakes_accepted=rows.filter("namesake", "auto").height,
        review=rows.filter(pl.col("band") == "REVIEW").height, shown=right + in_review.height,
        groups={name: (int(real.filter(rule)["ok"].sum()), real.filter(rule).height) for name, rule in groups.items()},
    )  # fmt: skip
