"""Prints `passed failed skipped` for one ctest run.

Arguments: ctest's JUnit file and the folder where GoogleTest wrote one report for each binary. A binary that crashed
leaves no report, or a report without failures: then ctest's verdict counts as one failure.
"""

import pathlib
import sys
import xml.etree.ElementTree as xml


def google_counts(report):
    root = xml.parse(report).getroot()
    ran = [case for case in root.iter("testcase") if case.get("status") == "run"]
    skipped = sum(1 for case in ran if case.get("result") == "skipped")
    failed = sum(1 for case in ran if case.find("failure") is not None)
    return len(ran) - skipped - failed, failed, skipped


def main(junit, folder):
    reports = {path.stem.removesuffix("_test"): google_counts(path) for path in pathlib.Path(folder).glob("*.xml")}
    total = [0, 0, 0]
    try:
        cases = list(xml.parse(junit).getroot().iter("testcase"))
    except (OSError, xml.ParseError):
        cases = None
    if cases is None:
        return 0, 1, 0
    for case in cases:
        broken = case.get("status") == "fail"
        passed, failed, skipped = reports.get(case.get("name"), (0 if broken else 1, 0, 0))
        if broken and not failed:
            failed = 1
        total = [total[0] + passed, total[1] + failed, total[2] + skipped]
    return tuple(total)


if __name__ == "__main__":
    print(*main(*sys.argv[1:3]))
