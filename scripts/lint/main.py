"""./dev lint: prints every broken rule as file:line: sentence; the exit code says whether there was one."""

import pathlib
import sys

import modules
import repository
import rules
import tree


def findings(top):
    paths = tree.files(top)
    sources = {path: text for path in paths if (text := tree.text(top, path)) is not None}
    for path, source in sources.items():
        yield from rules.check(path, source)
        yield from repository.check(top, path, source)
    yield from modules.check(top, [path for path in paths if path in sources], sources.__getitem__)
    yield from repository.doors(top)


def main():
    found = list(findings(pathlib.Path(__file__).resolve().parents[2]))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
