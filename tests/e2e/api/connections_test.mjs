// Connections through the Management API, as its contract says (management-api.md §1, §2).
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { basic } from "../support/http.mjs";
import { World } from "../support/world.mjs";

describe("connections", () => {
  let world, issuer;

  before(async () => {
    world = await World.start();
    issuer = await world.hostileIssuer();
  });
  after(() => world?.dispose());

  const options = () => ({
    type: "back_channel",
    discovery_url: issuer.discoveryUrl,
    client_id: issuer.clientId,
    client_secret: issuer.clientSecret,
    scopes: "openid profile",
  });
  const post = (body) => world.api.send("POST", "connections", { strategy: "oidc", ...body });

  it("are created, read, listed, changed and deleted", async () => {
    const made = await world.api.createConnection({ name: "whole-life", options: options() });
    assert.equal(made.display_name, "whole-life");
    assert.equal(made.strategy, "oidc");
    assert.deepEqual(made.realms, ["whole-life"]);
    assert.deepEqual(made.authentication, { active: true });
    assert.equal(made.is_domain_connection, false);
    assert.equal(made.show_as_button, false);
    assert.equal(made.options.issuer, issuer.url);
    assert.equal(made.options.token_endpoint, `${issuer.url}/token`);
    assert.equal(made.options.scope, "openid profile");
    assert.equal(made.options.scopes, "openid profile");
    assert.equal(made.options.client_secret, issuer.clientSecret);
    assert.deepEqual(made.options.connection_settings, { pkce: "auto" });
    assert.deepEqual(made.options.attribute_map, { mapping_mode: "bind_all" });

    assert.deepEqual(await world.api.connection(made.id), made);
    const listed = (await world.api.send("GET", "connections?name=whole-life")).json;
    assert.deepEqual(listed.map(({ id }) => id), [made.id]);

    const changed = await world.api.updateConnection(made.id, { display_name: "Whole life" });
    assert.equal(changed.display_name, "Whole life");
    assert.deepEqual(changed.options, made.options);

    const { deleted_at } = await world.api.deleteConnection(made.id);
    assert.match(deleted_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const gone = await world.api.send("GET", `connections/${made.id}`);
    assert.equal(gone.status, 404);
    assert.equal(gone.json.errorCode, "inexistent_connection");
    assert.equal((await world.api.createConnection({ name: "whole-life", options: options() })).name, "whole-life");
  });

  it("many who change one member each at the same time all succeed, and nothing is lost", async () => {
    const { id } = await world.api.createConnection({ name: "busy", options: options() });
    const changes = [
      ...Array.from({ length: 60 }, (_, number) => ({ display_name: `Busy ${number}` })),
      { show_as_button: true },
      { is_domain_connection: true },
      { metadata: { team: "blue" } },
    ];
    const answers = await Promise.all(changes.map((change) => world.api.send("PATCH", `connections/${id}`, change)));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    const now = await world.api.connection(id);
    assert.match(now.display_name, /^Busy \d+$/);
    assert.equal(now.show_as_button, true);
    assert.equal(now.is_domain_connection, true);
    assert.deepEqual(now.metadata, { team: "blue" });
  });

  it("take a base URL or a full discovery URL, and scope in three spellings", async () => {
    for (const [name, change, scope] of [
      ["base-url", { discovery_url: issuer.url }, "openid profile"],
      ["scope-word", { scopes: undefined, scope: "openid email" }, "openid email"],
      ["scope-commas", { scopes: "openid, email" }, "openid email"],
      ["scope-list", { scopes: ["openid", "email"] }, "openid email"],
    ]) {
      const made = await world.api.createConnection({ name, options: { ...options(), ...change } });
      assert.equal(made.options.scope, scope, name);
      assert.equal(made.options.issuer, issuer.url, name);
    }
  });

  it("a name is letters, digits and single hyphens, and is used once", async () => {
    for (const name of ["", "-a", "a-", "a--b", "a_b", "a b", "é", "x".repeat(129)]) {
      const answer = await post({ name, options: options() });
      assert.equal(answer.status, 400, name);
      assert.match(answer.json.message, /name/, name);
    }
    await world.api.createConnection({ name: "Taken-1", options: options() });
    const again = await post({ name: "taken-1", options: options() });
    assert.equal(again.status, 409);
    assert.equal(again.json.errorCode, "connection_conflict");
  });

  it("a mistake is a 400 that names the field", async () => {
    const cases = [
      [{ options: options() }, /name/],
      [{ name: "m1", strategy: undefined, options: options() }, /strategy/],
      [{ name: "m2", strategy: "no-such", options: options() }, /strategy/],
      [{ name: "m3", options: { ...options(), client_id: undefined } }, /client_id/],
      [{ name: "m4", options: { ...options(), scopes: "profile" } }, /scope/],
      [{ name: "m5", options: { ...options(), type: "side_channel" } }, /type/],
      [{ name: "m6", options: { ...options(), discovery_url: "not a url" } }, /discovery_url/],
      [{ name: "m7", options: options(), enabled_clients: ["nobody"] }, /enabled_clients|nobody/],
      [{ name: "m8", options: options(), surprise: 1 }, /Additional properties not allowed: surprise/],
      [{ name: "m9", options: { ...options(), connection_settings: { pkce: "maybe" } } }, /pkce/],
    ];
    for (const [body, names] of cases) {
      const answer = await post(body);
      assert.equal(answer.status, 400, `${JSON.stringify(body)}: ${answer.text}`);
      assert.match(answer.json.message, names);
      assert.equal(answer.json.statusCode, 400);
      assert.equal(answer.json.error, "Bad Request");
    }
  });

  it("name and strategy never change", async () => {
    const made = await world.api.createConnection({ name: "fixed", options: options() });
    for (const change of [{ name: "other" }, { strategy: "okta" }, { id: "con_x" }]) {
      const answer = await world.api.send("PATCH", `connections/${made.id}`, change);
      assert.equal(answer.status, 400);
      assert.match(answer.json.message, new RegExp(`Additional properties not allowed: ${Object.keys(change)[0]}`));
    }
  });

  it("options that nobody knows are kept and returned", async () => {
    const made = await world.api.createConnection({
      name: "unknown-options",
      options: { ...options(), ext_note: { deep: [1, null, "x"] }, userinfo_endpoint: null },
    });
    assert.deepEqual(made.options.ext_note, { deep: [1, null, "x"] });
  });

  it("a secret that was left out stays only while nothing that it is sent to has changed", async () => {
    const made = await world.api.createConnection({ name: "keeps-secret", options: options() });
    const { client_secret, ...withoutSecret } = options();
    const kept = await world.api.updateConnection(made.id, { options: { ...withoutSecret, scopes: "openid email" } });
    assert.equal(kept.options.client_secret, client_secret);
    const refused = await world.api.send("PATCH", `connections/${made.id}`, { options: { ...withoutSecret, client_id: "another" } });
    assert.equal(refused.status, 400);
    assert.match(refused.json.message, /secret/);
  });

  it("are listed by page and by checkpoint", async () => {
    for (const name of ["page-1", "page-2", "page-3"]) await world.api.createConnection({ name, options: options() });
    const list = async (query) => (await world.api.send("GET", `connections?${query}`)).json;
    const { total, connections } = await list("include_totals=true&page=0&per_page=2");
    assert.equal(connections.length, 2);
    assert.ok(total >= 3);

    const seen = [];
    let next;
    do {
      const page = await list(`take=2&include_totals=true${next ? `&from=${encodeURIComponent(next)}` : ""}`);
      seen.push(...page.connections.map(({ id }) => id));
      next = page.next;
    } while (next);
    assert.equal(seen.length, total);
    assert.equal(new Set(seen).size, total);
    const foreign = await world.api.send("GET", "connections?take=2&from=invented");
    assert.equal(foreign.status, 400);
  });

  it("enabled clients are one set, whichever endpoint edits it", async () => {
    const application = await world.application();
    const made = await world.api.createConnection({ name: "enabling", options: options() });
    await world.api.enableClient(made.id, application.id);
    assert.deepEqual((await world.api.connection(made.id)).enabled_clients, [application.id]);
    const { clients } = (await world.api.send("GET", `connections/${made.id}/clients`)).json;
    assert.deepEqual(clients, [{ client_id: application.id }]);
    await world.api.updateConnection(made.id, { enabled_clients: [] });
    assert.deepEqual((await world.api.connection(made.id)).enabled_clients, []);
    const unknown = await world.api.send("PATCH", `connections/${made.id}/clients`, [
      { client_id: application.id, status: true },
      { client_id: "nobody", status: true },
    ]);
    assert.equal(unknown.status, 404);
    assert.deepEqual((await world.api.connection(made.id)).enabled_clients, [], "half of a refused change was applied");
  });

  it("need a token, a valid one, and its scope", async () => {
    const get = (headers) => world.server.send("/api/v2/connections", { headers });
    const none = await get({});
    assert.equal(none.status, 401);
    for (const authorization of ["Bearer x.y.z", "Bearer ", "Bearer null", basic("a", "b"), `bearer${world.api.token}`]) {
      assert.ok([400, 401].includes((await get({ authorization })).status), authorization);
    }
    assert.equal((await get({ authorization: `bearer ${world.api.token}` })).status, 200);
    const query = await world.server.send(`/api/v2/connections?access_token=${world.api.token}`);
    assert.equal(query.status, 401);

    const narrow = await world.server.createClient("--name", "narrow", "--management");
    world.server.secrets.add(narrow.client_secret);
    const { access_token, scope } = (
      await world.server.send("/oauth/token", {
        form: {
          grant_type: "client_credentials",
          client_id: narrow.client_id,
          client_secret: narrow.client_secret,
          audience: `${world.server.url}/api/v2/`,
          scope: "read:users",
        },
      })
    ).json;
    assert.equal(scope, "read:users");
    const refused = await get({ authorization: `Bearer ${access_token}` });
    assert.equal(refused.status, 403);
    assert.equal(refused.json.message, "Insufficient scope, expected any of: read:connections");
    assert.equal(refused.json.errorCode, "insufficient_scope");
  });

  it("every answer carries the rate limit", async () => {
    const answer = await world.api.send("GET", "connections");
    for (const name of ["limit", "remaining", "reset"]) assert.match(answer.headers[`x-ratelimit-${name}`], /^\d+$/);
  });

  it("bodies that are no JSON, too large or of another type are refused", async () => {
    const raw = (body, type = "application/json") =>
      world.server.send("/api/v2/connections", {
        method: "POST",
        body,
        headers: { authorization: `Bearer ${world.api.token}`, "content-type": type },
      });
    assert.equal((await raw("{")).status, 400);
    assert.equal((await raw("[]")).status, 400);
    assert.equal((await raw('{"a":'.repeat(20_000))).status, 400);
    assert.equal((await raw(JSON.stringify({ name: "x".repeat(1_100_000) }))).status, 413);
    assert.equal((await raw("<a/>", "text/xml")).status, 415);
  });
});
