/** Two streams, newest first, as one: the journal by its own opaque pages, what was done by its place. Pure. */

import * as z from "zod";

/** How far a stream was told. */
export interface MergePlace {
  /**
   * `after` of the journal's page (null: the first) and the entry of it that was told last (null: none yet); "end": there is
   * no more.
   */
  readonly journal: { readonly after: string | null; readonly told: string | null } | "end";
  /** The entry that was told last; null: none yet. */
  readonly work: { readonly at: string; readonly id: string } | null | "end";
}

export const BEGINNING: MergePlace = { journal: { after: null, told: null }, work: null };

const placeShape = z.strictObject({
  journal: z.union([
    z.literal("end"),
    z.strictObject({ after: z.string().nullable(), told: z.string().nullable() }),
  ]),
  work: z.union([
    z.literal("end"),
    z.null(),
    z.strictObject({ at: z.iso.datetime({ offset: true }), id: z.string() }),
  ]),
});

export function placeText(place: MergePlace): string | null {
  if (place.journal === "end" && place.work === "end") return null;
  return Buffer.from(JSON.stringify(place), "utf8").toString("base64url");
}

/** @returns null where the text is no place. */
export function placeOf(text: string): MergePlace | null {
  try {
    const parsed = placeShape.safeParse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

interface JournalEntry {
  readonly at: string;
  /** In the journal. */
  readonly position: string;
}
interface WorkEntry {
  readonly at: string;
  readonly id: string;
}

export interface MergeInput<J extends JournalEntry, W extends WorkEntry> {
  readonly place: MergePlace;
  /** The journal's page at the place, whole; null where that stream has ended or is not asked. */
  readonly journal: { readonly entries: readonly J[]; readonly after: string | null } | null;
  /** Which of the journal's entries are told. */
  readonly isTold: (entry: J) => boolean;
  /** Behind the place; `hasMore`: there are further ones. */
  readonly work: { readonly entries: readonly W[]; readonly hasMore: boolean };
  readonly limit: number;
}

/** Stops where a stream's next entry is not known yet: no entry is told before a newer one. */
export function mergePage<J extends JournalEntry, W extends WorkEntry>(
  input: MergeInput<J, W>,
): { readonly entries: readonly (J | W)[]; readonly place: MergePlace } {
  const { place, work, limit, isTold } = input;
  const journal = restOf(input);
  const told: (J | W)[] = [];
  let [j, w] = [0, 0];
  while (told.length < limit) {
    const [nextJ, nextW] = [journal.entries[j], work.entries[w]];
    if (nextJ === undefined && journal.after !== null) break;
    if (nextW === undefined && work.hasMore) break;
    if (nextJ !== undefined && (nextW === undefined || Date.parse(nextJ.at) >= Date.parse(nextW.at))) {
      if (isTold(nextJ)) told.push(nextJ);
      j++;
    } else if (nextW !== undefined) {
      told.push(nextW);
      w++;
    } else break;
  }
  return {
    entries: told,
    place: { journal: journalPlace(place, journal, j), work: workPlace(place, work, w) },
  };
}

interface Rest<J> {
  readonly entries: readonly J[];
  readonly after: string | null;
}

/** What is new of the journal's page. One that was told and is not there any more (more came before it): the whole page. */
function restOf<J extends JournalEntry, W extends WorkEntry>({ place, journal }: MergeInput<J, W>): Rest<J> {
  if (journal === null || place.journal === "end") return { entries: [], after: null };
  const { told } = place.journal;
  const at = told === null ? -1 : journal.entries.findIndex(({ position }) => position === told);
  return { entries: journal.entries.slice(at + 1), after: journal.after };
}

function journalPlace<J extends JournalEntry>(
  place: MergePlace,
  { entries, after }: Rest<J>,
  told: number,
): MergePlace["journal"] {
  if (place.journal === "end") return "end";
  if (told === entries.length) return after === null ? "end" : { after, told: null };
  return { after: place.journal.after, told: entries[told - 1]?.position ?? place.journal.told };
}

function workPlace<W extends WorkEntry>(
  place: MergePlace,
  { entries, hasMore }: MergeInput<never, W>["work"],
  told: number,
): MergePlace["work"] {
  if (place.work === "end" || (told === entries.length && !hasMore)) return "end";
  const last = entries[told - 1];
  return last === undefined ? place.work : { at: last.at, id: last.id };
}
