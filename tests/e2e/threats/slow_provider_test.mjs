// A provider that is slow or dead costs its own logins, never those of another.
import assert from "node:assert/strict";
import net from "node:net";
import { after, before, describe, it } from "node:test";
import { World } from "../support/world.mjs";

describe("slow provider", () => {
  let world;

  before(async () => (world = await World.start()));
  after(() => world?.dispose());

  it("forty logins that wait for a silent provider leave another provider's login as fast as before", async () => {
    const slow = await world.scene();
    const fast = await world.scene();
    await fast.application.login({ connection: fast.connection.name });
    slow.issuer.on.token = () => ({ hang: true });

    const waiting = Array.from({ length: 40 }, () => slow.application.signIn({ connection: slow.connection.name }));
    while (slow.issuer.calls.token.length < 10) await new Promise((resolve) => setTimeout(resolve, 10));

    for (let i = 0; i < 5; ++i) {
      const winner = await Promise.race([
        fast.application.login({ connection: fast.connection.name }).then(() => "fast"),
        Promise.any(waiting).then(() => "slow"),
      ]);
      assert.equal(winner, "fast");
    }

    const started = Date.now();
    for (const { arrival } of await Promise.all(waiting)) {
      assert.match(arrival.params.get("error"), /^(temporarily_unavailable|server_error)$/);
      assert.match(arrival.params.get("error_description"), /could not be reached/);
    }
    assert.ok(Date.now() - started < 60_000, "the limit of ten seconds a call does not hold");
  });

  it("a provider whose keys never come does not delay another's", async () => {
    const slow = await world.scene();
    const fast = await world.scene();
    slow.issuer.on.keys = () => ({ hang: true });
    const waiting = slow.application.signIn({ connection: slow.connection.name });
    while (slow.issuer.calls.token.length < 1) await new Promise((resolve) => setTimeout(resolve, 10));
    const winner = await Promise.race([
      fast.application.login({ connection: fast.connection.name }).then(() => "fast"),
      waiting.then(() => "slow"),
    ]);
    assert.equal(winner, "fast");
    assert.ok((await waiting).arrival.params.get("error"));
  });

  it("a provider that nobody answers for is an error that says so", async () => {
    const { issuer, application, connection } = await world.scene();
    const gone = net.createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => gone.on("listening", resolve));
    const { port } = gone.address();
    await new Promise((resolve) => gone.close(resolve));
    await world.api.updateConnection(connection.id, {
      options: {
        type: "back_channel",
        client_id: issuer.clientId,
        client_secret: issuer.clientSecret,
        issuer: issuer.url,
        authorization_endpoint: `${issuer.url}/authorize`,
        token_endpoint: `http://127.0.0.1:${port}/token`,
        jwks_uri: `${issuer.url}/jwks`,
      },
    });
    issuer.on.authorize = undefined;
    const event = await world.refused(() => application.signIn({ connection: connection.name }), {});
    assert.equal(event.step, "token_request");
  });

  it("an answer that comes in drops is cut off", async () => {
    const { issuer, application, connection } = await world.scene();
    const drip = net.createServer((socket) => {
      socket.on("error", () => undefined);
      socket.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{");
      const timer = setInterval(() => socket.write(" "), 200);
      socket.on("close", () => clearInterval(timer));
    });
    await new Promise((resolve) => drip.listen(0, "127.0.0.1", resolve));
    try {
      await world.api.updateConnection(connection.id, {
        options: {
          type: "back_channel",
          client_id: issuer.clientId,
          client_secret: issuer.clientSecret,
          issuer: issuer.url,
          authorization_endpoint: `${issuer.url}/authorize`,
          token_endpoint: `http://127.0.0.1:${drip.address().port}/token`,
          jwks_uri: `${issuer.url}/jwks`,
        },
      });
      const started = Date.now();
      await world.refused(() => application.signIn({ connection: connection.name }), {});
      assert.ok(Date.now() - started < 25_000);
    } finally {
      drip.close();
    }
  });
});
