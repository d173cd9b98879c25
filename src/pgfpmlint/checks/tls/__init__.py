"""Checks of encryption along a connection path."""
