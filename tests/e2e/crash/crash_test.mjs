// kill -9 at random moments under load: no acknowledged login is lost, no code and no state works twice.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Browser } from "../support/browser.mjs";
import { SeededRandom } from "../support/random.mjs";
import { World } from "../support/world.mjs";
import { Ledger } from "./ledger.mjs";

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 10);
const WORKERS = 8;

describe("kill -9 under load", () => {
  let world, scenes;
  const random = new SeededRandom(Number(process.env.CRASH_SEED ?? Date.now()));
  const ledger = new Ledger();
  let people = 0;
  let settled = 0;

  before(async () => {
    world = await World.start();
    scenes = await Promise.all(["back_channel", "front_channel"].map((channel) => world.scene({ channel })));
    for (const { issuer } of scenes) issuer.on.idToken = (token) => void (token.claims.sub = `crash-${++people}`);
  });
  after(() => world?.dispose());

  /** One login; every promise goes into the ledger at the moment that it is made. Rejects when the server is gone. */
  async function login({ issuer, application, connection }) {
    const browser = application.browser();
    const request = application.request({ connection: connection.name });
    const toProvider = await browser.request({ url: request.url });
    const query = new URL(toProvider.headers.location).searchParams;
    const answer = issuer.authorizationAnswer(query);
    const { state } = answer.params;

    const cookiesBefore = browser.cookies.copy();
    const deliver = async (cookies) => {
      const sender = new Browser({ applications: application.client.callbacks, cookies });
      const arrival =
        answer.mode === "form_post"
          ? await sender.submit(answer.redirectUri, answer.params, { initiator: world.server.url })
          : await sender.open(`${answer.redirectUri}?${new URLSearchParams(answer.params)}`);
      return arrival;
    };
    ledger.delivered.push({ state, redeliver: async () => (await deliver(cookiesBefore.copy())).landing?.params.get("code") });
    const arrival = await deliver(browser.cookies);
    const code = application.code({ arrival, request });
    ledger.gaveCode(state, code);

    const uncertain = { application, code, verifier: request.verifier };
    ledger.uncertain.push(uncertain);
    const redeemed = await application.redeem(code, request.verifier);
    assert.equal(redeemed.status, 200, redeemed.text);
    ledger.uncertain.splice(ledger.uncertain.indexOf(uncertain), 1);
    const tokens = redeemed.json;
    const { sub } = JSON.parse(Buffer.from(tokens.id_token.split(".")[1], "base64url"));
    ledger.acknowledged.push({ ...uncertain, tokens, cookies: browser.cookies, sub });
  }

  /** Logs in again and again until told to stop; losing the server is the point, any other failure is one. */
  async function work(index, round) {
    while (!round.over) {
      try {
        await login(scenes[index % scenes.length]);
      } catch (error) {
        if (round.over && isLostConnection(error)) return;
        throw error;
      }
    }
  }

  const isLostConnection = ({ code, message }) => ["ECONNRESET", "ECONNREFUSED", "EPIPE"].includes(code) || /socket hang up/.test(message);

  for (let number = 1; number <= ROUNDS; ++number) {
    it(`round ${number} of ${ROUNDS} (seed ${random.seed})`, async () => {
      const round = { over: false };
      const workers = Array.from({ length: WORKERS }, (_, index) => work(index, round));
      await new Promise((resolve) => setTimeout(resolve, random.between(150, 1200)));
      round.over = true;
      await world.server.kill();
      await Promise.all(workers);
      await world.server.start();
      settled += (await ledger.settle(world.api)).acknowledged;
    });
  }

  it("had something to lose", (t) => {
    t.diagnostic(`${settled} logins settled`);
    assert.ok(settled >= ROUNDS, `${settled} logins in ${ROUNDS} rounds`);
  });
});
