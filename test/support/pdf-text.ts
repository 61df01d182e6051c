/**
 * Text of a PDF whose streams are not compressed, read by the PDF specification (ISO 32000-1, 9.10.3): the strings that
 * pages show, through the ToUnicode map of the font each is set in. Independent of whatever wrote it.
 */

/** Page by page: the strings in the order in which they are shown. */
export function pdfPages(bytes: Buffer): readonly (readonly string[])[] {
  const objects = objectsOf(bytes.toString("latin1"));
  const fonts = new Map<string, Map<string, string>>();
  const pages: string[][] = [];
  for (const body of objects.values()) {
    if (!/\/Type \/Page\b(?!s)/.test(body)) continue;
    const resources = resolved(objects, /\/Resources (\d+) 0 R/, body) ?? body;
    for (const [, name, id] of resources.matchAll(/\/(F\d+) (\d+) 0 R/g))
      fonts.set(name!, fonts.get(name!) ?? unicodeMap(objects, objects.get(id!)!));
    pages.push(shown(resolved(objects, /\/Contents (\d+) 0 R/, body)!, fonts));
  }
  return pages;
}

function objectsOf(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)].map(([, id, body]) => [id!, body!]),
  );
}

function resolved(objects: ReadonlyMap<string, string>, pattern: RegExp, body: string): string | undefined {
  const id = pattern.exec(body)?.[1];
  return id === undefined ? undefined : objects.get(id);
}

function unicodeMap(objects: ReadonlyMap<string, string>, font: string): Map<string, string> {
  const map = new Map<string, string>();
  const cmap = resolved(objects, /\/ToUnicode (\d+) 0 R/, font)!;
  for (const [, start, , list] of cmap.matchAll(/<([0-9a-f]{4})> <([0-9a-f]{4})> \[([^\]]*)\]/gi)) {
    let code = Number.parseInt(start!, 16);
    for (const [, hex] of list!.matchAll(/<([0-9a-f]+)>/gi))
      map.set((code++).toString(16).padStart(4, "0"), Buffer.from(hex!, "hex").swap16().toString("utf16le"));
  }
  return map;
}

function shown(content: string, fonts: ReadonlyMap<string, ReadonlyMap<string, string>>): string[] {
  const texts: string[] = [];
  for (const [, name, strings] of content.matchAll(/\/(F\d+) [\d.]+ Tf[\s\S]*?\[([^\]]*)\] TJ/g)) {
    const codes = [...strings!.matchAll(/<([0-9a-f]+)>/gi)].flatMap(([, hex]) => hex!.match(/.{4}/g)!);
    texts.push(codes.map((code) => fonts.get(name!)!.get(code) ?? "?").join(""));
  }
  return texts;
}
