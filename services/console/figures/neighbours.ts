/**
 * Whom somebody shares terminals with: where the person was and by whom it was accompanied (one hop), who else was stopped
 * at those terminals (two hops). Numbers are bounded: the newest swipes, the terminals used most, those stopped oftenest.
 */

import type { Row } from "../../../platform/analytics/analytics-database.js";
import type { GraphEdge, GraphNode, NeighbourGraph } from "../../../schemas/http/figures.js";
import { type FiguresDesk, GRAPH_NODES_MAX, NEIGHBOURS_DAYS_MAX } from "../server/figures-desk.js";
import { numberIn, textIn } from "./figure-sums.js";
import { ask, checkRange, type FiguresDatabase, scopeCondition } from "./figures-query.js";
import { keysOf, stoppedOf } from "./person-rows.js";

/** The newest of the person's swipes within the range. */
const SWIPES_MAX = 500;
/** Terminals of which it is asked who else was stopped there. */
const TERMINALS_MAX = 8;
/** Of one terminal. */
const OTHERS_MAX = 6;

export async function neighbours(
  database: FiguresDatabase,
  { scope, personKey, range }: Parameters<FiguresDesk["neighbours"]>[0],
): Promise<NeighbourGraph> {
  checkRange(range, NEIGHBOURS_DAYS_MAX);
  const keys = await keysOf(database, personKey);
  const { sql, parameters } = scopeCondition(scope);
  const bounds = { from: range.from, to: range.to };
  const swipes = await ask(database, {
    sql: `SELECT institutionId, institutionName, terminalId, agentKey, partition, toFloat64(logOffset) AS journal
      FROM journal_records
      WHERE has({keys:Array(String)}, personKey) AND personKey IN ({keys:Array(String)}) AND type = 'swipe'
        AND occurredAt >= fromUnixTimestamp64Milli({from:Int64}) AND occurredAt < fromUnixTimestamp64Milli({to:Int64}) AND ${sql}
      ORDER BY occurredAt DESC LIMIT 1 BY partition, logOffset LIMIT ${SWIPES_MAX + 1}`,
    parameters: { ...parameters, ...bounds, keys: [...keys] },
  });
  const graph = new Graph(personKey);
  if (swipes.length === 0) return graph.result(false);
  const stopped = await stoppedOf(database, keys);
  for (const row of swipes.slice(0, SWIPES_MAX))
    graph.addSwipe(row, stopped.has(`${numberIn(row, "partition")}/${numberIn(row, "journal")}`));
  const terminals = graph.busiestTerminals(TERMINALS_MAX);
  if (terminals.length > 0) {
    const others = await ask(database, {
      sql: `SELECT institutionId, terminalId, lower(hex(personKey)) AS person,
          toFloat64(uniqExact(partition, journalOffset, sequence)) AS stopped
        FROM stopped_swipes
        WHERE (institutionId, terminalId) IN (
            SELECT place.1, place.2
            FROM (SELECT arrayJoin(arrayZip({institutions:Array(String)}, {terminals:Array(String)})) AS place)
          )
          AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64}) AND ${sql}
        GROUP BY institutionId, terminalId, personKey HAVING NOT has({keys:Array(String)}, person)
        ORDER BY stopped DESC, person LIMIT ${OTHERS_MAX + 1} BY institutionId, terminalId`,
      parameters: {
        ...{ ...parameters, ...bounds, keys: [...keys] },
        institutions: terminals.map(({ institutionId }) => institutionId),
        terminals: terminals.map(({ terminalId }) => terminalId),
      },
    });
    graph.addOthers(others);
  }
  return graph.result(swipes.length > SWIPES_MAX);
}

class Graph {
  private readonly nodes = new Map<string, GraphNode>();
  private readonly edges = new Map<string, GraphEdge>();
  private readonly person: string;
  private isCut = false;

