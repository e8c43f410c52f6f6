"""Django's settings. Everything secret or local comes from `config.environment`; missing services are the embedded ones."""

import os
from datetime import timedelta

from kombu.entity import Exchange, Queue

from config.embedded.postgres import ensure_postgres
from config.embedded.redis import ensure_redis
from config.environment import (
    PRODUCTION,
    VAR,
    DataKeys,
    database_from_url,
    given,
    process_name,
    seal_key,
    secret,
    shared_counters,
)

DEBUG = False
SECRET_KEY = secret("ANSINH_SECRET_KEY")
DATA_KEYS = DataKeys.from_environment()
# Signs the seals of the history: needed where `seal` runs, and there alone. Who verifies needs the public keys, or the key itself.
SEAL_KEY = seal_key()
SEAL_PUBLIC_KEYS = [item for item in os.environ.get("ANSINH_SEAL_PUBLIC_KEYS", "").split(",") if item]
ALLOWED_HOSTS = os.environ.get("ANSINH_HOSTS", "127.0.0.1,localhost").split(",")

INSTALLED_APPS = [
    "config",
    "staff",
    "beneficiaries",
    "payments",
    "reconciliation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "knox",
    "drf_spectacular",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "staff.api.content_security.ContentSecurity",
    "staff.api.bounds.Bounds",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "staff.api.labels.RequestLabels",
    "staff.api.acting_place.ActingPlace",
    "staff.api.inspections.NotesWhatInspectorsOpen",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
# With the session, and gone with it: a cookie of its own would outlive the log-out and be read by whoever logs in next.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.navigation.navigation",
                "config.navigation.training",
            ]
        },
    }
]

# Two roles: the application connects as one that can't change the schema, truncate or rewrite history; migrations run as the owner, whose
# password no other process needs to hold.
if "DATABASE_URL" in os.environ:
    _app_url = os.environ["DATABASE_URL"]
    _owner_url = os.environ.get("DATABASE_OWNER_URL", "" if PRODUCTION else _app_url)
else:
    _address = ensure_postgres(VAR).for_database(os.environ.get("ANSINH_DATABASE", "ansinh"))
    _app_url, _owner_url = _address.app_url, _address.owner_url
# A host that is cut off must not go on holding locks: the server looks for it after half a minute, and ends its session (ADR 23).
_DEAD_PEER = (
    "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3 -c tcp_user_timeout=60000"
)
DATABASES = {"default": database_from_url(_app_url)}
DATABASES["default"]["OPTIONS"] = {"options": _DEAD_PEER, "tcp_user_timeout": "60000"} | DATABASES["default"]["OPTIONS"]
# What history says of writes nobody labelled: the program they came from.
DATABASES["default"]["OPTIONS"].setdefault("application_name", process_name())
# Only what asks for it is prepared (staff/prepared.py); None, Django's own, would forbid even that.
DATABASES["default"]["OPTIONS"].setdefault("prepare_threshold", 1)
if _owner_url:
    DATABASES["owner"] = database_from_url(_owner_url) | {"CONN_MAX_AGE": 0, "TEST": {"MIRROR": "default"}}
DATABASE_ROUTERS = ["config.routers.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL") or ensure_redis(VAR)

# Three queues: what goes to the bank and comes from it never waits behind a build, a report or a matching, and what is learned from it not behind
# a send that takes an hour (ADR 34). A task nobody thought of belongs to the office. A worker started without `-Q` hears all.
OFFICE_QUEUE = os.environ.get("ANSINH_QUEUE", "ansinh")
BANK_QUEUE = f"{OFFICE_QUEUE}.bank"
LEARN_QUEUE = f"{OFFICE_QUEUE}.learn"
BANK_TASKS = (
    "payments.tasks.send_payments",
    "payments.tasks.send_payment_files",
)
LEARN_TASKS = (
    "payments.tasks.fetch_from_bank",
    "payments.tasks.fetch_returns",
    "payments.tasks.find_work",
    "payments.tasks.confirm",
    "payments.tasks.watch_silence",
)
CELERY_TASK_DEFAULT_QUEUE = OFFICE_QUEUE
CELERY_TASK_QUEUES = tuple(
    Queue(name, Exchange(name, type="direct"), routing_key=name)  # type: ignore[no-untyped-call]  # kombu has no types
    for name in (OFFICE_QUEUE, BANK_QUEUE, LEARN_QUEUE)
)
CELERY_TASK_ROUTES = {task: {"queue": BANK_QUEUE} for task in BANK_TASKS} | {
    task: {"queue": LEARN_QUEUE} for task in LEARN_TASKS
}

