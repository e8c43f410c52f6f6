"""Handing everything over: all tables as workbooks with Vietnamese headings, a manifest that ties to the books, and the check of both."""
