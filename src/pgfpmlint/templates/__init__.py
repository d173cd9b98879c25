"""Templates of configuration files: what of their text a server is given, where it may be absent, and what is unknown.

No template is ever run, and no template library is loaded: holes, statements and comments are found by their signs.
"""
