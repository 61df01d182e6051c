/** The SMS gateway that the settings name, and how its receipts are read. */

import type { Clock } from "../../platform/clock/clock.js";
import { isOpenToOthers } from "../../platform/lifecycle/key-file.js";
import type { Logger } from "../../platform/logger/logger.js";
import { openAliyunGateway } from "../../platform/sms-gateway/aliyun/aliyun-gateway.js";
import { ALIYUN_RECEIVED, aliyunReceipts } from "../../platform/sms-gateway/aliyun/aliyun-receipts.js";
import { openSmsOutbox } from "../../platform/sms-gateway/outbox/sms-outbox.js";
import { type ProviderOptions, parseEndpoint } from "../../platform/sms-gateway/provider-options.js";
import type { SmsGateway } from "../../platform/sms-gateway/sms-gateway.js";
import type { SmsReceipt } from "../../platform/sms-gateway/sms-receipt.js";
import { openTencentGateway } from "../../platform/sms-gateway/tencent/tencent-gateway.js";
import { TENCENT_RECEIVED, tencentReceipts } from "../../platform/sms-gateway/tencent/tencent-receipts.js";
import { OperatingError } from "../exit-status.js";
import { readSmsKey, readSmsProvider } from "../process/sms-provider-files.js";
import type { SmsGatewaySettings } from "../process/sms-settings.js";
import { smsTemplates } from "../process/sms-templates.js";

interface SmsParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** The file, where nobody else sends. */
  readonly outbox: string;
}

/** @throws UsageError, OperatingError, BundleError, SmsGatewayError CORRUPT. */
export async function openSmsGateway(
  settings: SmsGatewaySettings,
  { clock, logger, outbox }: SmsParts,
): Promise<SmsGateway> {
  if (settings.smsGateway === "outbox") return openSmsOutbox({ path: outbox, clock });
  const file = readSmsProvider(settings);
  const { smsKeyFile } = settings;
  const options = { ...providerOptions(settings, clock), templates: file.templates };
  if (isOpenToOthers(smsKeyFile)) logger.warn("sms.key-file-open-to-others", { path: smsKeyFile });
  try {
    return await (file.provider === "aliyun"
      ? openAliyunGateway(options)
      : openTencentGateway({ ...options, sdkAppId: file.sdkAppId, region: file.region }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new OperatingError(
      `KADUN_SMS_GATEWAY=${file.provider}: the operator's library is not installed; 'npm ci' without --omit=optional brings it`,
    );
  }
}

function providerOptions(settings: SmsGatewaySettings, clock: Clock): Omit<ProviderOptions, "templates"> {
  const { id, secret } = readSmsKey(settings);
  const { signature } = smsTemplates();
  return { key: { id, secret }, signature, endpoint: parseEndpoint(settings.smsEndpoint), clock };
}

export interface SmsReceiptReader {
  /** Last part of the address: operators sign nothing, who knows it is believed. */
  readonly token: string;
  /** @throws SmsReceiptsError. */
  read(body: unknown): readonly SmsReceipt[];
  /** What a push is answered with. */
  readonly received: object;
}

/** null where nobody pushes receipts. @throws UsageError, OperatingError, BundleError. */
export function smsReceiptReader(settings: SmsGatewaySettings): SmsReceiptReader | null {
  if (settings.smsGateway === "outbox") return null;
  const { receiptsToken: token } = readSmsKey(settings);
  if (token === undefined) return null;
  return settings.smsGateway === "aliyun"
    ? { token, read: aliyunReceipts, received: ALIYUN_RECEIVED }
    : { token, read: tencentReceipts, received: TENCENT_RECEIVED };
}
