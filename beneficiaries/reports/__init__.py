"""Lists and tables as offices print them."""
