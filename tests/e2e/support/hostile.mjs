// A provider that a test scripts: honest until told otherwise, in any single answer.
import { createHash, randomBytes } from "node:crypto";
import http from "node:http";
import { compact, newKey } from "./jws.mjs";

const base64url = (bytes) => randomBytes(bytes).toString("base64url");

let sharedKey;

/** One HTTP server with any number of issuers, each with its own script, keys and counters. */
export class HostileProvider {
  static async start() {
    const provider = new HostileProvider();
    await new Promise((resolve) => provider.#server.listen(0, "127.0.0.1", resolve));
    return provider;
  }

  #issuers = new Map();
  // A caller that goes away in the middle is no failure of the provider.
  #server = http.createServer((request, response) => this.#answer(request, response).catch(() => response.destroy()));

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  issuer(options) {
    const name = `i${this.#issuers.size + 1}`;
    const issuer = new HostileIssuer(`${this.url}/${name}`, options);
    this.#issuers.set(name, issuer);
    return issuer;
  }

  async dispose() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url, this.url);
    const [, name, ...rest] = url.pathname.split("/");
    const call = {
      method: request.method,
      path: rest.join("/"),
      query: url.searchParams,
      form: new URLSearchParams(Buffer.concat(chunks).toString("utf8")),
      headers: request.headers,
    };
    const issuer = this.#issuers.get(name);
    if (!issuer) return write(response, { status: 404, body: "no such issuer" });
    write(response, await issuer.answer(call));
  }
}

/**
 * One issuer. What it answers can be spoiled through `on`; each hook may change the argument in place, or return a
 * replacement:
 *   on.discovery(document)   on.keys(document)
 *   on.authorize(answer)     answer: { redirectUri, mode, params }
 *   on.token(body, call)     body: the JSON of the token endpoint
 *   on.idToken(token)        token: { header, claims, key }; returning a string replaces the compact token
 *   on.userinfo(body, call)  body: the JSON of the userinfo endpoint
 * Where a hook returns { status, headers, body, delay, hang }, that is the HTTP answer itself.
 */
export class HostileIssuer {
  on = {};
  /** What was asked, by kind. */
  calls = { discovery: [], jwks: [], authorize: [], token: [], userinfo: [], other: [] };
  /** Who signs in next. */
  person = { sub: "person-1", name: "Person One", email: "one@people.example", email_verified: true };
  clientId = "symbolon-client";
  clientSecret = `canary-${base64url(18)}`;
  #codes = new Map();

  constructor(url, { keys = [(sharedKey ??= newKey())], metadata = {} } = {}) {
    this.url = url;
    this.keys = keys;
    this.metadata = metadata;
  }

  get discoveryUrl() {
    return `${this.url}/.well-known/openid-configuration`;
  }

  get document() {
    return {
      issuer: this.url,
      authorization_endpoint: `${this.url}/authorize`,
      token_endpoint: `${this.url}/token`,
      userinfo_endpoint: `${this.url}/userinfo`,
      jwks_uri: `${this.url}/jwks`,
      response_types_supported: ["code", "id_token"],
      response_modes_supported: ["query", "form_post"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256", "RS384", "RS512", "PS256", "PS384", "ES256", "ES384"],
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
      ...this.metadata,
    };
  }

  async answer(call) {
    switch (call.path) {
      case ".well-known/openid-configuration":
        this.calls.discovery.push(call);
        return this.#json(this.document, this.on.discovery);
      case "jwks":
        this.calls.jwks.push(call);
        return this.#json({ keys: this.keys.map(({ publicJwk }) => ({ ...publicJwk })) }, this.on.keys);
      case "authorize":
        this.calls.authorize.push(call);
        return this.#authorize(call.query);
      case "token":
        this.calls.token.push(call);
        return this.#token(call);
      case "userinfo":
        this.calls.userinfo.push(call);
        return this.#json({ sub: this.person.sub }, (honest) => this.on.userinfo?.(honest, call));
      default:
        this.calls.other.push(call);
        return { status: 404, body: "nothing here" };
    }
  }

  /** The request as Symbolon last sent it through the browser. */
  get lastRequest() {
    return this.calls.authorize.at(-1).query;
  }

  /** A token for the last request (or another one), spoiled by `on.idToken`. */
  idToken({ nonce = this.lastRequest?.get("nonce"), audience = this.clientId } = {}) {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: this.url, aud: audience, iat: now, exp: now + 300, ...this.person, ...(nonce && { nonce }) };
    const key = this.keys[0];
    const token = { header: { alg: key.alg, kid: key.kid, typ: "JWT" }, claims, key: key.privateKey };
    const replaced = this.on.idToken?.(token);
    return typeof replaced === "string" ? replaced : compact(token);
  }

  /** What it sends back to `redirect_uri` for one authorization request. */
  authorizationAnswer(query) {
    const front = query.get("response_type") === "id_token";
    const params = { state: query.get("state"), iss: this.url };
    if (front) params.id_token = this.idToken({ nonce: query.get("nonce") });
    else this.#codes.set((params.code = base64url(24)), query);
    return { redirectUri: query.get("redirect_uri"), mode: front ? "form_post" : "query", params };
  }

  #authorize(query) {
    const honest = this.authorizationAnswer(query);
    const answer = this.on.authorize?.(honest) ?? honest;
    if (isHttp(answer)) return answer;
    return answer.mode === "form_post" ? formPost(answer) : redirect(answer);
  }

  #token(call) {
    const request = this.#codes.get(call.form.get("code"));
    if (!request) return json({ error: "invalid_grant" }, 400);
    this.#codes.delete(call.form.get("code"));
    if (!provesVerifier(request, call.form)) return json({ error: "invalid_grant", error_description: "PKCE" }, 400);
    const body = {
      access_token: `canary-at-${base64url(18)}`,
      token_type: "Bearer",
      expires_in: 300,
      id_token: this.idToken({ nonce: request.get("nonce") }),
    };
    return this.#json(body, (honest) => this.on.token?.(honest, call));
  }

  #json(document, hook) {
    const replaced = hook?.(document);
    if (isHttp(replaced)) return replaced;
    return json(replaced ?? document);
  }
}

const isHttp = (answer) => Boolean(answer && (answer.status || answer.hang));

const json = (body, status = 200) => ({ status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

export const redirect = ({ redirectUri, params }) => {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  return { status: 302, headers: { location: url.href } };
};

export const formPost = ({ redirectUri, params }) => ({
  status: 200,
  headers: { "content-type": "text/html" },
  body: `<form method="post" action="${redirectUri}">${Object.entries(params)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${String(value).replace(/&/g, "&amp;").replace(/"/g, "&quot;")}">`)
    .join("")}<button>Continue</button></form>`,
});

function provesVerifier(request, form) {
  const challenge = request.get("code_challenge");
  if (!challenge) return true;
  const verifier = form.get("code_verifier") ?? "";
  if (request.get("code_challenge_method") === "plain") return verifier === challenge;
  return createHash("sha256").update(verifier).digest("base64url") === challenge;
}

async function write(response, { status = 200, headers = {}, body = "", delay = 0, hang = false }) {
  if (hang) return;
  if (delay) await new Promise((resolve) => setTimeout(resolve, delay));
  response.writeHead(status, headers);
  response.end(body);
}
