// What the server has promised so far, and what may therefore never be lost or happen twice.
import assert from "node:assert/strict";

export class Ledger {
  /** Logins whose tokens arrived: { application, code, verifier, tokens, cookies, sub }. */
  acknowledged = [];
  /** Codes that were sent to the token endpoint without an answer. */
  uncertain = [];
  /** Delivered callbacks: { state, redeliver } to be tried again. */
  delivered = [];
  /** Codes seen for each upstream state. */
  codes = new Map();

  gaveCode(state, code) {
    const seen = this.codes.get(state) ?? new Set();
    this.codes.set(state, seen.add(code));
  }

  /** After a restart: every promise holds. Empties the ledger. */
  async settle(api) {
    const { acknowledged, uncertain, delivered } = this;
    [this.acknowledged, this.uncertain, this.delivered] = [[], [], []];
    await inTurn(acknowledged, (login) => assertAlive(login, api));
    await inTurn(acknowledged, assertCodeIsSpent);
    await inTurn(uncertain, assertWorksAtMostOnce);
    await inTurn(delivered, async ({ state, redeliver }) => {
      const code = await redeliver();
      if (code) this.gaveCode(state, code);
    });
    for (const [state, seen] of this.codes) assert.ok(seen.size <= 1, `state ${state.slice(0, 6)}… gave ${seen.size} codes`);
    return { acknowledged: acknowledged.length, uncertain: uncertain.length, delivered: delivered.length };
  }
}

/** The tokens that arrived open userinfo, the session signs in again without the provider, the user is on record. */
async function assertAlive({ application, tokens, cookies, sub }, api) {
  const userinfo = await application.userinfo(tokens.access_token);
  assert.equal(userinfo.status, 200, `the access token of ${sub} is lost: ${userinfo.text}`);
  assert.equal(userinfo.json.sub, sub);
  const { arrival } = await application.signIn({ prompt: "none" }, { browser: application.browser({ cookies }) });
  assert.equal(arrival.params.get("error"), null, `the session of ${sub} is lost`);
  assert.equal((await api.user(sub)).user_id, sub);
}

async function assertCodeIsSpent({ application, code, verifier, sub }) {
  const answer = await application.redeem(code, verifier);
  assert.equal(answer.status, 400, `the code of ${sub} worked twice`);
  assert.equal(answer.json.error, "invalid_grant");
}

async function assertWorksAtMostOnce({ application, code, verifier }) {
  await application.redeem(code, verifier);
  const second = await application.redeem(code, verifier);
  assert.equal(second.status, 400, "a code worked twice");
}

async function inTurn(items, check, width = 8) {
  const waiting = [...items];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = waiting.pop(); item; item = waiting.pop()) await check(item);
    }),
  );
}
