import Provider, { interactionPolicy } from "oidc-provider";
import { findPerson } from "./people.js";

/** An OpenID Connect provider with one client, which may use the front channel (id_token) and the back channel (code). */
export function createProvider({ issuer, client, keys }) {
  return new Provider(issuer, {
    clients: [
      {
        ...client,
        // Plain http to loopback is only open to clients of this type.
        application_type: "native",
        response_types: ["code", "id_token"],
        grant_types: ["authorization_code", "implicit"],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    jwks: keys.jwks,
    cookies: { keys: keys.cookies },
    responseTypes: ["code", "id_token"],
    // Symbolon reads claims from the ID token alone, as the connections it models do.
    conformIdTokenClaims: false,
    claims: {
      openid: ["sub"],
      profile: ["name", "given_name", "family_name", "nickname", "preferred_username", "locale", "department", "groups"],
      email: ["email", "email_verified"],
    },
    pkce: { required: () => false },
    features: { devInteractions: { enabled: false } },
    interactions: { policy: loginOnly(), url: (_context, interaction) => `/people/${interaction.uid}` },
    findAccount: (_context, sub) => {
      const person = findPerson(sub);
      return person && { accountId: sub, claims: () => person };
    },
    loadExistingGrant: grantEverything,
    ttl: { Session: 8 * 3600, Interaction: 3600, Grant: 8 * 3600, AccessToken: 3600, IdToken: 3600 },
  });
}

/** There is one client and its owner runs this demo: nobody needs to be asked for consent. */
function loginOnly() {
  const policy = interactionPolicy.base();
  policy.remove("consent");
  return policy;
}

async function grantEverything(context) {
  const { oidc } = context;
  const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope("openid profile email");
  await grant.save();
  return grant;
}
