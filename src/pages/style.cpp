#include "pages/style.h"

namespace symbolon::pages {

std::string_view style_sheet() {
  return R"css(:root {
  --paper: #ffffff; --page: #f2f4f8; --ink: #16202e; --soft: #5a6675; --line: #ccd3dd;
  --brand: #2f54c9; --brand-ink: #ffffff; --link: #2f54c9; --focus: #1b6ef3; --bad: #a32020;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #1a2230; --page: #0f141d; --ink: #eef2f8; --soft: #aab6c6; --line: #3b4757;
    --brand: #7d9cff; --brand-ink: #0c1326; --link: #7d9cff; --focus: #9db7ff; --bad: #ff9b9b;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { font: 100%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
body {
  margin: 0; min-height: 100vh; padding: 1rem; display: grid; grid-template-columns: minmax(0, 1fr); place-items: center;
  background: var(--page); color: var(--ink);
}
main {
  width: 100%; max-width: 25rem; padding: 2rem; background: var(--paper);
  border: 1px solid var(--line); border-radius: 12px;
}
main.wide { max-width: 60rem; }
.logo { display: block; max-height: 3rem; max-width: 60%; margin: 0 auto 1.25rem; }
h1 { margin: 0 0 .5rem; font-size: 1.4rem; line-height: 1.25; text-align: center; overflow-wrap: anywhere; }
h2 { margin: 1.5rem 0 .5rem; font-size: 1.05rem; }
p { margin: .5rem 0; overflow-wrap: anywhere; }
.lead { text-align: center; color: var(--soft); }
.note { color: var(--soft); font-size: .9rem; }
.alert { border-left: 4px solid var(--bad); padding: .5rem .75rem; margin: 1rem 0; }
a { color: var(--link); }
label { display: block; margin: 1rem 0 .3rem; font-weight: 600; }
input[type="text"], input[type="email"] {
  width: 100%; padding: .7rem .8rem; font: inherit; color: inherit; background: var(--paper);
  border: 1px solid var(--soft); border-radius: 8px;
}
.button {
  display: flex; align-items: center; justify-content: center; gap: .6rem; width: 100%; min-height: 2.9rem;
  margin: .6rem 0; padding: .6rem 1rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none;
  color: var(--ink); background: var(--paper); border: 1px solid var(--soft); border-radius: 8px; cursor: pointer;
  overflow-wrap: anywhere;
}
/* The label takes what the icon leaves; a badge that finds no room goes below. */
.button:has(.icon) { flex-wrap: wrap; justify-content: flex-start; gap: .3rem .6rem; text-align: start; }
.icon + span { max-width: calc(100% - 20px - .6rem); text-wrap: balance; }
.button.primary { color: var(--brand-ink); background: var(--brand); border-color: var(--brand); }
.button:hover { border-color: var(--focus); text-decoration: underline; }
.icon { position: relative; width: 20px; height: 20px; flex: none; }
.icon svg, .icon img { position: absolute; inset: 0; width: 20px; height: 20px; object-fit: contain; }
/* A picture that cannot be had shows these instead, and only then. */
.icon img::before { content: ""; position: absolute; inset: 0; background: var(--paper); }
.icon img::after {
  content: ""; position: absolute; inset: 0; background: currentColor;
  -webkit-mask: url("/u/key.svg") center / contain no-repeat; mask: url("/u/key.svg") center / contain no-repeat;
}
.badge { flex: none; margin-inline-start: auto; white-space: nowrap; padding: .05rem .5rem; font-size: .8rem; font-weight: 600; border: 1px solid var(--soft); border-radius: 1rem; }
.problem { margin: .4rem 0 0; color: var(--bad); font-weight: 600; }
input[aria-invalid="true"] { border-color: var(--bad); }
.scopes { margin: .5rem 0 1rem; padding-left: 1.2rem; }
.scopes li { margin: .35rem 0; overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.divider { display: flex; align-items: center; gap: .8rem; margin: 1.2rem 0; color: var(--soft); }
.divider::before, .divider::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
ul.plain { list-style: none; margin: 1rem 0; padding: 0; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.reference { margin-top: 1.5rem; padding-top: 1rem; border-top: 1px solid var(--line); text-align: center; }
.reference #reference { font-size: 1.1rem; letter-spacing: .04em; user-select: all; }
.reference .note code { font-size: .8rem; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .5rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
/* Names of ours are short and stay whole; what comes from a provider may break anywhere. */
.facts th { width: 35%; overflow-wrap: normal; hyphens: auto; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: .8rem; background: var(--page); border-radius: 8px; }
.hidden { display: none; }
@media (forced-colors: active) { .icon img::after { forced-color-adjust: none; background: CanvasText; } }
@media (max-width: 30rem) { main { padding: 1.5rem 1.1rem; border: 0; } body { padding: 0; background: var(--paper); } }
@media (prefers-reduced-motion: no-preference) { .button { transition: border-color .12s; } }
)css";
}

std::string_view key_glyph() {
  return R"svg(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" fill="none" stroke="#000" stroke-width="1.6"><circle cx="7" cy="7" r="4"/><path d="M10 10l7 7M14 14l2-2"/></svg>)svg";
}

}  // namespace symbolon::pages
