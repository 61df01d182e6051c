/** What somebody who is in sees and does: swipes, loss, cards, limits, appeals; every wrong turn ends in a next step. */

import { request as httpRequest } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { DOCUMENT_BYTES_MAX, DOCUMENTS_MAX, STATEMENT_LENGTH_MAX } from "../../schemas/appeal.js";
import { CitizenDatabase, CitizenPages } from "./support/citizen-pages.js";
import { jpeg, pdf, png, zip } from "./support/documents.js";
import { swipe } from "./support/memory-desk.js";
import { type Answer, keysIn, type Visitor } from "./support/visitor.js";

let database: CitizenDatabase;
let pages: CitizenPages;
let holder: Visitor;

beforeAll(async () => {
  database = await CitizenDatabase.open();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.empty();
  pages = new CitizenPages(database.database);
  holder = await pages.signedIn();
});
afterEach(() => pages.close());

const told = ({ status, location }: Answer) => [status, location];

describe("a swipe", () => {
  it("is told in plain words: amount, time, place, institution, card, what was decided, why, what to do", async () => {
    const { body } = await holder.get("/case");
    for (const words of [
      "王*",
      "680.00元",
      "2026年3月1日 07:20",
      "宣城市某药店",
      "尾号 6217",
      "已拦截，没有扣款",
      "密码输错两次以后又有消费。",
      "请立即拨12393挂失并报警",
    ])
      expect(body).toContain(words);
    expect(body).not.toContain("王小明");
  });

  it("that is another's, or never was, is not there", async () => {
    for (const id of ["d-9", "<script>"]) {
      expect((await holder.change("/case", "/answer", { swipe: id, answer: "mine" })).status).toBe(404);
      expect((await holder.get(`/loss?swipe=${encodeURIComponent(id)}`)).status).toBe(404);
    }
  });

  it("is answered, answered otherwise, and no more once somebody has decided", async () => {
    const mine = await holder.change("/case", "/answer", { swipe: "d-1", answer: "mine", back: "/case" });
    expect(told(mine)).toEqual([303, "/case?said=mine"]);
    expect((await holder.get("/case?said=mine")).body).toContain("您已回答：是我本人");
    const notMine = await holder.change("/case", "/answer", { swipe: "d-1", answer: "not-mine" });
    expect(told(notMine)).toEqual([303, "/loss?swipe=d-1"]);
    pages.desk.isDecided = true;
    const late = await holder.change("/case", "/answer", { swipe: "d-1", answer: "mine" });
    expect([late.status, late.body.includes("工作人员已经处理过")]).toEqual([409, true]);
    expect(pages.desk.answers.get("d-1")).toBe("not-mine");
  });

  it("with names of 64 signs, rare signs and the largest amount is shown whole and as text", async () => {
    const institution = "𠮷".repeat(32) + '<b>"&'.repeat(8);
    pages.desk.swipes = [swipe(pages.nowMs, { institution, totalFen: 2 ** 47 })];
    const { body } = await holder.get("/case");
    expect(body).toContain(`${"𠮷".repeat(32)}${"&lt;b&gt;&quot;&amp;".repeat(8)}`);
    expect(body).toContain("1,407,374,883,553.28元");
  });

  it("that only tried the PIN is told without an amount", async () => {
    pages.desk.swipes = [
      swipe(pages.nowMs, { kind: "pin-check", totalFen: 0, accountFen: 0, action: "review" }),
    ];
    const { body } = await holder.get("/case");
    expect([body.includes("验证密码"), body.includes("0.00元")]).toEqual([true, false]);
  });

  it("of the last 90 days is found page by page, each once", async () => {
    const seen: string[] = [];
    let next: string | null = "/swipes";
    for (let count = 0; next !== null && count < 5; count++) {
      const { body } = await holder.get(next);
      seen.push(
        ...[...body.matchAll(/name="swipe" value="([^"]*)"|href="\/loss\?swipe=([^"]*)"/g)].map(
          (match) => (match[1] ?? match[2])!,
        ),
      );
      next = /href="(\/swipes\?before=[^"]*)"/.exec(body)?.[1] ?? null;
    }
    expect([...new Set(seen)]).toEqual(pages.desk.swipes.map(({ decisionId }) => decisionId));
  });
});

