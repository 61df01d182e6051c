/** The verification of the whole chain, wherever it was begun, and the chain as a file. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Flex, Progress, Typography } from "antd";
import type { AuditVerification } from "../../../../../schemas/http/system.js";
import { AUDIT_ROUTES } from "../../../../../schemas/http/system-routes.js";
import { ask } from "../../app/ask.js";
import { useSession } from "../../app/session.js";
import { ErrorState, QueryState } from "../../parts/page-state.js";
import { instantText } from "../../parts/values.js";
import { filled, useLanguage, useWords } from "../../words/words.js";
import { AuditExport } from "./audit-export.js";
import { auditWords } from "./audit-words.js";

const LOOK_EVERY_MS = 500;
const KEY = ["audit-verification"] as const;

export function AuditChain() {
  const words = useWords(auditWords);
  const { scope } = useSession();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => ask(AUDIT_ROUTES.verification, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === "running" ? LOOK_EVERY_MS : false),
  });
  const take = { onSuccess: (state: AuditVerification) => queries.setQueryData(KEY, state) };
  const begin = useMutation({ mutationFn: () => ask(AUDIT_ROUTES.verify, {}), ...take });
  const cancel = useMutation({ mutationFn: () => ask(AUDIT_ROUTES.cancel, {}), ...take });
  return (
    <Flex vertical gap={16}>
      <QueryState query={query}>
        {(state) => (
          <Flex vertical gap={12} aria-live="polite">
            <Verification state={state} />
            {[begin.error, cancel.error].map(
              (error) => error !== null && <ErrorState key={error.message} error={error} />,
            )}
            {state.state === "running" ? (
              <Button onClick={() => cancel.mutate()} style={{ alignSelf: "start" }}>
                {words.cancel}
              </Button>
            ) : (
              <Button
                type="primary"
                loading={begin.isPending}
                onClick={() => begin.mutate()}
                style={{ alignSelf: "start" }}
              >
                {words.verify}
              </Button>
            )}
          </Flex>
        )}
      </QueryState>
      {scope.includes("") ? <AuditExport /> : <Typography.Text>{words.exportNation}</Typography.Text>}
    </Flex>
  );
}

function Verification({ state }: { readonly state: AuditVerification }) {
  const words = useWords(auditWords);
  const language = useLanguage();
  if (state.state === "none") return <Alert type="info" showIcon title={words.never} />;
  const begun = filled(words.by, { by: state.by, at: instantText(state.startedAt, language) });
  switch (state.state) {
    case "running": {
      const { entries, total } = state;
      const percent = total === 0 ? 0 : Math.floor((entries / total) * 100);
      return (
        <>
          <Typography.Text>{begun}</Typography.Text>
          <Progress percent={percent} aria-label={words.verifying} />
          <Typography.Text>{filled(words.progress, { entries, total })}</Typography.Text>
        </>
      );
    }
    case "cancelled":
      return (
        <Alert
          type="info"
          showIcon
          title={filled(words.cancelled, { entries: state.entries })}
          description={begun}
        />
      );
    case "failed":
      return <Alert type="error" showIcon title={words.failed} description={begun} />;
    case "done":
      return state.whole ? (
        <Alert
          type="success"
          showIcon
          title={filled(words.whole, { entries: state.entries, checkpoints: state.checkpoints })}
          description={
            state.unsigned === 0 ? begun : `${filled(words.unsigned, { count: state.unsigned })} ${begun}`
          }
        />
      ) : (
        <Alert
          type="error"
          showIcon
          title={filled(words.fault, { seq: state.seq ?? "?", fault: state.fault ?? "" })}
          description={begun}
        />
      );
    default:
      return state satisfies never;
  }
}
