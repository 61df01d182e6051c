import type { KeyValue } from "../../../platform/key-value/key-value.js";
import { MemoryKeyValue } from "../../../platform/key-value/memory/memory-key-value.js";
import { describeKeyValue } from "../../contract/key-value.contract.js";

const beside = { lacks: "memory belongs to one process" };

describeKeyValue("the store in memory", {
  beside,
  deviations: {
    "everything is there after closing and opening again": "nothing in memory outlives its store",
    "close waits for writes under way, which then hold": "nothing in memory outlives its store",
  },
  create: async () => ({
    open: async (): Promise<KeyValue> => new MemoryKeyValue(),
    beside,
    remove: async () => {},
  }),
});