describe("reporting a loss", () => {
  it("says what follows, happens once however often it is sent, and tells what to do next", async () => {
    const page = await holder.get("/loss?swipe=d-1");
    expect(page.body).toContain("急诊抢救不受影响");
    const sent = { ...keysIn(page.body), swipe: "d-1", credential: "card" };
    const first = await holder.post("/loss", sent);
    const second = await holder.post("/loss", sent);
    expect(told(second)).toEqual(told(first));
    expect(pages.desk.lossesAsked).toEqual([{ credential: "card", decisionId: "d-1" }]);
    const done = (await holder.get(first.location!)).body;
    for (const words of [
      "挂失已受理",
      "GS20260301000123",
      "2026年3月8日 09:20",
      "报警回执",
      "医保电子凭证",
      "/appeals",
    ])
      expect(done).toContain(words);
  });

  it.each([
    ["pending", "正在送往经办机构"],
    ["failed", '拨 <a href="tel:12393">12393</a> 挂失'],
  ] as const)("that is %s says so", async (status, words) => {
    pages.desk.lossStatus = status;
    const { location } = await holder.change("/loss", "/loss", { credential: "card" });
    expect((await holder.get(location!)).body).toContain(words);
    expect((await holder.get("/cards")).body).toContain(words);
  });

  it("asks again where nothing was chosen, and takes only what a holder may report", async () => {
    for (const credential of ["", "identity-document"]) {
      const answer = await holder.change("/loss", "/loss", { credential });
      expect([answer.status, answer.body.includes("请先选择")]).toEqual([422, true]);
    }
    expect(pages.desk.lossesAsked).toEqual([]);
  });

  it("shows on the card from when it is lost and when that lapses", async () => {
    await holder.change("/loss", "/loss", { credential: "card" });
    const { body } = await holder.get("/cards");
    for (const words of ["已挂失，不能使用", "2026年3月8日 09:20", "挂失就会失效"])
      expect(body).toContain(words);
  });
});

describe("limits", () => {
  it("are shown, changed, and told what they stop and that emergencies are never stopped", async () => {
    expect((await holder.get("/limits")).body).toContain("急诊抢救从来不受这些限制");
    const saved = await holder.change("/limits", "/limits", { homeOnly: "yes", daily: "１，０００ 元" });
    expect(told(saved)).toEqual([303, "/limits?said=saved"]);
    expect(pages.desk.limits).toEqual({ homeOnly: true, noNight: false, dailyFen: 100_000 });
    expect((await holder.get("/limits")).body).toContain('value="1000"');
  });

  it.each(["0", "-5", "abc", "1e9", "999999999999999"])(
    "of no amount are refused with what was typed: %s",
    async (daily) => {
      const answer = await holder.change("/limits", "/limits", { daily });
      expect([answer.status, answer.body.includes(`value="${daily}"`)]).toEqual([422, true]);
      expect(pages.desk.limitChanges).toBe(0);
    },
  );
});

