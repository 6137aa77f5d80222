// Sign-in through OAuth 2.0 servers that issue no ID token: two that we did not write, and one that misbehaves on order.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { OAuth2Server } from "oauth2-mock-server";
import { reference } from "../support/html.mjs";
import { OAuthServer } from "../support/oauth_server.mjs";
import { World } from "../support/world.mjs";
import { ZitadelApi, changeOptions, connectionName, everything } from "../support/zitadel.mjs";

let world, zitadel, application;

before(async () => {
  world = await World.start();
  zitadel = await ZitadelApi.connect(world.server);
  application = await world.application();
});
after(() => world?.dispose());

async function offered(upstream, rest) {
  const id = await zitadel.provider(upstream, rest);
  await zitadel.offer(id);
  return connectionName(id);
}

describe("oidc-provider as an OAuth 2.0 server", () => {
  it("signs in with an opaque token and the user endpoint", async () => {
    const provider = await world.realProvider();
    const upstream = {
      clientId: provider.clientId,
      clientSecret: provider.clientSecret,
      authorizationEndpoint: `${provider.url}/auth`,
      tokenEndpoint: `${provider.url}/token`,
      userEndpoint: `${provider.url}/me`,
      idAttribute: "sub",
    };
    const connection = await offered(upstream);
    // This one has no chooser of accounts, and says so: it is asked again without, unless the application wants one.
    const { claims } = await application.login({ connection });
    const sent = provider.lastRequest;
    assert.equal(sent.get("prompt"), null);
    await world.refused(() => application.signIn({ connection, prompt: "select_account" }), { error: "server_error" });
    assert.equal(provider.lastRequest.get("prompt"), "select_account");
    await changeOptions(world.api, connection, { send_prompt: false });
    await application.login({ connection });
    assert.equal(sent.get("redirect_uri"), world.server.zitadelCallbackUrls[0]);
    assert.equal(sent.get("scope"), "openid profile email");
    assert.equal(sent.get("code_challenge_method"), "S256");
    assert.equal(sent.get("nonce"), null);
    assert.equal(provider.count("/me"), 2);
    assert.equal(claims.sub, `oauth2|${connection}|${provider.person.sub}`);
    assert.equal(claims.email, provider.person.email);
    assert.equal(claims.email_verified, true);
    assert.equal(claims.name, provider.person.name);
  });
});

describe("oauth2-mock-server", () => {
  it("signs in, and the user is the same the second time", async () => {
    const mock = new OAuth2Server();
    await mock.issuer.keys.generate("RS256");
    await mock.start(0, "127.0.0.1");
    world.adopt({ dispose: () => mock.stop() });
    mock.service.on("beforeUserinfo", (response) => {
      response.body = { account: 367086328984109061n.toString(), display_name: "Mo Ck", email: "mo@mock.example" };
    });
    const url = `http://127.0.0.1:${mock.address().port}`;
    const connection = await offered({
      clientId: "c",
      clientSecret: "s3cret-of-mock",
      authorizationEndpoint: `${url}/authorize`,
      tokenEndpoint: `${url}/token`,
      userEndpoint: `${url}/userinfo`,
      idAttribute: "account",
    });
    const first = await application.login({ connection });
    assert.equal(first.claims.sub, `oauth2|${connection}|367086328984109061`);
    assert.equal(first.claims.email_verified, false);
    const second = await application.login({ connection });
    assert.equal(second.claims.sub, first.claims.sub);
    const user = await world.api.user(first.claims.sub);
    assert.equal(user.logins_count, 2);
  });
});

