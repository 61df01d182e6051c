/** Every page of the cardholder, and every wrong turn, each with the way there. */

import type { Page } from "playwright-core";
import type { AppealView } from "../../../schemas/appeal.js";
import { DOOR_LIMITS } from "../../../services/console/citizen/door/door-limits.js";
import type { CitizenPages } from "../../citizen/support/citizen-pages.js";
import { jpeg } from "../../citizen/support/documents.js";
import { CODE, swipe } from "../../citizen/support/memory-desk.js";
import { goFrom } from "./browser.js";

export interface World {
  readonly pages: CitizenPages;
  readonly page: Page;
  /** Where they are. */
  readonly url: string;
  /** The browser is in; its cookie is a session's. */
  enter(): Promise<void>;
}

export interface Scene {
  readonly name: string;
  /** Words that only this page has. */
  readonly shows: string;
  readonly go: (world: World) => Promise<unknown>;
}

const MINUTE_MS = 60_000;

async function knock({ page, url }: World, code = CODE, last4 = "123X"): Promise<void> {
  await page.goto(url);
  await page.fill("#code", code);
  await page.fill("#last4", last4);
  await page.click("main button");
}

async function code(world: World, digits: string): Promise<void> {
  await world.page.fill("#oneTimeCode", digits);
  await world.page.click("text=进入");
}

/** Signed in, then there. */
function inside(path: string, before: (world: World) => unknown = () => {}): Scene["go"] {
  return async (world) => {
    await world.enter();
    await before(world);
    return world.page.goto(`${world.url}${path}`);
  };
}

/** In a draft that has everything, at one of its steps. */
function drafting(
  step: string,
  fields: Partial<AppealView> = {},
  then?: (page: Page) => Promise<unknown>,
): Scene["go"] {
  return async (world) => {
    await inside(`/appeals/appeal-1${step}`, ({ pages }) => pages.desk.appeals.put({ ...FULL, ...fields }))(
      world,
    );
    await then?.(world.page);
  };
}

const REPORT_AT = "2026-02-20T09:00:00.000+08:00";
const FULL: Partial<AppealView> = {
  statement: "二月十九日坐车回家，下车后发现钱包不见了。\n当天一直在杭州，没有去过宣城。密码没有告诉过别人。",
  swipes: [
    {
      decisionId: "d-1",
      occurredAt: "2026-02-20T10:35:00.000+08:00",
      totalFen: 68_000,
      accountFen: 68_000,
      position: "after-effect",
      bearer: "fund-and-institution",
      because: "这一笔发生在挂失生效以后，按当地规定不由本人承担。",
      outcome: null,
    },
  ],
  documents: [
    {
      documentId: "doc-1",
      kind: "police-receipt",
      name: "报警回执.jpg",
      mediaType: "image/jpeg",
      bytes: 2_345_678,
      sha256: "0".repeat(64),
      addedAt: REPORT_AT,
    },
  ],
  bankAccountTail: "1111",
};
const UNDER_WAY: Partial<AppealView> = {
  ...FULL,
  state: "first-review",
  steps: [
    { state: "submitted", at: REPORT_AT, note: null },
    { state: "first-review", at: "2026-02-24T10:00:00.000+08:00", note: "已受理，编号 SL-2026-000001。" },
  ],
  deadlines: [
    {
      kind: "first-review",
      whose: "office",
      dueAt: "2026-03-03T23:59:59.000+08:00",
      isUncertain: false,
      isMissed: false,
    },
    {
      kind: "decision",
      whose: "office",
      dueAt: "2026-05-21T23:59:59.000+08:00",
      isUncertain: true,
      isMissed: false,
    },
    {
      kind: "acknowledge",
      whose: "office",
      dueAt: "2026-02-22T23:59:59.000+08:00",
      isUncertain: false,
      isMissed: true,
    },
  ],
  papers: [
    {
      paperId: "p-1",
      title: "受理通知",
      number: "SL-2026-000001",
      madeAt: REPORT_AT,
      sha256: "0".repeat(64),
    },
  ],
};
const DECIDED: Partial<AppealView> = {
  ...UNDER_WAY,
  state: "decided",
  swipes: FULL.swipes!.map((one) => ({ ...one, outcome: "upheld" })),
  decision: {
    result: "upheld",
    reasons: "这一笔发生在挂失生效以后。\n消费地点与您当天的就医记录相距 240 公里。\n按规定由基金追回。",
    decidedAt: "2026-02-27T10:00:00.000+08:00",
    remedies: ["对决定不服，可以在 2026年4月28日 前申请复议。", "也可以在 6 个月内向人民法院提起诉讼。"],
  },
};
const LONG = swipe(Date.parse("2026-03-01T07:20:00.000+08:00"), {
  institution:
    "𠮷".repeat(16) + "宣城市宣州区济川街道社区卫生服务中心附属第二门诊部有限责任公司".repeat(2).slice(0, 48),
  place: "新疆维吾尔自治区克孜勒苏柯尔克孜自治州乌恰县",
  totalFen: 2 ** 47,
  because: ["W".repeat(64), "短时间内在相距很远的两地使用。"],
});

