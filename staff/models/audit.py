"""History of what money hangs on (nhật ký hệ thống), written by triggers, and the seals over it (niêm phong nhật ký)."""

from django.db import models

from staff.models.users import User


class HistoryRow(models.Model):
    """One row of one table, changed: `changes` is `{column: [before, after]}` of the columns life changes, ids and codes only.

    Written by statement-level triggers alone: the application may read it and do nothing else. `actor_id` and `request_id` are what the
    application said of itself, `session_role` is who the database knew it to be. No foreign key: a row of history outlives what it names.
    """

    class Operation(models.TextChoices):
        INSERT = "I", "Thêm"
        UPDATE = "U", "Sửa"
        DELETE = "D", "Xóa"

    at = models.DateTimeField()
    relation = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    operation = models.CharField(max_length=1, choices=Operation.choices)
    changes = models.JSONField()
    actor_id = models.BigIntegerField(null=True)
    why = models.CharField(max_length=80, blank=True, help_text="address, task or command")
    request_id = models.CharField(max_length=40, blank=True)
    session_role = models.CharField(max_length=63)

    class Meta:
        indexes = [
            models.Index(fields=["relation", "row_id"], name="history_of_a_row"),
            # What workers and commands do in bulk has no actor, and costs this index nothing.
            models.Index(
                fields=["actor_id", "id"], name="history_of_an_actor", condition=models.Q(actor_id__isnull=False)
            ),
        ]


class Seal(models.Model):
    """One link of the chain: history from `first_id` to `last_id`, digested in blocks, joined to the seal before, signed. Append-only.

    `blocks`: `[[first id, last id, rows, sha256], …]`, so that what was tampered with is named closely. `tables`: the same of every append-only
    table, `[[table, columns, first id, last id, blocks], …]`, each from where the seal before left it.
    """

    number = models.IntegerField(unique=True)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    rows = models.BigIntegerField()
    blocks = models.JSONField()
    tables = models.JSONField(default=list, db_default=[], help_text="[[table, columns, first id, last id, blocks], …]")
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    public_key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    sealed_at = models.DateTimeField()


class SealCheck(models.Model):
    """What one check of the whole sealed history found: sentences naming seals and ranges of rows, at most the first hundred. Append-only."""

    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", help_text="null: the nightly check"
    )
    expected = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="the seal somebody knew from paper, as they gave it",
    )
    seals = models.IntegerField()
    sealed_rows = models.BigIntegerField()
    unsealed_rows = models.BigIntegerField()
    sealed_table_rows = models.BigIntegerField(default=0, db_default=0)
    unsealed_table_rows = models.BigIntegerField(default=0, db_default=0)
    last_digest = models.CharField(max_length=64, blank=True)
    findings = models.JSONField()
    finding_count = models.IntegerField()
