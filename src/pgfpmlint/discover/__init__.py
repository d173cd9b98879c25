"""What lies in a tree: which file is what and why, whose machine it belongs to, and which server reads it."""
