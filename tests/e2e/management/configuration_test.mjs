// Every resource of a tenant's configuration through npm `auth0`, unchanged (management-api §2–§6, §9).
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { all, managementClient, managementCredentials, refused, unavailable } from "../support/auth0_tools.mjs";
import { Symbolon } from "../support/symbolon.mjs";

const endpoints = {
  issuer: "https://idp.example",
  authorization_endpoint: "https://idp.example/authorize",
  token_endpoint: "https://idp.example/token",
  jwks_uri: "https://idp.example/jwks",
};

const options = (more = {}) => ({ type: "back_channel", client_id: "abc", scope: "openid profile", ...endpoints, ...more });

describe("the configuration, through the unchanged SDK", { skip: unavailable }, () => {
  let server, api;

  before(async () => {
    server = await Symbolon.start({ https: true });
    api = await managementClient(server, await managementCredentials(server));
  });
  after(() => server?.dispose());

  const connection = (name, more) => api.connections.create({ name, strategy: "oidc", options: options(more) });

  it("connections are made, read, changed and deleted", async () => {
    const made = await connection("crud", { client_secret: "s3cr3t-of-the-connection" });
    assert.match(made.id, /^con_[A-Za-z0-9]{16}$/);
    assert.equal(made.options.client_secret, "s3cr3t-of-the-connection");
    const changed = await api.connections.update(made.id, { display_name: "CRUD" });
    assert.equal(changed.display_name, "CRUD");
    assert.deepEqual((await api.connections.get(made.id)).options, made.options);
    const conflict = await refused(() => connection("crud"), 409);
    assert.equal(conflict.body.errorCode, "connection_conflict");
    const renamed = await refused(() => api.connections.update(made.id, { name: "x" }), 400);
    assert.equal(renamed.body.message, "Payload validation error: 'Additional properties not allowed: name'.");
    await api.connections.checkStatus(made.id);
    await api.connections.delete(made.id);
    await refused(() => api.connections.get(made.id), 404);
  });

  it("a change of options that leaves the secret out keeps it only where it is safe", async () => {
    const made = await connection("secret", { client_secret: "s3cr3t-of-the-connection" });
    const kept = await api.connections.update(made.id, { options: options({ scope: "openid" }) });
    assert.equal(kept.options.client_secret, "s3cr3t-of-the-connection");
    assert.equal(kept.options.schema_version, "oidc-V4");
    assert.equal(kept.strategy, "oidc");
    const moved = options({ token_endpoint: "https://elsewhere.example/token" });
    await refused(() => api.connections.update(made.id, { options: moved }), 400);
  });

  it("lists are walked to their end", async () => {
    const names = Array.from({ length: 60 }, (_, number) => `list-${number}`);
    for (let at = 0; at < names.length; at += 6) await Promise.all(names.slice(at, at + 6).map((name) => connection(name)));
    const found = (await all(api.connections.list({ take: 25 }))).map(({ name }) => name);
    for (const name of names) assert.ok(found.includes(name), name);
    assert.equal(new Set(found).size, found.length);
    const [only] = await all(api.connections.list({ name: "list-7", strategy: ["oidc"] }));
    assert.equal(only.name, "list-7");
  });

  it("clients are enabled for a connection, all or nothing", async () => {
    const { id } = await connection("enabled");
    const first = await api.clients.create({ name: "first" });
    const second = await api.clients.create({ name: "second" });
    await api.connections.clients.update(id, [
      { client_id: first.client_id, status: true },
      { client_id: second.client_id, status: true },
    ]);
    assert.equal((await all(api.connections.clients.get(id))).length, 2);
    const listed = await all(api.clients.connections.get(first.client_id));
    assert.deepEqual(listed.map(({ name }) => name), ["enabled"]);
    const unknown = [{ client_id: first.client_id, status: false }, { client_id: "unknown", status: true }];
    const error = await refused(() => api.connections.clients.update(id, unknown), 404);
    assert.equal(error.body.errorCode, "inexistent_client");
    assert.equal((await all(api.connections.clients.get(id))).length, 2);
    const tooMany = Array.from({ length: 51 }, () => ({ client_id: first.client_id, status: true }));
    await refused(() => api.connections.clients.update(id, tooMany), 400);
    await api.connections.clients.update(id, tooMany.slice(1));
  });

  it("keys for private_key_jwt are listed and rotated", async () => {
    const { id, name } = await connection("keys", { token_endpoint_auth_method: "private_key_jwt" });
    const before = await api.connections.keys.get(id);
    assert.deepEqual(before.map((key) => (key.current ? "current" : key.next && "next")).sort(), ["current", "next"]);
    const next = await api.connections.keys.rotate(id);
    assert.equal(next.next, true);
    const after = await api.connections.keys.get(id);
    assert.equal(after.find((key) => key.current).kid, before.find((key) => key.next).kid);
    const { keys } = (await server.send(`/oauth/connection/${name}/.well-known/jwks.json`)).json;
    assert.deepEqual(keys.map(({ kid }) => kid).sort(), after.map(({ kid }) => kid).sort());
    assert.equal(keys.length, 3);
    for (const key of keys) for (const secret of ["d", "p", "q"]) assert.equal(key[secret], undefined);
    const plain = await connection("keys-before", { client_secret: "s3cr3t-of-the-connection" });
    assert.equal((await api.connections.keys.create(plain.id, { signing_alg: "ES256" })).length, 2);
    await refused(() => api.connections.keys.create(plain.id), 409);
  });

  it("clients have credentials and secrets that rotate", async () => {
    const made = await api.clients.create({ name: "credentials" });
    server.secrets.add(made.client_secret);
    const rotated = await api.clients.rotateSecret(made.client_id);
    server.secrets.add(rotated.client_secret);
    assert.notEqual(rotated.client_secret, made.client_secret);

    const pem = () =>
      generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" });
    const { credentials } = api.clients;
    const first = await credentials.create(made.client_id, { credential_type: "public_key", name: "first", pem: pem() });
    assert.match(first.id, /^cred_/);
    const second = await credentials.create(made.client_id, { credential_type: "public_key", pem: pem() });
    await refused(() => credentials.create(made.client_id, { credential_type: "public_key", pem: pem() }), 400);
    assert.equal((await credentials.list(made.client_id)).length, 2);
    const expiring = await credentials.update(made.client_id, second.id, { expires_at: "2035-01-01T00:00:00.000Z" });
    assert.equal(new Date(expiring.expires_at).getUTCFullYear(), 2035);
    await api.clients.update(made.client_id, {
      client_authentication_methods: { private_key_jwt: { credentials: [{ id: first.id }] } },
      token_endpoint_auth_method: null,
    });
    await refused(() => credentials.delete(made.client_id, first.id), 400);
    await credentials.delete(made.client_id, second.id);
    assert.equal((await credentials.get(made.client_id, first.id)).pem, undefined);
    await refused(() => api.clients.rotateSecret(made.client_id), 400);
  });

  it("APIs are found by id and by identifier, and granted to clients", async () => {
    const identifier = "https://api.example.com/v1";
    const made = await api.resourceServers.create({ identifier, scopes: [{ value: "read:x" }] });
    assert.equal((await api.resourceServers.get(identifier)).id, made.id);
    const client = await api.clients.create({ name: "granted" });
    const grant = await api.clientGrants.create({ client_id: client.client_id, audience: identifier, scope: ["read:x"] });
    assert.deepEqual((await api.clientGrants.update(grant.id, { scope: [] })).scope, []);
    await refused(() => api.clientGrants.create({ client_id: client.client_id, audience: identifier, scope: [] }), 409);
    await api.clientGrants.delete(grant.id);
    await api.resourceServers.delete(made.id);
  });

  it("a directory's provisioning is configured", async () => {
    const { id } = await connection("scim");
    const { scimConfiguration: scim } = api.connections;
    const made = await scim.create(id);
    assert.equal(made.user_id_attribute, "externalId");
    assert.equal(made.mapping.length, 32);
    assert.match((await refused(() => scim.create(id), 400)).body.message, /already exists/);
    assert.deepEqual((await scim.getDefaultMapping(id)).mapping, made.mapping);
    const changed = await scim.update(id, { user_id_attribute: "userName", mapping: made.mapping.slice(0, 2) });
    assert.equal(changed.mapping.length, 2);
    assert.deepEqual((await all(scim.list())).map(({ connection_id: of }) => of), [id]);

    const token = await scim.tokens.create(id, { scopes: ["get:users"] });
    server.secrets.add(token.token);
    assert.match(token.token, /^tok_[A-Za-z0-9]{16}\.[0-9a-f]{64}$/);
    server.secrets.add((await scim.tokens.create(id, {})).token);
    await refused(() => scim.tokens.create(id, {}), 409);
    const listed = await scim.tokens.get(id);
    assert.equal(listed.length, 2);
    assert.ok(listed.every((one) => one.token === undefined));
    await scim.tokens.delete(id, token.token_id);
    await scim.delete(id);
    await refused(() => scim.get(id), 404);
  });

  it("tenant settings, branding and prompts are kept", async () => {
    const { settings } = api.tenants;
    assert.equal((await settings.get()).session_lifetime, 168);
    const changed = await settings.update({ friendly_name: "Acme", session_lifetime_in_minutes: 600, flags: { enable_sso: true } });
    assert.equal(changed.friendly_name, "Acme");
    assert.equal(changed.session_lifetime, 10);
    assert.equal(changed.flags.enable_client_connections, false);
    await api.branding.update({ colors: { primary: "#123456" }, logo_url: "https://acme.example/logo.png" });
    assert.equal((await api.branding.get()).colors.primary, "#123456");
    await api.prompts.updateSettings({ identifier_first: true });
    assert.equal((await api.prompts.getSettings()).identifier_first, true);
    await api.prompts.customText.set("login", "fr", { login: { title: "Bonjour" } });
    assert.deepEqual(await api.prompts.customText.get("login", "fr"), { login: { title: "Bonjour" } });
  });

  it("set-up profiles for customers are kept", async () => {
    const profiles = api.selfServiceProfiles;
    const made = await profiles.create({ name: "customers", allowed_strategies: ["oidc", "okta"] });
    assert.match(made.id, /^ssp_/);
    await profiles.customText.set(made.id, "en", "get-started", { introduction: "Welcome" });
    assert.deepEqual(await profiles.customText.list(made.id, "en", "get-started"), { introduction: "Welcome" });
    assert.equal((await profiles.update(made.id, { name: "partners" })).name, "partners");
    assert.deepEqual((await all(profiles.list())).map(({ id }) => id), [made.id]);
    await profiles.delete(made.id);
    await refused(() => profiles.get(made.id), 404);
  });

  it("both styles of pages are answered as the caller asked", async () => {
    const { token } = await server.api();
    const get = (path) => server.send(`/api/v2/${path}`, { headers: { authorization: `Bearer ${token}` } });
    const mixed = await get("connections?include_totals=true&per_page=50&take=2");
    assert.deepEqual(Object.keys(mixed.json).sort(), ["connections", "next"]);
    assert.equal(mixed.json.connections.length, 2);
    for (const name of ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"]) assert.match(mixed.headers[name], /^\d+$/);
    const offset = (await get("connections?include_totals=true&per_page=2")).json;
    assert.deepEqual(Object.keys(offset), ["start", "limit", "total", "connections"]);
    assert.ok(offset.total > 60);
  });
});
