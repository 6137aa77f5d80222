// A host name of the tenant's own: proved by DNS, answered with its own issuer (management-api §6.5, E2E-12).
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Application } from "../support/application.mjs";
import { send } from "../support/http.mjs";
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

  describe("signs people in", () => {
    // The server as applications know it that were given the domain.
    const domain = () => ({
      url: `http://${host}`,
      issuer: `http://${host}/`,
      host,
      secrets: world.server.secrets,
      send: (path, options) => send(`http://${host}${path}`, { locally: ["login.acme.example"], ...options }),
    });
    const onDomain = (made) => new Application(domain(), made.client);
    const browser = (made, cookies) => made.browser({ locally: ["login.acme.example"], cookies });
    let issuer, made, connection;

    before(async () => {
      ({ issuer, application: made, connection } = await world.scene({
        client: { grant_types: ["authorization_code", "refresh_token"], allowed_logout_urls: ["https://app.example/bye"] },
      }));
    });

    it("every address that a browser, an application or the provider sees is the domain's", async () => {
      const there = onDomain(made);
      const visitor = browser(made);
      const { claims, tokens } = await there.login({ connection: connection.name }, { browser: visitor });
      assert.equal(claims.iss, `http://${host}/`);
      assert.equal(issuer.lastRequest.get("redirect_uri"), `http://${host}/login/callback`);
      assert.equal(issuer.calls.token.at(-1).form.get("redirect_uri"), `http://${host}/login/callback`);
      for (const { url } of visitor.history) assert.ok([`http://${host}/`, issuer.url].some((own) => url.startsWith(own)), url);
      const cookies = visitor.cookies.all().filter((cookie) => cookie.name.endsWith("bs"));
      assert.deepEqual(cookies.map((cookie) => cookie.host), ["login.acme.example"]);
      assert.equal((await there.userinfo(tokens.access_token)).status, 200);

      const out = await visitor.request({ url: `http://${host}/v2/logout` });
      assert.equal(out.headers.location, `http://${host}/u/logged-out`);
    });

    it("a page on the way is the domain's too", async () => {
      const two = await world.connection(issuer, { applications: [made], show_as_button: true });
      await world.api.updateConnection(connection.id, { show_as_button: true });
      const { arrival } = await onDomain(made).signIn({}, { browser: browser(made) });
      assert.equal(arrival.page.status, 200);
      assert.ok(arrival.page.url.startsWith(`http://${host}/u/`), arrival.page.url);
      for (const [, address] of arrival.page.text.matchAll(/(?:action|href)="(https?:[^"]+)"/g)) assert.ok(address.startsWith(`http://${host}/`), address);
      await world.api.deleteConnection(two.id);
    });

    it("what one host hands out is worth nothing at the other", async () => {
      const hosts = { domain: onDomain(made), canonical: made };
      for (const [name, here] of Object.entries(hosts)) {
        const elsewhere = hosts[name === "domain" ? "canonical" : "domain"];
        const parameters = { connection: connection.name, scope: "openid offline_access" };
        const visit = await here.signIn(parameters, { browser: browser(made) });
        const stolen = await elsewhere.redeem(here.code(visit), visit.request.verifier);
        assert.deepEqual([stolen.status, stolen.json.error], [400, "invalid_grant"], `code of ${name}`);

        const { tokens, browser: visitor } = await here.login(parameters, { browser: browser(made) });
        assert.equal((await elsewhere.userinfo(tokens.access_token)).status, 401, `access token of ${name}`);
        const refresh = (at) => {
          const { form, headers } = at.credentials();
          return at.server.send("/oauth/token", { form: { grant_type: "refresh_token", refresh_token: tokens.refresh_token, ...form }, headers });
        };
        assert.equal((await refresh(elsewhere)).status, 400, `refresh token of ${name}`);
        assert.equal((await refresh(here)).status, 200);
        const silent = await elsewhere.signIn({ ...parameters, prompt: "none" }, { browser: browser(made, visitor.cookies) });
        assert.equal(silent.arrival.params.get("error"), "login_required", `session of ${name}`);
        const hinted = await elsewhere.signIn({ ...parameters, prompt: "none", id_token_hint: tokens.id_token }, { browser: browser(made, visitor.cookies) });
        assert.equal(hinted.arrival.params.get("error"), "invalid_request", `ID token of ${name}`);
      }
    });
  });

  it("belongs to nobody else and is gone when it is deleted", async () => {
    const again = await world.api.send("POST", "custom-domains", { domain: "login.acme.example", type: "self_managed_certs" });
    assert.equal(again.status, 409);
    assert.equal((await world.api.send("DELETE", `custom-domains/${made.custom_domain_id}`)).status, 204);
    await until("the domain to be forgotten", async () => (await issuer()) === world.server.issuer, { timeout: 5000 });
  });
});