# What may be a minute old is kept per process; how often somebody asked is counted by all processes together.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "counters": shared_counters(broker_url=CELERY_BROKER_URL, prefix=OFFICE_QUEUE),
}

AUTH_USER_MODEL = "staff.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name")},
    },
]
LOGIN_URL = "log-in"
LOGIN_REDIRECT_URL = "start"

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
STATIC_URL = "static/"
# The few files there are lie in the rooms; nobody has to remember to collect them.
WHITENOISE_USE_FINDERS = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# A statement of 200 MB, the largest file a view of the API takes, and what a form has beside it; a page says itself what it takes.
MULTIPART_MAX_BYTES = 201 * 1024 * 1024
SESSION_COOKIE_HTTPONLY = True
# A working day with its lunch and some minutes before and after, and no longer than the browser is open.
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
# In production a browser that was here once asks by https alone for a year, whatever link it follows.
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
X_FRAME_OPTIONS = "DENY"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "staff.tokens.StaffTokens",
        "rest_framework.authentication.SessionAuthentication",
    ],
    # A form with files is spooled as it is read: only the views that take files read one, and none before log-in.
    "DEFAULT_PARSER_CLASSES": ["staff.api.json_bodies.Json", "rest_framework.parsers.FormParser"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "staff.api.refusal_handler",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "PAGE_SIZE": 50,
    "DEFAULT_THROTTLE_RATES": {"lookup": "30/minute"},
    # How many proxies of ours stand before the web process: so many forwarded addresses are believed. None given: none is.
    "NUM_PROXIES": int(os.environ["ANSINH_NUM_PROXIES"]) if os.environ.get("ANSINH_NUM_PROXIES") else None,
}
# A program of staff logs in again every working day; a token left lying about is worth nothing the day after.
REST_KNOX = {"TOKEN_TTL": timedelta(hours=12), "TOKEN_LIMIT_PER_USER": 10}
SPECTACULAR_SETTINGS = {
    "TITLE": "An Sinh",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.examples.add_examples",
        "config.openapi.strict.close_bodies",
    ],
    "ENUM_NAME_OVERRIDES": {
        "RoleEnum": "staff.models.Role",
        "OrderStageEnum": "staff.models.Order.Stage",
        "UploadStageEnum": "beneficiaries.models.UploadStage",
        "OfficeFileKindEnum": "payments.models.OfficeFile.Kind",
        "CaseKindEnum": "beneficiaries.models.CaseKind",
        "CaseLevelEnum": "beneficiaries.models.Level",
        "CaseSolutionEnum": "beneficiaries.models.Solution",
        "CaseStatusEnum": "beneficiaries.models.CaseStatus",
        "WhichEnrolmentEnum": "beneficiaries.api.case_shapes.Which",
        "BatchStatusEnum": "payments.states.BatchStatus",
        "ConflictKindEnum": "payments.api.signing_shapes.CONFLICT_KINDS",
        "PaperKindEnum": "payments.models.SignedPaper.Kind",
        "TransferKindEnum": "payments.models.FundTransfer.Kind",
        "OrderedPaperEnum": "reconciliation.models.PaperKind",
        "FuneralFileStatusEnum": "beneficiaries.models.FuneralFileStep.Status",
        "PaymentStatusEnum": "payments.states.PaymentStatus",
        "AccountStatusEnum": "beneficiaries.states.AccountStatus",
        "ChangeStatusEnum": "beneficiaries.states.ChangeStatus",
        "CorrectionStatusEnum": "beneficiaries.states.CorrectionStatus",
        "CorrectionPaperEnum": "beneficiaries.models.CorrectionPaper",
        "ReasonEnum": "beneficiaries.models.Reason",
        "PayeeKindEnum": "beneficiaries.models.PayeeKind",
        "PayeeOtherKindEnum": "beneficiaries.api.account_shapes.PAYEE_KINDS",
        "PayeeEndEnum": "beneficiaries.models.payees.PayeeRelation.EndReason",
        "StepEnum": "payments.states.Step",
        "OpeningStepEnum": "beneficiaries.services.accounts.account_drive.Step",
        "GroundEnum": "payments.models.StopNotice.Ground",
        "RowNoteGroundEnum": "payments.models.RowNote.Ground",
        "ClosingReasonEnum": "beneficiaries.api.account_shapes.CLOSING_REASONS",
    },
}

