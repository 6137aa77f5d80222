// T40, T41: what an administrator, a document or a redirect names is fetched only where the operator allows it.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Authority } from "../support/certificates.mjs";
import { compact, newKey } from "../support/jws.mjs";
import { World } from "../support/world.mjs";

/** A server on every loopback address of both families that counts who connects. */
async function trap() {
  const server = http.createServer((_request, response) => response.end("{}"));
  let connections = 0;
  server.on("connection", () => ++connections);
  await new Promise((resolve) => server.listen(0, "::", resolve));
  return {
    port: server.address().port,
    get connections() {
      return connections;
    },
    dispose: () => new Promise((resolve) => server.close(resolve)),
  };
}

describe("outbound calls of a server that allows no private network", () => {
  let world, caught, authority, folder;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "symbolon-egress-"));
    authority = new Authority(folder);
    world = await World.start({ settings: { insecure_upstreams: false, allowed_networks: [], upstream_ca: authority.file } });
    caught = world.adopt(await trap());
  });
  after(async () => {
    await world?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const hosts = [
    "127.0.0.1",
    "127.1",
    "127.0.0.2",
    "0.0.0.0",
    "0",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "017700000001",
    "0177.0.0.1",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[0:0:0:0:0:0:0:1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "127.0.0.1.",
    "１２７.0.0.1",
    "127。0。0。1",
  ];

  for (const scheme of ["https", "http"]) {
    it(`T40 no spelling of a loopback address is connected to (${scheme})`, async () => {
      for (const host of hosts) {
        const answer = await world.api.send("POST", "connections", {
          strategy: "oidc",
          name: `ssrf-${Math.random().toString(36).slice(2)}`,
          options: { type: "back_channel", client_id: "x", discovery_url: `${scheme}://${host}:${caught.port}/` },
        });
        assert.equal(answer.status, 400, `${host}: ${answer.text}`);
        assert.equal(caught.connections, 0, `${host} was connected to`);
      }
    });
  }

  it("T40 metadata services, link-local, private and shared networks are refused before any packet", async () => {
    for (const host of ["169.254.169.254", "[fd00:ec2::254]", "[fe80::1]", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "224.0.0.1", "255.255.255.255"]) {
      const started = Date.now();
      const answer = await world.api.send("POST", "connections", {
        strategy: "oidc",
        name: `ssrf-${Math.random().toString(36).slice(2)}`,
        options: { type: "back_channel", client_id: "x", discovery_url: `https://${host}/` },
      });
      assert.equal(answer.status, 400, `${host}: ${answer.text}`);
      // An attempt to connect would have waited for its time limit.
      assert.ok(Date.now() - started < 2000, `${host} took ${Date.now() - started} ms`);
    }
  });

  it("T40 endpoints given one by one are not fetched from private addresses either", async () => {
    const base = `https://127.0.0.1:${caught.port}`;
    const application = await world.application();
    const connection = await world.api.createConnection({
      name: "ssrf-endpoints",
      options: {
        type: "front_channel",
        client_id: "x",
        issuer: "https://issuer.example",
        authorization_endpoint: "https://issuer.example/authorize",
        jwks_uri: `${base}/jwks`,
      },
    });
    await world.api.enableClient(connection.id, application.id);
    const browser = application.browser({ applications: ["https://app.example/", "https://issuer.example/"] });
    const { landing } = await browser.open(application.request({ connection: connection.name }).url);
    const key = newKey();
    const now = Math.floor(Date.now() / 1000);
    const id_token = compact({
      header: { alg: "RS256", kid: "k" },
      claims: { iss: "https://issuer.example", aud: "x", sub: "s", iat: now, exp: now + 60, nonce: landing.params.get("nonce") },
      key: key.privateKey,
    });
    const arrival = await browser.submit(world.server.callbackUrl, { state: landing.params.get("state"), id_token }, {
      initiator: "https://issuer.example/",
    });
    assert.ok(arrival.params.get("error"));
    assert.equal(caught.connections, 0);
  });

  it("T40 other schemes are refused", async () => {
    for (const url of ["file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "dict://127.0.0.1/", "unix:///tmp/x"]) {
      const answer = await world.api.send("POST", "connections", {
        strategy: "oidc",
        name: "ssrf-scheme",
        options: { type: "back_channel", client_id: "x", discovery_url: url },
      });
      assert.equal(answer.status, 400, url);
      assert.match(answer.json.message, /discovery_url/);
    }
  });

  it("a connection's own allow-list opens its network to that connection alone", async () => {
    const provider = await world.realProvider({ tls: authority.issue("idp") });
    const application = await world.application();
    const allowed = await world.connection(provider, { applications: [application], options: { egress: { allowed_networks: ["127.0.0.0/8"] } } });
    await application.login({ connection: allowed.name }, { browser: application.browser({ ca: authority.pem }) });
    const answer = await world.api.send("POST", "connections", {
      strategy: "oidc",
      name: "not-allowed",
      options: { type: "back_channel", client_id: "x", discovery_url: provider.discoveryUrl },
    });
    assert.equal(answer.status, 400, answer.text);
  });

  it("a certificate that nobody vouches for is refused", async () => {
    const stranger = new Authority(mkdtempSync(join(folder, "stranger-")));
    const provider = await world.realProvider({ tls: stranger.issue("idp") });
    const answer = await world.api.send("POST", "connections", {
      strategy: "oidc",
      name: "self-signed",
      options: { type: "back_channel", client_id: "x", discovery_url: provider.discoveryUrl, egress: { allowed_networks: ["127.0.0.0/8"] } },
    });
    assert.equal(answer.status, 400, answer.text);
    assert.equal(provider.requests.length, 0);
  });
});

describe("outbound calls where loopback is allowed", () => {
  let world, caught;

  before(async () => {
    world = await World.start();
    caught = world.adopt(await trap());
  });
  after(() => world?.dispose());

  it("T40 a redirect of discovery to another origin is not followed", async () => {
    const issuer = await world.hostileIssuer();
    issuer.on.discovery = () => ({ status: 302, headers: { location: `http://127.0.0.1:${caught.port}/` } });
    const answer = await world.api.send("POST", "connections", {
      strategy: "oidc",
      name: "redirected",
      options: { type: "back_channel", client_id: "x", discovery_url: issuer.discoveryUrl },
    });
    assert.equal(answer.status, 400, answer.text);
    assert.equal(caught.connections, 0);
  });

  for (const endpoint of ["token", "keys"]) {
    it(`T40 a redirect of the ${endpoint} endpoint is not followed`, async () => {
      const { issuer, application, connection } = await world.scene();
      issuer.on[endpoint] = () => ({ status: 307, headers: { location: `http://127.0.0.1:${caught.port}/` } });
      await world.refused(() => application.signIn({ connection: connection.name }), {});
      assert.equal(caught.connections, 0);
    });
  }

  it("T41 what a provider answers wrongly is shown to nobody", async () => {
    const canary = "canary-internal-page";
    for (const [name, spoil] of Object.entries({
      "an error page at the token endpoint": (issuer) => (issuer.on.token = () => ({ status: 500, body: `<h1>${canary}</h1>` })),
      "an error with a description": (issuer) => (issuer.on.token = () => ({ status: 400, body: JSON.stringify({ error: "invalid_request", error_description: canary }) })),
      "something else than JSON": (issuer) => (issuer.on.token = () => ({ status: 200, body: canary })),
      "keys that are none": (issuer) => (issuer.on.keys = () => ({ status: 200, body: canary })),
    })) {
      const { issuer, application, connection } = await world.scene();
      spoil(issuer);
      const { arrival, browser } = await application.signIn({ connection: connection.name });
      assert.ok(arrival.params.get("error"), name);
      const own = browser.history.filter(({ url }) => url.startsWith(world.server.url));
      for (const { text, headers } of own) assert.ok(!(text + JSON.stringify(headers)).includes(canary), name);
      assert.ok(!arrival.landing.url.includes(canary), name);
    }
  });

  const large = "x".repeat(2_000_000);
  const oversized = {
    "a discovery document": (issuer) => (issuer.on.discovery = (document) => ({ ...document, filler: large })),
    "a key set": (issuer) => (issuer.on.keys = (document) => ({ ...document, filler: large })),
    "a token answer": (issuer) => (issuer.on.token = (body) => ({ ...body, filler: large })),
  };
  for (const [name, spoil] of Object.entries(oversized)) {
    it(`T41 ${name} of two megabytes is refused`, async () => {
      const issuer = await world.hostileIssuer();
      spoil(issuer);
      if (name === "a discovery document") {
        const answer = await world.api.send("POST", "connections", {
          strategy: "oidc",
          name: "oversized",
          options: { type: "back_channel", client_id: "x", discovery_url: issuer.discoveryUrl },
        });
        assert.equal(answer.status, 400, answer.text);
        return;
      }
      const application = await world.application();
      const connection = await world.connection(issuer, { applications: [application] });
      await world.refused(() => application.signIn({ connection: connection.name }), {});
    });
  }

  it("T41 JSON nested without end is refused", async () => {
    const { issuer, application, connection } = await world.scene();
    issuer.on.token = () => ({ status: 200, headers: { "content-type": "application/json" }, body: '{"a":'.repeat(50_000) });
    await world.refused(() => application.signIn({ connection: connection.name }), {});
  });
});
