"""`python -m benches.matching.public --data DIR`: FEBRL 4 and pseudopeople beside their targets. `write` puts the data there."""

import argparse
from pathlib import Path

from benches.matching.public import census, febrl


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("var/bench/public"))
    folder = parser.parse_args().data
    print("\nFEBRL 4:", febrl.linked(folder).line(precision=1.0, recall=0.999))
    print("pseudopeople, census to social security:", census.linked(folder).line(precision=0.9995, recall=0.987))


if __name__ == "__main__":
    main()