# The bank: `BANK_*` settings point at a real one; the demo points them at the mock bank it starts.
BANK_API_BASE = given("BANK_API_BASE", otherwise="http://127.0.0.1:12111")
# Funding accounts that send by file: where, and in which letters (LATIN: names without marks, as clearing systems pass them on).
BANK_FILES_BASE = given("BANK_FILES_BASE", otherwise=BANK_API_BASE)
BANK_FILE_CHARACTERS = given("BANK_FILE_CHARACTERS", otherwise="LATIN")
BANK_STATEMENTS_BASE = given("BANK_STATEMENTS_BASE", otherwise="http://127.0.0.1:12112")
# In whose name statements are fetched through the bank's API, every hour; nobody: statements come as files.
STATEMENT_ACTOR = os.environ.get("ANSINH_STATEMENT_ACTOR", "")
BANK_API_KEY = given("BANK_API_KEY", otherwise="sk_test_ansinh")
BANK_WEBHOOK_SECRETS = [item for item in os.environ.get("BANK_WEBHOOK_SECRETS", "").split(",") if item]
BANK_CONCURRENCY = int(os.environ.get("BANK_CONCURRENCY", "8"))
BANK_RATE_LIMIT = float(os.environ["BANK_RATE_LIMIT"]) if "BANK_RATE_LIMIT" in os.environ else None
# The longest time after which a transfer the bank took must stand in its list: the contract says it, never a guess.
BANK_MAX_PROCESSING_SECONDS = int(given("BANK_MAX_PROCESSING_SECONDS", otherwise="60"))
# How long a worker that claimed payments may take to offer them, before another one asks the bank about them.
SEND_LEASE_SECONDS = int(os.environ.get("SEND_LEASE_SECONDS", "120"))

# The bank that opens accounts on request, by its BIN; it speaks the API of `BANK_API_BASE`. The sample's is no province's choice.
ACCOUNT_OPENING_BIN = given("ACCOUNT_OPENING_BIN", otherwise="970405")
# Days between a second person's approval of another account and the first list it may be used for.
ACCOUNT_COOLING_DAYS = int(os.environ.get("ACCOUNT_COOLING_DAYS", "10"))
# Kinds of units between commune and province that sign for cleaned data before the province does: "DISTRICT", or none.
SIGN_OFF_BETWEEN = tuple(kind for kind in os.environ.get("SIGN_OFF_BETWEEN", "").split(",") if kind)
# From which age a person signs the slip for himself; below it a parent or guardian does.
SIGNS_FROM_AGE = int(os.environ.get("SIGNS_FROM_AGE", "15"))
# A power of attorney longer than this is taken and asked about: the law names no longest term (Civil Code 2015, art. 563).
AUTHORISATION_USUAL_MONTHS = int(os.environ.get("AUTHORISATION_USUAL_MONTHS", "60"))
# At which hour of the night everybody not matched yet is matched (empty: never), and in whose name; nobody: of whoever ordered the last run.
MATCHING_HOUR = os.environ.get("ANSINH_MATCHING_HOUR", "1")
MATCHING_ACTOR = os.environ.get("ANSINH_MATCHING_ACTOR", "")
# How long an uploaded list stays (sealed) after it was taken in, and an unconfirmed one at all.
INTAKE_KEEP_DAYS = int(os.environ.get("ANSINH_INTAKE_KEEP_DAYS", "30"))
# How long a telephone is kept that nobody is told anything by any more; then two people may have it erased. No law names a term: the province does.
PHONE_KEEP_DAYS = int(os.environ.get("ANSINH_PHONE_KEEP_DAYS", "365"))
# What is told to who asks how long vouchers stay: term and ground are for the province's accountants to say.
BOOKS_KEPT = os.environ.get("ANSINH_BOOKS_KEPT", "theo thời hạn lưu trữ tài liệu kế toán")

# A copy to learn on, with people who do not exist: every page says so. The demo's is one.
TRAINING_COPY = os.environ.get("ANSINH_TRAINING", os.environ.get("ANSINH_DEMO", "")) == "1"

