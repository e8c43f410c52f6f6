"""Who is who: keys for comparing names, and the rules of matching. No ORM here."""
