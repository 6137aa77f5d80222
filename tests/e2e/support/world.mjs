import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Application } from "./application.mjs";
import { HostileProvider } from "./hostile.mjs";
import { reference } from "./html.mjs";
import { RealProvider } from "./provider.mjs";
import { Symbolon } from "./symbolon.mjs";
import { until } from "./waiting.mjs";

/** One server and everything around it that a test file needs; `dispose()` ends all of it and checks the server's log. */
export class World {
  static async start(options) {
    const world = new World();
    world.server = await Symbolon.start(options);
    world.api = await world.server.api();
    return world;
  }

  #others = [];
  #hostile;

  async realProvider(options = {}) {
    const provider = await RealProvider.start({ redirectUris: [this.server.callbackUrl, ...this.server.zitadelCallbackUrls], ...options });
    this.server.secrets.add(provider.clientSecret);
    this.#others.push(provider);
    return provider;
  }

  /** A new issuer of the hostile provider, with a script of its own. */
  async hostileIssuer(options) {
    if (!this.#hostile) this.#others.push((this.#hostile = await HostileProvider.start()));
    const issuer = this.#hostile.issuer(options);
    this.server.secrets.add(issuer.clientSecret);
    return issuer;
  }

  /** Something else that must end with this world: has `dispose()`. */
  adopt(other) {
    this.#others.push(other);
    return other;
  }

  /** A connection to `provider`, made through the Management API; `options` join those that it needs. */
  async connection(provider, { channel = "back_channel", applications = [], options = {}, ...rest } = {}) {
    const connection = await this.api.createConnection({
      name: `c-${randomBytes(5).toString("hex")}`,
      ...rest,
      options: {
        type: channel,
        discovery_url: provider.discoveryUrl,
        client_id: provider.clientId,
        ...(channel === "back_channel" && { client_secret: provider.clientSecret }),
        scope: "openid profile email",
        ...options,
      },
    });
    for (const application of applications) await this.api.enableClient(connection.id, application.id);
    return connection;
  }

  async application(client = {}) {
    const name = client.name ?? `app ${randomBytes(3).toString("hex")}`;
    const wanted = {
      app_type: "regular_web",
      callbacks: ["https://app.example/callback"],
      grant_types: ["authorization_code"],
      token_endpoint_auth_method: "client_secret_post",
      ...client,
      name,
    };
    return new Application(this.server, { ...wanted, ...(await this.api.createClient(wanted)) });
  }

  /** A hostile issuer, a connection to it and an application that may use it: the scene of most negative tests. */
  async scene({ channel = "back_channel", issuer: issuerOptions, client, ...connectionOptions } = {}) {
    const issuer = await this.hostileIssuer(issuerOptions);
    const application = await this.application(client);
    const connection = await this.connection(issuer, { channel, applications: [application], ...connectionOptions });
    return { issuer, application, connection };
  }

  /**
   * Runs `attempt` (which answers with `{ arrival }`) and insists that the login was refused: no code, one log event
   * that explains it, its reference on the page if one is shown, and no user written.
   */
  async refused(attempt, { rule, error, page = false }) {
    const users = await this.api.userCount();
    const mark = this.server.mark();
    const { arrival } = await attempt();
    const event = await this.#explanation(mark, rule);
    if (page) this.#assertPage(arrival, event);
    else assertErrorRedirect(arrival, error);
    assert.equal(await this.api.userCount(), users, "a refused login wrote a user");
    return event;
  }

  async #explanation(mark, rule) {
    const [event] = await until("a login_failed event", () => {
      const events = this.server.eventsSince(mark, "login_failed");
      return events.length > 0 && events;
    }, { timeout: 3000 });
    assert.equal(this.server.eventsSince(mark, "login_failed").length, 1, "one failed login leaves one event");
    assert.match(event.reference ?? "", /^[\w-]{4,32}$/, `no short reference in ${JSON.stringify(event)}`);
    assert.ok(event.step, `no step in ${JSON.stringify(event)}`);
    for (const field of ["expected", "received"]) assert.ok(field in event, `no ${field} in ${JSON.stringify(event)}`);
    if (rule !== undefined) assert.match(event.rule, ruleMatches(rule), JSON.stringify(event));
    return event;
  }

  #assertPage({ page, landing }, event) {
    assert.ok(page, `expected a page, but the browser was sent to ${landing?.url}`);
    assert.ok(page.status >= 400 && page.status < 500, `status ${page.status}`);
    assert.equal(page.headers.location, undefined);
    assert.equal(reference(page.text), event.reference, "the page shows the reference of the log event");
  }

  async dispose() {
    const results = await Promise.allSettled(this.#others.map((other) => other.dispose()));
    await this.server.dispose();
    const failed = results.find(({ status }) => status === "rejected");
    if (failed) throw failed.reason;
  }
}

function ruleMatches(rule) {
  return rule instanceof RegExp ? rule : new RegExp(`^${rule}$`);
}

function assertErrorRedirect(arrival, error) {
  const { params } = arrival;
  assert.equal(params.get("code"), null, "a refused login gave a code");
  assert.ok(params.get("error"), `no error in ${arrival.landing.url}`);
  if (error !== undefined) assert.equal(params.get("error"), error, params.get("error_description"));
}
