"""Make src/pgfpmlint/catalog/data/postgresql/ from measured parameters.

    python tools/build_postgresql_catalog.py [MEASURED] [--into FOLDER] [--made YYYY-MM-DD]

Without MEASURED the servers themselves are asked, all that .ci/servers and .ci/more-servers have fetched (one of each
major version). MEASURED is a folder of postgresql-<major>.json, each the pg_settings of one real server (name, vartype,
unit, context, boot_val, min_val, max_val, enumvals). What pg_settings does not show is in postgresql-overlay.json.
"""

from __future__ import annotations

import argparse
import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DATA = HERE.parent / "src/pgfpmlint/catalog/data/postgresql"
BOOLEAN_WORDS = {"true": "on", "yes": "on", "1": "on", "false": "off", "no": "off", "0": "off"}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("measured", type=Path, nargs="?")
    parser.add_argument("--into", type=Path, default=DATA)
    parser.add_argument("--made", default=datetime.date.today().isoformat())
    options = parser.parse_args()
    overlay = json.loads((HERE / "postgresql-overlay.json").read_text())
    found = list(_measured(options.measured))
    found.sort(key=lambda measured: int(measured["major"]))
    options.into.mkdir(parents=True, exist_ok=True)
    for measured in found:
        write(options.into / f"{measured['major']}.json", catalog(measured, overlay, options.made))
    write(options.into / "history.json", history(found, overlay, options.made))


def _measured(folder: Path | None) -> Iterator[dict[str, Any]]:
    if folder is None:
        from measure_postgresql import measured

        yield from measured()
    else:
        yield from (json.loads(path.read_text()) for path in folder.glob("postgresql-[0-9]*.json"))


def catalog(measured: dict[str, Any], overlay: dict[str, Any], made: str) -> dict[str, Any]:
    """One major's file. A row is type, context, default, then unit, min, max (numbers) or choices, synonyms (enums)."""
    major = int(measured["major"])
    rows = {one["name"].lower(): row(one, major, overlay) for one in measured["settings"]}
    rows.update({name: trimmed(hidden) for name, hidden in overlay["hidden"].items() if name not in rows})
    return {
        "server": "postgresql",
        "major": major,
        "version": measured["version"],
        "source": measured["source"],
        "made": made,
        "cased": {n.lower(): n for n in sorted(one["name"] for one in measured["settings"]) if n != n.lower()},
        "aliases": {n: a["is"] for n, a in overlay["aliases"].items() if n not in rows and major >= a.get("since", 0)},
        "hidden": sorted(overlay["hidden"]),
        "debian": {name: value for name, value in overlay["debian"].items() if name in rows},
        "later": {
            one["name"]: [one["after"][str(major)], one.get("build", ""), one["row"]]
            for one in overlay["later"]
            if str(major) in one["after"] and one["name"] not in rows
        },
        "settings": dict(sorted(rows.items())),
    }


def row(one: dict[str, Any], major: int, overlay: dict[str, Any]) -> list[Any]:
    name, default = one["name"].lower(), overlay["upstream"].get(one["name"], one["boot_val"])
    head = [one["vartype"], one["context"], default]
    if one["vartype"] in ("integer", "real"):
        return trimmed([*head, one["unit"] or "", one["min_val"], one["max_val"]])
    if one["vartype"] == "enum":
        choices = list(one["enumvals"])
        choices += [word for word in overlay["choices"].get(name, ()) if word not in choices]
        words = dict(BOOLEAN_WORDS) if name in overlay["booleans"] else {}
        for synonyms in overlay["synonyms"]:
            if name in synonyms["names"] and synonyms.get("since", 0) <= major <= synonyms.get("until", major):
                words.update(synonyms["words"])
        return trimmed([*head, choices, words])
    return head


def trimmed(cells: list[Any]) -> list[Any]:
    """Without what is empty at its end; the reader puts it back."""
    while len(cells) > 3 and not cells[-1]:
        cells = cells[:-1]
    return cells


def history(found: list[dict[str, Any]], overlay: dict[str, Any], made: str) -> dict[str, Any]:
    """When each parameter came and went, for those that are not in every known version: since, gone, what to use."""
    majors = [int(measured["major"]) for measured in found]
    known = {int(measured["major"]): {one["name"].lower() for one in measured["settings"]} for measured in found}
    names: dict[str, list[Any]] = {}
    for name in sorted(set().union(*known.values())):
        has = [major for major in majors if name in known[major]]
        if has != majors:
            since = str(has[0]) if has[0] != majors[0] else ""
            gone = str(has[-1] + 1) if has[-1] != majors[-1] else ""
            names[name] = [since, gone, overlay["use"].get(name, "")]
    names.update({name: ["", *entry] for name, entry in overlay["gone_before"].items()})
    for later in overlay["later"]:
        names.setdefault(later["name"], ["", "", ""])
    return {"server": "postgresql", "majors": majors, "made": made, "names": dict(sorted(names.items()))}


def write(path: Path, content: dict[str, Any]) -> None:
    """One setting a line, so that two versions can be compared by eye; no blanks, so that reading stays fast."""
    heart = "settings" if "settings" in content else "names"
    head = {key: value for key, value in content.items() if key != heart}
    lines = [f"{compact(name)}:{compact(cells)}" for name, cells in content[heart].items()]
    body = compact(head)[:-1] + f',"{heart}":{{\n' + ",\n".join(lines) + "\n}}\n"
    assert json.loads(body) == content
    path.write_text(body)


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


if __name__ == "__main__":
    main()
