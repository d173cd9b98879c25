"""Checks of one PostgreSQL server's settings that need more than a comparison with constants."""
