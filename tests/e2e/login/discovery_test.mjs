// What an application learns by itself, and the second names of the endpoints.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { World } from "../support/world.mjs";

describe("discovery", () => {
  let world, application, connection;

  before(async () => {
    world = await World.start();
    const provider = await world.realProvider();
    application = await world.application();
    connection = await world.connection(provider, { applications: [application] });
  });
  after(() => world?.dispose());

  it("describes the server under its public URL", async () => {
    const answer = await world.server.send("/.well-known/openid-configuration");
    assert.equal(answer.status, 200);
    assert.match(answer.headers["content-type"], /^application\/json/);
    const document = answer.json;
    const { url } = world.server;
    assert.equal(document.issuer, `${url}/`);
    assert.equal(document.authorization_endpoint, `${url}/authorize`);
    assert.equal(document.token_endpoint, `${url}/oauth/token`);
    assert.equal(document.userinfo_endpoint, `${url}/userinfo`);
    assert.equal(document.jwks_uri, `${url}/.well-known/jwks.json`);
    assert.deepEqual(document.subject_types_supported, ["public"]);
    assert.ok(document.response_types_supported.includes("code"));
    for (const mode of ["query", "form_post"]) assert.ok(document.response_modes_supported.includes(mode));
    for (const alg of ["RS256", "ES256"]) assert.ok(document.id_token_signing_alg_values_supported.includes(alg));
    assert.deepEqual(document.code_challenge_methods_supported, ["S256"]);
    assert.equal(document.authorization_response_iss_parameter_supported, true);
  });

  it("is the same document under RFC 8414's name", async () => {
    const [oidc, oauth] = await Promise.all(
      ["openid-configuration", "oauth-authorization-server"].map((name) => world.server.send(`/.well-known/${name}`)),
    );
    assert.equal(oauth.status, 200);
    assert.deepEqual(oauth.json, oidc.json);
  });

  it("publishes no private part of a key", async () => {
    for (const path of ["/.well-known/jwks.json", "/oauth/v2/keys"]) {
      const { keys } = (await world.server.send(path)).json;
      assert.ok(keys.length > 0);
      for (const key of keys) for (const name of ["d", "p", "q", "dp", "dq", "qi", "k"]) assert.ok(!(name in key), `${path} ${name}`);
    }
  });

  it("may be read by any page, the authorization endpoint by none", async () => {
    const headers = { origin: "https://elsewhere.example" };
    const open = await world.server.send("/.well-known/openid-configuration", { headers });
    assert.equal(open.headers["access-control-allow-origin"], "*");
    const closed = await world.server.send(new URL(application.request({ connection: connection.name }).url).pathname, { headers });
    assert.equal(closed.headers["access-control-allow-origin"], undefined);
  });

  it("the second names lead to the same login: a code of one is redeemed at the other", async () => {
    const one = await application.signIn({ connection: connection.name }, { path: "/oauth/v2/authorize" });
    const atCanonical = await application.redeem(application.code(one), one.request.verifier);
    assert.equal(atCanonical.status, 200, atCanonical.text);

    const two = await application.signIn({ connection: connection.name });
    const atAlias = await application.redeem(application.code(two), two.request.verifier, { path: "/oauth/v2/token" });
    assert.equal(atAlias.status, 200, atAlias.text);

    const userinfo = await world.server.send("/oidc/v1/userinfo", {
      headers: { authorization: `Bearer ${atAlias.json.access_token}` },
    });
    assert.equal(userinfo.status, 200);
  });

  it("scopes in ZITADEL's words are no error", async () => {
    await application.login({ connection: connection.name, scope: "openid urn:zitadel:iam:user:metadata" });
  });

  it("an unknown path is 404, a wrong method 405 with Allow", async () => {
    const unknown = await world.server.send("/no/such/path");
    assert.equal(unknown.status, 404);
    assert.ok(unknown.json);
    const wrong = await world.server.send("/oauth/token");
    assert.equal(wrong.status, 405);
    assert.match(wrong.headers.allow, /POST/);
    assert.equal(wrong.json.error, "method_not_allowed");
  });

  it("is alive and ready without a token", async () => {
    for (const path of ["/healthz", "/readyz"]) assert.equal((await world.server.send(path)).status, 200);
  });
});
