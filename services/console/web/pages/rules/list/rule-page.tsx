/** One rule: what it sees and rests on, its numbers, where they differ, how right it was. */

import { Alert, Button, Card, Descriptions, Flex, Tag } from "antd";
import { Link, useNavigate, useParams } from "react-router-dom";
import type { ConsoleRule } from "../../../../../../schemas/http/rules-console.js";
import { RULES_CONSOLE_ROUTES as ROUTES } from "../../../../../../schemas/http/rules-console-routes.js";
import { ask } from "../../../app/ask.js";
import { useMay } from "../../../app/session.js";
import { PageHead } from "../../../parts/page-head.js";
import { EmptyState, QueryState } from "../../../parts/page-state.js";
import { ActionTag, RuleTag, SeverityTag } from "../../../parts/tags.js";
import { RegionName } from "../../../parts/values.js";
import { WideTable } from "../../../parts/wide-table.js";
import { actionWords, swipeKindWords } from "../../../words/domain.js";
import { filled, useLanguage, useWords } from "../../../words/words.js";
import { parameterText } from "../parts/parameter-text.js";
import { useCatalogue, useChange } from "../parts/rule-queries.js";
import { FoundActions, LoweredTag, ModeTag, RuleTitle } from "../parts/rule-tags.js";
import { RulesNav } from "../parts/rules-nav.js";
import { rulesWords } from "../words.js";
import { RulePrecisionTable } from "./rule-precision.js";

export default function RulePage() {
  const words = useWords(rulesWords);
  const { rule: asked } = useParams();
  const catalogue = useCatalogue();
  return (
    <>
      <RulesNav />
      <QueryState query={catalogue}>
        {({ rules }) => {
          const rule = rules.find(({ id }) => id === asked);
          return rule === undefined ? <EmptyState>{words.ruleUnknown}</EmptyState> : <OneRule rule={rule} />;
        }}
      </QueryState>
    </>
  );
}

function OneRule({ rule }: { readonly rule: ConsoleRule }) {
  const words = useWords(rulesWords);
  return (
    <>
      <PageHead title={<RuleTitle rule={rule} />} note={rule.name} actions={<EditButton rule={rule} />} />
      {rule.isLowered && (
        <Alert type="error" showIcon title={words.loweredNote} style={{ marginBottom: 12 }} />
      )}
      {rule.kind === "patrol" && (
        <Alert type="info" showIcon title={words.patrolNote} style={{ marginBottom: 12 }} />
      )}
      <Flex vertical gap={16}>
        <Card size="small">
          <About rule={rule} />
        </Card>
        <Card size="small" title={words.parameters}>
          <Parameters rule={rule} />
        </Card>
        <Card size="small" title={words.overrides} id="overrides">
          <Overrides rule={rule} />
        </Card>
        <RulePrecisionTable rule={rule.id} />
      </Flex>
    </>
  );
}

function About({ rule }: { readonly rule: ConsoleRule }) {
  const words = useWords(rulesWords);
  const language = useLanguage();
  const kinds: Readonly<Record<string, string>> = useWords(swipeKindWords);
  const where = {
    careRegion: words.careRegion,
    insuredRegion: words.insuredRegion,
    "loss-policies": words.lossPolicies,
    installation: words.installation,
  }[rule.overriddenBy];
  return (
    <Descriptions size="small" column={1} bordered styles={{ label: { width: 120 } }}>
      <Descriptions.Item label={words.sees}>{rule.sees[language]}</Descriptions.Item>
      <Descriptions.Item label={words.basis}>{rule.basis[language]}</Descriptions.Item>
      <Descriptions.Item label={words.mode}>
        <ModeTag mode={rule.mode} /> <SeverityTag severity={rule.severity} />{" "}
        {rule.isLowered && <LoweredTag />}
      </Descriptions.Item>
      <Descriptions.Item label={words.finds}>
        <FoundActions rule={rule} /> {rule.isUnconditional && <Tag>{words.unconditional}</Tag>}
      </Descriptions.Item>
      {rule.also !== null && (
        <Descriptions.Item label={filled(words.also, { rules: rule.also.rules.join("、") })}>
          {rule.also.rules.map((id) => (
            <RuleTag key={id} rule={id} />
          ))}
          <ActionTag action={rule.also.action} />
        </Descriptions.Item>
      )}
      {rule.judges.length > 0 && (
        <Descriptions.Item label={words.judges}>
          {rule.judges.map((kind) => kinds[kind] ?? kind).join("、")}
        </Descriptions.Item>
      )}
      <Descriptions.Item label={words.regionOf}>
        {where}{" "}
        {rule.overriddenBy === "loss-policies" && (
          <Link to="/policies" style={{ textDecoration: "underline" }}>
            {words.toPolicies}
          </Link>
        )}
      </Descriptions.Item>
    </Descriptions>
  );
}

