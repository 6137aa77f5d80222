// Members of a connection that decide whom it serves.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { forms } from "../support/html.mjs";
import { World } from "../support/world.mjs";

describe("reach of a connection", () => {
  let world, issuer;

  before(async () => {
    world = await World.start();
    issuer = await world.hostileIssuer();
  });
  after(() => world?.dispose());

  const refusedAt = (application, connection) =>
    world.refused(() => application.signIn({ connection: connection.name }), { rule: "E7", error: "invalid_request" });

  /** A login of a third-party application, with the person's consent. */
  const entersWithConsent = async (application, connection) => {
    const { browser, request, arrival } = await application.signIn({ connection: connection.name });
    const [form] = forms(arrival.page.text, arrival.page.url);
    const allow = form.choices.find(({ value }) => value === "accept");
    const answer = [...form.fields, [allow.name, allow.value]];
    application.code({ request, arrival: await browser.submit(form.action, answer, { initiator: arrival.page.url }) });
  };

  it("is_domain_connection opens it to third-party applications, and to no other", async () => {
    const partner = await world.application({ is_first_party: false });
    const own = await world.application();
    const connection = await world.connection(issuer);
    await refusedAt(partner, connection);
    await world.api.updateConnection(connection.id, { is_domain_connection: true });
    await entersWithConsent(partner, connection);
    await refusedAt(own, connection);
    await world.api.updateConnection(connection.id, { is_domain_connection: false });
    await refusedAt(partner, connection);
  });

  it("a third-party application may be enabled by itself", async () => {
    const partner = await world.application({ is_first_party: false });
    await entersWithConsent(partner, await world.connection(issuer, { applications: [partner] }));
  });

  it("authentication.active closes it for everybody", async () => {
    const application = await world.application();
    const connection = await world.connection(issuer, { applications: [application] });
    await application.login({ connection: connection.name });
    await world.api.updateConnection(connection.id, { authentication: { active: false } });
    await refusedAt(application, connection);
  });

  it("domain_aliases are kept in lower case, and several connections may have one", async () => {
    const aliases = ["Acme.Example", "acme.co.example"];
    const first = await world.connection(issuer, { options: { domain_aliases: aliases } });
    const second = await world.connection(issuer, { options: { domain_aliases: ["acme.example"] } });
    assert.deepEqual((await world.api.connection(first.id)).options.domain_aliases, ["acme.example", "acme.co.example"]);
    assert.deepEqual((await world.api.connection(second.id)).options.domain_aliases, ["acme.example"]);
    for (const bad of ["no domain", "-acme.example", "*.acme.example", "https://acme.example", "a@acme.example"]) {
      const answer = await world.api.send("PATCH", `connections/${second.id}`, {
        options: { ...second.options, domain_aliases: [bad] },
      });
      assert.equal(answer.status, 400, bad);
      assert.match(answer.json.message, /domain_aliases/);
    }
    assert.deepEqual((await world.api.connection(second.id)).options.domain_aliases, ["acme.example"]);
  });
});
