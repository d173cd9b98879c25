"""``--format junit``: for Jenkins, and for whatever else reads the results of tests.

There is no standard; this is what Jenkins' schema allows: each file is a suite, each finding in it a test that fails.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import Finding
from pgfpmlint.report import Look
from pgfpmlint.report.snippet import Screen, harmless
from pgfpmlint.report.telling import telling


def render(outcome: Outcome, look: Look) -> str:
    """A file without findings is a suite whose one test passes: that it was linted is news. What doesn't make the run
    fail doesn't fail here either, and is told as the output of a test that passes; a file that wasn't linted is
    skipped, a rule that broke is an error."""
    screen = Screen()
    root = Element("testsuites", name="pgfpmlint")
    by_path: dict[str, list[Finding]] = {file.path: [] for file in outcome.files}
    for finding in outcome.findings:
        by_path.setdefault(finding.at.path, []).append(finding)
    for path in sorted(by_path):
        suite = SubElement(root, "testsuite", name=harmless(path))
        met: dict[str, int] = {}
        for finding in by_path[path]:
            nth = met[finding.rule] = met.get(finding.rule, 0) + 1
            _case(suite, finding.rule if nth == 1 else f"{finding.rule} ({nth})", finding, screen, look)
        if not by_path[path]:
            SubElement(suite, "testcase", name="no findings", classname=harmless(path))
    unlinted = [
        *((file.path, file.why) for file in outcome.skipped),
        *((gone.path, gone.why) for gone in outcome.unread),
    ]
    for path, why in dict.fromkeys(unlinted):
        suite = SubElement(root, "testsuite", name=harmless(path))
        case = SubElement(suite, "testcase", name="not linted", classname=harmless(path))
        SubElement(case, "skipped", message=screen.words(why))
    if outcome.crashed:
        suite = SubElement(root, "testsuite", name="pgfpmlint")
        for crash in outcome.crashed:
            case = SubElement(suite, "testcase", name=crash.rule, classname="pgfpmlint")
            SubElement(case, "error", type="internal error", message=screen.words(crash.error))
    for suite in root:
        _count(suite, [suite])
    _count(root, root)
    indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _case(suite: Element, name: str, finding: Finding, screen: Screen, look: Look) -> None:
    """Its name holds no line: services follow a test through time by its name."""
    told = telling(finding, screen)
    line, column = finding.at.source.position(finding.at.start)
    path = harmless(finding.at.path)
    case = SubElement(suite, "testcase", name=name, classname=path)
    _, *rest = told.lines()
    story = "\n".join([f"{path}:{line}:{column}", *rest, *([f"see: {finding.url}"] if finding.url else ())])
    if finding.severity in look.failing:
        SubElement(case, "failure", type=finding.severity, message=told.message).text = story
    else:
        SubElement(case, "system-out").text = f"{finding.severity}: {told.message}\n{story}"


def _count(counted: Element, suites: Iterable[Element]) -> None:
    """The totals that readers of the format want at the top, of a suite or of all."""
    cases = [case for suite in suites for case in suite]
    counted.set("tests", str(len(cases)))
    for name, tag in (("failures", "failure"), ("errors", "error")):
        counted.set(name, str(sum(case.find(tag) is not None for case in cases)))
    if counted.tag == "testsuite":
        counted.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
