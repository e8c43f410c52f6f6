#!/usr/bin/env python
"""Django's command line for An Sinh."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import ProgrammingError
from django.db.migrations.exceptions import InconsistentMigrationHistory, NodeNotFoundError

from config.behind import what_to_do

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except (ProgrammingError, InconsistentMigrationHistory, NodeNotFoundError) as error:
        if not (advice := what_to_do(error)):
            raise
        sys.exit(advice)
