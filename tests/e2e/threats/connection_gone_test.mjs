// T4, T16: a connection that is switched off ends every login through it, at whatever step that login is.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { World } from "../support/world.mjs";

describe("a connection that goes away", () => {
  let world;

  before(async () => (world = await World.start()));
  after(() => world?.dispose());

  const ways = {
    "taken from the application": ({ connection, application }) => world.api.enableClient(connection.id, application.id, false),
    "closed for authentication": ({ connection }) => world.api.updateConnection(connection.id, { authentication: { active: false } }),
    deleted: ({ connection }) => world.api.deleteConnection(connection.id),
  };

  for (const [name, switchOff] of Object.entries(ways)) {
    describe(name, () => {
      it("T4 before the login: it does not start", async () => {
        const scene = await world.scene();
        await switchOff(scene);
        const { arrival } = await scene.application.signIn({ connection: scene.connection.name });
        assert.equal(arrival.params.get("error"), "invalid_request");
        assert.equal(scene.issuer.calls.authorize.length, 0);
      });

      for (const channel of ["back_channel", "front_channel"]) {
        it(`T4 while the person is at the provider: the answer is refused (${channel})`, async () => {
          const scene = await world.scene({ channel });
          let answer;
          scene.issuer.on.authorize = (honest) => {
            answer = honest;
            return { status: 200, headers: { "content-type": "text/plain" }, body: "thinking" };
          };
          const { browser } = await scene.application.signIn({ connection: scene.connection.name });
          await switchOff(scene);
          const users = await world.api.userCount();
          const arrival =
            answer.mode === "form_post"
              ? await browser.submit(answer.redirectUri, answer.params, { initiator: scene.issuer.url })
              : await browser.open(`${answer.redirectUri}?${new URLSearchParams(answer.params)}`);
          assert.equal(arrival.params.get("code"), null);
          assert.ok(arrival.params.get("error"));
          assert.equal(await world.api.userCount(), users);
        });
      }

      it("T4 between the code and its redemption: no tokens", async () => {
        const scene = await world.scene();
        const attempt = await scene.application.signIn({ connection: scene.connection.name });
        const code = scene.application.code(attempt);
        await switchOff(scene);
        const answer = await scene.application.redeem(code, attempt.request.verifier);
        assert.equal(answer.status, 400, answer.text);
        assert.equal(answer.json.error, "invalid_grant");
      });

      it("T16 afterwards: the session opens nothing", async () => {
        const scene = await world.scene();
        const { browser } = await scene.application.login({ connection: scene.connection.name });
        await switchOff(scene);
        const { arrival } = await scene.application.signIn({ prompt: "none" }, { browser });
        assert.match(arrival.params.get("error"), /^(login_required|invalid_request)$/);
      });
    });
  }

  it("T16 a session made through one connection opens no application that may use only another", async () => {
    const scene = await world.scene();
    const other = await world.scene();
    const { browser } = await scene.application.login({ connection: scene.connection.name });
    const inSameBrowser = other.application.browser({ cookies: browser.cookies });
    const silent = await other.application.signIn({ prompt: "none" }, { browser: inSameBrowser });
    assert.equal(silent.arrival.params.get("error"), "login_required");

    const { claims } = await other.application.login({}, { browser: inSameBrowser });
    assert.ok(claims.sub.startsWith(`oidc|${other.connection.name}|`));
    assert.equal(other.issuer.calls.authorize.length, 1);
  });

  it("T16 asking for a connection that the session was not made through goes to that connection", async () => {
    const scene = await world.scene();
    const issuer = await world.hostileIssuer();
    const second = await world.connection(issuer, { applications: [scene.application] });
    const { browser } = await scene.application.login({ connection: scene.connection.name });
    const { claims } = await scene.application.login({ connection: second.name }, { browser });
    assert.ok(claims.sub.startsWith(`oidc|${second.name}|`));
  });

  it("SEC-11 an edited connection never gets the code of a login that began before", async () => {
    const scene = await world.scene();
    const elsewhere = await world.hostileIssuer();
    let answer;
    scene.issuer.on.authorize = (honest) => {
      answer = honest;
      return { status: 200, headers: { "content-type": "text/plain" }, body: "thinking" };
    };
    const { browser } = await scene.application.signIn({ connection: scene.connection.name });
    await world.api.updateConnection(scene.connection.id, {
      options: {
        type: "back_channel",
        client_id: scene.issuer.clientId,
        client_secret: scene.issuer.clientSecret,
        discovery_url: elsewhere.discoveryUrl,
      },
    });
    await browser.open(`${answer.redirectUri}?${new URLSearchParams(answer.params)}`);
    assert.equal(elsewhere.calls.token.length, 0);
  });

  it("T12 a change of endpoint without the secret is refused and sends nothing", async () => {
    const scene = await world.scene();
    const elsewhere = await world.hostileIssuer();
    const answer = await world.api.send("PATCH", `connections/${scene.connection.id}`, {
      options: { type: "back_channel", client_id: scene.issuer.clientId, discovery_url: elsewhere.discoveryUrl },
    });
    assert.equal(answer.status, 400, answer.text);
    assert.match(answer.json.message, /secret/);
  });

  it("a deleted application signs nobody in and its codes are worth nothing", async () => {
    const scene = await world.scene();
    const attempt = await scene.application.signIn({ connection: scene.connection.name });
    const code = scene.application.code(attempt);
    await world.api.deleteClient(scene.application.id);
    assert.equal((await scene.application.redeem(code, attempt.request.verifier)).status, 401);
    const { arrival } = await scene.application.signIn({ connection: scene.connection.name });
    assert.equal(arrival.page.status, 400);
  });
});
