"""Checks of PHP-FPM masters and pools."""
