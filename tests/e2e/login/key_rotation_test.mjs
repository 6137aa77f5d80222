// The provider changes its signing keys while people sign in.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { newKey } from "../support/jws.mjs";
import { World } from "../support/world.mjs";

describe("upstream keys", () => {
  let world, application;

  before(async () => {
    world = await World.start();
    application = await world.application();
  });
  after(() => world?.dispose());

  for (const channel of ["back_channel", "front_channel"]) {
    it(`an unknown key id is fetched once and then serves (${channel})`, async () => {
      const provider = await world.realProvider();
      const connection = await world.connection(provider, { channel, applications: [application] });
      await application.login({ connection: connection.name });
      const fetched = provider.count("/jwks");

      provider.useKeys([newKey("RS256"), newKey("ES256")]);
      await application.login({ connection: connection.name });
      await application.login({ connection: connection.name });
      assert.equal(provider.count("/jwks") - fetched, 1);
    });
  }

  it("E2E-17: of 200 people who sign in at once while the key changes, nobody fails, and all share one fetch", async () => {
    const { issuer, application: other, connection } = await world.scene();
    await other.login({ connection: connection.name });
    const fetched = issuer.calls.jwks.length;
    const rotated = newKey();
    let tokens = 0;
    issuer.on.idToken = () => {
      if (++tokens === 100) issuer.keys = [rotated, ...issuer.keys];
    };
    await Promise.all(Array.from({ length: 200 }, () => other.login({ connection: connection.name })));
    assert.equal(issuer.calls.jwks.length - fetched, 1);
  });

  it("keys last known good serve while the provider's key endpoint is down", async () => {
    const { issuer, application: other, connection } = await world.scene();
    await other.login({ connection: connection.name });
    issuer.on.keys = () => ({ status: 503, body: "down" });
    await other.login({ connection: connection.name });
  });

  it("a stream of unknown key ids does not make a stream of fetches", async () => {
    const { issuer, application: other, connection } = await world.scene();
    await other.login({ connection: connection.name });
    const fetched = issuer.calls.jwks.length;
    issuer.on.idToken = (token) => void (token.header.kid = `unknown-${Math.random()}`);
    for (let i = 0; i < 20; ++i) {
      const { arrival } = await other.signIn({ connection: connection.name });
      assert.equal(arrival.params.get("error"), "access_denied");
    }
    assert.ok(issuer.calls.jwks.length - fetched <= 1, `${issuer.calls.jwks.length - fetched} fetches`);
  });
});