  constructor(personKey: string) {
    this.person = `person:${personKey}`;
    this.count({ kind: "person", key: personKey, name: "", hop: 0 }, 0, 0);
  }

  addSwipe(row: Row, isStopped: boolean): void {
    const institutionId = textIn(row, "institutionId");
    const stopped = isStopped ? 1 : 0;
    const institution = this.count(
      { kind: "institution", key: institutionId, name: textIn(row, "institutionName"), hop: 1 },
      1,
      stopped,
    );
    this.nodes.set(this.person, add(this.nodes.get(this.person)!, 1, stopped));
    const terminalId = textIn(row, "terminalId");
    if (terminalId === "") this.connect(this.person, institution, 1, stopped);
    else {
      const key = `${institutionId}/${terminalId}`;
      const terminal = this.count({ kind: "terminal", key, name: terminalId, hop: 1 }, 1, stopped);
      this.connect(this.person, terminal, 1, stopped);
      this.connect(terminal, institution, 1, stopped);
    }
    const agentKey = textIn(row, "agentKey");
    if (agentKey === "") return;
    const agent = this.count({ kind: "agent", key: agentKey, name: "", hop: 1 }, 1, stopped);
    this.connect(this.person, agent, 1, stopped);
  }

  busiestTerminals(
    limit: number,
  ): readonly { readonly institutionId: string; readonly terminalId: string }[] {
    return [...this.nodes.values()]
      .filter(({ kind }) => kind === "terminal")
      .sort((a, b) => b.stopped - a.stopped || b.swipes - a.swipes || (a.key < b.key ? -1 : 1))
      .slice(0, limit)
      .map(({ key, name }) => ({ institutionId: key.slice(0, -`/${name}`.length), terminalId: name }));
  }

  /** Of each terminal one more than is shown, to know that there are more. */
  addOthers(rows: readonly Row[]): void {
    const shown = new Map<string, number>();
    for (const row of rows) {
      const terminal = `terminal:${textIn(row, "institutionId")}/${textIn(row, "terminalId")}`;
      const count = (shown.get(terminal) ?? 0) + 1;
      shown.set(terminal, count);
      if (count > OTHERS_MAX) this.isCut = true;
      else {
        const stopped = numberIn(row, "stopped");
        const other = { kind: "person", key: textIn(row, "person"), name: "", hop: 2 } as const;
        this.connect(this.count(other, stopped, stopped), terminal, stopped, stopped);
      }
    }
  }

  /** The nearest and most used; edges of those that are left out go too. */
  result(isCut: boolean): NeighbourGraph {
    const nodes = [...this.nodes].sort(
      ([, a], [, b]) =>
        a.hop - b.hop || b.stopped - a.stopped || b.swipes - a.swipes || (a.key < b.key ? -1 : 1),
    );
    const kept = new Map(nodes.slice(0, GRAPH_NODES_MAX));
    return {
      nodes: [...kept.values()],
      edges: [...this.edges.values()].filter(({ from, to }) => kept.has(from) && kept.has(to)),
      isCut: isCut || this.isCut || nodes.length > GRAPH_NODES_MAX,
    };
  }

  private count(node: Omit<GraphNode, "swipes" | "stopped">, swipes: number, stopped: number): string {
    const id = `${node.kind}:${node.key}`;
    this.nodes.set(id, add(this.nodes.get(id) ?? { ...node, swipes: 0, stopped: 0 }, swipes, stopped));
    return id;
  }

  private connect(from: string, to: string, swipes: number, stopped: number): void {
    const id = `${from}\n${to}`;
    this.edges.set(id, add(this.edges.get(id) ?? { from, to, swipes: 0, stopped: 0 }, swipes, stopped));
  }
}

function add<T extends { readonly swipes: number; readonly stopped: number }>(
  to: T,
  swipes: number,
  stopped: number,
): T {
  return { ...to, swipes: to.swipes + swipes, stopped: to.stopped + stopped };
}
