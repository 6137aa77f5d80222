// A demo application: an unchanged OpenID Connect client that knows Symbolon and nothing behind it.
import { readFileSync } from "node:fs";
import express from "express";
import auth from "express-openid-connect";
import { listen, required } from "../shared/environment.js";
import { escape, page, pageHeaders } from "../shared/page.js";

const url = required("DEMO_APP_URL");
const client = JSON.parse(readFileSync(required("DEMO_APP_CLIENT"), "utf8"));

const app = express();
app.disable("x-powered-by");
app.use(
  auth.auth({
    issuerBaseURL: required("SYMBOLON_URL"),
    baseURL: url,
    clientID: client.client_id,
    clientSecret: client.client_secret,
    secret: required("DEMO_APP_SESSION_SECRET"),
    authRequired: false,
    authorizationParams: { response_type: "code", scope: "openid profile email" },
    idTokenSigningAlg: "RS256",
    routes: { login: false },
  }),
);

const ways = {
  back: { connection: "demo-back" },
  front: { connection: "demo-front" },
  again: { connection: "demo-back", prompt: "login" },
};

app.get("/login", (request, response) => {
  const way = ways[request.query.way] ?? ways.back;
  return response.oidc.login({ returnTo: "/", authorizationParams: way });
});

const row = ([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(shown(name, value))}</td></tr>`;

function shown(name, value) {
  if (["iat", "exp", "auth_time", "updated_at"].includes(name) && Number.isInteger(value)) {
    return `${value}  (${new Date(value * 1000).toISOString()})`;
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

const signedOut = `<h1>Demo application</h1>
  <p>It speaks OpenID Connect with Symbolon, which signs you in through Acme's identity provider.</p>
  <a class="button" href="/login?way=back">Sign in</a>
  <a class="button plain" href="/login?way=front">Sign in through the front channel</a>
  <footer>The first way fetches a code between servers (back channel); the second receives the ID token through the browser.</footer>`;

const signedIn = (claims) => `<h1>Hello, ${escape(claims.name ?? claims.sub)}</h1>
  <p>These are the claims of the ID token that Symbolon issued.</p>
  <table>${Object.entries(claims).filter(([, value]) => value !== undefined).map(row).join("")}</table>
  <a class="button" href="/logout">Sign out of this application</a>
  <a class="button plain" href="/login?way=again">Prove it again (prompt=login)</a>
  <footer>Signing out ends the session here. Symbolon still knows the browser: signing in again needs no trip to the provider.</footer>`;

app.get("/", (request, response) => {
  const body = request.oidc.isAuthenticated() ? signedIn(request.oidc.idTokenClaims) : signedOut;
  response.set(pageHeaders).send(page("Demo application", body));
});

// Express recognises an error handler by its four parameters.
app.use((error, _request, response, _next) => {
  const reason = error.error_description ?? error.message;
  response
    .status(error.status ?? error.statusCode ?? 500)
    .set(pageHeaders)
    .send(
      page(
        "Sign-in failed",
        `<div class="problem"><h1>Sign-in failed</h1><p>${escape(reason)}</p></div><a class="button" href="/">Back</a>`,
      ),
    );
});

listen(app, url);
