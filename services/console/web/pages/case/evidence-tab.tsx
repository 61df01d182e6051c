/** Evidence of a case: the masked package at once, the unmasked one of a request that another person agreed to. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Card, Flex, Progress, Typography } from "antd";
import { useRef, useState } from "react";
import type { CaseDetail } from "../../../../../schemas/http/cases.js";
import {
  type PackageProgress,
  REASON_LENGTH_MAX,
  REASON_LENGTH_MIN,
} from "../../../../../schemas/http/evidence.js";
import { EVIDENCE_ROUTES } from "../../../../../schemas/http/evidence-routes.js";
import { type AnswerOf, addressOf, ask } from "../../app/ask.js";
import { useMay, useSession } from "../../app/session.js";
import { QueryState } from "../../parts/page-state.js";
import { InstantText } from "../../parts/values.js";
import { filled, useWords } from "../../words/words.js";
import { DraftField } from "./draft-field.js";
import { useDraft } from "./drafts.js";
import { type MadePackage, makePackage } from "./evidence-package.js";
import { evidenceWords } from "./evidence-words.js";
import { RefusedAlert } from "./refused-alert.js";

type Request = AnswerOf<typeof EVIDENCE_ROUTES.requests>["requests"][number];

export default function EvidenceTab({ found: { caseId, subjectKind } }: { readonly found: CaseDetail }) {
  const words = useWords(evidenceWords);
  const mayExport = useMay("evidence.export");
  if (subjectKind !== "person") return <Alert type="info" title={words.noPerson} />;
  return (
    <Flex vertical gap={12}>
      {!mayExport && <Alert type="info" title={words.mayNot} />}
      {mayExport && (
        <Card size="small" title={words.masked}>
          <Typography.Paragraph type="secondary">{words.maskedAbout}</Typography.Paragraph>
          <PackageMaker caseId={caseId} />
        </Card>
      )}
      <Card size="small" title={words.unmasked}>
        <Typography.Paragraph type="secondary">{words.unmaskedAbout}</Typography.Paragraph>
        {mayExport && <RequestForm caseId={caseId} />}
        <Requests caseId={caseId} mayExport={mayExport} />
      </Card>
    </Flex>
  );
}

function PackageMaker({ caseId, unmasked }: { readonly caseId: string; readonly unmasked?: string }) {
  const words = useWords(evidenceWords);
  const queries = useQueryClient();
  const [step, setStep] = useState<PackageProgress | null>(null);
  const cancelling = useRef<AbortController | null>(null);
  const making = useMutation({
    mutationFn: async () => {
      cancelling.current = new AbortController();
      const asked = { caseId, ...(unmasked !== undefined && { unmasked }) };
      return makePackage(asked, { signal: cancelling.current.signal, onProgress: setStep });
    },
    onSettled: () => {
      setStep(null);
      void queries.invalidateQueries({ queryKey: ["case-timeline", caseId] });
    },
  });
  const wasCancelled = making.error instanceof DOMException;
  return (
    <>
      {making.isPending ? (
        <Flex gap={8} align="center" wrap>
          <StepText step={step} />
          <Button onClick={() => cancelling.current?.abort()}>{words.cancel}</Button>
        </Flex>
      ) : (
        <Button type={unmasked === undefined ? "primary" : "default"} onClick={() => making.mutate()}>
          {words.make}
        </Button>
      )}
      {wasCancelled ? <Alert type="info" title={words.cancelled} /> : <RefusedAlert problem={making.error} />}
      {making.data !== undefined && !making.isPending && <Made made={making.data} />}
    </>
  );
}

function StepText({ step }: { readonly step: PackageProgress | null }) {
  const words = useWords(evidenceWords);
  const share = step === null || step.total === null || step.total === 0 ? null : step.done / step.total;
  return (
    <div role="status" style={{ minWidth: 220 }}>
      {step === null ? words.starting : filled(words[step.progress], { done: step.done })}
      <Progress
        aria-label={words.make}
        percent={share === null ? 100 : Math.round(share * 100)}
        status="active"
        showInfo={share !== null}
        size="small"
      />
    </div>
  );
}

function Made({ made: { name, bytes, sha256, records } }: { readonly made: MadePackage }) {
  const words = useWords(evidenceWords);
  return (
    <Alert
      type="success"
      style={{ marginTop: 8 }}
      title={
        <a href={addressOf(EVIDENCE_ROUTES.take, { path: { id: sha256 } })} download={name}>
          {words.download} {name}
        </a>
      }
      description={
        <>
          {filled(words.made, { records, kilobytes: Math.ceil(bytes / 1024) })}
          <div className="code">SHA-256 {sha256}</div>
        </>
      }
    />
  );
}

function RequestForm({ caseId }: { readonly caseId: string }) {
  const words = useWords(evidenceWords);
  const queries = useQueryClient();
  const draft = useDraft(caseId, "evidence");
  const reason = draft.text.trim();
  const asking = useMutation({
    mutationFn: () => ask(EVIDENCE_ROUTES.request, { body: { caseId, reason } }),
    onSuccess: () => {
      draft.clear();
      void queries.invalidateQueries({ queryKey: ["evidence-requests", caseId] });
    },
  });
  return (
    <>
      <DraftField draft={draft} label={words.why} lengthMax={REASON_LENGTH_MAX} rows={2} />
      <Button
        disabled={reason.length < REASON_LENGTH_MIN}
        loading={asking.isPending}
        onClick={() => asking.mutate()}
      >
        {words.request}
      </Button>
      <RefusedAlert problem={asking.error} />
    </>
  );
}

function Requests({ caseId, mayExport }: { readonly caseId: string; readonly mayExport: boolean }) {
  const words = useWords(evidenceWords);
  const query = useQuery({
    queryKey: ["evidence-requests", caseId],
    queryFn: ({ signal }) => ask(EVIDENCE_ROUTES.requests, { query: { case: caseId }, signal }),
  });
  return (
    <QueryState
      query={query}
      isEmpty={({ requests }) => requests.length === 0}
      empty={<p>{words.noRequests}</p>}
    >
      {({ requests }) =>
        requests.map((request) => (
          <OneRequest key={request.requestId} request={request} mayExport={mayExport} />
        ))
      }
    </QueryState>
  );
}

function OneRequest({ request, mayExport }: { readonly request: Request; readonly mayExport: boolean }) {
  const words = useWords(evidenceWords);
  const queries = useQueryClient();
  const mayApprove = useMay("evidence.approve");
  const { name } = useSession();
  const { requestId, caseId, reason, requestedBy, requestedAt, approvedBy, approvedAt } = request;
  const approving = useMutation({
    mutationFn: () => ask(EVIDENCE_ROUTES.approve, { path: { id: requestId } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["evidence-requests", caseId] }),
  });
  return (
    <article style={{ borderTop: "1px solid #e3e7ec", marginTop: 12, padding: "8px 0" }}>
      <div>
        <strong>{requestedBy}</strong> · <InstantText at={requestedAt} withSeconds={false} />
      </div>
      <div dir="auto" style={{ overflowWrap: "anywhere" }}>
        {reason}
      </div>
      {approvedBy === null ? (
        <>
          <Typography.Text type="secondary">{words.waits} </Typography.Text>
          {mayApprove && requestedBy !== name && (
            <Button size="small" loading={approving.isPending} onClick={() => approving.mutate()}>
              {words.approve}
            </Button>
          )}
        </>
      ) : (
        <>
          <div>
            {words.approvedBy} <strong>{approvedBy}</strong> ·{" "}
            <InstantText at={approvedAt} withSeconds={false} />
          </div>
          {mayExport && <PackageMaker caseId={caseId} unmasked={requestId} />}
        </>
      )}
      <RefusedAlert problem={approving.error} />
    </article>
  );
}
