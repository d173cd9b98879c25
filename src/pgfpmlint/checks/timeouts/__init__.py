"""Checks of limits of time that depend on each other."""
