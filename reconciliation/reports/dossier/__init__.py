"""Hồ sơ chi trả: everything about one month of one unit, bound with an index."""
