// The unchanged @auth0/auth0-spa-js in a real browser: redirect, popup, silent renewal by iframe and by rotating refresh
// tokens, and logout.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { launchChromium } from "../support/chromium.mjs";
import { World } from "../support/world.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

async function bundle() {
  const { outputFiles } = await build({
    stdin: { contents: 'import { Auth0Client } from "@auth0/auth0-spa-js"; window.Auth0Client = Auth0Client;', resolveDir: here },
    bundle: true,
    write: false,
    format: "iife",
    logLevel: "silent",
  });
  return outputFiles[0].text;
}

describe("auth0-spa-js in a browser", () => {
  let world, chromium, origin, application;

  before(async () => {
    world = await World.start();
    const script = await bundle();
    const server = http.createServer((request, response) => {
      const isScript = request.url === "/spa.js";
      response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" });
      response.end(isScript ? script : '<!doctype html><html lang="en"><title>app</title><script src="/spa.js"></script>');
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    world.adopt({ dispose: () => server.close() });
    origin = `http://localhost:${server.address().port}`;
    application = await world.application({
      app_type: "spa",
      callbacks: [`${origin}/`],
      web_origins: [origin],
      allowed_logout_urls: [`${origin}/left`],
      grant_types: ["authorization_code", "refresh_token"],
      token_endpoint_auth_method: "none",
      refresh_token: { rotation_type: "rotating", expiration_type: "expiring", leeway: 0 },
    });
    const issuer = await world.hostileIssuer();
    await world.connection(issuer, { applications: [application] });
    chromium = await launchChromium();
  });
  after(async () => {
    await chromium?.close();
    await world?.dispose();
  });

  async function open() {
    const context = await chromium.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    await page.goto(`${origin}/`);
    return page;
  }

  /** Runs in the page with a client of these options; what it returns comes back. */
  const withClient = (page, options, act) =>
    page.evaluate(
      ({ settings, source }) => {
        window.client ??= new window.Auth0Client(settings);
        return new Function("client", `return (${source})(client)`)(window.client);
      },
      {
        settings: {
          domain: world.server.url,
          clientId: application.id,
          authorizationParams: { redirect_uri: `${origin}/` },
          ...options,
        },
        source: act.toString(),
      },
    );

  async function signIn(page, options) {
    await withClient(page, options, (client) => client.loginWithRedirect()).catch(() => {});
    await page.waitForURL(/[?&]code=/);
    return withClient(page, options, async (client) => {
      await client.handleRedirectCallback();
      return client.getUser();
    });
  }

  it("signs in by redirect and renews silently in a hidden frame", async () => {
    const page = await open();
    const options = { cacheLocation: "localstorage" };
    const user = await signIn(page, options);
    assert.equal(user.email, "one@people.example");
    const [first, second] = await withClient(page, options, async (client) => [
      await client.getTokenSilently(),
      await client.getTokenSilently({ cacheMode: "off" }),
    ]);
    assert.notEqual(first, second);
    for (const token of [first, second]) world.server.secrets.add(token);
    await page.context().close();
  });

  it("renews with rotating refresh tokens, and falls back to the session when one was reused", async () => {
    const page = await open();
    const options = { useRefreshTokens: true, useRefreshTokensFallback: true, cacheLocation: "localstorage", authorizationParams: { redirect_uri: `${origin}/`, scope: "openid email offline_access" } };
    await signIn(page, options);
    const refreshTokens = () =>
      page.evaluate(() => Object.values(localStorage).map((text) => JSON.parse(text)?.body?.refresh_token).filter(Boolean));
    const [first] = await refreshTokens();
    await withClient(page, options, (client) => client.getTokenSilently({ cacheMode: "off" }));
    const [second] = await refreshTokens();
    assert.ok(first && second && first !== second);
    const reused = await world.server.send("/oauth/token", { form: { grant_type: "refresh_token", refresh_token: first, client_id: application.id } });
    assert.equal(reused.status, 400);
    const token = await withClient(page, options, (client) => client.getTokenSilently({ cacheMode: "off" }));
    assert.ok(token, "the text of the refusal makes the SDK ask again by frame");
    for (const secret of [first, second, token]) world.server.secrets.add(secret);
    await page.context().close();
  });

  it("logs out, and then silent renewal says login_required", async () => {
    const page = await open();
    const options = { cacheLocation: "localstorage" };
    await signIn(page, options);
    await page.evaluate(
      (returnTo) => window.client.logout({ logoutParams: { returnTo } }),
      `${origin}/left`,
    ).catch(() => {});
    await page.waitForURL(`${origin}/left`);
    const error = await withClient(page, options, (client) =>
      client.getTokenSilently({ authorizationParams: { redirect_uri: `${location.origin}/` } }).catch((failure) => failure.error),
    );
    assert.equal(error, "login_required");
    await page.context().close();
  });
});
