/** Entering: who is let in, who is not, and that nobody learns from the answers which cases there are. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { ANSWER_STEP_MS, DOOR_LIMITS, TRIES_MAX } from "../../services/console/citizen/door/door-limits.js";
import { CitizenDatabase, CitizenPages, START_MS } from "./support/citizen-pages.js";
import { CODE } from "./support/memory-desk.js";
import { keysIn } from "./support/visitor.js";

let database: CitizenDatabase;
let pages: CitizenPages;
const MINUTE_MS = 60_000;

beforeAll(async () => {
  database = await CitizenDatabase.open();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.empty();
  pages = new CitizenPages(database.database);
});
afterEach(() => pages.close());

const lastCode = () => pages.desk.sms.at(-1)!.code;
const otherThan = (code: string) => (code === "000000" ? "000001" : "000000");
/** What differs between any two pages. */
const withoutKeys = (page: string) => page.replace(/name="(csrf|formId)" value="[^"]*"/g, "");

describe("the right code and ID ending", () => {
  it("bring an SMS, whose code opens the case", async () => {
    const visitor = pages.visitor();
    expect((await visitor.knock(CODE, "123X")).location).toBe("/code?next=");
    expect(pages.desk.sms).toHaveLength(1);
    const entered = await visitor.enter(lastCode());
    expect([entered.status, entered.location]).toEqual([303, "/case"]);
    expect((await visitor.get("/case")).body).toContain("宣城市某药店");
  });

  it.each(["k7m2q9xw", "Ｋ７Ｍ２－Ｑ９ＸＷ", " K7M2 Q9XW ", "k7m2—q9xw"])(
    "are known however they are typed: %s",
    async (code) => {
      await pages.visitor().knock(code, "１２３ｘ");
      expect(pages.desk.sms).toHaveLength(1);
    },
  );

  it("let in twice where the button is pressed twice, and once only afterwards", async () => {
    const visitor = pages.visitor();
    await visitor.knock(CODE, "123X");
    const keys = await visitor.keysOn("/code");
    const before = new Map(visitor.cookies);
    const again = async () => {
      visitor.cookies.clear();
      for (const [name, value] of before) visitor.cookies.set(name, value);
      return visitor.post("/code", { ...keys, oneTimeCode: lastCode() });
    };
    expect((await again()).status).toBe(303);
    expect((await again()).status).toBe(303);
    pages.nowMs += MINUTE_MS;
    expect((await again()).status).toBe(410);
  });

  it("bring whoever was signed out to where he was", async () => {
    const visitor = pages.visitor();
    const sent = await visitor.get("/appeals/a-1/statement");
    expect(sent.location).toBe("/?next=%2Fappeals%2Fa-1%2Fstatement");
    const keys = await visitor.keysOn(sent.location!);
    await visitor.post("/entry", { ...keys, code: CODE, last4: "123X", next: "/appeals/a-1/statement" });
    const opened = await visitor.post("/code", {
      ...(await visitor.keysOn("/code")),
      oneTimeCode: lastCode(),
      next: "/appeals/a-1/statement",
    });
    expect(opened.location).toBe("/appeals/a-1/statement");
  });

  it.each(["https://evil.example/", "//evil.example", "/\\evil", "/case/../../x", "javascript:alert(1)"])(
    "never lead out of these pages: %s",
    async (next) => {
      const visitor = pages.visitor();
      await visitor.knock(CODE, "123X");
      const keys = await visitor.keysOn("/code");
      const opened = await visitor.post("/code", { ...keys, oneTimeCode: lastCode(), next });
      expect(opened.location).toBe("/case");
    },
  );
});

