import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openLmdbStateStore } from "../../../platform/state-store/lmdb/lmdb-state-store.js";
import { encodeOwner, fenceOf, partitionKey } from "../../../platform/state-store/lmdb/state-keys.js";
import { ChildStateWriter } from "../../contract/child-writer.js";
import { smallDisk, withRoom } from "../../contract/room.js";
import { describeStateStore, type StoredState } from "../../contract/state-store.contract.js";

const program = fileURLToPath(new URL("./lmdb-state-store.child.ts", import.meta.url));

describeStateStore("the LMDB store", {
  processes: { has: true },
  rewriteOwner: { has: true },
  smallDisk,
  create: async (): Promise<StoredState> => {
    const path = mkdtempSync(join(tmpdir(), "kadun-lmdb-state-"));
    let store: Awaited<ReturnType<typeof openLmdbStateStore>>;
    return {
      open: async () => {
        store = await openLmdbStateStore({ path, partitions: 3 });
        return store;
      },
      rewriteOwner: {
        rewrite: async (partition, epoch, owner) => {
          const { owners } = store.read();
          await owners.put(partitionKey(partition), encodeOwner({ epoch, owner }), fenceOf({ epoch, owner }));
        },
      },
      processes: {
        write: async (order) => new ChildStateWriter({ program, arguments: [path, order] }),
        writeOnSmallDisk: async (order, fileBytesMax) =>
          withRoom(new ChildStateWriter({ program, arguments: [path, order], fileBytesMax })),
      },
      remove: async () => rmSync(path, { recursive: true, force: true }),
    };
  },
});
