import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSmsOutbox } from "../../../platform/sms-gateway/outbox/sms-outbox.js";
import { describeSmsGateway } from "../../contract/sms-gateway.contract.js";
import { AliyunStandIn } from "../../support/sms-providers/aliyun-stand-in.js";
import {
  openAliyunBefore,
  openTencentBefore,
  roomOf,
  WRITES_NOTHING,
} from "../../support/sms-providers/provider-rooms.js";
import { TencentStandIn } from "../../support/sms-providers/tencent-stand-in.js";

const clock = { now: () => Date.UTC(2026, 2, 2, 4), sleep: () => Promise.resolve() };
const NO_OPERATOR = { lacks: "a file: nobody on the way, nobody who could be asked" } as const;

describeSmsGateway("the outbox", {
  remembers: { has: true },
  written: { has: true },
  accidents: NO_OPERATOR,
  fates: NO_OPERATOR,
  create: async () => {
    const folder = mkdtempSync(join(tmpdir(), "kadun-outbox-"));
    const path = join(folder, "sms.ndjson");
    const written = () => readFileSync(path, "utf8");
    return {
      open: () => openSmsOutbox({ path, clock }),
      written: { all: written },
      sent: () =>
        written()
          .split("\n")
          .filter(Boolean)
          .map((line) => (JSON.parse(line) as { smsId: string }).smsId),
      accidents: NO_OPERATOR,
      fates: NO_OPERATOR,
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
});

describeSmsGateway("Aliyun", {
  remembers: { lacks: "SendSms has no idempotency key: OutId is kept, not compared" },
  written: WRITES_NOTHING,
  accidents: { has: true },
  fates: { has: true },
  create: async () => {
    const standIn = await new AliyunStandIn().listen();
    return roomOf(standIn, "isv.MOBILE_NUMBER_ILLEGAL", () => openAliyunBefore(standIn));
  },
});

describeSmsGateway("Tencent", {
  remembers: { lacks: "SendSms has no idempotency key: SessionContext is kept, not compared" },
  written: WRITES_NOTHING,
  accidents: { has: true },
  fates: { has: true },
  deviations: {
    "one whose answer was lost is found again":
      "its records have no id of ours; SessionContext comes back only by arrangement (tencent-gateway.test.ts)",
  },
  create: async () => {
    const standIn = await new TencentStandIn().listen();
    return roomOf(standIn, "FailedOperation.PhoneNumberInBlacklist", () => openTencentBefore(standIn));
  },
});
