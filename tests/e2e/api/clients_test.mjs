// Applications and users through the Management API (management-api.md §3, §4), and the command line.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { World } from "../support/world.mjs";

describe("applications and users", () => {
  let world;

  before(async () => (world = await World.start()));
  after(() => world?.dispose());

  it("the smallest application has the defaults of the contract", async () => {
    const made = await world.api.createClient({ name: "smallest" });
    world.server.secrets.add(made.client_secret);
    assert.match(made.client_id, /^[A-Za-z0-9]{32}$/);
    assert.match(made.client_secret, /^[\w-]{64}$/);
    assert.equal(made.is_first_party, true);
    // Auth0 adds implicit here; a token in a URL needs an administrator's decision (login-runtime SEC-8).
    assert.deepEqual(made.grant_types, ["authorization_code", "refresh_token", "client_credentials"]);
    assert.equal(made.jwt_configuration.lifetime_in_seconds, 36000);
    assert.equal(made.app_type, undefined);
  });

  it("are read, listed, changed and deleted", async () => {
    const made = await world.api.createClient({ name: "whole", app_type: "regular_web", callbacks: ["https://a.example/cb"] });
    const read = await world.api.send("GET", `clients/${made.client_id}`);
    assert.equal(read.status, 200);
    assert.equal(read.json.name, "whole");
    const { clients, total } = (await world.api.send("GET", "clients?include_totals=true&per_page=100")).json;
    assert.ok(total >= 1);
    assert.ok(clients.some(({ client_id }) => client_id === made.client_id));
    const changed = await world.api.updateClient(made.client_id, { callbacks: ["https://a.example/new"] });
    assert.deepEqual(changed.callbacks, ["https://a.example/new"]);
    assert.equal(changed.name, "whole");
    await world.api.deleteClient(made.client_id);
    await world.api.deleteClient(made.client_id);
    const gone = await world.api.send("GET", `clients/${made.client_id}`);
    assert.equal(gone.status, 404);
    assert.equal(gone.json.errorCode, "inexistent_client");
  });

  it("a mistake is a 400 that names the field", async () => {
    for (const [body, names] of [
      [{}, /name/],
      [{ name: "" }, /name/],
      [{ name: "a<b" }, /name/],
      [{ name: "x", app_type: "toaster" }, /app_type/],
      [{ name: "x", grant_types: ["telepathy"] }, /grant_types/],
      [{ name: "x", token_endpoint_auth_method: "handshake" }, /token_endpoint_auth_method/],
      [{ name: "x", jwt_configuration: { alg: "none" } }, /alg/],
      [{ name: "x", surprise: 1 }, /Additional properties not allowed: surprise/],
    ]) {
      const answer = await world.api.send("POST", "clients", body);
      assert.equal(answer.status, 400, `${JSON.stringify(body)}: ${answer.text}`);
      assert.match(answer.json.message, names);
    }
  });

  it("users are read by id, whose separators are encoded, and listed", async () => {
    const { issuer, application, connection } = await world.scene();
    issuer.person = { ...issuer.person, sub: "a|b/c d" };
    const { claims } = await application.login({ connection: connection.name });
    assert.equal(claims.sub, `oidc|${connection.name}|a|b/c d`);
    const user = await world.api.user(claims.sub);
    assert.equal(user.user_id, claims.sub);
    assert.equal(user.email, issuer.person.email);
    const { users } = (await world.api.send("GET", "users?include_totals=true")).json;
    assert.ok(users.some(({ user_id }) => user_id === claims.sub));
    const nobody = await world.api.send("GET", "users/oidc%7Cnobody%7Cx");
    assert.equal(nobody.status, 404);
    assert.equal(nobody.json.errorCode, "inexistent_user");
  });

  it("SEC-22 one e-mail address at two providers is two users", async () => {
    const one = await world.scene();
    const two = await world.scene();
    const first = await one.application.login({ connection: one.connection.name });
    const second = await two.application.login({ connection: two.connection.name });
    assert.equal(first.claims.email, second.claims.email);
    assert.notEqual(first.claims.sub, second.claims.sub);
  });

  it("email_verified is true only when the provider says so", async () => {
    const cases = [[true, true], ["true", true], [false, false], ["false", false], [0, false], [1, false], [undefined, false], ["yes", false]];
    for (const [sent, expected] of cases) {
      const { issuer, application, connection } = await world.scene();
      issuer.person = { ...issuer.person, email_verified: sent };
      const { claims } = await application.login({ connection: connection.name });
      assert.equal(claims.email_verified, expected, JSON.stringify(sent));
    }
  });

  it("the command line makes an application that can sign people in", async () => {
    const made = await world.server.createClient("--name", "from the shell", "--callback", "https://app.example/shell");
    world.server.secrets.add(made.client_secret);
    assert.ok(made.client_id);
    const read = await world.api.send("GET", `clients/${made.client_id}`);
    assert.deepEqual(read.json.callbacks, ["https://app.example/shell"]);
  });

  it("the command line says what is wrong", async () => {
    await assert.rejects(world.server.command("client", "create"), /--name/);
    await assert.rejects(world.server.command("client", "create", "--name", "x", "--callback", "javascript:alert(1)"), /callback/);
  });
});
