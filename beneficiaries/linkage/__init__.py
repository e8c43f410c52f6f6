"""Who is who: readings of names, dates, numbers and units, keys for comparing, and the rules of matching. No ORM here."""
