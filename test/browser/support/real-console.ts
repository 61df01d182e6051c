/** A whole Kadun with the Hangzhou card in it, and analysts who have chosen their passwords. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { KadunProcess } from "../../../bench/load/kadun-process.js";
import { officeCaughtUp } from "../../../bench/load/office-client.js";
import { hangzhouUntil } from "../../../bench/stories/hangzhou.js";
import { StoryNetwork } from "../../../cli/demo/story/network.js";
import { ConsoleClient } from "../../../cli/embedded/console-client.js";
import { newAccountAnswer } from "../../../schemas/http/console-access.js";
import { CONSOLE_ACCESS_ROUTES as ROUTES } from "../../../schemas/http/console-access-routes.js";
import { newDataDirectory } from "../../support/new-data-directory.js";
import { freePorts } from "../../support/servers/free-ports.js";
import { WIDE } from "./console.js";

const PASSWORD = "green tea at four";
const ROLES = ["reviewer", "rule-manager"] as const;

export class RealConsole {
  readonly story = hangzhouUntil(Date.now());

  private constructor(
    private readonly folder: string,
    private readonly kadun: KadunProcess,
    private readonly network: StoryNetwork,
    readonly url: string,
  ) {}

  /** Resolves when everything that the network sent is judged and stored. */
  static async open(): Promise<RealConsole> {
    const folder = mkdtempSync(join(tmpdir(), "kadun-real-console-"));
    const dataDirectory = await newDataDirectory(join(folder, "data"));
    // The office comes back at the address that the pages know.
    const [port] = await freePorts(1);
    const args = ["--cold-start", "--sms-stale-hours", "0", "--office-port", String(port)];
    const kadun = await KadunProcess.start({ dataDirectory, logPath: join(folder, "kadun.log"), args });
    const network = new StoryNetwork(kadun);
    const console = new RealConsole(folder, kadun, network, `http://127.0.0.1:${port}`);
    await network.introduce(console.story);
    for (const record of console.story.records) await network.send(record);
    await kadun.officeUp();
    await officeCaughtUp(kadun);
    return console;
  }

  get data(): string {
    return this.kadun.dataDirectory;
  }

  /** A page of somebody who came by a one-time link and chose a password: nothing but its cookie tells who that is. */
  async signedIn(browser: Browser, name: string): Promise<Page> {
    const local = ConsoleClient.local({ data: this.data });
    const body = { name, roles: ROLES, scope: [""], oidcSubject: null };
    const { link } = await local.post(ROUTES.addAccount.path, body, newAccountAnswer);
    local.close();
    const context = await browser.newContext({
      viewport: WIDE,
      locale: "zh-CN",
      timezoneId: "Asia/Shanghai",
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    await page.goto(`${this.url}/welcome#${link.token}`);
    await page.getByLabel("新密码").fill(PASSWORD);
    await page.getByLabel("再输入一次").fill(PASSWORD);
    await page.getByRole("button", { name: "设置并登录" }).click();
    await page.waitForURL(/\/today$/);
    return page;
  }

  /** Whoever has the card tries it now. */
  async triedAgain(): Promise<void> {
    await this.network.send(this.story.triedAgain(Date.now()));
  }

  /** kill -9. @returns what resolves when it is back, over the same folder. */
  async killOffice(): Promise<() => Promise<unknown>> {
    const { pid } = await this.kadun.officeUp();
    if (!this.kadun.killOffice(pid)) throw new Error(`there was no office ${pid} to kill`);
    return () => this.kadun.officeUp(pid);
  }

  async close(): Promise<void> {
    this.network.close();
    await this.kadun.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
