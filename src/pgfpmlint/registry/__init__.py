"""The rule book: what each rule is called, says and costs, and which code finds it out."""
