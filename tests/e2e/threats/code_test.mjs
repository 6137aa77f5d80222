// T25, T26, T31, T32: a code is for one application, one address, one verifier, one use; secrets are real.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { basic } from "../support/http.mjs";
import { World } from "../support/world.mjs";

describe("authorization code", () => {
  let world, application, other, connection;

  before(async () => {
    world = await World.start();
    application = await world.application({ callbacks: ["https://app.example/cb", "https://app.example/cb2"] });
    other = await world.application({ callbacks: ["https://app.example/cb"] });
    connection = await world.connection(await world.hostileIssuer(), { applications: [application, other] });
  });
  after(() => world?.dispose());

  async function freshCode(parameters = {}) {
    const attempt = await application.signIn({ connection: connection.name, ...parameters });
    return { code: application.code(attempt), verifier: attempt.request.verifier };
  }

  const verifier = randomBytes(32).toString("base64url");
  const swapped = {
    "another application": (code, own) => other.redeem(code, own),
    "another redirect_uri": (code, own) => application.redeem(code, own, { form: { redirect_uri: "https://app.example/cb2" } }),
    "no redirect_uri": (code, own) => application.redeem(code, own, { form: { redirect_uri: undefined } }),
    "another verifier": (code) => application.redeem(code, verifier),
    "no verifier": (code) => application.redeem(code, undefined),
    "an empty verifier": (code) => application.redeem(code, ""),
    "a verifier that only starts right": (code, own) => application.redeem(code, own.slice(0, -1)),
    "the challenge as verifier": (code, own) => application.redeem(code, createHash("sha256").update(own).digest("base64url")),
  };
  for (const [name, redeem] of Object.entries(swapped)) {
    it(`T25 with ${name} it is refused, and burnt`, async () => {
      const { code, verifier: own } = await freshCode();
      const refused = await redeem(code, own);
      assert.equal(refused.status, 400, refused.text);
      assert.equal(refused.json.error, "invalid_grant");
      const late = await application.redeem(code, own);
      assert.equal(late.status, 400, "the code still worked after a wrong use");
    });
  }

  it("a second use is refused and revokes what the first one gave", async () => {
    const { code, verifier: own } = await freshCode();
    const first = await application.redeem(code, own);
    assert.equal(first.status, 200, first.text);
    assert.equal((await application.userinfo(first.json.access_token)).status, 200);
    const second = await application.redeem(code, own);
    assert.equal(second.status, 400);
    assert.equal(second.json.error, "invalid_grant");
    assert.equal((await application.userinfo(first.json.access_token)).status, 401);
  });

  it("T26 of many uses at once at most one succeeds, and nothing it gave survives", async () => {
    const { code, verifier: own } = await freshCode();
    const answers = await Promise.all(Array.from({ length: 100 }, () => application.redeem(code, own)));
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1, `${won.length} succeeded`);
    for (const answer of answers) if (answer !== won[0]) assert.equal(answer.json.error, "invalid_grant");
    assert.equal((await application.userinfo(won[0].json.access_token)).status, 401, "the replay did not revoke");
  });

  it("T31 a challenge that is missing is accepted only from an application with a secret", async () => {
    const none = { code_challenge: undefined, code_challenge_method: undefined };
    const { code } = await freshCode(none);
    assert.equal((await application.redeem(code, undefined)).status, 200);

    const spa = await world.application({ app_type: "spa", token_endpoint_auth_method: "none" });
    await world.api.enableClient(connection.id, spa.id);
    const { arrival } = await spa.signIn({ connection: connection.name, ...none });
    assert.equal(arrival.params.get("error"), "invalid_request");
    assert.match(arrival.params.get("error_description"), /code_challenge/);
  });

  it("T31 a verifier where no challenge was sent is refused", async () => {
    const { code } = await freshCode({ code_challenge: undefined, code_challenge_method: undefined });
    const answer = await application.redeem(code, verifier);
    assert.equal(answer.json.error, "invalid_grant");
  });

  it("T31 plain, no method, and malformed challenges are refused", async () => {
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    for (const [name, parameters] of Object.entries({
      plain: { code_challenge: verifier, code_challenge_method: "plain" },
      "no method": { code_challenge: challenge, code_challenge_method: undefined },
      "an unknown method": { code_challenge: challenge, code_challenge_method: "S512" },
      "a method without a challenge": { code_challenge: undefined, code_challenge_method: "S256" },
      "too short": { code_challenge: challenge.slice(0, 42) },
      "too long": { code_challenge: "a".repeat(129) },
      "other letters": { code_challenge: `${challenge.slice(0, 42)}+` },
    })) {
      const { arrival } = await application.signIn({ connection: connection.name, ...parameters });
      assert.equal(arrival.params.get("error"), "invalid_request", name);
    }
  });

  it("a public application redeems with its verifier alone", async () => {
    const spa = await world.application({ app_type: "spa", token_endpoint_auth_method: "none" });
    await world.api.enableClient(connection.id, spa.id);
    await spa.login({ connection: connection.name });
  });
});

