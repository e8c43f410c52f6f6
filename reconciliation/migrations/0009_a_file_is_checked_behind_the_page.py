"""Who handed in which file to be checked, and what was found."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from staff.migrations._statements import make, never_deleted


class Migration(migrations.Migration):
    dependencies = [
        ("reconciliation", "0008_who_asked_for_a_check_of_seals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="VerificationOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("WAITING", "Đang chờ hoặc đang làm"),
                            ("DONE", "Đã xong"),
                            ("REFUSED", "Không làm được"),
                        ],
                        default="WAITING",
                        max_length=7,
                    ),
                ),
                ("ordered_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                ("problem_code", models.CharField(blank=True, max_length=40)),
                ("problem", models.CharField(blank=True, max_length=600)),
                (
                    "conflicts",
                    models.JSONField(default=list, help_text="what stands in the way, as the refusal names it"),
                ),
                ("file_digest", models.CharField(help_text="SHA-256 of the file", max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("told", models.CharField(blank=True, default="", max_length=400)),
                ("sealed", models.BinaryField(null=True)),
                ("verdict", models.JSONField(null=True)),
                (
                    "ordered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("stage", "WAITING")), fields=["stage"], name="verificationorder_waiting"
                    ),
                    models.Index(fields=["ordered_by", "-id"], name="verification_of_whom"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", True), ("stage", "WAITING")),
                            models.Q(models.Q(("stage", "WAITING"), _negated=True), ("finished_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="verificationorder_is_finished_or_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage", "REFUSED"), models.Q(("problem_code", ""), _negated=True)),
                            models.Q(models.Q(("stage", "REFUSED"), _negated=True), ("problem_code", "")),
                            _connector="OR",
                        ),
                        name="verificationorder_says_why_it_was_refused",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("stage", "WAITING")),
                        fields=("ordered_by", "file_digest"),
                        name="file_waits_once_for_one_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage", "DONE"), ("verdict__isnull", False)),
                            models.Q(models.Q(("stage", "DONE"), _negated=True), ("verdict__isnull", True)),
                            _connector="OR",
                        ),
                        name="verification_is_done_with_its_verdict",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sealed__isnull", False), ("stage", "WAITING")),
                            models.Q(models.Q(("stage", "WAITING"), _negated=True), ("sealed__isnull", True)),
                            _connector="OR",
                        ),
                        name="verification_keeps_the_file_while_it_waits",
                    ),
                ],
            },
        ),
        make(never_deleted("reconciliation_verificationorder")),
    ]
