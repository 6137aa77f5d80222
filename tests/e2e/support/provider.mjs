// A real provider (npm oidc-provider) whose people sign in without a click.
import "./web_crypto.mjs";
import { randomBytes } from "node:crypto";
import http from "node:http";
import https from "node:https";
import { Provider, interactionPolicy } from "oidc-provider";
import { newKey } from "./jws.mjs";

export class RealProvider {
  /** Every request that arrived: { method, path, query }. */
  requests = [];
  /** Who signs in next; claims go into the ID token by scope. */
  person = {
    sub: "real-1",
    name: "Rea List",
    given_name: "Rea",
    family_name: "List",
    nickname: "rea",
    email: "rea@real.example",
    email_verified: true,
    department: "Gardens",
    groups: ["staff", "gardeners"],
  };
  /** An OAuth error with which the next sign-in ends instead. */
  refusal = undefined;
  clientId = "symbolon-client";
  clientSecret = `canary-${randomBytes(18).toString("base64url")}`;

  #server;
  #provider;
  #handler;
  #redirectUris;
  #configuration;

  /** `tls`: { key, cert }. `configuration`: more of oidc-provider's own. `client`: more of the client's metadata. */
  static async start({ redirectUris, tls, configuration = {}, client = {}, keys = [newKey("RS256", { kid: "first" })] }) {
    const provider = new RealProvider();
    provider.#redirectUris = redirectUris;
    provider.#configuration = { configuration, client };
    const listener = (request, response) => provider.#answer(request, response);
    provider.#server = tls ? https.createServer(tls, listener) : http.createServer(listener);
    await new Promise((resolve) => provider.#server.listen(0, "127.0.0.1", resolve));
    provider.useKeys(keys);
    return provider;
  }

  get host() {
    return `127.0.0.1:${this.#server.address().port}`;
  }

  get url() {
    return `${this.#server instanceof https.Server ? "https" : "http"}://${this.host}`;
  }

  get discoveryUrl() {
    return `${this.url}/.well-known/openid-configuration`;
  }

  /** From now on these are the published keys, and the first of them signs. */
  useKeys(keys) {
    const { configuration, client } = this.#configuration;
    const policy = interactionPolicy.base();
    policy.remove("consent");
    this.#provider = new Provider(this.url, {
      clients: [
        {
          client_id: this.clientId,
          client_secret: this.clientSecret,
          redirect_uris: this.#redirectUris,
          // oidc-provider keeps plain http for native applications, and https on loopback for the others.
          application_type: this.#redirectUris[0].startsWith("https:") ? "web" : "native",
          response_types: ["code", "id_token"],
          grant_types: ["authorization_code", "implicit"],
          token_endpoint_auth_method: "client_secret_post",
          ...client,
        },
      ],
      jwks: { keys: keys.map(({ privateKey, kid, alg }) => ({ ...privateKey.export({ format: "jwk" }), kid, alg, use: "sig" })) },
      cookies: { keys: ["e2e"] },
      responseTypes: ["code", "id_token"],
      conformIdTokenClaims: false,
      claims: {
        openid: ["sub"],
        profile: ["name", "given_name", "family_name", "nickname", "department", "groups"],
        email: ["email", "email_verified"],
      },
      pkce: { required: () => false },
      features: { devInteractions: { enabled: false } },
      interactions: { policy, url: (_context, { uid }) => `/interaction/${uid}` },
      findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ ...this.person, sub }) }),
      loadExistingGrant: grantEverything,
      ttl: { Session: 3600, Interaction: 600, Grant: 3600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
      ...configuration,
    });
    this.#handler = this.#provider.callback();
  }

  /** How often a path was asked for. */
  count(path) {
    return this.requests.filter((request) => request.path === path).length;
  }

  /** Parameters of the last authorization request. */
  get lastRequest() {
    return this.requests.filter(({ query }) => query.has("redirect_uri")).at(-1).query;
  }

  async dispose() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request, response) {
    const url = new URL(request.url, this.url);
    this.requests.push({ method: request.method, path: url.pathname, query: url.searchParams });
    if (!url.pathname.startsWith("/interaction/")) return this.#handler(request, response);
    const result = this.refusal ?? { login: { accountId: this.person.sub } };
    return this.#provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
}

async function grantEverything({ oidc }) {
  const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope("openid profile email");
  await grant.save();
  return grant;
}
