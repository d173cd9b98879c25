"""Which files are one server's: who includes whom, which access files go with it, and what is left over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.discover import content, names, php_ini
from pgfpmlint.discover.found import FoundFile, Host, Main
from pgfpmlint.discover.images import Images
from pgfpmlint.discover.names import (
    BOUNCER,
    BOUNCER_HBA,
    BOUNCER_IDENT,
    FPM,
    HBA,
    IDENT,
    OPTIONS,
    PHP_INI,
    POSTGRES,
    SQL,
    USERLIST,
)
from pgfpmlint.discover.references import Reach, References
from pgfpmlint.discover.versions import version_of
from pgfpmlint.record import NamedTuple
from pgfpmlint.source import paths
from pgfpmlint.source.tree import Root, Unreadable

Key = tuple[str, str]
"""A file: the prefix of its root, and the machine's path."""

# What the command line or the configuration says of a file is not overruled by a reference.
FIXED = ("--as", "kinds:")


class Head(NamedTuple):
    """A file that no other includes, and what it reaches."""

    file: FoundFile
    version: ServerVersion
    reach: Reach


class Servers:
    """Groups ``files``. ``given`` are versions by product, the strongest source first."""

    def __init__(
        self,
        files: Iterable[FoundFile],
        given: Iterable[Mapping[str, ServerVersion]],
        excluded: Callable[[str], object],
        images: Images,
    ) -> None:
        self.files = {(file.host.prefix, file.path): file for file in files}
        self.mains: list[Main] = []
        self._given = tuple(given)
        self._excluded = excluded
        self._images = images
        self._taken: set[Key] = set()
        self._versions: dict[Key, ServerVersion] = {}
        self._references = References()
        self._postgres()
        self._fpm()
        self._php()
        self._bouncers()
        self._access(HBA)
        self._access(IDENT)
        for file in self._left(USERLIST):
            self._add(file, self._version(file), "userlist")
        for file in (*self._left(BOUNCER_HBA), *self._left(BOUNCER_IDENT)):
            self._add(file, self._version(file), _stem(file.path))
        for kind in names.PROXIES:
            for file in self._left(kind):
                self._add(file, self._version(file), _stem(file.path))
        self._scripts()

    def _postgres(self) -> None:
        heads = self._heads(POSTGRES)
        whole = {_key(head.file) for head in heads if _is_whole_postgres(head.file)}
        options = {file.host.prefix: file.path for file in self._left(OPTIONS)}
        for head in heads:
            if _key(head.file) not in whole:
                continue
            data = head.reach.settings.get("data_directory")
            for folder in (paths.folder(head.file.path), *([data.written] if data else ())):
                auto = paths.join(folder, "postgresql.auto.conf")
                if (head.file.host.prefix, auto) in self.files:
                    self.adopt(head.file.host, auto, POSTGRES, f"read after {head.file.shown}")
        for head in heads:
            if _key(head.file) in whole:
                hba = self._companion(head, "hba_file", HBA, "pg_hba")
                ident = self._companion(head, "ident_file", IDENT, "pg_ident")
                main = self._main(head.file, head.version, _cluster(head.file.path))
                set_ = options.get(head.file.host.prefix)
                self.mains.append(main._replace(hba=hba, ident=ident, options=set_))
            elif _key(head.file) not in self._taken:
                self._add(head.file, head.version, _stem(head.file.path), fragment=True)

    def _access(self, kind: str) -> None:
        """pg_hba.conf or pg_ident.conf files that no server here claims."""
        for head in self._heads(kind, taken=True):
            if _key(head.file) not in self._taken:
                self._add(head.file, head.version, _cluster(head.file.path))

    def _fpm(self) -> None:
        pools: dict[Key, list[Head]] = {}
        for head in self._heads(FPM):
            folder, name = paths.folder(head.file.path), paths.name(head.file.path)
            if name == "php-fpm.conf" or head.reach.included or ("fpm" in name and _is_whole(self._text(head.file))):
                self._add(head.file, head.version, _unit(head.version))
            else:
                pools.setdefault((head.file.host.prefix, folder), []).append(head)
        for (_, folder), heads in pools.items():
            together = paths.name(folder) in names.POOL_FOLDERS or any(_is_of_image(head.file) for head in heads)
            for group in [heads] if together else [[head] for head in heads]:
                files, version = tuple(head.file.path for head in group), group[0].version
                self.mains.append(Main(FPM, group[0].file.host, files, version, _unit(version), fragment=True))

    def _php(self) -> None:
        """The php.ini files: those of FPM, and others on their own, for the command line's PHP is not FPM's."""
        for at, main in enumerate(self.mains):
            if main.kind == FPM:
                ours = self._php_files(main.host, php_ini.of_fpm(main.root, main.path), f"read by {main.service}")
                self.mains[at] = main._replace(php=ours)
        for file in self._left(PHP_INI):
            with_it = php_ini.of_folder(file.host.root, paths.folder(file.path)) if php_ini.is_main(file.path) else ()
            free = tuple(path for path in with_it if path != file.path and (file.host.prefix, path) not in self._taken)
            files = (file.path, *self._php_files(file.host, free, f"read after {file.shown}"))
            self.mains.append(Main(PHP_INI, file.host, files, self._version(file), _stem(file.path)))

    def _php_files(self, host: Host, files: tuple[str, ...], why: str) -> tuple[str, ...]:
        return tuple(path for path in files if self.adopt(host, path, PHP_INI, why))

    def _bouncers(self) -> None:
        for head in self._heads(BOUNCER):
            name = paths.name(head.file.path)
            whole = name in names.EXACT or head.reach.included or "[pgbouncer]" in self._text(head.file)
            userlist = self._companion(head, "auth_file", USERLIST)
            hba = self._companion(head, "auth_hba_file", BOUNCER_HBA)
            ident = self._companion(head, "auth_ident_file", BOUNCER_IDENT)
            main = self._main(head.file, head.version, _stem(head.file.path), fragment=not whole)
            self.mains.append(main._replace(hba=hba, ident=ident, userlist=userlist))

    def _scripts(self) -> None:
        """Files of SQL: those that an image runs one after the other, and single ones. Their server's version is that
        of the one PostgreSQL that is there."""
        files = self._left(SQL)
        if not files:
            return
        from pgfpmlint.discover import scripts

        groups: dict[Key, list[FoundFile]] = {}
        for file in files:
            together = scripts.in_init_folder(file.path)
            groups.setdefault((file.host.prefix, paths.folder(file.path) if together else file.path), []).append(file)
        servers = [main for main in self.mains if main.kind == POSTGRES and not main.fragment]
        for group in groups.values():
            first = group[0]
            same = [main for main in servers if main.host.name == first.host.name] or servers
            version = self._version(first)
            if version.assumed and len(same) == 1:
                version = same[0].version
            names_ = tuple(sorted(file.path for file in group))
            told = first.why.startswith("content")
            self.mains.append(Main(SQL, first.host, names_, version, _stem(first.path), fragment=told))

    def _heads(self, kind: str, *, taken: bool = False) -> list[Head]:
        """The files of a kind that no other includes; what these include is taken. Of files that only include each
        other the first counts, one with the usual name before others."""
        files = {_key(file): file for file in self._left(kind, taken=taken)}
        included: set[Key] = set()
        for (prefix, path), file in files.items():
            direct = self._references.direct(file.host.root, path, kind, self._version(file))
            included.update((prefix, target) for target in direct)
        found = {key: self._head(file) for key, file in files.items() if key not in included}
        covered = {(key[0], path) for key, head in found.items() for path in head.reach.included}
        for key in sorted(files, key=lambda key: (paths.name(key[1]) not in names.EXACT, key)):
            if key in included and key not in covered:
                found[key] = self._head(files[key])
                covered.update((key[0], path) for path in found[key].reach.included)
        for head in found.values():
            for path, why in head.reach.included.items():
                self.adopt(head.file.host, path, kind, why)
        return [found[key] for key in sorted(found)]

    def _head(self, file: FoundFile) -> Head:
        version = self._version(file)
        reach = self._references.reach(file.host.root, file.path, file.kind, version)
        data = reach.settings.get("data_directory")
        return Head(file, self._version(file, data.written) if data else version, reach)

    def _companion(self, head: Head, setting: str, kind: str, stem: str = "") -> str | None:
        """The file that ``setting`` of a server names, or the one beside it that is called as the server's default.

        In a tree that is no whole machine a file beside it with the name that the setting gives is taken for it:
        docker/postgres/pg_hba.conf, for /etc/postgresql/pg_hba.conf, where the image puts it.
        """
        file, root = head.file, head.file.host.root
        naming, data = head.reach.settings.get(setting), head.reach.settings.get("data_directory")
        folder = paths.folder(file.path)
        beside = _twins(paths.name(file.path), stem)
        words = f"beside {file.shown}"
        candidates: dict[str, str] = {}
        if naming is not None:
            above = [folder] if naming.written.startswith("/") or data is None else [data.written, folder]
            candidates = {paths.join(one, naming.written): f"{setting} at {naming.where}" for one in above}
            beside = [] if root.complete else [paths.name(naming.written), *beside[:-1]]
            words = f"{words}, as {setting} at {naming.where} names it"
        for name in beside:
            candidates.setdefault(paths.join(folder, name), words)
        for path, why in candidates.items():
            if path != file.path and _lies(root, path) and self.adopt(file.host, path, kind, why):
                self._versions[file.host.prefix, path] = head.version
                return path
        return None

    def adopt(self, host: Host, path: str, kind: str, why: str) -> bool:
        """Take a file for the kind that a reference to it tells, whatever it was taken for."""
        key = (host.prefix, path)
        shown = host.root.shown(path)
        known = self.files.get(key)
        if self._excluded(shown) or (kind in (BOUNCER_HBA, BOUNCER_IDENT) and key in self._taken):
            return False
        known = known or _at_first_sight(host, path)
        if known.kind != kind and known.why.startswith(FIXED):
            return False
        self._taken.add(key)
        if known.unreadable or known.why.startswith(FIXED) or content.is_withheld(known.skipped):
            self.files[key] = known._replace(kind=kind)
            return not known.skipped and not known.unreadable
        self.files[key] = FoundFile(shown, host, path, kind, why, named=known.named, language=known.language)
        return True

    def _left(self, kind: str, *, taken: bool = False) -> list[FoundFile]:
        files = [file for file in self.files.values() if file.kind == kind and not file.skipped and not file.unreadable]
        return files if taken else [file for file in files if _key(file) not in self._taken]

    def _add(self, file: FoundFile, version: ServerVersion, service: str, *, fragment: bool = False) -> None:
        self.mains.append(self._main(file, version, service, fragment=fragment))

    def _main(self, file: FoundFile, version: ServerVersion, service: str, *, fragment: bool = False) -> Main:
        return Main(file.kind, file.host, (file.path,), version, service, fragment)

    def _version(self, file: FoundFile, data_directory: str | None = None) -> ServerVersion:
        known = self._versions.get(_key(file))
        given = self._given if file.host.told is None else (*self._given, file.host.told.versions)
        return known or version_of(
            file.kind, file.host.root, file.path, given, data_directory, partial(self._image, file.shown)
        )

    def _image(self, shown: str, product: str) -> ServerVersion | None:
        """What container files say; those of a repository, not of the machine that a file of /etc belongs to."""
        return None if shown.startswith(("/", "../")) else self._images.version(product, f"/{shown}")

    def _text(self, file: FoundFile) -> str:
        return file.host.root.read(file.path).text


