// T6, T34, T35, T37, T38: every check of an ID token (login-runtime §2.9), each broken by one token that is otherwise good.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { compact, encode, newKey } from "../support/jws.mjs";
import { World } from "../support/world.mjs";

const now = () => Math.floor(Date.now() / 1000);
const claims = (change) => (token) => void Object.assign(token.claims, change(token.claims));
const without = (name) => (token) => void delete token.claims[name];
const header = (change) => (token) => void Object.assign(token.header, change);

/** Signs with a key of ours and says so with any algorithm. */
const ecKey = newKey("ES256");
const weakKey = newKey("weak");
const strangerKey = newKey("RS256");

// [what is wrong, rule, how the token is spoiled, more for the scene]
const spoiled = [
  ["V1 two parts only", "V1", (token) => compact(token).split(".").slice(0, 2).join(".")],
  ["V1 four parts", "V1", (token) => `${compact(token)}.x`],
  ["V1 five parts, as an encrypted token has", "V1", (token) => `${compact(token)}.x.y`],
  ["V1 padding in base64url", "V1", (token) => compact(token).replace(".", "=.")],
  ["V1 a character outside base64url", "V1", (token) => compact(token).replace(".", "+.")],
  ["V1 a header that is no object", "V1", (token) => compact({ ...token, headerText: '["alg","RS256"]' })],
  ["V1 claims that are no object", "V1", (token) => compact({ ...token, claimsText: '"person-1"' })],
  ["V1 claims that are no JSON", "V1", (token) => compact({ ...token, claimsText: "{" })],
  ["V1 a claim given twice", "V1", (token) => compact({ ...token, claimsText: JSON.stringify(token.claims).replace("{", '{"sub":"somebody-else",') })],
  ["V1 a header member given twice", "V1", (token) => compact({ ...token, headerText: JSON.stringify(token.header).replace("{", '{"alg":"RS256",') })],
  ["V1 longer than 64 KiB", "V1", claims(() => ({ filler: "x".repeat(66_000) }))],
  ["V1 empty", "V1", () => "."],

  ...["none", "None", "NONE", "nOnE", ""].map((alg) => [
    `T37 V2 alg "${alg}"`,
    "V2",
    (token) => `${encode({ ...token.header, alg })}.${encode(token.claims)}.`,
  ]),
  ["T37 V2 alg none with the good signature left in place", "V2", (token) => {
    const [, , signature] = compact(token).split(".");
    return `${encode({ ...token.header, alg: "none" })}.${encode(token.claims)}.${signature}`;
  }],
  ["T34 V2 HS256 with the public key as PEM for secret", "V2", (token) =>
    compact({ ...token, header: { ...token.header, alg: "HS256" }, key: strangerKey.publicKey.export({ type: "spki", format: "pem" }) })],
  ["T34 V2 HS256 with an empty key", "V2", (token) => compact({ ...token, header: { ...token.header, alg: "HS256" }, key: "" })],
  ["T34 V2 HS256 although the published key names no algorithm", "V2",
    (token) => compact({ ...token, header: { ...token.header, alg: "HS256" }, key: "" }),
    { prepare: (issuer) => (issuer.on.keys = (document) => void document.keys.forEach((key) => delete key.alg)) }],
  ["V2 an algorithm that nobody knows", "V2", header({ alg: "XX256" })],
  ["V2 no algorithm at all", "V2", (token) => void delete token.header.alg],
  ["V1 an algorithm that is no text", "V1", (token) => compact({ ...token, headerText: JSON.stringify({ ...token.header, alg: 256 }) })],
  ["T38 V2 an algorithm outside the connection's list", "V2", () => undefined, { options: { id_token_signed_response_algs: ["ES256"] } }],
  ["V2 an algorithm outside the provider's own list", "V2", () => undefined, { metadata: { id_token_signing_alg_values_supported: ["ES256"] } }],
  ...["logout+jwt", "at+jwt", "global-token-revocation+jwt"].map((typ) => [`V2 a token of type ${typ}`, "V2", header({ typ })]),

  ["V3 a signature with one bit changed", "V3", (token) => {
    const [head, body, signature] = compact(token).split(".");
    const bytes = Buffer.from(signature, "base64url");
    bytes[10] ^= 1;
    return `${head}.${body}.${bytes.toString("base64url")}`;
  }],
  ["V3 no signature", "V3", (token) => compact(token).replace(/[^.]*$/, "")],
  ["V3 claims changed after signing", "V3", (token) => {
    const [head, , signature] = compact(token).split(".");
    return `${head}.${encode({ ...token.claims, sub: "administrator" })}.${signature}`;
  }],
  ["V3 signed by a stranger under a known key id", "V3", (token) => void (token.key = strangerKey.privateKey)],
  ["V3 signed by a stranger under an unknown key id", "V3", (token) => {
    token.key = strangerKey.privateKey;
    token.header.kid = strangerKey.kid;
  }],
  ["T6 V3 the key comes in the header (jwk)", "V3", (token) => {
    token.key = strangerKey.privateKey;
    Object.assign(token.header, { jwk: strangerKey.publicJwk, kid: strangerKey.kid });
  }],
  ["T6 V3 the key comes in the header (jwk), without a key id", "V3", (token) => {
    token.key = strangerKey.privateKey;
    token.header.jwk = strangerKey.publicJwk;
    delete token.header.kid;
  }],
  ...["jku", "x5u"].map((name) => [`T6 V3 the key is pointed at by ${name}`, "V3", (token, issuer) => {
    token.key = strangerKey.privateKey;
    Object.assign(token.header, { [name]: `${issuer.url}/stranger`, kid: strangerKey.kid });
  }]),
  ["T6 V3 a certificate in the header (x5c)", "V3", (token) => {
    token.key = strangerKey.privateKey;
    Object.assign(token.header, { x5c: ["MIIB"], kid: strangerKey.kid });
  }],
  ["V1 a critical extension", "V1", header({ crit: ["b64"], b64: false })],
  ["T35 V3 RSA key, token says ES256", "V3", (token) => {
    token.header.alg = "ES256";
    token.key = ecKey.privateKey;
  }],
  ["T35 V3 EC key, token says RS256", "V3", (token) => {
    token.header.alg = "RS256";
    token.key = strangerKey.privateKey;
  }, { keys: [ecKey] }],
  ["T35 V3 P-256 key, token says ES384", "V3", (token) => {
    token.header.alg = "ES384";
  }, { keys: [ecKey] }],
  ["T35 V3 key published for RS256, token says PS256", "V3", header({ alg: "PS256" })],
  ["T37 V3 RSA key of 1024 bits, published beside a good one", "V3", () => undefined, { keys: [weakKey, strangerKey] }],

  ["V4 another issuer", "V4", claims(() => ({ iss: "https://elsewhere.example" }))],
  ["V4 the issuer with a slash more", "V4", claims(({ iss }) => ({ iss: `${iss}/` }))],
  ["V4 the issuer in capitals", "V4", claims(({ iss }) => ({ iss: iss.replace("http", "HTTP") }))],
  ["V4 no issuer", "V4", without("iss")],
  ["V4 an issuer that is a list", "V4", claims(({ iss }) => ({ iss: [iss] }))],

  ["V5 for another client", "V5", claims(() => ({ aud: "another-client" }))],
  ["V5 for a client whose name starts alike", "V5", claims(({ aud }) => ({ aud: `${aud}-2` }))],
  ["V5 a list without us", "V5", claims(() => ({ aud: ["another-client"] }))],
  ["V5 a list with us and a stranger", "V5", claims(({ aud }) => ({ aud: [aud, "another-client"], azp: aud }))],
  ["V5 an empty list", "V5", claims(() => ({ aud: [] }))],
  ["V5 no audience", "V5", without("aud")],
  ["V5 an audience that is a number", "V5", claims(() => ({ aud: 1 }))],

  ["V6 two audiences and no azp", "V6", claims(({ aud }) => ({ aud: [aud, "partner"] })), { options: { trusted_audiences: ["partner"] } }],
  ["V6 azp names another client", "V6", claims(() => ({ azp: "another-client" }))],

  ["V7 no subject", "V7", without("sub")],
  ["V7 an empty subject", "V7", claims(() => ({ sub: "" }))],
  ["V7 a subject that is a number", "V7", claims(() => ({ sub: 1 }))],
  ["V7 a subject of 513 characters", "V7", claims(() => ({ sub: "s".repeat(513) }))],

  ["V8 expired beyond the leeway", "V8", claims(() => ({ exp: now() - 90 }))],
  ["V8 no expiry", "V8", without("exp")],
  ["V8 an expiry that is text", "V8", claims(() => ({ exp: String(now() + 300) }))],

  ["V9 issued in the future", "V9", claims(() => ({ iat: now() + 120, exp: now() + 600 }))],
  ["V9 issued two days ago", "V9", claims(() => ({ iat: now() - 2 * 86400 }))],
  ["V9 no time of issue", "V9", without("iat")],
  ["V9 a time of issue that is text", "V9", claims(() => ({ iat: String(now()) }))],

  ["V10 not valid yet", "V10", claims(() => ({ nbf: now() + 120 }))],

  ["V11 another nonce", "V11", claims(() => ({ nonce: "n".repeat(43) }))],
  ["V11 a nonce that only starts alike", "V11", claims(({ nonce }) => ({ nonce: nonce.slice(0, -1) }))],

  ["V15 no session_expiry although the connection demands one", "V15", () => undefined, { options: { id_token_session_expiry_supported: true } }],
  ["V15 a session_expiry in the past", "V15", claims(() => ({ session_expiry: now() - 10 })), { options: { id_token_session_expiry_supported: true } }],
  ["V15 a session_expiry in milliseconds", "V15", claims(() => ({ session_expiry: Date.now() + 1e6 })), { options: { id_token_session_expiry_supported: true } }],
];

