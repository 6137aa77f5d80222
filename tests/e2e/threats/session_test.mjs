// T44, T46, T47, T49: the session cookie, and what is said about how fresh a sign-in is.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { World } from "../support/world.mjs";

describe("session threats", () => {
  let world, scene;

  before(async () => {
    world = await World.start();
    scene = await world.scene();
  });
  after(() => world?.dispose());

  const sessionCookies = (browser) => browser.cookies.all().filter(({ host, name }) => host === "localhost" && /bs$/.test(name));

  const login = (parameters = {}, browser = scene.application.browser()) =>
    scene.application.login({ connection: scene.connection.name, ...parameters }, { browser });

  it("T44 a cookie that was planted before the login is not kept", async () => {
    const name = sessionCookies((await login()).browser)[0].name;
    const browser = scene.application.browser();
    const planted = "P".repeat(43);
    browser.cookies.set({ host: "localhost", name, value: planted });
    await login({}, browser);
    const [cookie] = sessionCookies(browser);
    assert.notEqual(cookie.value, planted);
    const thief = scene.application.browser();
    thief.cookies.set({ host: "localhost", name, value: planted });
    const { arrival } = await scene.application.signIn({ prompt: "none" }, { browser: thief });
    assert.equal(arrival.params.get("error"), "login_required");
  });

  it("T44 the cookie changes at every authentication", async () => {
    const { browser } = await login();
    const [before] = sessionCookies(browser);
    await login({ prompt: "login" }, browser);
    const [after] = sessionCookies(browser);
    assert.notEqual(after.value, before.value);
  });

  it("T44 the cookie of another person's earlier session is dead", async () => {
    const { browser } = await login();
    const [before] = sessionCookies(browser);
    const { person } = scene.issuer;
    scene.issuer.person = { ...person, sub: "person-2" };
    try {
      await login({ prompt: "login" }, browser);
    } finally {
      scene.issuer.person = person;
    }
    const thief = scene.application.browser();
    thief.cookies.set({ ...before });
    const { arrival } = await scene.application.signIn({ prompt: "none" }, { browser: thief });
    assert.equal(arrival.params.get("error"), "login_required");
  });

  it("T46 turning back at a forced login does not make the old one fresh", async () => {
    const { browser, claims } = await login();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    for (const parameters of [{ prompt: "login" }, { max_age: "0" }]) {
      scene.issuer.on.authorize = (answer) => ({
        status: 302,
        headers: { location: `${answer.redirectUri}?${new URLSearchParams({ error: "access_denied", state: answer.params.state, iss: scene.issuer.url })}` },
      });
      const refused = await scene.application.signIn({ connection: scene.connection.name, ...parameters }, { browser });
      assert.equal(refused.arrival.params.get("error"), "access_denied");
      scene.issuer.on.authorize = undefined;
      const silent = await login({ prompt: "none" }, browser);
      assert.equal(silent.claims.auth_time, claims.auth_time);
      const stale = await scene.application.signIn({ prompt: "none", max_age: "0" }, { browser });
      assert.equal(stale.arrival.params.get("error"), "login_required");
    }
  });

  it("T49 nothing that sets a cookie or carries a code or token may be stored", async () => {
    const { browser, answer } = await login({ response_mode: "form_post" });
    const own = browser.history.filter(({ url }) => url.startsWith(world.server.url));
    assert.ok(own.length >= 2);
    for (const seen of [...own, answer]) {
      const carries = seen.setCookies.length > 0 || /[?&]code=/.test(seen.headers.location ?? "") || seen.body.length > 0;
      if (carries) assert.match(seen.headers["cache-control"] ?? "", /no-store/, `${seen.method} ${seen.url}`);
      assert.equal(seen.headers["referrer-policy"], "no-referrer", `${seen.method} ${seen.url}`);
      assert.equal(seen.headers["x-content-type-options"], "nosniff", `${seen.method} ${seen.url}`);
    }
  });

  it("cookies are closed to scripts, have no domain, and on https are __Host- and Secure", async () => {
    const { browser } = await login();
    const lines = browser.history.flatMap(({ url, setCookies }) => (url.startsWith(world.server.url) ? setCookies : []));
    assert.ok(lines.length > 0);
    for (const line of lines) {
      assert.match(line, /;\s*HttpOnly/i);
      assert.doesNotMatch(line, /;\s*Domain/i);
    }
    const secure = await World.start({ https: true });
    try {
      const tls = await secure.scene();
      await tls.application.login({ connection: tls.connection.name });
      const tlsBrowser = (await tls.application.login({ connection: tls.connection.name })).browser;
      const tlsLines = tlsBrowser.history.flatMap(({ url, setCookies }) => (url.startsWith(secure.server.url) ? setCookies : []));
      assert.ok(tlsLines.length > 0);
      for (const line of tlsLines) {
        assert.match(line, /^__Host-/);
        assert.match(line, /;\s*Secure/i);
        assert.match(line, /;\s*HttpOnly/i);
      }
    } finally {
      await secure.dispose();
    }
  });

  it("pages cannot be framed and run no script of others", async () => {
    const { page } = await scene.application.browser().open(`${world.server.url}/authorize?client_id=nobody`);
    const policy = page.headers["content-security-policy"];
    assert.match(policy, /frame-ancestors 'none'/);
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /script-src[^;]*'unsafe-inline'/);
    assert.equal(page.headers["x-frame-options"], "DENY");
  });

  it("T47 no request from another site ends the session", async () => {
    const { browser } = await login();
    for (const path of ["/v2/logout", "/oidc/logout", "/logout"]) {
      for (const method of ["GET", "POST"]) {
        await browser.request({
          method,
          url: world.server.url + path,
          body: method === "POST" ? "" : undefined,
          initiator: "https://evil.example/",
          // A frame or an image: what another site can have a browser send without the person seeing it.
          headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site", "sec-fetch-dest": "image" },
        });
      }
    }
    await login({ prompt: "none" }, browser);
  });
});
