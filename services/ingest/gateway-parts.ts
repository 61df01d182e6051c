/** What the route groups share: options with their defaults, the intake, the counters. */

import type { Counter, Histogram, Metrics } from "../../platform/metrics/metrics.js";
import { GATEWAY_LIMITS, type GatewayLimits, type GatewayOptions } from "./gateway-options.js";
import { Intake } from "./intake.js";

export interface GatewayCounters {
  readonly requests: Counter;
  readonly requestSeconds: Histogram;
  readonly records: Counter;
  readonly answers: Counter;
  readonly answersGivenLost: Counter;
}

export interface GatewayParts extends Omit<GatewayOptions, "limits"> {
  readonly limits: GatewayLimits;
  readonly intake: Intake;
  readonly counters: GatewayCounters;
}

/** The journal's append takes 1 to 10 ms, the time limit of an answer is 0.8 s. */
const SECONDS_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

export function gatewayParts(options: GatewayOptions): GatewayParts {
  return {
    ...options,
    limits: { ...GATEWAY_LIMITS, ...options.limits },
    intake: new Intake(options),
    counters: countersOf(options.metrics),
  };
}

function countersOf(metrics: Metrics): GatewayCounters {
  return {
    requests: metrics.counter({
      name: "kadun_ingest_requests_total",
      help: "HTTP requests by route and status.",
      labels: ["route", "status"],
    }),
    requestSeconds: metrics.histogram({
      name: "kadun_ingest_request_seconds",
      help: "Seconds from request to response by route.",
      labels: ["route"],
      buckets: SECONDS_BUCKETS,
    }),
    records: metrics.counter({
      name: "kadun_ingest_records_total",
      help: "Records by type and result (accepted, refused; skipped: a transaction of the national platform that is no record, of type none).",
      labels: ["type", "result"],
    }),
    answers: metrics.counter({
      name: "kadun_ingest_answers_total",
      help: "Answers to terminals by kind (decision, duplicate, reused, stand-in, not-stored).",
      labels: ["kind"],
    }),
    answersGivenLost: metrics.counter({
      name: "kadun_ingest_answers_given_lost_total",
      help: "Answers of the stand-in that did not get into the journal.",
    }),
  };
}
