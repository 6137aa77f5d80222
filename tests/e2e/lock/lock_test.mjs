// The unchanged sign-in widget Lock in a real browser: its configuration file, a button, a typed domain, and the tokens.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { launchChromium } from "../support/chromium.mjs";
import { OAuthServer } from "../support/oauth_server.mjs";
import { World } from "../support/world.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

// auth0-js calls itself a module, but Lock takes its files as what they are: scripts for CommonJS.
const commonJs = {
  name: "auth0-js",
  setup(build) {
    const { resolve } = createRequire(import.meta.url);
    build.onResolve({ filter: /^auth0-js(\/|$)/ }, ({ path }) => ({ path: resolve(path), namespace: "script" }));
    build.onLoad({ filter: /.*/, namespace: "script" }, ({ path }) => ({ contents: readFileSync(path, "utf8"), loader: "js" }));
  },
};

/** Lock as an application's bundler would ship it. */
async function bundle(name) {
  const { outputFiles } = await build({
    stdin: { contents: `import Lock, { Auth0Lock } from "${name}"; window.Lock = Auth0Lock ?? Lock;`, resolveDir: here },
    bundle: true,
    write: false,
    format: "iife",
    plugins: [commonJs],
    define: { global: "window", "process.env.NODE_ENV": '"production"', process: '{"env":{}}' },
    logLevel: "silent",
  });
  return outputFiles[0].text;
}

const page = `<!doctype html><html lang="en"><title>shop</title><h1>Shop</h1><output></output><script src="/lock.js"></script>
<script src="/settings.js"></script><script>
const said = (text) => document.querySelector("output").append(text);
const lock = new Lock(settings.client, settings.domain, {
  auth: { redirectUrl: location.origin + "/", responseType: "token id_token", params: { scope: "openid profile email" } },
  ...(location.search === "?forget" && { rememberLastLogin: false }),
});
lock.on("authenticated", ({ idTokenPayload }) => said("signed in: " + idTokenPayload.sub));
lock.on("authorization_error", (error) => said("refused: " + error.error));
lock.on("unrecoverable_error", (error) => said("broken: " + error));
if (!location.hash) lock.show();
</script></html>`;

