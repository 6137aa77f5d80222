// Leaving, from outside: an unchanged relying party with back-channel logout, both logout addresses, the provider's way.
import "../support/web_crypto.mjs";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import http from "node:http";
import { after, before, describe, it } from "node:test";
import express from "express";
import expressOpenidConnect from "express-openid-connect";
import { Issuer } from "openid-client";
import { Browser } from "../support/browser.mjs";
import { compact, read } from "../support/jws.mjs";
import { until } from "../support/waiting.mjs";
import { World } from "../support/world.mjs";

/** What express-session calls a store, in memory. */
class SessionStore {
  sessions = new Map();

  get(id, done) {
    done(null, this.sessions.get(id));
  }

  set(id, session, done) {
    this.sessions.set(id, session);
    done(null);
  }

  destroy(id, done) {
    this.sessions.delete(id);
    done(null);
  }
}

/** An Express application behind the unchanged express-openid-connect. */
class ExpressApplication {
  static async start() {
    const application = new ExpressApplication();
    application.server = http.createServer((request, response) => application.app(request, response));
    await new Promise((resolve) => application.server.listen(0, "127.0.0.1", resolve));
    application.url = `http://127.0.0.1:${application.server.address().port}`;
    return application;
  }

  notices = 0;

  connect(server, client, connection) {
    this.app = express();
    this.app.use((request, _response, next) => {
      if (request.path === "/backchannel-logout") ++this.notices;
      next();
    });
    this.app.use(
      expressOpenidConnect.auth({
        issuerBaseURL: server.url,
        baseURL: this.url,
        clientID: client.client_id,
        clientSecret: client.client_secret,
        secret: randomBytes(32).toString("hex"),
        authRequired: true,
        idpLogout: true,
        authorizationParams: { response_type: "code", scope: "openid profile email", connection },
        session: { store: new SessionStore() },
        backchannelLogout: { store: new SessionStore() },
      }),
    );
    this.app.get("/", (request, response) => response.send(`hello ${request.oidc.user.email}`));
  }

  async dispose() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Takes what is posted to it; `answer(form)` is the status. */
class Listener {
  static async start(answer) {
    const listener = new Listener();
    listener.server = http.createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      response.writeHead(answer(new URLSearchParams(Buffer.concat(chunks).toString()))).end();
    });
    await new Promise((resolve) => listener.server.listen(0, "127.0.0.1", resolve));
    listener.url = `http://127.0.0.1:${listener.server.address().port}/backchannel-logout`;
    return listener;
  }

  async dispose() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const stopsNowhere = { applications: ["https://never.example/"] };

