// private_key_jwt both ways: a connection that proves itself to its provider, an application that proves itself to us.
import assert from "node:assert/strict";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { compact } from "../support/jws.mjs";
import { World } from "../support/world.mjs";

describe("private_key_jwt at the provider", () => {
  let world, provider, application, connection;

  before(async () => {
    world = await World.start();
    const jwksUri = `${world.server.url}/oauth/connection/keyed/.well-known/jwks.json`;
    provider = await world.realProvider({
      client: { client_secret: undefined, token_endpoint_auth_method: "private_key_jwt", token_endpoint_auth_signing_alg: "ES256", jwks_uri: jwksUri },
    });
    application = await world.application();
    connection = await world.connection(provider, {
      name: "keyed",
      applications: [application],
      options: { client_secret: undefined, token_endpoint_auth_method: "private_key_jwt", token_endpoint_auth_signing_alg: "ES256" },
    });
  });
  after(() => world?.dispose());

  const rotate = async () => (await world.api.send("POST", `connections/${connection.id}/keys/rotate`)).status;

  it("signs people in with the connection's key", async () => {
    const { claims } = await application.login({ connection: "keyed" });
    assert.equal(claims.sub, `oidc|keyed|${provider.person.sub}`);
  });

  // The provider keeps the key set for the five minutes that we allow: what signs now, it has seen before.
  it("goes on through a rotation, since the next key is published before it is used", async () => {
    await application.login({ connection: "keyed" });
    assert.equal(await rotate(), 201);
    await application.login({ connection: "keyed" });
  });

  it("fails where the provider does not know the key", async () => {
    const other = await world.connection(provider, {
      name: "stranger",
      applications: [application],
      options: { client_secret: undefined, token_endpoint_auth_method: "private_key_jwt", token_endpoint_auth_signing_alg: "ES256" },
    });
    const { arrival } = await application.signIn({ connection: other.name });
    assert.equal(arrival.params.get("code"), null);
    assert.ok(arrival.params.get("error"));
  });
});

describe("private_key_jwt at our token endpoint", () => {
  let world, client;
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = publicKey.export({ type: "spki", format: "pem" });

  before(async () => {
    world = await World.start();
    client = await world.api.createClient({
      name: "keyed",
      client_authentication_methods: { private_key_jwt: { credentials: [{ credential_type: "public_key", kid: "my-first-key", pem }] } },
    });
    const granted = await world.api.send("POST", "client-grants", { client_id: client.client_id, audience: `${world.server.url}/api/v2/`, scope: ["read:clients"] });
    assert.equal(granted.status, 201, granted.text);
  });
  after(() => world?.dispose());

  const claims = () => {
    const now = Math.floor(Date.now() / 1000);
    return { iss: client.client_id, sub: client.client_id, aud: world.server.issuer, jti: randomUUID(), iat: now, exp: now + 60 };
  };
  const assertion = (more = {}, key = privateKey) => compact({ header: { alg: "RS256", kid: "my-first-key" }, claims: { ...claims(), ...more }, key });
  const ask = (fields) =>
    world.server.send("/oauth/token", {
      form: { grant_type: "client_credentials", audience: `${world.server.url}/api/v2/`, client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", ...fields },
    });

  it("gives a token for an assertion, once", async () => {
    const proof = assertion();
    const answer = await ask({ client_assertion: proof });
    assert.equal(answer.status, 200, answer.text);
    world.server.secrets.add(answer.json.access_token);
    assert.equal(answer.json.scope, "read:clients");
    assert.equal((await ask({ client_assertion: proof })).json.error, "invalid_client");
  });

  it("takes neither the secret nor a stranger's assertion", async () => {
    const secret = await world.server.send("/oauth/token", {
      form: { grant_type: "client_credentials", audience: `${world.server.url}/api/v2/`, client_id: client.client_id, client_secret: client.client_secret },
    });
    assert.equal(secret.json.error, "invalid_client");
    const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    assert.equal((await ask({ client_assertion: assertion({}, stranger) })).json.error, "invalid_client");
    assert.equal((await ask({ client_assertion: assertion({ aud: "https://elsewhere.example/" }) })).json.error, "invalid_client");
  });

  it("refuses a credential that has expired", async () => {
    const [credential] = (await world.api.send("GET", `clients/${client.client_id}/credentials`)).json;
    const path = `clients/${client.client_id}/credentials/${credential.id}`;
    assert.equal((await world.api.send("PATCH", path, { expires_at: "2020-01-01T00:00:00Z" })).status, 201);
    assert.equal((await ask({ client_assertion: assertion() })).json.error, "invalid_client");
    assert.equal((await world.api.send("PATCH", path, { expires_at: null })).status, 201);
    const answer = await ask({ client_assertion: assertion() });
    assert.equal(answer.status, 200, answer.text);
    world.server.secrets.add(answer.json.access_token);
  });
});
