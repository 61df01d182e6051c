/** Ways in which a message is not as its producer writes it: some leave it right, most do not. */

type Random = () => number;
type Entries = (readonly [string, unknown])[];

/** Pieces that are put into a text. */
const PIECES = [
  ...'"\\{}[]:,.-+0eE 9x\n\t\u0000\u007f',
  '"}',
  '{"',
  "1e3",
  "\\u0041",
  "\\n",
  "null",
  "true",
  "中",
  "é",
  "𝄞",
  "00",
  "-0",
  ".5",
];
/** Numbers as JSON may write them, and as it may not. */
const NUMBERS = [
  "0",
  "-0",
  "1e2",
  "1E+2",
  "-1",
  "1.50",
  "01",
  "1.",
  ".1",
  "180",
  "-180.0",
  "180.0000001",
  "90.000000000000000001",
  "123456789012345",
  "1234567890123456",
  "9007199254740993",
  "0.000000000000001",
  "0.1234567890123456",
  "1e400",
];

/** A message of these fields: mostly as they are, often mutilated. */
export function mutilated(fields: object, random: Random): Buffer {
  const sort = random();
  if (sort < 0.15) return Buffer.from(JSON.stringify(fields));
  const text = sort < 0.5 ? JSON.stringify(ofKeys(Object.entries(fields), random)) : JSON.stringify(fields);
  const changed = sort < 0.65 ? numbersChanged(text, random) : sort < 0.9 ? edited(text, random) : text;
  return sort < 0.75 ? Buffer.from(changed) : flipped(Buffer.from(changed), random);
}

/** Keys in another order, left out or new ones. One that comes twice is made of the text (`edited`). */
function ofKeys(entries: Entries, random: Random): object {
  const kept = random() < 0.2 ? entries.filter(() => random() > 0.05) : [...entries];
  if (random() < 0.7)
    for (let i = kept.length - 1; i > 0; i--) {
      const j = below(i + 1, random);
      [kept[i], kept[j]] = [kept[j]!, kept[i]!];
    }
  if (random() < 0.1)
    kept.splice(below(kept.length + 1, random), 0, [random() < 0.5 ? "extra" : "devNos", 1]);
  return Object.fromEntries(kept);
}

function numbersChanged(text: string, random: Random): string {
  const places = [...text.matchAll(/:(-?[\d.]+)/g)];
  if (places.length === 0) return text;
  const place = places[below(places.length, random)]!;
  const at = place.index + 1;
  const number = random() < 0.5 ? pick(NUMBERS, random) : String((random() - 0.5) * 10 ** below(20, random));
  return text.slice(0, at) + number + text.slice(at + place[1]!.length);
}

function edited(text: string, random: Random): string {
  let result = text;
  for (let edits = 1 + below(2, random); edits > 0; edits--) {
    const at = below(result.length + 1, random);
    const way = random();
    if (way < 0.6) result = result.slice(0, at) + pick(PIECES, random) + result.slice(at + below(3, random));
    else if (way < 0.75) result = spaced(result, random);
    else if (way < 0.9) result = entryAgain(result, random);
    else result = result.slice(0, at) + (random() < 0.5 ? "}" : "");
  }
  return result;
}

/** White space, which JSON allows around every token. */
function spaced(text: string, random: Random): string {
  const space = pick([" ", "\n", "\t", "\r\n  "], random);
  return text.replaceAll(pick([",", ":", '"', "{", "}"], random), (token) =>
    random() < 0.3 ? token + space : random() < 0.1 ? space + token : token,
  );
}

/** An entry stands a second time, or is cut out together with a comma. */
function entryAgain(text: string, random: Random): string {
  const entries = text.slice(1, -1).split(",");
  const index = below(entries.length, random);
  const more = random() < 0.5 ? [entries[index]!, entries[index]!] : [];
  return `{${[...entries.slice(0, index), ...more, ...entries.slice(index + 1)].join(",")}}`;
}

function flipped(bytes: Buffer, random: Random): Buffer {
  for (let flips = 1 + below(3, random); flips > 0; flips--) {
    const at = below(bytes.length, random);
    bytes[at] = random() < 0.5 ? bytes[at]! ^ (1 << below(8, random)) : below(256, random);
  }
  return bytes;
}

function below(end: number, random: Random): number {
  return Math.floor(random() * end);
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  return items[below(items.length, random)]!;
}
