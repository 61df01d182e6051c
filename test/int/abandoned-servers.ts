/** A process that starts a server, tells which, and waits to be killed. */

import { startRedis } from "../support/servers/redis-server.js";

const redis = await startRedis();
process.send!({ type: "started", pid: redis.pid });
// The channel to its parent keeps it alive.
process.on("message", () => undefined);
