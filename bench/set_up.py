"""Makes a client and a connection through the Management API, and prints the login_storm arguments that use them."""

import argparse
import json
import subprocess
import urllib.error
import urllib.request

REDIRECT_URI = "http://127.0.0.1:9/callback"
SCOPES = {"refresh": "openid profile email offline_access"}


def post(url, body, token=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = "Bearer " + token
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise SystemExit(f"POST {url} answered {error.code}: {error.read().decode(errors='replace')}") from error


def make_manager(options):
    command = [options.symbolon, "client", "create", "--name", "Bench", "--management", "--json"]
    made = json.loads(subprocess.check_output([*command, "--data-dir", options.data_dir]))
    credentials = {"client_id": made["client_id"], "client_secret": made["client_secret"]}
    return {"grant_type": "client_credentials", "audience": options.url + "/api/v2/", **credentials}


def make_client(options, token):
    client = {
        "name": "Storm",
        "app_type": "regular_web",
        "callbacks": [REDIRECT_URI],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "client_secret_post",
        "jwt_configuration": {"alg": options.alg},
        # Rotation is the dearer kind of refreshing: every use writes a new token and retires the old one.
        "refresh_token": {"rotation_type": "rotating", "expiration_type": "expiring", "leeway": 0},
    }
    return post(options.url + "/api/v2/clients", client, token)


def make_api_client(options, token):
    """An API with a handful of scopes, and a client that may ask for all of them."""
    audience = "https://api.storm.example/"
    scopes = [f"{verb}:{noun}" for noun in ("orders", "invoices") for verb in ("read", "write")]
    api = {"name": "Storm", "identifier": audience, "signing_alg": options.alg}
    post(options.url + "/api/v2/resource-servers", {**api, "scopes": [{"value": one} for one in scopes]}, token)
    client = {
        "name": "Storm",
        "app_type": "non_interactive",
        "grant_types": ["client_credentials"],
        "token_endpoint_auth_method": "client_secret_post",
    }
    made = post(options.url + "/api/v2/clients", client, token)
    grant = {"client_id": made["client_id"], "audience": audience, "scope": scopes}
    post(options.url + "/api/v2/client-grants", grant, token)
    return made, audience


def make_connection(options, token, client):
    channel = {"type": options.channel + "_channel", "client_id": "storm", "scope": "openid profile email"}
    if options.channel == "back":
        channel["client_secret"] = "storm-secret"
    connection = {
        "name": "storm",
        "strategy": "oidc",
        "options": {**channel, "discovery_url": options.provider},
        "enabled_clients": [client["client_id"]],
    }
    post(options.url + "/api/v2/connections", connection, token)


def make_idle_connections(options, token):
    """They only make the store bigger: their endpoints are given, so that nothing is fetched."""
    for number in range(options.connections):
        host = f"https://idp-{number}.example"
        endpoints = {
            "issuer": host,
            "authorization_endpoint": host + "/authorize",
            "token_endpoint": host + "/token",
            "jwks_uri": host + "/jwks",
        }
        settings = {"type": "back_channel", "client_id": "x", "client_secret": "x", "scope": "openid", **endpoints}
        connection = {"name": f"idle-{number}", "strategy": "oidc", "options": settings, "enabled_clients": []}
        post(options.url + "/api/v2/connections", connection, token)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("url", "symbolon", "data-dir", "provider", "channel", "alg", "flow"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--connections", type=int, default=0)
    options = parser.parse_args()

    manager = make_manager(options)
    token = post(options.url + "/oauth/token", manager)["access_token"]
    make_idle_connections(options, token)
    if options.flow == "client-credentials":
        client, audience = make_api_client(options, token)
        extra = ["--audience", audience]
    else:
        client = make_client(options, token)
        make_connection(options, token, client)
        extra = ["--authorize-url", options.url + "/authorize", "--param", "connection=storm"]
        extra += ["--redirect-uri", REDIRECT_URI, "--scope", SCOPES.get(options.flow, "openid profile email")]
    arguments = ["--token-url", options.url + "/oauth/token", "--client-id", client["client_id"]]
    print("\n".join([*arguments, "--client-secret", client["client_secret"], *extra]))


if __name__ == "__main__":
    main()
