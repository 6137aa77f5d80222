// How the answer reaches the application.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { World } from "../support/world.mjs";

describe("response modes", () => {
  let world, application, connection;

  before(async () => {
    world = await World.start();
    const provider = await world.realProvider();
    application = await world.application();
    connection = await world.connection(provider, { applications: [application] });
  });
  after(() => world?.dispose());

  it("query is the default for a code", async () => {
    const attempt = await application.signIn({ connection: connection.name });
    assert.equal(attempt.arrival.landing.mode, "query");
    application.code(attempt);
  });

  it("form_post sends a page that works without JavaScript and that no other origin may use", async () => {
    const attempt = await application.signIn({ connection: connection.name, response_mode: "form_post" });
    assert.equal(attempt.arrival.landing.mode, "form_post");
    const answer = await application.redeem(application.code(attempt), attempt.request.verifier);
    assert.equal(answer.status, 200, answer.text);

    const page = attempt.browser.history.at(-1);
    assert.equal(page.status, 200);
    assert.match(page.text, /<(button|input)[^>]*(type="submit"|<\/button>)?/);
    const policy = page.headers["content-security-policy"];
    assert.doesNotMatch(policy, /script-src[^;]*'unsafe-inline'/);
    assert.match(policy, /form-action https:\/\/app\.example(?:[\s;/]|$)/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.match(page.headers["cache-control"], /no-store/);
  });

  it("form_post escapes what it carries", async () => {
    const state = `"><script>alert('x')</script>&amp;\u2028`;
    const attempt = await application.signIn({ connection: connection.name, response_mode: "form_post", state });
    assert.equal(attempt.arrival.params.get("state"), state);
    assert.doesNotMatch(attempt.browser.history.at(-1).text, /<script>alert/);
  });

  it("state comes back byte for byte in a query as well", async () => {
    const state = "a b+c&d=e%20é\u2028#/?";
    const attempt = await application.signIn({ connection: connection.name, state });
    assert.equal(attempt.arrival.params.get("state"), state);
  });

  it("errors use the mode that was asked for", async () => {
    const { arrival } = await application.signIn({ connection: "no-such-connection", response_mode: "form_post" });
    assert.equal(arrival.landing.mode, "form_post");
    assert.equal(arrival.params.get("error"), "invalid_request");
    assert.equal(arrival.params.get("iss"), world.server.issuer);
  });

  it("an unknown mode is refused", async () => {
    const { arrival } = await application.signIn({ connection: connection.name, response_mode: "carrier_pigeon" });
    assert.equal(arrival.params.get("error"), "invalid_request");
  });
});
