// T3, T5, T45, T48: an answer counts only in the browser that asked, once, for the login that it belongs to.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { World } from "../support/world.mjs";

describe("state", () => {
  let world;

  before(async () => (world = await World.start()));
  after(() => world?.dispose());

  const callback = (answer) => `${answer.redirectUri}?${new URLSearchParams(answer.params)}`;

  /** Starts a login and stops at the provider: `answer` is what the provider would send. */
  async function atProvider({ issuer, application, connection }, browser = application.browser()) {
    issuer.on.authorize = () => ({ status: 200, headers: { "content-type": "text/plain" }, body: "thinking" });
    const attempt = await application.signIn({ connection: connection.name }, { browser });
    return { ...attempt, answer: issuer.authorizationAnswer(issuer.lastRequest) };
  }

  const deliver = (browser, answer) =>
    answer.mode === "form_post"
      ? browser.submit(answer.redirectUri, answer.params, { initiator: "http://127.0.0.1/" })
      : browser.open(callback(answer));

  function assertRefusedByPage({ page, landing }) {
    assert.equal(landing, undefined, "the browser was sent on");
    assert.equal(page.status, 400);
    assert.equal(page.headers.location, undefined);
  }

  const loginCookies = (browser) =>
    browser.cookies.all().filter(({ host, name, httpOnly }) => host === "localhost" && httpOnly && /^(__Host-)?login-/.test(name));

  for (const channel of ["back_channel", "front_channel"]) {
    describe(channel, () => {
      it("T3 an answer that nobody asked for is refused", async () => {
        const scene = await world.scene({ channel });
        const { answer } = await atProvider(scene);
        const users = await world.api.userCount();
        const stranger = scene.application.browser();
        for (const params of [{ ...answer.params, state: "invented" }, { ...answer.params, state: undefined }]) {
          const defined = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
          assertRefusedByPage(await deliver(stranger, { ...answer, params: defined }));
        }
        assert.equal(await world.api.userCount(), users);
        assert.equal(scene.issuer.calls.token.length, 0);
        const silent = await scene.application.signIn({ prompt: "none" }, { browser: stranger });
        assert.equal(silent.arrival.params.get("error"), "login_required");
      });

      it("T5 T45 an answer in another browser is refused, and its owner may still use it", async () => {
        const scene = await world.scene({ channel });
        const owner = await atProvider(scene);
        const thief = scene.application.browser();
        const event = await world.refused(async () => ({ arrival: await deliver(thief, owner.answer) }), { page: true });
        assert.equal(event.step.length > 0, true);
        assert.equal(scene.issuer.calls.token.length, 0);

        const arrival = await deliver(owner.browser, owner.answer);
        scene.application.code({ ...owner, arrival });
      });

      it("T45 an answer in a browser with a login of its own is refused too", async () => {
        const scene = await world.scene({ channel });
        const owner = await atProvider(scene);
        const thief = await atProvider(scene);
        assertRefusedByPage(await deliver(thief.browser, owner.answer));
      });

      it("T45 an answer works once", async () => {
        const scene = await world.scene({ channel });
        const attempt = await atProvider(scene);
        const before = attempt.browser.cookies.copy();
        scene.application.code({ ...attempt, arrival: await deliver(attempt.browser, attempt.answer) });
        const calls = scene.issuer.calls.token.length;

        // With the cookies of before the answer, as a copy of the whole browser would have them.
        for (const cookies of [attempt.browser.cookies, before]) {
          const again = await deliver(scene.application.browser({ cookies }), attempt.answer);
          assert.equal(again.landing?.params.get("code") ?? null, null, "a second code");
        }
        assert.equal(scene.issuer.calls.token.length, calls, "the code exchange ran again");
      });

      it("T45 of many simultaneous deliveries of one answer, one succeeds", async () => {
        const scene = await world.scene({ channel });
        const attempt = await atProvider(scene);
        const arrivals = await Promise.all(
          Array.from({ length: 20 }, () =>
            deliver(scene.application.browser({ cookies: attempt.browser.cookies.copy() }), attempt.answer),
          ),
        );
        const codes = arrivals.flatMap(({ landing }) => landing?.params.get("code") ?? []);
        assert.equal(codes.length, 1);
      });

      it("T48 a login cookie with any byte changed is worthless", async () => {
        const scene = await world.scene({ channel });
        const attempt = await atProvider(scene);
        const cookies = loginCookies(attempt.browser).filter(({ value }) => value.length > 60);
        assert.ok(cookies.length > 0, "no sealed login cookie");
        for (const cookie of cookies) {
          for (const at of [0, 5, Math.floor(cookie.value.length / 2), cookie.value.length - 1]) {
            const letter = cookie.value[at] === "A" ? "B" : "A";
            const jar = attempt.browser.cookies.copy();
            jar.set({ ...cookie, value: cookie.value.slice(0, at) + letter + cookie.value.slice(at + 1) });
            assertRefusedByPage(await deliver(scene.application.browser({ cookies: jar }), attempt.answer));
          }
        }
        // The untouched one still works: the spoiled ones have burnt nothing.
        scene.application.code({ ...attempt, arrival: await deliver(attempt.browser, attempt.answer) });
      });

      it("T48 a login cookie of one state does not serve another", async () => {
        const scene = await world.scene({ channel });
        const one = await atProvider(scene);
        const two = await atProvider(scene);
        const [first, second] = [one, two].map(({ browser }) => loginCookies(browser).find(({ value }) => value.length > 60));
        const jar = two.browser.cookies.copy();
        jar.set({ ...second, value: first.value });
        assertRefusedByPage(await deliver(scene.application.browser({ cookies: jar }), two.answer));
      });
    });
  }

  it("T3 a code where an ID token is due, and the reverse, is refused", async () => {
    for (const [channel, wrong] of [["front_channel", "code"], ["back_channel", "id_token"]]) {
      const scene = await world.scene({ channel });
      const attempt = await atProvider(scene);
      const other = { state: attempt.answer.params.state, iss: scene.issuer.url };
      other[wrong] = wrong === "code" ? "some-code" : scene.issuer.idToken();
      const deliverIt = async () => ({ arrival: await deliver(attempt.browser, { ...attempt.answer, params: other }) });
      await world.refused(deliverIt, { error: "server_error" });
      assert.equal(scene.issuer.calls.token.length, 0);
    }
  });

  it("state given both in the query and in the body is refused", async () => {
    const scene = await world.scene({ channel: "front_channel" });
    const { browser, answer } = await atProvider(scene);
    const { landing } = await browser.submit(`${answer.redirectUri}?state=${answer.params.state}`, answer.params, {
      initiator: "http://localhost/",
    });
    assert.equal(landing?.params.get("code") ?? null, null);
  });

  it("T39 no two sealed cookies are alike, whatever the request", async () => {
    const { application, connection } = await world.scene();
    const seen = new Set();
    for (let i = 0; i < 40; ++i) {
      const browser = application.browser();
      await browser.request({ url: application.request({ connection: connection.name, state: "same", nonce: "same" }).url });
      for (const { value } of loginCookies(browser)) for (const part of [value, value.slice(0, 24), value.slice(-24)]) seen.add(part);
    }
    assert.ok(seen.size >= 100, `only ${seen.size} different parts`);
  });

  it("a browser holds eight logins at most, and the oldest goes first", async () => {
    const scene = await world.scene();
    const browser = scene.application.browser();
    const attempts = [];
    for (let i = 0; i < 10; ++i) attempts.push(await atProvider(scene, browser));
    assertRefusedByPage(await deliver(browser, attempts[0].answer));
    for (const attempt of attempts.slice(-8)) {
      scene.application.code({ ...attempt, arrival: await deliver(browser, attempt.answer) });
    }
  });

  it("a request too large for cookies is refused by name, a large one is not", async () => {
    const scene = await world.scene();
    const large = await scene.application.signIn({ connection: scene.connection.name, state: "s".repeat(3500) });
    scene.application.code(large);
    const { arrival } = await scene.application.signIn({ connection: scene.connection.name, state: "s".repeat(15_000) });
    const text = arrival.page?.text ?? arrival.params.get("error_description");
    assert.match(text, /state/);
  });
});
