"""Every rule finds the mistake that it is for, and leaves the neighbouring good line alone."""

import pathlib
import subprocess
import tempfile
import unittest

import main


class Lint(unittest.TestCase):
    def lint(self, **changed):
        """Findings in a small good tree with some files changed; `None` leaves one out."""
        files = {
            "src/base/CMakeLists.txt": "symbolon_module(base SOURCES a.cpp)",
            "src/jose/CMakeLists.txt": "symbolon_module(jose\n  SOURCES a.cpp # DEPS net\n  DEPS base LIBS x)",
            "src/net/CMakeLists.txt": "symbolon_module(net SOURCES a.cpp DEPS base)",
            "src/oidc/CMakeLists.txt": "symbolon_module(oidc SOURCES a.cpp DEPS jose)",
            **{door: "#!/bin/sh\n" for door in (".ci/run", "run", "test", "dev")},
        }
        files.update(changed.get("files", {}))
        with tempfile.TemporaryDirectory() as name:
            top = pathlib.Path(name)
            subprocess.run(["git", "init", "-q", name], check=True)
            for path, text in files.items():
                (top / path).parent.mkdir(parents=True, exist_ok=True)
                if text is not None:
                    (top / path).write_text(text.replace("$TOP", name))
                    (top / path).chmod(0o755)
            return list(main.findings(top))

    def assertFinds(self, path, text, words):
        found = self.lint(files={path: text})
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(f"{path}:"), found)
        self.assertIn(words, found[0])

    def test_a_good_tree_is_clean(self):
        self.assertEqual(self.lint(), [])

    def test_each_mistake_is_found(self):
        header = "#pragma once\n"
        cases = [
            ("src/jose/a.cpp", '#include "net/a.h"\n', "not among its DEPS"),
            ("src/jose/a.cpp", "auto t = std::chrono::system_clock::now();\n", "Clock"),
            ("src/jose/a.cpp", "auto t = time(nullptr);\n", "Clock"),
            ("src/jose/a.cpp", "auto t = std::time(nullptr);\n", "Clock"),
            ("src/jose/a.cpp", "int r = rand();\n", "Random"),
            ("src/jose/a.cpp", "std::mt19937 r;\n", "Random"),
            ("tests/jose/a_test.cpp", "std::this_thread::sleep_for(1s);\n", "Clock"),
            ("src/jose/a.cpp", "class KeyManager {};\n", "KeyManager"),
            ("src/jose/a.cpp", "struct TokenInfo {};\n", "TokenInfo"),
            ("src/jose/a.cpp", "int do_sign(int);\n", "do_sign"),
            ("src/jose/string_utils.cpp", "", "file name"),
            ("src/jose/a.h", "int a;\n", "#pragma once"),
            ("src/jose/a.h", header + "#include <boost/json.hpp>\n", "a header may take only"),
            ("src/jose/a.cpp", "#include <boost/beast/http.hpp>\n", "net/"),
            ("src/jose/a.cpp", "#include <regex>\n", "too slow"),
            ("src/jose/a.cpp", "#include <iostream>\n", "app/"),
            ("src/jose/a.cpp", "#include <openssl/evp.h>\n", "OpenSSL"),
            ("src/jose/a.cpp", "#include <sqlite3.h>\n", "SQLite"),
            ("src/jose/a.cpp", "// TO" "DO: later\n", "issue number"),
            ("src/base/CMakeLists.txt", "symbolon_module(base SOURCES a.cpp DEPS oidc)", "itself"),
            ("web/package-lock.json", '{"resolved": "https://example.com/a.tgz"}', "download addresses"),
            ("docs/a.md", "see $TOP/src\n", "one machine"),
            ("docs/a.md", "see /home/ann/src\n", "one machine"),
            ("run", None, "not executable"),
        ]
        for path, text, words in cases:
            with self.subTest(path=path, text=text):
                if path == "src/base/CMakeLists.txt":
                    self.assertTrue(any("itself" in line for line in self.lint(files={path: text})))
                else:
                    self.assertFinds(path, text, words)

    def test_what_only_looks_like_a_mistake_passes(self):
        for path, text in [
            ("src/oidc/a.cpp", '#include "base/a.h"\n'),
            ("src/oidc/a.cpp", "auto t = token.auth_time(); auto u = clock.time();\n"),
            ("src/oidc/a.cpp", '// rand() is not random\nauto s = "time(0)";\nauto r = R"(rand())";\n'),
            ("src/oidc/a.cpp", "struct Metadata {}; struct Database {};\n"),
            ("src/oidc/generate.cpp", "#include <iostream>\nint main() {}\n"),
            ("src/base/a.cpp", "auto t = std::chrono::system_clock::now();\n"),
            ("src/net/a.cpp", "#include <boost/beast/http.hpp>\n#include <openssl/ssl.h>\n"),
            ("src/oidc/a.cpp", "// TO" "DO(#12): until the issue is done\n"),
            ("src/oidc/a.h", "#pragma once\n#include <boost/json/fwd.hpp>\n"),
            ("web/package-lock.json", '{"integrity": "sha512-x"}'),
        ]:
            with self.subTest(path=path, text=text):
                self.assertEqual(self.lint(files={path: text}), [])


if __name__ == "__main__":
    unittest.main()
