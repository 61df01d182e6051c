/** A story: one person's card, told as what a settlement network sends, in order. For demos; outcomes are tested with it. */

import type { Contact } from "../../schemas/contact.js";
import type { Institution } from "../../schemas/institution.js";

/** As a settlement network sends it. */
export type StoryRecord = Readonly<Record<string, unknown>>;

export interface Story {
  readonly name: string;
  /** What happened, in a sentence or two. */
  readonly about: string;
  readonly personId: string;
  readonly contact: Contact;
  readonly institutions: readonly Institution[];
  /** Raw records. */
  readonly records: readonly StoryRecord[];
}

/** One that goes on with what its holder does. */
export interface LivedStory extends Story {
  /** Whoever has the card tries it again. */
  readonly triedAgain: (atMs: number) => StoryRecord;
}