describe("an OAuth 2.0 server", () => {
  let upstream, connection;

  before(async () => {
    upstream = world.adopt(await OAuthServer.start());
    world.server.secrets.add(upstream.clientSecret);
    connection = await offered(upstream);
  });

  const scripted = async (on, attempt) => {
    upstream.on = on;
    try {
      return await attempt();
    } finally {
      upstream.on = {};
    }
  };

  it("gets its own query parameters, the state and a challenge", async () => {
    await application.login({ connection });
    const { query } = upstream.calls.authorize.at(-1);
    assert.equal(query.get("tenant"), "blue");
    assert.match(query.get("state"), /^[\w-]{43}$/);
    assert.equal(query.get("redirect_uri"), world.server.zitadelCallbackUrls[0]);
    assert.equal(query.get("prompt"), "select_account");
    assert.equal(upstream.calls.token.at(-1).form.get("redirect_uri"), world.server.zitadelCallbackUrls[0]);
    assert.equal(upstream.calls.user.at(-1).headers.accept, "application/json");
    assert.ok(upstream.calls.user.at(-1).headers["user-agent"]);
  });

  it("may know any of the callback addresses, and send browsers back to another", async () => {
    const { callbackUrl, zitadelCallbackUrls } = world.server;
    for (const address of [callbackUrl, ...zitadelCallbackUrls]) {
      await changeOptions(world.api, connection, { callback_path: new URL(address).pathname });
      const { claims } = await application.login({ connection });
      assert.ok(claims.sub);
      assert.equal(upstream.calls.authorize.at(-1).query.get("redirect_uri"), address);
    }
    // The browser is sent to another one; the code stays bound to the address that was asked for.
    await scripted({ authorize: (params) => ({ status: 302, headers: { location: `${callbackUrl}?${new URLSearchParams(params)}` } }) },
      () => application.login({ connection }));
    assert.equal(upstream.calls.token.at(-1).form.get("redirect_uri"), zitadelCallbackUrls[1]);
    await changeOptions(world.api, connection, { callback_path: new URL(zitadelCallbackUrls[0]).pathname });
  });

  it("is not asked to let choose where the application knows who comes", async () => {
    await application.login({ connection, login_hint: "ada@oauth.example" });
    const { query } = upstream.calls.authorize.at(-1);
    assert.deepEqual([query.get("prompt"), query.get("login_hint")], [null, "ada@oauth.example"]);
  });

  it("may read credentials in one place only, and is not asked twice for a bad code", async () => {
    const basicOnly = {
      token: (body, call) =>
        call.headers.authorization ? body : { status: 401, headers: { "content-type": "application/json" }, body: '{"error":"invalid_client"}' },
    };
    // The code is spent by the first try here, as with servers that look at the code before the client.
    upstream.on = basicOnly;
    await application.signIn({ connection });
    upstream.on = {};
    const before = upstream.calls.token.length;
    await scripted({ token: () => ({ status: 400, headers: { "content-type": "application/json" }, body: '{"error":"invalid_grant"}' }) },
      () => world.refused(() => application.signIn({ connection }), {}));
    assert.equal(upstream.calls.token.length, before + 1, "a code is presented once");
  });

  it("may answer with a form, as GitHub once did", async () => {
    const body = (fields) => ({
      status: 200,
      headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
      body: new URLSearchParams(fields).toString(),
    });
    await scripted({ token: (fields) => body(fields) }, () => application.login({ connection }));
  });

  for (const type of ["Bearer", "bearer", undefined]) {
    it(`may name the token type ${type}`, () =>
      scripted({ token: (body) => ({ ...body, token_type: type }) }, () => application.login({ connection })));
  }

  const html = { status: 200, headers: { "content-type": "text/html" }, body: "<!doctype html><title>Sign in</title>" };
  const wrong = {
    "a token of another type": { token: (body) => ({ ...body, token_type: "mac" }) },
    "no token": { token: () => ({ token_type: "bearer" }) },
    "HTML for a token": { token: () => html },
    "500 for a token": { token: () => ({ status: 500, body: "oops" }) },
    "a huge token": { token: (body) => ({ ...body, more: "x".repeat(2 << 20) }) },
    "HTML for the user": { user: () => html },
    "500 for the user": { user: () => ({ status: 500, body: "oops" }) },
    "401 for the user": { user: () => ({ status: 401, body: "{}" }) },
    "a redirect for the user": { user: () => ({ status: 302, headers: { location: "http://127.0.0.1:1/" } }) },
    "a huge user": { user: (body) => ({ ...body, more: "x".repeat(3 << 20) }) },
    "no id": { user: ({ id: _, ...body }) => body },
    "a null id": { user: (body) => ({ ...body, id: null }) },
    "an empty id": { user: (body) => ({ ...body, id: "" }) },
    "a blank id": { user: (body) => ({ ...body, id: "  " }) },
    "a boolean id": { user: (body) => ({ ...body, id: true }) },
    "an object for an id": { user: (body) => ({ ...body, id: {} }) },
    "a list for an id": { user: (body) => ({ ...body, id: [1] }) },
    "a fraction for an id": { user: (body) => ({ ...body, id: 1.5 }) },
    "a huge id": { user: (body) => ({ ...body, id: "x".repeat(201) }) },
    "error= on the callback": { authorize: (params) => { delete params.code; params.error = "temporarily_unavailable"; } },
    "neither code nor error": { authorize: (params) => { delete params.code; } },
  };
  for (const [name, on] of Object.entries(wrong)) {
    it(`that sends ${name} signs nobody in`, () =>
      scripted(on, () => world.refused(() => application.signIn({ connection }), {})));
  }

  it("whose person cancels ends as access_denied", () =>
    scripted({ authorize: (params) => { delete params.code; params.error = "access_denied"; } },
      () => world.refused(() => application.signIn({ connection }), { error: "access_denied" })));

  it("is identified by exact digits", async () => {
    const ids = { 12: "12", 367086328984109061: "367086328984109061", "1e3": "1000", '"text"': "text" };
    for (const [literal, subject] of Object.entries(ids)) {
      const digits = literal === "367086328984109060" ? "367086328984109061" : literal;
      const { claims } = await scripted(
        { user: () => ({ status: 200, headers: { "content-type": "application/json" }, body: `{"id":${digits},"email":"n${subject}@oauth.example"}` }) },
        () => application.login({ connection }));
      assert.equal(claims.sub, `oauth2|${connection}|${subject === "367086328984109061" ? digits : subject}`);
    }
  });

  it("may send the same new person twice at once", async () => {
    upstream.person = { id: "twice", name: "Twice", email: "twice@oauth.example", email_verified: true };
    const users = await world.api.userCount();
    const logins = await Promise.all(Array.from({ length: 8 }, () => application.login({ connection })));
    assert.deepEqual([...new Set(logins.map(({ claims }) => claims.sub))], [`oauth2|${connection}|twice`]);
    assert.equal(await world.api.userCount(), users + 1);
    assert.equal((await world.api.user(`oauth2|${connection}|twice`)).logins_count, 8);
  });

  it("shows a reference on a page where there is nowhere to go back to", async () => {
    const { page } = await application.browser().open(`${world.server.callbackUrl}?state=unknown&code=x`);
    assert.equal(page.status, 400);
    assert.ok(reference(page.text));
  });
});

