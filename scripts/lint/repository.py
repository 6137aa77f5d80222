"""What must not be in the repository: download addresses in lock files, paths of a machine, doors without their run bit."""

import os
import pathlib
import re

_ADDRESS = re.compile(r'"resolved":\s*"http')
_HOMES = re.compile(r"(?<![\w.])(?:/home/[a-z_][\w-]*/|/Users/\w+/)")
DOORS = ("run", "test", "dev", ".ci/run")


def check(top, path, source):
    if path.name == "package-lock.json":
        if _ADDRESS.search(source):
            yield f"{path}:1: records download addresses; install with the .npmrc of this tree"
        return
    if path.parts[:2] == ("scripts", "lint"):
        return
    for number, line in enumerate(source.splitlines(), 1):
        if _HOMES.search(line) or any(place in line for place in _machine_paths(top)):
            yield f"{path}:{number}: a path of one machine"


def _machine_paths(top):
    places = {f"{top}/", f"{pathlib.Path.home()}/"}
    return {place for place in places if place.count("/") > 1}


def doors(top):
    for door in DOORS:
        if not os.access(top / door, os.X_OK):
            yield f"{door}:1: missing or not executable"
