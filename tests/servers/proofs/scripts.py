"""What the workers run: PHP that connects as its pool's environment says, or else as the request says."""

from __future__ import annotations

_CONNECT = """<?php
function said(string ...$names): string {
    foreach ($names as $name) { if (getenv($name)) { return getenv($name); } }
    return "";
}

function connect(): PDO {
    $host = said("PGHOST", "DB_HOST", "DATABASE_HOST", "POSTGRES_HOST");
    $port = said("PGPORT", "DB_PORT", "DATABASE_PORT", "POSTGRES_PORT") ?: "5432";
    $base = said("PGDATABASE", "DB_DATABASE", "DATABASE_NAME", "POSTGRES_DB");
    $user = said("PGUSER", "DB_USERNAME", "DATABASE_USER", "POSTGRES_USER");
    $secret = said("PGPASSWORD", "DB_PASSWORD", "POSTGRES_PASSWORD");
    if ($url = said("DATABASE_URL", "DB_URL", "POSTGRES_URL")) {
        $parts = parse_url($url);
        [$host, $port] = [$parts["host"], $parts["port"] ?? "5432"];
        [$user, $base] = [$parts["user"] ?? $user, ltrim($parts["path"] ?? "", "/") ?: $base];
        $secret = $parts["pass"] ?? $secret;
    }
    $address = $host ? "host=$host;port=$port" : $_SERVER["ADDRESS"];
    return new PDO(
        "pgsql:$address;dbname=" . ($base ?: $_SERVER["DATABASE"]) . ($_SERVER["MORE"] ?? ""),
        $user ?: $_SERVER["ROLE"],
        $secret ?: $_SERVER["SECRET"],
        [PDO::ATTR_PERSISTENT => (bool) $_SERVER["PERSISTENT"], PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION],
    );
}
"""

# Holds what it got until everybody has come, so that all are there at once however slow the machine is.
HOLD = (
    _CONNECT
    + """
try { $db = connect(); $db->query("select 1"); $answer = "ok"; }
catch (PDOException $error) { $answer = $error->getMessage(); }
file_put_contents($_SERVER["ARRIVALS"], "x", FILE_APPEND | LOCK_EX);
while (!file_exists($_SERVER["RELEASE"])) { clearstatcache(); usleep(20000); }
echo $answer;
"""
)


def running(sql_by_sql: str) -> str:
    """A script that runs PHP statements with a connection ``$db``, and says "ok" or what went wrong."""
    return (
        _CONNECT
        + "try { $db = connect();\n"
        + sql_by_sql
        + '\necho "ok"; }\ncatch (PDOException $error) { echo $error->getMessage(); }\n'
    )
