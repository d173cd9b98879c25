"""Ansible's repositories, read and never run: what templates come to, on which hosts, and which lines say so."""