const frontOnly = [
  ["V9 issued long before the login began", "V9", claims(() => ({ iat: now() - 3600 }))],
  ["V11 no nonce", "V11", without("nonce")],
];

const backOnly = [
  ["V11 no nonce although the connection insists", "V11", without("nonce"), { options: { send_back_channel_nonce: true } }],
  ["V11 no nonce, and no PKCE that could stand in for it", "V11", without("nonce"), { metadata: { code_challenge_methods_supported: undefined } }],
  ["V13 the hash of another access token", "V13", claims(() => ({ at_hash: "AAAAAAAAAAAAAAAAAAAAAA" }))],
];

for (const channel of ["back_channel", "front_channel"]) {
  describe(`ID token, ${channel}`, () => {
    let world;

    before(async () => (world = await World.start()));
    after(() => world?.dispose());

    const rows = [...spoiled, ...(channel === "front_channel" ? frontOnly : backOnly)];
    for (const [name, rule, spoil, { options, metadata, keys, prepare } = {}] of rows) {
      it(name, async () => {
        const scene = await world.scene({ channel, options, issuer: { metadata, ...(keys && { keys }) } });
        prepare?.(scene.issuer);
        scene.issuer.on.idToken = (token) => spoil(token, scene.issuer);
        const attempt = () => scene.application.signIn({ connection: scene.connection.name });
        const event = await world.refused(attempt, { rule, error: "access_denied" });
        assert.equal(event.step, "id_token");
        assert.equal(scene.issuer.calls.other.length, 0, "a key was fetched from where the token said");
      });
    }

    it("the same scene without spoiling signs in, so that each refusal is due to its spoiling", async () => {
      const { application, connection } = await world.scene({ channel });
      await application.login({ connection: connection.name });
    });

    it("tells the application nothing but that the token is invalid", async () => {
      const { issuer, application, connection } = await world.scene({ channel });
      issuer.on.idToken = claims(() => ({ aud: "another-client" }));
      const { arrival } = await application.signIn({ connection: connection.name });
      const description = arrival.params.get("error_description");
      assert.match(description, /Invalid ID token/);
      assert.doesNotMatch(description, /another-client/);
    });

    it("what only looks wrong is accepted", async () => {
      const cases = {
        "type in another case": header({ typ: "jwt" }),
        "no type": (token) => void delete token.header.typ,
        "audience in a list of one": claims(({ aud }) => ({ aud: [aud] })),
        "azp that is us": claims(({ aud }) => ({ azp: aud })),
        "expired within the leeway": claims(() => ({ exp: now() - 20 })),
        "issued slightly in the future": claims(() => ({ iat: now() + 20 })),
        "no key id, one key": (token) => void delete token.header.kid,
        "a subject with separators and letters of every kind": claims(() => ({ sub: "a|b|ünï 日本 \u202e" })),
      };
      for (const [name, spoil] of Object.entries(cases)) {
        const { issuer, application, connection } = await world.scene({ channel });
        issuer.on.idToken = spoil;
        await application.login({ connection: connection.name }).catch((error) => assert.fail(`${name}: ${error.message}`));
      }
    });

    for (const [kind, algs] of [["RS256", ["RS256", "RS384", "RS512", "PS256", "PS384"]], ["ES256", ["ES256"]], ["ES384", ["ES384"]]]) {
      for (const alg of algs) {
        it(`an honest ${alg} token is accepted`, async () => {
          const { application, connection } = await world.scene({ channel, issuer: { keys: [newKey(kind, { alg })] } });
          await application.login({ connection: connection.name });
        });
      }
    }
  });
}

