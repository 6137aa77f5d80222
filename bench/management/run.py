#!/usr/bin/env python3
"""Measures the Management API: the server on core 0 with one thread, the load on core 1.

    bench/management/run.py [--connections 10,10000] [--seconds 5] [--json]
    bench/management/run.py --smoke     a few requests of each kind, no figures: fails when one of them fails

SYMBOLON_BIN and MANAGEMENT_STORM_BIN name the binaries; otherwise build/release and build/bench-release are used.
"""

import argparse
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

TOP = pathlib.Path(__file__).resolve().parents[2]
READERS = ["read:connections", "read:clients", "read:users"]


def call(url, body, token=None, method="POST"):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = "Bearer " + token
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Server:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.binary = os.environ.get("SYMBOLON_BIN", str(TOP / "build/release/symbolon"))
        self.url = f"http://127.0.0.1:{free_port()}"
        settings = self.folder / "symbolon.toml"
        listen = self.url.removeprefix("http://")
        # What is measured is the server's speed, so its limits stand far above it.
        settings.write_text(
            f'public_url = "{self.url}"\nlisten = "{listen}"\ndata_dir = "{self.folder}/data"\nthreads = 1\n'
            "management_rate = 1000000\nmanagement_client_rate = 1000000\n"
        )
        pinned = ["taskset", "-c", "0"] if (os.cpu_count() or 1) > 1 else []
        log = open(self.folder / "server.log", "wb")
        self.process = subprocess.Popen([*pinned, self.binary, "serve", "--config", str(settings)], stderr=log, stdout=log)
        for _ in range(200):
            try:
                urllib.request.urlopen(self.url + "/readyz", timeout=2).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        raise SystemExit("symbolon did not start: " + (self.folder / "server.log").read_text()[-2000:])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)

    def token(self, client):
        grant = {"grant_type": "client_credentials", "audience": self.url + "/api/v2/", **client}
        return call(self.url + "/oauth/token", grant)["access_token"]

    def manager(self):
        command = [self.binary, "client", "create", "--name", "Bench", "--management", "--json"]
        made = json.loads(subprocess.check_output([*command, "--data-dir", str(self.folder / "data")]))
        return self.token({name: made[name] for name in ("client_id", "client_secret")})

    def reader(self, manager):
        """Without the scope for secrets, so that a read is one and not also a record of who saw a secret."""
        api = self.url + "/api/v2/"
        client = {"name": "Reader", "app_type": "non_interactive", "grant_types": ["client_credentials"]}
        made = call(api + "clients", client, manager)
        call(api + "client-grants", {"client_id": made["client_id"], "audience": api, "scope": READERS}, manager)
        return self.token({name: made[name] for name in ("client_id", "client_secret")})


def make_connections(server, token, count):
    """With their endpoints given, so that nothing is looked up."""
    made = []
    for number in range(count):
        host = f"https://idp-{number}.example"
        paths = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/jwks"}
        options = {"type": "back_channel", "client_id": "x", "client_secret": "secret", "scope": "openid", "issuer": host}
        options |= {name: host + path for name, path in paths.items()}
        body = {"name": f"idp-{number}", "strategy": "oidc", "options": options}
        made.append(call(server.url + "/api/v2/connections", body, token)["id"])
    return made


def lists(ids, rng):
    some = rng.sample(ids, min(len(ids), 1000))
    names = [f"idp-{rng.randrange(len(ids))}" for _ in range(min(len(ids), 1000))]
    return {
        "read one": [f"GET /api/v2/connections/{one}" for one in some],
        "search by name": [f"GET /api/v2/connections?name={name}" for name in names],
        "list ten": ["GET /api/v2/connections?take=10"],
        "write one": [f'PATCH /api/v2/connections/{one} {{"display_name":"Changed {{n}}"}}' for one in some],
    }


def measure(server, tokens, name, requests, options):
    path = server.folder / "requests"
    path.write_text("\n".join(requests) + "\n")
    binary = os.environ.get("MANAGEMENT_STORM_BIN", str(TOP / "build/bench-release/management_storm"))
    pinned = ["taskset", "-c", "1"] if (os.cpu_count() or 1) > 1 else []
    token = tokens["write" if name.startswith("write") else "read"]
    command = [*pinned, binary, "--url", server.url, "--token", token, "--list", str(path)]
    command += ["--seconds", str(options.seconds), "--warm-up", str(options.warm_up), "--pid", str(server.process.pid)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        raise SystemExit(f"{name}: {result.stdout}{result.stderr}")
    return json.loads(result.stdout)


def run(count, options):
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        server = Server(folder)
        try:
            manager = server.manager()
            tokens = {"write": manager, "read": server.reader(manager)}
            ids = make_connections(server, manager, count)
            for name, requests in lists(ids, random.Random(7)).items():
                figures[name] = measure(server, tokens, name, requests, options)
        finally:
            server.stop()
    return figures


def show(count, figures):
    print(f"\n{count} connections")
    print(f"{'':16}{'requests/s':>12}{'p50 us':>10}{'p99 us':>10}{'server us':>11}")
    for name, one in figures.items():
        numbers = f"{one['requests_per_second']:>12.0f}{one['p50_us']:>10.0f}{one['p99_us']:>10.0f}"
        print(f"{name:16}{numbers}{one.get('server_us_per_request', 0):>11.0f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", default="10,10000")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--warm-up", type=float, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--smoke", action="store_true")
    options = parser.parse_args()
    if options.smoke:
        options.connections, options.seconds, options.warm_up = "20", 1.5, 0
    everything = {}
    for count in map(int, options.connections.split(",")):
        everything[count] = run(count, options)
        if not options.json and not options.smoke:
            show(count, everything[count])
    if options.json:
        json.dump(everything, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
