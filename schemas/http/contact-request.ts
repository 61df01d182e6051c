/** `PUT /v1/contacts`: how to reach a person. Replaces what was known. */
import * as z from "zod";
import { contact } from "../contact.js";
import { identifier } from "../fields.js";

export const contactRequest = z.object({ personId: identifier, ...contact.shape });

export type ContactRequest = z.infer<typeof contactRequest>;
