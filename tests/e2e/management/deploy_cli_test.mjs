// npm `auth0-deploy-cli`, unchanged: a tenant as files, and back (management-api §7.1, §7.2, §7.4, §9 check 11). All
// of it, also what this server has no use for.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { DeployCli, managementCredentials, unavailable } from "../support/auth0_tools.mjs";
import { ManagementApi } from "../support/management.mjs";
import { Symbolon } from "../support/symbolon.mjs";

const secret = "s3cr3t-of-the-connection";

const endpoints = {
  issuer: "https://idp.example",
  authorization_endpoint: "https://idp.example/authorize",
  token_endpoint: "https://idp.example/token",
  jwks_uri: "https://idp.example/jwks",
};

async function furnish(api) {
  const post = async (path, body) => {
    const answer = await api.send("POST", path, body);
    assert.equal(answer.status, 201, answer.text);
    return answer.json;
  };
  const application = await api.createClient({
    name: "Shop",
    app_type: "regular_web",
    callbacks: ["https://shop.example/callback"],
    token_endpoint_auth_method: "client_secret_post",
    client_metadata: { team: "shop" },
  });
  await api.createClient({ name: "Browser app", app_type: "spa", callbacks: ["https://spa.example/"], token_endpoint_auth_method: "none", grant_types: ["authorization_code"] });
  const corp = await api.createConnection({
    name: "corp",
    options: {
      type: "back_channel", client_id: "abc", client_secret: secret, scope: "openid profile email", ...endpoints,
      attribute_map: { mapping_mode: "use_map", attributes: { email: "${context.tokenset.mail}" } },
      upstream_params: { prompt: { value: "login" } }, domain_aliases: ["corp.example"],
    },
  });
  await api.enableClient(corp.id, application.client_id);
  await post(`connections/${corp.id}/scim-configuration`);
  await api.createConnection({ name: "front", display_name: "Front door", options: { type: "front_channel", client_id: "def", scope: "openid", ...endpoints } });
  await api.createConnection({
    name: "social",
    strategy: "oauth2",
    options: { client_id: "ghi", authorizationURL: "https://social.example/authorize", tokenURL: "https://social.example/token", userinfo_url: "https://social.example/me" },
  });
  await post("resource-servers", { identifier: "https://api.shop.example", name: "Shop API", scopes: [{ value: "read:orders" }] });
  await post("client-grants", { client_id: application.client_id, audience: "https://api.shop.example", scope: ["read:orders"] });
  await post("self-service-profiles", { name: "customers", allowed_strategies: ["oidc"] });
  // The tool asks for the texts of every prompt in each language.
  const settings = { friendly_name: "Shop", support_email: "help@shop.example", session_lifetime: 24, idle_session_lifetime: 12, enabled_locales: ["en"] };
  assert.equal((await api.send("PATCH", "tenants/settings", settings)).status, 200);
  assert.equal((await api.send("PATCH", "branding", { colors: { primary: "#336699" } })).status, 200);
}

describe("a tenant as files", { skip: unavailable }, () => {
  let from, to, tool, fromCredentials, toCredentials, toApi, exported;

  before(async () => {
    [from, to] = await Promise.all([Symbolon.start({ https: true }), Symbolon.start({ https: true })]);
    [fromCredentials, toCredentials] = await Promise.all([managementCredentials(from), managementCredentials(to)]);
    tool = new DeployCli({ AUTH0_ALLOW_DELETE: true });
    // The tool leaves out the client that it works as, and no other one is wanted in the files.
    toApi = await ManagementApi.connect(to, toCredentials);
    await furnish(await ManagementApi.connect(from, fromCredentials));
  });
  after(async () => {
    tool?.dispose();
    await Promise.all([from?.dispose(), to?.dispose()]);
  });

  // The system API is named after the host, and the client that drives the tool is the tenant's own.
  const portable = (text, server) => text.replaceAll(server.host, "HOST");
  const mappings = { CONNECTIONS_OIDC_SECRET: secret, CONNECTIONS_OAUTH2_SECRET: secret };

  it("is exported without secrets, with what this server has no use for empty or off", async () => {
    exported = await tool.export(from, fromCredentials, "exported");
    for (const name of ["Shop", "corp", "front", "social", "https://api.shop.example", "customers"]) assert.ok(exported.includes(name), name);
    assert.ok(!exported.includes(secret), "the connection's secret is masked");
    assert.match(exported, /enabled_clients:\n\s+- Shop/);
    assert.match(exported, /scim_configuration/);
    for (const type of ["rules", "logStreams", "eventStreams", "forms", "flows"]) assert.match(exported, new RegExp(`^${type}: \\[\\]$`, "m"));
    assert.match(exported, /bruteForceProtection:\n\s+enabled: false/);
  });

  it("is imported into an empty tenant and exported again, the same", async () => {
    await tool.import(to, toCredentials, "exported", mappings);
    const again = await tool.export(to, toCredentials, "again");
    assert.equal(portable(again, to), portable(exported, from));
    const { options } = (await toApi.send("GET", "connections?name=corp")).json[0];
    assert.equal(options.client_secret, secret);
  });

  it("is left as it is by a further import, but for what the files do not know", async () => {
    const read = async (path) => (await toApi.send("GET", path)).json;
    const paths = ["connections", "clients?is_global=false", "tenants/settings", "branding", "resource-servers?per_page=100", "client-grants"];
    const before = await Promise.all(paths.map(read));
    await toApi.createConnection({ name: "stray", options: { type: "front_channel", client_id: "x", ...endpoints } });
    await toApi.createClient({ name: "Stray" });
    await tool.import(to, toCredentials, "exported", mappings);
    assert.deepEqual(await Promise.all(paths.map(read)), before);
  });
});
