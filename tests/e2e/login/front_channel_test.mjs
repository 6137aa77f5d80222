// Sign-in with an ID token through the browser, as form_post from another site.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { World } from "../support/world.mjs";

describe("front channel", () => {
  let world, provider, application, connection;

  before(async () => {
    world = await World.start();
    provider = await world.realProvider();
    application = await world.application();
    connection = await world.connection(provider, { channel: "front_channel", applications: [application] });
  });
  after(() => world?.dispose());

  it("asks for an ID token by form_post and makes no call of its own", async () => {
    const { claims } = await application.login({ connection: connection.name });
    const sent = provider.lastRequest;
    assert.equal(sent.get("response_type"), "id_token");
    assert.equal(sent.get("response_mode"), "form_post");
    assert.ok(sent.get("nonce"));
    assert.equal(sent.get("code_challenge"), null);
    assert.equal(claims.sub, `oidc|${connection.name}|${provider.person.sub}`);
    assert.equal(claims.email, provider.person.email);
    assert.equal(provider.count("/token"), 0);
    assert.equal(provider.count("/me"), 0);
  });

  it("never sends a stored secret", async () => {
    const withSecret = await world.connection(provider, {
      channel: "front_channel",
      applications: [application],
      options: { client_secret: provider.clientSecret },
    });
    await application.login({ connection: withSecret.name });
    assert.equal(provider.count("/token"), 0);
  });

  it("leads away from the callback, so that a reload cannot post the token again", async () => {
    const { browser } = await application.login({ connection: connection.name });
    const callbacks = browser.history.filter(({ url, method }) => url === world.server.callbackUrl && method === "POST");
    assert.ok(callbacks.length >= 1);
    for (const { status } of callbacks) assert.ok(status === 303 || status === 302 || status === 200, `status ${status}`);
  });

  it("explains a callback that carries nothing", async () => {
    const { page } = await application.browser().open(world.server.callbackUrl);
    assert.equal(page.status, 400);
    assert.match(page.text, /form_post/);
  });
});
