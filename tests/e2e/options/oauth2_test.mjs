// Options of plain OAuth 2.0 providers: no discovery, no ID token, the profile comes from the user endpoint.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { assertSent, turnsAway } from "../support/options.mjs";
import { World } from "../support/world.mjs";

describe("options of OAuth 2.0 providers", () => {
  let world, application;

  before(async () => {
    world = await World.start();
    application = await world.application();
  });
  after(() => world?.dispose());

  const person = { id: 4711, login: "octo", name: "Octo Cat", email: "octo@forge.example", profile: { key: "k-1", mail: "deep@forge.example" } };
  const forge = async () => {
    const issuer = await world.hostileIssuer();
    issuer.on.userinfo = () => person;
    issuer.on.token = (body) => ({ access_token: body.access_token, token_type: "bearer", scope: "user" });
    return issuer;
  };
  const connect = async (issuer, options = {}) => {
    const connection = await world.api.createConnection({
      name: `o-${randomBytes(5).toString("hex")}`,
      strategy: "oauth2",
      options: {
        authorizationURL: `${issuer.url}/authorize`,
        tokenURL: `${issuer.url}/token`,
        userinfo_url: `${issuer.url}/userinfo`,
        client_id: issuer.clientId,
        client_secret: issuer.clientSecret,
        scope: "user",
        ...options,
      },
    });
    await world.api.enableClient(connection.id, application.id);
    return connection;
  };
  const signIn = async (issuer, options, request = {}) => {
    const connection = await connect(issuer, options);
    return { connection, ...(await application.login({ ...request, connection: connection.name })) };
  };
  const refused = async (issuer, options, refusal, request = {}) => {
    const connection = await connect(issuer, options);
    return world.refused(() => application.signIn({ ...request, connection: connection.name }), refusal);
  };

  it("the person is who the user endpoint says", async () => {
    const { claims, connection } = await signIn(await forge());
    assert.equal(claims.sub, `oauth2|${connection.name}|4711`);
    assert.equal(claims.name, "Octo Cat");
    assert.equal(claims.email, "octo@forge.example");
  });

  it("id_attribute names the member that identifies the person", async () => {
    const issuer = await forge();
    issuer.on.userinfo = () => ({ ...person, id: undefined });
    await refused(issuer, {}, { error: "server_error" });
    const { claims, connection } = await signIn(issuer, { id_attribute: "profile.key" });
    assert.equal(claims.sub, `oauth2|${connection.name}|k-1`);
  });

  it("fieldsMap takes attributes from other members", async () => {
    const { claims } = await signIn(await forge(), { fieldsMap: { "profile.mail": "email", login: "nickname" } });
    assert.equal(claims.email, "deep@forge.example");
    assert.equal(claims.nickname, "octo");
  });

  it("authParams adds to the authorization request, authParamsMap passes on", async () => {
    const issuer = await forge();
    issuer.on.authorize = (answer) =>
      issuer.lastRequest.get("team") === "blue" ? undefined : turnsAway(answer, "access_denied", "no team");
    await refused(issuer, {}, { rule: "E9", error: "access_denied" });
    await signIn(issuer, { authParams: { team: "blue" }, authParamsMap: { login_hint: "hint" } }, { login_hint: "octo" });
    assertSent(issuer, { team: "blue", hint: "octo" });
  });

  it("customHeaders go with the token request", async () => {
    const issuer = await forge();
    issuer.on.token = (body, { headers }) =>
      headers["x-forge"] === "yes" ? { access_token: body.access_token, token_type: "bearer" } : { status: 403, headers: {}, body: "no" };
    await refused(issuer, {}, { rule: "RP-64", error: "server_error" });
    await signIn(issuer, { customHeaders: { "X-Forge": "yes" } });
  });

  it("pkce_enabled sends a challenge", async () => {
    const issuer = await forge();
    issuer.on.authorize = (answer) =>
      issuer.lastRequest.get("code_challenge_method") === "S256" ? undefined : turnsAway(answer, "invalid_request", "PKCE is required");
    await refused(issuer, {}, { rule: "E9", error: "server_error" });
    await signIn(issuer, { pkce_enabled: true });
  });

  it("useOauthSpecScope joins added scopes with spaces instead of commas", async () => {
    const issuer = await forge();
    await signIn(issuer, {}, { connection_scope: "repo" });
    assertSent(issuer, { scope: "user,repo" });
    await signIn(issuer, { useOauthSpecScope: true }, { connection_scope: "repo" });
    assertSent(issuer, { scope: "user repo" });
  });

  it("a form-encoded token answer is understood", async () => {
    const issuer = await forge();
    issuer.on.token = (body) => ({
      status: 200,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ access_token: body.access_token, token_type: "bearer" }).toString(),
    });
    await signIn(issuer);
  });

  it("a test shows the user endpoint's answer instead of an ID token", async () => {
    const issuer = await forge();
    const connection = await connect(issuer);
    const link = (await world.api.send("POST", `connections/${connection.id}/try`)).json;
    await application.browser().open(link.url);
    const report = (await world.api.send("GET", `connections/try-results/${link.result_id}`)).json;
    assert.equal(report.status, "succeeded");
    assert.equal(report.user.id, 4711);
    assert.equal(report.id_token, undefined);
    assert.equal(report.user_id, `oauth2|${connection.name}|4711`);
  });
});
