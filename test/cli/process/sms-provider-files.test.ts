import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { openSmsGateway, smsReceiptReader } from "../../../cli/compose/sms.js";
import { readSmsKey, readSmsProvider } from "../../../cli/process/sms-provider-files.js";
import type { SmsGatewaySettings } from "../../../cli/process/sms-settings.js";
import { SMS_SITUATION_NAMES } from "../../../schemas/sms-templates.js";
import { message } from "../../contract/sms-gateway.contract.js";
import { ALIYUN_KEY, AliyunStandIn } from "../../support/sms-providers/aliyun-stand-in.js";
import type { StandIn } from "../../support/sms-providers/stand-in.js";
import { TENCENT_APP, TENCENT_KEY, TencentStandIn } from "../../support/sms-providers/tencent-stand-in.js";

const TOKEN = "a-token-of-22-letters-";
const SECRET = "the-secret-of-the-key";
const PROVIDERS = {
  aliyun: { provider: "aliyun", templates: codes((i) => `SMS_${i}`) },
  tencent: { provider: "tencent", sdkAppId: TENCENT_APP, templates: codes(String) },
} as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-sms-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function codes(code: (i: number) => string): Record<string, string> {
  return Object.fromEntries(SMS_SITUATION_NAMES.map((situation, i) => [situation, code(i + 1)]));
}

interface Given {
  readonly provider?: object;
  readonly key?: object;
  readonly mode?: number;
  readonly endpoint?: string;
}

function settingsOf(smsGateway: "aliyun" | "tencent", given: Given = {}): SmsGatewaySettings {
  const smsProviderFile = join(folder, "provider.json");
  const smsKeyFile = join(folder, "key.json");
  writeFileSync(smsProviderFile, JSON.stringify(given.provider ?? PROVIDERS[smsGateway]));
  writeFileSync(smsKeyFile, JSON.stringify(given.key ?? { id: "id", secret: SECRET, receiptsToken: TOKEN }), {
    mode: given.mode ?? 0o600,
  });
  return { smsGateway, smsProviderFile, smsKeyFile, smsEndpoint: given.endpoint ?? "" };
}

function partsWith(warnings: string[]) {
  const nothing = () => {};
  const logger = {
    debug: nothing,
    info: nothing,
    warn: (event: string) => warnings.push(event),
    error: nothing,
  };
  return {
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    logger: { ...logger, child: () => logger } as never,
    outbox: join(folder, "outbox.ndjson"),
  };
}

describe("the files of an operator of SMS", () => {
  it.each<["aliyun" | "tencent", () => StandIn, object]>([
    ["aliyun", () => new AliyunStandIn(), ALIYUN_KEY],
    ["tencent", () => new TencentStandIn(), TENCENT_KEY],
  ])("open the gateway of %s: key, codes and the signature of our texts", async (name, made, key) => {
    const standIn = await made().listen();
    const warnings: string[] = [];
    const settings = settingsOf(name, { key, endpoint: `http://${standIn.host}` });
    const gateway = await openSmsGateway(settings, partsWith(warnings));
    await gateway.send(message("a"));
    expect(standIn.of("a")).toMatchObject({
      signature: "医保卡盾",
      template: PROVIDERS[name].templates["login-code"],
    });
    expect(warnings).toEqual([]);
    await gateway.close();
    await standIn.close();
  });

  it("warn where others may read the key", async () => {
    const warnings: string[] = [];
    const gateway = await openSmsGateway(settingsOf("aliyun", { mode: 0o644 }), partsWith(warnings));
    await gateway.close();
    expect(warnings).toEqual(["sms.key-file-open-to-others"]);
  });

  it("are not asked for where SMS go into the outbox", async () => {
    const none = { smsGateway: "outbox", smsProviderFile: "", smsKeyFile: "", smsEndpoint: "" } as const;
    const gateway = await openSmsGateway(none, partsWith([]));
    expect(await gateway.send(message("a"))).toMatchObject({ receipt: "accepted" });
    await gateway.close();
    expect(smsReceiptReader(none)).toBeNull();
  });

  it("have to be named", () => {
    const settings = settingsOf("aliyun");
    expect(() => readSmsProvider({ ...settings, smsProviderFile: "" })).toThrow(
      /^KADUN_SMS_PROVIDER_FILE: not set/,
    );
    expect(() => readSmsKey({ smsKeyFile: "" })).toThrow(/^KADUN_SMS_KEY_FILE: not set/);
    expect(() => readSmsKey({ smsKeyFile: join(folder, "gone") })).toThrow(/cannot be read \(ENOENT\)/);
  });

  it("have a code for every situation", () => {
    const { rejected: _, ...templates } = codes((i) => `SMS_${i}`);
    const settings = settingsOf("aliyun", { provider: { provider: "aliyun", templates } });
    expect(() => readSmsProvider(settings)).toThrow(/templates\.rejected/);
  });

  it.each([
    ["aliyun", PROVIDERS.tencent, "provider: 'tencent', expected 'aliyun'"],
    ["aliyun", { ...PROVIDERS.aliyun, templates: codes(String) }, "templates."],
    ["tencent", { ...PROVIDERS.tencent, templates: codes((i) => `SMS_${i}`) }, "templates."],
    ["tencent", { ...PROVIDERS.tencent, sdkAppId: "app" }, "sdkAppId"],
  ] as const)("of %s are refused with the place where they are wrong: %#", (name, provider, problem) => {
    expect(() => readSmsProvider(settingsOf(name, { provider }))).toThrow(problem);
  });

  it.each([
    { id: "id", secret: SECRET, receiptsToken: "the-secret" },
    { id: "id", secret: SECRET, recieptsToken: TOKEN },
    { id: "id", secrets: SECRET },
    { id: "", secret: SECRET },
  ])("keep what is wrong in the file of the key to themselves: %#", (key) => {
    const { smsKeyFile } = settingsOf("aliyun", { key });
    const read = () => readSmsKey({ smsKeyFile });
    expect(read).toThrow(/key\.json: /);
    expect(read).not.toThrow(/the-secret|a-token/);
    writeFileSync(smsKeyFile, `{"id": "id", "secret": "${SECRET}`);
    expect(read).not.toThrow(SECRET);
    expect(read).toThrow('key.json: is no JSON; expected {"id": "…", "secret": "…"}');
  });
});

describe("receipts of an operator", () => {
  it("are read by who knows the token, as the operator writes them", () => {
    const ofAliyun = smsReceiptReader(settingsOf("aliyun"));
    expect(ofAliyun?.token).toBe(TOKEN);
    expect(ofAliyun?.read([{ success: true, biz_id: "1^0", out_id: "a" }])).toMatchObject([{ smsId: "a" }]);
    expect(ofAliyun?.received).toEqual({ code: 0, msg: "OK" });
    const ofTencent = smsReceiptReader(settingsOf("tencent"));
    expect(ofTencent?.read([{ report_status: "FAIL", sid: "1" }])).toMatchObject([{ providerId: "1" }]);
    expect(ofTencent?.received).toEqual({ result: 0, errmsg: "OK" });
  });

  it("are not taken without a token", () => {
    expect(smsReceiptReader(settingsOf("aliyun", { key: { id: "id", secret: SECRET } }))).toBeNull();
  });
});
