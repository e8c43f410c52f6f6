"""The second opinion: the same question, `link(registry, population, model)`, answered by Splink on DuckDB or Spark.

Its pairs, comparisons and scores are Splink's own; only names' keys and the rules of deciding are shared. It also trains the model.
"""

from beneficiaries.linkage.second.linking import link

__all__ = ["link"]
