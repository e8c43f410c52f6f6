"""Who served a prison sentence, as the police or an execution office says (ADR 90): what is kept of ours is neither edited nor deleted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from staff.migrations._statements import append_only, make, never_deleted


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0017_a_title_behind_a_comma_names_nobody"),
        ("reconciliation", "0014_a_letter_about_a_payment"),
        ("staff", "0008_what_inspectors_open"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PrisonList",
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
                ("issuer", models.CharField(help_text="the office whose list it is", max_length=120)),
                ("paper", models.CharField(help_text="number and day of the letter it came with", max_length=120)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField()),
                ("sealed", models.BinaryField(null=True)),
                ("file_digest", models.BinaryField(help_text="keyed digest of the bytes: a double click is one list")),
                ("rows", models.IntegerField(default=0)),
                ("ours", models.IntegerField(default=0, help_text="rows of people of our registries")),
                ("problems", models.JSONField(default=list)),
                ("rejected", models.IntegerField(default=0)),
                (
                    "ordered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.administrativeunit"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PrisonStay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
                ("paper", models.CharField(blank=True, max_length=120)),
                ("by_name", models.BooleanField()),
                (
                    "beneficiary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="beneficiaries.beneficiary"
                    ),
                ),
                (
                    "prison_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stays",
                        to="reconciliation.prisonlist",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="prisonlist",
            index=models.Index(condition=models.Q(("stage", "WAITING")), fields=["stage"], name="prisonlist_waiting"),
        ),
        migrations.AddIndex(
            model_name="prisonlist",
            index=models.Index(fields=["unit", "from_on"], name="prison_lists_of_unit"),
        ),
        migrations.AddConstraint(
            model_name="prisonlist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at__isnull", True), ("stage", "WAITING")),
                    models.Q(models.Q(("stage", "WAITING"), _negated=True), ("finished_at__isnull", False)),
                    _connector="OR",
                ),
                name="prisonlist_is_finished_or_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="prisonlist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stage", "REFUSED"), models.Q(("problem_code", ""), _negated=True)),
                    models.Q(models.Q(("stage", "REFUSED"), _negated=True), ("problem_code", "")),
                    _connector="OR",
                ),
                name="prisonlist_says_why_it_was_refused",
            ),
        ),
        migrations.AddConstraint(
            model_name="prisonlist",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stage", "REFUSED"), _negated=True),
                fields=("unit", "from_on", "until_on", "file_digest"),
                name="prison_list_once_per_content",
            ),
        ),
        migrations.AddConstraint(
            model_name="prisonlist",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_on__gte", models.F("from_on"))), name="prison_list_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="prisonlist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sealed__isnull", False), ("stage", "WAITING")),
                    models.Q(models.Q(("stage", "WAITING"), _negated=True), ("sealed__isnull", True)),
                    _connector="OR",
                ),
                name="prison_list_is_kept_while_it_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="prisonstay",
            constraint=models.UniqueConstraint(
                fields=("prison_list", "beneficiary", "from_on"), name="prison_stay_once_per_list_and_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="prisonstay",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_on__isnull", True), ("until_on__gte", models.F("from_on")), _connector="OR"),
                name="prison_stay_ends_after_it_begins",
            ),
        ),
        make(append_only("reconciliation_prisonstay"), never_deleted("reconciliation_prisonlist")),
    ]
