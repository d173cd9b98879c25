"""Where characters come in: text with places, and the trees that hold files."""
