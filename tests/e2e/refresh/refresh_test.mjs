// Refresh tokens from outside: unchanged clients, rotation under parallel use, revocation.
import "../support/web_crypto.mjs";
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, it } from "node:test";
import { Issuer } from "openid-client";
import { InMemoryWebStorage, OidcClient, WebStorageStateStore } from "oidc-client-ts";
import { send } from "../support/http.mjs";
import { read } from "../support/jws.mjs";
import { LossyLine } from "../support/lossy_line.mjs";
import { World } from "../support/world.mjs";

const rotating = (leeway = 0) => ({
  rotation_type: "rotating",
  expiration_type: "expiring",
  leeway,
  token_lifetime: 2592000,
  idle_token_lifetime: 1296000,
  infinite_token_lifetime: false,
  infinite_idle_token_lifetime: false,
});

describe("refresh tokens", () => {
  let world, provider, connection;

  before(async () => {
    world = await World.start();
    provider = await world.realProvider();
    connection = await world.connection(provider);
  });
  after(() => world?.dispose());

  const application = async (client = {}) => {
    const made = await world.application({ grant_types: ["authorization_code", "refresh_token"], ...client });
    await world.api.enableClient(connection.id, made.id);
    return made;
  };
  const signIn = async (made) => {
    const { tokens } = await made.login({ connection: connection.name, scope: "openid profile email offline_access" });
    assert.ok(tokens.refresh_token, "no refresh token");
    return tokens;
  };
  const refresh = (made, refresh_token, more = {}) => {
    const { form, headers } = made.credentials();
    return world.server.send("/oauth/token", { form: { grant_type: "refresh_token", refresh_token, ...form }, headers, ...more });
  };

  it("openid-client refreshes, introspects and revokes", async () => {
    const made = await application({ refresh_token: rotating(), token_endpoint_auth_method: "client_secret_basic" });
    const issuer = await Issuer.discover(world.server.url);
    const client = new issuer.Client({ client_id: made.id, client_secret: made.client.client_secret, redirect_uris: [made.redirectUri] });
    const first = await signIn(made);
    const second = await client.refresh(first.refresh_token);
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.equal(second.claims().sid, read(first.id_token).claims.sid);
    assert.equal(second.claims().nonce, undefined);
    assert.equal((await client.introspect(second.refresh_token)).active, true);
    assert.equal((await client.userinfo(second)).email, provider.person.email);
    await client.revoke(second.refresh_token);
    assert.equal((await client.introspect(second.refresh_token)).active, false);
    await assert.rejects(client.refresh(second.refresh_token), { error: "invalid_grant", error_description: /invalid refresh token/ });
    for (const { access_token, refresh_token } of [first, second])
      [access_token, refresh_token].forEach((secret) => world.server.secrets.add(secret));
  });

  it("oidc-client-ts signs in and refreshes as a public client", async () => {
    const made = await application({
      app_type: "spa",
      token_endpoint_auth_method: "none",
      web_origins: ["https://app.example"],
      refresh_token: rotating(),
    });
    const client = new OidcClient({
      authority: world.server.url,
      client_id: made.id,
      redirect_uri: made.redirectUri,
      scope: "openid email offline_access",
      extraQueryParams: { connection: connection.name },
      stateStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    });
    const request = await client.createSigninRequest({});
    const { landing } = await made.browser().open(request.url);
    const first = await client.processSigninResponse(landing.url);
    assert.ok(first.refresh_token);
    const second = await client.useRefreshToken({
      state: { ...first, refresh_token: first.refresh_token, session_state: null, data: undefined, profile: first.profile },
    });
    assert.equal(second.profile.sub, first.profile.sub);
    assert.notEqual(second.refresh_token, first.refresh_token);
    for (const { access_token, refresh_token } of [first, second])
      [access_token, refresh_token].forEach((secret) => world.server.secrets.add(secret));
  });

  it("T26: of 200 parallel uses one wins, and the reuse ends the family", async () => {
    const made = await application({ refresh_token: rotating() });
    const { refresh_token } = await signIn(made);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 50 });
    const answers = await Promise.all(Array.from({ length: 200 }, () => refresh(made, refresh_token, { agent })));
    agent.destroy();
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1);
    for (const { status, json } of answers)
      if (status !== 200) assert.deepEqual([status, json.error], [400, "invalid_grant"]);
    assert.equal((await refresh(made, won[0].json.refresh_token)).status, 400);
    Object.values(won[0].json).forEach((secret) => typeof secret === "string" && secret.length > 20 && world.server.secrets.add(secret));
  });

  it("within the leeway a lost answer can be asked for again", async () => {
    const made = await application({ refresh_token: rotating(60) });
    const { refresh_token } = await signIn(made);
    const lost = await refresh(made, refresh_token);
    const again = await refresh(made, refresh_token);
    assert.deepEqual([lost.status, again.status], [200, 200]);
    assert.notEqual(again.json.refresh_token, lost.json.refresh_token);
    assert.equal((await refresh(made, again.json.refresh_token)).status, 200);
  });

  describe("over a network that loses answers", () => {
    let line;

    before(async () => (line = world.adopt(await LossyLine.start(Number(new URL(world.server.url).port)))));

    // What a client does that hears nothing: it asks again with the token that it has.
    const persist = async (made, token) => {
      for (let tries = 0; tries < 10; ++tries) {
        try {
          const { form } = made.credentials();
          return await send(`${line.url}/oauth/token`, { form: { grant_type: "refresh_token", refresh_token: token, ...form }, headers: { host: world.server.host } });
        } catch (error) {
          assert.match(error.message, /socket hang up|ECONNRESET/);
        }
      }
      throw new Error("no answer came through");
    };
    const alarms = async (made) => (await world.api.send("GET", `logs?search=${encodeURIComponent(`type:ferrt AND client_id:"${made.id}"`)}`)).json.length;

    it("a client that asks again within the leeway goes on, however often an answer is lost", async () => {
      const made = await application({ refresh_token: rotating(60) });
      const first = await signIn(made);
      let { refresh_token } = first;
      for (const losing of [1, 0, 3, 2]) {
        line.losing = losing;
        line.lost = 0;
        const answer = await persist(made, refresh_token);
        assert.equal(answer.status, 200, answer.text);
        assert.equal(line.lost, losing);
        for (const name of ["access_token", "refresh_token"]) world.server.secrets.add(answer.json[name]);
        assert.notEqual(answer.json.refresh_token, refresh_token);
        refresh_token = answer.json.refresh_token;
      }
      assert.equal(await alarms(made), 0);
      assert.equal((await refresh(made, first.refresh_token)).status, 400, "the first token is older than the newest by more than one");
      assert.equal((await refresh(made, refresh_token)).status, 400, "which was a sign of theft");
    });

    it("without a leeway the second question is a reuse", async () => {
      const made = await application({ refresh_token: rotating(0) });
      const { refresh_token } = await signIn(made);
      line.losing = 1;
      const answer = await persist(made, refresh_token);
      assert.deepEqual([answer.status, answer.json.error], [400, "invalid_grant"]);
      assert.equal(await alarms(made), 1);
    });
  });

  it("T27: no prefix and no changed letter of a token is taken", async () => {
    const made = await application();
    const { refresh_token } = await signIn(made);
    const changed = (at) => refresh_token.slice(0, at) + (refresh_token[at] === "A" ? "B" : "A") + refresh_token.slice(at + 1);
    for (let at = 0; at < refresh_token.length; at += 7) {
      assert.equal((await refresh(made, refresh_token.slice(0, at) || "x")).status, 400);
      assert.equal((await refresh(made, changed(at))).status, 400);
    }
    assert.equal((await refresh(made, refresh_token)).status, 200, "none of it harmed the token itself");
  });

  it("T28: taking the connection from the application stops its refreshing", async () => {
    const made = await application();
    const { refresh_token } = await signIn(made);
    assert.equal((await refresh(made, refresh_token)).status, 200);
    await world.api.enableClient(connection.id, made.id, false);
    const refused = await refresh(made, refresh_token);
    assert.deepEqual([refused.status, refused.json.error], [400, "invalid_grant"]);
  });

  it("a token survives a restart", async () => {
    const made = await application({ refresh_token: rotating() });
    const { refresh_token } = await signIn(made);
    const { json } = await refresh(made, refresh_token);
    await world.server.stop();
    await world.server.start();
    const after = await refresh(made, json.refresh_token);
    assert.equal(after.status, 200, after.text);
  });
});
