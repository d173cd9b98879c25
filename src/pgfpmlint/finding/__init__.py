"""What is said about a tree: problems, hits, findings."""