# Who pays is dated data: districts until the reform of 1 July 2025, communes since (first month → kind of unit).
PAYING_UNIT_KINDS = {"2000-01-01": "DISTRICT", "2025-07-01": "COMMUNE"}

# How much of one payment a recovery may take, in percent, and the month in which a person known by birth year alone reaches an age.
RECOVERY_MAX_PERCENT = int(os.environ.get("ANSINH_RECOVERY_MAX_PERCENT", "30"))
BIRTH_YEAR_ONLY_MONTH = int(os.environ.get("ANSINH_BIRTH_YEAR_ONLY_MONTH", "1"))

# Names of agencies are settings: they changed on 1 March 2025 and will change again. Production says its own; the sample's are those of its year.
AGENCY_NAME = given("ANSINH_AGENCY", otherwise="Sở Lao động - Thương binh và Xã hội")
AGENCY_ROOM = os.environ.get("ANSINH_AGENCY_ROOM", "")  # who drafts, for "Lưu: VT, …"
AGENCY_SYMBOL = given("ANSINH_AGENCY_SYMBOL", otherwise="SLĐTBXH")
TARGET_SETTER = given("ANSINH_TARGET_SETTER", otherwise="Bộ Lao động - Thương binh và Xã hội")
COVERAGE_TARGET_PERCENT = os.environ.get("ANSINH_COVERAGE_TARGET", "30")
# Which units report, by the last day of the period: districts until the reform of 1 July 2025.
REPORT_LEVELS = {"2000-01-01": ("COMMUNE", "DISTRICT", "PROVINCE"), "2025-07-01": ("COMMUNE", "PROVINCE")}
# Reports are ordered by the clock for periods that begin on this day or later; empty: none (the sample's months are long over).
REPORTS_FROM = os.environ.get("ANSINH_REPORTS_FROM", "2000-01-01" if PRODUCTION else "")
# Days after the last day of a period on which its figures are counted (the banks' last answers come in), and working days until they are
# signed: communes before those above them, who build on theirs.
REPORT_AFTER_DAYS = int(os.environ.get("ANSINH_REPORT_AFTER_DAYS", "2"))
REPORT_DUE_WORKING_DAYS = {"COMMUNE": 5, "DISTRICT": 7, "PROVINCE": 10}
# Where messages to beneficiaries are written, sealed; empty: they wait in their table. Messages per second, over all of one process.
NOTICE_OUTBOX = os.environ.get("ANSINH_NOTICE_OUTBOX", "" if PRODUCTION else str(VAR / "outbox"))
NOTICE_RATE = float(os.environ.get("ANSINH_NOTICE_RATE", "5"))
HOTLINE = given("ANSINH_HOTLINE", otherwise="1900 0000")

# Root certificates (PEM) that digital signatures on uploaded lists must lead to; empty: only their integrity is judged.
SIGNATURE_ROOTS = os.environ.get("ANSINH_SIGNATURE_ROOTS", "")
# Identity is asked about anew after so many days; a question without an answer may be asked again after fewer.
IDENTITY_REASK_DAYS = int(os.environ.get("ANSINH_IDENTITY_REASK_DAYS", "180"))
IDENTITY_ANSWER_DAYS = int(os.environ.get("ANSINH_IDENTITY_ANSWER_DAYS", "15"))
# "Sống": confirmed alive and resident within so many days.
LIVE_WITHIN_DAYS = int(os.environ.get("ANSINH_LIVE_WITHIN_DAYS", "365"))
# The platform that gives verdicts; without an address only lists go out.
PLATFORM_URL = os.environ.get("ANSINH_PLATFORM_URL", "")
PLATFORM_TOKEN = os.environ.get("ANSINH_PLATFORM_TOKEN", "")
# Codes numbers may begin with beside those of real provinces and countries: the sample's province is no real one.
EXTRA_REGISTRATION_CODES = frozenset(
    os.environ.get("ANSINH_EXTRA_REGISTRATION_CODES", "" if PRODUCTION else "097").split(",")
) - {""}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.log_lines.LineWithoutNumbers",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "config.log_lines.Lines", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # Django's own handlers would print, or send by mail, what an error says in full.
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},
        "django.server": {"handlers": [], "propagate": True},
    },
}