describe("logout", () => {
  let world, provider, connection;

  before(async () => {
    world = await World.start();
    provider = await world.realProvider();
    connection = await world.connection(provider);
  });
  after(() => world?.dispose());

  const application = async (client = {}) => {
    const made = await world.application({ allowed_logout_urls: ["https://app.example/bye"], ...client });
    await world.api.enableClient(connection.id, made.id);
    return made;
  };
  const expressApplication = async (logout = {}, through = connection) => {
    const app = world.adopt(await ExpressApplication.start());
    const made = await application({
      callbacks: [`${app.url}/callback`],
      allowed_logout_urls: [app.url],
      token_endpoint_auth_method: "client_secret_basic",
      oidc_logout: { backchannel_logout_urls: [`${app.url}/backchannel-logout`], ...logout },
    });
    await world.api.enableClient(through.id, made.id);
    app.connect(world.server, made.client, through.name);
    return app;
  };
  const isSignedIn = async (made, browser) => {
    const { arrival } = await made.signIn({ prompt: "none" }, { browser });
    return arrival.params.get("code") !== null;
  };

  /** The application's own session is over, as it heard of the logout. */
  const asksForSignIn = (app, browser) =>
    until("the application to ask for a new sign-in", async () => {
      const answer = await browser.request({ url: app.url });
      return answer.status === 302 && answer;
    });

  it("express-openid-connect signs in, and out again through the end session endpoint", async () => {
    const app = await expressApplication();
    const browser = new Browser(stopsNowhere);
    const { page } = await browser.open(app.url);
    assert.equal(page.text, `hello ${provider.person.email}`);
    const trips = provider.count("/auth");
    const out = new URL((await browser.request({ url: `${app.url}/logout` })).headers.location);
    assert.equal(out.pathname, "/oidc/logout");
    const answer = await browser.request({ url: out.href });
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.location.replace(/\/$/, ""), app.url);
    assert.equal(provider.count("/auth"), trips);
    await until("the back-channel notice", () => app.notices > 0);
  });

  it("an application hears of a logout elsewhere, and its session is over", async () => {
    const app = await expressApplication();
    const browser = new Browser(stopsNowhere);
    assert.match((await browser.open(app.url)).page.text, /hello/);
    await browser.request({ url: `${world.server.url}/v2/logout` });
    const answer = await asksForSignIn(app, browser);
    assert.match(answer.headers.location, /\/authorize\?/);
    assert.equal(app.notices, 1);
  });

  it("openid-client's end_session URL logs out with a hint and returns the state", async () => {
    const made = await application();
    const { browser, tokens } = await made.login({ connection: connection.name });
    const issuer = await Issuer.discover(world.server.url);
    const client = new issuer.Client({ client_id: made.id });
    const url = client.endSessionUrl({ id_token_hint: tokens.id_token, post_logout_redirect_uri: "https://app.example/bye", state: "s 1" });
    const leaving = new Browser({ applications: ["https://app.example/bye"], cookies: browser.cookies });
    const { landing } = await leaving.open(url);
    assert.equal(landing.params.get("state"), "s 1");
    assert.equal(await isSignedIn(made, browser), false);
  });

  it("T21: an address that is not registered is never followed, and nothing ends", async () => {
    const made = await application();
    const { browser, tokens } = await made.login({ connection: connection.name });
    const open = async (path, query) => {
      const url = `${world.server.url}${path}?${new URLSearchParams(query)}`;
      return browser.request({ url });
    };
    for (const evil of ["https://evil.example/", "https://app.example.evil.example/bye", "https://app.example/bye/../x", "javascript:alert(1)", "//evil.example", "https://app.example\\@evil.example/"]) {
      for (const answer of [
        await open("/v2/logout", { client_id: made.id, returnTo: evil }),
        await open("/oidc/logout", { id_token_hint: tokens.id_token, post_logout_redirect_uri: evil }),
      ]) {
        assert.equal(answer.status, 400, evil);
        assert.equal(answer.headers.location, undefined);
      }
    }
    assert.equal(await isSignedIn(made, browser), true);
  });

  it("a person who is blocked is out everywhere", async () => {
    const { application: made, connection: to } = await world.scene({ client: { grant_types: ["authorization_code", "refresh_token"] } });
    const app = await expressApplication({ backchannel_logout_initiators: { mode: "all" } }, to);
    const browser = new Browser(stopsNowhere);
    await browser.open(app.url);
    const { tokens, claims } = await made.login({ connection: to.name, scope: "openid offline_access" }, { browser: made.browser({ cookies: browser.cookies }) });
    const blocked = await world.api.send("PATCH", `users/${encodeURIComponent(claims.sub)}`, { blocked: true });
    assert.equal(blocked.status, 200, blocked.text);

    assert.equal((await made.userinfo(tokens.access_token)).status, 401);
    const { form, headers } = made.credentials();
    const refused = await world.server.send("/oauth/token", { form: { grant_type: "refresh_token", refresh_token: tokens.refresh_token, ...form }, headers });
    assert.deepEqual([refused.status, refused.json.error], [400, "invalid_grant"]);
    assert.equal(await isSignedIn(made, made.browser({ cookies: browser.cookies })), false);
    await asksForSignIn(app, browser);
  });

  it("a connection that is deleted takes its people's sessions and tokens along, and the applications hear of it", async () => {
    const { application: made, connection: to } = await world.scene({ client: { grant_types: ["authorization_code", "refresh_token"] } });
    const app = await expressApplication({ backchannel_logout_initiators: { mode: "all" } }, to);
    const browser = new Browser(stopsNowhere);
    await browser.open(app.url);
    const { tokens, claims } = await made.login({ connection: to.name, scope: "openid offline_access" }, { browser: made.browser({ cookies: browser.cookies }) });
    assert.equal((await world.api.send("DELETE", `connections/${to.id}`)).status, 202);

    assert.equal((await made.userinfo(tokens.access_token)).status, 401);
    const { form, headers } = made.credentials();
    const refused = await world.server.send("/oauth/token", { form: { grant_type: "refresh_token", refresh_token: tokens.refresh_token, ...form }, headers });
    assert.deepEqual([refused.status, refused.json.error], [400, "invalid_grant"]);
    assert.equal((await world.api.send("GET", `users/${encodeURIComponent(claims.sub)}`)).status, 404);
    await asksForSignIn(app, browser);
    assert.equal(app.notices, 1);
  });

  it("E2E-14: a provider that says goodbye ends the session, once per token, and the applications hear of it", async () => {
    const { issuer, application: made, connection: to } = await world.scene();
    const app = await expressApplication({}, to);
    const visitor = new Browser(stopsNowhere);
    await visitor.open(app.url);
    const { browser } = await made.login({ connection: to.name }, { browser: made.browser({ cookies: visitor.cookies }) });
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: issuer.url,
      aud: issuer.clientId,
      iat: now,
      exp: now + 120,
      jti: randomBytes(8).toString("hex"),
      sub: issuer.person.sub,
      events: { "http://schemas.openid.net/event/backchannel-logout": {} },
    };
    const [{ kid, alg, privateKey: key }] = issuer.keys;
    const logout_token = compact({ header: { alg, kid, typ: "logout+jwt" }, claims, key });
    const tell = () => world.server.send(`/oauth/backchannel-logout/connection/${to.name}`, { form: { logout_token } });
    assert.equal((await tell()).status, 200);
    assert.equal(await isSignedIn(made, browser), false);
    await asksForSignIn(app, visitor);
    const again = await tell();
    assert.deepEqual([again.status, again.json.error_description], [400, "invalid logout token"]);
  });

  it("E2E-16: a federated logout ends the provider's session too, and comes back to the application", async () => {
    const features = {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        // The person's answer is yes, as if the page had a single button.
        logoutSource: (context, form) => (context.body = form.replace("</form>", '<input type="hidden" name="logout" value="yes"/></form>')),
      },
    };
    const client = { post_logout_redirect_uris: [`${world.server.url}/logout/callback`] };
    const theirs = await world.realProvider({ client, configuration: { features } });
    const made = await application();
    const to = await world.connection(theirs, { applications: [made] });
    const browser = made.browser();
    const leaving = (query) => `${world.server.url}/v2/logout?${new URLSearchParams({ client_id: made.id, returnTo: "https://app.example/bye?x=1", ...query })}`;
    const questions = () => theirs.requests.filter(({ path }) => path.startsWith("/interaction/")).length;

    await made.login({ connection: to.name }, { browser });
    assert.equal(questions(), 1);
    const here = new Browser({ applications: ["https://app.example/bye"], cookies: browser.cookies });
    assert.equal((await here.open(leaving())).landing.url, "https://app.example/bye?x=1");
    assert.equal(theirs.count("/session/end"), 0);
    await made.login({ connection: to.name }, { browser });
    assert.equal(questions(), 1, "the provider still knew who it was");

    const { landing } = await here.open(leaving({ federated: "" }));
    assert.equal(landing.url, "https://app.example/bye?x=1");
    assert.equal(theirs.count("/session/end"), 1);
    await made.login({ connection: to.name }, { browser });
    assert.equal(questions(), 2, "it had forgotten");
  });

  it("BC-9: what an application could not be told waits through a restart of the server", async () => {
    const tokens = [];
    let status = 503;
    const listener = world.adopt(await Listener.start((form) => (tokens.push(read(form.get("logout_token")).claims), status)));
    const made = await application({ oidc_logout: { backchannel_logout_urls: [listener.url] } });
    const { browser, claims } = await made.login({ connection: connection.name });
    await browser.request({ url: `${world.server.url}/v2/logout` });
    await until("the first attempt", () => tokens.length === 1);
    await world.server.stop();
    status = 200;
    await world.server.start();
    await until("the second attempt", () => tokens.length === 2, { timeout: 20_000 });
    for (const token of tokens) assert.deepEqual([token.sid, token.aud], [claims.sid, made.id]);
    assert.notEqual(tokens[0].jti, tokens[1].jti);
    const told = () => world.api.send("GET", `logs?search=${encodeURIComponent(`type:oidc_backchannel_logout_succeeded AND client_id:"${made.id}"`)}`);
    const [event] = await until("the log to say so", async () => (({ json }) => json.length > 0 && json)(await told()));
    assert.equal(event.details.attempts, 2);
  });
});
