/** What an honest person shows at a terminal. */
import type { Credential } from "../../schemas/fields.js";
import { cardInHand, type Person } from "./person.js";
import type { County } from "./places.js";

/** The card if it is in hand and its PIN not locked; a temporary card at home; else the e-credential. */
export function credentialFor(
  person: Person,
  wish: { atMs: number; place: County; byRelative?: boolean },
): { credential: Credential; cardNumber?: string } {
  const { atMs, place, byRelative } = wish;
  if (byRelative) return { credential: "e-credential" };
  const cardNumber = cardInHand(person, atMs);
  const temporary = person.plan.temporaryCard;
  if (cardNumber === undefined) {
    const usable = temporary !== undefined && atMs >= temporary.fromMs && atMs < temporary.toMs;
    return usable && place.city === person.home.city
      ? { credential: "temporary-card", cardNumber: temporary.number }
      : { credential: "e-credential" };
  }
  if (atMs < person.pinLockedUntilMs || person.random.chance(person.eCredentialShare)) {
    return { credential: "e-credential" };
  }
  return { credential: "card", cardNumber };
}
