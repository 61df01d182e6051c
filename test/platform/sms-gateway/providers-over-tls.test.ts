import tls from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { ProviderEndpoint } from "../../../platform/sms-gateway/provider-options.js";
import type { SmsGateway } from "../../../platform/sms-gateway/sms-gateway.js";
import { failureOf, message } from "../../contract/sms-gateway.contract.js";
import { startTlsFront, type TlsFront } from "../../support/clickhouse-front/tls-front.js";
import { AliyunStandIn } from "../../support/sms-providers/aliyun-stand-in.js";
import { openAliyunBefore, openTencentBefore } from "../../support/sms-providers/provider-rooms.js";
import type { StandIn } from "../../support/sms-providers/stand-in.js";
import { TencentStandIn } from "../../support/sms-providers/tencent-stand-in.js";

interface Provider {
  readonly name: string;
  readonly standIn: () => StandIn;
  readonly open: (standIn: StandIn, endpoint: ProviderEndpoint) => Promise<SmsGateway>;
}

const PROVIDERS: readonly Provider[] = [
  {
    name: "Aliyun",
    standIn: () => new AliyunStandIn(),
    open: (standIn, endpoint) => openAliyunBefore(standIn as AliyunStandIn, { endpoint }),
  },
  {
    name: "Tencent",
    standIn: () => new TencentStandIn(),
    open: (standIn, endpoint) => openTencentBefore(standIn as TencentStandIn, { endpoint }),
  },
];

/** What Node trusts is read when it starts: the one certificate more is given to each connection. */
const connect = tls.connect;
function trust(ca: string): void {
  tls.connect = ((options: tls.ConnectionOptions) => connect({ ...options, ca })) as typeof connect;
}

describe.each(PROVIDERS)("$name over TLS", ({ standIn: made, open }) => {
  let standIn: StandIn;
  let front: TlsFront;
  let gateway: SmsGateway;
  beforeAll(async () => {
    standIn = await made().listen();
    front = await startTlsFront({ target: `http://${standIn.host}` });
    gateway = await open(standIn, { protocol: "https", host: `127.0.0.1:${front.port}` });
  });
  afterEach(() => {
    tls.connect = connect;
  });
  afterAll(async () => {
    await gateway.close();
    await front.close();
    await standIn.close();
  });

  it("sends nothing to somebody whose certificate nobody vouches for: UNAVAILABLE", async () => {
    expect(await failureOf(gateway.send(message("a")))).toMatchObject({
      code: "UNAVAILABLE",
      retryable: true,
    });
    expect(front.received()).toBe("");
    expect(standIn.taken).toEqual([]);
  });

  it("sends to somebody who is trusted, and knows that something was sent", async () => {
    trust(front.ca);
    await gateway.send(message("a"));
    standIn.accidents.push("taken-cut");
    expect(await failureOf(gateway.send(message("b")))).toMatchObject({ code: "UNANSWERED" });
    expect(standIn.taken.map(({ smsId }) => smsId)).toEqual(["a", "b"]);
  });
});