def _key(file: FoundFile) -> Key:
    return file.host.prefix, file.path


def _lies(root: Root, path: str) -> bool:
    """Whether something lies there that is, or should be, a file."""
    if root.is_file(path):
        return True
    try:
        root.read(path)
    except Unreadable as error:
        return not error.missing and not error.is_device
    return True


def _at_first_sight(host: Host, path: str) -> FoundFile:
    """A file that only a reference leads to: outside of the paths given, or of a name that tells nothing."""
    file = FoundFile(host.root.shown(path), host, path, "", "")
    try:
        text = host.root.read(path).text
    except Unreadable as error:
        return file._replace(unreadable=error.why)
    line = content.placeholder(text)
    return file._replace(skipped=content.sealed(text) or (content.TEMPLATE.format(line) if line is not None else ""))


def _is_of_image(file: FoundFile) -> bool:
    """Whether it goes on with pools of files beside it, as docker.conf and zz-docker.conf of the official image do
    (https://github.com/docker-library/php/blob/master/Dockerfile-linux.template)."""
    name = paths.name(file.path)
    return name == "docker.conf" or name.startswith("zz")


def _is_whole(text: str) -> bool:
    """Whether what may be a part of PHP-FPM's configuration is all of it: the section of the master, with more in it
    than the ``daemonize`` of the official image's zz-docker.conf, and one of a pool."""
    master = f"\n{text}".partition("\n[global]")[2].partition("\n[")[0]
    lines = [line.strip() for line in master.splitlines()[1:]]
    set_here = {line.partition("=")[0].strip() for line in lines if line and line[0] not in ";#"}
    return bool(set_here - {"daemonize"}) and f"\n{text}".count("\n[") > 1


