"""The files that lint reads: what git tracks or would track, so that build folders never count."""

import pathlib
import re
import subprocess

CPP = {".h", ".cpp"}


def files(top):
    listed = subprocess.run(
        ["git", "-C", str(top), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True, capture_output=True).stdout
    paths = (pathlib.Path(name) for name in listed.decode().split("\0") if name)
    return sorted(path for path in paths if (top / path).is_file())


def text(top, path):
    """The file's text, or None when it is not text."""
    raw = (top / path).read_bytes()
    if b"\0" in raw[:8000]:
        return None
    return raw.decode("utf-8", "replace")


_STRINGS_AND_COMMENTS = re.compile(
    r'R"(?P<tag>[^()\s\\]{0,16})\(.*?\)(?P=tag)"|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', re.S)


def code_only(source):
    """C++ with comments and literals blanked; line numbers stay. Include paths stay too, since they are no literals."""

    def blank(match):
        start = source.rfind("\n", 0, match.start()) + 1
        if source[start:match.start()].lstrip().startswith("#include"):
            return match.group(0)
        return re.sub(r"[^\n]", " ", match.group(0))

    return _STRINGS_AND_COMMENTS.sub(blank, source)
