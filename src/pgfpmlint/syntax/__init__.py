"""The one vocabulary that every format's parser speaks."""
