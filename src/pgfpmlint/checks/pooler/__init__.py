"""Checks of PgBouncer."""
