/** Who pays a swipe, and what that does to the person's balance. */
import type { Payment, SwipeIntent } from "./intents.js";
import type { Person } from "./person.js";

const NOTHING_PAID: Payment = { totalFen: 0, accountFen: 0, fundFen: 0, cashFen: 0, sharedAccountFen: 0 };

/** Works out who pays and moves the balance: settles take, cancels give back, the rest only shows. */
export function pay(person: Person, intent: SwipeIntent): Payment {
  switch (intent.kind) {
    case "pin-check":
    case "query":
      return NOTHING_PAID;
    case "cancel":
    case "reverse": {
      const payment = intent.original?.done?.payment ?? NOTHING_PAID;
      person.balanceFen += payment.accountFen;
      return payment;
    }
    case "authorize":
      return paymentOf(person, intent);
    case "settle": {
      const payment = paymentOf(person, intent);
      person.balanceFen -= payment.accountFen;
      return payment;
    }
  }
}

function paymentOf(person: Person, intent: SwipeIntent): Payment {
  const totalFen = totalOf(person, intent);
  const fundFen = Math.floor(totalFen * (intent.fundShare ?? 0));
  const ownFen = totalFen - fundFen;
  const shared = intent.paidFromSharedAccount === true;
  const accountFen = shared ? 0 : Math.min(ownFen, person.balanceFen);
  const sharedAccountFen = shared ? ownFen : 0;
  return { totalFen, accountFen, fundFen, cashFen: ownFen - accountFen - sharedAccountFen, sharedAccountFen };
}

function totalOf(person: Person, intent: SwipeIntent): number {
  const { amount } = intent;
  if (typeof amount === "number") return amount;
  amount.purse.openingFen ??= person.balanceFen;
  return Math.max(100, Math.round(amount.purse.openingFen * amount.share));
}
