"""The language server: what a run finds, while the files are being edited.

Nothing else imports this package, and it alone needs the extra ``lsp``; so it may import what it likes.
"""
