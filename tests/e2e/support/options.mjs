// Options of a connection that act: the same login with and without one of them.
import assert from "node:assert/strict";

/**
 * Signs in through `provider` twice: over a connection without `options` (but with `otherwise`), which must be refused
 * as `refusal` says ({ rule, error }), and over one with them, which must work. Answers with the login that worked.
 */
export async function needs(world, provider, { options, refusal, otherwise = {}, ...scene }) {
  await fails(world, provider, { ...scene, options: otherwise, refusal });
  return works(world, provider, { ...scene, options: { ...otherwise, ...options } });
}

/** A login through a new connection to `provider` with `options`; the connection is in the answer. */
export async function works(world, provider, { application, options, request = {}, ...rest }) {
  const connection = await world.connection(provider, { applications: [application], options, ...rest });
  const login = await application.login({ ...request, connection: connection.name });
  return { ...login, connection };
}

/** A login through a new connection to `provider` with `options` is refused; answers with the event that explains it. */
export async function fails(world, provider, { application, options, refusal, request = {}, ...rest }) {
  const connection = await world.connection(provider, { applications: [application], options, ...rest });
  return world.refused(() => application.signIn({ ...request, connection: connection.name }), refusal);
}

/** An answer of the hostile provider's authorization endpoint: an OAuth error instead of a code. */
export const turnsAway = (answer, error, description) => ({
  ...answer,
  params: { state: answer.params.state, iss: answer.params.iss, error, error_description: description },
});

/** The parameters that the provider was sent last. */
export const sent = (issuer) => Object.fromEntries(issuer.lastRequest);

export const assertSent = (issuer, expected) => {
  for (const [name, value] of Object.entries(expected)) assert.equal(issuer.lastRequest.get(name), value, name);
};
