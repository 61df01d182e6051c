/** What waits to be done, what is under way, what became of it: said where everybody hears it. */

import { Alert, Button, Flex } from "antd";
import { Link } from "react-router-dom";
import type { QueueOperation } from "../../../../../schemas/http/queue.js";
import { filled, useWords } from "../../words/words.js";
import type { useOperations } from "./use-operations.js";
import { queueWords } from "./words.js";

type Operations = Pick<ReturnType<typeof useOperations>, "told" | "nowMs" | "takeBack" | "dismiss">;

export function OperationNotes({ operations }: { readonly operations: Operations }) {
  return (
    <div role="status" aria-live="polite">
      {operations.told.map((operation) => (
        <Note key={operation.operationId} operation={operation} {...operations} />
      ))}
    </div>
  );
}

const NAMES = { assign: "opAssign", triage: "opTriage", note: "opNote", clear: "opClear" } as const;

function Note({
  operation,
  nowMs,
  takeBack,
  dismiss,
}: Omit<Operations, "told"> & { readonly operation: QueueOperation }) {
  const words = useWords(queueWords);
  const text = useNoteText(operation, nowMs);
  const { operationId, status, results } = operation;
  const refused = results.filter(({ code }) => code !== null);
  return (
    <Alert
      type={refused.length > 0 || status === "expired" ? "warning" : "info"}
      showIcon
      title={text}
      style={{ marginBottom: 8 }}
      description={refused.length === 0 ? undefined : <Refusals refused={refused} />}
      action={
        status === "waiting" ? (
          <Button size="small" aria-keyshortcuts="u" onClick={() => takeBack(operationId)}>
            {words.undo}
          </Button>
        ) : status === "running" ? undefined : (
          <Button size="small" onClick={() => dismiss(operationId)}>
            {words.dismiss}
          </Button>
        )
      }
    />
  );
}

function useNoteText(
  { command, cases: count, status, results, runsAt }: QueueOperation,
  nowMs: number,
): string {
  const words = useWords(queueWords);
  // It is asked how far it is each second.
  const seconds = Math.max(0, Math.ceil((Date.parse(runsAt) - nowMs) / 1000));
  const what = words[NAMES[command]];
  const refused = results.filter(({ code }) => code !== null).length;
  switch (status) {
    case "waiting":
      return filled(words.opWaiting, { what, count, seconds });
    case "running":
      return filled(words.opRunning, { what, count, done: results.length });
    case "taken-back":
      return filled(words.opTakenBack, { what, count });
    case "expired":
      return filled(words.opExpired, { what, count });
    case "done":
      return (
        filled(words.opDone, { what, ok: results.length - refused }) +
        (refused === 0 ? "" : filled(words.opRefused, { refused }))
      );
  }
}

function Refusals({ refused }: { readonly refused: QueueOperation["results"] }) {
  const words = useWords(queueWords);
  return (
    <Flex vertical component="ul" style={{ margin: 0, paddingLeft: 20 }}>
      {refused.map(({ caseId, code, detail }) => (
        <li key={caseId}>
          <Link to={`/cases/${encodeURIComponent(caseId)}`} className="code">
            {caseId}
          </Link>
          {" · "}
          {code === "CONFLICT" ? words.opConflict : `${detail ?? ""} (${code})`}
        </li>
      ))}
    </Flex>
  );
}
