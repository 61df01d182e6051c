/** One piece of long work: how far it is, ending it, what came of it. */

import { Alert, Button, Card, Flex, Progress, Typography } from "antd";
import { useParams } from "react-router-dom";
import { RULES_CONSOLE_ROUTES as ROUTES } from "../../../../../../schemas/http/rules-console-routes.js";
import type { JobDetail, JobResult } from "../../../../../../schemas/http/rules-jobs.js";
import { ask } from "../../../app/ask.js";
import { useMay } from "../../../app/session.js";
import { PageHead } from "../../../parts/page-head.js";
import { QueryState } from "../../../parts/page-state.js";
import { InstantText } from "../../../parts/values.js";
import { filled, useWords } from "../../../words/words.js";
import { PrecisionRows } from "../list/rule-precision.js";
import { useChange, useJob } from "../parts/rule-queries.js";
import { RulesNav } from "../parts/rules-nav.js";
import { rulesWords } from "../words.js";
import { BacktestShown } from "./backtest-shown.js";
import { GapsShown } from "./gaps-shown.js";
import { JobStateTag } from "./job-state.js";
import { JobTitle } from "./jobs-page.js";
import { ShadowShown } from "./shadow-shown.js";

export default function JobPage() {
  const { job = "" } = useParams();
  const query = useJob(job);
  return (
    <>
      <RulesNav />
      <QueryState query={query}>{(answer) => <OneJob job={answer} />}</QueryState>
    </>
  );
}

function OneJob({ job }: { readonly job: JobDetail }) {
  return (
    <>
      <PageHead
        title={<JobTitle job={job} />}
        note={
          <>
            <JobStateTag state={job.state} /> {job.startedBy} · <InstantText at={job.startedAt} />
            {job.endedAt !== null && (
              <>
                {" "}
                – <InstantText at={job.endedAt} />
              </>
            )}
          </>
        }
        actions={<CancelButton job={job} />}
      />
      {job.state === "running" && <UnderWay job={job} />}
      {job.error !== null && <Alert type="error" showIcon title={job.error} />}
      {job.result !== null && <Result result={job.result} />}
    </>
  );
}

function UnderWay({ job: { progress } }: { readonly job: JobDetail }) {
  const words = useWords(rulesWords);
  const percent = progress === null || progress.total === 0 ? 0 : (100 * progress.done) / progress.total;
  return (
    <Card size="small">
      <Progress percent={Math.round(percent)} status="active" aria-label={words.jobRunning} />
      <Typography.Text type="secondary" role="status">
        {progress === null
          ? words.jobRunning
          : filled(words.progress, { ...progress, records: progress.records.toLocaleString("zh-CN") })}
      </Typography.Text>
    </Card>
  );
}

function CancelButton({ job: { jobId, state } }: { readonly job: JobDetail }) {
  const words = useWords(rulesWords);
  const mayDraft = useMay("rules.draft");
  const cancel = useChange(() => ask(ROUTES.cancelJob, { path: { job: jobId } }));
  if (!mayDraft || state !== "running") return null;
  return (
    <Button danger loading={cancel.isPending} onClick={() => cancel.mutate(undefined)}>
      {words.cancelJob}
    </Button>
  );
}

function Result({ result }: { readonly result: JobResult }) {
  const words = useWords(rulesWords);
  switch (result.kind) {
    case "backtest":
      return <BacktestShown backtest={result.backtest} />;
    case "gaps":
      return <GapsShown gaps={result.gaps} />;
    case "shadow":
      return <ShadowShown shadow={result.shadow} />;
    case "precision":
      return (
        <Card size="small">
          <PrecisionRows rows={result.precision.rules} withRule />
        </Card>
      );
    case "check":
      return (
        <Flex vertical gap={8}>
          <Alert
            type={result.check.result === "ok" ? "success" : "warning"}
            showIcon
            title={result.check.result === "ok" ? words.checkOk : words.checkObjection}
            description={result.check.text}
          />
        </Flex>
      );
  }
}
