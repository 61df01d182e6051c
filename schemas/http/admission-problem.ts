/** What whoever is not let in is told: the same codes in every table of the office's problems. */

/** Of browsers, and of those who have signed in. Codes are stable; titles may be reworded. */
export const SESSION_PROBLEMS = {
  SESSION_ENDED: { status: 401, title: "The session has ended" },
  CSRF: { status: 403, title: "The request does not come from a page of the console" },
  NOT_ALLOWED: { status: 403, title: "Your roles do not allow this" },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

/** KEY_…: each table has its own words for them. */
export type AdmissionProblemCode =
  | "KEY_MISSING"
  | "KEY_INVALID"
  | "KEY_REVOKED"
  | keyof typeof SESSION_PROBLEMS;
