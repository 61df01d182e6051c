/**
 * Two analysts and a decider of a story's office: the appeal through its reviews, the case to what two people establish; and
 * what its ledger says of an SMS.
 */

import { appealDetail, appealPageAnswer, reversalPageAnswer } from "../../../schemas/http/appeals.js";
import { caseDetail, casePageAnswer } from "../../../schemas/http/cases.js";
import { peopleAnswer } from "../../../schemas/http/rules-people.js";
import { type SmsSummary, smsPageAnswer } from "../../../schemas/http/sms.js";
import { ConsoleClient } from "../../embedded/console-client.js";
import { officeUrlOf } from "../../embedded/local-client.js";
import { OperatingError } from "../../exit-status.js";

/** Names of nobody. */
const PEOPLE = ["li", "wang", "zhao"] as const;
type Person = (typeof PEOPLE)[number];

const REASONS =
  "申诉人在有关时段的其他消费均在杭州；有关消费发生在宣城，此前有两次密码输错，后续各次无密码核验记录。据此认定有关消费不是申诉人本人所为。";

export class StoryOffice {
  private constructor(
    private readonly clients: ReadonlyMap<Person, ConsoleClient>,
    private readonly local: ConsoleClient,
  ) {}

  /** Adds its people. */
  static async open(data: string): Promise<StoryOffice> {
    const local = ConsoleClient.local({ data });
    const url = officeUrlOf(data);
    const clients = new Map<Person, ConsoleClient>();
    try {
      for (const name of PEOPLE) {
        const { key } = await local.post("/v1/people", { action: "add", name }, peopleAnswer);
        if (key === null) throw new OperatingError(`${name} got no key`);
        clients.set(name, ConsoleClient.by({ name: data, url, key }));
      }
    } catch (error) {
      local.close();
      throw error;
    }
    return new StoryOffice(clients, local);
  }

  /** The one case there is of a person. */
  async caseOfPerson(): Promise<string> {
    const { cases } = await this.as("li").get("/v1/cases", casePageAnswer);
    const found = cases.find(({ subjectKind }) => subjectKind === "person");
    if (found !== undefined) return found.caseId;
    throw new OperatingError("no case came of the story: look into its log with --keep DIR");
  }

  /** Through both reviews and the investigation; each swipe is decided for the holder. @returns what was done, a line each. */
  async decideAppeal(): Promise<readonly string[]> {
    const appealId = (await this.as("li").get("/v1/appeals", appealPageAnswer)).appeals[0]?.appealId;
    if (appealId === undefined) throw new OperatingError("no appeal came to the office");
    const path = `/v1/appeals/${encodeURIComponent(appealId)}`;
    const steps: readonly (readonly [Person, string, Readonly<Record<string, unknown>>])[] = [
      ["li", "acceptance", {}],
      ["li", "reviews", { opinion: "材料齐全，有接报案回执。" }],
      ["wang", "reviews", { opinion: "有关消费与申诉人同期消费地点不符，建议调查核实。" }],
      ["li", "findings", { findings: "已核对终端、经办人和密码核验记录。" }],
    ];
    const done: string[] = [];
    for (const [person, step, body] of steps) {
      const { version } = await this.as(person).get(path, appealDetail);
      const after = await this.as(person).post(`${path}/${step}`, { version, ...body }, appealDetail);
      done.push(`${person}: ${step}, now ${after.state}`);
    }
    const before = await this.as("zhao").get(path, appealDetail);
    const outcomes = Object.fromEntries(before.swipes.map(({ decisionId }) => [decisionId, "upheld"]));
    const { version } = before;
    const decided = await this.as("zhao").post(
      `${path}/decision`,
      { version, outcomes, reasons: REASONS },
      appealDetail,
    );
    done.push(`zhao: decision ${decided.decision?.result ?? "proposed"}, now ${decided.state}`);
    return done;
  }

  /** What one proposes another approves. */
  async confirmCase(caseId: string): Promise<readonly string[]> {
    const path = `/v1/cases/${encodeURIComponent(caseId)}`;
    const { version } = await this.as("li").get(path, caseDetail);
    const taken = await this.as("li").post(`${path}/assignment`, { version }, caseDetail);
    const begun = await this.as("li").post(
      `${path}/transitions`,
      { version: taken.version, to: "investigating" },
      caseDetail,
    );
    const proposed = await this.as("li").post(
      `${path}/transitions`,
      { version: begun.version, to: "confirmed", reason: "申诉已查清：有关消费不是持卡人本人所为。" },
      caseDetail,
    );
    const proposal = proposed.proposals.find(({ status }) => status === "open");
    if (proposal === undefined) throw new OperatingError(`case ${caseId}: nothing was proposed`);
    const approved = await this.as("wang").post(
      `${path}/proposals/${proposal.proposalId}/approval`,
      { version: proposed.version },
      caseDetail,
    );
    return ["li: takes the case, proposes 'confirmed'", `wang: approves, now ${approved.state}`];
  }

  /** Settlements that the network is asked to take back. */
  async reversals(): Promise<{ readonly count: number; readonly totalFen: number }> {
    const { reversals } = await this.as("li").get("/v1/reversals", reversalPageAnswer);
    const open = reversals.filter(({ status }) => status === "to-hand-over");
    return { count: open.length, totalFen: open.reduce((sum, { totalFen }) => sum + totalFen, 0) };
  }

  /** One that waits for the morning: at night no telephone rings for it. null: none does. */
  async smsOfTheMorning(situation: string): Promise<SmsSummary | null> {
    const { sms } = await this.local.get("/v1/sms?status=queued", smsPageAnswer);
    return sms.find((one) => one.situation === situation && one.notBefore !== null) ?? null;
  }

  close(): void {
    for (const client of [...this.clients.values(), this.local]) client.close();
  }

  private as(person: Person): ConsoleClient {
    return this.clients.get(person)!;
  }
}