for (const name of ["auth0-lock-11", "auth0-lock"]) {
  describe(`${name} in a browser`, () => {
    let world, chromium, origin, application, first, second;

    before(async () => {
      world = await World.start({ https: true });
      origin = await serve(await bundle(name));
      application = await world.application({
        app_type: "spa",
        callbacks: [`${origin}/`],
        web_origins: [origin],
        grant_types: ["implicit", "authorization_code"],
        token_endpoint_auth_method: "none",
      });
      const issuer = await world.hostileIssuer();
      first = await world.connection(issuer, { applications: [application], display_name: "Corp", options: { domain_aliases: ["corp.example", "corp.example.org"] } });
      chromium = await launchChromium();
    });
    after(async () => {
      await chromium?.close();
      await world?.dispose();
    });

    async function serve(lock) {
      const files = {
        "/": ["text/html", () => page],
        "/lock.js": ["text/javascript", () => lock],
        "/settings.js": ["text/javascript", () => `const settings = ${JSON.stringify({ client: application.id, domain: world.server.host })};`],
      };
      const server = http.createServer((request, response) => {
        const [type, body] = files[new URL(request.url, "http://x").pathname] ?? [];
        response.writeHead(type ? 200 : 404, { "content-type": `${type}; charset=utf-8` }).end(body?.());
      });
      await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
      world.adopt({ dispose: () => server.close() });
      return `http://localhost:${server.address().port}`;
    }

    /** Lock remembers the last login unless it is told not to, which is its default as it comes. */
    async function open(options = "") {
      const context = await chromium.newContext({ ignoreHTTPSErrors: true, locale: "en-US" });
      const opened = await context.newPage();
      // Lock asks its maker's network for a badge and for other languages.
      await opened.route(/auth0\.com/, (route) => route.abort());
      await opened.goto(`${origin}/${options}`);
      return opened;
    }

    async function signedIn(opened, connection) {
      const said = opened.locator("output");
      await said.getByText(/signed in|refused|broken/).waitFor();
      assert.match(await said.innerText(), new RegExp(`^signed in: ${connection.strategy}\\|${connection.name}\\|`));
    }

    async function setFlag(name, value) {
      const answer = await world.api.send("PATCH", "tenants/settings", { flags: { [name]: value } });
      assert.equal(answer.status, 200, answer.text);
    }

    it("reads a file that is one call with pure JSON", async () => {
      const answer = await world.server.send(`/client/${application.id}.js?t1690000000000`);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers["content-type"], "application/javascript; charset=utf-8");
      assert.equal(answer.headers["set-cookie"], undefined);
      const [, json] = /^Auth0\.setClient\((.*)\);$/s.exec(answer.text);
      const file = JSON.parse(json);
      assert.equal(file.id, application.id);
      assert.deepEqual(file.strategies, [
        {
          name: "oidc",
          connections: [{ name: first.name, display_name: "Corp", domain: "", domain_aliases: ["corp.example", "corp.example.org"] }],
        },
      ]);
      assert.equal((await world.server.send("/client/nobody.js")).status, 404);
      assert.equal((await world.server.send(`/client/${application.id}`)).status, 404);
    });

    it("signs in by the one button of a single connection", async () => {
      for (const options of ["", "?forget"]) {
        const opened = await open(options);
        await opened.locator(".auth0-lock-submit:visible, .auth0-lock-social-button:visible").first().click();
        await signedIn(opened, first);
        await opened.context().close();
      }
    });

    it("signs in by a typed domain where there are several connections", async () => {
      second = await world.connection(await world.hostileIssuer(), { applications: [application], options: { domain_aliases: ["other.example"] } });
      for (const options of ["", "?forget"]) {
        const opened = await open(options);
        await opened.locator("input[name=email]").fill("ann@other.example");
        await opened.locator("button.auth0-lock-submit").click();
        await signedIn(opened, second);
        if (options === "") {
          // Back on the page, Lock asks in a hidden frame who is signed in, and stays usable whatever it hears.
          await opened.goto(`${origin}/`);
          await opened.locator("input[name=email]").fill("ann@corp.example");
          await opened.locator("button.auth0-lock-submit").click();
          await signedIn(opened, first);
        }
        await opened.context().close();
      }
    });

    // Lock itself has no buttons for some of several OpenID Connect connections. Of those that are not disclosed it
    // learns the ones with a button only.
    it("signs in by the one button among several connections that are not disclosed", async () => {
      await world.api.updateConnection(second.id, { show_as_button: true, display_name: "Other Corp" });
      await setFlag("no_disclose_enterprise_connections", true);
      const opened = await open("?forget");
      await opened.locator(".auth0-lock-submit:visible, .auth0-lock-social-button:visible").first().click();
      await signedIn(opened, second);
      await opened.context().close();
      await setFlag("no_disclose_enterprise_connections", false);
    });

    it("signs in by the button of an OAuth 2.0 provider beside several connections", async () => {
      const upstream = world.adopt(await OAuthServer.start());
      world.server.secrets.add(upstream.clientSecret);
      const forge = await world.api.createConnection({
        name: "forge",
        display_name: "Forge",
        strategy: "oauth2",
        options: {
          client_id: upstream.clientId,
          client_secret: upstream.clientSecret,
          authorizationURL: upstream.authorizationEndpoint,
          tokenURL: upstream.tokenEndpoint,
          userinfo_url: upstream.userEndpoint,
          id_attribute: "id",
        },
      });
      await world.api.enableClient(forge.id, application.id);
      const opened = await open("?forget");
      await opened.locator("input[name=email]").waitFor();
      const button = opened.locator(".auth0-lock-social-button");
      assert.equal(await button.count(), 1);
      assert.match(await button.innerText(), /Forge/i);
      await button.click();
      await signedIn(opened, forge);
      await opened.context().close();
    });
  });
}
