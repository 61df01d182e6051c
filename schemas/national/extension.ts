/**
 * `input.kadun`: what the platform's messages cannot say, in Kadun's own words. Senders who know it may add it; the
 * platform ignores nodes it does not know. Without it the clauses that read these fields are silent.
 */
import { rawSwipe } from "../raw.js";

export const kadunExtension = rawSwipe
  .pick({
    receivedAt: true,
    credential: true,
    chainId: true,
    balanceBeforeFen: true,
    pin: true,
    pinIsDefault: true,
    pinIsBirthday: true,
    readError: true,
    emergency: true,
    agentPurchase: true,
    externalPrescription: true,
    agentId: true,
    originalEventId: true,
    challengeOf: true,
    challengeResult: true,
    longitude: true,
    latitude: true,
  })
  .partial();

export const EXTENSION_FIELDS = Object.keys(kadunExtension.shape) as (keyof typeof kadunExtension.shape)[];
