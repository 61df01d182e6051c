/** Gateways of operators before their stand-ins, for the suite of the port and for tests of their own. */

import { openAliyunGateway } from "../../../platform/sms-gateway/aliyun/aliyun-gateway.js";
import type { ProviderOptions } from "../../../platform/sms-gateway/provider-options.js";
import type { SmsGateway } from "../../../platform/sms-gateway/sms-gateway.js";
import {
  openTencentGateway,
  type TencentOptions,
} from "../../../platform/sms-gateway/tencent/tencent-gateway.js";
import type { SmsRoom } from "../../contract/sms-gateway.contract.js";
import { ALIYUN_KEY, type AliyunStandIn } from "./aliyun-stand-in.js";
import type { StandIn } from "./stand-in.js";
import { TENCENT_APP, TENCENT_KEY, type TencentStandIn } from "./tencent-stand-in.js";

const TEMPLATES = { "login-code": "1110", challenge: "1111" } as const;
export const WRITES_NOTHING = { lacks: "an adapter of an operator writes nothing on this machine" } as const;
const SETTLED_MS = 900_000;

export function openAliyunBefore(
  standIn: AliyunStandIn,
  options: Partial<ProviderOptions> = {},
): Promise<SmsGateway> {
  return openAliyunGateway({ ...before(standIn), key: ALIYUN_KEY, ...options });
}

export function openTencentBefore(
  standIn: TencentStandIn,
  options: Partial<TencentOptions> = {},
): Promise<SmsGateway> {
  const app = { sdkAppId: TENCENT_APP, region: "ap-guangzhou" };
  return openTencentGateway({ ...before(standIn), ...app, key: TENCENT_KEY, ...options });
}

function before(standIn: StandIn) {
  return {
    endpoint: { protocol: "http", host: standIn.host } as const,
    signature: "医保卡盾",
    templates: TEMPLATES,
    clock: { now: () => standIn.nowMs, sleep: () => Promise.resolve() },
  };
}

export function roomOf(standIn: StandIn, code: string, open: () => Promise<SmsGateway>): SmsRoom {
  let isStopped = false;
  const stop = async () => {
    if (!isStopped) await standIn.close();
    isStopped = true;
  };
  return {
    open,
    sent: () => standIn.taken.map(({ smsId }) => smsId),
    written: WRITES_NOTHING,
    accidents: {
      loseAnswer: () => standIn.accidents.push("taken-cut"),
      breakBefore: () => standIn.accidents.push("lost-cut"),
      throttle: () => standIn.accidents.push("throttled"),
      refuse: () => standIn.accidents.push({ code }),
      holdAnswer: () => {
        standIn.accidents.push("taken-slow");
        return () => standIn.releaseNext();
      },
      connections: () => standIn.peers,
      stop,
    },
    fates: {
      deliver: (smsId) => {
        standIn.of(smsId).fate = "delivered";
      },
      fail: (smsId, failed) => {
        standIn.of(smsId).fate = { failed };
      },
      settle: () => {
        standIn.nowMs += SETTLED_MS;
      },
    },
    remove: stop,
  };
}
