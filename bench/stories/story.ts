/** A story: one person's card, told as what a settlement network sends, in order. For demos; outcomes are tested with it. */

import type { Contact } from "../../schemas/contact.js";
import type { Institution } from "../../schemas/institution.js";

export interface Story {
  readonly name: string;
  /** What happened, in a sentence or two. */
  readonly about: string;
  readonly personId: string;
  readonly contact: Contact;
  readonly institutions: readonly Institution[];
  /** Raw records. */
  readonly records: readonly Readonly<Record<string, unknown>>[];
}
