/** All entries as a file, page by page, with its progress; cancelled it leaves nothing. */

import { Button, Flex, Typography } from "antd";
import { useEffect, useRef, useState } from "react";
import { CASES_ROUTES } from "../../../../../schemas/http/cases-routes.js";
import { ask } from "../../app/ask.js";
import { ErrorState } from "../../parts/page-state.js";
import { PartTitle } from "../../parts/part-title.js";
import { filled, useWords } from "../../words/words.js";
import { auditWords } from "./audit-words.js";

type State =
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly count: number }
  | { readonly kind: "done"; readonly count: number }
  | { readonly kind: "failed"; readonly error: unknown };

export function AuditExport() {
  const words = useWords(auditWords);
  const [state, setState] = useState<State>({ kind: "idle" });
  const stopping = useRef<AbortController | null>(null);
  useEffect(() => () => stopping.current?.abort(), []);
  const begin = async () => {
    const stop = new AbortController();
    const { signal } = stop;
    stopping.current = stop;
    setState({ kind: "running", count: 0 });
    try {
      const { file, count } = await wholeLog(signal, (read) => setState({ kind: "running", count: read }));
      save(file, "kadun-audit.ndjson");
      setState({ kind: "done", count });
    } catch (error) {
      setState(signal.aborted ? { kind: "idle" } : { kind: "failed", error });
    }
  };
  return (
    <Flex vertical gap={8}>
      <PartTitle>{words.exportTitle}</PartTitle>
      <Typography.Text type="secondary">{words.exportNote}</Typography.Text>
      {state.kind === "failed" && <ErrorState error={state.error} />}
      {state.kind === "done" && (
        <Typography.Text>{filled(words.exported, { count: state.count })}</Typography.Text>
      )}
      {state.kind === "running" ? (
        <Flex gap={8} align="center" aria-live="polite">
          {filled(words.exporting, { count: state.count })}
          <Button size="small" onClick={() => stopping.current?.abort()}>
            {words.cancel}
          </Button>
        </Flex>
      ) : (
        <Button onClick={() => void begin()} style={{ alignSelf: "start" }}>
          {words.export}
        </Button>
      )}
    </Flex>
  );
}

/** The browser keeps blobs on disk where there are many. */
async function wholeLog(signal: AbortSignal, onProgress: (count: number) => void) {
  const parts: Blob[] = [];
  let count = 0;
  for (let after: number | null = 0; after !== null; ) {
    const page: { readonly lines: readonly string[]; readonly after: number | null } = await ask(
      CASES_ROUTES.audit,
      {
        query: { after },
        signal,
      },
    );
    if (page.lines.length > 0) parts.push(new Blob([`${page.lines.join("\n")}\n`]));
    count += page.lines.length;
    onProgress(count);
    after = page.after;
  }
  return { file: new Blob(parts, { type: "application/x-ndjson" }), count };
}

function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
