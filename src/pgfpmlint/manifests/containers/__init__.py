"""Containers as compose files, workloads and Dockerfiles describe them, and the machines that known images make of
them."""
