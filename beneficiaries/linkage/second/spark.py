"""Where one machine is outgrown: Splink's pairs and scores computed by Spark. Needs pyspark and Java, which the product itself does not."""

import polars as pl
from pyspark.sql import SparkSession
from splink.backends.spark import SparkAPI
from splink.internals.splink_dataframe import SplinkDataFrame

from beneficiaries.linkage.second.linking import WANTED
from beneficiaries.linkage.second.settings import POPULATION_NAME, REGISTRY_NAME


class Spark:
    """A `Backend` for one `link`, in a session the caller made and ends; tables travel as Arrow. One province at a time fits a session."""

    def __init__(self, session: SparkSession) -> None:
        for name in (REGISTRY_NAME, POPULATION_NAME):  # of an earlier link in this session
            session.catalog.dropTempView(name)
        # Our comparisons need none of the functions in Splink's jar, and lineage is short: a table kept in memory is enough.
        self._database = SparkAPI(
            spark_session=session, break_lineage_method="persist", register_udfs_automatically=False
        )

    def register(self, frame: pl.DataFrame, name: str) -> SplinkDataFrame:
        table: SplinkDataFrame = self._database.register(frame.to_arrow(), dataset_display_name=name)
        return table

    def fetch(self, table: SplinkDataFrame) -> pl.DataFrame:
        return pl.DataFrame(table.as_spark_dataframe().select(*WANTED).toArrow())
