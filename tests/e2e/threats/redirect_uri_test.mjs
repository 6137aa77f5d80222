// T18–T22: where the browser may be sent, and where an error is a page instead.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { World } from "../support/world.mjs";

const registered = "https://app.example/cb";

// What parsers of different ages have taken for the registered address.
const lookalikes = [
  "https://app.example/cb/",
  "https://app.example/cb/x",
  "https://app.example/cbx",
  "https://app.example/cb?x=1",
  "https://app.example/cb#x",
  "https://app.example/cb;x",
  "https://app.example/CB",
  "https://app.example/%63b",
  "https://app.example/x/../cb",
  "https://app.example/x/..;/cb",
  "https://app.example/./cb",
  "https://app.example//cb",
  "https://app.example/cb%00",
  "https://app.example/cb%0d%0aLocation:%20https://evil.example",
  "https://app.example/cb ",
  " https://app.example/cb",
  "https://app.example/cb\t",
  "https://app.example:444/cb",
  "https://app.example:443/cb",
  "https://app.example./cb",
  "https://user@app.example/cb",
  "https://app.example@evil.example/cb",
  "https://app.example@evil.example@app.example/cb",
  "https://evil.example\\@app.example/cb",
  "https://evil.example/https://app.example/cb",
  "https://app.example.evil.example/cb",
  "https://appxexample/cb",
  "https://sub.app.example/cb",
  "https:app.example/cb",
  "https:/app.example/cb",
  "https:///app.example/cb",
  "https:\\\\app.example\\cb",
  "//app.example/cb",
  "/cb",
  "cb",
  "http://app.example/cb",
  "javascript:alert(1)//https://app.example/cb",
  "data:text/html,x",
  "vbscript:x",
  "*",
  "https://*/cb",
  "https://*.example/cb",
  "https://app.example/*",
  "https://ap\u0440.example/cb",
  "null",
];

describe("redirect_uri", () => {
  let world, application, connection;

  before(async () => {
    world = await World.start();
    application = await world.application({ callbacks: [registered] });
    connection = await world.connection(await world.hostileIssuer(), { applications: [application] });
  });
  after(() => world?.dispose());

  const attempt = (redirect_uri, by = application) =>
    by.browser().request({ url: by.request({ connection: connection.name, redirect_uri }).url });

  function assertPage(answer, what) {
    assert.equal(answer.headers.location, undefined, `${what} was redirected`);
    assert.ok([400, 403].includes(answer.status), `${what}: ${answer.status}`);
    assert.match(answer.headers["content-type"], /^text\/html/, what);
    assert.equal(answer.setCookies.length, 0, `${what} set a cookie`);
  }

  it("T18 T21 an address that only resembles the registered one is refused by a page", async () => {
    for (const uri of lookalikes) assertPage(await attempt(uri), uri);
  });

  it("T18 the registered address is taken, and its host in any case", async () => {
    for (const uri of [registered, "https://APP.example/cb", "HTTPS://app.example/cb"]) {
      assert.equal((await attempt(uri)).status, 302, uri);
    }
  });

  it("T18 two redirect_uris are refused by a page", async () => {
    const url = `${application.request({ connection: connection.name }).url}&redirect_uri=https%3A%2F%2Fevil.example%2F`;
    assertPage(await application.browser().request({ url }), "two addresses");
  });

  it("T18 an unknown application gets a page, whatever its address", async () => {
    for (const client_id of ["nobody", "", undefined, "'; DROP TABLE clients; --"]) {
      const answer = await application.browser().request({ url: application.request({ client_id, redirect_uri: registered }).url });
      assertPage(answer, String(client_id));
    }
  });

  it("T19 a dot is a dot, not any letter", async () => {
    assertPage(await attempt("https://app-example/cb"), "dot");
  });

  it("T18 a star stands for one label, and only in the first", async () => {
    const wild = await world.application({ callbacks: ["https://*.tenants.example/cb"] });
    await world.api.enableClient(connection.id, wild.id);
    assert.equal((await attempt("https://acme.tenants.example/cb", wild)).status, 302);
    for (const uri of [
      "https://a.b.tenants.example/cb",
      "https://tenants.example/cb",
      "https://.tenants.example/cb",
      "https://evil.example/.tenants.example/cb",
      "https://evil.example#.tenants.example/cb",
      "https://evil.example?.tenants.example/cb",
      "https://*.tenants.example/cb",
      "https://acme.tenants.example/cb/x",
    ]) {
      assertPage(await attempt(uri, wild), uri);
    }
  });

  it("T20 no callback may be a script, hold a fragment, or span a whole top-level domain", async () => {
    for (const callback of ["javascript:alert(1)", "data:text/html,x", "https://app.example/cb#x", "https://*.com/cb", "http://app.example/cb", "not a url"]) {
      const answer = await world.api.send("POST", "clients", { name: "bad", app_type: "regular_web", callbacks: [callback] });
      assert.equal(answer.status, 400, `${callback}: ${answer.text}`);
      assert.match(answer.json.message, /callbacks/, callback);
    }
  });

  it("T22 a native application may use any port of a loopback address, and nothing else of it", async () => {
    const native = await world.application({
      app_type: "native",
      token_endpoint_auth_method: "none",
      callbacks: ["http://127.0.0.1/cb", "http://[::1]/cb"],
    });
    await world.api.enableClient(connection.id, native.id);
    for (const uri of ["http://127.0.0.1/cb", "http://127.0.0.1:51004/cb", "http://[::1]:8080/cb"]) {
      assert.equal((await attempt(uri, native)).status, 302, uri);
    }
    for (const uri of [
      "http://127.0.0.1:51004/other",
      "http://127.0.0.2:51004/cb",
      "http://localhost:51004/cb",
      "https://127.0.0.1:51004/cb",
      "http://127.0.0.1.evil.example:51004/cb",
      "http://127.0.0.1@evil.example/cb",
      "http://127.1:51004/cb",
      "http://2130706433:51004/cb",
      "http://0177.0.0.1:51004/cb",
      "http://[::ffff:127.0.0.1]:51004/cb",
    ]) {
      assertPage(await attempt(uri, native), uri);
    }
  });

  it("T22 a web application has no such freedom", async () => {
    const web = await world.application({ callbacks: ["http://127.0.0.1:8000/cb"] });
    await world.api.enableClient(connection.id, web.id);
    assertPage(await attempt("http://127.0.0.1:8001/cb", web), "another port");
  });

  it("T21 no path of ours sends a browser where its query says", async () => {
    const evil = ["https://evil.example/", "//evil.example", "/\\evil.example", "https:evil.example", "%2F%2Fevil.example"];
    for (const path of ["/", "/login", "/login/callback", "/authorize/resume", "/v2/logout", "/oidc/logout"]) {
      for (const target of evil) {
        for (const name of ["returnTo", "return_to", "redirect", "redirect_uri", "next", "post_logout_redirect_uri", "target_link_uri"]) {
          const answer = await world.server.send(`${path}?${name}=${encodeURIComponent(target)}`);
          const location = answer.headers.location ?? "";
          assert.ok(!/evil/.test(location), `${path}?${name}=${target} → ${location}`);
        }
      }
    }
  });

  it("without redirect_uri the only registered one serves; with two registered there is a page", async () => {
    assert.equal((await attempt(undefined)).status, 302);
    const two = await world.application({ callbacks: ["https://app.example/1", "https://app.example/2"] });
    await world.api.enableClient(connection.id, two.id);
    assertPage(await attempt(undefined, two), "which one");
  });
});
