// The OpenAPI document and the server say the same: every route, every answer, every member.
import { Validator } from "@seriousme/openapi-schema-validator";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { parse } from "yaml";
import { Browser } from "../support/browser.mjs";
import { Contract } from "../support/contract.mjs";
import { World } from "../support/world.mjs";

describe("the contract", () => {
  let world, contract, issuer;

  before(async () => {
    world = await World.start();
    contract = await Contract.of(world.server);
    issuer = await world.hostileIssuer();
  });
  after(() => world?.dispose());

  const filled = (path) => path.replaceAll(/\{[^}]+\}/g, "x0000000");
  const call = async (method, path, body) => {
    const answer = await world.api.send(method, path, body);
    contract.check(method, `/${path}`, answer);
    return answer;
  };

  it("is a valid OpenAPI 3.1 document for this server", async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(contract.document));
    assert.ok(valid, JSON.stringify(errors, null, 1));
    assert.equal(contract.document.openapi, "3.1.0");
    assert.deepEqual(contract.document.servers, [{ url: `${world.server.url}/api/v2` }]);
  });

  it("is the document of the repository", () => {
    const written = parse(readFileSync(new URL("../../../docs/openapi.yaml", import.meta.url), "utf8"));
    const { servers, ...served } = contract.document;
    assert.deepEqual(served, written);
  });

  it("may be read by programs of any origin, without a token", async () => {
    const answer = await world.server.send("/api/v2/openapi.json", { headers: { origin: "https://reader.example" } });
    assert.equal(answer.headers["access-control-allow-origin"], "*");
  });

  it("names no route that is not there, and none is there that it does not name", async () => {
    const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    for (const path of Object.keys(contract.document.paths)) {
      const url = `/api/v2${filled(path)}`;
      for (const method of methods) {
        const { status } = await world.server.send(url, { method });
        const named = contract.document.paths[path][method.toLowerCase()] !== undefined;
        const literalTwin = !named && contract.find(method, filled(path));
        assert.equal(status, named || literalTwin ? 401 : 405, `${method} ${url}`);
      }
    }
    for (const path of ["/", "/nothing", "/connections/x/nothing", "/connections/x/clients/y"])
      assert.equal((await world.server.send(`/api/v2${path}`)).status, 404, path);
  });

  it("every operation refuses a token without its scopes, in the documented envelope", async () => {
    const { client_id, client_secret } = await world.api.createClient({
      name: "no scopes",
      app_type: "non_interactive",
      grant_types: ["client_credentials"],
      token_endpoint_auth_method: "client_secret_post",
    });
    const grant = await world.api.send("POST", "client-grants", { client_id, audience: `${world.server.url}/api/v2/`, scope: [] });
    assert.equal(grant.status, 201, grant.text);
    const token = await world.server.send("/oauth/token", {
      json: { grant_type: "client_credentials", client_id, client_secret, audience: `${world.server.url}/api/v2/` },
    });
    assert.equal(token.status, 200, token.text);
    for (const { method, path, operation } of contract.operations) {
      if (operation.security.length === 0) continue;
      const answer = await world.server.send(`/api/v2${filled(path)}`, {
        method,
        headers: { authorization: `Bearer ${token.json.access_token}` },
        ...(method !== "GET" && { json: {} }),
      });
      assert.equal(answer.status, 403, `${method} ${path}: ${answer.text}`);
      assert.equal(answer.json.errorCode, "insufficient_scope");
      contract.check(method, filled(path), answer);
    }
  });

  it("every list and single document that can be read without an id is as described", async () => {
    for (const { method, path, literal, operation } of contract.operations) {
      if (method !== "GET" || !literal) continue;
      if ((operation.parameters ?? []).some(({ required }) => required)) continue;
      const answer = await call("GET", path.slice(1));
      assert.ok(answer.status < 300 || answer.status === 404, `${path}: ${answer.text}`);
      if (answer.status === 200 && (operation.parameters ?? []).some(({ $ref }) => $ref?.endsWith("/take")))
        await call("GET", `${path.slice(1)}?take=2`);
      if (answer.status === 200 && (operation.parameters ?? []).some(({ $ref }) => $ref?.endsWith("/include_totals")))
        await call("GET", `${path.slice(1)}?include_totals=true&page=0`);
    }
  });

  it("an unknown id is answered as described, whatever the operation", async () => {
    for (const { method, path, literal, operation } of contract.operations) {
      if (literal || operation.requestBody?.required) continue;
      await call(method, filled(path).slice(1), method === "GET" || method === "DELETE" ? undefined : undefined);
    }
  });

  it("every answer in the life of a connection is as described", async () => {
    const options = {
      type: "back_channel",
      discovery_url: issuer.discoveryUrl,
      client_id: issuer.clientId,
      client_secret: issuer.clientSecret,
      scope: "openid profile",
      connection_settings: { pkce: "S256" },
      attribute_map: { mapping_mode: "use_map", attributes: { name: "${context.tokenset.name}" }, userinfo_scope: "profile" },
      upstream_params: { hd: { value: "x" }, acr_values: { alias: "acr_values" }, login_hint: null },
      set_user_root_attributes: "on_first_login",
      non_persistent_attrs: ["nickname"],
      domain_aliases: ["acme.example"],
      id_token_signed_response_algs: ["RS256"],
      icon_url: "https://icons.example/x.png",
      unknown_to_us: { kept: true },
    };
    const made = (await call("POST", "connections", { name: "described", strategy: "oidc", options, metadata: { a: "b" } })).json;
    const { client_id } = (await call("POST", "clients", { name: "described", callbacks: ["https://app.example/cb"] })).json;
    await call("GET", `connections/${made.id}`);
    await call("GET", `connections/${made.id}?fields=name,strategy`);
    await call("PATCH", `connections/${made.id}`, { display_name: "Described", show_as_button: true, is_domain_connection: true });
    await call("PATCH", `connections/${made.id}/clients`, [{ client_id, status: true }]);
    await call("GET", `connections/${made.id}/clients`);
    await call("GET", `connections/${made.id}/status`);
    await call("GET", "connections?name=described");
    await call("GET", "connections?take=1");
    await call("POST", "connections", { name: "described", strategy: "oidc", options });
    await call("POST", "connections", { name: "other", strategy: "samlp" });
    await call("POST", "connections", { name: "other" });
    await call("PATCH", `connections/${made.id}`, { nothing: 1 });
    await call("POST", "connections/probe", { url: issuer.url });
    await call("POST", "connections/probe", { url: "nowhere.invalid" });
    const link = (await call("POST", `connections/${made.id}/try`)).json;
    await call("GET", `connections/try-results/${link.result_id}`);
    await new Browser({ applications: [] }).open(link.url);
    assert.equal((await call("GET", `connections/try-results/${link.result_id}`)).json.status, "succeeded");
    issuer.on.token = () => ({ status: 500, body: "broken" });
    const failing = (await call("POST", `connections/${made.id}/try`)).json;
    await new Browser({ applications: [] }).open(failing.url);
    issuer.on.token = undefined;
    const { failure } = (await call("GET", `connections/try-results/${failing.result_id}`)).json;
    await call("GET", `login-failures/${failure.reference}`);
    await call("DELETE", `connections/${made.id}`);
    await call("DELETE", `connections/${made.id}`);
  });

  it("every answer in the life of a client, an API and a grant is as described", async () => {
    const client = (await call("POST", "clients", { name: "whole", app_type: "regular_web", callbacks: ["https://app.example/cb"] })).json;
    await call("GET", `clients/${client.client_id}`);
    await call("PATCH", `clients/${client.client_id}`, { description: "x", client_metadata: { a: "b" }, jwt_configuration: { alg: "ES256" } });
    await call("POST", `clients/${client.client_id}/rotate-secret`);
    const api = (await call("POST", "resource-servers", { identifier: "https://api.example/", name: "api", scopes: [{ value: "read:x" }] })).json;
    await call("GET", `resource-servers/${api.id}`);
    await call("PATCH", `resource-servers/${api.id}`, { token_lifetime: 60 });
    const grant = (await call("POST", "client-grants", { client_id: client.client_id, audience: "https://api.example/", scope: ["read:x"] })).json;
    await call("GET", `client-grants?client_id=${client.client_id}`);
    await call("PATCH", `client-grants/${grant.id}`, { scope: [] });
    await call("DELETE", `client-grants/${grant.id}`);
    await call("DELETE", `resource-servers/${api.id}`);
    await call("DELETE", `clients/${client.client_id}`);
  });

  it("every answer about a person who signed in is as described", async () => {
    const application = await world.application();
    const connection = await world.connection(issuer, { applications: [application] });
    const { claims } = await application.login({ connection: connection.name });
    const id = encodeURIComponent(claims.sub);
    await call("GET", `users/${id}`);
    await call("GET", "users?include_totals=true");
    await call("GET", `users-by-email?email=${encodeURIComponent(claims.email)}`);
  });

  describe("the reference page", () => {
    let page;
    before(async () => {
      page = await world.server.send("/docs");
    });

    it("names every operation, parameter and member", () => {
      assert.equal(page.status, 200);
      assert.match(page.headers["content-type"], /^text\/html/);
      const text = page.text;
      for (const { method, path, operation } of contract.operations) {
        assert.ok(text.includes(`id="${operation.operationId}"`), operation.operationId);
        assert.ok(text.includes(`${method} /api/v2${path}`), path);
      }
      const codes = new Set([...text.matchAll(/<code>([^<]*)<\/code>/g)].map(([, code]) => code));
      for (const parameter of Object.values(contract.document.components.parameters)) assert.ok(codes.has(parameter.name), parameter.name);
      for (const [name, schema] of Object.entries(contract.document.components.schemas)) {
        assert.ok(text.includes(`id="schema-${name}"`), name);
        for (const member of Object.keys(schema.properties ?? {})) assert.ok(codes.has(member), `${name}.${member}`);
      }
    });

    it("has no link into nothing", () => {
      const ids = new Set([...page.text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
      for (const [, target] of page.text.matchAll(/href="#([^"]+)"/g)) assert.ok(ids.has(target), target);
    });

    it("needs no script and nothing from elsewhere", () => {
      assert.match(page.headers["content-security-policy"], /^default-src 'none'/);
      assert.doesNotMatch(page.text, /<script|<img|<iframe| style=| on\w+=/);
      for (const [, address] of page.text.matchAll(/(?:src|href)="([^"]+)"/g)) assert.match(address, /^[#/][^/]?/);
    });
  });
});
