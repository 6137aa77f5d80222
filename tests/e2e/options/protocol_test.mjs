// Options that change what is said to a provider, and what is accepted from it: each login here fails without its option.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { newKey } from "../support/jws.mjs";
import { assertSent, fails, needs, turnsAway, works } from "../support/options.mjs";
import { World } from "../support/world.mjs";

describe("options of the protocol", () => {
  let world, application;

  before(async () => {
    world = await World.start();
    application = await world.application();
  });
  after(() => world?.dispose());

  const issuerThat = async (demand, metadata = {}, options = {}) => {
    const issuer = await world.hostileIssuer({ metadata, ...options });
    issuer.on.authorize = (answer) => demand(issuer.lastRequest, answer);
    return issuer;
  };
  const misconfigured = { rule: "E9", error: "server_error" };

  describe("connection_settings.pkce", () => {
    const demands = (method) => (query, answer) =>
      query.get("code_challenge_method") === method ? undefined : turnsAway(answer, "invalid_request", `code_challenge_method ${method} is required`);
    const silent = { code_challenge_methods_supported: undefined };

    it("auto follows what the provider lists", async () => {
      for (const [methods, method] of [
        [["S256", "plain"], "S256"],
        [["plain"], "plain"],
      ]) {
        const issuer = await issuerThat(demands(method), { code_challenge_methods_supported: methods });
        await works(world, issuer, { application, options: { connection_settings: { pkce: "auto" } } });
      }
      const issuer = await world.hostileIssuer({ metadata: silent });
      await works(world, issuer, { application, options: {} });
      assertSent(issuer, { code_challenge: null, code_challenge_method: null });
    });

    it("S256 is used where the provider wants it without saying so, as Entra ID does", async () => {
      const issuer = await issuerThat(demands("S256"), silent);
      await needs(world, issuer, { application, options: { connection_settings: { pkce: "s256" } }, refusal: misconfigured });
      assert.match(issuer.lastRequest.get("code_challenge"), /^[\w-]{43}$/);
      assert.match(issuer.calls.token.at(-1).form.get("code_verifier"), /^[\w-]{43}$/);
    });

    it("plain sends the verifier itself", async () => {
      const issuer = await issuerThat(demands("plain"), silent);
      await needs(world, issuer, { application, options: { connection_settings: { pkce: "plain" } }, refusal: misconfigured });
      assert.equal(issuer.calls.token.at(-1).form.get("code_verifier"), issuer.lastRequest.get("code_challenge"));
    });

    it("disabled spares a provider that chokes on it", async () => {
      const issuer = await issuerThat(
        (query, answer) => (query.has("code_challenge") ? turnsAway(answer, "invalid_request", "unknown parameter code_challenge") : undefined),
        { code_challenge_methods_supported: ["plain"] },
      );
      await needs(world, issuer, { application, options: { connection_settings: { pkce: "disabled" } }, refusal: misconfigured });
    });

    it("disabled never weakens a provider that offers S256, and the status says so", async () => {
      const issuer = await world.hostileIssuer();
      const { connection } = await works(world, issuer, { application, options: { connection_settings: { pkce: "disabled" } } });
      assertSent(issuer, { code_challenge_method: "S256" });
      const { detail } = (await world.api.send("GET", `connections/${connection.id}/status`)).json;
      assert.match(detail, /PKCE is disabled, but the provider offers S256/);
    });
  });

  it("send_back_channel_nonce spares a provider that never returns one", async () => {
    const issuer = await world.hostileIssuer({ metadata: { code_challenge_methods_supported: [] } });
    issuer.on.idToken = (token) => void delete token.claims.nonce;
    await needs(world, issuer, { application, options: { send_back_channel_nonce: false }, refusal: { rule: "V11", error: "access_denied" } });
    assertSent(issuer, { nonce: null });
  });

  describe("id_token_signed_response_algs", () => {
    it("narrows what is accepted", async () => {
      const issuer = await world.hostileIssuer();
      await works(world, issuer, { application, options: { id_token_signed_response_algs: ["RS256", "ES256"] } });
      const event = await fails(world, issuer, {
        application,
        options: { id_token_signed_response_algs: ["ES256", "ES384"] },
        refusal: { rule: "V2", error: "access_denied" },
      });
      assert.match(event.received, /RS256/);
      assert.match(event.expected, /ES256/);
    });

    it("never widens it beyond what the provider announces", async () => {
      const issuer = await world.hostileIssuer({
        keys: [newKey("ES256")],
        metadata: { id_token_signing_alg_values_supported: ["RS256"] },
      });
      await fails(world, issuer, {
        application,
        options: { id_token_signed_response_algs: ["RS256", "ES256"] },
        refusal: { rule: "V2", error: "access_denied" },
      });
    });
  });

  describe("upstream_params", () => {
    it("adds a fixed value", async () => {
      const issuer = await issuerThat((query, answer) =>
        query.get("hd") === "acme.example" ? undefined : turnsAway(answer, "access_denied", "only acme.example"),
      );
      await needs(world, issuer, {
        application,
        options: { upstream_params: { hd: { value: "acme.example" } } },
        refusal: { rule: "E9", error: "access_denied" },
      });
    });

    it("passes on what the application asked for", async () => {
      const issuer = await issuerThat((query, answer) =>
        query.get("acr_values") === "urn:gold" ? undefined : turnsAway(answer, "access_denied", "step up"),
      );
      await needs(world, issuer, {
        application,
        request: { acr_values: "urn:gold" },
        options: { upstream_params: { acr_values: { alias: "acr_values" } } },
        refusal: { rule: "E9", error: "access_denied" },
      });
    });

    it("passes one parameter on under another name", async () => {
      const issuer = await world.hostileIssuer();
      await works(world, issuer, {
        application,
        request: { login_hint: "jo@acme.example" },
        options: { upstream_params: { username_hint: { alias: "login_hint" } } },
      });
      assertSent(issuer, { username_hint: "jo@acme.example", login_hint: "jo@acme.example" });
    });

    it("leaves out what would be sent by itself", async () => {
      const issuer = await issuerThat((query, answer) =>
        query.has("login_hint") ? turnsAway(answer, "invalid_request", "login_hint is not supported") : undefined,
      );
      await needs(world, issuer, {
        application,
        request: { login_hint: "jo@acme.example" },
        options: { upstream_params: { login_hint: null } },
        refusal: misconfigured,
      });
    });

    it("cannot replace what binds the answer to the request", async () => {
      const issuer = await world.hostileIssuer();
      for (const name of ["state", "nonce", "redirect_uri", "client_id", "response_type", "code_challenge", "scope", "request_uri"]) {
        const answer = await world.api.send("POST", "connections", {
          name: `param-${name.replaceAll("_", "-")}`,
          strategy: "oidc",
          options: {
            type: "back_channel",
            discovery_url: issuer.discoveryUrl,
            client_id: issuer.clientId,
            client_secret: issuer.clientSecret,
            upstream_params: { [name]: { value: "x" } },
          },
        });
        assert.equal(answer.status, 400, name);
        assert.match(answer.json.message, new RegExp(`upstream_params.*${name}`));
      }
    });
  });

  it("scope is what is asked for, with userinfo_scope added", async () => {
    const issuer = await issuerThat((query, answer) =>
      query.get("scope").split(" ").includes("groups") ? undefined : turnsAway(answer, "invalid_scope", "groups is required"),
    );
    await needs(world, issuer, { application, options: { scope: "openid groups" }, refusal: misconfigured });
    assertSent(issuer, { scope: "openid groups" });
    await works(world, issuer, { application, options: { attribute_map: { mapping_mode: "bind_all", userinfo_scope: "groups" } } });
    assertSent(issuer, { scope: "openid profile email groups" });
  });

  it("trusted_audiences accepts a token that is for others too", async () => {
    const issuer = await world.hostileIssuer();
    issuer.on.idToken = (token) => {
      token.claims.aud = [issuer.clientId, "https://api.acme.example"];
      token.claims.azp = issuer.clientId;
    };
    await needs(world, issuer, {
      application,
      options: { trusted_audiences: ["https://api.acme.example"] },
      refusal: { rule: "V5", error: "access_denied" },
    });
  });

  it("id_token_session_expiry_supported wants the claim", async () => {
    const issuer = await world.hostileIssuer();
    const options = { id_token_session_expiry_supported: true };
    await works(world, issuer, { application, options: {} });
    await fails(world, issuer, { application, options, refusal: { rule: "V15", error: "access_denied" } });
    issuer.on.idToken = (token) => void (token.claims.session_expiry = token.claims.iat + 3600);
    await works(world, issuer, { application, options });
  });

  describe("endpoints", () => {
    it("that are given win over those that were discovered", async () => {
      const issuer = await world.hostileIssuer({ metadata: {} });
      issuer.on.discovery = (document) => ({ ...document, token_endpoint: `${issuer.url}/moved` });
      await needs(world, issuer, {
        application,
        options: { token_endpoint: `${issuer.url}/token` },
        refusal: { error: "server_error" },
      });
    });

    it("the issuer that is given is the one that counts", async () => {
      const issuer = await world.hostileIssuer({ metadata: { authorization_response_iss_parameter_supported: undefined } });
      issuer.on.authorize = (answer) => void delete answer.params.iss;
      issuer.on.idToken = (token) => void (token.claims.iss = "https://issuer.acme.example");
      await needs(world, issuer, {
        application,
        options: { issuer: "https://issuer.acme.example" },
        refusal: { rule: "V4", error: "access_denied" },
      });
    });

    it("all given, nothing is looked up", async () => {
      const issuer = await world.hostileIssuer();
      issuer.on.discovery = () => ({ status: 404, body: "no such document" });
      const { connection } = await works(
        world,
        { ...providerOf(issuer), discoveryUrl: undefined },
        {
          application,
          options: {
            issuer: issuer.url,
            authorization_endpoint: `${issuer.url}/authorize`,
            token_endpoint: `${issuer.url}/token`,
            jwks_uri: `${issuer.url}/jwks`,
          },
        },
      );
      assert.equal(connection.options.oidc_metadata, undefined);
      assert.equal(issuer.calls.discovery.length, 0);
    });

    it("metadata that was uploaded stands in for discovery, and stays", async () => {
      const issuer = await world.hostileIssuer();
      issuer.on.discovery = () => ({ status: 404, body: "no such document" });
      const base = { type: "back_channel", client_id: issuer.clientId, client_secret: issuer.clientSecret, discovery_url: issuer.discoveryUrl };
      const refused = await world.api.send("POST", "connections", { name: "not-pinned", strategy: "oidc", options: base });
      assert.equal(refused.status, 400);
      assert.match(refused.json.message, /http_404/);

      const { connection } = await works(world, issuer, { application, options: { oidc_metadata: issuer.document } });
      const lookups = issuer.calls.discovery.length;
      issuer.on.discovery = (document) => ({ ...document, token_endpoint: `${issuer.url}/elsewhere` });
      await world.api.updateConnection(connection.id, { options: { ...connection.options, scope: "openid email" } });
      await application.login({ connection: connection.name });
      assert.equal(issuer.calls.discovery.length, lookups, "pinned metadata was looked up again");
      assertSent(issuer, { scope: "openid email" });
    });
  });
});

const providerOf = ({ clientId, clientSecret, discoveryUrl }) => ({ clientId, clientSecret, discoveryUrl });