describe("an appeal", () => {
  const start = async () => (await holder.change("/appeals", "/appeals")).location!;

  it("is written step by step, each saved, and sent once however often the button is pressed", async () => {
    const appeal = await start();
    await holder.change(`${appeal}/swipes`, `${appeal}/swipes`, { swipes: ["d-1", "of-somebody-else"] });
    await holder.change(`${appeal}/statement`, `${appeal}/statement`, {
      statement: "三月一日卡不见了。\r\n当时我在杭州。",
    });
    await holder.change(`${appeal}/payment`, `${appeal}/payment`, {
      account: "4111 1111 1111 1111",
      hasAgent: "yes",
    });
    expect(pages.desk.appeals.views[0]).toMatchObject({
      statement: "三月一日卡不见了。\n当时我在杭州。",
      swipes: [{ decisionId: "d-1" }],
      bankAccountTail: "1111",
      hasAgent: true,
    });
    const check = await holder.get(`${appeal}/check`);
    expect(check.body).toContain("还没有上传委托书");
    expect(check.body).not.toContain("4111111111111111");
    const keys = keysIn(check.body);
    const sent = [await holder.post(`${appeal}/submit`, keys), await holder.post(`${appeal}/submit`, keys)];
    expect(sent.map(({ status }) => status)).toEqual([303, 303]);
    expect(pages.desk.appeals.submissions).toBe(1);
    // "Back" to a step of the draft shows how far it is.
    expect(told(await holder.get(`${appeal}/statement`))).toEqual([303, appeal]);
    expect((await holder.get(appeal)).body).toContain("已提交");
  });

  it("goes on with the draft that there is", async () => {
    expect(await start()).toBe(await start());
  });

  it("says beside the field what is missing or wrong, and keeps what was typed", async () => {
    const appeal = await start();
    expect((await holder.get(`${appeal}/check`)).body).toContain("还差");
    const none = await holder.change(`${appeal}/swipes`, `${appeal}/swipes`);
    expect([none.status, none.body.includes("请至少勾选一笔")]).toEqual([422, true]);
    const long = "很".repeat(STATEMENT_LENGTH_MAX + 1);
    const refused = await holder.change(`${appeal}/statement`, `${appeal}/statement`, { statement: long });
    expect([refused.status, refused.body.includes(long)]).toEqual([422, true]);
    const account = await holder.change(`${appeal}/payment`, `${appeal}/payment`, { account: "12345" });
    expect([account.status, account.body.includes("12 到 19 位")]).toEqual([422, true]);
    const doubted = await holder.change(`${appeal}/payment`, `${appeal}/payment`, {
      account: "4111111111111112",
    });
    expect([doubted.status, doubted.body.includes("我核对过了")]).toEqual([422, true]);
    const sure = { account: "4111111111111112", sure: "yes" };
    expect((await holder.change(`${appeal}/payment`, `${appeal}/payment`, sure)).status).toBe(303);
  });

  it("takes documents by what they are, shows their names without tricks, and gives them up again", async () => {
    const appeal = await start();
    const taken = await holder.upload(appeal, {
      name: "../../回执\u202egpj.exe",
      content: jpeg(),
      kind: "police-receipt",
    });
    expect(told(taken)).toEqual([303, `${appeal}/documents?said=uploaded`]);
    await holder.upload(appeal, { name: "a.pdf", content: pdf() });
    expect(pages.desk.appeals.views[0]!.documents).toMatchObject([
      { kind: "police-receipt", name: "回执gpj.exe", mediaType: "image/jpeg" },
      { kind: "other", name: "a.pdf", mediaType: "application/pdf" },
    ]);
    const removed = await holder.change(`${appeal}/documents`, `${appeal}/documents/doc-1/remove`);
    expect(told(removed)).toEqual([303, `${appeal}/documents?said=removed`]);
    expect((await holder.change(`${appeal}/documents`, `${appeal}/documents/doc-1/remove`)).status).toBe(303);
    expect(pages.desk.appeals.views[0]!.documents).toHaveLength(1);
  });

  it.each([
    ["a program called .jpg", Buffer.from("MZ\x90\0"), "这是一个程序"],
    ["an archive called .jpg", zip(), "这是一个压缩包"],
    ["an SVG with a script", Buffer.from("<svg onload='x()'/>"), "SVG"],
    ["a picture of 50,000 × 50,000", png({ width: 50_000, height: 50_000 }), "尺寸太大"],
    ["nothing chosen", Buffer.alloc(0), "这个文件是空的"],
  ])("refuses %s in plain words", async (_what, content, words) => {
    const appeal = await start();
    const answer = await holder.upload(appeal, { name: "photo.jpg", content });
    expect([answer.status, answer.body.includes(words)]).toEqual([422, true]);
    expect(pages.desk.appeals.views[0]!.documents).toEqual([]);
  });

  it("keeps nobody out by being sent slowly: two of one person are under way at most", async () => {
    const appeal = await start();
    const url = new URL(`${await pages.url()}${appeal}/documents`);
    const headers = { ...holder.headers, "content-type": "multipart/form-data; boundary=b" };
    const slow = [1, 2].map(() => {
      const request = httpRequest(url, { method: "POST", headers });
      request.on("error", () => {});
      request.write('--b\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n');
      return request;
    });
    const tryUntil = async (status: number) => {
      let answer = 0;
      for (let i = 0; i < 50 && answer !== status; i++) {
        answer = (await holder.upload(appeal, { name: "a.png", content: png() })).status;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return answer;
    };
    expect(await tryUntil(503)).toBe(503);
    for (const request of slow) request.destroy();
    expect(await tryUntil(303)).toBe(303);
  });

  it("refuses what is larger than 10 MiB, at once or on the way, and takes what is just as large", async () => {
    const appeal = await start();
    for (const bytes of [50 << 20, DOCUMENT_BYTES_MAX + 1]) {
      const answer = await holder.upload(appeal, { name: "big.jpg", content: Buffer.alloc(bytes, 1) });
      expect([answer.status, answer.body.includes("超过 10 MB")]).toEqual([413, true]);
    }
    const bare = jpeg().length;
    const large = jpeg({ behind: Buffer.concat([largeJpeg(DOCUMENT_BYTES_MAX - bare)]) });
    expect(large.length).toBe(DOCUMENT_BYTES_MAX);
    expect((await holder.upload(appeal, { name: "large.jpg", content: large })).status).toBe(303);
  });

  it("takes ten documents and says how to go on at the eleventh", async () => {
    const appeal = await start();
    for (let i = 0; i < DOCUMENTS_MAX; i++) await holder.upload(appeal, { name: `${i}.png`, content: png() });
    expect((await holder.get(`${appeal}/documents`)).body).toContain("请先删除一个");
  });

  it("that was returned takes what was asked for, then goes on", async () => {
    const { appealId } = pages.desk.appeals.put({
      state: "returned-for-more",
      steps: [{ state: "returned-for-more", at: "2026-03-01T08:00:00.000+08:00", note: "请补交报警回执。" }],
    });
    const appeal = `/appeals/${appealId}`;
    expect((await holder.get(appeal)).body).toContain("请补交报警回执。");
    expect((await holder.upload(appeal, { name: "a.png", content: png() })).status).toBe(303);
    expect((await holder.change(appeal, `${appeal}/supplement`)).location).toBe(
      `${appeal}?said=supplemented`,
    );
    expect(told(await holder.get(`${appeal}/documents`))).toEqual([303, appeal]);
  });

  it("shows deadlines, what was decided and why, remedies and papers", async () => {
    const { appealId } = pages.desk.appeals.put(decided);
    const appeal = `/appeals/${appealId}`;
    const { body } = await holder.get(appeal);
    for (const words of [
      "部分支持您的申诉",
      "第一笔发生在挂失生效以后。",
      "可以在 60 日内申请复议",
      "2026年5月30日",
      "已超过期限",
      "放假安排公布后可能有变动",
      "JD-2026-1",
    ])
      expect(body).toContain(words);
    // What was expected before it was decided counts no more.
    expect(body).not.toContain("按规定不由本人承担</dd>");
    const paper = await holder.get(`${appeal}/papers/paper-1`);
    expect([
      paper.headers.get("content-type"),
      paper.headers.get("content-disposition")?.split(";")[0],
    ]).toEqual(["application/pdf", "attachment"]);
    expect((await holder.get(`${appeal}/papers/paper-2`)).status).toBe(404);
  });

  it("that was decided can be reconsidered with reasons, one under way withdrawn, each after being asked", async () => {
    const first = `/appeals/${pages.desk.appeals.put(decided).appealId}`;
    expect((await holder.change(`${first}/reconsideration`, `${first}/reconsideration`)).status).toBe(422);
    const asked = await holder.change(`${first}/reconsideration`, `${first}/reconsideration`, {
      reasons: "当时我在住院。",
    });
    expect(asked.location).toBe(`${first}?said=reconsideration`);
    const second = `/appeals/${pages.desk.appeals.put({ state: "first-review" }).appealId}`;
    expect((await holder.change(`${second}/withdraw`, `${second}/withdraw`)).location).toBe(
      `${second}?said=withdrawn`,
    );
    expect(told(await holder.get(`${second}/withdraw`))).toEqual([303, second]);
  });

  it("of another person is not there, in any of its pages", async () => {
    for (const step of [
      "",
      "/statement",
      "/swipes",
      "/payment",
      "/documents",
      "/check",
      "/withdraw",
      "/papers/p",
    ])
      expect((await holder.get(`/appeals/foreign${step}`)).status).toBe(404);
    for (const step of [
      "statement",
      "swipes",
      "payment",
      "submit",
      "withdraw",
      "supplement",
      "documents/d/remove",
    ])
      expect([step, (await holder.change("/case", `/appeals/foreign/${step}`)).status]).toEqual([step, 404]);
  });
});

describe("a wrong turn", () => {
  it("after the session ended keeps what was written in sight and leads back to the page", async () => {
    const appeal = (await holder.change("/appeals", "/appeals")).location!;
    const keys = await holder.keysOn(`${appeal}/statement`);
    pages.nowMs += 21 * 60_000;
    const fields = { ...keys, statement: "写了很久的<话>" };
    const origin = await pages.url();
    const answer = await holder.post(`${appeal}/statement`, fields, { origin });
    expect(answer.status).toBe(401);
    expect(answer.body).toContain("写了很久的&lt;话&gt;");
    expect(answer.body).toContain(`/?next=${encodeURIComponent(`${appeal}/statement`)}`);
    // Not to whom another site sent it.
    const foreign = await holder.post(`${appeal}/statement`, fields, { origin: "https://evil.example" });
    expect(foreign.body).not.toContain("写了很久的");
  });

  it("into a desk that is away says that nothing is lost, and that pressing again is harmless", async () => {
    const keys = await holder.keysOn("/limits");
    pages.desk.failure = new Error("no connection");
    const shown = await holder.get("/case");
    expect([
      shown.status,
      shown.body.includes('href="/case">再试一次'),
      shown.body.includes("12393"),
    ]).toEqual([503, true, true]);
    const sent = await holder.post("/limits", { ...keys, noNight: "yes" });
    expect([sent.status, sent.body.includes("按两次也不会办重")]).toEqual([503, true]);
    expect(shown.body + sent.body).not.toContain("no connection");
    pages.desk.failure = null;
    expect((await holder.post("/limits", { ...keys, noNight: "yes" })).location).toBe("/limits?said=saved");
  });

  it.each(["/nowhere", "/case/../../etc/passwd", "/appeals/%00", "/%E0%A4%A", "/appeals/x/nothing"])(
    "to %s ends on a page with a next step",
    async (path) => {
      const { status, body } = await holder.get(path);
      expect([400, 404]).toContain(status);
      expect(body).toContain('class="button');
      expect(body).toContain("12393");
    },
  );

  it("of too large a form, or one of another kind, ends on a page too", async () => {
    const big = await holder.change("/case", "/answer", { swipe: "x".repeat(100_000) });
    expect([big.status, big.body.includes("12393")]).toEqual([413, true]);
    const keys = await holder.keysOn("/case");
    const json = await holder.post("/answer", keys, { "content-type": "application/json" });
    expect([json.status, json.body.includes("12393")]).toEqual([415, true]);
  });
});

const decided = {
  state: "decided",
  swipes: [
    {
      decisionId: "d-1",
      occurredAt: "2026-02-20T10:00:00.000+08:00",
      totalFen: 68_000,
      accountFen: 68_000,
      position: "after-effect",
      bearer: "fund-and-institution",
      because: "这一笔发生在挂失生效以后。",
      outcome: "upheld",
    },
  ],
  steps: [{ state: "decided", at: "2026-02-27T10:00:00.000+08:00", note: null }],
  deadlines: [
    {
      kind: "reconsideration",
      whose: "holder",
      dueAt: "2026-05-30T23:59:59.000+08:00",
      isUncertain: true,
      isMissed: false,
    },
    {
      kind: "decision",
      whose: "office",
      dueAt: "2026-02-20T23:59:59.000+08:00",
      isUncertain: false,
      isMissed: true,
    },
  ],
  papers: [
    {
      paperId: "paper-1",
      title: "决定书",
      number: "JD-2026-1",
      madeAt: "2026-02-27T10:00:00.000+08:00",
      sha256: "0".repeat(64),
    },
  ],
  decision: {
    result: "partly",
    reasons: "第一笔发生在挂失生效以后。\n第二笔由您本人完成。",
    decidedAt: "2026-02-27T10:00:00.000+08:00",
    remedies: ["可以在 60 日内申请复议。", "可以在 6 个月内提起诉讼。"],
  },
} as const satisfies Partial<Parameters<CitizenPages["desk"]["appeals"]["put"]>[0]> as never as Parameters<
  CitizenPages["desk"]["appeals"]["put"]
>[0];

/** A whole JPEG of so many bytes: a large scan. */
function largeJpeg(bytes: number): Buffer {
  const small = jpeg();
  const end = Buffer.from([0xff, 0xd9]);
  return Buffer.concat([small.subarray(0, -2), Buffer.alloc(bytes - small.length, 0x11), end]);
}
