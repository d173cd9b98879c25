"""Checks of SQL that sets up a server."""
