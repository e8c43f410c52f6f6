"""What linking a public data set came to."""

from dataclasses import dataclass

import polars as pl

from beneficiaries.linkage.engine import Links
from beneficiaries.linkage.exact import bounds


@dataclass(frozen=True)
class Outcome:
    """Counts of rows: linked, rightly linked, and present in both tables."""

    linked: int
    right: int
    present: int

    @property
    def precision(self) -> float:
        return self.right / self.linked

    @property
    def recall(self) -> float:
        return self.right / self.present

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.linked + other.linked, self.right + other.right, self.present + other.present)

    def line(self, *, precision: float, recall: float) -> str:
        """Both rates with their two-sided 95 % intervals beside the targets."""
        sure, found = bounds(self.right, self.linked), bounds(self.right, self.present)
        met = self.precision >= precision and self.recall >= recall
        return (
            f"precision {self.precision:.4%} [{sure[0]:.4%}, {sure[1]:.4%}] (target {precision:.2%}), "
            f"recall {self.recall:.2%} [{found[0]:.2%}, {found[1]:.2%}] of {self.present:,} (target {recall:.1%}): {'met' if met else 'NOT MET'}"
        )


def outcome(links: Links, truth: pl.DataFrame) -> Outcome:
    """`truth`: row and the identity it is, null for who is not in the other table."""
    linked = links.decisions.filter(pl.col("band") == "AUTO").join(truth, on="row", suffix="_true")
    right = linked.filter(pl.col("identity") == pl.col("identity_true")).height
    return Outcome(linked=linked.height, right=right, present=truth["identity"].count())
