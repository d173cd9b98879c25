"""Checks of what a pooler between breaks."""
