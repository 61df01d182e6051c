/**
 * HTML as a value. What is filled into a template is text and is escaped; only what is `Html` already goes in as it is.
 *
 * 1. Nothing makes `Html` of a string but a template's own literal parts: text from outside cannot become markup.
 */

export class Html {
  /** Only `html` makes them. */
  constructor(readonly text: string) {}
}

export type Filling = Html | string | number | null | false | readonly Filling[];

/** Attributes are always written in double quotes. null and false fill nothing. */
export function html(parts: TemplateStringsArray, ...fillings: readonly Filling[]): Html {
  let text = parts[0]!;
  fillings.forEach((filling, i) => {
    text += textOf(filling) + parts[i + 1]!;
  });
  return new Html(text);
}

function textOf(filling: Filling): string {
  if (filling === null || filling === false) return "";
  if (filling instanceof Html) return filling.text;
  if (typeof filling === "number") return String(filling);
  return typeof filling === "string" ? escaped(filling) : filling.map(textOf).join("");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ESCAPES[sign]!);
}
