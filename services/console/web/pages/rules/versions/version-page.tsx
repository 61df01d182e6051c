/** One version: where it is on its way, what stands against it, what it changes, what was said of it. */

import { useQuery } from "@tanstack/react-query";
import { Card, Flex, Select, Steps } from "antd";
import { useParams } from "react-router-dom";
import type { VersionDetail } from "../../../../../../schemas/http/rules.js";
import { RULES_ROUTES } from "../../../../../../schemas/http/rules-routes.js";
import { ask } from "../../../app/ask.js";
import { PageHead } from "../../../parts/page-head.js";
import { EmptyState, QueryState } from "../../../parts/page-state.js";
import { useUrlQuery } from "../../../parts/url-state.js";
import { InstantText } from "../../../parts/values.js";
import { WideTable } from "../../../parts/wide-table.js";
import { filled, useWords } from "../../../words/words.js";
import { ChangeTable } from "../parts/change-table.js";
import { useCatalogue, useStatus, useVersions } from "../parts/rule-queries.js";
import { ToneTag, VersionStateTag } from "../parts/rule-tags.js";
import { RulesNav } from "../parts/rules-nav.js";
import { rulesWords } from "../words.js";
import { ActivationUnderWay } from "./activation-under-way.js";
import { VersionActions } from "./version-actions.js";
import { VersionSaid } from "./version-said.js";

export default function VersionPage() {
  const { version = "" } = useParams();
  const detail = useQuery({
    queryKey: ["rules", "version", version],
    queryFn: ({ signal }) => ask(RULES_ROUTES.show, { path: { version }, signal }),
  });
  return (
    <>
      <RulesNav />
      <QueryState query={detail}>{(answer) => <OneVersion detail={answer} />}</QueryState>
    </>
  );
}

function OneVersion({ detail }: { readonly detail: VersionDetail }) {
  const words = useWords(rulesWords);
  const open = useStatus().data?.open ?? null;
  return (
    <>
      <PageHead
        title={filled(words.versionNote, { version: detail.version })}
        note={
          <>
            <VersionStateTag state={detail.state} />{" "}
            {detail.isInShadow && <ToneTag tone="purple">{words.inShadow}</ToneTag>} {detail.author} ·{" "}
            <InstantText at={detail.createdAt} />
          </>
        }
        actions={<VersionActions detail={detail} />}
      />
      <Flex vertical gap={16}>
        {open !== null && (
          <Card size="small">
            <ActivationUnderWay open={open} />
          </Card>
        )}
        <Way detail={detail} />
        <Difference version={detail.version} />
        <VersionSaid detail={detail} />
        <History detail={detail} />
      </Flex>
    </>
  );
}

/** Who has done which of the steps. */
function Way({ detail: { author, approvals, checks, state } }: { readonly detail: VersionDetail }) {
  const words = useWords(rulesWords);
  const [check] = checks;
  const counted = approvals.filter(({ counts }) => counts).map(({ person }) => person);
  const isPublished = state === "running" || state === "activating" || state === "retired";
  const isChecked = check !== undefined && (check.result === "ok" || check.confirmedBy !== null);
  const steps = [
    { title: words.stepDraft, content: author, status: "finish" },
    { title: words.stepApprove, content: counted.join("、"), status: counted.length > 0 ? "finish" : "wait" },
    {
      title: words.stepCheck,
      content: check === undefined ? "" : check.result === "ok" ? words.checkOk : words.checkObjection,
      status: isChecked ? "finish" : check === undefined ? "wait" : "error",
    },
    { title: words.stepActivate, status: isPublished ? "finish" : "wait" },
  ] as const;
  return (
    <Card size="small" title={words.steps}>
      <Steps size="small" items={steps.map((step) => ({ ...step }))} />
    </Card>
  );
}

function Difference({ version }: { readonly version: number }) {
  const words = useWords(rulesWords);
  const [query, change] = useUrlQuery();
  const from = query.from ?? "";
  const versions = useVersions();
  const catalogue = useCatalogue(version);
  const diff = useQuery({
    queryKey: ["rules", "diff", version, from],
    queryFn: ({ signal }) => ask(RULES_ROUTES.diff, { path: { version }, query: { from }, signal }),
  });
  return (
    <Card
      size="small"
      title={words.changes}
      extra={
        <Select
          aria-label={words.diff}
          style={{ width: 160 }}
          value={from}
          onChange={(chosen) => change({ from: chosen })}
          options={[
            { value: "", label: words.diffRunning },
            ...(versions.data?.versions ?? [])
              .filter((one) => one.version !== version)
              .map((one) => ({
                value: String(one.version),
                label: filled(words.versionNote, { version: one.version }),
              })),
          ]}
        />
      }
    >
      <QueryState query={diff}>
        {({ isSame, changes }) =>
          isSame ? (
            <EmptyState>{words.diffSame}</EmptyState>
          ) : (
            <ChangeTable changes={changes} rules={catalogue.data?.rules ?? []} />
          )
        }
      </QueryState>
    </Card>
  );
}

function History({ detail: { activations } }: { readonly detail: VersionDetail }) {
  const words = useWords(rulesWords);
  if (activations.length === 0) return null;
  return (
    <Card size="small" title={words.history}>
      <WideTable
        size="small"
        rowKey="sequence"
        pagination={false}
        dataSource={activations}
        width={480}
        columns={[
          { title: "#", dataIndex: "sequence" },
          { title: words.createdAt, render: (_, { createdAt }) => <InstantText at={createdAt} /> },
          { title: words.publishedBy, render: (_, { publishedBy }) => publishedBy.join("、") || "—" },
          { title: words.endedAt, render: (_, { completedAt }) => <InstantText at={completedAt} /> },
        ]}
      />
    </Card>
  );
}
