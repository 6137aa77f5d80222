// The requests of ZITADEL's reference page and of its clients, over HTTP, and what the other API sees of them.
import assert from "node:assert/strict";
import { createSign } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { send } from "../support/http.mjs";
import { World } from "../support/world.mjs";
import { ZitadelApi, connectionName } from "../support/zitadel.mjs";

const audience = "urn:zitadel:iam:org:project:id:zitadel:aud";

/** The string of the page's C# sample, as HttpClient puts it on the wire. */
const seedBody =
  '{\n "name": "My Provider",\n "clientId": "client-id",\n "clientSecret": "client-secret",\n "authorizationEndpoint": "https://accounts.google.com/o/oauth2/v2/auth",\n "tokenEndpoint": "https://oauth2.googleapis.com/token",\n "userEndpoint": "https://openidconnect.googleapis.com/v1/userinfo",\n "scopes": [\n "openid",\n "profile",\n "email"\n ],\n "idAttribute": "user_id",\n "providerOptions": {\n "isLinkingAllowed": true,\n "isCreationAllowed": true,\n "isAutoCreation": true,\n "isAutoUpdate": true,\n "autoLinking": "AUTO_LINKING_OPTION_UNSPECIFIED"\n },\n "usePkce": true\n}';

let world, zitadel;

before(async () => {
  world = await World.start();
  zitadel = await ZitadelApi.connect(world.server, "--key", "--secret");
});
after(() => world?.dispose());

