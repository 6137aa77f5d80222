// T51: an answer of one provider never reaches another, and a provider that promises `iss` must keep its word.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { newKey } from "../support/jws.mjs";
import { World } from "../support/world.mjs";

describe("mix-up", () => {
  let world;

  before(async () => (world = await World.start()));
  after(() => world?.dispose());

  const spoilings = {
    "the iss of another provider": (params) => (params.iss = "https://honest.example"),
    "an iss with a slash more": (params) => (params.iss += "/"),
    "no iss although it is promised": (params) => delete params.iss,
    "an empty iss": (params) => (params.iss = ""),
  };
  for (const [name, spoil] of Object.entries(spoilings)) {
    it(`T51 ${name}: refused, and the code stays here`, async () => {
      const { issuer, application, connection } = await world.scene();
      issuer.on.authorize = (answer) => void spoil(answer.params);
      const event = await world.refused(() => application.signIn({ connection: connection.name }), { rule: "RP-50" });
      assert.equal(event.step, "authorization_response");
      assert.equal(issuer.calls.token.length, 0);
    });
  }

  it("T51 a wrong iss is refused even where none is promised, and a missing one is not", async () => {
    const metadata = { authorization_response_iss_parameter_supported: undefined };
    const { issuer, application, connection } = await world.scene({ issuer: { metadata } });
    issuer.on.authorize = (answer) => void delete answer.params.iss;
    await application.login({ connection: connection.name });
    issuer.on.authorize = (answer) => void (answer.params.iss = "https://honest.example");
    await world.refused(() => application.signIn({ connection: connection.name }), { rule: "RP-50" });
    assert.equal(issuer.calls.token.length, 1);
  });

  it("T51 an ID token without an iss parameter beside it is enough in the front channel", async () => {
    // RFC 9207 §4: the token itself names its issuer.
    const { issuer, application, connection } = await world.scene({ channel: "front_channel" });
    issuer.on.authorize = (answer) => void delete answer.params.iss;
    await application.login({ connection: connection.name });
  });

  it("T51 an evil provider that sends the browser on to an honest one gains nothing", async () => {
    const evil = await world.scene();
    const honest = await world.scene();
    let answer;
    // The person chose evil; evil passes the request on to honest under honest's client, with the same state.
    evil.issuer.on.authorize = () => {
      const request = new URLSearchParams(evil.issuer.lastRequest);
      answer = honest.issuer.authorizationAnswer(request);
      return { status: 302, headers: { location: `${answer.redirectUri}?${new URLSearchParams(answer.params)}` } };
    };
    await world.refused(() => evil.application.signIn({ connection: evil.connection.name }), { rule: "RP-50" });
    assert.equal(evil.issuer.calls.token.length, 0, "the honest provider's code was given to the evil one");
    assert.equal(honest.issuer.calls.token.length, 0);
  });

  it("T51 nor does it where the honest one sends no iss, once that one answers at an address of its own", async () => {
    const metadata = { authorization_response_iss_parameter_supported: undefined };
    const evil = await world.scene({ issuer: { metadata } });
    const honest = await world.scene({ issuer: { metadata }, options: { callback_path: "/login/callback/{connection}" } });
    honest.issuer.on.authorize = (answer) => void delete answer.params.iss;
    const registered = `${world.server.url}/login/callback/${honest.connection.name}`;
    await honest.application.login({ connection: honest.connection.name });
    assert.equal(honest.issuer.lastRequest.get("redirect_uri"), registered);
    assert.equal(honest.issuer.calls.token.at(-1).form.get("redirect_uri"), registered);
    // Evil can name any client and challenge, but only an address that is registered at the honest provider.
    evil.issuer.on.authorize = () => {
      const request = new URLSearchParams(evil.issuer.lastRequest);
      request.set("redirect_uri", registered);
      const answer = honest.issuer.authorizationAnswer(request);
      delete answer.params.iss;
      return { status: 302, headers: { location: `${registered}?${new URLSearchParams(answer.params)}` } };
    };
    await world.refused(() => evil.application.signIn({ connection: evil.connection.name }), { rule: "RP-50", error: "access_denied" });
    assert.equal(evil.issuer.calls.token.length, 0, "the honest provider's code was given to the evil one");
    const { detail } = (await world.api.send("GET", `connections/${evil.connection.id}/status`)).json;
    assert.match(detail, /callback_path/, "an administrator is told");
  });

  it("T51 keys of one provider never prove a token of another", async () => {
    const evil = await world.scene({ channel: "front_channel", issuer: { keys: [newKey("RS256", { kid: "shared-name" })] } });
    const honest = await world.scene({ channel: "front_channel", issuer: { keys: [newKey("RS256", { kid: "shared-name" })] } });
    await evil.application.login({ connection: evil.connection.name });
    honest.issuer.on.idToken = (token) => void (token.key = evil.issuer.keys[0].privateKey);
    await world.refused(() => honest.application.signIn({ connection: honest.connection.name }), { rule: "V3" });
  });

  it("T51 two connections to one issuer are told apart by the client", async () => {
    const issuer = await world.hostileIssuer();
    const application = await world.application();
    const one = await world.connection(issuer, { applications: [application] });
    await world.connection(issuer, { applications: [application], options: { client_id: "second-client" } });
    issuer.on.idToken = (token) => void (token.claims.aud = "second-client");
    await world.refused(() => application.signIn({ connection: one.name }), { rule: "V5" });
  });
});
