// Answers that an honest provider never gives: authorization response and token endpoint (login-runtime §2.6–2.8, §2.13).
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { World } from "../support/world.mjs";

describe("upstream answers", () => {
  let world;

  before(async () => (world = await World.start()));
  after(() => world?.dispose());

  const asError = (error, extra = {}) => (answer) => {
    answer.mode = "query";
    answer.params = { error, state: answer.params.state, iss: answer.params.iss, ...extra };
  };

  const mapped = {
    access_denied: "access_denied",
    user_cancelled_login: "access_denied",
    temporarily_unavailable: "temporarily_unavailable",
    server_error: "server_error",
    invalid_request: "server_error",
    unauthorized_client: "server_error",
    unsupported_response_type: "server_error",
    invalid_scope: "server_error",
    something_new: "access_denied",
  };
  for (const [upstream, downstream] of Object.entries(mapped)) {
    it(`the provider's ${upstream} reaches the application as ${downstream}`, async () => {
      const { issuer, application, connection } = await world.scene();
      issuer.on.authorize = asError(upstream);
      await world.refused(() => application.signIn({ connection: connection.name }), { error: downstream });
      assert.equal(issuer.calls.token.length, 0);
    });
  }

  it("login_required upstream is tried once more without prompt, then given up", async () => {
    const { issuer, application, connection } = await world.scene();
    issuer.on.authorize = asError("login_required");
    await world.refused(() => application.signIn({ connection: connection.name, prompt: "login" }), { error: "access_denied" });
    assert.equal(issuer.calls.authorize.length, 2);
    assert.equal(issuer.calls.authorize[0].query.get("prompt"), "login");
    assert.equal(issuer.calls.authorize[1].query.get("prompt"), null);
  });

  const tokenAnswers = {
    "no id_token": (body) => void delete body.id_token,
    "an id_token that is a number": (body) => void (body.id_token = 1),
    "a list instead of an object": () => [],
    "HTML with status 200": () => ({ status: 200, headers: { "content-type": "text/html" }, body: "<html>" }),
    "an empty body": () => ({ status: 200, body: "" }),
    "error with status 200": () => ({ error: "invalid_grant" }),
    "status 204": () => ({ status: 204 }),
    "status 500": () => ({ status: 500, body: "broken" }),
    "status 401 invalid_client": () => ({ status: 401, body: JSON.stringify({ error: "invalid_client" }) }),
  };
  for (const [name, spoil] of Object.entries(tokenAnswers)) {
    it(`a token answer with ${name} ends the login`, async () => {
      const { issuer, application, connection } = await world.scene();
      issuer.on.token = spoil;
      const event = await world.refused(() => application.signIn({ connection: connection.name }), {});
      assert.equal(event.step, "token_request");
      assert.ok(event.hint, "no hint what to change");
      assert.equal(issuer.calls.token.length, 1, "a code was sent twice");
    });
  }

  it("invalid_grant upstream is access_denied downstream", async () => {
    const { issuer, application, connection } = await world.scene();
    issuer.on.token = () => ({ status: 400, headers: { "content-type": "application/json" }, body: '{"error":"invalid_grant"}' });
    await world.refused(() => application.signIn({ connection: connection.name }), { error: "access_denied" });
  });

  it("token_type in any case is Bearer", async () => {
    const { issuer, application, connection } = await world.scene();
    issuer.on.token = (body) => void (body.token_type = "bEARER");
    await application.login({ connection: connection.name });
  });

  it("a discovery document that breaks a rule is refused by name", async () => {
    const rules = {
      issuer: (document) => void delete document.issuer,
      authorization_endpoint: (document) => void delete document.authorization_endpoint,
      token_endpoint: (document) => void delete document.token_endpoint,
      jwks_uri: (document) => void delete document.jwks_uri,
      response_types_supported: (document) => void (document.response_types_supported = ["id_token"]),
      id_token_signing_alg_values_supported: (document) => void (document.id_token_signing_alg_values_supported = ["HS256"]),
    };
    for (const [member, spoil] of Object.entries(rules)) {
      const issuer = await world.hostileIssuer();
      issuer.on.discovery = spoil;
      const answer = await world.api.send("POST", "connections", {
        strategy: "oidc",
        name: `bad-${member.replaceAll("_", "-")}`,
        options: { type: "back_channel", client_id: "x", client_secret: "y", discovery_url: issuer.discoveryUrl },
      });
      assert.equal(answer.status, 400, `${member}: ${answer.text}`);
      assert.ok(answer.json.message.includes(member), answer.json.message);
    }
  });

  it("an issuer that is not where its document is counts as the document says, and no other", async () => {
    const issuer = await world.hostileIssuer();
    const moved = "https://elsewhere.example";
    issuer.on.discovery = (document) => void (document.issuer = moved);
    issuer.on.authorize = (answer) => void (answer.params.iss = moved);
    const application = await world.application();
    const connection = await world.connection(issuer, { applications: [application] });
    assert.equal(connection.options.issuer, moved);
    await world.refused(() => application.signIn({ connection: connection.name }), { rule: "V4", error: "access_denied" });
    issuer.on.idToken = (token) => void (token.claims.iss = moved);
    await application.login({ connection: connection.name });
  });
});
