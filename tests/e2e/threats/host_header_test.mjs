// T42, T43: what a request says about its own address changes no byte of the answer.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { World } from "../support/world.mjs";

const forged = [
  { host: "evil.example" },
  { "x-forwarded-host": "evil.example" },
  { "x-forwarded-proto": "https" },
  { "x-forwarded-port": "444" },
  { "x-forwarded-for": "10.0.0.1" },
  { "x-forwarded-uri": "/api/v2/connections", "x-original-url": "/api/v2/connections", "x-rewrite-url": "/api/v2/connections" },
  { forwarded: 'host="evil.example";proto=https' },
  { "x-host": "evil.example", "x-forwarded-server": "evil.example", "x-http-host-override": "evil.example" },
];

describe("forged addresses", () => {
  let world, scene;

  before(async () => {
    world = await World.start();
    scene = await world.scene();
  });
  after(() => world?.dispose());

  for (const headers of forged) {
    const name = Object.keys(headers).join(", ");

    it(`T42 ${name} leaves discovery as it is`, async () => {
      const honest = await world.server.send("/.well-known/openid-configuration");
      const answer = await world.server.send("/.well-known/openid-configuration", { headers });
      if (answer.status === 421 || answer.status === 400) return assert.doesNotMatch(answer.text, /evil/);
      assert.equal(answer.text, honest.text);
    });

    it(`T42 ${name} leaves the way to the provider as it is`, async () => {
      const browser = scene.application.browser();
      const { url } = scene.application.request({ connection: scene.connection.name });
      const answer = await browser.request({ url, headers });
      if (answer.status === 421 || answer.status === 400) return assert.doesNotMatch(answer.text, /evil/);
      assert.equal(answer.status, 302);
      assert.equal(new URL(answer.headers.location).searchParams.get("redirect_uri"), world.server.callbackUrl);
      assert.doesNotMatch(JSON.stringify(answer.headers), /evil/);
    });

    it(`T42 ${name} does not enter an error page`, async () => {
      const answer = await world.server.send("/authorize?client_id=nobody", { headers });
      assert.doesNotMatch(answer.text + JSON.stringify(answer.headers), /evil/);
    });
  }

  it("T43 no header opens the Management API", async () => {
    for (const headers of forged) {
      const answer = await world.server.send("/api/v2/connections", { headers });
      assert.ok([400, 401, 421].includes(answer.status), JSON.stringify(headers));
    }
  });

  it("T42 a request without or with two Host lines is refused", async () => {
    const { request } = await import("node:http");
    const { port } = new URL(world.server.url);
    const status = (setHost, headers) =>
      new Promise((resolve, reject) => {
        const outgoing = request({ host: "127.0.0.1", port, path: "/.well-known/openid-configuration", setHost, headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        outgoing.on("error", reject);
        outgoing.end();
      });
    assert.equal(await status(false, {}), 400);
  });
});
