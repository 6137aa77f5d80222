// A certified relying party that we did not write: Debian's Apache with mod_auth_openidc in front of a file.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Browser } from "../support/browser.mjs";
import { freePort } from "../support/ports.mjs";
import { until } from "../support/waiting.mjs";
import { World } from "../support/world.mjs";

const MODULES = ["mpm_event", "dir", "authn_core", "authz_core", "authz_user", "headers", "auth_openidc"];

function configuration({ folder, port, server, application, connection }) {
  return [
    ...MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
    ...(process.getuid() === 0 ? ["User www-data", "Group www-data"] : []),
    `ServerName localhost`,
    `ServerRoot ${folder}`,
    `PidFile ${folder}/pid`,
    `ErrorLog ${folder}/error.log`,
    `Listen 127.0.0.1:${port}`,
    `DocumentRoot ${folder}/pages`,
    `FallbackResource /index.html`,
    `OIDCProviderMetadataURL ${server.url}/.well-known/openid-configuration`,
    `OIDCClientID ${application.id}`,
    `OIDCClientSecret ${application.client.client_secret}`,
    `OIDCProviderTokenEndpointAuth client_secret_post`,
    `OIDCRedirectURI http://localhost:${port}/callback`,
    `OIDCCryptoPassphrase ${randomBytes(24).toString("hex")}`,
    `OIDCScope "openid email"`,
    `OIDCPKCEMethod S256`,
    `OIDCAuthRequestParams connection=${connection.name}`,
    `OIDCRemoteUserClaim email`,
    `<Location />`,
    `  AuthType openid-connect`,
    `  Require valid-user`,
    `  Header always set X-Signed-In "expr=%{REMOTE_USER}"`,
    `</Location>`,
    "",
  ].join("\n");
}

describe("Apache with mod_auth_openidc", () => {
  let world, folder, apache, url, provider;

  before(async () => {
    world = await World.start();
    provider = await world.realProvider();
    const port = await freePort();
    url = `http://localhost:${port}/`;
    const application = await world.application({ callbacks: [`${url}callback`] });
    const connection = await world.connection(provider, { applications: [application] });
    folder = await mkdtemp(join(tmpdir(), "symbolon-apache-"));
    await chmod(folder, 0o755);
    await mkdir(join(folder, "pages"));
    await writeFile(join(folder, "pages", "index.html"), "inside\n");
    await writeFile(join(folder, "apache.conf"), configuration({ folder, port, server: world.server, application, connection }));
    apache = spawn("apache2", ["-f", join(folder, "apache.conf"), "-DFOREGROUND"], {
      stdio: "inherit",
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
    });
    await until("Apache answers", () => fetch(url, { redirect: "manual" }).then(() => true, () => false), { timeout: 10_000 });
  });
  after(async () => {
    if (apache && apache.exitCode === null) {
      const ended = new Promise((resolve) => apache.once("exit", resolve));
      apache.kill("SIGTERM");
      await ended;
    }
    if (folder) await rm(folder, { recursive: true });
    await world?.dispose();
  });

  it("signs a person in and knows who it is", async () => {
    provider.person = { sub: "apache-1", email: "ada@people.example", email_verified: true };
    const browser = new Browser({ applications: [] });
    const { page } = await browser.open(url);
    assert.equal(page.headers["x-signed-in"], "ada@people.example", `${page.status} ${page.url} ${page.text.slice(0, 400)}`);
    assert.equal(page.url, url);
  });

  it("a visitor who is not signed in is sent to the server and sees nothing", async () => {
    const page = await new Browser({ applications: [] }).request({ url });
    assert.equal(page.status, 302);
    assert.equal(page.headers["x-signed-in"] ?? "", "");
    assert.ok(page.headers.location.startsWith(`${world.server.url}/authorize?`));
  });
});
