// The first sight of a person: the rows of the decision table, as browsers meet them, and what must never happen there.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { decodeEntities, forms, reference } from "../support/html.mjs";
import { OAuthServer } from "../support/oauth_server.mjs";
import { World } from "../support/world.mjs";
import { ZitadelApi, changeOptions, connectionName, everything } from "../support/zitadel.mjs";

const EMAIL = "AUTO_LINKING_OPTION_EMAIL";
const USERNAME = "AUTO_LINKING_OPTION_USERNAME";

// A provider may speak for the addresses of its own domains.
const trusted = { trust_email: true, trusted_email_domains: ["people.example"] };

let world, zitadel, application, old, oldConnection, upstream;
let number = 100;

before(async () => {
  world = await World.start();
  zitadel = await ZitadelApi.connect(world.server);
  application = await world.application();
  const profile = ["name", "given_name", "family_name", "nickname", "preferred_username"];
  old = await world.realProvider({ configuration: { claims: { openid: ["sub"], profile, email: ["email", "email_verified"] } } });
  // The old accounts' addresses and names are as good as this provider, so it must be trusted as well.
  oldConnection = await world.connection(old, {
    applications: [application],
    display_name: "Old Provider",
    show_as_button: true,
    options: { ...trusted, trust_username: true },
  });
  upstream = world.adopt(await OAuthServer.start());
  world.server.secrets.add(upstream.clientSecret);
});
after(() => world?.dispose());

/** Somebody new at the new provider, whom nobody has seen. */
function newcomer(more = {}) {
  const id = ++number;
  upstream.person = { id, login: `new${id}`, given_name: "Nora", family_name: `New${id}`, email: `n${id}@people.example`, email_verified: true, ...more };
  return upstream.person;
}

/** An account that somebody made through the old provider; the same address as `person`'s. */
async function oldAccount(person, more = {}) {
  old.person = { sub: `old-${person.id}`, name: "Old Name", preferred_username: `old${person.id}`, email: person.email, email_verified: true, ...more };
  const { claims } = await application.login({ connection: oldConnection.name });
  return claims.sub;
}

async function provider(providerOptions, trust = {}) {
  const id = await zitadel.provider(upstream, { providerOptions, name: "New Provider" });
  await zitadel.offer(id);
  const name = connectionName(id);
  if (Object.keys(trust).length > 0) await change(name, trust);
  return name;
}

const find = async (name) => (await world.api.send("GET", `connections?name=${name}`)).json[0];

const change = (name, more) => changeOptions(world.api, name, more);

/** Signs in with the new provider and insists on a page that asks. */
async function meet(connection, browser = application.browser()) {
  const request = application.request({ connection });
  const { page, landing } = await browser.open(request.url);
  assert.ok(page, `expected a page, but arrived at ${landing?.url}`);
  assert.equal(page.status, 200, page.text);
  assert.match(page.url, /\/u\/first-contact\?state=/);
  return { browser, request, page };
}

const has = (page, section) => page.text.includes(`<section id="${section}">`);

/** The form with that button. */
function formWith(page, name, value) {
  const found = forms(page.text, page.url).find(({ choices }) => choices.some((one) => one.name === name && (value === undefined || one.value === value)));
  assert.ok(found, `no button ${name}=${value} in ${page.text}`);
  return found;
}

