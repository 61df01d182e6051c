import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../../platform/clock/system-clock.js";
import { openLmdbEventLog } from "../../../platform/event-log/lmdb/lmdb-event-log.js";
import { ChildWriter } from "../../contract/child-writer.js";
import { describeEventLog, type LogProcesses, type StoredLog } from "../../contract/event-log.contract.js";
import { smallDisk, withRoom } from "../../contract/room.js";
import { contractTopics as topics } from "./contract-topics.js";

const program = fileURLToPath(new URL("./lmdb-event-log.child.ts", import.meta.url));

describeEventLog("the LMDB log", {
  processes: { has: true },
  smallDisk,
  create: async (): Promise<StoredLog> => {
    const path = mkdtempSync(join(tmpdir(), "kadun-lmdb-log-"));
    return {
      open: () => openLmdbEventLog({ path, topics, clock: systemClock }),
      processes: processesOn(path),
      remove: async () => rmSync(path, { recursive: true, force: true }),
    };
  },
});

function processesOn(path: string): LogProcesses {
  return {
    openBeside: () => openLmdbEventLog({ path, topics, clock: systemClock, readOnly: true }),
    write: async (order) => new ChildWriter({ program, arguments: [path, order] }),
    smallDisk: {
      write: async (order, fileBytesMax) =>
        withRoom(new ChildWriter({ program, arguments: [path, order], fileBytesMax })),
    },
  };
}
