import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { basic } from "./http.mjs";
import { read } from "./jws.mjs";
import { Browser } from "./browser.mjs";

const random = () => randomBytes(32).toString("base64url");

/** An application by hand, so that a test can leave out, repeat or spoil any parameter. */
export class Application {
  constructor(server, client) {
    this.server = server;
    this.client = client;
    this.redirectUri = client.callbacks?.[0];
    if (client.client_secret) server.secrets.add(client.client_secret);
  }

  get id() {
    return this.client.client_id;
  }

  get isPublic() {
    return this.client.token_endpoint_auth_method === "none";
  }

  /** A browser that stops in front of this application. */
  browser(options = {}) {
    return new Browser({ applications: this.client.callbacks, ca: this.server.ca, ...options });
  }

  /** An authorization request; a parameter that is `undefined` is left out. */
  request(parameters = {}, path = "/authorize") {
    const verifier = random();
    const all = {
      client_id: this.id,
      response_type: "code",
      redirect_uri: this.redirectUri,
      scope: "openid profile email",
      state: random(),
      nonce: random(),
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
      ...parameters,
    };
    const url = new URL(this.server.url + path);
    for (const [name, value] of Object.entries(all)) if (value !== undefined) url.searchParams.append(name, value);
    return { url: url.href, verifier: all.code_challenge && verifier, parameters: all };
  }

  /** Sends a browser through a login. `arrival` is where it ended. */
  async signIn(parameters = {}, { browser = this.browser(), path } = {}) {
    const request = this.request(parameters, path);
    const arrival = await browser.open(request.url);
    return { browser, request, arrival };
  }

  /** The code of a successful login, checked for what every answer must carry. */
  code({ arrival, request }) {
    const { params } = arrival;
    assert.equal(params.get("error"), null, `login failed: ${params.get("error")}: ${params.get("error_description")}`);
    assert.equal(params.get("state"), request.parameters.state ?? null);
    assert.equal(params.get("iss"), this.server.issuer);
    const code = params.get("code");
    assert.ok(code, "no code");
    this.server.secrets.add(code);
    return code;
  }

  /** The token endpoint's answer, whatever it is. */
  async redeem(code, verifier, { form = {}, headers = {}, path = "/oauth/token", json = false } = {}) {
    const credentials = this.credentials();
    const fields = defined({
      grant_type: "authorization_code",
      code,
      redirect_uri: this.redirectUri,
      code_verifier: verifier,
      ...credentials.form,
      ...form,
    });
    return this.server.send(path, {
      method: "POST",
      [json ? "json" : "form"]: fields,
      headers: { ...credentials.headers, ...headers },
    });
  }

  credentials() {
    const { client_id, client_secret, token_endpoint_auth_method: method } = this.client;
    if (method === "none") return { form: { client_id }, headers: {} };
    if (method === "client_secret_basic") return { form: {}, headers: { authorization: basic(client_id, client_secret) } };
    return { form: { client_id, client_secret }, headers: {} };
  }

  /** Signs in and redeems the code; fails the test when either fails. */
  async login(parameters = {}, options = {}) {
    const attempt = await this.signIn(parameters, options);
    const answer = await this.redeem(this.code(attempt), attempt.request.verifier);
    assert.equal(answer.status, 200, answer.text);
    const tokens = answer.json;
    for (const name of ["access_token", "id_token", "refresh_token"]) if (tokens[name]) this.server.secrets.add(tokens[name]);
    const { header, claims } = read(tokens.id_token);
    assert.equal(claims.iss, this.server.issuer);
    assert.equal(claims.aud, this.id);
    assert.equal(claims.nonce, attempt.request.parameters.nonce);
    return { ...attempt, answer, tokens, header, claims };
  }

  userinfo(accessToken, options = {}) {
    return this.server.send("/userinfo", { headers: { authorization: `Bearer ${accessToken}` }, ...options });
  }
}

const defined = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
