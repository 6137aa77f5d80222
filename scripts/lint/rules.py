"""Rules that one line breaks: time and randomness, heavy headers, names, marks left behind (docs: style in CONTRIBUTING.md)."""

import re

from tree import CPP, code_only

_TIME_AND_RANDOMNESS = re.compile(
    r"system_clock::now|(?<![\w.>])time\s*\(|random_device|mt19937|(?<![\w.>:])s?rand\s*\(|RAND_bytes|sleep_for|sleep_until")
_NAMES = re.compile(
    r"\b(?:class|struct|enum|enum class|concept|namespace)\s+(\w*(?:Manager|Helper|Utils?|Common|Data|Info)(?![a-z])\w*)"
    r"|(?<![\w.>:])((?:do_|process)\w*)\s*\(")
_FILE_NAMES = re.compile(r"(^|_)(manager|helpers?|utils?|common|info|misc)(_|$)")
_BARE_MARK = re.compile(r"\b(?:TODO(?!\(#\d+\):)|FIXME|XXX|HACK)\b")

# Header, who may include it, and why.
_HEADERS = [
    (re.compile(r"<boost/beast"), {"net"}, "sockets and Beast live in net/"),
    (re.compile(r"<boost/(asio|beast)\.hpp>|<boost/(program_options|lexical_cast|format)|<regex>"), set(), "too slow to compile"),
    (re.compile(r"<iostream>"), {"app"}, "only app/ talks to the terminal"),
    (re.compile(r"<openssl/"), {"crypto", "net"}, "crypto/ is the only door to OpenSSL"),
    (re.compile(r"<curl/"), {"net"}, "net/ is the only door to libcurl"),
    (re.compile(r"<sqlite3"), {"db"}, "db/ is the only door to SQLite"),
]
# What a header may pull in from Boost, and the folders that are free: two own a driver or sockets, what management/ and
# zitadel/ pass around are JSON values, and nobody includes app/.
_FREE_OF_BOOST_LIMITS = {"net", "db", "management", "zitadel", "app"}
_LIGHT_BOOST = re.compile(r"<boost/(asio/awaitable|json/fwd)\.hpp>")


def check(path, source):
    yield from _marks(path, source)
    if path.suffix not in CPP or path.parts[0] not in {"src", "tests"}:
        return
    code = code_only(source)
    # A program of the build, such as a code generator, is its own terminal.
    is_program = "int main(" in code
    if path.suffix == ".h" and "#pragma once" not in source:
        yield f"{path}:1: a header without #pragma once"
    if _FILE_NAMES.search(path.stem):
        yield f"{path}:1: the file name says nothing about its purpose"
    for number, line in enumerate(code.splitlines(), 1):
        if is_program and "<iostream>" in line:
            continue
        yield from (f"{path}:{number}: {message}" for message in _line(path, line))


def _line(path, line):
    folder = path.parts[1]
    in_source = path.parts[0] == "src"
    if folder not in {"base", "crypto"} and (found := _TIME_AND_RANDOMNESS.search(line)):
        yield f"{found.group(0).strip()} outside base/ and crypto/: take a Clock or a Random"
    if found := _NAMES.search(line):
        yield f"{found.group(1) or found.group(2)} is a name that says nothing"
    if in_source and "#include" in line:
        yield from _include(path, folder, line)


def _include(path, folder, line):
    for header, allowed, reason in _HEADERS:
        if header.search(line) and folder not in allowed:
            yield f"{line.strip()}: {reason}"
    heavy = "<boost/" in line and not _LIGHT_BOOST.search(line)
    if path.suffix == ".h" and heavy and folder not in _FREE_OF_BOOST_LIMITS:
        yield f"{line.strip()}: a header may take only asio/awaitable.hpp and json/fwd.hpp from Boost"


def _marks(path, source):
    if path.parts[:2] == ("scripts", "lint"):
        return
    for number, line in enumerate(source.splitlines(), 1):
        if found := _BARE_MARK.search(line):
            yield f"{path}:{number}: {found.group(0)} without an issue number"
