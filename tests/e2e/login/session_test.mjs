// Single sign-on, prompt and max_age: when a session serves and when the provider is asked again.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { World } from "../support/world.mjs";

describe("session", () => {
  let world, provider, first, second, connection, trips;

  before(async () => {
    world = await World.start();
    provider = await world.realProvider();
    first = await world.application({ callbacks: ["https://app.example/first"] });
    second = await world.application({ callbacks: ["https://app.example/second"] });
    connection = await world.connection(provider, { applications: [first, second] });
  });
  after(() => world?.dispose());
  beforeEach(() => (trips = provider.count("/auth")));

  const tripsUpstream = () => provider.count("/auth") - trips;
  const inBrowserOf = (application, browser) => application.browser({ cookies: browser.cookies });

  it("a second application needs no trip to the provider", async () => {
    const one = await first.login({ connection: connection.name });
    const two = await second.login({ connection: connection.name }, { browser: inBrowserOf(second, one.browser) });
    assert.equal(tripsUpstream(), 1);
    assert.equal(two.claims.sub, one.claims.sub);
    assert.equal(two.claims.sid, one.claims.sid);
    assert.equal(two.claims.auth_time, one.claims.auth_time);
  });

  it("another browser knows nothing of it", async () => {
    await first.login({ connection: connection.name });
    await first.login({ connection: connection.name });
    assert.equal(tripsUpstream(), 2);
  });

  it("prompt=none issues from the session", async () => {
    const one = await first.login({ connection: connection.name });
    await second.login({ prompt: "none" }, { browser: inBrowserOf(second, one.browser) });
    assert.equal(tripsUpstream(), 1);
  });

  it("prompt=none without a session is login_required and goes nowhere else", async () => {
    const { arrival, browser } = await first.signIn({ connection: connection.name, prompt: "none" });
    assert.equal(arrival.params.get("error"), "login_required");
    assert.equal(browser.history.length, 1);
    assert.equal(tripsUpstream(), 0);
  });

  it("prompt=login goes to the provider, asks it for the same, and makes auth_time new", async () => {
    const one = await first.login({ connection: connection.name });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const two = await first.login({ connection: connection.name, prompt: "login" }, { browser: one.browser });
    assert.equal(tripsUpstream(), 2);
    assert.equal(provider.lastRequest.get("prompt"), "login");
    assert.ok(two.claims.auth_time > one.claims.auth_time);
    assert.equal(two.claims.sid, one.claims.sid, "the same person keeps the public session id");
  });

  it("prompt=none together with another prompt is refused", async () => {
    const { arrival } = await first.signIn({ connection: connection.name, prompt: "none login" });
    assert.equal(arrival.params.get("error"), "invalid_request");
  });

  it("max_age=0 reauthenticates, a large max_age does not", async () => {
    const { browser } = await first.login({ connection: connection.name });
    await first.login({ connection: connection.name, max_age: "3600" }, { browser });
    assert.equal(tripsUpstream(), 1);
    const again = await first.login({ connection: connection.name, max_age: "0" }, { browser });
    assert.equal(tripsUpstream(), 2);
    assert.ok(Number.isInteger(again.claims.auth_time));
  });

  it("a max_age that is no number is refused", async () => {
    for (const max_age of ["-1", "soon", "1.5"]) {
      const { arrival } = await first.signIn({ connection: connection.name, max_age });
      assert.equal(arrival.params.get("error"), "invalid_request", max_age);
    }
  });

  it("another person at the provider replaces the session", async () => {
    const one = await first.login({ connection: connection.name });
    const { person } = provider;
    provider.person = { ...person, sub: "real-2", email: "other@real.example" };
    try {
      // The provider's own session would sign the first person in again.
      for (const cookie of one.browser.cookies.all()) if (cookie.host === "127.0.0.1") one.browser.cookies.delete(cookie);
      const two = await first.login({ connection: connection.name, prompt: "login" }, { browser: one.browser });
      assert.notEqual(two.claims.sub, one.claims.sub);
      assert.notEqual(two.claims.sid, one.claims.sid);
      const three = await second.login({ prompt: "none" }, { browser: inBrowserOf(second, one.browser) });
      assert.equal(three.claims.sub, two.claims.sub);
    } finally {
      provider.person = person;
    }
  });

  it("a session survives a restart of the server", async () => {
    const { browser } = await first.login({ connection: connection.name });
    await world.server.stop();
    await world.server.start();
    await second.login({ prompt: "none" }, { browser: inBrowserOf(second, browser) });
    assert.equal(tripsUpstream(), 1);
  });

  it("a login that was on its way survives a restart of the server", async () => {
    const { issuer, application, connection: hostile } = await world.scene();
    issuer.on.authorize = () => ({ status: 200, headers: { "content-type": "text/plain" }, body: "wait" });
    const attempt = await application.signIn({ connection: hostile.name });
    const answer = issuer.authorizationAnswer(issuer.lastRequest);
    await world.server.stop();
    await world.server.start();
    const arrival = await attempt.browser.open(`${answer.redirectUri}?${new URLSearchParams(answer.params)}`);
    application.code({ ...attempt, arrival });
  });
});
