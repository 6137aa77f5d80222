// Everything around people through npm `auth0`, unchanged: users, identities, sessions, refresh tokens, the log and the
// tenant's signing keys (management-api §4, §6.1, §6.3). What is ended here has ended in the browser too.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { all, managementClient, managementCredentials, refused, unavailable } from "../support/auth0_tools.mjs";
import { World } from "../support/world.mjs";

describe("people, through the unchanged SDK", { skip: unavailable }, () => {
  let world, api, issuer, application, connection;
  let people = 0;

  before(async () => {
    world = await World.start({ https: true });
    api = await managementClient(world.server, await managementCredentials(world.server));
    ({ issuer, application, connection } = await world.scene({
      client: { grant_types: ["authorization_code", "refresh_token"] },
      options: { set_user_root_attributes: "on_first_login" },
    }));
  });
  after(() => world?.dispose());

  /** Somebody new, signed in. */
  const newcomer = async (claims = {}, parameters = {}) => {
    const sub = `person-${++people}`;
    issuer.person = { ...issuer.person, sub, email: `${sub}@example.com`, ...claims };
    const login = await application.login({ connection: connection.name, ...parameters });
    return { ...login, id: login.claims.sub, sid: login.claims.sid, subject: sub };
  };
  /** Whether the browser is still signed in. */
  const isSignedIn = async ({ browser }) => {
    const { arrival } = await application.signIn({ prompt: "none", connection: connection.name }, { browser });
    return arrival.params.get("error") === null;
  };
  const refresh = (refreshToken) =>
    application.server.send("/oauth/token", {
      method: "POST",
      form: { grant_type: "refresh_token", refresh_token: refreshToken, ...application.credentials().form },
    });
  const offline = (claims) => newcomer(claims, { scope: "openid profile email offline_access" });

  it("users are found by Lucene queries, in order, page by page", async () => {
    const one = await newcomer({ name: "Ada Search", nickname: "ada" });
    const two = await newcomer({ name: "Ben Search", nickname: "ben" });
    const ids = async (request) => (await all(api.users.list(request))).map(({ user_id }) => user_id);
    assert.deepEqual(await ids({ q: `email:"${one.subject.toUpperCase()}@example.com"` }), [one.id]);
    assert.deepEqual(await ids({ q: "name:\"ada search\" OR name:\"ben search\"", sort: "name:-1" }), [two.id, one.id]);
    assert.deepEqual(await ids({ q: `identities.connection:"${connection.name}" AND nickname:ben*` }), [two.id]);
    assert.deepEqual(await ids({ q: `user_id:"${one.id}"`, search_engine: "v3" }), [one.id]);
    assert.deepEqual(await ids({ q: "email:\"nobody@example.com\"" }), []);
    assert.deepEqual(await ids({ q: "name:(\"ada search\" OR \"ben search\")", per_page: 1 }), [one.id, two.id]);
    await refused(() => api.users.list({ q: "name:\"ada" }), 400);
    const found = await api.users.listUsersByEmail({ email: `${two.subject}@EXAMPLE.com` });
    assert.deepEqual(found.map(({ user_id }) => user_id), [two.id]);
  });

  it("metadata merges, and root attributes are edited where the connection leaves them alone", async () => {
    const { id } = await newcomer({ name: "Before" });
    await api.users.update(id, { user_metadata: { color: "red", size: 1 }, app_metadata: { plan: "free" } });
    const changed = await api.users.update(id, { user_metadata: { size: null }, name: "After" });
    assert.deepEqual(changed.user_metadata, { color: "red" });
    assert.deepEqual(changed.app_metadata, { plan: "free" });
    assert.equal((await api.users.get(id)).name, "After");
    assert.match((await refused(() => api.users.update(id, { email: "x@example.com" }), 400)).message, /email/);
    await refused(() => api.users.create({ connection: connection.name, email: "x@example.com" }), 400);
    await refused(() => api.users.update("oidc|x|nobody", { blocked: true }), 404);
  });

  it("a blocked user is out at once, and lets nobody in until unblocked", async () => {
    const person = await newcomer();
    assert.equal(await isSignedIn(person), true);
    assert.equal((await api.users.update(person.id, { blocked: true })).blocked, true);
    assert.equal(await isSignedIn(person), false);
    assert.equal((await application.userinfo(person.tokens.access_token)).status, 401);
    const { arrival } = await application.signIn({ connection: connection.name });
    assert.equal(arrival.params.get("error"), "access_denied");
    const failed = (await all(api.users.logs.list(person.id, { per_page: 100 }))).find(({ type }) => type === "f");
    assert.ok(failed, "the refused sign-in is in her log");
    const explained = (await world.api.send("GET", `login-failures/${failed.reference}`)).json;
    assert.equal(explained.user_id, person.id);
    assert.match(explained.hint, /blocked/);
    await api.users.update(person.id, { blocked: false });
    assert.equal(await isSignedIn(person), false, "letting her back in revives nothing");
    await application.login({ connection: connection.name });
  });

  it("a code that waits for its application dies with the user's access", async () => {
    const { id } = await newcomer();
    const attempt = await application.signIn({ connection: connection.name });
    const code = application.code(attempt);
    await api.users.revokeAccess(id, {});
    assert.equal((await application.redeem(code, attempt.request.verifier)).json.error, "invalid_grant");
  });

  it("a deleted user is gone with everything, and comes back as somebody new", async () => {
    const person = await newcomer();
    await api.users.delete(person.id);
    await api.users.delete(person.id);
    await refused(() => api.users.get(person.id), 404);
    await refused(() => api.sessions.get(person.sid), 404);
    assert.equal(await isSignedIn(person), false);
    await application.login({ connection: connection.name });
    assert.equal((await api.users.get(person.id)).logins_count, 1);
    const events = await all(api.users.logs.list(person.id, { per_page: 100 }));
    assert.ok(events.some(({ type }) => type === "sdu"));
  });

  it("sessions are listed, annotated and ended", async () => {
    const person = await newcomer();
    const second = await application.login({ connection: connection.name });
    const listed = await all(api.users.sessions.list(person.id, { take: 1 }));
    assert.deepEqual(listed.map(({ id }) => id), [person.sid, second.claims.sid]);
    const session = await api.sessions.get(person.sid);
    assert.equal(session.user_id, person.id);
    assert.deepEqual(session.clients, [{ client_id: application.id }]);
    assert.equal(session.authentication.methods[0].name, "federated");
    assert.deepEqual((await api.sessions.update(person.sid, { session_metadata: { desk: "7" } })).session_metadata, { desk: "7" });
    await api.sessions.delete(person.sid);
    await refused(() => api.sessions.get(person.sid), 404);
    assert.equal(await isSignedIn(person), false);
    assert.equal(await isSignedIn(second), true, "the other browser goes on");
    await api.users.sessions.delete(person.id);
    assert.equal(await isSignedIn(second), false);
  });

  it("refresh tokens are listed without their value, and stop working when revoked", async () => {
    const person = await offline();
    const [token] = await all(api.users.refreshToken.list(person.id));
    assert.equal(token.client_id, application.id);
    assert.equal(token.session_id, person.sid);
    assert.ok(!JSON.stringify(token).includes(person.tokens.refresh_token));
    assert.deepEqual(await all(api.refreshTokens.list({ user_id: person.id, client_id: application.id })), [token]);
    const noted = await api.refreshTokens.update(token.id, { refresh_token_metadata: { device: "phone" } });
    assert.deepEqual(noted.refresh_token_metadata, { device: "phone" });
    assert.equal((await api.refreshTokens.get(token.id)).id, token.id);
    await api.refreshTokens.delete(token.id);
    await refused(() => api.refreshTokens.get(token.id), 404);
    assert.equal((await refresh(person.tokens.refresh_token)).json.error, "invalid_grant");
  });

  it("refresh tokens are revoked by user and client, by session, and with all access", async () => {
    for (const revoke of [
      ({ id }) => api.refreshTokens.revoke({ user_id: id, client_id: application.id }),
      ({ id }) => api.users.refreshToken.delete(id),
      ({ sid }) => api.sessions.revoke(sid),
      ({ id }) => api.users.revokeAccess(id, {}),
      ({ id }) => api.users.update(id, { blocked: true }),
      ({ id }) => api.users.delete(id),
    ]) {
      const person = await offline();
      await revoke(person);
      assert.equal((await refresh(person.tokens.refresh_token)).json.error, "invalid_grant", String(revoke));
    }
    const kept = await offline();
    await api.users.revokeAccess(kept.id, { preserve_refresh_tokens: true });
    assert.equal(await isSignedIn(kept), false);
    const answer = await refresh(kept.tokens.refresh_token);
    assert.equal(answer.status, 200, answer.text);
    for (const name of ["access_token", "id_token", "refresh_token"]) if (answer.json[name]) world.server.secrets.add(answer.json[name]);
    await refused(() => api.refreshTokens.revoke({ client_id: application.id }), 400);
  });

  it("two accounts become one user and two again", async () => {
    const primary = await newcomer();
    const second = await newcomer({ name: "Second" });
    const identity = { provider: "oidc", user_id: `${connection.name}|${second.subject}` };
    const linked = await api.users.identities.link(primary.id, identity);
    assert.deepEqual(linked.map(({ user_id }) => user_id), [`${connection.name}|${primary.subject}`, identity.user_id]);
    assert.equal(linked[1].profileData.name, "Second");
    await refused(() => api.users.get(second.id), 404);
    assert.equal(await isSignedIn(second), false);

    issuer.person = { ...issuer.person, sub: second.subject };
    assert.equal((await application.login({ connection: connection.name })).claims.sub, primary.id);
    await refused(() => api.users.identities.link(primary.id, identity), 409);
    await refused(() => api.users.identities.delete(primary.id, "oidc", `${connection.name}|${primary.subject}`), 400);

    const left = await api.users.identities.delete(primary.id, identity.provider, identity.user_id);
    assert.equal(left.length, 1);
    assert.equal((await api.users.get(second.id)).name, "Second");
    assert.equal((await application.login({ connection: connection.name })).claims.sub, second.id);
  });

  it("an ID token proves an account that is to be linked", async () => {
    const primary = await newcomer();
    const second = await newcomer();
    for (const token of [second.tokens.access_token, `${second.tokens.id_token.slice(0, -6)}AAAAAA`, "x"])
      await refused(() => api.users.identities.link(primary.id, { link_with: token }), 400);
    const linked = await api.users.identities.link(primary.id, { link_with: second.tokens.id_token });
    assert.equal(linked[1].user_id, `${connection.name}|${second.subject}`);
    await refused(() => api.users.identities.link(primary.id, { link_with: second.tokens.id_token }), 404);
  });

  it("the log is paged, searched and followed", async () => {
    const person = await newcomer();
    const [event] = await all(api.users.logs.list(person.id, { per_page: 100, sort: "date:1" }));
    assert.equal(event.type, "s");
    assert.equal(event.connection_id, connection.id);
    assert.equal(event.client_id, application.id);
    assert.equal(event.strategy_type, "enterprise");
    assert.equal((await api.logs.get(event.log_id)).user_id, person.id);
    const page = await api.logs.list({ search: `type:s AND user_id:"${person.id}"`, include_totals: true });
    assert.deepEqual(page.data.map(({ log_id }) => log_id), [event.log_id]);
    assert.equal(page.response.total, 1);
    const next = await world.api.send("GET", `logs?from=${event.log_id}&take=1`);
    assert.equal(next.json.length, 1);
    assert.ok(next.json[0].log_id > event.log_id);
    assert.match(next.headers.link, /^<https:.*\/api\/v2\/logs\?from=\d+&take=1>; rel="next"$/);
    await refused(() => api.logs.get("90020"), 404);
  });

  it("a failed login is found by the reference on its page", async () => {
    issuer.on.idToken = (token) => void (token.claims.aud = "somebody-else");
    const event = await world.refused(() => application.signIn({ connection: connection.name }), {});
    issuer.on.idToken = undefined;
    const [found] = (await api.logs.list({ search: `reference:"${event.reference}"` })).data;
    assert.equal(found.type, "f");
    assert.equal(found.reference, event.reference);
  });

  it("a refused exchange of an application that proved itself is in the log", async () => {
    await newcomer();
    assert.equal((await application.redeem("no-such-code", undefined)).json.error, "invalid_grant");
    const [event] = (await api.logs.list({ search: `type:feacft AND client_id:${application.id}` })).data;
    assert.equal(event.details.error.oauthError, "invalid_grant");
  });

  it("what Symbolon does not have is an empty list", async () => {
    const { id } = await newcomer();
    assert.deepEqual(await all(api.users.roles.list(id)), []);
    assert.deepEqual(await all(api.users.permissions.list(id)), []);
    assert.deepEqual(await all(api.users.organizations.list(id)), []);
    assert.deepEqual(await all(api.users.authenticationMethods.list(id)), []);
    assert.deepEqual(await all(api.users.connectedAccounts.list(id)), []);
    assert.deepEqual((await api.userBlocks.list(id)).blocked_for, []);
  });

  it("nobody notices a rotation of the signing keys; a revoked key's tokens are worth nothing", async () => {
    const before = await newcomer();
    const [current] = (await api.keys.signing.list()).filter((key) => key.current);
    assert.equal(current.kid, before.header.kid);
    assert.match(current.cert, /^-----BEGIN CERTIFICATE-----/);
    await refused(() => api.keys.signing.revoke(current.kid), 400);

    const rotated = await api.keys.signing.rotate();
    assert.notEqual(rotated.kid, current.kid);
    assert.equal((await application.userinfo(before.tokens.access_token)).status, 200);
    const published = (await world.server.send("/.well-known/jwks.json")).json.keys.map(({ kid }) => kid);
    assert.ok(published.includes(current.kid) && published.includes(rotated.kid));
    const { header } = await application.login({ connection: connection.name });
    assert.equal(header.kid, rotated.kid);
    assert.equal((await api.keys.signing.get(current.kid)).previous, true);

    const admin = await managementClient(world.server, await managementCredentials(world.server));
    await admin.keys.signing.revoke(current.kid);
    assert.equal((await admin.keys.signing.get(current.kid)).revoked, true);
    await refused(() => api.users.get(before.id), 401);
    await refused(() => admin.keys.signing.get("nobody"), 404);
  });
});
