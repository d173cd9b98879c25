"""Checks of who may log in where, with which secret."""
