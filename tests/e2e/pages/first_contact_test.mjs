// The page for somebody new, in real Chromium: without JavaScript, in both languages and themes, by keyboard, on a phone.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { launchChromium } from "../support/chromium.mjs";
import { OAuthServer } from "../support/oauth_server.mjs";
import { World } from "../support/world.mjs";
import { ZitadelApi, connectionName, everything } from "../support/zitadel.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describe("somebody new", () => {
  let world, chromium, upstream, application, callback, asking, proposing, old;
  let number = 0;

  before(async () => {
    world = await World.start();
    const listener = http.createServer((request, response) => response.end(`arrived ${request.url}`));
    await new Promise((resolve) => listener.listen(0, "127.0.0.1", resolve));
    world.adopt({ dispose: () => listener.close() });
    callback = `http://127.0.0.1:${listener.address().port}/callback`;
    application = await world.application({ callbacks: [callback] });
    const zitadel = await ZitadelApi.connect(world.server);
    upstream = world.adopt(await OAuthServer.start());
    old = await world.scene({ client: { callbacks: [callback] }, display_name: "Old Provider", show_as_button: true, options: { domain_aliases: ["customer.example"] } });
    await world.api.enableClient(old.connection.id, application.id);
    const make = async (providerOptions) => {
      const id = await zitadel.provider(upstream, { providerOptions, name: "New Provider" });
      await zitadel.offer(id);
      return connectionName(id);
    };
    asking = await make({ ...everything, isAutoCreation: false });
    proposing = await make({ ...everything, autoLinking: "AUTO_LINKING_OPTION_EMAIL" });
    chromium = await launchChromium();
  });
  after(async () => {
    await chromium?.close();
    await world?.dispose();
  });

  async function person(connection, { prepare, ...options } = {}) {
    const id = ++number;
    upstream.person = { id, given_name: "Nora", family_name: "New", email: `n${id}@people.example`, email_verified: true };
    await prepare?.(upstream.person);
    const context = await chromium.newContext({ locale: "en-GB", javaScriptEnabled: false, ...options });
    const page = await context.newPage();
    page.complaints = [];
    page.on("console", (message) => message.type() === "error" && !/status of 40[04]/.test(message.text()) && page.complaints.push(message.text()));
    await page.goto(application.request({ connection, redirect_uri: callback }).url);
    return page;
  }

  const arrived = async (page) => {
    await page.getByText("arrived /callback?").waitFor();
    assert.deepEqual(page.complaints, []);
    return new URL(page.url()).searchParams;
  };

  it("corrects the details and has an account", async () => {
    const page = await person(asking);
    await page.getByRole("heading", { name: "You are new here" }).waitFor();
    await page.getByLabel("Email address", { exact: true }).fill("not an address");
    await page.getByRole("button", { name: "Create account" }).click();
    const field = page.getByLabel("Email address", { exact: true });
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    assert.equal(await page.locator(":focus").getAttribute("id"), "email");
    assert.match(await page.title(), /^Error – /);
    assert.equal(await page.getByLabel("First name").inputValue(), "Nora");
    await field.fill("nora@people.example");
    await page.getByRole("button", { name: "Create account" }).click();
    assert.ok((await arrived(page)).get("code"));
  });

  it("proves an old account and has both ways from then on", async () => {
    const page = await person(proposing, {
      prepare: async ({ email }) => {
        old.issuer.person = { sub: `old-${number}`, name: "Old", email, email_verified: true };
        await application.login({ connection: old.connection.name });
      },
    });
    await page.getByRole("heading", { name: "You seem to have an account" }).waitFor();
    await page.getByRole("button", { name: "Continue with Old Provider" }).click();
    assert.ok((await arrived(page)).get("code"));
    await page.context().clearCookies();
    await page.goto(application.request({ connection: proposing, redirect_uri: callback }).url);
    assert.ok((await arrived(page)).get("code"));
  });

  it("goes back to the application with Cancel", async () => {
    const page = await person(asking);
    await page.getByRole("button", { name: "Cancel" }).click();
    assert.equal((await arrived(page)).get("error"), "access_denied");
  });

  it("needs a keyboard only", async () => {
    const page = await person(asking);
    await page.getByLabel("First name").focus();
    for (let i = 0; i < 4; ++i) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.ok((await arrived(page)).get("code"));
  });

  for (const colorScheme of ["light", "dark"])
    for (const locale of ["en", "fr"]) {
      it(`reads well: ${locale}, ${colorScheme}`, async () => {
        const page = await person(asking, { locale, colorScheme, javaScriptEnabled: true, bypassCSP: true, viewport: { width: 320, height: 900 } });
        assert.equal(await page.locator("html").getAttribute("lang"), locale);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(overflow <= 0, "nothing is wider than the page");
        await page.addScriptTag({ content: axe });
        const { violations } = await page.evaluate(() =>
          window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`), []);
        await page.context().close();
      });
    }
});
