"""``pgfpmlint match``: which pg_hba.conf record decides about one connection."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from pgfpmlint import single
from pgfpmlint.commands import CommandError
from pgfpmlint.console import say
from pgfpmlint.model.admission import admission
from pgfpmlint.model.hba_match import Connection, Decision
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.report.match import Answer, as_json, as_text
from pgfpmlint.resolve import ip
from pgfpmlint.resolve.hba import options as hba_options
from pgfpmlint.source.tree import Unreadable

if TYPE_CHECKING:
    from pgfpmlint.resolve.hba import HbaReading

LOCAL, HOST = "local", "host"


def add_arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    parser.epilog = "Exit codes: 0 a record surely admits, to its method; 1 rejected, or not certain; 2 could not read."
    add("path", metavar="PG_HBA", help="the pg_hba.conf")
    add("--server-version", metavar="V", help="decide as that PostgreSQL does (default: told from the path)")
    add("--type", choices=(LOCAL, HOST), required=True, help="through the Unix socket, or by TCP")
    add("--address", metavar="A", help="the client's IP address, as the server sees it")
    add("--database", metavar="D", required=True, help="the database that the client names")
    add("--user", metavar="U", required=True, help="the role that the client names")
    add("--tls", action="store_true", default=None, help="the connection is encrypted with TLS")
    add("--no-tls", dest="tls", action="store_false", help="it is not (neither option: not known)")
    add("--gss", action="store_true", help="it is encrypted with GSSAPI")
    add("--replication", action="store_true", help="physical replication: no database is connected to")
    add("--logical-replication", action="store_true", help="replication=database")
    add("--roles", metavar="R,S", help="roles that the user is a member of, also indirectly (default: not known)")
    add("--server-addresses", metavar="A/N,...", help="the server's own, for samehost and samenet: 10.0.2.5/24")
    add("--format", choices=("text", "json"), default="text", help="how to answer")


def run(args: Namespace) -> int:
    """0 where it is certain that a record admits the connection to its method, else 1."""
    connection = _connection(args)
    try:
        found = single.read_one(args.path, "pg_hba.conf", args.server_version)
    except Unreadable as error:
        raise CommandError(f"{args.path}: {error.why}") from error
    except ValueError as error:
        raise CommandError(str(error)) from error
    hba: HbaReading = found  # type: ignore[assignment]  # of this kind, read_one reads nothing else
    answer = _answer(hba, admission(hba, connection))
    say(as_json(answer) if args.format == "json" else as_text(answer))
    return int(answer.verdict != "admitted")


def _connection(args: Namespace) -> Connection:
    if args.type == LOCAL and (args.address or args.tls or args.gss):
        raise CommandError("--type local is the Unix socket: it has no --address, and no encryption")
    if args.gss and args.tls:
        raise CommandError("--gss or --tls: a connection is encrypted once")
    if args.replication and args.logical_replication:
        raise CommandError("--replication or --logical-replication: a connection is for one of them")
    if args.address and ip.parse(args.address) is None:
        raise CommandError(f"--address {args.address}: no IP address")
    for written in _listed(args.server_addresses) or ():
        text, slash, length = written.partition("/")
        address = ip.parse(text)
        if address is None or (slash and ip.prefix_mask(address[0], length) is None):
            raise CommandError(f"--server-addresses {written}: neither an IP address nor one with a prefix length")
    roles = _listed(args.roles)
    return Connection(
        type=args.type,
        database=args.database,
        user=args.user,
        address=args.address,
        tls=False if args.gss or args.type == LOCAL else args.tls,
        gss=args.gss,
        replication="physical" if args.replication else "logical" if args.logical_replication else "none",
        roles=None if roles is None else frozenset(roles),
        server_addresses=_listed(args.server_addresses),
    )


def _listed(words: str | None) -> tuple[str, ...] | None:
    return None if words is None else tuple(word.strip() for word in words.split(",") if word.strip())


def _answer(hba: HbaReading, decision: Decision) -> Answer:
    record = decision.record
    return Answer(
        record.place if record else None,
        record.method if record else None,
        hba_options.shown(record.options) if record else {},
        decision.verdict,
        decision.why,
        tuple(candidate.place for candidate in decision.candidates),
        tuple(document.source for document in hba.reading.documents),
    )
