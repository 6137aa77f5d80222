// Options that decide what becomes of a person's claims.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { fails, needs, works } from "../support/options.mjs";
import { World } from "../support/world.mjs";

describe("options of the profile", () => {
  let world, application;

  before(async () => {
    world = await World.start();
    application = await world.application();
  });
  after(() => world?.dispose());

  const person = {
    sub: "jo-1",
    name: "Jo Doe",
    email: "jo@acme.example",
    email_verified: true,
    department: "Gardens",
    level: 7,
    tags: ["a", "b"],
    "https://acme.example/site": "Lyon",
  };
  const issuerOf = async (claims = {}) => {
    const issuer = await world.hostileIssuer();
    issuer.person = { ...person, ...claims };
    return issuer;
  };
  const stored = ({ claims }) => world.api.user(claims.sub);
  const mapped = (attributes, more = {}) => ({ attribute_map: { mapping_mode: "use_map", attributes, ...more } });

  describe("attribute_map", () => {
    it("bind_all stores every claim that is not the protocol's or restricted", async () => {
      const issuer = await issuerOf({ groups: ["staff"], roles: ["admin"], user_metadata: { a: 1 } });
      const user = await stored(await works(world, issuer, { application, options: { attribute_map: { mapping_mode: "bind_all" } } }));
      assert.equal(user.department, "Gardens");
      assert.equal(user.level, 7);
      assert.deepEqual(user.tags, ["a", "b"]);
      assert.equal(user["https://acme.example/site"], "Lyon");
      for (const name of ["iss", "aud", "exp", "nonce", "groups", "roles", "user_metadata"]) assert.equal(user[name], undefined, name);
    });

    it("basic_profile stores the standard claims only", async () => {
      const user = await stored(
        await works(world, await issuerOf(), { application, options: { attribute_map: { mapping_mode: "basic_profile" } } }),
      );
      assert.equal(user.name, "Jo Doe");
      assert.equal(user.email, "jo@acme.example");
      for (const name of ["department", "level", "tags"]) assert.equal(user[name], undefined, name);
    });

    it("use_map stores what the templates say, and nothing else", async () => {
      const { connection, ...login } = await works(world, await issuerOf(), {
        application,
        options: mapped({
          name: "${context.tokenset.name}",
          email: "${context.tokenset.email}",
          nickname: "${context.tokenset.department}/${context.tokenset.level} at ${context.connection.name}",
          level: "${context.tokenset.level}",
          tags: "${context.tokenset.tags}",
          all_tags: "tags: ${context.tokenset.tags}",
          site: '${context.tokenset["https://acme.example/site"]}',
          price: "$${not a template}",
          absent: "${context.tokenset.nowhere}",
          half_absent: "<${context.tokenset.nowhere}>",
          fixed: { kind: "employee", of: ["${context.connection.strategy}", 3, true] },
          groups: "${context.tokenset.tags}",
        }),
      });
      const user = await stored(login);
      assert.equal(user.nickname, `Gardens/7 at ${connection.name}`);
      assert.equal(user.level, 7);
      assert.deepEqual(user.tags, ["a", "b"]);
      assert.equal(user.all_tags, "tags: a,b");
      assert.equal(user.site, "Lyon");
      assert.equal(user.price, "${not a template}");
      assert.equal(user.absent, undefined);
      assert.equal(user.half_absent, "<>");
      assert.deepEqual(user.fixed, { kind: "employee", of: ["oidc", 3, true] });
      assert.equal(user.groups, undefined);
      assert.equal(user.department, undefined);
      assert.equal(login.claims.nickname, user.nickname);
    });

    it("a template that reads context.userinfo makes the server ask for it", async () => {
      const issuer = await issuerOf({ email: undefined });
      issuer.on.userinfo = (body) => ({ ...body, mail: "jo@userinfo.example", title: "Gardener" });
      const bare = await works(world, issuer, { application, options: mapped({ email: "${context.tokenset.email}" }) });
      assert.equal(bare.claims.email, undefined);
      assert.equal(issuer.calls.userinfo.length, 0);

      const login = await works(world, issuer, {
        application,
        options: mapped({ email: "${context.userinfo.mail}", title: "${context.userinfo.title}" }),
      });
      assert.equal(login.claims.email, "jo@userinfo.example");
      assert.equal((await stored(login)).title, "Gardener");
      assert.equal(issuer.calls.userinfo.length, 1);
      assert.match(issuer.calls.userinfo[0].headers.authorization, /^Bearer canary-at-/);
    });

    it("userinfo of another person ends the login", async () => {
      const issuer = await issuerOf();
      issuer.on.userinfo = () => ({ sub: "somebody-else", mail: "boss@acme.example" });
      await works(world, issuer, { application, options: {} });
      await fails(world, issuer, {
        application,
        options: mapped({ email: "${context.userinfo.mail}" }),
        refusal: { rule: "RP-67" },
      });
    });

    it("a changed mapping acts at the next login", async () => {
      const issuer = await issuerOf();
      const { connection } = await works(world, issuer, { application, options: {} });
      await world.api.updateConnection(connection.id, {
        options: { ...connection.options, ...mapped({ name: "Colleague ${context.tokenset.sub}" }) },
      });
      const { claims } = await application.login({ connection: connection.name });
      assert.equal(claims.name, "Colleague jo-1");
    });

    it("a template that cannot be read is refused when it is saved", async () => {
      const issuer = await issuerOf();
      for (const template of ["{context.tokenset.email}", "${context.tokenset.email", "${tokenset.email}", "${context.tokenset[email]}"]) {
        const answer = await world.api.send("POST", "connections", {
          name: "bad-template",
          strategy: "oidc",
          options: { type: "back_channel", discovery_url: issuer.discoveryUrl, client_id: "x", client_secret: "y", ...mapped({ email: template }) },
        });
        assert.equal(answer.status, 400, template);
        assert.match(answer.json.message, /attribute_map\.attributes/, template);
      }
    });
  });

  describe("set_user_root_attributes", () => {
    const roots = { name: "Jo Doe", nickname: "jo", given_name: "Jo", family_name: "Doe", picture: "https://pics.example/jo.png" };
    const changed = { name: "Jo Roe", nickname: "joroe", given_name: "Joanna", family_name: "Roe", picture: "https://pics.example/roe.png" };

    for (const [mode, expected] of [
      ["on_each_login", changed],
      ["on_first_login", roots],
    ]) {
      it(`${mode} ${mode === "on_each_login" ? "follows" : "keeps"} the five root attributes and follows all others`, async () => {
        const issuer = await issuerOf(roots);
        const { connection } = await works(world, issuer, { application, options: { set_user_root_attributes: mode } });
        issuer.person = { ...issuer.person, ...changed, department: "Forests" };
        const login = await application.login({ connection: connection.name });
        const user = await stored(login);
        for (const [name, value] of Object.entries(expected)) assert.equal(user[name], value, name);
        assert.equal(user.department, "Forests");
        assert.equal(user.logins_count, 2);
        assert.equal(login.claims.name, expected.name);
      });
    }

    it("never_on_login signs in only people who are known", async () => {
      const issuer = await issuerOf(roots);
      const options = { set_user_root_attributes: "never_on_login" };
      await fails(world, issuer, { application, options, refusal: { error: "access_denied" } });

      const { connection } = await works(world, issuer, { application, options: {} });
      await world.api.updateConnection(connection.id, { options: { ...connection.options, ...options } });
      issuer.person = { ...issuer.person, ...changed };
      const login = await application.login({ connection: connection.name });
      assert.equal((await stored(login)).name, roots.name);

      issuer.person = { ...issuer.person, sub: "jo-2" };
      const event = await world.refused(() => application.signIn({ connection: connection.name }), { error: "access_denied" });
      assert.match(event.received + event.check, /provision|known|exist/i);
    });
  });

  it("non_persistent_attrs serve the login and are not stored", async () => {
    const issuer = await issuerOf({ nickname: "jojo", family_name: "Doe", department: "Gardens" });
    const kept = await works(world, issuer, { application, options: {} });
    assert.equal((await stored(kept)).nickname, "jojo");

    const options = { non_persistent_attrs: ["nickname", "department", "picture"] };
    const login = await works(world, issuer, { application, options });
    assert.equal(login.claims.nickname, "jojo");
    const user = await stored(login);
    assert.equal(user.nickname, undefined);
    assert.equal(user.department, undefined);
    assert.equal(user.family_name, "Doe");
  });

  it("email_verified_mode decides what the provider's word is worth", async () => {
    const issuer = await issuerOf({ email_verified: false });
    for (const [mode, verified] of [
      ["from_idp", false],
      ["always", true],
    ])
      assert.equal((await works(world, issuer, { application, options: { email_verified_mode: mode } })).claims.email_verified, verified, mode);
    issuer.person = { ...issuer.person, email_verified: true };
    assert.equal((await works(world, issuer, { application, options: { email_verified_mode: "never" } })).claims.email_verified, false);
  });

  it("allowed_tenant_ids lets in only the directories that are named", async () => {
    const directory = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
    const issuer = await world.hostileIssuer({ metadata: { authorization_response_iss_parameter_supported: undefined } });
    issuer.on.authorize = (answer) => void delete answer.params.iss;
    issuer.on.idToken = (token) => {
      token.claims.tid = directory;
      token.claims.iss = `${issuer.url}/${directory}`;
    };
    const template = { issuer: `${issuer.url}/{tenantid}` };
    await needs(world, issuer, {
      application,
      otherwise: { ...template, allowed_tenant_ids: ["9f2504e0-4f89-41d3-9a0c-0305e82c3301"] },
      options: { allowed_tenant_ids: [directory] },
      refusal: { rule: /^(V16|V4|RP-7)$/, error: "access_denied" },
    });
  });
});
