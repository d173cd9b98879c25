"""The Python half of rules/: small generators of Hits over a frozen World, one module per topic of a family."""
