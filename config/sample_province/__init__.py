"""A fictional province, written as the files its wards, offices, providers and banks would send.

Nothing here imports the product, and the product never reads `truth/`: the sample can only be used through the
same door as real files. `docs/sample-province.md` states every figure and error rate.
"""