describe("an unknown code, another's ID ending, or no telephone number", () => {
  const WRONG: readonly (readonly [string, string])[] = [
    ["0000-0000", "123X"],
    [CODE, "1231"],
    ["0000-0000", "0000"],
  ];

  it("are answered as the right ones are: page by page, word by word, at the same step of time", async () => {
    const storyOf = async (code: string, last4: string) => {
      await database.empty();
      const one = new CitizenPages(database.database);
      const visitor = one.visitor();
      const answers = [await visitor.knock(code, last4), await visitor.get("/code")];
      const keys = keysIn(answers[1]!.body);
      const right = one.desk.sms.at(-1)?.code ?? "000000";
      answers.push(await visitor.post("/code", { ...keys, oneTimeCode: otherThan(right) }));
      answers.push(await visitor.post("/code/again", keys));
      one.nowMs += MINUTE_MS;
      answers.push(await visitor.post("/code/again", keys));
      const told = answers.map(({ status, location, body }) => [status, location, withoutKeys(body)]);
      await one.close();
      return { told, sleptMs: one.sleptMs, sms: one.desk.sms.length };
    };
    const right = await storyOf(CODE, "123X");
    expect(right.sms).toBe(2);
    for (const [code, last4] of WRONG) {
      const wrong = await storyOf(code, last4);
      expect(wrong).toEqual({ ...right, sms: 0 });
    }
    expect(right.sleptMs.every((ms) => ms > 0 && ms <= ANSWER_STEP_MS)).toBe(true);
  });

  it("are not answered before that step", async () => {
    const visitor = pages.visitor();
    const keys = await visitor.keysOn("/");
    let isOver = false;
    pages.wait = async () => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      isOver = true;
    };
    await visitor.post("/entry", { ...keys, code: CODE, last4: "123X" });
    expect(isOver).toBe(true);
    isOver = false;
    pages.desk.failure = new Error("the database is away");
    const failed = await visitor.post("/entry", { ...keys, code: CODE, last4: "123X" });
    expect([failed.status, isOver]).toEqual([503, true]);
  });

  it("never open, whatever code is tried", async () => {
    const visitor = pages.visitor();
    await visitor.knock("0000-0000", "123X");
    for (let i = 0; i < TRIES_MAX - 1; i++)
      expect((await visitor.enter("123456")).location).toBe("/code?wrong=code&next=");
    expect((await visitor.enter("123456")).status).toBe(410);
    expect((await visitor.get("/case")).location).toBe("/?next=%2Fcase");
  });

  it("cannot be told from a case that is not one's own", async () => {
    const visitor = await pages.signedIn();
    pages.desk.appeals.put({ appealId: "mine" });
    const foreign = await visitor.get("/appeals/of-somebody-else");
    const never = await visitor.get("/appeals/never-was");
    expect(foreign.status).toBe(404);
    expect(withoutKeys(foreign.body)).toBe(withoutKeys(never.body));
  });
});

describe("what is typed wrong", () => {
  it.each([
    ["K7M2", "123X", "编号是 8 位"],
    [CODE, "12", "身份证号码的最后四位"],
    ["<script>", "123X", "&lt;script&gt;"],
  ])("is told beside its field and costs nothing: %s %s", async (code, last4, said) => {
    const answer = await pages.visitor().knock(code, last4);
    expect(answer.status).toBe(422);
    expect(answer.body).toContain(said);
    expect(await database.tables.selectFrom("citizen_tallies").selectAll().execute()).toEqual([]);
  });

  it("as a one-time code leaves four more tries, then asks to begin again", async () => {
    const visitor = pages.visitor();
    await visitor.knock(CODE, "123X");
    const wrong = otherThan(lastCode());
    const told = await visitor.get((await visitor.enter(wrong)).location!);
    expect(told.body).toContain("还可以试 4 次");
    for (let i = 0; i < TRIES_MAX - 2; i++) await visitor.enter(wrong);
    const last = await visitor.enter(wrong);
    expect([last.status, last.body.includes("请重新填写")]).toEqual([410, true]);
    // Also the right one does not open any more.
    expect((await visitor.post("/code", { ...keysIn(last.body), oneTimeCode: lastCode() })).status).toBe(410);
  });
});

