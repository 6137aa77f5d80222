// Sign-in that starts at a provider (OpenID Connect Core §4), and claims asked for by name (§5.5), with an unchanged client.
import "../support/web_crypto.mjs";
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Issuer, generators } from "openid-client";
import { World } from "../support/world.mjs";

describe("sign-in from the provider's side, and claims by name", () => {
  const start = "https://app.example/login";
  let world, provider, application, connection, client;

  before(async () => {
    world = await World.start();
    provider = await world.realProvider();
    application = await world.application({ initiate_login_uri: start });
    connection = await world.connection(provider, { applications: [application] });
    const issuer = await Issuer.discover(world.server.url);
    client = new issuer.Client({
      client_id: application.id,
      client_secret: application.client.client_secret,
      redirect_uris: [application.redirectUri],
      token_endpoint_auth_method: "client_secret_post",
    });
  });
  after(() => world?.dispose());

  const browser = () => application.browser({ applications: [application.redirectUri, start] });

  /** What an application does with a request to its initiate_login_uri, and what comes of it. */
  async function signIn(visitor, parameters) {
    const checks = { nonce: generators.nonce(), state: generators.state() };
    const arrival = await visitor.open(client.authorizationUrl({ scope: "openid", connection: connection.name, ...checks, ...parameters }));
    return client.callback(application.redirectUri, client.callbackParams(arrival.landing.url), checks);
  }

  it("leads over the application's own start to tokens", async () => {
    const visitor = browser();
    const target = "https://app.example/reports/7";
    const query = new URLSearchParams({ iss: provider.url, client_id: application.id, login_hint: provider.person.email, target_link_uri: target });
    const { landing } = await visitor.open(`${world.server.url}/login/initiate?${query}`);
    assert.equal(landing.url.split("?")[0], start);
    assert.equal(landing.params.get("iss"), client.issuer.issuer, "the application's issuer is the server, not the provider");
    assert.equal(landing.params.get("target_link_uri"), target);
    const tokens = await signIn(visitor, { login_hint: landing.params.get("login_hint") });
    assert.ok(tokens.claims().sub);
  });

  it("T21: goes nowhere for an issuer or a target of somebody else's", async () => {
    const foreign = await browser().open(`${world.server.url}/login/initiate?iss=https%3A%2F%2Fevil.example&client_id=${application.id}`);
    assert.equal(foreign.page.status, 400);
    const query = new URLSearchParams({ iss: provider.url, client_id: application.id, target_link_uri: "https://evil.example/" });
    const { landing } = await browser().open(`${world.server.url}/login/initiate?${query}`);
    assert.equal(landing.params.get("target_link_uri"), null);
    assert.doesNotMatch(landing.url, /evil/);
  });

  it("gives claims without their scope, in the token or from userinfo as asked", async () => {
    assert.equal(client.issuer.claims_parameter_supported, true);
    const claims = { id_token: { email: { essential: true } }, userinfo: { email_verified: null, app_metadata: null } };
    const tokens = await signIn(browser(), { claims: JSON.stringify(claims) });
    assert.equal(tokens.claims().email, provider.person.email);
    assert.equal(tokens.claims().email_verified, undefined);
    assert.deepEqual(Object.keys(await client.userinfo(tokens)).sort(), ["email_verified", "sub"]);
  });

  it("refuses another person than the claims name", async () => {
    const wanted = JSON.stringify({ id_token: { sub: { value: "oidc|elsewhere|nobody" } } });
    await assert.rejects(signIn(browser(), { claims: wanted }), (error) => error.error === "login_required");
  });
});