describe("the login policy", () => {
  it("decides whether a provider is there at all, at the start and at the end", async () => {
    const upstream = world.adopt(await OAuthServer.start());
    const id = await zitadel.provider(upstream);
    const connection = connectionName(id);
    const early = await application.signIn({ connection });
    assert.equal(early.arrival.params.get("error"), "invalid_request");
    await zitadel.offer(id);
    // Gone while the browser is at the provider: nothing is asked of the provider any more, and nobody is written.
    upstream.on.authorize = async () => { await zitadel.withdraw(id); };
    await world.refused(() => application.signIn({ connection }), { rule: "E7", error: "invalid_request" });
    assert.equal(upstream.calls.token.length, 0);
    upstream.on = {};
    const late = await application.signIn({ connection });
    assert.equal(late.arrival.params.get("error"), "invalid_request");
  });

  it("updates people as isAutoUpdate says, and never empties what is known", async () => {
    const upstream = world.adopt(await OAuthServer.start());
    const connection = await offered(upstream);
    const { claims } = await application.login({ connection });
    upstream.person = { id: 1, name: "Ada New", email: "", email_verified: false };
    const again = await application.login({ connection });
    assert.equal(again.claims.name, "Ada New");
    assert.equal(again.claims.email, "ada@oauth.example");
    assert.equal(again.claims.email_verified, true);

    const still = world.adopt(await OAuthServer.start());
    const fixed = await offered(still, { providerOptions: { ...everything, isAutoUpdate: false } });
    await application.login({ connection: fixed });
    still.person.name = "Changed";
    assert.equal((await application.login({ connection: fixed })).claims.name, "Ada List");
    assert.ok(claims.sub);
  });
});
