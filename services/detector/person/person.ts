/** A person: the record and a view of each of its sections. One object is pointed at one person after another. */

import { Cards } from "./cards.js";
import { CardEvents } from "./events.js";
import { Facts, Filings } from "./facts.js";
import { KeptSwipes } from "./kept-swipes.js";
import { Section } from "./layout.js";
import { LearntCities } from "./learnt-cities.js";
import { Links } from "./links.js";
import { Feedback, LossAppends, Passes, Refunds } from "./moments.js";
import type { PersonRecord } from "./person-record.js";
import { Pins } from "./pins.js";
import { OtherSwipes, SeenRecords } from "./seen-records.js";
import { Traces } from "./traces.js";

export class Person {
  readonly cards: Cards;
  readonly events: CardEvents;
  readonly pins: Pins;
  readonly seen: SeenRecords;
  readonly lossAppends: LossAppends;
  readonly facts: Facts;
  readonly links: Links;
  readonly filings: Filings;
  readonly cities: LearntCities;
  readonly traces: Traces;
  readonly feedback: Feedback;
  readonly passes: Passes;
  readonly refunds: Refunds;
  readonly others: OtherSwipes;
  readonly authorizes: KeptSwipes;
  readonly settles: KeptSwipes;

  constructor(readonly record: PersonRecord) {
    this.cards = new Cards(record);
    this.events = new CardEvents(record);
    this.pins = new Pins(record);
    this.seen = new SeenRecords(record);
    this.lossAppends = new LossAppends(record);
    this.facts = new Facts(record);
    this.links = new Links(record, this.facts);
    this.filings = new Filings(record);
    this.cities = new LearntCities(record);
    this.traces = new Traces(record);
    this.feedback = new Feedback(record);
    this.passes = new Passes(record);
    this.refunds = new Refunds(record);
    this.others = new OtherSwipes(record);
    this.authorizes = new KeptSwipes(record, Section.AUTHORIZES);
    this.settles = new KeptSwipes(record, Section.SETTLES);
  }
}
