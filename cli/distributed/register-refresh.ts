/**
 * Registers that other processes change too, read again every few seconds: a key that was revoked elsewhere is refused
 * here soon after, and after an activation answers speak the words of the bundle in force.
 */

import type { Clock } from "../../platform/clock/clock.js";
import type { Logger } from "../../platform/logger/logger.js";
import type { InstitutionRegister } from "../../services/ingest/institution-register.js";
import type { MovedPersons } from "../../services/ingest/moved-persons.js";
import type { Networks } from "../../services/ingest/networks.js";
import type { BundleInForce } from "./bundle-in-force.js";

/** Revoked is refused within five seconds. */
const EVERY_MS = 3_000;

export interface RegisterRefreshOptions {
  readonly networks: Networks;
  readonly institutions: InstitutionRegister;
  readonly moved: Pick<MovedPersons, "reload">;
  readonly inForce: Pick<BundleInForce, "reload">;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class RegisterRefresh {
  private readonly closing = new AbortController();
  private readonly ended: Promise<void>;

  constructor(private readonly options: RegisterRefreshOptions) {
    this.ended = this.run();
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.ended;
  }

  private async run(): Promise<void> {
    const { networks, institutions, moved, inForce, clock } = this.options;
    const { signal } = this.closing;
    while (!signal.aborted) {
      await clock.sleep(EVERY_MS, signal);
      if (signal.aborted) return;
      await this.refresh("networks", () => networks.reload());
      await this.refresh("institutions", () => institutions.reload());
      await this.refresh("moved", () => moved.reload());
      await this.refresh("bundle-in-force", () => inForce.reload());
    }
  }

  /** One that cannot be read holds up no other. */
  private async refresh(service: string, reload: () => Promise<void>): Promise<void> {
    try {
      await reload();
    } catch (error) {
      this.options.logger.warn("ingest.register-not-refreshed", { service, error });
    }
  }
}
