"""The web process, behind granian."""

import os

from django.core.wsgi import get_wsgi_application

from config.behind_a_proxy import Application, reached_by_tls
from config.environment import PRODUCTION
from config.keys_at_start import refuse_unknown_keys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application: Application = get_wsgi_application()
refuse_unknown_keys()
if PRODUCTION:
    application = reached_by_tls(application)
