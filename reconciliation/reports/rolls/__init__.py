"""Rolls: long lists of persons for print and for Excel (monthly lists, changes, unpaid, answers to inspectors' questions)."""
