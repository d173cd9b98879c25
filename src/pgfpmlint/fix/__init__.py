"""What ``check --fix`` does: which edits, whether they do good, and how they come to disk."""
