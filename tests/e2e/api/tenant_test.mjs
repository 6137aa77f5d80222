// Several tenants in one process, made and removed by the command line while the server runs.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { send } from "../support/http.mjs";
import { until } from "../support/waiting.mjs";
import { World } from "../support/world.mjs";

describe("tenants", () => {
  let world, port, scene;

  before(async () => {
    world = await World.start();
    port = new URL(world.server.url).port;
    scene = await world.scene({ options: { domain_aliases: ["corp.example"] } });
  });
  after(() => world?.dispose());

  // Names under localhost need no name service: the server is asked by address, as a proxy would.
  const at = (host, path, options = {}) =>
    send(`http://127.0.0.1:${port}${path}`, { ...options, headers: { ...options.headers, host: `${host}:${port}` } });
  const discovery = "/.well-known/openid-configuration";

  it("one tenant answers to every name as itself", async () => {
    assert.equal((await at("anything.localhost", discovery)).json.issuer, world.server.issuer);
  });

  it("a new one answers within a second, with issuer and keys of its own; other names are refused", async () => {
    const { stdout } = await world.server.command("tenant", "create", "acme", "--domain", "acme.localhost", "--json");
    assert.deepEqual(JSON.parse(stdout), { name: "acme", issuer: `http://acme.localhost:${port}/` });
    const found = await until("the new host to answer", async () => {
      const answer = await at("acme.localhost", discovery);
      return answer.status === 200 && answer.json.issuer === JSON.parse(stdout).issuer && answer;
    }, { timeout: 5000 });
    assert.equal(found.json.token_endpoint, `http://acme.localhost:${port}/oauth/token`);
    const kid = async (host) => (await at(host, "/.well-known/jwks.json")).json.keys[0].kid;
    assert.notEqual(await kid("acme.localhost"), await kid("localhost"));
    assert.equal((await at("other.localhost", discovery)).status, 421);
    assert.equal((await at("localhost", discovery)).json.issuer, world.server.issuer);
    assert.match((await world.server.command("tenant", "list")).stdout, new RegExp(`^acme http://acme\\.localhost:${port}$`, "m"));
  });

  it("its applications, tokens and records are its own", async () => {
    const made = await world.server.createClient("--tenant", "acme", "--name", "automation", "--management");
    world.server.secrets.add(made.client_secret);
    assert.equal(made.domain, `http://acme.localhost:${port}`);
    const credentials = { grant_type: "client_credentials", client_id: made.client_id, client_secret: made.client_secret, audience: made.audience };
    assert.equal((await at("localhost", "/oauth/token", { method: "POST", json: credentials })).status, 401);
    const { access_token } = (await at("acme.localhost", "/oauth/token", { method: "POST", json: credentials })).json;
    world.server.secrets.add(access_token);
    const headers = { authorization: `Bearer ${access_token}` };
    assert.deepEqual((await at("acme.localhost", "/api/v2/connections", { headers })).json, []);
    assert.equal((await at("localhost", "/api/v2/connections", { headers })).status, 401);
    assert.equal((await at("acme.localhost", "/api/v2/connections", { headers: { authorization: `Bearer ${world.api.token}` } })).status, 401);
    const { url } = scene.application.request();
    assert.equal((await at("acme.localhost", url.slice(world.server.url.length))).status, 400, "an application of the first tenant");
  });

  it("mistakes are told in one sentence and change nothing", async () => {
    for (const [words, ...args] of [
      [/exists already/, "create", "acme", "--domain", "b.localhost"],
      [/belongs to a tenant already/, "create", "b-tenant", "--domain", "acme.localhost"],
      [/not a host name/, "create", "b-tenant", "--domain", "http://public.example"],
      [/not a host name/, "create", "b-tenant", "--domain", "a b"],
      [/3 to 63/, "create", "B", "--domain", "b.localhost"],
      [/no tenant/, "delete", "nobody"],
      [/stays/, "delete", "default"],
    ]) {
      await assert.rejects(world.server.command("tenant", ...args), ({ code, stderr }) => code === 2 && words.test(stderr) && stderr.trim().split("\n").length === 1, args.join(" "));
    }
    assert.equal(JSON.parse((await world.server.command("tenant", "list", "--json")).stdout).length, 2);
    await assert.rejects(world.server.createClient("--tenant", "nobody", "--name", "x"), ({ stderr }) => /no tenant nobody/.test(stderr));
  });

  it("a deleted one is gone within a second", async () => {
    await world.server.command("tenant", "delete", "acme");
    // The first tenant is alone again and answers to the name as itself.
    await until("the host to be forgotten", async () => (await at("acme.localhost", discovery)).json.issuer === world.server.issuer, { timeout: 5000 });
    assert.ok((await scene.application.login({ connection: scene.connection.name })).claims.sub);
  });

  it("says where a person would go, and why", async () => {
    const ask = async (identifier) => (await world.api.send("GET", `home-realm-discovery?client_id=${scene.application.id}&identifier=${identifier}`)).json;
    // With a button there is something to choose, so that the address decides.
    assert.equal((await world.api.send("PATCH", `connections/${scene.connection.id}`, { show_as_button: true })).status, 200);
    const found = await ask("ann@corp.example");
    assert.equal(found.outcome, "provider");
    assert.equal(found.connections[0].name, scene.connection.name);
    assert.equal((await ask("ann@other.example")).outcome, "not_found");
  });
});
