"""Identity, quality of data, and cases over the API."""
