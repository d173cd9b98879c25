"""Checks of what PHP is told in php.ini and in pools."""
