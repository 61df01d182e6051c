/** Before a body is read: who calls, may they, and not too fast. */

import type { FastifyRequest, onRequestHookHandler } from "fastify";
import type { GatewayParts } from "./gateway-parts.js";
import type { Network, Permission } from "./networks.js";
import { Problem } from "./problem.js";

declare module "fastify" {
  interface FastifyRequest {
    /** Set by `admission`; null on open routes. */
    network: Network | null;
  }
}

const KEY_DETAIL = "send 'Authorization: Bearer kdn_<network>_<secret>'";

/** A hook that lets in networks with this permission, at their rate. */
export function admission(
  { networks, clock }: Pick<GatewayParts, "networks" | "clock">,
  permission: Permission,
): onRequestHookHandler {
  return (request, _reply, done) => {
    const admitted = networks.admit(request.headers.authorization);
    if ("refused" in admitted) return done(new Problem(admitted.refused, { detail: KEY_DETAIL }));
    const { network } = admitted;
    if (!network.permissions.has(permission))
      return done(new Problem("NOT_PERMITTED", { detail: `the network's key lacks '${permission}'` }));
    const waitSeconds = network.bucket.waitSeconds(clock.now());
    if (waitSeconds > 0) return done(new Problem("RATE_LIMITED", { retryAfterSeconds: waitSeconds }));
    network.bucket.take(1);
    request.network = network;
    done();
  };
}

/** The network of a request that `admission` let in. */
export function networkOf(request: FastifyRequest): Network {
  if (request.network === null) throw new Error("a route without admission asks for its network");
  return request.network;
}
