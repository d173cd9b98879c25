"""Lints PostgreSQL, PgBouncer and PHP-FPM configuration, and the deployment that the files form."""

__version__ = "0.1.0"
