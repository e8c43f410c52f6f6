"""The same sample linked by Splink on DuckDB and on Spark: `python -m benches.matching.spark`. Exit 1 if a single link differs."""

import argparse
import os
import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyspark.sql import SparkSession

from benches.matching.profiles import PROFILES
from benches.matching.province import write_province
from benches.matching.reading import read_population, read_registry
from beneficiaries.linkage import second
from beneficiaries.linkage.engine import load_model
from beneficiaries.linkage.second.spark import Spark

NO_JAVA = "Spark needs Java: apt-get install --no-install-recommends openjdk-17-jre-headless"


def local_session() -> Any:
    """Two threads in this process, nothing bound but the loopback, no pages, no files left in the working directory."""
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    given = {
        "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1", "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2", "spark.default.parallelism": "2", "spark.driver.memory": "1g",
        # A sample is over before the code Spark would generate for each step has been compiled.
        "spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN", "spark.log.level": "ERROR",
    }  # fmt: skip
    builder = SparkSession.builder.master("local[2]").appName("an-sinh")
    for name, value in given.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=400)
    parser.add_argument("--residents", type=int, default=6_000)
    given = parser.parse_args()
    if shutil.which("java") is None:
        sys.exit(NO_JAVA)
    with TemporaryDirectory() as folder:
        out = Path(folder)
        write_province(out=out, rows=given.rows, residents=given.residents, profile=PROFILES["hard"], seed=32)
        population = read_population(out)
        registry, model = read_registry(out, population), load_model()
        session = local_session()
        start = time.perf_counter()
        on_spark = second.link(registry, population, model, backend=Spark(session))
        seconds = time.perf_counter() - start
        session.stop()
    here = second.link(registry, population, model)
    same = here.decisions.equals(on_spark.decisions) and here.candidates.equals(on_spark.candidates)
    linked = int((here.decisions["band"] == "AUTO").sum())
    verdict = "every decision and candidate as on DuckDB" if same else "NOT THE SAME as on DuckDB"
    print(f"Spark: {given.rows:,} × {given.residents:,} in {seconds:.0f} s, {linked} linked; {verdict}")
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