describe("a one-time code", () => {
  it("is refused after five minutes", async () => {
    const visitor = pages.visitor();
    await visitor.knock(CODE, "123X");
    pages.nowMs += 5 * MINUTE_MS;
    expect((await visitor.enter(lastCode())).status).toBe(410);
  });

  it("is void when another was sent", async () => {
    const visitor = pages.visitor();
    await visitor.knock(CODE, "123X");
    const first = lastCode();
    pages.nowMs += MINUTE_MS;
    const keys = await visitor.keysOn("/code");
    expect((await visitor.post("/code/again", keys)).status).toBe(303);
    const isSame = first === lastCode();
    if (!isSame) expect((await visitor.enter(first)).location).toBe("/code?wrong=code&next=");
    expect((await visitor.enter(lastCode())).location).toBe("/case");
  });

  it("goes on to open where the next one was held back by the ledger of SMS, by either button", async () => {
    for (const path of ["/entry", "/code/again"]) {
      await database.empty();
      const visitor = pages.visitor();
      pages.nowMs = Date.parse("2026-03-02T10:00:50.000+08:00");
      await visitor.knock(CODE, "123X");
      const code = lastCode();
      // Another minute on the clock, not yet a minute later.
      pages.nowMs += 15_000;
      pages.desk.heldUntilMs = pages.nowMs + MINUTE_MS;
      const keys = await visitor.keysOn("/code");
      expect((await visitor.post(path, { ...keys, code: CODE, last4: "123X" })).status).toBe(303);
      pages.desk.heldUntilMs = null;
      expect((await visitor.enter(code)).location).toBe("/case");
    }
  });

  it("lies in no table as it is, nor does what was typed or where it came from", async () => {
    const visitor = pages.visitor("203.0.113.99");
    await visitor.knock(CODE, "123X");
    const rows = JSON.stringify([
      await database.tables.selectFrom("citizen_entries").selectAll().execute(),
      await database.tables.selectFrom("citizen_tallies").selectAll().execute(),
    ]);
    for (const secret of [lastCode(), CODE, CODE.replace("-", ""), "123X", "203.0.113.99", "13800000000"])
      expect(rows).not.toContain(secret);
  });

  it("goes out at most once a minute, five times an hour and ten times a day", async () => {
    const sentAtMs: number[] = [];
    pages.nowMs = Date.parse("2026-03-02T00:00:00.000+08:00");
    for (let attempt = 0; attempt < 60; attempt++) {
      const visitor = pages.visitor(`198.51.100.${attempt}`);
      await visitor.knock(CODE, "123X");
      if (attempt % 3 === 0) await visitor.post("/code/again", await visitor.keysOn("/code"));
      while (sentAtMs.length < pages.desk.sms.length) sentAtMs.push(pages.nowMs);
      pages.nowMs += attempt % 2 === 0 ? 30_000 : 20 * MINUTE_MS;
    }
    const most = (windowMs: number) =>
      Math.max(
        ...sentAtMs.map(
          (at) => sentAtMs.filter((other) => startOf(other, windowMs) === startOf(at, windowMs)).length,
        ),
      );
    const { sendMinute, sendHour, sendDay } = DOOR_LIMITS;
    expect([most(sendMinute.windowMs), most(sendHour.windowMs), most(sendDay.windowMs)]).toEqual([
      sendMinute.max,
      sendHour.max,
      sendDay.max,
    ]);
  });
});