describe("issuer with a place for the directory (V16)", () => {
  const tid = "9f2c0d6e-1111-4222-8333-444455556666";
  let world;

  before(async () => (world = await World.start()));
  after(() => world?.dispose());

  async function templated(options) {
    const issuer = await world.hostileIssuer();
    issuer.metadata = { issuer: `${issuer.url}/{tenantid}/v2.0`, authorization_response_iss_parameter_supported: undefined };
    issuer.on.authorize = (answer) => void delete answer.params.iss;
    const application = await world.application();
    const connection = await world.connection(issuer, { applications: [application], options });
    return { issuer, application, connection };
  }
  const from = (issuer, directory, claimed = directory) =>
    claims(() => ({ iss: `${issuer.url}/${directory}/v2.0`, tid: claimed }));

  it("accepts the directory that the token names", async () => {
    const { issuer, application, connection } = await templated();
    issuer.on.idToken = from(issuer, tid);
    await application.login({ connection: connection.name });
  });

  for (const [name, spoil, options] of [
    ["issuer and tid name different directories", (issuer) => from(issuer, tid, "00000000-1111-4222-8333-444455556666")],
    ["no tid", (issuer) => claims(() => ({ iss: `${issuer.url}/${tid}/v2.0` }))],
    ["a tid that is no GUID", (issuer) => from(issuer, "evil")],
    ["a directory outside the allow-list", (issuer) => from(issuer, tid), { allowed_tenant_ids: ["00000000-1111-4222-8333-444455556666"] }],
  ]) {
    it(`refuses ${name}`, async () => {
      const { issuer, application, connection } = await templated(options);
      issuer.on.idToken = spoil(issuer);
      await world.refused(() => application.signIn({ connection: connection.name }), { rule: /^(V4|V16)$/, error: "access_denied" });
    });
  }
});

