"""The page for people: ``pgfpmlint report``. What it tells is worked out here, how it looks is in ``templates/``."""
