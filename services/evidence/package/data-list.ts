/**
 * 电子数据清单: of every file its kind, format and integrity values, as 法发〔2016〕22号 article 14 wants them beside electronic
 * data (domain.md section 7). CSV with a byte order mark: office programs show it as it is.
 */

import { createHash } from "node:crypto";
import { createReadStream, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PackageFile } from "../../../schemas/evidence/package.js";

const KINDS: Readonly<Record<string, readonly [kind: string, format: string]>> = {
  [PackageFile.CASE]: ["案件信息", "JSON"],
  [PackageFile.JOURNAL]: ["原始记录(流水)", "NDJSON"],
  [PackageFile.OUTCOMES]: ["判定结果", "NDJSON"],
  [PackageFile.CONTEXT]: ["判定所依据的分区记录", "NDJSON"],
  [PackageFile.CHECKPOINT]: ["起始状态", "JSON"],
  [PackageFile.PROOFS]: ["每日完整性证明", "NDJSON"],
  [PackageFile.RELEASE]: ["判定程序版本", "JSON"],
  [PackageFile.CUSTODY]: ["保管记录", "NDJSON"],
  [PackageFile.TRANSACTIONS]: ["交易清单", "CSV"],
  [PackageFile.TIMELINE]: ["时间线", "CSV"],
  [PackageFile.PIN_ATTEMPTS]: ["密码校验记录", "CSV"],
  [PackageFile.INSTITUTIONS]: ["定点医药机构", "CSV"],
  [PackageFile.MAP]: ["刷卡地点图", "SVG"],
  [PackageFile.REPORT]: ["报告", "PDF"],
  [PackageFile.POLICE_STATEMENT]: ["报案陈述(待填写)", "PDF"],
  [PackageFile.APPEAL_APPLICATION]: ["申诉申请表(待填写)", "PDF"],
  [PackageFile.CLUES]: ["线索", "JSON"],
  [PackageFile.AUDIT_RESULTS]: ["疑点(3101 格式)", "NDJSON"],
};
const BUNDLE: readonly [string, string] = ["规则及政策", "JSON"];
const HEAD = "序号,文件,类别,格式,字节数,SHA-256,SM3";
const BYTE_ORDER_MARK = "\uFEFF";

/** Of the files named, in their order. @param folder of the bag. */
export async function writeDataList(folder: string, names: readonly string[]): Promise<void> {
  const rows = [HEAD];
  for (const [index, name] of names.entries()) {
    const [kind, format] = KINDS[name] ?? BUNDLE;
    const { sha256, sm3 } = await integrityOf(join(folder, name));
    rows.push([index + 1, name, kind, format, statSync(join(folder, name)).size, sha256, sm3].join(","));
  }
  const text = rows.map((row) => `${row}\r\n`).join("");
  writeFileSync(join(folder, PackageFile.DATA_LIST), `${BYTE_ORDER_MARK}${text}`, { mode: 0o600 });
}

async function integrityOf(path: string): Promise<{ readonly sha256: string; readonly sm3: string }> {
  const [sha256, sm3] = [createHash("sha256"), createHash("sm3")];
  for await (const piece of createReadStream(path)) {
    sha256.update(piece as Buffer);
    sm3.update(piece as Buffer);
  }
  return { sha256: sha256.digest("hex"), sm3: sm3.digest("hex") };
}
