// Connect, test, enable: the configuration lookup, the test sign-in, and the explanation of what failed.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Browser } from "../support/browser.mjs";
import { turnsAway } from "../support/options.mjs";
import { World } from "../support/world.mjs";

describe("a connection before it is enabled", () => {
  let world, issuer;

  before(async () => {
    world = await World.start();
  });
  after(() => world?.dispose());

  const fresh = async (options = {}, more = {}) => {
    issuer = await world.hostileIssuer();
    issuer.person = { sub: "tess-1", name: "Tess Ter", email: "tess@acme.example", email_verified: true, department: "Gardens" };
    return world.connection(issuer, { options, ...more });
  };
  const order = async (connection) => {
    const answer = await world.api.send("POST", `connections/${connection.id}/try`);
    assert.equal(answer.status, 201, answer.text);
    world.server.secrets.add(answer.json.url.split("/").at(-1));
    return answer.json;
  };
  const result = async ({ result_id }) => {
    const answer = await world.api.send("GET", `connections/try-results/${result_id}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.json;
  };
  const newBrowser = () => new Browser({ applications: [] });

  it("is tried through the live login, and nothing is written", async () => {
    const connection = await fresh();
    const users = await world.api.userCount();
    const link = await order(connection);
    assert.equal(link.expires_in, 300);
    assert.equal(link.callback_url, world.server.callbackUrl);
    assert.deepEqual(await result(link), { id: link.result_id, status: "waiting" });

    const browser = newBrowser();
    const { page } = await browser.open(link.url);
    assert.equal(page.status, 200, page.text);
    assert.match(page.text, /<h1>It Works!<\/h1>/);
    assert.match(page.text, /tess@acme\.example/);
    assert.match(page.text, /department/);
    assert.match(page.headers["cache-control"], /no-store/);

    assert.equal(await world.api.userCount(), users, "a test wrote a user");
    assert.equal([...browser.history].some(({ setCookies }) => setCookies.some((line) => /session/i.test(line))), false);

    const report = await result(link);
    assert.equal(report.status, "succeeded");
    assert.equal(report.channel, "back_channel");
    assert.equal(report.pkce, "S256");
    assert.equal(report.client_authentication, "client_secret_post");
    assert.equal(report.scope_sent, "openid profile email");
    assert.equal(report.id_token.header.alg, "RS256");
    assert.equal(report.id_token.claims.iss, issuer.url);
    assert.equal(report.id_token.claims.department, "Gardens");
    assert.equal(report.profile.email, "tess@acme.example");
    assert.equal(report.user_id, `oidc|${connection.name}|tess-1`);
    assert.equal(report.login_effect, "create the user");
    assert.deepEqual(report.exchanges.map(({ purpose }) => purpose).sort(), ["keys", "token"]);
    assert.ok(report.mapping.find(({ name, value, note }) => name === "department" && value === "Gardens" && note === ""));
    // No token is shown, neither to the browser nor to the API.
    for (const text of [page.text, JSON.stringify(report)]) assert.doesNotMatch(text, /canary-at-|eyJ[\w-]+\.eyJ/);
  });

  it("is tried in the front channel too, and with authentication switched off", async () => {
    const connection = await world.connection((issuer = await world.hostileIssuer()), {
      channel: "front_channel",
      authentication: { active: false },
    });
    const link = await order(connection);
    const { page } = await newBrowser().open(link.url);
    assert.match(page.text, /It Works!/);
    const report = await result(link);
    assert.equal(report.channel, "front_channel");
    assert.equal(report.client_authentication, undefined);
    assert.equal(report.pkce, undefined);
  });

  it("shows how each attribute came to be", async () => {
    const connection = await fresh({
      attribute_map: {
        mapping_mode: "use_map",
        attributes: {
          name: "${context.tokenset.name} of ${context.connection.name}",
          email: "${context.tokenset.email}",
          title: "${context.userinfo.title}",
          groups: "${context.tokenset.department}",
          nowhere: "${context.tokenset.nowhere}",
          picture: "not a url",
          nickname: "tess",
        },
      },
      non_persistent_attrs: ["nickname"],
    });
    issuer.on.userinfo = (body) => ({ ...body, title: "Gardener" });
    const link = await order(connection);
    await newBrowser().open(link.url);
    const report = await result(link);
    const mapping = Object.fromEntries(report.mapping.map((entry) => [entry.name, entry]));
    assert.equal(mapping.name.value, `Tess Ter of ${connection.name}`);
    assert.equal(mapping.name.source, "${context.tokenset.name} of ${context.connection.name}");
    assert.equal(mapping.title.value, "Gardener");
    assert.equal(mapping.groups.note, "restricted name, skipped");
    assert.equal(mapping.nowhere.note, "empty");
    assert.equal(mapping.picture.note, "not valid, dropped");
    assert.equal(mapping.nickname.note, "not stored");
    assert.deepEqual(report.login_only, { nickname: "tess" });
    assert.equal(report.profile.groups, undefined);
    assert.deepEqual(report.userinfo, { sub: "tess-1", title: "Gardener" });
    assert.ok(report.warnings.some((warning) => /picture/.test(warning)));
  });

  it("says what a login would do, and leaves the account as it is", async () => {
    const application = await world.application();
    const connection = await fresh();
    await world.api.enableClient(connection.id, application.id);
    const { claims } = await application.login({ connection: connection.name });
    const before = await world.api.user(claims.sub);
    issuer.person = { ...issuer.person, name: "Tess Changed" };

    const effect = async () => {
      const link = await order(connection);
      await newBrowser().open(link.url);
      return (await result(link)).login_effect;
    };
    assert.equal(await effect(), "sign in the user that exists");
    assert.deepEqual(await world.api.user(claims.sub), before);

    issuer.person = { ...issuer.person, sub: "tess-2" };
    await world.api.updateConnection(connection.id, { options: { ...connection.options, set_user_root_attributes: "never_on_login" } });
    assert.match(await effect(), /^be refused: the user is not provisioned/);
  });

  it("an open session of a person is neither used nor ended", async () => {
    const application = await world.application();
    const connection = await fresh();
    await world.api.enableClient(connection.id, application.id);
    const { browser } = await application.login({ connection: connection.name });
    issuer.person = { ...issuer.person, sub: "somebody-else" };
    const departures = issuer.calls.authorize.length;
    const { page } = await browser.open((await order(connection)).url);
    assert.match(page.text, /It Works!/);
    assert.equal(issuer.calls.authorize.length, departures + 1);
    const { claims } = await application.login({ prompt: "none" }, { browser });
    assert.equal(claims.sub, `oidc|${connection.name}|tess-1`);
  });

  describe("a link", () => {
    const ended = ({ page }) => {
      assert.equal(page.status, 400);
      assert.match(page.text, /already used or has expired/);
    };

    it("works once", async () => {
      const link = await order(await fresh());
      await newBrowser().open(link.url);
      const asked = issuer.calls.authorize.length;
      ended(await newBrowser().open(link.url));
      assert.equal(issuer.calls.authorize.length, asked);
    });

    it("is not used up by a program that only looks at it", async () => {
      const link = await order(await fresh());
      assert.equal((await world.server.send(new URL(link.url).pathname, { method: "HEAD" })).status, 200);
      assert.match((await newBrowser().open(link.url)).page.text, /It Works!/);
    });

    it("that was invented, or is a result's id, leads nowhere", async () => {
      const link = await order(await fresh());
      ended(await newBrowser().open(`${world.server.url}/try/${link.result_id}`));
      ended(await newBrowser().open(`${world.server.url}/try/x`));
      assert.equal((await result(link)).status, "waiting");
    });

    it("of a connection that was deleted leads nowhere", async () => {
      const connection = await fresh();
      const link = await order(connection);
      await world.api.deleteConnection(connection.id);
      ended(await newBrowser().open(link.url));
    });

    it("ends in the browser that opened it", async () => {
      const link = await order(await fresh());
      const started = await newBrowser().request({ url: link.url });
      const state = new URL(started.headers.location).searchParams.get("state");
      const stranger = await newBrowser().open(`${world.server.callbackUrl}?state=${state}&code=x&iss=${encodeURIComponent(issuer.url)}`);
      assert.equal(stranger.page.status, 400);
      assert.equal((await result(link)).status, "started");
    });

    it("needs the scope, and a connection", async () => {
      const connection = await fresh();
      const missing = await world.api.send("POST", "connections/con_0000000000000000/try");
      assert.equal(missing.status, 404);
      assert.equal(missing.json.errorCode, "inexistent_connection");
      assert.equal((await world.server.send(`/api/v2/connections/${connection.id}/try`, { method: "POST" })).status, 401);
      assert.equal((await world.api.send("GET", "connections/try-results/nothing")).status, 404);
    });
  });

  describe("when the test fails", () => {
    const failing = async (spoil, options = {}) => {
      const connection = await fresh(options);
      spoil();
      const link = await order(connection);
      const mark = world.server.mark();
      const users = await world.api.userCount();
      const { page } = await newBrowser().open(link.url);
      assert.equal(page.status, 400);
      assert.match(page.text, /<h1>The test did not work<\/h1>/);
      assert.equal(await world.api.userCount(), users);
      assert.deepEqual(world.server.eventsSince(mark, "login_failed"), []);
      const report = await result(link);
      assert.equal(report.status, "failed");
      assert.match(page.text, new RegExp(report.failure.reference));
      return { page, report, ...report.failure };
    };

    it("a wrong issuer shows both, and the slash that they differ by", async () => {
      const { expected, received, rule, hint } = await failing(() => {
        issuer.on.idToken = (token) => void (token.claims.iss += "/");
      });
      assert.equal(rule, "V4");
      assert.equal(expected, issuer.url);
      assert.equal(received, `${issuer.url}/`);
      assert.match(hint, /slash/);
    });

    it("a refused secret names the other method, and shows the answer without secrets", async () => {
      const { page, hint, exchanges } = await failing(() => {
        issuer.on.token = (_body, { form }) => ({
          status: 401,
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ error: "invalid_client", error_description: "<b>bad</b> secret", client_secret: form.get("client_secret") }),
        });
      });
      assert.match(hint, /client_secret_basic/);
      const call = exchanges.find(({ purpose }) => purpose === "token");
      assert.equal(call.status, 401);
      assert.match(call.excerpt, /invalid_client/);
      assert.match(call.excerpt, /•••/);
      assert.doesNotMatch(page.text + call.excerpt, new RegExp(issuer.clientSecret));
      assert.doesNotMatch(page.text, /<b>bad/);
    });

    it("an error of the authorization endpoint is shown with its description", async () => {
      const { received, error } = await failing(() => {
        issuer.on.authorize = (answer) => turnsAway(answer, "unsupported_response_type", "no code for you");
      });
      assert.match(received, /unsupported_response_type.*no code for you/);
      assert.equal(error.oauthError, "server_error");
    });

    it("a connection that is incomplete says what is missing before anybody leaves", async () => {
      const bare = await world.connection(
        { clientId: "x", clientSecret: "y" },
        { options: { issuer: "https://nowhere.invalid", authorization_endpoint: "https://nowhere.invalid/authorize" } },
      );
      const link = await order(bare);
      const { page } = await newBrowser().open(link.url);
      assert.match(page.text, /token_endpoint/);
      const { failure } = await result(link);
      assert.equal(failure.step, "configuration");
      assert.match(failure.received + failure.check + failure.hint, /missing|token_endpoint/);
    });

    it("T60 what a provider writes never becomes markup", async () => {
      const { page } = await failing(() => {
        issuer.on.authorize = (answer) => turnsAway(answer, "access_denied", "<script>alert(1)</script>");
      });
      assert.doesNotMatch(page.text, /<script>/);
    });
  });

  describe("the explanation of a failed login", () => {
    it("is found by the reference in any spelling, and holds what failed", async () => {
      const application = await world.application();
      const connection = await fresh();
      await world.api.enableClient(connection.id, application.id);
      issuer.on.idToken = (token) => void (token.claims.aud = "somebody-else");
      const event = await world.refused(() => application.signIn({ connection: connection.name }), { rule: "V5", error: "access_denied" });
      for (const spelling of [event.reference, event.reference.toLowerCase(), event.reference.replace("-", ""), event.reference.replace("-", "%20")]) {
        const answer = await world.api.send("GET", `login-failures/${spelling}`);
        assert.equal(answer.status, 200, answer.text);
        const failure = answer.json;
        assert.equal(failure.reference, event.reference);
        assert.equal(failure.rule, "V5");
        assert.equal(failure.step, "id_token");
        assert.equal(failure.expected, issuer.clientId);
        assert.equal(failure.received, "somebody-else");
        assert.equal(failure.client_id, application.id);
        assert.equal(failure.connection, connection.name);
        assert.equal(failure.connection_id, connection.id);
        assert.equal(failure.type, "f");
        assert.equal(failure.error.oauthError, "access_denied");
        assert.ok(failure.hint);
        assert.deepEqual(failure.exchanges.map(({ purpose, status }) => [purpose, status]), [["token", 200], ["keys", 200]]);
      }
    });

    it("of an unknown reference is 404, and a token without the scope sees none", async () => {
      const unknown = await world.api.send("GET", "login-failures/AAAA-AAAA");
      assert.equal(unknown.status, 404);
      assert.equal(unknown.json.errorCode, "inexistent_login_failure");
      assert.equal((await world.api.send("GET", "login-failures/A")).status, 400);
      assert.equal((await world.server.send("/api/v2/login-failures/AAAA-AAAA")).status, 401);
    });
  });

  describe("the lookup of a configuration", () => {
    const probe = async (body) => {
      const answer = await world.api.send("POST", "connections/probe", body);
      assert.equal(answer.status, 200, answer.text);
      return answer.json;
    };

    it("finds one, whatever form of the address was typed", async () => {
      const found = await world.hostileIssuer();
      for (const url of [found.url, `${found.url}/`, found.discoveryUrl, ` ${found.url} `]) {
        const answer = await probe({ url });
        assert.equal(answer.status, "ok", JSON.stringify(answer));
        assert.equal(answer.requested_url, found.discoveryUrl);
        assert.equal(answer.issuer, found.url);
        assert.deepEqual(answer.problems, []);
        assert.equal(answer.document.token_endpoint, `${found.url}/token`);
        assert.deepEqual(answer.suggestions, { type: "front_channel", pkce: "S256", token_endpoint_auth_method: "client_secret_post", scopes_missing: [] });
      }
    });

    it("writes nothing", async () => {
      const count = async () => (await world.api.send("GET", "connections?include_totals=true&per_page=1")).json.total;
      const before = await count();
      await probe({ url: (await world.hostileIssuer()).url });
      assert.equal(await count(), before);
    });

    for (const [name, hook, reason, status] of [
      ["nothing there", () => ({ status: 404 }), "http_404", 404],
      ["a failing server", () => ({ status: 503 }), "http_503", 503],
      ["a page instead of JSON", () => ({ status: 200, body: "<html>" }), "not_json", 200],
      ["a list", () => ({ status: 200, body: "[]" }), "not_object", 200],
      ["a way to another place", () => ({ status: 302, headers: { location: "https://other.invalid/" } }), "redirect_refused"],
    ])
      it(`says why nothing was found: ${name}`, async () => {
        const found = await world.hostileIssuer();
        found.on.discovery = hook;
        const answer = await probe({ url: found.url });
        assert.equal(answer.status, "not_found");
        assert.equal(answer.reason, reason);
        if (status) assert.equal(answer.http_status, status);
        assert.equal(answer.document, undefined);
      });

    it("names the members that are missing or wrong, by channel", async () => {
      const found = await world.hostileIssuer();
      found.on.discovery = ({ issuer: own, authorization_endpoint }) => ({ issuer: own, authorization_endpoint, jwks_uri: "ftp://x" });
      const answer = await probe({ url: found.url, channel: "back_channel" });
      assert.equal(answer.status, "invalid");
      assert.deepEqual(answer.problems.map(({ member, code }) => `${member}: ${code}`).sort(), ["jwks_uri: not_https", "token_endpoint: missing"]);
      assert.ok(answer.document);
      const front = await probe({ url: found.url, channel: "front_channel" });
      assert.deepEqual(front.problems.map(({ member }) => member), ["jwks_uri"]);
    });

    it("warns of an issuer that lives elsewhere", async () => {
      const found = await world.hostileIssuer({ metadata: { issuer: "https://elsewhere.example" } });
      const answer = await probe({ url: found.url });
      assert.equal(answer.status, "ok");
      assert.deepEqual(answer.warnings.map(({ code }) => code), ["issuer_mismatch"]);
    });

    it("T40 reaches no address that a connection could not", async () => {
      const answer = await probe({ url: "http://10.0.0.1/" });
      assert.equal(answer.status, "not_found");
      assert.equal(answer.reason, "address not allowed");
      const refused = await world.api.send("POST", "connections/probe", {
        url: "http://169.254.169.254/",
        egress: { allowed_networks: ["169.254.0.0/16"] },
      });
      assert.equal(refused.status, 400);
      assert.match(refused.json.message, /egress\.allowed_networks/);
    });

    it("refuses what is no address", async () => {
      assert.equal((await probe({ url: "::" })).status, "not_found");
      for (const body of [{}, { url: "" }, { url: 7 }, { url: "https://a.example", channel: "side" }, { url: "https://a.example", more: 1 }])
        assert.equal((await world.api.send("POST", "connections/probe", body)).status, 400, JSON.stringify(body));
    });
  });
});