describe("too many attempts", () => {
  it("on one code lock it for whoever comes, known or not, and say until when", async () => {
    for (const code of [CODE, "0000-0000"]) {
      let answer = await pages.visitor("198.51.100.1").knock(code, "0000");
      for (let i = 1; i <= DOOR_LIMITS.codeHour.max; i++)
        answer = await pages.visitor(`198.51.100.${i}`).knock(code, "0000");
      expect([code, answer.status]).toEqual([code, 429]);
      expect(answer.body).toContain("2026年3月1日 10:00");
    }
    pages.nowMs = Date.parse("2026-03-01T10:00:00.000+08:00");
    expect((await pages.visitor().knock(CODE, "123X")).status).toBe(303);
  });

  it("from one address lock that address, whichever of its IPv6 numbers it uses", async () => {
    const tried = [];
    for (let i = 0; i <= DOOR_LIMITS.addressQuarter.max; i++)
      tried.push((await pages.visitor(`2001:db8:1:2::${i + 1}`).knock(codeNumber(i), "0000")).status);
    expect(tried.indexOf(429)).toBe(DOOR_LIMITS.addressQuarter.max);
    expect((await pages.visitor("2001:db8:1:3::1").knock(CODE, "123X")).status).toBe(303);
  });

  it("hold over a restart, as a session does", async () => {
    const visitor = await pages.signedIn();
    for (let i = 0; i < DOOR_LIMITS.codeHour.max; i++)
      await pages.visitor(`198.51.100.${i}`).knock(CODE, "0000");
    await pages.restart();
    expect((await pages.visitor("198.51.100.77").knock(CODE, "0000")).status).toBe(429);
    expect((await visitor.get("/case")).status).toBe(200);
  });

  it("at unknown codes from everywhere leave each address four an hour", async () => {
    const { name, max, windowMs } = DOOR_LIMITS.unknownHour;
    const windowStart = START_MS - (START_MS % windowMs);
    await database.tables
      .insertInto("citizen_tallies")
      .values({ tally_key: `${name}:all`, window_start_ms: windowStart, count: max })
      .execute();
    const tried = [];
    for (let i = 0; i <= DOOR_LIMITS.addressPressed.max; i++)
      tried.push((await pages.visitor().knock(codeNumber(i), "0000")).status);
    expect(tried).toEqual([...Array(DOOR_LIMITS.addressPressed.max).fill(303), 429]);
    expect((await pages.visitor("192.0.2.1").knock(CODE, "123X")).status).toBe(303);
  });

  it("of one-time codes lock the case until tomorrow, also with the right one", async () => {
    const { max } = DOOR_LIMITS.wrongDay;
    for (let i = 0; i * TRIES_MAX < max; i++) {
      pages.nowMs += 2 * MINUTE_MS;
      const visitor = pages.visitor(`198.51.100.${i}`);
      await visitor.knock(CODE, "123X");
      for (let j = 0; j < TRIES_MAX; j++) await visitor.enter(otherThan(lastCode()));
    }
    pages.nowMs += 2 * MINUTE_MS;
    const answer = await pages.visitor().knock(CODE, "123X");
    expect(answer.status).toBe(429);
    expect(answer.body).toContain("2026年3月2日 00:00");
  });
});

describe("what is counted", () => {
  const wrongOnes = () =>
    database.tables
      .selectFrom("citizen_tallies")
      .select("count")
      .where("tally_key", "like", `${DOOR_LIMITS.wrongDay.name}:%`)
      .execute();

  it("are wrong one-time codes, whenever they come at once; right ones are given back", async () => {
    const visitor = pages.visitor();
    await visitor.knock(CODE, "123X");
    await Promise.all(Array.from({ length: 3 }, () => visitor.enter(otherThan(lastCode()))));
    expect(await wrongOnes()).toEqual([{ count: 3 }]);
    await visitor.enter(lastCode());
    expect(await wrongOnes()).toEqual([{ count: 3 }]);
  });

  it("of codes sent is told with its own end, whether the case is there or not", async () => {
    const { name, max, windowMs } = DOOR_LIMITS.sendDay;
    for (const code of [CODE, codeNumber(7)]) {
      const visitor = pages.visitor();
      await visitor.knock(code, "123X");
      await database.tables
        .updateTable("citizen_tallies")
        .set({ count: max })
        .where("tally_key", "like", `${name}:%`)
        .execute();
      const { body } = await visitor.get("/code");
      expect(windowMs).toBe(86_400_000);
      expect(body).toContain("2026年3月2日 00:00 以后可以再发一次");
    }
  });
});

