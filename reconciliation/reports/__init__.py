"""Reports: figures counted once, frozen as a snapshot, then written as PDF, workbook and JSON without asking the database again."""
