// Unchanged client libraries, on plain http and on https.
import assert from "node:assert/strict";
import "../support/web_crypto.mjs";
import { after, before, describe, it } from "node:test";
import * as oauth from "oauth4webapi";
import { Issuer, custom, generators } from "openid-client";
import { send } from "../support/http.mjs";
import { World } from "../support/world.mjs";


for (const https of [false, true]) {
  describe(`real clients over ${https ? "https" : "http"}`, () => {
    let world, provider, application, connection;

    before(async () => {
      world = await World.start({ https });
      provider = await world.realProvider();
      application = await world.application();
      connection = await world.connection(provider, { applications: [application] });
      if (https) custom.setHttpOptionsDefaults({ ca: world.server.ca });
    });
    after(() => world?.dispose());

    it("openid-client signs in with code, PKCE and nonce", async () => {
      const issuer = await Issuer.discover(world.server.url);
      const client = new issuer.Client({
        client_id: application.id,
        client_secret: application.client.client_secret,
        redirect_uris: [application.redirectUri],
        token_endpoint_auth_method: "client_secret_post",
      });
      const checks = { state: generators.state(), nonce: generators.nonce(), code_verifier: generators.codeVerifier(), response_type: "code" };
      const arrival = await application.browser().open(
        client.authorizationUrl({
          scope: "openid profile email",
          connection: connection.name,
          state: checks.state,
          nonce: checks.nonce,
          code_challenge: generators.codeChallenge(checks.code_verifier),
          code_challenge_method: "S256",
        }),
      );
      const tokens = await client.callback(application.redirectUri, client.callbackParams(arrival.landing.url), checks);
      assert.equal(tokens.claims().email, provider.person.email);
      const userinfo = await client.userinfo(tokens);
      assert.equal(userinfo.sub, tokens.claims().sub);
    });

    it("openid-client takes a form_post answer", async () => {
      const issuer = await Issuer.discover(world.server.url);
      const client = new issuer.Client({
        client_id: application.id,
        client_secret: application.client.client_secret,
        redirect_uris: [application.redirectUri],
        token_endpoint_auth_method: "client_secret_post",
      });
      const nonce = generators.nonce();
      const arrival = await application.browser().open(
        client.authorizationUrl({ scope: "openid", connection: connection.name, nonce, response_mode: "form_post" }),
      );
      const request = { method: "POST", url: "/callback", body: arrival.landing.params.toString() };
      const tokens = await client.callback(application.redirectUri, client.callbackParams(request), { nonce });
      assert.ok(tokens.claims().sub);
    });

    it("oauth4webapi, the strictest of them, signs in as a public client", async () => {
      const spa = await world.application({ app_type: "spa", token_endpoint_auth_method: "none" });
      await world.api.enableClient(connection.id, spa.id);
      const options = {
        [oauth.allowInsecureRequests]: true,
        [oauth.customFetch]: (url, init) => asFetch(url, init, world.server.ca),
      };
      const issuer = new URL(world.server.issuer);
      const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
      const client = { client_id: spa.id };
      const verifier = oauth.generateRandomCodeVerifier();
      const state = oauth.generateRandomState();
      const nonce = oauth.generateRandomNonce();
      const url = new URL(as.authorization_endpoint);
      const parameters = {
        client_id: spa.id,
        redirect_uri: spa.redirectUri,
        response_type: "code",
        scope: "openid email",
        connection: connection.name,
        state,
        nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);

      const arrival = await spa.browser().open(url.href);
      // Insists on `iss`, since the metadata promises it.
      const validated = oauth.validateAuthResponse(as, client, new URL(arrival.landing.url), state);
      const answer = await oauth.authorizationCodeGrantRequest(as, client, oauth.None(), validated, spa.redirectUri, verifier, options);
      const result = await oauth.processAuthorizationCodeResponse(as, client, answer, { expectedNonce: nonce, requireIdToken: true });
      const claims = oauth.getValidatedIdTokenClaims(result);
      assert.equal(claims.email, provider.person.email);

      const userinfo = await oauth.userInfoRequest(as, client, result.access_token, options);
      await oauth.processUserInfoResponse(as, client, claims.sub, userinfo);
    });
  });
}

/** fetch for a library, with a trust anchor that the built-in one cannot be given. */
async function asFetch(url, { method, headers, body }, ca) {
  const plain = headers instanceof Headers ? Object.fromEntries(headers) : { ...headers };
  const content = body === undefined || body === null ? undefined : String(body);
  const answer = await send(String(url), { method, headers: plain, body: content, ca });
  const responseHeaders = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) responseHeaders.set(name, String(value));
  return new Response(answer.body, { status: answer.status, headers: responseHeaders });
}
