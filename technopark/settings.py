"""One settings module for every environment; what differs comes from the environment.

Nothing here starts a service or touches the network: type checkers and linters import it.
Without DATABASE_URL and REDIS_URL the addresses are those of the embedded services, which
`manage.py` and the supervisor start.
"""

import os
import secrets
import zoneinfo
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import environ
import pghistory
import pgtrigger
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from core.scanning import parse_address as parse_scanner_address
from technopark import environment as env
from technopark.api.names import CHOICES
from technopark.embedded import paths as embedded
from technopark.staff.appearance import UNFOLD as UNFOLD  # noqa: PLC0414  a setting

# The system's tzdata may predate Morocco's change of 2026-09-20; the wheel's does not.
zoneinfo.reset_tzpath(to=())
# Babel, imported above, asks for the zone in TZ.
zoneinfo.ZoneInfo.clear_cache()
# For the C library's clock too, by which gunicorn and Celery date their lines.
os.environ["TZDIR"] = str(files("tzdata") / "zoneinfo")

BASE_DIR = Path(__file__).resolve().parent.parent
EMBEDDED_DATABASE = not env.text("DATABASE_URL", "")
EMBEDDED_REDIS = not env.text("REDIS_URL", "")
EMBEDDED = EMBEDDED_DATABASE and EMBEDDED_REDIS

# --- Address and secrets ---------------------------------------------------------------
PORT = env.integer("PORT", 8000, at_least=1)
SITE_URL = env.text("SITE_URL", f"http://localhost:{PORT}" if EMBEDDED else None).rstrip("/")
_address = urlsplit(SITE_URL)
if _address.scheme not in {"http", "https"} or not _address.hostname:
    raise ImproperlyConfigured(f"SITE_URL={SITE_URL!r} must be like https://hub.example.org.")
HTTPS = _address.scheme == "https"
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", _address.hostname)
if EMBEDDED:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]


def _secret_key() -> str:
    """Production must give one; the embedded one is made once and kept beside its data."""
    given = env.text("SECRET_KEY", "" if EMBEDDED else None)
    if given:
        if len(given) < 50:  # as `check --deploy` wants it
            raise ImproperlyConfigured("SECRET_KEY must have at least 50 characters.")
        return given
    kept = embedded.paths().secret_key
    if kept.exists():
        return kept.read_text(encoding="ascii").strip()
    return secrets.token_urlsafe(50)  # no embedded data yet: a type checker, `--help`


SECRET_KEY = _secret_key()
METRICS_TOKEN = env.text("METRICS_TOKEN", "")  # without one, /metrics is not there
if METRICS_TOKEN and len(METRICS_TOKEN) < 20:
    raise ImproperlyConfigured("METRICS_TOKEN must have at least 20 characters.")
DEBUG = env.flag("DEBUG", default=False)

# --- Apps --------------------------------------------------------------------------------
OUR_APPS = [
    "core",
    "accounts",
    "sites",
    "tenants",
    "applications",
    "leases",
    "billing",
    "indicators",
]
INSTALLED_APPS = [
    "technopark",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "technopark.staff.apps.StaffConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    # allauth says when a passkey was used in its words.
    "django.contrib.humanize",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "django_filters",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_celery_beat",
    "django_htmx",
    "import_export",
    "phonenumber_field",  # for its translations
    *OUR_APPS,
]
MIDDLEWARE = [
    "technopark.metrics.traffic.TrafficMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "technopark.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "technopark.middleware.NulMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "core.middleware.HistoryMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "technopark.urls"
WSGI_APPLICATION = "technopark.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "technopark.context.house",
            ],
        },
    }
]

