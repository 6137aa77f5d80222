// The token endpoint, userinfo, and what tokens look like.
import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { basic } from "../support/http.mjs";
import { read } from "../support/jws.mjs";
import { World } from "../support/world.mjs";

describe("tokens", () => {
  let world, provider, application, connection;

  before(async () => {
    world = await World.start();
    provider = await world.realProvider();
    application = await world.application();
    connection = await world.connection(provider, { applications: [application] });
  });
  after(() => world?.dispose());

  async function assertSignedByUs(token, alg) {
    const { header } = read(token);
    assert.equal(header.alg, alg);
    const { keys } = (await world.server.send("/.well-known/jwks.json")).json;
    const jwk = keys.find(({ kid }) => kid === header.kid);
    assert.ok(jwk, `no published key ${header.kid}`);
    const [head, body, signature] = token.split(".");
    const key = { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" };
    assert.ok(verify("sha256", Buffer.from(`${head}.${body}`), key, Buffer.from(signature, "base64url")));
  }

  it("an ID token is signed RS256 by a published key", async () => {
    const { tokens, header } = await application.login({ connection: connection.name });
    assert.equal(header.typ, "JWT");
    await assertSignedByUs(tokens.id_token, "RS256");
  });

  it("an application may have ES256 instead", async () => {
    const modern = await world.application({ jwt_configuration: { alg: "ES256" } });
    await world.api.enableClient(connection.id, modern.id);
    const { tokens } = await modern.login({ connection: connection.name });
    await assertSignedByUs(tokens.id_token, "ES256");
  });

  it("the answer says Bearer, lifetime and scope, and is not stored", async () => {
    const { answer, tokens } = await application.login({ connection: connection.name });
    assert.match(answer.headers["cache-control"], /no-store/);
    assert.equal(tokens.token_type, "Bearer");
    assert.equal(tokens.expires_in, 86400);
    assert.deepEqual(tokens.scope.split(" ").sort(), ["email", "openid", "profile"]);
    assert.equal(tokens.refresh_token, undefined);
  });

  it("without openid there is no ID token", async () => {
    const attempt = await application.signIn({ connection: connection.name, scope: "profile" });
    const answer = await application.redeem(application.code(attempt), attempt.request.verifier);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.id_token, undefined);
  });

  it("without an API the access token is opaque and opens userinfo", async () => {
    const { tokens, claims } = await application.login({ connection: connection.name });
    assert.doesNotMatch(tokens.access_token, /\./);
    const userinfo = await application.userinfo(tokens.access_token);
    assert.equal(userinfo.status, 200, userinfo.text);
    assert.equal(userinfo.json.sub, claims.sub);
    assert.equal(userinfo.json.email, provider.person.email);
    const posted = await world.server.send("/userinfo", { form: { access_token: tokens.access_token } });
    assert.equal(posted.json.sub, claims.sub);
  });

  it("userinfo refuses a missing, wrong or foreign token", async () => {
    const { tokens } = await application.login({ connection: connection.name });
    const cases = {
      none: {},
      wrong: { authorization: "Bearer nothing-of-ours" },
      "ID token": { authorization: `Bearer ${tokens.id_token}` },
      "Management API token": { authorization: `Bearer ${world.api.token}` },
      "in the query": undefined,
    };
    for (const [name, headers] of Object.entries(cases)) {
      const path = headers ? "/userinfo" : `/userinfo?access_token=${tokens.access_token}`;
      const answer = await world.server.send(path, { headers });
      assert.ok([401, 403].includes(answer.status), `${name}: ${answer.status}`);
      assert.match(answer.headers["www-authenticate"], /^Bearer/, name);
    }
  });

  it("with the Management API as audience the access token is a JWT for it", async () => {
    const { claims, header } = { ...read(world.api.token) };
    assert.equal(header.alg, "RS256");
    assert.equal(claims.iss, world.server.issuer);
    assert.ok([claims.aud].flat().includes(`${world.server.url}/api/v2/`));
    assert.match(claims.sub, /@clients$/);
    assert.equal(claims.gty, "client-credentials");
    assert.match(claims.scope, /create:connections/);
    assert.equal(claims.exp - claims.iat, 86400);
  });

  it("client credentials work by Basic, form and JSON", async () => {
    const client = await world.server.createClient("--name", "machine", "--management");
    world.server.secrets.add(client.client_secret);
    const { client_id, client_secret } = client;
    const grant = { grant_type: "client_credentials", audience: `${world.server.url}/api/v2/` };
    const ways = [
      { form: grant, headers: { authorization: basic(client_id, client_secret) } },
      { form: { ...grant, client_id, client_secret } },
      { json: { ...grant, client_id, client_secret } },
    ];
    for (const way of ways) {
      const answer = await world.server.send("/oauth/token", way);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.json.expires_in, 86400);
    }
  });

  it("client credentials without a grant for the API are refused", async () => {
    const machine = await world.application({
      app_type: "non_interactive",
      callbacks: undefined,
      grant_types: ["client_credentials"],
    });
    const answer = await world.server.send("/oauth/token", {
      form: {
        grant_type: "client_credentials",
        client_id: machine.id,
        client_secret: machine.client.client_secret,
        audience: `${world.server.url}/api/v2/`,
      },
    });
    assert.equal(answer.status, 403, answer.text);
    assert.equal(answer.json.error, "access_denied");
  });

  it("the token endpoint takes JSON as well as a form, and nothing else", async () => {
    const attempt = await application.signIn({ connection: connection.name });
    const answer = await application.redeem(application.code(attempt), attempt.request.verifier, { json: true });
    assert.equal(answer.status, 200, answer.text);
    const xml = await world.server.send("/oauth/token", { method: "POST", body: "<a/>", headers: { "content-type": "text/xml" } });
    assert.equal(xml.status, 415);
  });

  it("an unknown grant type is unsupported, a grant that the application lacks is unauthorized", async () => {
    const ask = (grant_type) => application.redeem(undefined, undefined, { form: { grant_type } });
    const unknown = await ask("urn:example:unknown");
    assert.equal(unknown.status, 400);
    assert.equal(unknown.json.error, "unsupported_grant_type");
    const lacking = await ask("client_credentials");
    assert.equal(lacking.status, 403);
    assert.equal(lacking.json.error, "unauthorized_client");
  });

  it("a repeated parameter is refused", async () => {
    const { client_id, client_secret } = application.client;
    const body = `grant_type=authorization_code&code=a&code=b&client_id=${client_id}&client_secret=${client_secret}`;
    const answer = await world.server.send("/oauth/token", {
      method: "POST",
      body,
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    assert.equal(answer.status, 400);
    assert.equal(answer.json.error, "invalid_request");
  });

  it("an unknown audience is an error for the application", async () => {
    const { arrival } = await application.signIn({ connection: connection.name, audience: "https://nobody.example/api" });
    assert.equal(arrival.params.get("error"), "access_denied");
    assert.match(arrival.params.get("error_description"), /Service not found/);
  });
});