describe("what a single token cannot show", () => {
  let world;

  before(async () => (world = await World.start()));
  after(() => world?.dispose());

  it("V12 a code and an access token beside a front-channel ID token are left alone", async () => {
    const { issuer, application, connection } = await world.scene({ channel: "front_channel" });
    issuer.on.authorize = (answer) => void Object.assign(answer.params, { code: "stray-code", access_token: "stray-token" });
    await application.login({ connection: connection.name });
    assert.deepEqual([issuer.calls.token.length, issuer.calls.userinfo.length], [0, 0]);
  });

  for (const [name, spoil] of [
    ["no auth_time", without("auth_time")],
    ["an auth_time that is too old", claims(() => ({ auth_time: now() - 600 }))],
  ]) {
    it(`V14 ${name}, where the connection is strict about max_age`, async () => {
      const { issuer, application, connection } = await world.scene({ options: { strict_auth_time: true } });
      issuer.on.idToken = spoil;
      await world.refused(() => application.signIn({ connection: connection.name, max_age: 60 }), { rule: "V14", error: "login_required" });
    });
  }

  it("V14 a fresh auth_time is taken, and nobody asks where max_age was not sent", async () => {
    const { issuer, application, connection } = await world.scene({ options: { strict_auth_time: true } });
    issuer.on.idToken = claims(() => ({ auth_time: now() - 10 }));
    await application.login({ connection: connection.name, max_age: 60 });
    issuer.on.idToken = without("auth_time");
    await application.login({ connection: connection.name });
  });

  it("V17 a second front-channel token with the jti of the first", async () => {
    const { issuer, application, connection } = await world.scene({ channel: "front_channel" });
    issuer.on.idToken = claims(() => ({ jti: "the-same-twice" }));
    const first = await application.signIn({ connection: connection.name });
    application.code(first);
    const event = await world.refused(() => application.signIn({ connection: connection.name }), { rule: "V17", error: "access_denied" });
    assert.equal(event.step, "id_token");
  });
});
