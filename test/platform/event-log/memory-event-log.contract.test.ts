import { MemoryEventLog } from "../../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../../platform/event-log/memory/memory-log-world.js";
import { DERIVED, DURABLE, describeEventLog, PARTITIONS } from "../../contract/event-log.contract.js";

const processes = { lacks: "memory belongs to one process; the simulation crashes it instead" };

describeEventLog("the log in memory", {
  processes,
  smallDisk: processes,
  create: async () => {
    const world = new MemoryLogWorld({ [DURABLE]: PARTITIONS, [DERIVED]: PARTITIONS });
    return { open: async () => new MemoryEventLog(world), processes, remove: async () => {} };
  },
});
