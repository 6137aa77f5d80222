// T17, T24, T27: every ticket has one purpose; cut, changed, invented or used elsewhere it is worth nothing.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { World } from "../support/world.mjs";

describe("tickets", () => {
  let world, scene;

  before(async () => {
    world = await World.start();
    scene = await world.scene();
  });
  after(() => world?.dispose());

  const sessionCookie = (browser) =>
    browser.cookies.find(({ host, name, value }) => host === "localhost" && /bs$/.test(name) && value.length >= 43);

  /** One of each kind, all alive. */
  async function everyTicket() {
    const { application, connection, issuer } = scene;
    const { browser, tokens } = await application.login({ connection: connection.name });
    const waiting = await application.signIn({ prompt: "none" }, { browser });
    return {
      code: application.code(waiting),
      "access token": tokens.access_token,
      "ID token": tokens.id_token,
      "session cookie": sessionCookie(browser).value,
      "upstream state": issuer.lastRequest.get("state"),
      "upstream nonce": issuer.lastRequest.get("nonce"),
      "public session id": JSON.parse(Buffer.from(tokens.id_token.split(".")[1], "base64url")).sid,
      "Management API token": world.api.token,
      "client secret": application.client.client_secret,
    };
  }

  /** Every place that takes a ticket: true when the value was accepted. */
  const places = {
    code: async (value) => (await scene.application.redeem(value)).status === 200,
    "access token": async (value) => (await scene.application.userinfo(value)).status === 200,
    "Management API token": async (value) =>
      (await world.server.send("/api/v2/connections", { headers: { authorization: `Bearer ${value}` } })).status === 200,
    "session cookie": async (value) => {
      const browser = scene.application.browser();
      for (const name of ["bs", "__Host-bs"]) browser.cookies.set({ host: "localhost", name, value });
      const { arrival } = await scene.application.signIn({ prompt: "none" }, { browser });
      return arrival.params.get("error") === null;
    },
    "upstream state": async (value) => {
      const { landing } = await scene.application.browser().open(`${world.server.callbackUrl}?state=${value}&code=x`);
      return landing !== undefined;
    },
  };

  it("T17 no ticket is accepted in the place of another", async () => {
    const tickets = await everyTicket();
    for (const [kind, value] of Object.entries(tickets)) {
      for (const [place, accepts] of Object.entries(places)) {
        if (kind === place) continue;
        assert.equal(await accepts(value), false, `${kind} was accepted as ${place}`);
      }
    }
  });

  it("T17 each ticket works in its own place, so that the refusals mean something", async () => {
    const tickets = await everyTicket();
    for (const place of ["access token", "Management API token", "session cookie"]) {
      assert.equal(await places[place](tickets[place]), true, place);
    }
  });

  it("T24 invented codes and tokens are refused", async () => {
    const invented = ["", " ", "x", "null", "0", "%00", "../../x", randomBytes(32).toString("base64url"), "é".repeat(20), "A".repeat(43)];
    for (const value of invented) {
      for (const [place, accepts] of Object.entries(places)) {
        if (/[^\x21-\x7e]|^$/.test(value) && place !== "code") continue;
        assert.equal(await accepts(value), false, `${JSON.stringify(value)} as ${place}`);
      }
    }
  });

  it("T27 every prefix of an access token is refused", async () => {
    const { tokens } = await scene.application.login({ connection: scene.connection.name });
    for (let length = 1; length < tokens.access_token.length; ++length) {
      assert.equal((await scene.application.userinfo(tokens.access_token.slice(0, length))).status, 401, `${length} letters`);
    }
    assert.equal((await scene.application.userinfo(`${tokens.access_token}A`)).status, 401, "one letter more");
    assert.equal((await scene.application.userinfo(tokens.access_token)).status, 200);
  });

  it("T27 every change of one letter of an access token is refused", async () => {
    const { tokens } = await scene.application.login({ connection: scene.connection.name });
    const token = tokens.access_token;
    for (let at = 0; at < token.length; ++at) {
      const changed = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
      assert.equal((await scene.application.userinfo(changed)).status, 401, `letter ${at}`);
    }
  });

  it("T27 every bit of a Management API token's signature counts", async () => {
    const [head, body, signature] = world.api.token.split(".");
    const bytes = Buffer.from(signature, "base64url");
    for (let bit = 0; bit < bytes.length * 8; bit += 37) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] ^= 1 << (bit & 7);
      const answer = await world.server.send("/api/v2/connections", {
        headers: { authorization: `Bearer ${head}.${body}.${changed.toString("base64url")}` },
      });
      assert.equal(answer.status, 401, `bit ${bit}`);
    }
    const unsigned = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url")}.${body}.`;
    assert.equal(await places["Management API token"](unsigned), false);
  });

  it("T27 every prefix of a session cookie is refused", async () => {
    const { browser } = await scene.application.login({ connection: scene.connection.name });
    const { value } = sessionCookie(browser);
    for (const length of [1, 10, 20, 30, value.length - 1]) {
      assert.equal(await places["session cookie"](value.slice(0, length)), false, `${length} letters`);
    }
  });

  it("a token of one server is worth nothing at another", async () => {
    const other = await World.start();
    try {
      const answer = await other.server.send("/api/v2/connections", { headers: { authorization: `Bearer ${world.api.token}` } });
      assert.equal(answer.status, 401);
    } finally {
      await other.dispose();
    }
  });
});
