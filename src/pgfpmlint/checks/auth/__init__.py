"""Rules about who is let in as whom, and with which secret."""
