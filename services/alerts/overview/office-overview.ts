/** What the page "today" is told of people's work; the console's ports are met by their shape. */

import { Kysely } from "kysely";
import type { Clock } from "../../../platform/clock/clock.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import type { Scope } from "../../../schemas/console/access.js";
import type { AppealFigures } from "../../../schemas/http/analytics.js";
import type { DeliveryFigures, Need, NeedKind } from "../../../schemas/http/overview.js";
import type { DeadlineTerms } from "../appeals/appeal-deadlines.js";
import { assertNever } from "../assert-never.js";
import { type AppealFiguresAsked, appealFigures } from "./appeal-figures.js";
import { type DeliveryAsked, deliveryFigures } from "./delivery.js";
import { overdueCases } from "./overdue-cases.js";
import type { OverviewTables } from "./overview-tables.js";
import { appealsSoonDue, missedAppeals } from "./waiting-appeals.js";
import { type Looking, waitingCalls, waitingProposals, waitingUnmaskings } from "./waiting-cases.js";
import { waitingDrafts } from "./waiting-drafts.js";
import type { Waiting } from "./waiting-list.js";

export interface OfficeOverviewOptions {
  readonly database: Pick<OpenDatabase, "dialect">;
  readonly terms: DeadlineTerms;
  readonly clock: Clock;
}

export interface NeedsAsked {
  readonly name: string;
  readonly scope: Scope;
  readonly kinds: readonly NeedKind[];
}

export class OfficeOverview {
  private readonly tables: Kysely<OverviewTables>;

  constructor(private readonly options: OfficeOverviewOptions) {
    this.tables = new Kysely<OverviewTables>({ dialect: options.database.dialect });
  }

  /** In the order asked; only kinds of which there are some. */
  async needs({ name, scope, kinds }: NeedsAsked): Promise<readonly Need[]> {
    const { tables } = this;
    const nowMs = this.options.clock.now();
    const looking: Looking = { tables, name, scope, nowMs };
    const found = await Promise.all(kinds.map((kind) => waitingOf(kind, looking, this.options.terms)));
    return found.flatMap(({ items, count }, at) =>
      count === 0 ? [] : [{ kind: kinds[at]!, count, items: [...items] }],
    );
  }

  delivery(asked: DeliveryAsked): Promise<Omit<DeliveryFigures, "rules">> {
    return deliveryFigures(this.tables, asked);
  }

  appealFigures(asked: AppealFiguresAsked): Promise<AppealFigures> {
    return appealFigures(this.tables, asked);
  }
}

function waitingOf(kind: NeedKind, looking: Looking, terms: DeadlineTerms): Promise<Waiting> {
  switch (kind) {
    case "deadline-missed":
      return missedAppeals(looking, terms);
    case "appeal-due":
      return appealsSoonDue(looking, terms);
    case "case-overdue":
      return overdueCases(looking);
    case "phone-call":
      return waitingCalls(looking);
    case "proposal":
      return waitingProposals(looking);
    case "unmasking":
      return waitingUnmaskings(looking);
    case "rules-draft":
      return waitingDrafts(looking);
    default:
      return assertNever(kind);
  }
}
