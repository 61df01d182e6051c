/** What the reader asked to be done to cases: asked for, followed, taken back. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useEffect, useRef, useState } from "react";
import type { QueueCommand, QueueItem, QueueOperation } from "../../../../../schemas/http/queue.js";
import { QUEUE_ROUTES } from "../../../../../schemas/http/queue-routes.js";
import { ask, Refused } from "../../app/ask.js";

const OPERATIONS_KEY = ["queue-operations"] as const;
const FOLLOW_EVERY_MS = 1_000;
/** Older ones were told of already, on another page. */
const TOLD_FOR_MS = 60_000;

const NONE: readonly QueueOperation[] = [];

export type PressedCase = Pick<QueueItem, "caseId" | "version">;

export function useOperations({
  isAllowed,
  onEnded,
}: {
  readonly isAllowed: boolean;
  readonly onEnded: () => void;
}) {
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const { data } = useQuery({
    queryKey: OPERATIONS_KEY,
    queryFn: ({ signal }) => ask(QUEUE_ROUTES.operations, { signal }),
    enabled: isAllowed,
    refetchInterval: ({ state }) =>
      state.data?.operations.some(isUnderWay) === true ? FOLLOW_EVERY_MS : false,
  });
  const operations = data?.operations ?? NONE;
  const nowMs = Date.parse(data?.now ?? "");
  useWhenEnded(operations, onEnded);
  const refresh = () => queries.invalidateQueries({ queryKey: OPERATIONS_KEY });
  const onError = (error: unknown) => {
    void message.error(error instanceof Refused ? error.detail : String(error));
    void refresh();
  };
  const press = useMutation({
    mutationFn: ({
      cases,
      command,
    }: {
      readonly cases: readonly PressedCase[];
      readonly command: QueueCommand;
    }) =>
      ask(QUEUE_ROUTES.operate, {
        body: { cases: cases.map(({ caseId, version }) => ({ caseId, version })), command },
      }),
    onSuccess: refresh,
    onError,
  });
  const takeBack = useMutation({
    mutationFn: (operationId: string) => ask(QUEUE_ROUTES.takeBack, { path: { operation: operationId } }),
    onSuccess: refresh,
    onError,
  });
  return {
    nowMs,
    told: operations.filter((one) => isTold(one, nowMs) && !dismissed.has(one.operationId)),
    isPressing: press.isPending,
    press: (cases: readonly PressedCase[], command: QueueCommand) => press.mutate({ cases, command }),
    takeBack: (operationId: string) => takeBack.mutate(operationId),
    /** The last thing that waits. */
    undo: () => {
      const waiting = operations.find(({ status }) => status === "waiting");
      if (waiting !== undefined) takeBack.mutate(waiting.operationId);
    },
    dismiss: (operationId: string) => setDismissed((before) => new Set([...before, operationId])),
  };
}

function isUnderWay({ status }: QueueOperation): boolean {
  return status === "waiting" || status === "running";
}

function isTold(operation: QueueOperation, nowMs: number): boolean {
  return isUnderWay(operation) || nowMs - Date.parse(operation.runsAt) < TOLD_FOR_MS;
}

/** Once for each that was seen under way. */
function useWhenEnded(operations: readonly QueueOperation[], onEnded: () => void): void {
  const underWay = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const now = new Set(operations.filter(isUnderWay).map(({ operationId }) => operationId));
    const hasEnded = operations.some(
      ({ operationId, status }) =>
        underWay.current.has(operationId) && !now.has(operationId) && status !== "taken-back",
    );
    underWay.current = now;
    if (hasEnded) onEnded();
  }, [operations, onEnded]);
}
