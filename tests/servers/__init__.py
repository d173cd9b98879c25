"""Real PostgreSQL, PHP-FPM and PgBouncer as judges of what we say about them."""
