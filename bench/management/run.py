#!/usr/bin/env python3
"""Measures the Management API: the server on core 0 with one thread, the load on core 1.

    bench/management/run.py [--connections 20,10000] [--rounds 3] [--seconds 2] [--json]
    bench/management/run.py --smoke     a few requests of each kind, no figures: fails when one of them fails

Every number of connections has a server of its own, and they are measured in turns; shown are medians of the rounds.
SYMBOLON_BIN and MANAGEMENT_STORM_BIN name the binaries; otherwise build/release and build/bench-release are used.
"""

import argparse
import contextlib
import json
import os
import pathlib
import random
import signal
import socket
import statistics
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


class Tenant:
    """A server with so many connections, and the requests that are made of it."""

    def __init__(self, folder, count):
        self.server = Server(folder)
        try:
            manager = self.server.manager()
            self.tokens = {"write": manager, "read": self.server.reader(manager)}
            self.requests = lists(make_connections(self.server, manager, count), random.Random(7))
        except BaseException:
            self.server.stop()
            raise


def run(counts, options):
    """The figures of every kind of request, for every count: a list with one entry for each round."""
    figures = {count: {} for count in counts}
    with contextlib.ExitStack() as stack:
        tenants = {}
        for count in counts:
            tenants[count] = Tenant(stack.enter_context(tempfile.TemporaryDirectory()), count)
            stack.callback(tenants[count].server.stop)
        for turn in range(options.rounds):
            for name in tenants[counts[0]].requests:
                for count in counts if turn % 2 == 0 else reversed(counts):
                    tenant = tenants[count]
                    one = measure(tenant.server, tenant.tokens, name, tenant.requests[name], options)
                    figures[count].setdefault(name, []).append(one)
    return figures


def median(rounds, figure):
    return statistics.median(one.get(figure, 0) for one in rounds)


def show(figures):
    first = next(iter(figures.values()))
    for count, kinds in figures.items():
        print(f"\n{count} connections")
        print(f"{'':16}{'requests/s':>12}{'p50 us':>10}{'p99 us':>10}{'server us':>11}{'':>9}")
        for name, rounds in kinds.items():
            numbers = [median(rounds, figure) for figure in ("requests_per_second", "p50_us", "p99_us")]
            cost = median(rounds, "server_us_per_request")
            more = f"{100 * (cost / median(first[name], 'server_us_per_request') - 1):+.1f} %" if kinds is not first else ""
            print(f"{name:16}{numbers[0]:>12.0f}{numbers[1]:>10.0f}{numbers[2]:>10.0f}{cost:>11.1f}{more:>9}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", default="20,10000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--warm-up", type=float, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--smoke", action="store_true")
    options = parser.parse_args()
    if options.smoke:
        options.connections, options.rounds, options.seconds, options.warm_up = "50", 1, 1.5, 0
    figures = run([int(count) for count in options.connections.split(",")], options)
    if options.json:
        json.dump(figures, sys.stdout, indent=1)
    elif not options.smoke:
        show(figures)


if __name__ == "__main__":
    main()
