// The server's own pages in a real browser: they work without JavaScript, load nothing from elsewhere and say what is wrong.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, it } from "node:test";
import { launchChromium } from "../support/chromium.mjs";
import { World } from "../support/world.mjs";

describe("pages", () => {
  let world, scene, chromium, callback;

  before(async () => {
    world = await World.start();
    callback = await application();
    scene = await world.scene({ client: { callbacks: [callback] } });
    chromium = await launchChromium();
  });
  after(async () => {
    await chromium?.close();
    await world?.dispose();
  });

  /** Says how the browser came; answers with its address. */
  async function application() {
    const server = http.createServer((request, response) => response.end(`${request.method} arrived`));
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    world.adopt({ dispose: () => server.close() });
    return `http://127.0.0.1:${server.address().port}/callback`;
  }

  async function open(url, { javaScriptEnabled = false, ...options } = {}) {
    const context = await chromium.newContext({ javaScriptEnabled, ...options });
    const page = await context.newPage();
    const foreign = [];
    const complaints = [];
    page.on("request", (request) => isOurs(request.url()) || foreign.push(request.url()));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await page.goto(url);
    return { page, foreign, complaints };
  }

  const isOurs = (url) => [world.server.url, scene.issuer.url, callback].some((start) => url.startsWith(start));

  it("an unknown application is explained, in English and French", async () => {
    for (const [locale, language] of [["en-GB", /^en/], ["fr-CA", /^fr/]]) {
      const { page, foreign } = await open(`${world.server.url}/authorize?client_id=nobody`, { locale });
      assert.match(await page.locator("html").getAttribute("lang"), language);
      assert.ok((await page.title()).length > 0);
      assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
      assert.deepEqual(foreign, []);
    }
  });

  it("fits a narrow screen without scrolling sideways", async () => {
    const { page } = await open(`${world.server.url}/authorize?client_id=nobody`, { viewport: { width: 320, height: 600 }, javaScriptEnabled: true });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${overflow} pixels too wide`);
  });

  it("form_post sends itself with JavaScript, and by a button without", async () => {
    for (const javaScriptEnabled of [true, false]) {
      const { url } = scene.application.request({ connection: scene.connection.name, response_mode: "form_post" });
      const { page, complaints } = await open(url, { javaScriptEnabled });
      if (!javaScriptEnabled) await page.getByRole("button").click();
      await page.getByText("POST arrived").waitFor();
      assert.deepEqual(complaints, []);
    }
  });

  it("a front-channel answer from another site arrives although the browser withholds cookies at first", async () => {
    const front = await world.scene({ channel: "front_channel", client: { callbacks: [callback] } });
    for (const javaScriptEnabled of [true, false]) {
      const { url } = front.application.request({ connection: front.connection.name });
      const { page } = await open(url, { javaScriptEnabled });
      const button = page.getByRole("button").first();
      const done = page.getByText("GET arrived");
      for (let presses = 0; presses < 3 && !(await done.isVisible()); ++presses) {
        if (await button.isVisible()) await button.click();
        await page.waitForLoadState("networkidle");
      }
      assert.ok(await done.isVisible(), page.url());
    }
  });

  it("a failed login shows its reference, which can be selected and copied", async () => {
    const { page } = await open(`${world.server.callbackUrl}?state=unknown&code=x`);
    const reference = await page.locator("code#reference").innerText();
    assert.match(reference, /^[\w-]{4,32}$/);
  });
});
