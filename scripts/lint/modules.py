"""Every #include "folder/..." in src/ must be allowed by the DEPS of that folder's symbolon_module()."""

import re

_MODULE = re.compile(r"symbolon_module\(\s*(\w+)(.*?)\)", re.S)
_KEYWORDS = {"SOURCES", "DEPS", "LIBS"}
_INCLUDE = re.compile(r'^\s*#\s*include\s*"(\w+)/', re.M)


def declared(top):
    """Module name to the set of its direct DEPS, read from src/*/CMakeLists.txt."""
    modules = {}
    for path in sorted((top / "src").glob("*/CMakeLists.txt")):
        cmake = re.sub(r"#[^\n]*", "", path.read_text())
        for name, arguments in _MODULE.findall(cmake):
            modules[name] = _section(arguments, "DEPS")
    return modules


def _section(arguments, wanted):
    found, current = set(), None
    for word in arguments.split():
        if word in _KEYWORDS:
            current = word
        elif current == wanted:
            found.add(word)
    return found


def closure(modules, name):
    """What `name` may include: its DEPS and, since their headers are public, the DEPS of those."""
    seen, waiting = set(), [name]
    while waiting:
        for dependency in modules.get(waiting.pop(), ()):
            if dependency not in seen:
                seen.add(dependency)
                waiting.append(dependency)
    return seen


def check(top, paths, text):
    modules = declared(top)
    for name in sorted(modules):
        if name in closure(modules, name):
            yield f"src/{name}/CMakeLists.txt:1: module {name} depends on itself"
    for path in paths:
        if len(path.parts) < 3 or path.parts[0] != "src" or path.suffix not in {".h", ".cpp"}:
            continue
        folder = path.parts[1]
        allowed = closure(modules, folder) | {folder}
        source = text(path)
        for match in _INCLUDE.finditer(source):
            target = match.group(1)
            if target in allowed or not (top / "src" / target).is_dir():
                continue
            line = source.count("\n", 0, match.start(1)) + 1
            yield f"{path}:{line}: {folder} may not include {target}/: it is not among its DEPS"