export const SCENES: readonly Scene[] = [
  { name: "entry", shows: "没有编号？", go: ({ page, url }) => page.goto(url) },
  { name: "entry-mistyped", shows: "请照短信再填一次", go: (world) => knock(world, "K7M2", "12") },
  { name: "code", shows: "没有收到短信？", go: (world) => knock(world) },
  {
    name: "code-again",
    shows: "再发一次",
    go: async (world) => {
      await knock(world);
      await world.page.locator("#oneTimeCode").waitFor();
      world.pages.nowMs += MINUTE_MS;
      return goFrom(world.page, "reload");
    },
  },
  {
    name: "code-wrong",
    shows: "还可以试 4 次",
    go: async (world) => {
      await knock(world, "0000-0000");
      await code(world, "123456");
    },
  },
  {
    name: "code-over",
    shows: "验证码已过期",
    go: async (world) => {
      await knock(world);
      await world.page.locator("#oneTimeCode").waitFor();
      world.pages.nowMs += 6 * MINUTE_MS;
      await code(world, world.pages.desk.sms.at(-1)!.code);
    },
  },
  {
    name: "locked",
    shows: "请稍后再试",
    go: async (world) => {
      for (let i = 0; i < DOOR_LIMITS.codeHour.max; i++)
        await world.pages.visitor(`198.51.100.${i}`).knock("0000-0000", "0000");
      await knock(world, "0000-0000", "0000");
    },
  },
  { name: "case", shows: "下面 2 笔", go: inside("/case") },
  {
    name: "case-answered",
    shows: "您已回答：不是我",
    go: inside("/case?said=mine", ({ pages: { desk } }) => {
      desk.swipes = desk.swipes.map((one, i) => ({ ...one, answer: i === 0 ? "not-mine" : "mine" }));
    }),
  },
  {
    name: "case-empty",
    shows: "还在整理",
    go: inside("/case", ({ pages: { desk } }) => {
      desk.swipes = [];
    }),
  },
  {
    name: "case-long",
    shows: "克孜勒苏",
    go: inside("/case", ({ pages: { desk } }) => {
      desk.swipes = [LONG];
    }),
  },
  {
    name: "answer-late",
    shows: "工作人员已经处理过",
    go: async (world) => {
      await inside("/case", ({ pages }) => {
        pages.desk.isDecided = true;
      })(world);
      await world.page.click("text=是我本人");
    },
  },
  { name: "loss", shows: "挂失以后会怎样", go: inside("/loss") },
  { name: "loss-of-swipe", shows: "请先挂失，再申诉", go: inside("/loss?swipe=d-1") },
  ...(["accepted", "pending", "failed"] as const).map((status) => ({
    name: `loss-${status}`,
    shows: "接下来请做这几件事",
    go: async (world: World) => {
      world.pages.desk.lossStatus = status;
      await inside("/loss?swipe=d-1")(world);
      await world.page.click("text=确认挂失");
    },
  })),
  { name: "cards", shows: "正常使用", go: inside("/cards") },
  {
    name: "cards-lost",
    shows: "挂失就会失效",
    go: async (world) => {
      await inside("/loss")(world);
      await world.page.click("text=确认挂失");
      await world.page.locator("main", { hasText: "GS20260301000123" }).waitFor();
      await world.page.click("nav >> text=我的卡");
    },
  },
  { name: "swipes", shows: "看更早的", go: inside("/swipes") },
  {
    name: "swipes-empty",
    shows: "没有消费记录",
    go: inside("/swipes", ({ pages: { desk } }) => {
      desk.swipes = [];
    }),
  },
  { name: "limits", shows: "急诊抢救从来不受", go: inside("/limits") },
  {
    name: "limits-wrong",
    shows: "请填大于 0 的金额",
    go: async (world) => {
      await inside("/limits")(world);
      await world.page.fill("#daily", "三百");
      await world.page.click("text=保存");
    },
  },
  {
    name: "limits-saved",
    shows: "已保存。",
    go: async (world) => {
      await inside("/limits")(world);
      await world.page.check("#noNight");
      await world.page.fill("#daily", "300");
      await world.page.click("text=保存");
    },
  },
  { name: "appeals-none", shows: "开始申诉", go: inside("/appeals") },
  {
    name: "appeals",
    shows: "没有提交的申诉",
    go: inside("/appeals", ({ pages: { desk } }) => {
      desk.appeals.put({});
      desk.appeals.put(UNDER_WAY);
    }),
  },
  {
    name: "draft-new",
    shows: "必填，还没有填",
    go: drafting("", { statement: "", swipes: [], documents: [], bankAccountTail: null }),
  },
  { name: "draft", shows: "已选 1 笔", go: drafting("?said=saved") },
  { name: "draft-statement", shows: "请用自己的话说明", go: drafting("/statement") },
  { name: "draft-swipes", shows: "勾选不是您本人刷的", go: drafting("/swipes") },
  {
    name: "draft-swipes-none",
    shows: "请至少勾选一笔",
    go: drafting("/swipes", {}, async (page) => {
      await page.uncheck("#s-0");
      await page.click("main button");
    }),
  },
  { name: "draft-payment", shows: "参保人本人的银行账号", go: drafting("/payment") },
  {
    name: "draft-payment-wrong",
    shows: "12 到 19 位数字。请照",
    go: drafting("/payment", {}, async (page) => {
      await page.fill("#account", "12345");
      await page.click("main button");
    }),
  },
  {
    name: "draft-payment-doubted",
    shows: "我核对过了",
    go: drafting("/payment", {}, async (page) => {
      await page.fill("#account", "4111 1111 1111 1112");
      await page.click("main button");
    }),
  },
  { name: "draft-documents", shows: "报警回执.jpg", go: drafting("/documents") },
  {
    name: "draft-documents-refused",
    shows: "这是一个程序",
    go: drafting("/documents", {}, async (page) => {
      await page.setInputFiles("#file", {
        name: "photo.jpg",
        mimeType: "image/jpeg",
        buffer: Buffer.from("MZ\x90\0"),
      });
      await page.click("text=上传 >> nth=-1");
    }),
  },
  {
    name: "draft-documents-taken",
    shows: "已上传。",
    go: drafting("/documents", { documents: [] }, async (page) => {
      await page.setInputFiles("#file", { name: "IMG_0001.jpg", mimeType: "image/jpeg", buffer: jpeg() });
      await page.click("form[enctype] button");
    }),
  },
  { name: "draft-check-missing", shows: "还差", go: drafting("/check", { statement: "" }) },
  { name: "draft-check", shows: "提交以后不能再改", go: drafting("/check", { hasAgent: true }) },
  {
    name: "appeal-submitted",
    shows: "申诉已提交",
    go: drafting("/check", {}, (page) => page.click("main button")),
  },
  {
    name: "appeal-under-way",
    shows: "已提醒办理人员",
    go: inside("/appeals/appeal-1", ({ pages }) => pages.desk.appeals.put(UNDER_WAY)),
  },
  {
    name: "appeal-returned",
    shows: "材料补好了",
    go: inside("/appeals/appeal-1", ({ pages }) =>
      pages.desk.appeals.put({
        ...UNDER_WAY,
        state: "returned-for-more",
        steps: [
          ...UNDER_WAY.steps!,
          { state: "returned-for-more", at: REPORT_AT, note: "请补交派出所的受案回执。" },
        ],
      }),
    ),
  },
  {
    name: "appeal-decided",
    shows: "决定：支持您的申诉",
    go: inside("/appeals/appeal-1", ({ pages }) => pages.desk.appeals.put(DECIDED)),
  },
  {
    name: "appeal-withdraw",
    shows: "确认撤回",
    go: inside("/appeals/appeal-1/withdraw", ({ pages }) => pages.desk.appeals.put(UNDER_WAY)),
  },
  {
    name: "appeal-reconsideration",
    shows: "不同意这个决定",
    go: inside("/appeals/appeal-1/reconsideration", ({ pages }) => pages.desk.appeals.put(DECIDED)),
  },
  {
    name: "expired",
    shows: "重新进入",
    go: async (world) => {
      await inside("/limits")(world);
      world.pages.nowMs += 21 * MINUTE_MS;
      await world.page.click("nav >> text=我的卡");
    },
  },
  {
    name: "expired-while-writing",
    shows: "您刚才写的内容",
    go: async (world) => {
      await drafting("/statement")(world);
      await world.page.fill("#statement", "写了很久，还没有保存。");
      world.pages.nowMs += 21 * MINUTE_MS;
      await world.page.click("text=保存 >> nth=-1");
    },
  },
  {
    name: "left",
    shows: "您已安全退出",
    go: async (world) => {
      await inside("/case")(world);
      await world.page.click("text=退出");
    },
  },
  { name: "not-found", shows: "没有您要找的", go: inside("/appeals/foreign") },
  {
    name: "stale",
    shows: "打开得太久",
    go: async (world) => {
      await inside("/limits")(world);
      await world.enter();
      await world.page.click("text=保存");
    },
  },
  {
    name: "away",
    shows: "再试一次",
    go: inside("/cards", ({ pages }) => {
      pages.desk.failure = new Error("no connection");
    }),
  },
];
