"""Faults of ours that people met: a code they can tell, and nothing of who asked for what."""

from django.db import models


class Fault(models.Model):
    """One answer 500. `route` is the pattern of the address, never its values; `kind` the class of the error, never its words."""

    code = models.CharField(max_length=12, help_text="what the page showed, and the log names")
    at = models.DateTimeField(db_index=True)
    route = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=80)
