import { MemoryStateStore } from "../../../platform/state-store/memory/memory-state-store.js";
import { MemoryStateWorld } from "../../../platform/state-store/memory/memory-state-world.js";
import { describeStateStore } from "../../contract/state-store.contract.js";

const processes = { lacks: "memory belongs to one process; the simulation crashes it instead" };

describeStateStore("the store in memory", {
  processes,
  smallDisk: processes,
  rewriteOwner: { lacks: "an epoch cannot be forgotten in memory, so no two owners have the same one" },
  create: async () => {
    const world = new MemoryStateWorld();
    return {
      open: async () => new MemoryStateStore(world),
      rewriteOwner: { lacks: "see above" },
      processes,
      remove: async () => {},
    };
  },
});
