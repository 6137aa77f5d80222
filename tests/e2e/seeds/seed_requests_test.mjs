// The four requests of each source document, sent as printed, and the logins that they are for.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Authority } from "../support/certificates.mjs";
import { send } from "../support/http.mjs";
import { read } from "../support/jws.mjs";
import { fillIn, runCurl, seedRequests } from "../support/seed_requests.mjs";
import { until } from "../support/waiting.mjs";
import { World } from "../support/world.mjs";

const folder = mkdtempSync(join(tmpdir(), "symbolon-seeds-"));
const routes = { authorization: "/authorize", token: "/oauth/token", jwks: "/.well-known/jwks.json", userinfo: "/userinfo" };
let world, authority, providers, application;
let made = 0;

before(async () => {
  authority = new Authority(folder);
  world = await World.start({ https: true, settings: { upstream_ca: authority.file } });
  const start = (client) => world.realProvider({ tls: authority.issue("idp"), configuration: { routes }, client });
  providers = { confidential: await start({}), public: await start({ token_endpoint_auth_method: "none" }) };
  application = await world.application();
});

after(async () => {
  await world?.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const data = ({ curl, har }) => har?.text ?? /--data '([^']*)'/.exec(curl)[1];

/** One printed sample has a back channel and no secret: there Symbolon is a public client at the provider. */
const isPublic = (options) => options.type === "back_channel" && !options.client_secret;

function values(name, provider) {
  return {
    "{yourDomain}": world.server.host,
    MGMT_API_ACCESS_TOKEN: world.api.token,
    CONNECTION_NAME: name,
    IDP_DOMAIN: provider.host,
    IDP_CLIENT_ID: provider.clientId,
    IDP_CLIENT_SECRET: provider.clientSecret,
  };
}

async function create({ curl, har }, filled) {
  if (curl) {
    const { status, text } = await runCurl(fillIn(curl, filled), join(world.server.dataDir, "dev-ca.pem"));
    return { status, connection: JSON.parse(text) };
  }
  const answer = await send(`${world.server.url}/api/v2/connections`, {
    method: "POST",
    ca: world.server.ca,
    headers: { authorization: `Bearer ${world.api.token}`, "content-type": har.mimeType },
    body: fillIn(har.text, filled),
  });
  return { status: answer.status, connection: answer.json };
}

for (const [document, requests] of Object.entries(seedRequests())) {
  describe(document, () => {
    it("prints four requests", () => assert.equal(requests.length, 4));

    requests.forEach((request, index) => {
      const { options } = JSON.parse(data(request));
      const way = `${options.type} by ${options.discovery_url ? "discovery" : "issuer settings"}`;

      it(`request ${index + 1} (${way}) makes a connection that signs people in`, async () => {
        const name = `seed-${++made}`;
        const provider = isPublic(options) ? providers.public : providers.confidential;
        const filled = values(name, provider);
        const { status, connection } = await create(request, filled);
        assert.equal(status, 201, JSON.stringify(connection));
        assert.match(connection.id, /^con_[A-Za-z0-9]{16}$/);
        assert.deepEqual(connection.enabled_clients, []);

        const stored = await world.api.connection(connection.id);
        const printed = JSON.parse(fillIn(data(request), filled)).options;
        for (const [option, value] of Object.entries(printed)) assert.equal(stored.options[option], value, option);
        assert.equal(stored.options.scope, "openid profile");

        await world.api.enableClient(connection.id, application.id);
        await assertSignsIn(name, options.type, provider);
      });
    });
  });
}

async function assertSignsIn(name, type, provider) {
  const earlier = { token: provider.count("/oauth/token"), userinfo: provider.count("/userinfo") };
  const browser = application.browser({ ca: [world.server.ca, authority.pem] });
  // Discovery at the issuer may still be under way for the samples that leave endpoints out.
  const attempt = await until(`${name} to be complete`, async () => {
    const tried = await application.signIn({ connection: name }, { browser });
    return tried.arrival.params.get("error") !== "server_error" && tried;
  });
  const answer = await application.redeem(application.code(attempt), attempt.request.verifier);
  const { claims } = read(answer.json.id_token);
  assert.equal(claims.sub, `oidc|${name}|${provider.person.sub}`);
  assert.equal(claims.name, provider.person.name);

  const sent = provider.lastRequest;
  const back = type === "back_channel";
  assert.equal(sent.get("response_type"), back ? "code" : "id_token");
  assert.equal(sent.get("response_mode"), back ? null : "form_post");
  assert.equal(sent.get("code_challenge_method"), back ? "S256" : null);
  assert.equal(provider.count("/oauth/token") - earlier.token, back ? 1 : 0);
  assert.equal(provider.count("/userinfo"), earlier.userinfo, "the provider's userinfo is never called");
}
