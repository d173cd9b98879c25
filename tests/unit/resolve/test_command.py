"""What a command line runs."""

from __future__ import annotations

import pytest

from pgfpmlint.resolve.command import LARAVEL, SYMFONY, command


@pytest.mark.parametrize(
    ("text", "framework", "script", "task"),
    [
        ("php artisan queue:work --sleep=3", LARAVEL, "artisan", "queue:work"),
        ("/usr/bin/php8.3 -d a=1 /srv/a/artisan queue:work redis", LARAVEL, "/srv/a/artisan", "queue:work"),
        ("/srv/shop/artisan horizon", LARAVEL, "/srv/shop/artisan", "horizon"),
        ('bash -c "cd /srv/shop && exec php artisan queue:listen"', LARAVEL, "artisan", "queue:listen"),
        ("php bin/console messenger:consume async -vv", SYMFONY, "bin/console", "messenger:consume"),
        ("nice -n 10 sudo -u www-data php /srv/app/bin/console app:work", SYMFONY, "/srv/app/bin/console", "app:work"),
        ("php /srv/app/worker.php --once", "", "/srv/app/worker.php", ""),
    ],
)  # fmt: skip
def test_php(text: str, framework: str, script: str, task: str) -> None:
    found = command(text)
    assert (found.php, found.framework, found.script, found.task) == (True, framework, script, task)


@pytest.mark.parametrize("text", ["php-fpm8.3 -F", "/usr/sbin/nginx -g 'daemon off;'", "apache2-foreground", "cron -f"])
def test_servers(text: str) -> None:
    assert command(text).is_server


@pytest.mark.parametrize("text", ["", "''", 'python "app.py', "exec", "node server.js", "cd /srv", "-x"])
def test_others_are_no_php(text: str) -> None:
    assert not command(text).php


def test_octane_says_how_many_workers() -> None:
    assert command("php artisan octane:start --workers=4").workers == "4"
    assert command("php artisan octane:start --workers 6").workers == "6"
    assert command("php artisan octane:start").workers == ""
    assert command("php artisan queue:work").workers is None
