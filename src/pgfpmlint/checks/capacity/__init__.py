"""Checks of what connections, slots and memory add up to."""
