"""The bytes of reports and lists that were handed out, by what they are known again for ever."""

from django.db import models


class IssuedFile(models.Model):
    """One file as it went out. Append-only, once by its bytes.

    `names`: the digest printed in it, of a report's figures or of a list's lines; `digest`: SHA-256 of its `size` bytes. What is drawn anew by a
    later version of the program has other bytes and says the same: without this row it would look written anew. `mark` is made with a key outside
    the database (`reports/issued_marks.py`): a row without it vouches for nothing.
    """

    names = models.CharField(max_length=64, db_index=True)
    suffix = models.CharField(max_length=5)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    mark = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [
            # Not by its bytes alone: a row somebody wrote by SQL must not keep ours from being written.
            models.UniqueConstraint(name="issued_file_once_by_its_bytes_and_mark", fields=["digest", "mark"]),
        ]