describe("the seed's request", () => {
  it("works byte for byte, and the provider is a connection of the other API", async () => {
    const answer = await send(`${world.server.url}/admin/v1/idps/oauth`, {
      method: "POST",
      headers: {
        accept: "application/json",
        authorization: `Bearer ${zitadel.token}`,
        "content-type": "application/json; charset=utf-8",
      },
      body: seedBody,
    });
    assert.equal(answer.status, 200, answer.text);
    const { id, details } = answer.json;
    assert.match(id, /^\d{18}$/);
    assert.match(details.resourceOwner, /^\d{18}$/);
    assert.equal(details.sequence, "1");
    assert.match(details.creationDate, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    assert.equal("changeDate" in details, false);

    const list = await world.api.send("GET", "connections?strategy=oauth2");
    const connection = list.json.find(({ name }) => name === connectionName(id));
    assert.equal(connection.display_name, "My Provider");
    assert.equal(connection.options.tokenURL, "https://oauth2.googleapis.com/token");
    assert.equal(connection.options.client_secret, "client-secret");

    // Either side may edit it.
    const { client_secret: _, ...options } = connection.options;
    await world.api.updateConnection(connection.id, {
      display_name: "Renamed there",
      options: { ...options, scope: "email", provider_options: { isAutoCreation: true } },
    });
    const seen = await zitadel.get(id);
    assert.equal(seen.name, "Renamed there");
    assert.deepEqual(seen.config.oauth.scopes, ["email"]);
    assert.deepEqual(seen.config.options, { isAutoCreation: true });
    assert.equal(seen.details.sequence, "2");

    await zitadel.remove(id);
    assert.equal((await world.api.send("GET", `connections/${connection.id}`)).status, 404);
  });

  it("shows connections that were made by the other API", async () => {
    const connection = await world.api.createConnection({
      name: "made-there",
      strategy: "oauth2",
      options: {
        client_id: "c",
        client_secret: "s",
        authorizationURL: "https://idp.example/a",
        tokenURL: "https://idp.example/t",
        userinfo_url: "https://idp.example/u",
        id_attribute: "uid",
      },
    });
    const found = await zitadel.send("POST", "/admin/v1/idps/templates/_search", {
      queries: [{ idpNameQuery: { name: "MADE-", method: "TEXT_QUERY_METHOD_STARTS_WITH_IGNORE_CASE" } }],
    });
    const [provider] = found.json.result;
    assert.equal(provider.config.oauth.idAttribute, "uid");
    const renamed = await zitadel.send("PUT", `/admin/v1/idps/oauth/${provider.id}`, {
      name: "Made there",
      clientId: "c",
      authorizationEndpoint: "https://idp.example/a",
      tokenEndpoint: "https://idp.example/t",
      userEndpoint: "https://idp.example/u",
      idAttribute: "uid2",
    });
    assert.equal(renamed.status, 200, renamed.text);
    const { options, name, display_name } = await world.api.connection(connection.id);
    assert.deepEqual([name, display_name, options.id_attribute, options.client_secret], ["made-there", "Made there", "uid2", "s"]);
  });
});

describe("errors", () => {
  it("have the form that clients read", async () => {
    const missing = await send(`${world.server.url}/admin/v1/idps/oauth`, { method: "POST", json: {} });
    assert.equal(missing.status, 401);
    assert.deepEqual(missing.json, { code: 16, message: "auth header missing" });

    const blank = await zitadel.send("POST", "/admin/v1/idps/oauth", { ...JSON.parse(seedBody), name: "   " });
    assert.equal(blank.status, 400);
    assert.equal(blank.json.code, 3);
    assert.match(blank.json.message, / \(INST-D32ef\)$/);
    assert.equal(blank.json.details[0].id, "INST-D32ef");

    const nowhere = await zitadel.send("GET", "/admin/v1/nowhere");
    assert.deepEqual([nowhere.status, nowhere.json.code], [404, 5]);
    const method = await zitadel.send("DELETE", "/admin/v1/idps/oauth");
    assert.deepEqual([method.status, method.json], [405, { code: 12, message: "Method Not Allowed" }]);
    const large = await zitadel.send("POST", "/management/v1/idps/oauth", { name: "x".repeat(1_100_000) });
    assert.deepEqual([large.status, large.json], [413, { code: 3, message: "the body is too large" }]);
    const garbled = await zitadel.send("GET", "/admin/v1/idps/templates/%zz");
    assert.deepEqual([garbled.status, garbled.json.code], [400, 3]);
  });
});

describe("tokens of a service user", () => {
  const token = (form) => world.server.send("/oauth/v2/token", { form });

  it("come by the JWT profile with the key file", async () => {
    const file = zitadel.user.key_file;
    assert.equal(file.type, "serviceaccount");
    const now = Math.floor(Date.now() / 1000);
    const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const input = `${encode({ alg: "RS256", kid: file.keyId })}.${encode({
      iss: file.userId, sub: file.userId, aud: [world.server.issuer], iat: now, exp: now + 3600,
    })}`;
    const assertion = `${input}.${createSign("RSA-SHA256").update(input).sign(file.key, "base64url")}`;
    const answer = await token({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion, scope: `openid ${audience}` });
    assert.equal(answer.status, 200, answer.text);
    world.server.secrets.add(answer.json.access_token);
    assert.equal((await zitadel.send("POST", "/admin/v1/idps/templates/_search", {}, { token: answer.json.access_token })).status, 200);
  });

  it("come by client credentials with the username, and need the audience", async () => {
    const credentials = { grant_type: "client_credentials", client_id: zitadel.user.username, client_secret: zitadel.user.client_secret };
    const good = await token({ ...credentials, scope: audience });
    assert.equal(good.status, 200, good.text);
    assert.equal((await zitadel.send("GET", "/admin/v1/policies/login", undefined, { token: good.json.access_token })).status, 200);
    const other = await token({ ...credentials, scope: "openid" });
    assert.equal((await zitadel.send("GET", "/admin/v1/policies/login", undefined, { token: other.json.access_token })).status, 401);
  });

  it("are introspected by applications and their holder, and revoked by the holder alone", async () => {
    const holder = { client_id: zitadel.user.username, client_secret: zitadel.user.client_secret };
    const { client } = await world.application();
    const application = { client_id: client.client_id, client_secret: client.client_secret };
    const { access_token } = (await token({ grant_type: "client_credentials", ...holder, scope: audience })).json;
    world.server.secrets.add(access_token);
    const ask = async (caller, about = access_token) => (await world.server.send("/oauth/v2/introspect", { form: { ...caller, token: about } })).json;
    const revoke = (caller, path = "/oauth/v2/revoke") => world.server.send(path, { form: { ...caller, token: access_token } });
    for (const caller of [holder, application]) {
      const seen = await ask(caller);
      assert.deepEqual([seen.active, seen.sub, seen.username], [true, zitadel.user.user_id, zitadel.user.username]);
      assert.equal((await ask(caller, zitadel.token)).active, true, "a personal access token");
    }
    assert.equal((await ask({ ...holder, client_secret: "wrong" })).error, "invalid_client");
    const me = await world.server.send("/oidc/v1/userinfo", { headers: { authorization: `Bearer ${access_token}` } });
    assert.equal(me.json.sub, zitadel.user.user_id);
    assert.equal((await revoke(application)).json.error, "invalid_grant");
    assert.equal((await revoke(holder, "/oauth/revoke")).status, 200);
    for (const caller of [holder, application]) assert.deepEqual(await ask(caller), { active: false });
    assert.equal((await world.server.send("/oidc/v1/userinfo", { headers: { authorization: `Bearer ${access_token}` } })).status, 401);
    assert.equal((await zitadel.send("GET", "/admin/v1/policies/login", undefined, { token: access_token })).status, 401);
  });
});

describe("a person", () => {
  it("uses the API with a token of an authorization code, once a member", async () => {
    const provider = await world.realProvider();
    const application = await world.application();
    const connection = await world.connection(provider, { applications: [application] });
    const { tokens, claims } = await application.login({ connection: connection.name, scope: `openid ${audience}` });
    const search = () => zitadel.send("POST", "/admin/v1/idps/templates/_search", {}, { token: tokens.access_token });
    const before = await search();
    assert.equal(before.status, 404);
    assert.equal(before.json.details[0].id, "AUTHZ-cdgFk");
    const added = await zitadel.send("POST", "/admin/v1/members", { userId: claims.sub, roles: ["IAM_OWNER"] });
    assert.equal(added.status, 200, added.text);
    assert.equal((await search()).status, 200);

    const { tokens: plain } = await application.login({ connection: connection.name, scope: "openid" });
    const refused = await zitadel.send("GET", "/admin/v1/policies/login", undefined, { token: plain.access_token });
    assert.equal(refused.json.details[0].id, "AUTH-7fs1e");
  });
});
