// An OAuth 2.0 server without OpenID Connect that a test scripts: honest until told otherwise.
import { createHash, randomBytes } from "node:crypto";
import http from "node:http";

const random = (bytes = 18) => randomBytes(bytes).toString("base64url");

/**
 * `on.authorize(params, call)` may change the answer's parameters, or return { status, headers, body }; it may take its time.
 * `on.token(body, call)` and `on.user(body, call)` may change the JSON, or return such an answer instead.
 */
export class OAuthServer {
  on = {};
  calls = { authorize: [], token: [], user: [] };
  /** What the user endpoint says of whoever signs in next. */
  person = { id: 1, login: "ada", name: "Ada List", email: "ada@oauth.example", email_verified: true };
  clientId = "symbolon-client";
  clientSecret = `canary-${random()}`;
  idAttribute = "id";
  #codes = new Map();
  #tokens = new Set();
  #server = http.createServer((request, response) => this.#answer(request, response).catch(() => response.destroy()));

  static async start() {
    const server = new OAuthServer();
    await new Promise((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  get authorizationEndpoint() {
    return `${this.url}/authorize?tenant=blue`;
  }

  get tokenEndpoint() {
    return `${this.url}/token`;
  }

  get userEndpoint() {
    return `${this.url}/user`;
  }

  async dispose() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url, this.url);
    const body = Buffer.concat(chunks).toString("utf8");
    const call = { query: url.searchParams, form: new URLSearchParams(body), headers: request.headers };
    const kind = url.pathname.slice(1);
    this.calls[kind]?.push(call);
    const answer = await { authorize: this.#authorize, token: this.#token, user: this.#user }[kind]?.call(this, call);
    await write(response, answer ?? { status: 404 });
  }

  async #authorize(call) {
    const code = random();
    this.#codes.set(code, { challenge: call.query.get("code_challenge"), redirect: call.query.get("redirect_uri") });
    const params = { code, state: call.query.get("state") };
    const changed = await this.on.authorize?.(params, call);
    if (changed?.status) return changed;
    const target = new URL(call.query.get("redirect_uri"));
    for (const [name, value] of Object.entries(params)) if (value !== undefined) target.searchParams.set(name, value);
    return { status: 302, headers: { location: target.href } };
  }

  async #token(call) {
    const basic = /^Basic (.+)$/.exec(call.headers.authorization ?? "");
    const [id, secret] = basic
      ? Buffer.from(basic[1], "base64").toString().split(":").map(decodeURIComponent)
      : [call.form.get("client_id"), call.form.get("client_secret")];
    if (id !== this.clientId || secret !== this.clientSecret) return json({ error: "invalid_client" }, 401);
    const known = this.#codes.get(call.form.get("code"));
    this.#codes.delete(call.form.get("code"));
    const verifier = call.form.get("code_verifier") ?? "";
    const proved = !known?.challenge || createHash("sha256").update(verifier).digest("base64url") === known.challenge;
    if (!known || !proved || known.redirect !== call.form.get("redirect_uri")) return json({ error: "invalid_grant" }, 400);
    const token = random();
    this.#tokens.add(token);
    return this.#changed({ access_token: token, token_type: "bearer", expires_in: 600 }, this.on.token, call);
  }

  #user(call) {
    const token = /^Bearer (.+)$/.exec(call.headers.authorization ?? "")?.[1];
    if (!this.#tokens.has(token)) return json({ error: "invalid_token" }, 401);
    return this.#changed(structuredClone(this.person), this.on.user, call);
  }

  #changed(body, hook, call) {
    const changed = hook?.(body, call);
    return changed?.status ? changed : json(changed ?? body);
  }
}

const json = (body, status = 200) => ({
  status,
  headers: { "content-type": "application/json" },
  body: typeof body === "string" ? body : JSON.stringify(body),
});

async function write(response, { status, headers = {}, body = "", hang = false }) {
  if (hang) return;
  response.writeHead(status, headers);
  response.end(body);
}
