"""Quá trình hưởng: one person's whole history on two pages, and every change as lines for a program."""
