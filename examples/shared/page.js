// The look that the demo's pages share: one small style sheet, nothing from elsewhere, light and dark.

const style = `
:root { color-scheme: light dark; --ink: #1c2330; --quiet: #667085; --paper: #f4f5f8; --card: #fff; --line: #dfe3ea; --accent: #3b5bdb; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e7eaf0; --quiet: #98a2b3; --paper: #12151b; --card: #1b2029; --line: #2c333f; --accent: #748ffc; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 2rem 1rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { width: min(34rem, 100%); background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 2rem; }
h1 { margin: 0 0 .25rem; font-size: 1.45rem; }
p { margin: .25rem 0 1.25rem; color: var(--quiet); }
form { margin: 0; }
a.button, button { font: inherit; cursor: pointer; }
a.button { display: block; margin: .5rem 0; padding: .7rem 1rem; border-radius: 9px; text-align: center; text-decoration: none; font-weight: 600; background: var(--accent); color: #fff; }
a.button.plain { background: none; color: inherit; border: 1px solid var(--line); font-weight: 500; }
button.person { display: flex; gap: .9rem; align-items: center; width: 100%; margin: .5rem 0; padding: .7rem .9rem; text-align: left; color: inherit; background: none; border: 1px solid var(--line); border-radius: 9px; }
button.person:hover, a.button.plain:hover { border-color: var(--accent); }
a:focus-visible, button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
button.quiet { width: 100%; margin-top: 1rem; padding: .5rem; color: var(--quiet); background: none; border: 0; text-decoration: underline; }
.face { flex: none; display: grid; place-items: center; width: 2.5rem; height: 2.5rem; border-radius: 50%; background: var(--accent); color: #fff; font-weight: 600; }
.person small { display: block; color: var(--quiet); }
table { width: 100%; border-collapse: collapse; margin: 1rem 0; font-size: .93rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .5rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
th { width: 9rem; font-weight: 500; color: var(--quiet); }
code, td { font-family: ui-monospace, monospace; }
.problem { border-left: 4px solid #e03131; padding-left: 1rem; }
footer { margin-top: 1.5rem; color: var(--quiet); font-size: .85rem; }
`;

const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text that stands in HTML as itself, whatever it contains. */
export const escape = (text) => String(text).replace(/[&<>"']/g, (letter) => entities[letter]);

/** A whole page; `body` is HTML. */
export const page = (title, body) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title><link rel="icon" href="data:,"><style>${style}</style>
<main>${body}</main></html>`;

/** What every page is sent with: no scripts, no frames, nothing from other sites, nothing kept. */
export const pageHeaders = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

export const initials = (name) => name.split(" ").map((word) => word[0]).join("").slice(0, 2);
