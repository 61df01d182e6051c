import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "@jest/globals";
import { deleteTopics } from "../../platform/event-log/kafka/create-topics.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { ChildWriter } from "../contract/child-writer.js";
import {
  DERIVED,
  DURABLE,
  describeEventLog,
  type LogProcesses,
  PARTITIONS,
} from "../contract/event-log.contract.js";
import { addresses } from "../support/servers/addresses.js";
import {
  type KafkaLogPlace,
  makeTopics,
  openRenamedLog,
  optionsOf,
  randomSuffix,
} from "./kafka-event-log-under-test.js";

const program = fileURLToPath(new URL("./kafka-event-log.child.ts", import.meta.url));
const smallDisk = {
  lacks: "the disk is the server's: a broker whose disk is full stops, and appends to it end as UNREACHABLE",
};
let cluster: KafkaCluster;

beforeAll(async () => {
  cluster = await KafkaCluster.open(optionsOf(addresses().kafka));
});
afterAll(() => cluster.close());

describeEventLog("the log on Kafka", {
  processes: { has: true },
  smallDisk,
  create: async () => {
    const place = { bootstrap: addresses().kafka, suffix: randomSuffix() };
    const topics = [DURABLE, DERIVED].map((topic) => `${topic}.${place.suffix}`);
    await makeTopics(
      cluster,
      topics.map((topic) => ({ topic, partitions: PARTITIONS })),
    );
    return {
      open: () => openRenamedLog(place),
      processes: processesOn(place),
      remove: () => deleteTopics(cluster, topics),
    };
  },
});

function processesOn(place: KafkaLogPlace): LogProcesses {
  return {
    openBeside: () => openRenamedLog(place),
    write: async (order) => new ChildWriter({ program, arguments: [place, order] }),
    smallDisk,
  };
}
