/** What a form sent: read, and known to be from one of our own pages. */

import { randomBytes } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { CitizenParts } from "../citizen-parts.js";
import { isSame } from "../door/door-hash.js";
import type { Session } from "../door/sessions.js";
import type { FormKeys } from "../pages/frame.js";

const FORM_ID_BYTES = 16;
const FORM_ID_PATTERN = /^[A-Za-z0-9_-]{22}$/;

/** Keys of the forms of one page. @param token of the visit or session. */
export function formKeys({ hash }: CitizenParts, token: string): FormKeys {
  return { csrf: hash.of("form", token), formId: randomBytes(FORM_ID_BYTES).toString("base64url") };
}

export function bodyOf(request: FastifyRequest): URLSearchParams {
  return request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
}

/** Was it sent from a page of ours to whom the token belongs? */
export function isOurs(
  { hash, origin }: CitizenParts,
  request: FastifyRequest,
  token: string | null,
  body: URLSearchParams,
): boolean {
  return (
    isOwnOrigin(origin, request) &&
    token !== null &&
    FORM_ID_PATTERN.test(body.get("formId") ?? "") &&
    isSame(body.get("csrf") ?? "", hash.of("form", token))
  );
}

/** Browsers name where a form comes from; what names nothing (an old browser) has the token alone. */
export function isOwnOrigin(origin: string | null, request: FastifyRequest): boolean {
  const from = request.headers.origin;
  if (from === undefined) return true;
  return from === (origin ?? `http://${request.headers.host ?? ""}`);
}

/** Idempotency key of a change: of this person, this address and this form as it was shown. */
export function requestIdOf(
  { hash }: CitizenParts,
  session: Session,
  request: FastifyRequest,
  body: URLSearchParams,
): string {
  const path = request.url.split("?", 1)[0]!;
  return hash.of("request", `${session.personKey}\n${path}\n${body.get("formId") ?? ""}`);
}

const OWN_PLACES =
  /^\/(case|cards|swipes|limits|loss|appeals)(\/[A-Za-z0-9._~%-]{1,200}){0,4}(\?[A-Za-z0-9=&%_.~-]{0,300})?$/;

/** An address of these pages to go on to; empty where it is none. */
export function ownPlace(text: string | null): string {
  return text !== null && OWN_PLACES.test(text) && !text.includes("..") ? text : "";
}
