/** The carrier as every profile runs it: what still comes under a person's former key goes on under the new one. */

import { Carrier, type CarrierOptions } from "../../services/ingest/carrier.js";
import type { GatewayOptions } from "../../services/ingest/gateway-options.js";
import type { MovedPersons } from "../../services/ingest/moved-persons.js";
import type { GatewayPlatform } from "../platforms.js";

/** Works on no partition before `assign`. */
export function carrierOf(
  { writer, vault }: Pick<GatewayOptions, "writer" | "vault">,
  { log, keyValues, clock, logger, metrics }: GatewayPlatform,
  parts: Pick<CarrierOptions, "onActivated" | "onFailure"> & { readonly moved: MovedPersons },
): Carrier {
  return new Carrier({ log, writer, vault, store: keyValues.moved, clock, logger, metrics, ...parts });
}
