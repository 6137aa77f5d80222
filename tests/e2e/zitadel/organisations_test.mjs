// Organisations of the ZITADEL API as applications and people meet them: whose provider is offered, and to whom.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { reference } from "../support/html.mjs";
import { OAuthServer } from "../support/oauth_server.mjs";
import { World } from "../support/world.mjs";
import { ZitadelApi, connectionName, everything } from "../support/zitadel.mjs";

let world, zitadel, application, upstream;

before(async () => {
  world = await World.start();
  zitadel = await ZitadelApi.connect(world.server);
  application = await world.application();
  upstream = world.adopt(await OAuthServer.start());
  world.server.secrets.add(upstream.clientSecret);
});
after(() => world?.dispose());

/** A call in an organisation; insists on success. */
async function call(organisation, method, path, json) {
  const answer = await zitadel.send(method, path, json, { headers: { "x-zitadel-orgid": organisation } });
  assert.equal(answer.status, 200, `${method} ${path}: ${answer.text}`);
  return answer.json;
}

let number = 0;
/** An organisation whose own policy offers one provider of its own. */
async function organisation() {
  const name = `Customer ${++number}`;
  const { id } = await call("", "POST", "/management/v1/orgs", { name });
  const { id: provider } = await call(id, "POST", "/management/v1/idps/oauth", {
    name: `Provider of ${name}`,
    clientId: upstream.clientId,
    clientSecret: upstream.clientSecret,
    authorizationEndpoint: upstream.authorizationEndpoint,
    tokenEndpoint: upstream.tokenEndpoint,
    userEndpoint: upstream.userEndpoint,
    scopes: ["openid", "email"],
    idAttribute: upstream.idAttribute ?? "id",
    providerOptions: everything,
    usePkce: true,
  });
  await call(id, "POST", "/management/v1/policies/login", { allowExternalIdp: true, idps: [{ idpId: provider, ownerType: "IDP_OWNER_TYPE_ORG" }] });
  const { org } = await call(id, "GET", "/management/v1/orgs/me");
  return { id, name, provider, connection: connectionName(provider), domain: org.primaryDomain };
}

const scope = (named) => `openid email urn:zitadel:iam:org:id:${named}`;
const by_domain = (domain) => `openid email urn:zitadel:iam:org:domain:primary:${domain}`;

describe("an organisation's login policy", () => {
  it("offers its provider to whoever names it, by id or by domain, and to nobody else", async () => {
    const customer = await organisation();
    const other = await organisation();
    const { claims } = await application.login({ connection: customer.connection, scope: scope(customer.id) });
    assert.ok(claims.sub);
    assert.equal((await application.login({ connection: customer.connection, scope: by_domain(customer.domain) })).claims.sub, claims.sub);
    for (const wanted of ["openid", scope(other.id), by_domain(other.domain)]) {
      const { arrival } = await application.signIn({ connection: customer.connection, scope: wanted });
      assert.equal(arrival.params.get("error"), "invalid_request", wanted);
    }
  });

  it("shows its provider on the page, and nobody else's", async () => {
    const customer = await organisation();
    const other = await organisation();
    const { arrival } = await application.signIn({ scope: scope(customer.id) });
    assert.ok(arrival.page.text.includes(`${customer.name}<`), arrival.page.text);
    assert.ok(!arrival.page.text.includes(other.name));
  });

  it("tells nobody but the administrator that an organisation does not exist", async () => {
    const customer = await organisation();
    await call(customer.id, "DELETE", `/management/v1/policies/login/idps/${customer.provider}`);
    const told = new Set();
    const explained = [];
    for (const wanted of [scope("1"), by_domain("nobody.example"), scope(customer.id)]) {
      const event = await world.refused(async () => {
        const attempt = await application.signIn({ scope: wanted });
        told.add(attempt.arrival.params.get("error_description"));
        return attempt;
      }, { error: "invalid_request" });
      explained.push(event.check);
    }
    assert.equal(told.size, 1, [...told].join("\n"));
    assert.match(explained[0], /does not exist/);
    assert.doesNotMatch(explained[2], /does not exist/);
  });

  it("T4: ends a sign-in at a page when the provider is withdrawn on the way", async () => {
    const customer = await organisation();
    const users = await world.api.userCount();
    const calls = upstream.calls.token.length;
    upstream.on.authorize = async () => {
      await call(customer.id, "DELETE", `/management/v1/policies/login/idps/${customer.provider}`);
    };
    try {
      upstream.person = { id: 4711, email: "late@customer.example", email_verified: true };
      const { arrival } = await application.signIn({ connection: customer.connection, scope: scope(customer.id) });
      assert.equal(arrival.page?.status, 404);
      assert.ok(reference(arrival.page.text));
    } finally {
      upstream.on = {};
    }
    assert.equal(upstream.calls.token.length, calls);
    assert.equal(await world.api.userCount(), users);
  });

  it("T13: has its own people", async () => {
    const customer = await organisation();
    const shared = await zitadel.provider(upstream, { name: "Shared" });
    await zitadel.offer(shared);
    await call(customer.id, "POST", "/management/v1/policies/login/idps", { idpId: shared, ownerType: "IDP_OWNER_TYPE_SYSTEM" });
    const connection = connectionName(shared);
    upstream.person = { id: 815, email: "theirs@customer.example", email_verified: true };
    const { claims } = await application.login({ connection, scope: scope(customer.id) });
    assert.equal((await application.login({ connection })).claims.sub, claims.sub);
    upstream.person = { id: 816, email: "ours@people.example", email_verified: true };
    await application.login({ connection });
    await world.refused(() => application.signIn({ connection, scope: scope(customer.id) }), { rule: "AUTH-Sf8sd", error: "access_denied" });
  });
});

describe("withdrawing a provider", () => {
  it("keeps the application that was given it by hand", async () => {
    const id = await zitadel.provider(upstream);
    const connection = connectionName(id);
    const [{ id: record }] = (await world.api.send("GET", `connections?name=${connection}`)).json;
    const other = await world.application();
    await world.api.enableClient(record, application.id);
    await zitadel.offer(id);
    upstream.person = { id: 42, email: "kept@people.example", email_verified: true };
    await other.login({ connection });
    await zitadel.withdraw(id);
    assert.equal((await other.signIn({ connection })).arrival.params.get("error"), "invalid_request");
    await application.login({ connection });
  });
});
