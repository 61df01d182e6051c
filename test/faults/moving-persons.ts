/**
 * Persons whose card was reported lost and who then move from number to number, while faults happen.
 *
 * Owns: what they sent, under which numbers each of it may be judged. Does not own: the gateway, the faults.
 *
 * 1. Who is orderly sends one message after the other, the link before what follows it: its bodies are those of a replay.
 *    Who is hurried sends while the link is under way: the same card is refused under whichever number it is judged.
 * 2. A message is sent again, the same, until the judge itself has answered it.
 */

import { setTimeout as wait } from "node:timers/promises";
import { contactRequestOf } from "../../cli/demo/contacts.js";
import type { HttpRequest } from "../../platform/http-client/http-client.js";
import { type Answer, answer } from "../../schemas/http/authorization.js";
import { at, HOUR_MS, MINUTE_MS, rawStatus, rawSwipe } from "../support/records.js";
import type { CityFeedLine } from "./city-lines.js";

const AGAIN_MS = 50;
/** Several starts of processes and sessions that run out. */
const PATIENCE_MS = 120_000;
/** Back in time, so that no line lies in the future however many there are. */
const BEGAN_MS = Date.now() - 24 * HOUR_MS;

export interface MovedSwipe extends CityFeedLine {
  readonly person: MovingPerson;
  /** Numbers under which it may be judged. */
  readonly numbers: readonly string[];
  /** Is the card reported lost by then? */
  readonly isLost: boolean;
}

export interface MovingPerson {
  readonly index: number;
  readonly isOrderly: boolean;
  /** How many links there were. */
  moves: number;
  /** Raw lines in the order in which they were sent. */
  readonly lines: string[];
}

interface Gateway {
  send(request: HttpRequest): Promise<{ readonly status: number; readonly body: Buffer }>;
}

export class MovingPersons {
  readonly persons: readonly MovingPerson[];
  readonly swipes: MovedSwipe[] = [];
  /** Former number, number. */
  readonly links: (readonly [string, string])[] = [];
  private events = 0;

  constructor(
    private readonly gateway: Gateway,
    count: number,
    /** Told of each swipe before it is sent. */
    private readonly onSwipe: (swipe: MovedSwipe) => void,
  ) {
    this.persons = Array.from({ length: count }, (_, index) => ({
      index,
      isOrderly: index % 2 === 0,
      moves: 0,
      lines: [],
    }));
  }

  /** Each swipes, reports the card lost under the first number, and is refused. */
  begin(): Promise<unknown> {
    return this.everybody(async (person) => {
      const personId = numberOf(person);
      await this.taken(
        contactRequestOf({ personId, phone: "15400000000", name: "司徒璟雯", idNumberLast4: "0000" }),
        204,
      );
      await this.swipe(person, personId, { isLost: false });
      await this.record("/v1/card-status", person, (fields) =>
        rawStatus({ ...fields, personId, cardNumber: cardOf(person), region: "330100" }),
      );
      await this.swipe(person, personId);
    });
  }

  /** Each gets its next number and swipes under old ones and the new one. `onLinked` is called after the first link. */
  move(onLinked: () => void = () => {}): Promise<unknown> {
    return this.everybody(async (person) => {
      const [first, former, number] = [
        numberOf(person, 0),
        numberOf(person),
        numberOf(person, person.moves + 1),
      ];
      const link = () =>
        this.record("/v1/person-links", person, (fields) => ({
          ...fields,
          type: "person-link",
          personId: number,
          formerPersonId: former,
        })).then(onLinked);
      if (person.isOrderly) await link();
      else {
        const numbers = [former, number];
        await Promise.all([
          this.swipe(person, former, { numbers }),
          link(),
          this.swipe(person, former, { numbers }),
          this.swipe(person, first, { numbers }),
        ]);
      }
      person.moves++;
      this.links.push([former, number]);
      // Answered by the judge of the new number: so the state is there.
      await this.swipe(person, first);
      await this.swipe(person, former);
      await this.swipe(person, number);
    });
  }

  /** Everybody once more, under every number there is. */
  swipeAll(): Promise<unknown> {
    return this.everybody(async (person) => {
      for (let move = 0; move <= person.moves; move++) await this.swipe(person, numberOf(person, move));
    });
  }

  private async everybody(step: (person: MovingPerson) => Promise<unknown>): Promise<void> {
    await Promise.all(this.persons.map(step));
  }

  private async swipe(
    person: MovingPerson,
    personId: string,
    expected: { readonly numbers?: readonly string[]; readonly isLost?: boolean } = {},
  ): Promise<void> {
    const { numbers = [numberOf(person)], isLost = true } = expected;
    const { eventId, json } = this.line(person, (fields) =>
      rawSwipe({ ...fields, personId, cardNumber: cardOf(person) }),
    );
    const line = { type: "swipe", personId, eventId, json, wantsAnswer: true, way: "apart" } as const;
    const swipe: MovedSwipe = { ...line, person, numbers, isLost };
    this.onSwipe(swipe);
    this.swipes.push(swipe);
    const { action } = await this.answered(json);
    if ((action === "reject") !== isLost)
      throw new Error(`${eventId} under ${personId}, which is ${numbers.join(" or ")}: ${action}`);
  }

  private async record(path: string, person: MovingPerson, raw: (fields: Fields) => object): Promise<void> {
    await this.taken({ method: "POST", path, body: this.line(person, raw).json }, 202);
  }

  private line(person: MovingPerson, raw: (fields: Fields) => object) {
    const time = at(BEGAN_MS + person.lines.length * MINUTE_MS);
    const eventId = `moving-${person.index}-${this.events++}`;
    const json = JSON.stringify(raw({ eventId, occurredAt: time, receivedAt: time }));
    person.lines.push(json);
    return { eventId, json };
  }

  private async answered(body: string): Promise<Answer> {
    const request: HttpRequest = { method: "POST", path: "/v1/authorizations", body };
    return this.again(request, (status, told) => {
      if (status !== 200) return null;
      const parsed = answer.parse(JSON.parse(told.toString()));
      return parsed.standIn ? null : parsed;
    });
  }

  private async taken(request: HttpRequest, wanted: number): Promise<void> {
    await this.again(request, (status) => (status === wanted ? true : null));
  }

  private async again<T>(
    request: HttpRequest,
    result: (status: number, body: Buffer) => T | null,
  ): Promise<T> {
    for (const endMs = performance.now() + PATIENCE_MS; ; await wait(AGAIN_MS)) {
      const got = await this.gateway.send(request).catch(() => null);
      const isRefused = got !== null && got.status >= 400 && got.status < 500 && got.status !== 429;
      if (isRefused) throw new Error(`${request.path}: ${got.status} ${got.body.toString()}`);
      const done = got === null ? null : result(got.status, got.body);
      if (done !== null) return done;
      if (performance.now() > endMs)
        throw new Error(`${request.path}: no judge's answer within ${PATIENCE_MS} ms: ${request.body}`);
    }
  }
}

interface Fields {
  readonly eventId: string;
  readonly occurredAt: string;
  readonly receivedAt: string;
}

/** The newest number where no move is named. */
export function numberOf({ index, moves }: MovingPerson, move = moves): string {
  return `moving-${index}-number-${move}`;
}

function cardOf({ index }: MovingPerson): string {
  return `moving-${index}-card`;
}
