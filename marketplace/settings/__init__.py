"""Settings of Trede. What differs between machines comes from the environment (README, Settings)."""

import os
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from marketplace.settings import environment

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

# --- Surroundings -----------------------------------------------------------------------------------------------------
TREDE_ENV = environment.environment_name(os.environ)
PRODUCTION = TREDE_ENV == environment.PRODUCTION
TREDE_DATA_DIR = environment.data_directory(os.environ, BASE_DIR)
SECRET_KEY = environment.secret_key(os.environ, TREDE_ENV, TREDE_DATA_DIR)
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# What links in e-mail start with.
SITE_ORIGIN = env.str("TREDE_ORIGIN", default=f"http://127.0.0.1:{os.environ.get('PORT', '8000')}").rstrip("/")
# Who they come from.
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="" if PRODUCTION else "Trede <noreply@demo.example>")
# Who sends its letters and answers people; names, addresses and telephone numbers of the demo are made up.
AUTHORITY = environment.authority(os.environ, TREDE_ENV)
DATABASES = {"default": environment.database(env, TREDE_DATA_DIR)}
if PRODUCTION:
    environment.check_production(
        debug=DEBUG,
        hosts=ALLOWED_HOSTS,
        origin=SITE_ORIGIN,
        sender=DEFAULT_FROM_EMAIL,
        database_config=DATABASES["default"],
    )

# --- The house: who may import whom is in pyproject.toml ---------------------------------------------------------------
INSTALLED_APPS = [
    "marketplace.apps.MarketplaceConfig",
    "api.apps.ApiConfig",
    "payouts.apps.PayoutsConfig",
    "vouchers.apps.VouchersConfig",
    "roadmap.apps.RoadmapConfig",
    "providers.apps.ProvidersConfig",
    "accounts.apps.AccountsConfig",
    "core.apps.CoreConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "django_htmx",
    "csp",
    # The forms' widgets are rendered by the project's templates, see FORM_RENDERER.
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "marketplace.middleware.FormsInUtf8",
    "marketplace.middleware.PublicPagesAreSmall",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "marketplace.middleware.PrivatePagesStayPrivate",
    "marketplace.middleware.PublicPagesHaveAVersion",
    "django.middleware.locale.LocaleMiddleware",
    "api.middleware.LanguageAskedFor",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.second_factor.OfficialsUseTwoSteps",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Language and time -------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

# --- Files -------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
# Only production collects; elsewhere the files are found where they lie, so that a test needs no collectstatic.
STATIC_ROOT = TREDE_DATA_DIR / "static" if PRODUCTION else None
# static/ is ours; var/assets holds what scripts/assets.py copied from the npm packages at set-up.
STATICFILES_DIRS = [folder for folder in (BASE_DIR / "static", BASE_DIR / "var" / "assets") if folder.is_dir()]
MEDIA_ROOT = TREDE_DATA_DIR / "files"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Uploads are served by a view that asks who wants them, never by a URL of their own.
        "OPTIONS": {"location": MEDIA_ROOT, "base_url": None, "file_permissions_mode": 0o600},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Accounts ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "marketplace:my_trede"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that signed up, so that one goes on where one was
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "accounts.adapter.NoHints"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# In the demo everybody shares one machine and a handful of accounts: limits would lock out the visitors.
ACCOUNT_RATE_LIMITS = {} if PRODUCTION else False
# Behind a proxy: how many of the right-hand entries of X-Forwarded-For are ours. 0 = count the peer's own address.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Trede"
MFA_ADAPTER = "accounts.second_factor.EncryptedSecrets"
OFFICIALS_NEED_SECOND_FACTOR = PRODUCTION
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# Attempts to log in and new scans are counted in the cache: in the database, so that all workers share one count, and with
# room for more addresses than Django's 300, past which it throws counts away.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

# --- Limits ------------------------------------------------------------------------------------------------------------
# Per internet address. The demo has none, for the reason above.
SCANS_PER_HOUR = env.int("SCANS_PER_HOUR", default=300 if PRODUCTION else 0)

# --- Mail --------------------------------------------------------------------------------------------------------------
if PRODUCTION:
    vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = TREDE_DATA_DIR / "mail"
EMAIL_TIMEOUT = 10
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- The rails -----------------------------------------------------------------------------------------------------------
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="")
# Several secrets are valid while one is being replaced.
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRETS", default=[])
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default="")
SEPA_DEBTOR_NAME = env.str("SEPA_DEBTOR_NAME", default="" if PRODUCTION else "Demo Regiefonds")
SEPA_DEBTOR_IBAN = env.str("SEPA_DEBTOR_IBAN", default="" if PRODUCTION else "NL20INGB0001234567")
SEPA_DEBTOR_BIC = env.str("SEPA_DEBTOR_BIC", default="" if PRODUCTION else "INGBNL2A")

# --- The REST door -------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.PlainJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.negotiation.Negotiation",
    "DEFAULT_SCHEMA_CLASS": "api.schema.Schema",
    "URL_FORMAT_OVERRIDE": None,  # the form of an answer is asked by the Accept header
    "NON_FIELD_ERRORS_KEY": "",  # the pointer to the whole; no member can be mistaken for it
    "EXCEPTION_HANDLER": "api.errors.problem",
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
REST_KNOX = {
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_TTL": None,
    "TOKEN_LIMIT_PER_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Trede",
    "DESCRIPTION": (
        "The digital ladder for small business: scan, roadmap, catalogue and what a voucher pays. Amounts are texts with two"
        " decimals in euros, days ISO 8601, percentages texts with one decimal. Texts are Dutch or English, as Accept-Language"
        " asks. What is not right in a request is refused, never guessed at."
    ),
    "VERSION": "1",
    "SERVERS": [{"url": "/", "description": "Where this description was read"}],
    "TAGS": [
        {"name": "sectors", "description": "The sectors a roadmap exists for."},
        {"name": "categories", "description": "The kinds of solution."},
        {"name": "provinces", "description": "Provinces by CBS code."},
        {"name": "municipalities", "description": "Municipalities by CBS code."},
        {"name": "questions", "description": "What the scan asks."},
        {"name": "scans", "description": "Where a business stands. A scan is read back by its secret."},
        {"name": "roadmap", "description": "Which steps a sector takes at a level, and why."},
        {"name": "solutions", "description": "The catalogue: what was vetted, what it costs, what its users say."},
        {"name": "programmes", "description": "Voucher programmes, what is left of them, and what one would pay."},
        {"name": "auth", "description": "A key, in the demo; elsewhere it is made at the page of one's account."},
        {"name": "me", "description": "Who the bearer of a key is."},
        {"name": "index", "description": "What there is."},
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
}

# --- Security --------------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    # The probes of the platform speak plain HTTP to the process itself.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    if env.bool("BEHIND_TLS_PROXY", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Logging: one line per event to the console, nothing personal ------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {
        "faults": {"()": "core.logs.StacksOfFaultsOnly"},
        "secrets": {"()": "core.logs.NoSecretLinks"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["faults", "secrets"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO" if PRODUCTION else "WARNING")},
}
