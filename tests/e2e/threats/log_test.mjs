// T60: nothing that a person or provider sends can forge, break or colour a line of the log; no secret is in one.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { World } from "../support/world.mjs";

const nasty = 'a\r\n{"event":"forged"}\u001b[31m\u202e\u2066\u0000\u0085\u2028"}\\';

// What would end a line, move a cursor or turn text around.
const dangerous = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

describe("log", () => {
  let world;

  before(async () => (world = await World.start()));
  after(() => world?.dispose());

  function assertClean(mark) {
    const lines = world.server.lines.slice(mark);
    assert.ok(lines.length > 0, "nothing was logged");
    for (const line of lines) {
      assert.doesNotMatch(line, dangerous, line);
      const event = JSON.parse(line);
      assert.notEqual(event.event, "forged");
      for (const value of Object.values(event)) if (typeof value === "string") assert.doesNotMatch(value, dangerous, line);
    }
  }

  it("T60 claims of a failed login", async () => {
    const { issuer, application, connection } = await world.scene();
    const mark = world.server.mark();
    for (const name of ["iss", "aud", "azp", "nonce"]) {
      issuer.on.idToken = (token) => void (token.claims[name] = nasty);
      await world.refused(() => application.signIn({ connection: connection.name }), { error: "access_denied" });
    }
    for (const name of ["alg", "typ", "kid"]) {
      issuer.on.idToken = (token) => void (token.header[name] = nasty);
      await world.refused(() => application.signIn({ connection: connection.name }), { error: "access_denied" });
    }
    assertClean(mark);
  });

  it("T60 claims of a good login", async () => {
    const { issuer, application, connection } = await world.scene();
    const mark = world.server.mark();
    issuer.person = { ...issuer.person, sub: `s${nasty}`, name: nasty, nickname: nasty };
    await application.login({ connection: connection.name }).catch(() => undefined);
    await application.signIn({ connection: connection.name });
    await world.server.send("/authorize?client_id=nobody");
    if (world.server.mark() > mark) assertClean(mark);
  });

  it("T60 an upstream error and its description, also on the way to the application", async () => {
    const { issuer, application, connection } = await world.scene();
    const mark = world.server.mark();
    issuer.on.authorize = (answer) => {
      // A NUL would make the whole answer malformed.
      const description = `<b>${nasty.replace("\0", "")}</b>`;
      const params = { error: "access_denied", error_description: description, state: answer.params.state, iss: issuer.url };
      return { status: 302, headers: { location: `${answer.redirectUri}?${new URLSearchParams(params)}` } };
    };
    const { arrival } = await application.signIn({ connection: connection.name });
    const description = arrival.params.get("error_description") ?? "";
    assert.doesNotMatch(description, dangerous);
    assert.doesNotMatch(description, /<b>/);
    assert.match(description, /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/, "RFC 6749 §5.2 leaves out quotes, backslashes and all but ASCII");
    assertClean(mark);
  });

  it("T60 parameters, paths and headers of a request", async () => {
    const { application } = await world.scene();
    const mark = world.server.mark();
    const encoded = encodeURIComponent(nasty);
    for (const path of [`/authorize?client_id=${encoded}`, `/${encoded}`, `/login/callback?state=${encoded}&error=${encoded}`]) {
      const answer = await world.server.send(path, { headers: { "user-agent": "\u001b[31mred" } }).catch(() => undefined);
      if (answer) assert.doesNotMatch(answer.text, /<b>|\u001b/);
    }
    await application.signIn({ connection: nasty, login_hint: nasty });
    if (world.server.mark() > mark) assertClean(mark);
  });

  it("markup in what is sent never becomes markup of a page", async () => {
    const marked = `"><script>alert(1)</script><img src=x onerror=alert(1)>`;
    for (const path of [
      `/authorize?client_id=${encodeURIComponent(marked)}`,
      `/authorize?client_id=nobody&redirect_uri=${encodeURIComponent(marked)}&state=${encodeURIComponent(marked)}`,
      `/login/callback?state=${encodeURIComponent(marked)}`,
      `/login/callback?error=${encodeURIComponent(marked)}&error_description=${encodeURIComponent(marked)}`,
    ]) {
      const answer = await world.server.send(path, { headers: { accept: "text/html" } });
      assert.doesNotMatch(answer.text, /<script>alert|<img/, path);
    }
  });

  it("no secret is in any line: passwords of clients, codes, tokens, nonces, verifiers, cookies", async () => {
    for (const channel of ["back_channel", "front_channel"]) {
      const { issuer, application, connection } = await world.scene({ channel });
      issuer.on.idToken = (token) => void world.server.secrets.add(`${token.claims.nonce}`);
      const { browser } = await application.login({ connection: connection.name });
      for (const call of issuer.calls.token) {
        for (const name of ["code", "code_verifier", "client_secret"]) world.server.secrets.add(call.form.get(name));
      }
      for (const { host, value } of browser.cookies.all()) if (host === "localhost") world.server.secrets.add(value);
      issuer.on.idToken = (token) => {
        token.claims.aud = "someone-else";
        world.server.secrets.add(token.claims.nonce);
      };
      await world.refused(() => application.signIn({ connection: connection.name }), { rule: "V5" });
      issuer.on.token = () => ({ status: 400, body: JSON.stringify({ error: "invalid_client", client_secret: issuer.clientSecret }) });
      await application.signIn({ connection: connection.name });
    }
    world.server.assertNoSecretsInLog();
  });
});
