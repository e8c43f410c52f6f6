"""`python -m config.sample_province --out DIR [--scale 1] [--seed 2024]`"""

import argparse
import sys
from pathlib import Path

from config.sample_province.quotas import DEFAULT_SEED
from config.sample_province.writing import generate


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m config.sample_province", description="Tạo dữ liệu mẫu của tỉnh An Sơn."
    )
    parser.add_argument("--out", type=Path, required=True, help="thư mục nhận các tệp")
    parser.add_argument("--scale", type=float, default=1.0, help="quy mô so với tỉnh đầy đủ (1 = 750.408 dân)")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="hạt giống: cùng số, cùng dữ liệu")
    options = parser.parse_args(arguments)
    if not 0.005 <= options.scale <= 2:
        parser.error("--scale phải từ 0,005 đến 2")
    if options.seed < 0:
        parser.error("--seed không được âm")
    generate(out=options.out, scale=options.scale, seed=options.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
