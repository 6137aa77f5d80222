// A host name of the tenant's own: proved by DNS, answered with its own issuer (management-api §6.5, E2E-12).
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { read } from "../support/jws.mjs";
import { NameServer } from "../support/name_server.mjs";
import { until } from "../support/waiting.mjs";
import { World } from "../support/world.mjs";

describe("a custom domain", () => {
  let names, world, application, made, host;

  before(async () => {
    names = await NameServer.start();
    world = await World.start({ settings: { dns_server: names.address } });
    world.adopt(names);
    application = await world.application({ grant_types: ["client_credentials"] });
    const answer = await world.api.send("POST", "custom-domains", { domain: "login.acme.example", type: "self_managed_certs" });
    assert.equal(answer.status, 201, answer.text);
    made = answer.json;
    host = `login.acme.example:${new URL(world.server.url).port}`;
  });
  after(() => world?.dispose());

  const verify = async () => (await world.api.send("POST", `custom-domains/${made.custom_domain_id}/verify`)).json;
  const at = (path, more = {}) => world.server.send(path, { ...more, headers: { host, ...more.headers } });
  const issuer = async () => (await at("/.well-known/openid-configuration")).json.issuer;

  it("means nothing before it is proved", async () => {
    const pending = await verify();
    assert.equal(pending.status, "pending_verification");
    assert.match(pending.verification.error_msg, /no TXT record at _symbolon-challenge\.login\.acme\.example/);
    assert.equal(await issuer(), world.server.issuer);
  });

  it("has its own issuer once it is proved", async () => {
    const [{ domain, record }] = made.verification.methods;
    names.records.set(domain, ["unrelated", record]);
    assert.equal((await verify()).status, "ready");
    await until("requests to the domain to be answered as it", async () => (await issuer()) === `http://${host}/`, { timeout: 5000 });
    const document = (await at("/.well-known/openid-configuration")).json;
    for (const [name, value] of Object.entries(document)) {
      if (typeof value === "string" && value.startsWith("http")) assert.ok(value.startsWith(`http://${host}/`), `${name}: ${value}`);
    }
    assert.equal((await world.server.send("/.well-known/openid-configuration")).json.issuer, world.server.issuer);
  });

  it("issues tokens in its own name, which the Management API takes", async () => {
    const audience = `${world.server.url}/api/v2/`;
    await world.api.send("POST", "client-grants", { client_id: application.id, audience, scope: ["read:clients"] });
    const { client_id, client_secret } = application.client;
    const answer = await at("/oauth/token", { json: { grant_type: "client_credentials", client_id, client_secret, audience } });
    assert.equal(answer.status, 200, answer.text);
    world.server.secrets.add(answer.json.access_token);
    assert.equal(read(answer.json.access_token).claims.iss, `http://${host}/`);
    const headers = { authorization: `Bearer ${answer.json.access_token}` };
    assert.equal((await at("/api/v2/clients", { headers })).status, 200);
    assert.equal((await world.server.send("/api/v2/clients", { headers })).status, 200);
  });

  it("belongs to nobody else and is gone when it is deleted", async () => {
    const again = await world.api.send("POST", "custom-domains", { domain: "login.acme.example", type: "self_managed_certs" });
    assert.equal(again.status, 409);
    assert.equal((await world.api.send("DELETE", `custom-domains/${made.custom_domain_id}`)).status, 204);
    await until("the domain to be forgotten", async () => (await issuer()) === world.server.issuer, { timeout: 5000 });
  });
});
