/** What the cardholder's page asks of cards, reports and limits, on one database. */

import { Kysely, sql } from "kysely";
import type { Clock } from "../../../platform/clock/clock.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import type { CardStanding } from "../../../schemas/card-report.js";
import type { Credential } from "../../../schemas/fields.js";
import { cardOfSwipe, cardsOf } from "../card-reports/cards-of.js";
import { personKeysOf } from "../person-keys.js";
import type { AlertsTables } from "../tables.js";
import { type LossRequest, lossRequestsOf } from "./loss-requests.js";
import { type Limits, limitsOf, requestLimits } from "./request-limits.js";
import { requestLossReport } from "./request-loss.js";

/** No swipe says where the person is insured: then the national row of the policies holds. */
const REGION_UNKNOWN = "00";

export interface PageReport {
  readonly requestId: string;
  readonly personKey: string;
  readonly credential: Credential;
  /** The swipe whose card is meant; the whole credential where null, or where the swipe's card has no token. */
  readonly decisionId: string | null;
}

export class HolderChannel {
  private readonly tables: Kysely<AlertsTables>;

  constructor(
    database: Pick<OpenDatabase, "dialect">,
    private readonly clock: Clock,
  ) {
    this.tables = new Kysely<AlertsTables>({ dialect: database.dialect });
  }

  cardsOf(personKey: string, atMs: number): Promise<readonly CardStanding[]> {
    return cardsOf(this.tables, personKey, atMs);
  }

  /** @throws Error where the swipe is none of the person's. */
  async reportLoss({ requestId, personKey, credential, decisionId }: PageReport): Promise<LossRequest> {
    const swipe = decisionId === null ? null : await cardOfSwipe(this.tables, personKey, decisionId);
    if (decisionId !== null && swipe === null)
      throw new Error(`loss report ${requestId}: the person made no swipe ${decisionId}`);
    const region = (await this.insuredRegionOf(personKey)) ?? REGION_UNKNOWN;
    const reportedAtMs = this.clock.now();
    const card = swipe?.credential === credential ? swipe.card : null;
    await this.tables
      .transaction()
      .execute((trx) =>
        requestLossReport(trx, { requestId, personKey, credential, card, region, reportedAtMs }),
      );
    const requests = await lossRequestsOf(this.tables, personKey);
    return requests.find((request) => request.requestId === requestId)!;
  }

  lossRequestsOf(personKey: string): Promise<readonly LossRequest[]> {
    return lossRequestsOf(this.tables, personKey);
  }

  limitsOf(personKey: string): Promise<Limits> {
    return limitsOf(this.tables, personKey);
  }

  async setLimits({
    requestId,
    personKey,
    limits,
  }: {
    readonly requestId: string;
    readonly personKey: string;
    readonly limits: Limits;
  }): Promise<void> {
    const requestedAtMs = this.clock.now();
    await this.tables
      .transaction()
      .execute((trx) => requestLimits(trx, { requestId, personKey, limits, requestedAtMs }));
  }

  /** As the latest swipe says. */
  private async insuredRegionOf(personKey: string): Promise<string | null> {
    const keys = await personKeysOf(this.tables, personKey);
    const row = await this.tables
      .selectFrom("judged_swipes")
      .select("insured_region")
      .where("person_key", "=", sql<string>`any(${keys}::text[])`)
      .where("insured_region", "is not", null)
      .orderBy("occurred_at", "desc")
      .limit(1)
      .executeTakeFirst();
    return row?.insured_region ?? null;
  }
}
