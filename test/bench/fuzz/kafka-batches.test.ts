import { expect, test } from "@jest/globals";
import { fuzzKafkaBatches } from "../../../bench/fuzz/kafka-batches.js";

test("a hundred thousand batches are the same as kafkajs', both ways, and no damage goes unnoticed", async () => {
  expect(await fuzzKafkaBatches(100_000, 20_261_126)).toBeNull();
});
