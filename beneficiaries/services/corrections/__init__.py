"""Sửa hồ sơ: what was typed wrong about a person is put right by two people and a paper; matching, accounts and ages follow from it."""
