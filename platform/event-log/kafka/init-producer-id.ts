/** InitProducerId, version 1, without a transactional id: any node answers, and no two answers are the same id. */

import { Decoder, Encoder } from "./kafkajs-internals.js";
import { API_KEYS, type WireRequest } from "./wire-request.js";

/** Only transactions have a time-out; the field is there all the same. */
const NO_TRANSACTION_MS = 0;

export interface ProducerIdAnswer {
  readonly errorCode: number;
  readonly producerId: number;
  readonly producerEpoch: number;
}

export function initProducerIdRequest(): WireRequest<ProducerIdAnswer> {
  return {
    apiKey: API_KEYS.InitProducerId,
    apiVersion: 1,
    apiName: "InitProducerId",
    encode: () => new Encoder().writeString(null).writeInt32(NO_TRANSACTION_MS).buffer,
    decode: (payload) => {
      const decoder = new Decoder(payload);
      decoder.readInt32(); // throttle time
      return {
        errorCode: decoder.readInt16(),
        producerId: Number(decoder.readInt64()),
        producerEpoch: decoder.readInt16(),
      };
    },
  };
}
