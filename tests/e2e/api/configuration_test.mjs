// Configuration as code: symbolon export and symbolon apply, while the server runs.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parse, stringify } from "yaml";
import { World } from "../support/world.mjs";

describe("configuration as code", () => {
  let world, issuer, folder;

  before(async () => {
    world = await World.start();
    issuer = await world.hostileIssuer();
    folder = mkdtempSync(join(tmpdir(), "symbolon-configuration-"));
    process.env.ACME_SECRET = issuer.clientSecret;
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await world?.dispose();
  });

  let files = 0;
  const write = (configuration) => {
    const path = join(folder, `c${++files}.yaml`);
    writeFileSync(path, typeof configuration === "string" ? configuration : stringify(configuration));
    return path;
  };
  const run = (...args) => world.server.command(...args, "--config", world.server.configFile);
  const apply = async (configuration, ...flags) => (await run("apply", write(configuration), ...flags)).stdout;
  const plan = async (configuration) => JSON.parse(await apply(configuration, "--plan", "--json"));
  const failure = async (promise) => {
    try {
      await promise;
    } catch (error) {
      return error.stderr;
    }
    assert.fail("the command worked");
  };
  const exported = async () => parse((await run("export")).stdout);
  /** What there is, as the API shows it. */
  const state = async () =>
    Promise.all(["connections", "clients", "tenants/settings"].map(async (path) => (await world.api.send("GET", path)).json));
  const find = async (name) => {
    const [found] = (await world.api.send("GET", `connections?name=${name}`)).json;
    return found;
  };

  const acme = (more = "") => `
settings:
  friendly_name: Acme and friends
clients:
  - name: portal
    app_type: regular_web
    callbacks: ["https://portal.example/cb"]
connections:
  - name: acme
    strategy: oidc
    display_name: Acme
    options:
      type: back_channel
      discovery_url: ${issuer.discoveryUrl}
      client_id: ${issuer.clientId}
      client_secret: !env ACME_SECRET
      scope: openid profile email
      connection_settings: { pkce: s256 }
      domain_aliases: [Acme.Example]
${more}    enabled_clients: [portal]
`;

  it("shows a plan, changes nothing without --yes, carries it out with it, and then has nothing to do", async () => {
    const shown = await apply(acme(), "--plan");
    assert.match(shown, /^\+ client portal$/m);
    assert.match(shown, /^\+ connection acme$/m);
    assert.match(shown, /options\.client_secret: \(secret\)/);
    assert.doesNotMatch(shown, new RegExp(issuer.clientSecret));
    assert.match(shown, /Plan: 2 to create, 1 to change, 0 unchanged\./);
    await apply(acme());
    assert.equal(await find("acme"), undefined, "a plan made a connection");

    await apply(acme(), "--yes");
    const connection = await find("acme");
    assert.equal(connection.options.client_secret, issuer.clientSecret);
    assert.equal(connection.options.token_endpoint, `${issuer.url}/token`);
    assert.equal(connection.enabled_clients.length, 1);
    assert.equal((await world.api.send("GET", "tenants/settings")).json.friendly_name, "Acme and friends");

    assert.match(await apply(acme(), "--yes"), /Plan: 0 to create, 0 to change, 3 unchanged\./);
    assert.deepEqual(await find("acme"), connection);
  });

  it("what was applied signs people in", async () => {
    const connection = await find("acme");
    const application = await world.application({ callbacks: ["https://app.example/callback"] });
    await world.api.enableClient(connection.id, application.id);
    await application.login({ connection: "acme" });
    await world.api.enableClient(connection.id, application.id, false);
  });

  it("merges: what the file does not name stays, and a secret that is absent is kept", async () => {
    const before = await find("acme");
    const steps = await plan({ connections: [{ name: "acme", options: { scope: "openid" }, show_as_button: true }] });
    assert.deepEqual(steps[0].differences, [
      { member: "show_as_button", before: false, after: true },
      { member: "options.scope", before: "openid profile email", after: "openid" },
    ]);
    await apply({ connections: [{ name: "acme", options: { scope: "openid" }, show_as_button: true }] }, "--yes");
    const after = await find("acme");
    assert.deepEqual(after, { ...before, show_as_button: true, options: { ...before.options, scope: "openid" } });
    await apply({ connections: [{ name: "acme", options: { scope: "openid profile email" }, show_as_button: false }] }, "--yes");
    assert.deepEqual(await find("acme"), before);
  });

  it("null takes an option away", async () => {
    await apply({ connections: [{ name: "acme", options: { domain_aliases: null } }] }, "--yes");
    assert.equal((await find("acme")).options.domain_aliases, undefined);
    assert.match(await apply({ connections: [{ name: "acme", options: { domain_aliases: null } }] }, "--yes"), /0 to change/);
  });

  it("another provider is looked up anew, and T12 the secret is not sent there", async () => {
    const other = await world.hostileIssuer();
    const move = (more) => ({ connections: [{ name: "acme", options: { discovery_url: other.discoveryUrl, ...more } }] });
    const refused = await failure(apply(move(), "--yes"));
    assert.match(refused, /connection acme: .*client_secret/);
    assert.equal((await find("acme")).options.token_endpoint, `${issuer.url}/token`);
    await apply(move({ client_secret: other.clientSecret }), "--yes");
    const moved = await find("acme");
    assert.equal(moved.options.issuer, other.url);
    assert.equal(moved.options.token_endpoint, `${other.url}/token`);
    await apply(acme(), "--yes");
    assert.equal((await find("acme")).options.issuer, issuer.url);
  });

  it("a secret may come from a file", async () => {
    writeFileSync(join(folder, "secret"), "from-a-file\n");
    const text = acme().replace("!env ACME_SECRET", "!file secret");
    const shown = await apply(text, "--yes");
    assert.match(shown, /options\.client_secret: \(secret\) -> \(secret\)/);
    assert.doesNotMatch(shown, /from-a-file/);
    assert.equal((await find("acme")).options.client_secret, "from-a-file");
    await apply(acme(), "--yes");
  });

  it("an export is applied without a change, and holds no secret", async () => {
    const { stdout } = await run("export");
    assert.doesNotMatch(stdout, new RegExp(issuer.clientSecret));
    assert.doesNotMatch(stdout, /client_secret:/);
    const content = parse(stdout);
    const [connection] = content.connections;
    assert.equal(connection.name, "acme");
    assert.deepEqual(connection.enabled_clients, ["portal"]);
    // What comes from the provider's document is left out, so that it follows the provider.
    assert.equal(connection.options.token_endpoint, undefined);
    assert.equal(connection.options.oidc_metadata, undefined);
    assert.match(await apply(stdout, "--yes"), /Plan: 0 to create, 0 to change, \d+ unchanged\./);
  });

  it("an export makes the same configuration in another tenant", async () => {
    const elsewhere = await World.start();
    try {
      const { clients, ...content } = await exported();
      const copy = { ...content, clients: clients.filter(({ name }) => name === "portal") };
      copy.connections[0].options.client_secret = issuer.clientSecret;
      const args = ["apply", write(copy), "--yes", "--config", elsewhere.server.configFile];
      await elsewhere.server.command(...args);
      const { stdout } = await elsewhere.server.command(...args);
      assert.match(stdout, /Plan: 0 to create, 0 to change/);
      const there = parse((await elsewhere.server.command("export", "--config", elsewhere.server.configFile)).stdout);
      const comparable = ({ client_id, ...client }) => client;
      delete copy.connections[0].options.client_secret;
      assert.deepEqual(there.connections, copy.connections);
      assert.deepEqual(there.clients.filter(({ name }) => name === "portal").map(comparable), copy.clients.map(comparable));
      assert.deepEqual(there.settings, copy.settings);
    } finally {
      await elsewhere.dispose();
    }
  });

  it("uploaded metadata travels with the export", async () => {
    const pinned = await world.connection(issuer, { name: "pinned", options: { oidc_metadata: issuer.document } });
    const found = (await exported()).connections.find(({ name }) => name === "pinned");
    assert.equal(found.options.oidc_metadata.token_endpoint, `${issuer.url}/token`);
    assert.match(await apply((await run("export")).stdout, "--yes"), /0 to create, 0 to change/);
    await world.api.deleteConnection(pinned.id);
  });

  it("somebody else's change between plan and deed is not overwritten", async () => {
    // The same state of the file twice: the second run sees what the first one did.
    const change = { connections: [{ name: "acme", display_name: "Once" }] };
    const [first, second] = await Promise.allSettled([apply(change, "--yes"), apply({ connections: [{ name: "acme", display_name: "Twice" }] }, "--yes")]);
    const name = (await find("acme")).display_name;
    for (const [result, wanted] of [
      [first, "Once"],
      [second, "Twice"],
    ])
      if (result.status === "rejected") {
        assert.match(result.reason.stderr, /connection acme was changed by somebody else since the plan was made/);
        assert.notEqual(name, wanted);
      }
    await apply({ connections: [{ name: "acme", display_name: "Acme" }] }, "--yes");
  });

  it("every change is in the log, by name and without values", async () => {
    await apply({ connections: [{ name: "acme", display_name: "Logged" }] }, "--yes");
    const { json: events } = await world.api.send("GET", "logs?per_page=10&sort=date:-1");
    const event = events.find(({ type, description }) => type === "sapi" && description === "Update a connection");
    assert.ok(event, JSON.stringify(events));
    assert.doesNotMatch(JSON.stringify(event), /Logged/);
    await apply({ connections: [{ name: "acme", display_name: "Acme" }] }, "--yes");
  });

  describe("a mistake", () => {
    const mistakes = [
      ["no YAML", "connections: [", /line \d+/],
      ["a name given twice", "settings: {}\nsettings: {}", /line 2: 'settings' is given twice/],
      ["an unknown section", "conections: []", /unknown section conections; there are settings, clients and connections/],
      ["an entry without a name", "clients: [{ app_type: spa }]", /every entry of clients needs a name/],
      ["an unknown tag", "settings: { friendly_name: !vault x }", /line 1: unknown tag !vault/],
      ["a variable that is not set", "settings: { friendly_name: !env NOBODY_SETS_THIS }", /the environment variable NOBODY_SETS_THIS is not set/],
      ["a file that is not there", "settings: { friendly_name: !file nowhere }", /the file nowhere cannot be read/],
      ["a new connection of no kind", "connections: [{ name: brand-new }]", /connection brand-new does not exist, so it needs a strategy/],
      ["a client that is not there", "connections: [{ name: acme, enabled_clients: [nobody] }]", /there is no client nobody/],
      ["another strategy", "connections: [{ name: acme, strategy: okta }]", /the strategy cannot be changed to okta/],
      ["a wrong value in the last entry", "clients: [{ name: brand-new }, { name: other, app_type: web }]", /client other: .*app_type/],
      ["an option that is refused", "connections: [{ name: acme, options: { scope: profile } }]", /connection acme: .*openid/],
    ];
    for (const [name, text, message] of mistakes)
      it(`is told with its place, and nothing is changed: ${name}`, async () => {
        const before = await state();
        const stderr = await failure(apply(text, "--yes"));
        assert.match(stderr, message);
        assert.deepEqual(await state(), before);
      });

    it("is none to enable a client by a name with spaces that the same file makes", async () => {
      const shop = { clients: [{ name: "The new shop" }], connections: [{ name: "acme", enabled_clients: ["The new shop"] }] };
      assert.match(await apply(shop, "--plan"), /1 to create, 1 to change/);
    });

    it("of a member that nobody knows is the API's own answer", async () => {
      assert.match(await failure(apply({ clients: [{ name: "portal", colour: "red" }] }, "--yes")), /client portal: .*Additional properties not allowed: colour/);
    });
  });
});
