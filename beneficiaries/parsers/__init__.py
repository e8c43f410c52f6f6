"""Files as wards, offices and banks send them, read into plain values. No ORM here."""
