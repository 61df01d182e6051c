/** The verifier page's own doings: takes a file and, if given, public keys; shows what was checked. Nothing leaves the page. */

import { checkPackage, type PageCheck } from "./page-checks.js";
import { StoredZip, ZipProblem } from "./stored-zip.js";

const packageInput = document.querySelector<HTMLInputElement>("#package")!;
const keysInput = document.querySelector<HTMLInputElement>("#keys")!;
const summary = document.querySelector<HTMLElement>("#summary")!;
const list = document.querySelector<HTMLElement>("#checks")!;

for (const input of [packageInput, keysInput]) input.addEventListener("change", () => void verify());

async function verify(): Promise<void> {
  const file = packageInput.files?.[0];
  if (file === undefined) return;
  summary.className = "";
  summary.textContent = "正在核对…";
  list.replaceChildren();
  try {
    const trusted = (await keysInput.files?.[0]?.text()) ?? null;
    show(await checkPackage(await StoredZip.open(file), trusted), trusted !== null);
  } catch (error) {
    summary.className = "failed";
    summary.textContent = `不能核对：${error instanceof ZipProblem ? error.message : (error as Error).message}`;
  }
}

function show(checks: readonly PageCheck[], hasKeys: boolean): void {
  const failed = checks.filter(({ isPassed }) => !isPassed);
  summary.className = failed.length === 0 ? "passed" : "failed";
  summary.textContent =
    failed.length > 0
      ? `${failed.length} 项不符：此文件不是所签发的证据包`
      : hasKeys
        ? "所核对的各项均相符"
        : "各项相符；未提供官方公布的公钥，不能确认由谁签发";
  list.replaceChildren(...checks.map(rowOf));
}

function rowOf({ title, isPassed, detail }: PageCheck): HTMLElement {
  const row = document.createElement("li");
  row.className = isPassed ? "passed" : "failed";
  const [mark, name, text] = ["span", "strong", "p"].map((tag) => document.createElement(tag));
  mark!.textContent = isPassed ? "相符" : "不符";
  name!.textContent = title;
  text!.textContent = detail;
  row.append(mark!, name!, text!);
  return row;
}
