// How the server proves itself at a provider's token endpoint.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { basic } from "../support/http.mjs";
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
});
