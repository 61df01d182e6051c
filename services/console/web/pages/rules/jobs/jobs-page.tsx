/** Long work: under way, done; beginning more. */

import { Button, Card, DatePicker, Flex, Select } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router-dom";
import { JOB_KINDS, type JobKind, type JobSummary } from "../../../../../../schemas/http/rules-jobs.js";
import { useMay } from "../../../app/session.js";
import { PageHead } from "../../../parts/page-head.js";
import { EmptyState, QueryState } from "../../../parts/page-state.js";
import { useUrlQuery } from "../../../parts/url-state.js";
import { InstantText } from "../../../parts/values.js";
import { WideTable } from "../../../parts/wide-table.js";
import { filled, useWords } from "../../../words/words.js";
import { useJobs, useStartJob, useVersions } from "../parts/rule-queries.js";
import { RulesNav } from "../parts/rules-nav.js";
import { rulesWords } from "../words.js";
import { JobStateTag } from "./job-state.js";

export default function JobsPage() {
  const words = useWords(rulesWords);
  const [query, change] = useUrlQuery();
  const kind = JOB_KINDS.find((one) => one === query.kind) ?? null;
  const jobs = useJobs(kind);
  const mayDraft = useMay("rules.draft");
  return (
    <>
      <PageHead title={words.jobs} note={words.jobsNote} />
      <RulesNav />
      <Flex vertical gap={16}>
        {mayDraft && <Begin />}
        <Select
          aria-label={words.kind}
          style={{ width: 180 }}
          value={kind ?? ""}
          onChange={(chosen) => change({ kind: chosen })}
          options={[
            { value: "", label: words.all },
            ...JOB_KINDS.map((value) => ({ value, label: words[`${value}Job`] })),
          ]}
        />
        <QueryState
          query={jobs}
          isEmpty={(answer) => answer.jobs.length === 0}
          empty={<EmptyState>{words.noJobs}</EmptyState>}
        >
          {(answer) => <JobTable jobs={answer.jobs} />}
        </QueryState>
      </Flex>
    </>
  );
}

function JobTable({ jobs }: { readonly jobs: readonly JobSummary[] }) {
  const words = useWords(rulesWords);
  return (
    <WideTable
      size="small"
      rowKey="jobId"
      dataSource={[...jobs]}
      width={640}
      pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
      columns={[
        {
          title: words.kind,
          render: (_, job) => (
            <Link to={`/rules/jobs/${job.jobId}`}>
              <JobTitle job={job} />
            </Link>
          ),
        },
        { title: words.state, render: (_, { state }) => <JobStateTag state={state} /> },
        { title: words.startedBy, dataIndex: "startedBy" },
        { title: words.startedAt, render: (_, { startedAt }) => <InstantText at={startedAt} /> },
        { title: words.endedAt, render: (_, { endedAt }) => <InstantText at={endedAt} /> },
      ]}
    />
  );
}

export function JobTitle({ job: { kind, asked } }: { readonly job: Pick<JobSummary, "kind" | "asked"> }) {
  const words = useWords(rulesWords);
  const version = "version" in asked ? ` · ${filled(words.versionNote, { version: asked.version })}` : "";
  return (
    <>
      {words[`${kind}Job`]}
      {version}
    </>
  );
}

function Begin() {
  const words = useWords(rulesWords);
  const navigate = useNavigate();
  const versions = useVersions();
  const [kind, setKind] = useState<JobKind>("backtest");
  const [version, setVersion] = useState<number | null>(null);
  const [days, setDays] = useState<readonly [string | null, string | null]>([null, null]);
  const start = useStartJob((job) => navigate(`/rules/jobs/${job}`));
  const needsVersion = kind === "backtest" || kind === "check";
  const begin = () => {
    if (kind === "backtest" && version !== null) start.mutate({ kind, version, from: days[0], to: days[1] });
    else if (kind === "check" && version !== null) start.mutate({ kind, version });
    else if (kind === "gaps" || kind === "precision" || kind === "shadow") start.mutate({ kind });
  };
  return (
    <Card size="small">
      <Flex gap={8} wrap align="center">
        <Select<JobKind>
          aria-label={words.kind}
          style={{ width: 160 }}
          value={kind}
          onChange={setKind}
          options={JOB_KINDS.map((value) => ({ value, label: words[`${value}Job`] }))}
        />
        {needsVersion && (
          <Select<number>
            aria-label={words.version}
            placeholder={words.version}
            style={{ width: 160 }}
            value={version}
            onChange={setVersion}
            options={(versions.data?.versions ?? []).map((one) => ({
              value: one.version,
              label: filled(words.versionNote, { version: one.version }),
            }))}
          />
        )}
        {kind === "backtest" && (
          <DatePicker.RangePicker
            aria-label={words.window}
            placeholder={[words.from, words.to]}
            allowEmpty={[true, true]}
            onChange={(_, [from, to]) => setDays([from || null, to || null])}
          />
        )}
        <Button
          type="primary"
          loading={start.isPending}
          disabled={needsVersion && version === null}
          onClick={begin}
        >
          {words.start}
        </Button>
      </Flex>
    </Card>
  );
}