def _is_whole_postgres(file: FoundFile) -> bool:
    """Whether a file is a server's main one rather than a part that another includes."""
    name = paths.name(file.path)
    stem = name.removesuffix(".conf").replace("postgresql", "postgres").rstrip("-_.0123456789")
    if stem == "postgres":  # postgresql.conf, postgresql1.conf, postgresql-16.conf
        return True
    if name == "postgresql.auto.conf" or paths.name(paths.folder(file.path)) in names.OUR_FOLDERS:
        return False
    return content.sets_whole_server(file.host.root.read(file.path).text)


def _stem(path: str) -> str:
    return paths.name(path).rpartition(".")[0]


def _cluster(path: str) -> str:
    """The name of a PostgreSQL cluster on its host, as Debian has it: ``16-main`` of /etc/postgresql/16/main."""
    stem = _stem(path).replace("pg_hba", "postgresql").replace("pg_ident", "postgresql")
    outer, above, folder = ["", "", "", *path.split("/")[1:-1]][-3:]
    if above.replace(".", "").isdigit() and names.is_ours(outer):
        return f"{above}-{folder}"
    return f"{folder}-{stem}" if folder.replace(".", "").isdigit() and names.is_ours(above) else stem


def _unit(version: ServerVersion) -> str:
    """The name of an FPM master on its host, as Debian calls its service."""
    return "php-fpm" if version.assumed else f"php{version}-fpm"


def _twins(name: str, stem: str) -> list[str]:
    """What a file that goes with a server's main file is called beside it: ``pg_hba1.conf`` with postgresql1.conf,
    and the usual name at the end."""
    if not stem:
        return []
    twin = name.replace("postgresql", stem).replace("postgres", stem)
    return [twin, f"{stem}.conf"] if twin not in (name, f"{stem}.conf") else [f"{stem}.conf"]