function Parameters({ rule }: { readonly rule: ConsoleRule }) {
  const words = useWords(rulesWords);
  const language = useLanguage();
  if (rule.parameters.length === 0) return <>{words.noParameters}</>;
  const text = (value: number | null, unit: (typeof rule.parameters)[number]["unit"]) =>
    value === null ? "…" : parameterText(value, unit, language);
  return (
    <WideTable
      size="small"
      rowKey="name"
      pagination={false}
      dataSource={rule.parameters}
      width={480}
      columns={[
        { title: words.parameter, render: (_, { title }) => title[language] },
        {
          title: words.value,
          align: "right",
          render: (_, { value, unit }) => <strong>{parameterText(value, unit, language)}</strong>,
        },
        {
          title: words.shipped,
          align: "right",
          render: (_, { shipped, unit }) => (shipped === null ? "—" : parameterText(shipped, unit, language)),
        },
        {
          title: words.range,
          align: "right",
          render: (_, { min, max, unit }) =>
            min === null && max === null ? "—" : `${text(min, unit)} – ${text(max, unit)}`,
        },
      ]}
    />
  );
}

function Overrides({ rule }: { readonly rule: ConsoleRule }) {
  const words = useWords(rulesWords);
  const language = useLanguage();
  const actions: Readonly<Record<string, string>> = useWords(actionWords);
  if (rule.overrides.length === 0) return <>{words.noOverrides}</>;
  return (
    <WideTable
      size="small"
      rowKey="region"
      dataSource={rule.overrides}
      pagination={{ pageSize: 20, hideOnSinglePage: true }}
      columns={[
        { title: words.region, render: (_, { region }) => <RegionName code={region} /> },
        {
          title: words.parameters,
          render: (_, { params }) =>
            rule.parameters
              .filter(({ name }) => params[name] !== undefined)
              .map(
                ({ name, title, unit }) =>
                  `${title[language]} ${parameterText(params[name]!, unit, language)}`,
              )
              .join(" · "),
        },
        {
          title: words.actionsTitle,
          render: (_, { actions: own }) =>
            Object.entries(own)
              .map(([found, as]) => filled(words.countsAs, { found: actions[found]!, as: actions[as]! }))
              .join(" · "),
        },
      ]}
    />
  );
}

/** Begins a draft of what runs, at this rule. */
function EditButton({ rule }: { readonly rule: ConsoleRule }) {
  const words = useWords(rulesWords);
  const navigate = useNavigate();
  const mayDraft = useMay("rules.draft");
  const start = useChange(
    () => ask(ROUTES.startDraft, { body: { baseVersion: null } }),
    ({ draftId }) => navigate(`/rules/drafts/${draftId}?rule=${rule.id}`),
  );
  if (!mayDraft || rule.kind === "patrol") return null;
  return (
    <Button type="primary" loading={start.isPending} onClick={() => start.mutate(undefined)}>
      {words.edit}
    </Button>
  );
}