describe("client authentication", () => {
  let world, post, byBasic, connection;

  before(async () => {
    world = await World.start();
    post = await world.application();
    byBasic = await world.application({ token_endpoint_auth_method: "client_secret_basic" });
    connection = await world.connection(await world.hostileIssuer(), { applications: [post, byBasic] });
  });
  after(() => world?.dispose());

  const wrongSecrets = {
    missing: undefined,
    empty: "",
    "a space": " ",
    "a NUL": "\0",
    "the right one and a space": (secret) => `${secret} `,
    "the right one and a NUL": (secret) => `${secret}\0`,
    "all but the last letter": (secret) => secret.slice(0, -1),
    "in another case": (secret) => secret.toUpperCase() === secret ? secret.toLowerCase() : secret.toUpperCase(),
    "null": "null",
    "another application's": () => byBasic.client.client_secret,
  };

  for (const [name, wrong] of Object.entries(wrongSecrets)) {
    it(`T32 a secret that is ${name} is refused, by form and by Basic`, async () => {
      const secret = typeof wrong === "function" ? wrong(post.client.client_secret) : wrong;
      const grant = { grant_type: "authorization_code", code: "x", redirect_uri: post.redirectUri };
      const form = { ...grant, client_id: post.id, ...(secret !== undefined && { client_secret: secret }) };
      const byForm = await world.server.send("/oauth/token", { form });
      // A NUL makes the form itself malformed.
      const [status, error] = secret?.includes("\0") ? [400, "invalid_request"] : [401, "invalid_client"];
      assert.equal(byForm.status, status, byForm.text);
      assert.equal(byForm.json.error, error);

      const header = await world.server.send("/oauth/token", { form: grant, headers: { authorization: basic(post.id, secret ?? "") } });
      assert.equal(header.status, 401, header.text);
      assert.equal(header.json.error, "invalid_client");
      assert.match(header.headers["www-authenticate"], /^Basic/);
    });
  }

  it("Basic works, with and without form encoding of its parts", async () => {
    await byBasic.login({ connection: connection.name });
    const attempt = await byBasic.signIn({ connection: connection.name });
    const raw = Buffer.from(`${byBasic.id}:${byBasic.client.client_secret}`).toString("base64");
    const answer = await byBasic.redeem(byBasic.code(attempt), attempt.request.verifier, { headers: { authorization: `Basic ${raw}` } });
    assert.equal(answer.status, 200, answer.text);
  });

  it("two ways at once are refused", async () => {
    const answer = await world.server.send("/oauth/token", {
      form: { grant_type: "authorization_code", code: "x", client_id: post.id, client_secret: post.client.client_secret },
      headers: { authorization: basic(post.id, post.client.client_secret) },
    });
    assert.equal(answer.json.error, "invalid_request");
  });

  it("one application in the header and another in the body are refused", async () => {
    const answer = await world.server.send("/oauth/token", {
      form: { grant_type: "authorization_code", code: "x", client_id: post.id },
      headers: { authorization: basic(byBasic.id, byBasic.client.client_secret) },
    });
    assert.equal(answer.status, 401);
    assert.equal(answer.json.error, "invalid_client");
  });

  it("an unknown application and a wrong secret get the same answer", async () => {
    const ask = (client_id, client_secret) =>
      world.server.send("/oauth/token", { form: { grant_type: "authorization_code", code: "x", client_id, client_secret } });
    const [unknown, wrong] = await Promise.all([ask("nobody", "x"), ask(post.id, "x")]);
    assert.deepEqual([unknown.status, unknown.json], [wrong.status, wrong.json]);
  });
});