# --- Database, cache, jobs ---------------------------------------------------------------
POSTGRESQL = ("postgres", "postgresql")
DATABASES = {
    "default": {
        **environ.Env.db_url_config(
            env.url("DATABASE_URL", embedded.runtime_database_url(), schemes=POSTGRESQL)
        ),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
if env.text("DATABASE_PASSWORD", ""):  # apart from the URL, so that the URL is no secret
    DATABASES["default"]["PASSWORD"] = env.text("DATABASE_PASSWORD")
# The owner migrates, backs up and restores; everything else works as the runtime role.
OWNER_DATABASE_URL = env.url(
    "OWNER_DATABASE_URL",
    embedded.owner_database_url() if EMBEDDED_DATABASE else "",
    schemes=POSTGRESQL,
)
OWNER_DATABASE_PASSWORD = env.text("OWNER_DATABASE_PASSWORD", "")
REDIS_URL = env.url("REDIS_URL", "", schemes=("redis", "rediss"))
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": f"{REDIS_URL.rstrip('/')}/1" if REDIS_URL else embedded.redis_url(db=1),
    }
}
COUNTERS_URL = CACHES["default"]["LOCATION"]  # where all processes count the requests
CELERY_BROKER_URL = (
    f"{REDIS_URL.rstrip('/')}/0" if REDIS_URL else f"redis+socket://{embedded.paths().redis_socket}"
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "Africa/Casablanca"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
DJANGO_CELERY_BEAT_TZ_AWARE = True

# --- People ------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "sites.backends.RoleBackend",
    "sites.backends.SignInBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Applicants come by code; the staff site sends its own people to the password.
LOGIN_URL = "account_request_login_code"
LOGIN_REDIRECT_URL = "my_applications"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# Nobody signs up; without a password here allauth would take it from the sign-in page too.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "request_login_code": "accounts.forms.RequestLoginCodeForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "accounts.forms.AddPasskeyForm"}
MFA_TOTP_ISSUER = "Technopark"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = EMBEDDED and _address.hostname == "localhost"

# --- Languages, time, formats --------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("ar", _("Arabic")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
FORMAT_MODULE_PATH = ["core.locale_formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Africa/Casablanca"
PHONENUMBER_DEFAULT_REGION = "MA"
PHONENUMBER_DB_FORMAT = "E164"

# --- Files, mail ----------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Uploads are private: never under a served URL, always through a view that checks rights.
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(embedded.paths().media) if EMBEDDED else None))
MEDIA_URL = ""
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
UPLOAD_LIMIT = env.integer("UPLOAD_LIMIT_MB", 20, at_least=1) * 1024 * 1024  # bytes, each file
CLAMD_ADDRESS = env.text("CLAMD_ADDRESS", "")  # without one, uploads are not scanned
parse_scanner_address(CLAMD_ADDRESS)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DEFAULT_FROM_EMAIL = env.text(
    "DEFAULT_FROM_EMAIL", "Technopark <technopark@localhost>" if EMBEDDED else None
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
_email = environ.Env.email_url_config(
    env.url("EMAIL_URL", "filemail://" if EMBEDDED else None, schemes=environ.Env.EMAIL_SCHEMES)
)
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST = _email.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _email.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
EMAIL_FILE_PATH = None
if "filebased" in EMAIL_BACKEND:
    # The parser drops the slash that begins a path: the folder would be one beside the caller.
    _folder = _email["EMAIL_FILE_PATH"]
    EMAIL_FILE_PATH = Path("/", _folder) if _folder else embedded.paths().mail
# The demo page (sign-ins with their second factor, the mailbox) exists on embedded services only.
DEMO = EMBEDDED and env.flag("DEMO", default=True)

# --- Security ---------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS and env.flag("SSL_REDIRECT", default=True)
# Asked from inside, where nobody speaks TLS.
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
if env.flag("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        # htmx's indicator and unfold's widths are inline styles; scripts stay strict.
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- API -----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["technopark.api.authentication.ClientTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["technopark.api.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["technopark.api.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "technopark.api.schema.Schema",
    "DEFAULT_PAGINATION_CLASS": "technopark.api.pagination.CursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_THROTTLE_CLASSES": ["technopark.api.throttling.ClientThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "client": "600/min",
        "public": "120/min",
        "apply": "20/hour",
        "upload": "200/hour",
        "apply_email": "5/hour",
        "invite": "20/hour",
        "declare": "30/hour",
        "paper_link": "30/hour",
    },
    "EXCEPTION_HANDLER": "technopark.api.problems.exception_handler",
    "NUM_PROXIES": TRUSTED_PROXIES,
    "PAGE_SIZE": 50,
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105  a model's name
REST_KNOX = {
    "SECURE_HASH_ALGORITHM": "hashlib.sha512",
    "TOKEN_TTL": timedelta(days=365),
    "AUTO_REFRESH": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Technopark",
    "DESCRIPTION": "The hubs, their space, companies, leases, applications and indicators.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_URLCONF": "technopark.api.document",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": CHOICES,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "WEBHOOKS": [
        "technopark.api.events.STEP_TAKEN",
        "technopark.api.events.INVOICE_ISSUED",
        "technopark.api.events.INVOICE_SETTLED",
    ],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# --- History --------------------------------------------------------------------------------------
# Who, from where and in which request stands on each event itself: no shared, updatable row.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
# Row-level triggers halve the speed of bulk writes.
PGHISTORY_LEVEL = pgtrigger.Statement

# --- Logs -----------------------------------------------------------------------------------
LOG_LEVEL = env.text("LOG_LEVEL", "INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
