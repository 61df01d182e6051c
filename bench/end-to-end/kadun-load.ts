/** A load by Kadun's Kafka requests, without its producer and readers: two processes, which take little from who is measured. */

import type { Load } from "./load.js";
import { LoadChild } from "./load-child.js";
import type { LoadDriver, LoadDrivers, LoadTopics } from "./load-driver.js";

/** Of each engine's run two processes of its own. */
export const kadunLoads: LoadDrivers = { start: startKadunLoad, close: async () => {} };

async function startKadunLoad(topics: LoadTopics): Promise<LoadDriver> {
  const { brokers, input, output, persons, seed } = topics;
  const starting = await Promise.allSettled([
    LoadChild.start("generator", [brokers, input, String(persons), String(seed)]),
    LoadChild.start("observer", [brokers, output]),
  ]);
  const children = starting.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const close = async () => {
    await Promise.all(children.map((child) => child.close()));
  };
  const failed = starting.find((each) => each.status === "rejected");
  if (failed !== undefined) {
    await close();
    throw failed.reason;
  }
  const [generator, observer] = children as [LoadChild, LoadChild];
  return {
    async prepare(load: Load) {
      await Promise.all([
        generator.ask({ type: "prepare", load }, "ready"),
        observer.ask({ type: "prepare", load }, "ready"),
      ]);
    },
    async run(startMs) {
      const [{ sent }, { observed }] = await Promise.all([
        generator.ask({ type: "go", startMs }, "sent"),
        observer.ask({ type: "go", startMs }, "observed"),
      ]);
      return { sent, observed };
    },
    close,
  };
}
