// A second Symbolon as the provider: the seeds' federation with another tenant, whose issuer ends in a slash.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { World } from "../support/world.mjs";

describe("federation of two servers", () => {
  let upstream, downstream, provider, application;

  before(async () => {
    [upstream, downstream] = await Promise.all([World.start({ hostname: "127.0.0.1" }), World.start()]);
    provider = await upstream.realProvider();
    application = await downstream.application();
  });
  after(() => Promise.all([upstream?.dispose(), downstream?.dispose()]));

  /** Connects the two; `discoveryUrl` is what the administrator typed. */
  async function federate(discoveryUrl, channel = "back_channel") {
    const far = await upstream.application({
      callbacks: [downstream.server.callbackUrl],
      grant_types: channel === "front_channel" ? ["authorization_code", "implicit"] : ["authorization_code"],
    });
    const person = await upstream.connection(provider, { applications: [far] });
    const near = await downstream.connection(
      { discoveryUrl, clientId: far.id, clientSecret: far.client.client_secret },
      { applications: [application], channel },
    );
    return { near, person };
  }

  for (const [typed, url] of [
    ["without the trailing slash", (server) => server.url],
    ["with the trailing slash", (server) => server.issuer],
    ["as a full discovery URL", (server) => `${server.url}/.well-known/openid-configuration`],
  ]) {
    it(`signs in when the address was typed ${typed}`, async () => {
      const { near, person } = await federate(url(upstream.server));
      assert.equal((await downstream.api.connection(near.id)).options.issuer, upstream.server.issuer);
      const { claims } = await application.login({ connection: near.name });
      assert.equal(claims.sub, `oidc|${near.name}|oidc|${person.name}|${provider.person.sub}`);
      assert.equal(claims.email, provider.person.email);
      assert.equal(claims.email_verified, true);
    });
  }

  it("signs in through the front channel", async () => {
    const { near } = await federate(upstream.server.url, "front_channel");
    await application.login({ connection: near.name });
  });
});
