// Just enough HTML to do what a browser without JavaScript lets a person do: read a page and send its forms.

const entities = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", "#39": "'" };

export const decodeEntities = (text) =>
  text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name) => {
    if (/^#x/i.test(name)) return String.fromCodePoint(parseInt(name.slice(2), 16));
    if (name in entities) return entities[name];
    return name[0] === "#" ? String.fromCodePoint(Number(name.slice(1))) : whole;
  });

function attributes(tag) {
  const found = {};
  for (const [, name, quoted, single, bare] of tag.matchAll(/([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/g)) {
    found[name.toLowerCase()] = decodeEntities(quoted ?? single ?? bare ?? "");
  }
  return found;
}

/** Every form of the page: where it goes, what it carries, and the buttons that a person could choose between. */
export function forms(html, base) {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, opening, inside]) => {
    const form = attributes(opening);
    const inputs = [...inside.matchAll(/<input\b([^>]*)>/gi)].map(([, tag]) => attributes(tag));
    const buttons = [...inside.matchAll(/<button\b([^>]*)>/gi)].map(([, tag]) => attributes(tag));
    return {
      method: (form.method ?? "get").toUpperCase(),
      action: new URL(form.action ?? base, base).href,
      fields: inputs.filter(({ type, name }) => type === "hidden" && name).map(({ name, value = "" }) => [name, value]),
      choices: buttons.filter(({ name }) => name),
      asksForInput: inputs.some(({ type = "text" }) => !["hidden", "submit"].includes(type)),
    };
  });
}

/** The form that a page sends by itself (or at the press of its only button), if that is all the page is for. */
export function selfSubmittingForm(html, base) {
  const [form, ...others] = forms(html, base);
  const asks = !form || others.length > 0 || form.method !== "POST" || form.asksForInput || form.choices.length > 0;
  return asks ? undefined : form;
}

/** The short reference that a page about a failed login shows. */
export const reference = (html) => /<code id="reference">([^<]*)<\/code>/.exec(html)?.[1];
