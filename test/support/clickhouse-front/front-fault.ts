/** What the front does wrong on command. */
export type FrontFault =
  /** A proxy's answer: the statement is not run. */
  | { readonly kind: "status"; readonly status: number }
  /** An error of the engine: the statement is not run. */
  | { readonly kind: "exception"; readonly code: number; readonly name: string }
  /** The connection ends; the statement is not run. */
  | { readonly kind: "cut-before" }
  /** The statement is run, then the connection ends without a byte of an answer. */
  | { readonly kind: "cut-applied" }
  /** The statement is run, half of the answer is sent, then the connection ends. */
  | { readonly kind: "cut-answer" }
  /** Half of the answer, then silence. */
  | { readonly kind: "stall-answer" }
  /** Half of the answer, then the text of an error, as servers do that have sent rows already. */
  | { readonly kind: "exception-behind-rows" }
  /** Nothing at all, ever. */
  | { readonly kind: "hang" }
  /** The statement is run, the answer comes later. */
  | { readonly kind: "slow"; readonly ms: number };

/** A fault for the next so many requests of a kind. */
export interface FaultPlan {
  readonly fault: FrontFault;
  readonly on: RequestKind | "any";
  readonly times: number;
}

export type RequestKind = "insert" | "query" | "other";

/** Plans in their order; each is used up by the requests it fits. */
export class FaultPlans {
  private readonly plans: { fault: FrontFault; on: FaultPlan["on"]; times: number }[] = [];

  add(plan: FaultPlan): void {
    this.plans.push({ ...plan });
  }

  clear(): void {
    this.plans.length = 0;
  }

  take(kind: RequestKind): FrontFault | null {
    const plan = this.plans.find(({ on, times }) => times > 0 && (on === "any" || on === kind));
    if (plan === undefined) return null;
    plan.times--;
    return plan.fault;
  }
}