function inputs(page) {
  return Object.fromEntries(
    [...page.text.matchAll(/<input id="([a-z_]+)"[^>]* value="([^"]*)">/g)].map(([, name, value]) => [name, decodeEntities(value)]));
}

function create(visit, fields = {}) {
  const form = formWith(visit.page, "action", "create");
  return visit.browser.submit(form.action, { ...Object.fromEntries(form.fields), ...inputs(visit.page), ...fields, action: "create" }, { initiator: visit.page.url });
}

function link(visit, connection = oldConnection.id) {
  const form = formWith(visit.page, "connection", connection);
  return visit.browser.submit(form.action, { ...Object.fromEntries(form.fields), connection }, { initiator: visit.page.url });
}

async function claimsOf(visit, arrival) {
  const answer = await application.redeem(application.code({ arrival, request: visit.request }), visit.request.verifier);
  assert.equal(answer.status, 200, answer.text);
  return JSON.parse(Buffer.from(answer.json.id_token.split(".")[1], "base64url"));
}

const nothing = { isLinkingAllowed: false, isCreationAllowed: false, isAutoCreation: false, isAutoUpdate: false };

describe("the decision table", () => {
  it("row 5: creates at once; row 1: knows the person the next time", async () => {
    const connection = await provider(everything);
    const person = newcomer();
    const first = await application.login({ connection });
    assert.equal(first.claims.sub, `oauth2|${connection}|${person.id}`);
    assert.equal((await application.login({ connection })).claims.sub, first.claims.sub);
  });

  it("row 7: offers both; a new account has what the person typed, and only that", async () => {
    const connection = await provider({ ...everything, isAutoCreation: false });
    const person = newcomer();
    const visit = await meet(connection);
    assert.ok(has(visit.page, "link") && has(visit.page, "create"));
    assert.deepEqual(inputs(visit.page), { given_name: "Nora", family_name: person.family_name, nickname: person.email.split("@")[0], email: person.email });
    const claims = await claimsOf(visit, await create(visit, { given_name: "Eleonora" }));
    assert.equal(claims.given_name, "Eleonora");
    assert.equal(claims.email, person.email);
    assert.equal(claims.email_verified, true, "proved by the provider and not changed");
  });

  it("row 8: offers a new account only", async () => {
    const connection = await provider({ ...nothing, isCreationAllowed: true });
    newcomer();
    const visit = await meet(connection);
    assert.ok(has(visit.page, "create") && !has(visit.page, "link"));
    const form = formWith(visit.page, "action", "create");
    const forged = await visit.browser.submit(form.action, { ...Object.fromEntries(form.fields), action: "link", connection: oldConnection.id }, { initiator: visit.page.url });
    assert.equal(forged.page?.status, 400, "what the page does not offer is not done");
  });

  it("row 9: offers an old account only", async () => {
    const connection = await provider({ ...nothing, isLinkingAllowed: true });
    const person = newcomer();
    const sub = await oldAccount(person, { email: "somebody@else.example" });
    const visit = await meet(connection);
    assert.ok(has(visit.page, "link") && !has(visit.page, "create"));
    const form = formWith(visit.page, "action", "cancel");
    const forged = await visit.browser.submit(form.action, { ...Object.fromEntries(form.fields), action: "create" }, { initiator: visit.page.url });
    assert.equal(forged.page?.status, 400);
    const claims = await claimsOf(visit, await link(visit));
    assert.equal(claims.sub, sub);
    assert.equal((await application.login({ connection })).claims.sub, sub, "both ways lead there from now on");
    const user = await world.api.user(sub);
    assert.equal(user.identities.length, 2);
    assert.equal(user.name, "Old Name", "the profile stays the first provider's");
  });

  it("row 10: refuses", async () => {
    const connection = await provider(nothing);
    newcomer();
    const event = await world.refused(() => application.signIn({ connection }), { rule: "RP-83", error: "access_denied" });
    assert.equal(event.step, "admission");
  });

  it("row 6a: asks for what the provider did not tell", async () => {
    const connection = await provider(everything);
    newcomer({ email: undefined });
    const visit = await meet(connection);
    assert.match(visit.page.text, /did not tell us your email address/);
    for (const email of ["", "nonsense", "two words@people.example"]) {
      const { page } = await create(visit, { email });
      assert.equal(page?.status, 400, email);
      assert.match(page.text, /aria-describedby="email-problem"/);
    }
    const claims = await claimsOf(visit, await create(visit, { email: "typed@people.example" }));
    assert.equal(claims.email, "typed@people.example");
    assert.equal(claims.email_verified, false, "typed is not proved");
  });

  it("row 6b: offers an old account when a new one cannot be made", async () => {
    const connection = await provider({ ...nothing, isAutoCreation: true, isLinkingAllowed: true });
    newcomer({ email: undefined });
    const { page } = await meet(connection);
    assert.ok(has(page, "link") && !has(page, "create"));
  });

  it("row 6c: says what is missing", async () => {
    const connection = await provider({ ...nothing, isAutoCreation: true });
    newcomer({ email: undefined });
    const event = await world.refused(() => application.signIn({ connection }), { rule: "RP-83", error: "access_denied" });
    assert.match(event.expected, /e-mail/);
  });

  it("row 2: proposes the account with the same address, and links it when the person signs in to it", async () => {
    const connection = await provider({ ...everything, autoLinking: EMAIL });
    const person = newcomer();
    const sub = await oldAccount(person);
    const visit = await meet(connection);
    assert.match(visit.page.text, /You seem to have an account/);
    assert.match(visit.page.text, /Old Provider/);
    assert.equal((await claimsOf(visit, await link(visit))).sub, sub);
  });

  it("row 2: the person may say that it is not theirs", async () => {
    const connection = await provider({ ...everything, autoLinking: USERNAME });
    const person = newcomer();
    await oldAccount(person, { preferred_username: person.login, email: "x@else.example" });
    const visit = await meet(connection);
    assert.match(visit.page.text, /You seem to have an account/);
    const claims = await claimsOf(visit, await create(visit));
    assert.equal(claims.sub, `oauth2|${connection}|${person.id}`);
  });

  it("row 2: links at once where the operator trusts the provider", async () => {
    const connection = await provider({ ...everything, autoLinking: EMAIL }, trusted);
    const person = newcomer();
    const sub = await oldAccount(person);
    assert.equal((await application.login({ connection })).claims.sub, sub);
    const by_name = await provider({ ...everything, autoLinking: USERNAME }, { trust_username: true });
    const other = newcomer();
    const second = await oldAccount(other, { preferred_username: other.login.toUpperCase() });
    assert.equal((await application.login({ connection: by_name })).claims.sub, second);
  });

  it("row 2: never links an administrator without their sign-in", async () => {
    const connection = await provider({ ...everything, autoLinking: EMAIL }, trusted);
    const person = newcomer();
    const sub = await oldAccount(person);
    assert.equal((await zitadel.send("POST", "/admin/v1/members", { userId: sub, roles: ["IAM_OWNER_VIEWER"] })).status, 200);
    await meet(connection);
  });

  it("row 3: two accounts are no match", async () => {
    const connection = await provider({ ...everything, autoLinking: EMAIL }, trusted);
    const person = newcomer();
    await oldAccount(person);
    await oldAccount({ ...person, id: `${person.id}-second` });
    assert.equal((await application.login({ connection })).claims.sub, `oauth2|${connection}|${person.id}`);
  });
});

describe("the page", () => {
  it("is accessible without scripts, in English and French, and holds nothing external in hidden fields", async () => {
    const connection = await provider({ ...everything, isAutoCreation: false });
    const person = newcomer();
    const { page } = await meet(connection);
    assert.match(page.headers["content-security-policy"], /default-src 'none'/);
    assert.doesNotMatch(page.text, /<script/);
    assert.match(page.text, /<html lang="en">/);
    for (const name of Object.keys(inputs(page))) assert.match(page.text, new RegExp(`<label for="${name}">`));
    const hidden = [...page.text.matchAll(/<input type="hidden" name="(\w+)"/g)].map(([, name]) => name);
    assert.deepEqual(new Set(hidden), new Set(["state", "token", "action"]));
    assert.doesNotMatch(page.text, new RegExp(`value="${person.id}"`));

    const browser = application.browser();
    const request = application.request({ connection, ui_locales: "fr" });
    const { page: french } = await browser.open(request.url);
    assert.match(french.text, /<html lang="fr">/);
    assert.match(french.text, /Première visite/);
  });

  it("leads back to the application when the person cancels", async () => {
    const connection = await provider({ ...everything, isAutoCreation: false });
    newcomer();
    const visit = await meet(connection);
    const form = formWith(visit.page, "action", "cancel");
    const { params } = await visit.browser.submit(form.action, { ...Object.fromEntries(form.fields), action: "cancel" }, { initiator: visit.page.url });
    assert.equal(params.get("error"), "access_denied");
    assert.equal(params.get("state"), visit.request.parameters.state);
    const { page } = await visit.browser.open(visit.page.url);
    assert.equal(page.status, 400, "a cancelled sign-in is over");
  });

  it("comes back with a reference when the trip to the old account fails", async () => {
    const connection = await provider({ ...everything, isAutoCreation: false });
    newcomer();
    const visit = await meet(connection);
    old.refusal = { error: "access_denied", error_description: "no" };
    try {
      const { page } = await link(visit);
      assert.equal(page.status, 200);
      assert.ok(reference(page.text));
      assert.match(page.text, /id="notice"/);
      visit.page = page;
    } finally {
      old.refusal = undefined;
    }
    await oldAccount({ id: "retry", email: "retry@people.example" });
    assert.equal((await claimsOf(visit, await link(visit))).email, "retry@people.example");
  });
});

describe("threats", () => {
  it("T1: a trip that one identity began is not finished by another", async () => {
    const connection = await provider({ ...everything, isAutoCreation: false });
    newcomer();
    const browser = application.browser();
    const first = await meet(connection, browser);
    await oldAccount({ id: "t1", email: "t1@people.example" });
    // The trip of A, taken to a browser in which B waits: same provider, other person.
    newcomer();
    const second = await meet(connection);
    const form = formWith(first.page, "connection", oldConnection.id);
    const stolen = await second.browser.submit(form.action, { ...Object.fromEntries(form.fields), connection: oldConnection.id }, { initiator: first.page.url });
    assert.ok(stolen.page.status === 400 || stolen.page.status === 403, "another browser's page is not there");
    const user = await world.api.user(`oidc|${oldConnection.name}|old-t1`);
    assert.equal(user.identities.length, 1);
  });

  it("T1: an old account other than the proposed one is refused, and nothing is written", async () => {
    const connection = await provider({ ...everything, autoLinking: EMAIL });
    const person = newcomer();
    const sub = await oldAccount(person);
    const visit = await meet(connection);
    const other = await oldAccount({ id: `${person.id}-other`, email: "other@people.example" });
    const { page } = await link(visit);
    assert.equal(page.status, 200);
    assert.match(page.text, /belongs to another account/);
    for (const id of [sub, other]) assert.equal((await world.api.user(id)).identities.length, 1);
  });

  it("T2, T9: a waiting sign-in ends once, however often it is answered", async () => {
    const connection = await provider({ ...everything, isAutoCreation: false });
    newcomer();
    const visit = await meet(connection);
    const form = formWith(visit.page, "action", "create");
    const body = new URLSearchParams({ ...Object.fromEntries(form.fields), ...inputs(visit.page), action: "create" }).toString();
    const users = await world.api.userCount();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => visit.browser.request({ method: "POST", url: form.action, body, initiator: visit.page.url })));
    const codes = answers.filter(({ headers }) => /[?&]code=/.test(headers.location ?? ""));
    assert.equal(codes.length, 1);
    assert.equal(await world.api.userCount(), users + 1);
    for (const prefix of ["A", "AAAAAAAAAAAAAAAAAAAAAA"]) {
      const { page } = await application.browser().open(`${world.server.url}/u/first-contact?state=${prefix}`);
      assert.equal(page.status, 400);
    }
  });

  it("T3, T5: an answer without our own sign-in, or in another browser, is refused", async () => {
    const connection = await provider(everything);
    newcomer();
    await world.refused(async () => ({ arrival: await application.browser().open(`${world.server.callbackUrl}?code=x&state=y`) }), { rule: "RP-43", page: true });
    let answer;
    upstream.on.authorize = (params, call) => {
      answer = new URL(call.query.get("redirect_uri"));
      for (const [name, value] of Object.entries(params)) answer.searchParams.set(name, value);
      return { status: 200, headers: { "content-type": "text/plain" }, body: "stay" };
    };
    try {
      await application.browser().open(application.request({ connection }).url);
    } finally {
      upstream.on = {};
    }
    await world.refused(async () => ({ arrival: await application.browser().open(answer.href) }), { rule: "RP-43", page: true });
  });

  const steps = {
    "is taken out of the login policy": async (id) => { await zitadel.withdraw(id); },
    "is deleted": async (id) => { await zitadel.remove(id); },
    "is switched off": async (id) => {
      const { id: connection } = await find(connectionName(id));
      await world.api.updateConnection(connection, { authentication: { active: false } });
    },
  };
  for (const [name, act] of Object.entries(steps)) {
    it(`T4: nobody is created or linked when the provider ${name} while the page waits`, async () => {
      const connection = await provider({ ...everything, isAutoCreation: false });
      const person = newcomer();
      await oldAccount(person);
      const creating = await meet(connection);
      const linking = await meet(connection);
      const users = await world.api.userCount();
      await act(connection.slice("idp-".length));
      for (const { page, landing } of [await create(creating), await link(linking)]) {
        assert.equal(landing, undefined);
        assert.equal(page.status, 400);
      }
      assert.equal(await world.api.userCount(), users);
      assert.equal((await world.api.user(`oidc|${oldConnection.name}|old-${person.id}`)).identities.length, 1);
    });
  }

  it("T4: what is not allowed any more is not done", async () => {
    const connection = await provider({ ...everything, isAutoCreation: false });
    const person = newcomer();
    await oldAccount(person);
    const creating = await meet(connection);
    const linking = await meet(connection);
    await change(connection, { provider_options: nothing });
    assert.equal((await create(creating)).params.get("error"), "access_denied");
    assert.equal((await link(linking)).params.get("error"), "access_denied");
  });

  it("T7: only a verified address of a provider that is trusted for its domain links to a verified one", async () => {
    const claims = { absent: undefined, text: "true", true: true, "text false": "false", zero: 0 };
    const by_trust = {
      "trusted for the domain": await provider({ ...everything, autoLinking: EMAIL }, trusted),
      "trusted for another domain": await provider({ ...everything, autoLinking: EMAIL }, { ...trusted, trusted_email_domains: ["else.example"] }),
      "trusted without a domain": await provider({ ...everything, autoLinking: EMAIL }, { trust_email: true }),
      "not trusted": await provider({ ...everything, autoLinking: EMAIL }),
    };
    for (const [name, email_verified] of Object.entries(claims))
      for (const [trust, connection] of Object.entries(by_trust))
        for (const local of [true, false]) {
          const person = newcomer({ email_verified });
          const sub = await oldAccount(person, { email_verified: local });
          const { arrival, request } = await application.signIn({ connection });
          const verified = email_verified === true || email_verified === "true";
          const trusting = trust === "trusted for the domain";
          const label = `${name}, ${trust}, local ${local}`;
          if (verified && local && !trusting) {
            assert.ok(arrival.page, `${label}: asked`);
          } else {
            const linked = (await claimsOf({ request }, arrival)).sub === sub;
            assert.equal(linked, verified && trusting && local, label);
          }
          assert.equal((await world.api.user(sub)).identities.length, verified && trusting && local ? 2 : 1, label);
        }
  });

  it("T8: what a form claims about the identity is not looked at", async () => {
    const connection = await provider({ ...everything, isAutoCreation: false });
    const person = newcomer({ email_verified: false });
    const visit = await meet(connection);
    const claims = await claimsOf(visit, await create(visit, {
      sub: "admin", id: "1", externalUserId: "1", subject: "x", email_verified: "true", username: "admin", connection: oldConnection.id,
    }));
    assert.equal(claims.sub, `oauth2|${connection}|${person.id}`);
    assert.equal(claims.email_verified, false);
  });

  it("T10: a blocked account gets no second way in", async () => {
    const connection = await provider({ ...everything, autoLinking: EMAIL }, trusted);
    const person = newcomer();
    const sub = await oldAccount(person);
    const blocked = await world.api.send("PATCH", `users/${encodeURIComponent(sub)}`, { blocked: true });
    assert.equal(blocked.status, 200, blocked.text);
    await world.refused(() => application.signIn({ connection }), { rule: "RP-76", error: "access_denied" });
    assert.equal((await world.api.user(sub)).identities.length, 1);
  });

  it("T15: a link and an update leave what an administrator wrote", async () => {
    const connection = await provider({ ...everything, autoLinking: EMAIL }, trusted);
    const person = newcomer();
    const sub = await oldAccount(person);
    await world.api.send("PATCH", `users/${encodeURIComponent(sub)}`, { app_metadata: { roles: ["editor"] } });
    upstream.person.roles = [];
    upstream.person.app_metadata = { roles: [] };
    await application.login({ connection });
    await application.login({ connection });
    assert.deepEqual((await world.api.user(sub)).app_metadata, { roles: ["editor"] });
  });
});
