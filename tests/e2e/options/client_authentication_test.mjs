// How the server proves itself at a provider's token endpoint.
import assert from "node:assert/strict";
import { createPublicKey } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { basic } from "../support/http.mjs";
import { read, verifies } from "../support/jws.mjs";
import { fails, needs, works } from "../support/options.mjs";
import { World } from "../support/world.mjs";

describe("token_endpoint_auth_method", () => {
  let world, application;

  before(async () => {
    world = await World.start();
    application = await world.application();
  });
  after(() => world?.dispose());

  // Real ones take the secret either way; this one insists.
  const insists = async (method) => {
    const issuer = await world.hostileIssuer();
    issuer.on.token = (_body, { headers, form }) => {
      const used = headers.authorization?.startsWith("Basic ") ? "client_secret_basic" : form.has("client_secret") ? "client_secret_post" : "none";
      return used === method ? undefined : invalidClientAnswer;
    };
    return issuer;
  };
  const invalidClientAnswer = { status: 401, headers: { "content-type": "application/json" }, body: '{"error":"invalid_client"}' };
  const method = (name) => ({ token_endpoint_auth_method: name });
  const invalidClient = { rule: "RP-64", error: "server_error" };

  it("client_secret_basic is needed where the provider takes nothing else", async () => {
    const provider = await insists("client_secret_basic");
    await needs(world, provider, {
      application,
      otherwise: method("client_secret_post"),
      options: method("client_secret_basic"),
      refusal: invalidClient,
    });
  });

  it("client_secret_post is needed where the provider takes nothing else", async () => {
    const provider = await insists("client_secret_post");
    await needs(world, provider, {
      application,
      otherwise: method("client_secret_basic"),
      options: method("client_secret_post"),
      refusal: invalidClient,
    });
  });

  it("the hint of a refused proof names the other method", async () => {
    const event = await fails(world, await insists("client_secret_basic"), {
      application,
      options: method("client_secret_post"),
      refusal: invalidClient,
    });
    assert.match(event.hint, /client_secret_basic/);
  });

  it("client_secret_basic encodes id and secret as forms do", async () => {
    const issuer = await world.hostileIssuer();
    issuer.clientId = "a client: 100% & more";
    await works(world, issuer, { application, options: method("client_secret_basic") });
    const { headers, form } = issuer.calls.token.at(-1);
    assert.equal(headers.authorization, basic(issuer.clientId, issuer.clientSecret));
    assert.equal(form.get("client_secret"), null);
  });

  it("none sends no secret and always uses PKCE", async () => {
    const provider = await world.hostileIssuer({ metadata: { code_challenge_methods_supported: undefined } });
    await works(
      world,
      { discoveryUrl: provider.discoveryUrl, clientId: provider.clientId },
      { application, options: { ...method("none"), connection_settings: { pkce: "disabled" } } },
    );
    const { headers, form } = provider.calls.token.at(-1);
    assert.equal(headers.authorization, undefined);
    assert.equal(form.get("client_secret"), null);
    assert.equal(form.get("client_id"), provider.clientId);
    assert.ok(form.get("code_verifier"));
  });

  describe("private_key_jwt", () => {
    const keySet = (name) => `${world.server.url}/oauth/connection/${name}/.well-known/jwks.json`;
    const published = async ({ name }) => (await world.server.send(`/oauth/connection/${name}/.well-known/jwks.json`)).json.keys;
    const assertion = (issuer) => issuer.calls.token.at(-1).form.get("client_assertion");

    it("is needed where a real provider takes nothing else, and needs no secret", async () => {
      const provider = await world.realProvider({
        client: { token_endpoint_auth_method: "private_key_jwt", client_secret: undefined, jwks_uri: keySet("by-key") },
      });
      const secret = { clientId: provider.clientId, clientSecret: "no-secret-of-ours", discoveryUrl: provider.discoveryUrl };
      await fails(world, secret, { application, options: method("client_secret_post"), refusal: invalidClient });
      const connection = await world.connection(provider, {
        name: "by-key",
        applications: [application],
        options: { ...method("private_key_jwt"), client_secret: undefined },
      });
      await application.login({ connection: connection.name });
    });

    it("signs what the specification asks for, with a published key", async () => {
      const issuer = await world.hostileIssuer();
      const { connection } = await works(world, issuer, { application, options: method("private_key_jwt") });
      const { form, headers } = issuer.calls.token.at(-1);
      assert.equal(form.get("client_assertion_type"), "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
      assert.equal(form.get("client_secret"), null);
      assert.equal(headers.authorization, undefined);
      const { header, claims } = read(assertion(issuer));
      assert.equal(header.alg, "RS256");
      assert.equal(claims.iss, issuer.clientId);
      assert.equal(claims.sub, issuer.clientId);
      assert.equal(claims.aud, `${issuer.url}/token`);
      assert.equal(claims.exp - claims.iat, 60);
      assert.ok(claims.jti);
      const jwk = (await published(connection)).find(({ kid }) => kid === header.kid);
      assert.ok(jwk, `no key ${header.kid}`);
      assert.ok(verifies(assertion(issuer), createPublicKey({ key: jwk, format: "jwk" })));
      assert.equal(jwk.d, undefined);
    });

    it("token_endpoint_auth_signing_alg and token_endpoint_jwtca_aud_format act", async () => {
      const issuer = await world.hostileIssuer();
      issuer.on.token = (_body, { form }) => {
        const { header, claims } = read(form.get("client_assertion"));
        return header.alg === "ES256" && claims.aud === issuer.url ? undefined : invalidClientAnswer;
      };
      await needs(world, issuer, {
        application,
        otherwise: method("private_key_jwt"),
        options: { token_endpoint_auth_signing_alg: "ES256", token_endpoint_jwtca_aud_format: "issuer" },
        refusal: invalidClient,
      });
    });

    it("a rotation changes the key between two logins, and both are published", async () => {
      const issuer = await world.hostileIssuer();
      const { connection } = await works(world, issuer, { application, options: method("private_key_jwt") });
      const first = read(assertion(issuer)).header.kid;
      const rotated = await world.api.send("POST", `connections/${connection.id}/keys/rotate`);
      assert.equal(rotated.status, 201, rotated.text);
      await application.login({ connection: connection.name });
      const second = read(assertion(issuer)).header.kid;
      assert.notEqual(second, first);
      const kids = (await published(connection)).map(({ kid }) => kid);
      for (const kid of [first, second]) assert.ok(kids.includes(kid), kid);
    });
  });
});
