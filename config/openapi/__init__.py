"""The description of the API: an example of every answer, by the shape of the answer."""
