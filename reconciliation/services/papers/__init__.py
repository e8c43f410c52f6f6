"""Reports, dossiers and lists on paper: ordered, made, signed, known again."""
