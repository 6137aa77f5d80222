// Pushed (RFC 9126) and signed (RFC 9101) authorization requests, made by an unchanged library.
import "../support/web_crypto.mjs";
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import * as oauth from "oauth4webapi";
import { World } from "../support/world.mjs";

describe("pushed and signed requests", () => {
  let world, provider, connection, as;
  const options = { [oauth.allowInsecureRequests]: true };

  before(async () => {
    world = await World.start();
    provider = await world.realProvider();
    connection = await world.connection(provider);
    const setting = await world.api.send("PATCH", "tenants/settings", { pushed_authorization_requests_supported: true });
    assert.equal(setting.status, 200, setting.text);
    const issuer = new URL(world.server.issuer);
    as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
  });
  after(() => world?.dispose());

  const application = async (client) => {
    const made = await world.application(client);
    await world.api.enableClient(connection.id, made.id);
    return made;
  };
  async function parameters(made) {
    const verifier = oauth.generateRandomCodeVerifier();
    const sent = {
      redirect_uri: made.redirectUri,
      response_type: "code",
      scope: "openid email",
      connection: connection.name,
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    };
    return { verifier, sent };
  }
  const push = async (made, sent) => {
    const client = { client_id: made.id };
    const authentication = oauth.ClientSecretPost(made.client.client_secret);
    const answer = await oauth.pushedAuthorizationRequest(as, client, authentication, new URLSearchParams(sent), options);
    return oauth.processPushedAuthorizationResponse(as, client, answer);
  };
  const authorizeUrl = (query) => `${as.authorization_endpoint}?${new URLSearchParams(query)}`;
  async function redeem(made, arrival, { verifier, sent }) {
    const client = { client_id: made.id };
    const landed = oauth.validateAuthResponse(as, client, new URL(arrival.landing.url), sent.state);
    const answer = await oauth.authorizationCodeGrantRequest(as, client, oauth.ClientSecretPost(made.client.client_secret), landed, made.redirectUri, verifier, options);
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer, { expectedNonce: sent.nonce, requireIdToken: true });
    return oauth.getValidatedIdTokenClaims(tokens);
  }

  it("a pushed request signs in, once", async () => {
    const made = await application({ require_pushed_authorization_requests: true });
    const request = await parameters(made);
    const { request_uri, expires_in } = await push(made, request.sent);
    assert.equal(expires_in, 60);
    const url = authorizeUrl({ client_id: made.id, request_uri });
    const claims = await redeem(made, await made.browser().open(url), request);
    assert.equal(claims.email, provider.person.email);

    const again = await made.browser().open(url);
    assert.equal(again.page.status, 400);
    assert.match(again.page.text, /invalid_request_uri/);
    const plain = await made.browser().open(authorizeUrl({ client_id: made.id, ...request.sent }));
    assert.equal(plain.params.get("error"), "invalid_request", "the client must push");
  });

  it("T26: of parallel visits with one request_uri one goes on", async () => {
    const made = await application();
    const { sent } = await parameters(made);
    const { request_uri } = await push(made, sent);
    const visits = Array.from({ length: 50 }, () => world.server.send(`/authorize?${new URLSearchParams({ client_id: made.id, request_uri })}`));
    const statuses = (await Promise.all(visits)).map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 302).length, 1);
    assert.equal(statuses.filter((status) => status === 400).length, 49);
  });

  it("a signed request signs in, alone and pushed; a changed or foreign one does not", async () => {
    const { privateKey, pem } = await newKey();
    const made = await application({
      signed_request_object: { required: true, credentials: [{ credential_type: "public_key", name: "requests", alg: "RS256", pem }] },
    });
    const sign = (sent) => oauth.issueRequestObject(as, { client_id: made.id }, new URLSearchParams(sent), privateKey);

    for (const pushed of [false, true]) {
      const request = await parameters(made);
      const object = await sign(request.sent);
      const query = pushed ? await push(made, { request: object }) : { request: object };
      delete query.expires_in;
      // What stands outside counts for nothing.
      const arrival = await made.browser().open(authorizeUrl({ client_id: made.id, state: "outside", ...query }));
      assert.equal((await redeem(made, arrival, request)).email, provider.person.email);
    }

    const { sent } = await parameters(made);
    const object = await sign(sent);
    const other = await application();
    for (const query of [
      { client_id: made.id, request: `${object.slice(0, -6)}AAAAAA` },
      { client_id: other.id, request: object },
      { client_id: made.id, request: `${Buffer.from('{"alg":"none"}').toString("base64url")}.${object.split(".")[1]}.` },
    ]) {
      const { page } = await made.browser().open(authorizeUrl(query));
      assert.equal(page.status, 400);
      assert.match(page.text, /invalid_request_object/);
    }
    const unsigned = await made.browser().open(authorizeUrl({ client_id: made.id, ...sent }));
    assert.equal(unsigned.params.get("error"), "invalid_request");
  });

  it("T17: a key for requests does not authenticate, a key that authenticates signs no requests", async () => {
    const [authentication, requests] = [await newKey(), await newKey()];
    const credential = (name, { pem }) => ({ credentials: [{ credential_type: "public_key", name, alg: "RS256", pem }] });
    const made = await application({
      token_endpoint_auth_method: undefined,
      client_authentication_methods: { private_key_jwt: credential("authentication", authentication) },
      signed_request_object: { required: true, ...credential("requests", requests) },
    });
    const client = { client_id: made.id };
    const pushWith = async (proof, signature) => {
      const { sent } = await parameters(made);
      const request = await oauth.issueRequestObject(as, client, new URLSearchParams(sent), signature.privateKey);
      const answer = await oauth.pushedAuthorizationRequest(as, client, oauth.PrivateKeyJwt(proof.privateKey), new URLSearchParams({ request }), options);
      return { status: answer.status, ...(await answer.json()) };
    };
    assert.equal((await pushWith(authentication, requests)).status, 201);
    const foreign = await pushWith(requests, requests);
    assert.deepEqual([foreign.status, foreign.error], [401, "invalid_client"]);
    assert.equal((await pushWith(authentication, authentication)).error, "invalid_request_object");
  });
});

async function newKey() {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(
    { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ["sign", "verify"],
  );
  const spki = Buffer.from(await crypto.subtle.exportKey("spki", publicKey)).toString("base64").match(/.{1,64}/g).join("\n");
  return { privateKey, pem: `-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n` };
}
