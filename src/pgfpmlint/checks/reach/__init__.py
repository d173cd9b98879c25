"""Checks of whether one part can reach the other at all."""
