// A demo identity provider: pick a person, no password.
import express from "express";
import { listen, required } from "../shared/environment.js";
import { escape, initials, page, pageHeaders } from "../shared/page.js";
import { loadKeys } from "./keys.js";
import { findPerson, people } from "./people.js";
import { createProvider } from "./provider.js";

const issuer = required("DEMO_IDP_URL");
const provider = createProvider({
  issuer,
  client: {
    client_id: required("DEMO_IDP_CLIENT_ID"),
    client_secret: required("DEMO_IDP_CLIENT_SECRET"),
    redirect_uris: [`${required("SYMBOLON_URL")}/login/callback`],
  },
  keys: loadKeys(required("DEMO_IDP_KEYS")),
});

const personButton = (person) => `
  <button class="person" name="person" value="${escape(person.sub)}">
    <span class="face" aria-hidden="true">${escape(initials(person.name))}</span>
    <span>${escape(person.name)}<small>${escape(person.email)} · ${escape(person.department)}</small></span>
  </button>`;

const app = express();
app.disable("x-powered-by");

app.get("/", (_request, response) => {
  response.set(pageHeaders).send(
    page(
      "Acme identity provider",
      `<h1>Acme identity provider</h1><p>A demo provider. Applications send people here through Symbolon.</p>
       <a class="button plain" href="/.well-known/openid-configuration">Discovery document</a>`,
    ),
  );
});

app.get("/people/:uid", async (request, response, next) => {
  try {
    const { params } = await provider.interactionDetails(request, response);
    const hinted = people.find((person) => person.email === params.login_hint);
    const offered = hinted ? [hinted, ...people.filter((person) => person !== hinted)] : people;
    response.set(pageHeaders).send(
      page(
        "Who are you?",
        `<h1>Who are you?</h1><p>Acme's demo identity provider knows these people and trusts you to be one of them.</p>
         <form method="post">${offered.map(personButton).join("")}
         <button class="quiet" name="person" value="">Cancel and go back</button></form>`,
      ),
    );
  } catch (error) {
    next(error);
  }
});

app.post("/people/:uid", express.urlencoded({ extended: false, limit: "4kb" }), async (request, response, next) => {
  try {
    const person = findPerson(request.body.person);
    const result = person
      ? { login: { accountId: person.sub, remember: true } }
      : { error: "access_denied", error_description: "The person went back" };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  } catch (error) {
    next(error);
  }
});

app.use((error, request, response, next) => {
  if (!request.path.startsWith("/people/")) return next(error);
  response
    .status(400)
    .set(pageHeaders)
    .send(page("Start again", "<h1>Start again</h1><p>This sign-in is over or began in another browser. Go back to the application.</p>"));
});
app.use(provider.callback());

listen(app, issuer);
