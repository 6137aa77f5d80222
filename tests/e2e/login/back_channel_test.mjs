// Sign-in through a real provider over the back channel: what goes upstream, what comes back, what the application gets.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { World } from "../support/world.mjs";

describe("back channel", () => {
  let world, provider, application, connection;

  before(async () => {
    world = await World.start();
    provider = await world.realProvider();
    application = await world.application();
    connection = await world.connection(provider, { applications: [application] });
  });
  after(() => world?.dispose());

  it("sends a code request with PKCE, state and nonce to the provider", async () => {
    await application.login({ connection: connection.name });
    const sent = provider.lastRequest;
    assert.equal(sent.get("response_type"), "code");
    assert.equal(sent.get("redirect_uri"), world.server.callbackUrl);
    assert.equal(sent.get("client_id"), provider.clientId);
    assert.equal(sent.get("scope"), "openid profile email");
    assert.equal(sent.get("code_challenge_method"), "S256");
    assert.match(sent.get("code_challenge"), /^[\w-]{43}$/);
    assert.match(sent.get("state"), /^[\w-]{43}$/);
    assert.match(sent.get("nonce"), /^[\w-]{43,}$/);
  });

  it("gives the application the person's claims by scope", async () => {
    const { claims } = await application.login({ connection: connection.name });
    const { person } = provider;
    assert.equal(claims.sub, `oidc|${connection.name}|${person.sub}`);
    assert.deepEqual(
      { name: claims.name, given_name: claims.given_name, family_name: claims.family_name, nickname: claims.nickname },
      { name: person.name, given_name: person.given_name, family_name: person.family_name, nickname: person.nickname },
    );
    assert.equal(claims.email, person.email);
    assert.equal(claims.email_verified, true);
    assert.equal(claims.exp - claims.iat, 36000);
    assert.ok(Number.isInteger(claims.auth_time));
    assert.ok(claims.sid);
    // A custom attribute is stored, but enters no token by itself.
    assert.equal(claims.department, undefined);
  });

  it("leaves out what the scope does not ask for", async () => {
    const { claims } = await application.login({ connection: connection.name, scope: "openid" });
    assert.equal(claims.name, undefined);
    assert.equal(claims.email, undefined);
  });

  it("never calls the provider's userinfo endpoint", async () => {
    await application.login({ connection: connection.name });
    assert.equal(provider.count("/me"), 0);
  });

  it("records the user under connection and subject", async () => {
    const { claims } = await application.login({ connection: connection.name });
    const user = await world.api.user(claims.sub);
    assert.equal(user.email, provider.person.email);
    // A restricted name (login-runtime RP-71): groups never become an attribute by themselves.
    assert.equal(user.groups, undefined);
    assert.deepEqual(user.identities[0], {
      connection: connection.name,
      provider: "oidc",
      user_id: `${connection.name}|${provider.person.sub}`,
      isSocial: false,
    });
    assert.ok(user.logins_count >= 1);
  });

  it("follows a changed name at the next login", async () => {
    provider.person = { ...provider.person, name: "Rea Changed" };
    const { claims } = await application.login({ connection: connection.name });
    assert.equal(claims.name, "Rea Changed");
  });

  it("passes login_hint on", async () => {
    await application.login({ connection: connection.name, login_hint: "rea@real.example" });
    assert.equal(provider.lastRequest.get("login_hint"), "rea@real.example");
  });

  it("authenticates at the provider by Basic when told to", async () => {
    const basic = await world.realProvider({ client: { token_endpoint_auth_method: "client_secret_basic" } });
    const other = await world.connection(basic, {
      applications: [application],
      options: { token_endpoint_auth_method: "client_secret_basic" },
    });
    await application.login({ connection: other.name });
  });

  it("tells the application when the person turns back at the provider", async () => {
    provider.refusal = { error: "access_denied", error_description: "The person turned back" };
    try {
      const event = await world.refused(() => application.signIn({ connection: connection.name }), { error: "access_denied" });
      assert.equal(event.connection, connection.name);
      assert.equal(event.client_id, application.id);
    } finally {
      provider.refusal = undefined;
    }
  });

  it("answers with state even when the application sent none", async () => {
    const attempt = await application.signIn({ connection: connection.name, state: undefined });
    assert.equal(attempt.arrival.params.get("state"), null);
    application.code(attempt);
  });

  it("needs no connection parameter when the application has just one", async () => {
    const lone = await world.application();
    const only = await world.connection(provider, { applications: [lone] });
    const { claims } = await lone.login();
    assert.equal(claims.sub, `oidc|${only.name}|${provider.person.sub}`);
  });

  it("takes a POST at /authorize like a GET", async () => {
    const request = application.request({ connection: connection.name });
    const fields = new URL(request.url).searchParams;
    const browser = application.browser();
    const arrival = await browser.submit(`${world.server.url}/authorize`, fields, { initiator: "https://app.example/" });
    application.code({ arrival, request });
  });
});
