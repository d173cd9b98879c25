"""What one host's files say, without their secrets, to be taken elsewhere and linted with those of other hosts."""
