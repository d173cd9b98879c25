"""Checks of pg_hba.conf records."""