describe("a session", () => {
  it("ends after twenty minutes without a request, and after two hours in all", async () => {
    const idle = await pages.signedIn();
    pages.nowMs += 20 * MINUTE_MS;
    const ended = await idle.get("/cards");
    expect([ended.status, ended.body.includes("您已自动退出")]).toEqual([401, true]);
    pages.nowMs += 60 * MINUTE_MS;
    const busy = await pages.signedIn();
    for (let minutes = 15; minutes < 120; minutes += 15) {
      pages.nowMs += 15 * MINUTE_MS;
      expect((await busy.get("/cards")).status).toBe(200);
    }
    pages.nowMs += 15 * MINUTE_MS;
    expect((await busy.get("/cards")).status).toBe(401);
  });

  it("is over on leaving, for the back button too", async () => {
    const visitor = await pages.signedIn();
    const cookie = new Map(visitor.cookies);
    expect((await visitor.change("/case", "/leave")).location).toBe("/left");
    for (const [name, value] of cookie) visitor.cookies.set(name, value);
    expect((await visitor.get("/case")).status).toBe(401);
  });

  it("is not ended from another site: a form of it comes without the cookie", async () => {
    const visitor = await pages.signedIn();
    const other = pages.visitor();
    for (const path of ["/leave", "/limits"]) {
      const answer = await other.post(path, {}, { origin: "https://other.example" });
      expect(answer.headers.getSetCookie().filter((cookie) => cookie.startsWith("kadun-in"))).toEqual([]);
    }
    expect((await visitor.get("/case")).status).toBe(200);
  });

  it("lies hashed in the database and in a cookie that scripts, other sites and other hosts cannot touch", async () => {
    const secure = new CitizenPages(database.database, { origin: "https://yb.example.cn" });
    const visitor = secure.visitor();
    const headers = { origin: "https://yb.example.cn" };
    await visitor.post("/entry", { ...(await visitor.keysOn("/")), code: CODE, last4: "123X" }, headers);
    const entered = await visitor.post(
      "/code",
      { ...(await visitor.keysOn("/code")), oneTimeCode: secure.desk.sms.at(-1)!.code },
      headers,
    );
    const [cookie] = entered.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-kadun-in=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
    const rows = JSON.stringify(await database.tables.selectFrom("citizen_sessions").selectAll().execute());
    expect(rows).not.toContain(visitor.cookies.get("__Host-kadun-in"));
    expect(entered.headers.get("strict-transport-security")).toBe("max-age=31536000");
    await secure.close();
  });
});

describe("a form", () => {
  it("without its token, with another session's, or from another site does nothing", async () => {
    const visitor = await pages.signedIn();
    const keys = await visitor.keysOn("/case");
    const other = await pages.visitor("192.0.2.9").keysOn("/");
    const fields = { swipe: "d-1", answer: "not-mine" };
    const refused = [
      await visitor.post("/answer", fields),
      await visitor.post("/answer", { ...fields, ...other }),
      await visitor.post("/answer", { ...fields, ...keys }, { origin: "https://evil.example" }),
      await visitor.post("/answer", { ...fields, ...keys }, { origin: "null" }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(pages.desk.answers.size).toBe(0);
  });

  it("is shown with headers that forbid scripts, frames and everything from elsewhere", async () => {
    const { headers, body } = await pages.visitor().get("/");
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body).not.toMatch(/<script|style=|https?:\/\//);
  });
});

function codeNumber(i: number): string {
  return `0000-${String(i).padStart(4, "0")}`;
}

function startOf(ms: number, windowMs: number): number {
  return Math.floor((ms + 8 * 3_600_000) / windowMs);
}
