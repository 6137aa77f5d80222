// What people see when they leave, in real Chromium: the question, its two answers, and an address that is refused; in
// both languages and themes, without JavaScript.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { launchChromium } from "../support/chromium.mjs";
import { World } from "../support/world.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describe("leaving", () => {
  let world, chromium, origin, scene;

  before(async () => {
    world = await World.start();
    const server = http.createServer((request, response) => response.end(`arrived ${request.url}`));
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    world.adopt({ dispose: () => server.close() });
    origin = `http://127.0.0.1:${server.address().port}`;
    scene = await world.scene({ client: { callbacks: [`${origin}/callback`], allowed_logout_urls: [`${origin}/bye`] } });
    chromium = await launchChromium();
  });
  after(async () => {
    await chromium?.close();
    await world?.dispose();
  });

  /** A person who is signed in. */
  async function person(options = {}) {
    const context = await chromium.newContext({ locale: "en-GB", javaScriptEnabled: false, ...options });
    const page = await context.newPage();
    page.complaints = [];
    page.on("console", (message) => message.type() === "error" && !/40\d/.test(message.text()) && page.complaints.push(message.text()));
    await page.goto(scene.application.request({ connection: scene.connection.name }).url);
    await page.getByText("arrived /callback?").waitFor();
    return page;
  }
  const leave = (page, query, path = "/oidc/logout") => page.goto(`${world.server.url}${path}?${new URLSearchParams(query)}`);
  const ask = (page, more = {}) =>
    leave(page, { client_id: scene.application.id, post_logout_redirect_uri: `${origin}/bye`, state: "s 1", ...more });
  const isSignedIn = async (page) => {
    await page.goto(scene.application.request({ connection: scene.connection.name, prompt: "none" }).url);
    return !page.url().includes("login_required");
  };

  it("yes leads back to the application, signed out", async () => {
    const page = await person();
    await ask(page);
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByText("arrived /bye?state=s%201").waitFor();
    assert.deepEqual(page.complaints, [], "the page's own policy must not stop the way back");
    assert.equal(await isSignedIn(page), false);
    await page.context().close();
  });

  it("no changes nothing", async () => {
    const page = await person({ locale: "fr-CA" });
    await ask(page);
    await page.getByRole("button", { name: "Rester connecté" }).click();
    await page.getByRole("heading", { name: "Vous êtes toujours connecté" }).waitFor();
    assert.equal(await isSignedIn(page), true);
    await page.context().close();
  });

  it("an address that is not registered offers the sign-out alone", async () => {
    const page = await person();
    await leave(page, { client_id: scene.application.id, returnTo: "https://evil.example/" }, "/v2/logout");
    assert.match(await page.getByRole("alert").innerText(), /returnTo URL is not allowed/);
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByRole("heading", { name: "You are signed out" }).waitFor();
    assert.equal(await isSignedIn(page), false);
    await page.context().close();
  });

  for (const locale of ["en-GB", "fr-CA"]) {
    for (const colorScheme of ["light", "dark"]) {
      it(`every page is accessible, ${locale}, ${colorScheme}`, async () => {
        const page = await person({ locale, colorScheme, javaScriptEnabled: true, bypassCSP: true, viewport: { width: 360, height: 640 } });
        for (const show of [
          () => ask(page),
          () => leave(page, { returnTo: "https://evil.example/" }, "/v2/logout"),
          () => page.goto(`${world.server.url}/u/logged-out`),
        ]) {
          await show();
          await page.evaluate(axe);
          const { violations } = await page.evaluate(() => window.axe.run());
          assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`), []);
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, "scrolls sideways");
        }
        await page.context().close();
      });
    }
  }
});
