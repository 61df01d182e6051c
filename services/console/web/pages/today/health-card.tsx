/** How fresh the figures are, and how messages, records and rules get on. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Card, Descriptions, Flex, Space, Tag, Typography } from "antd";
import type { ReactNode } from "react";
import type { DeliveryFigures, OverviewAnswer, StageLag } from "../../../../../schemas/http/overview.js";
import { OVERVIEW_ROUTES as ROUTES } from "../../../../../schemas/http/overview-routes.js";
import { ask, Refused } from "../../app/ask.js";
import { useMay } from "../../app/session.js";
import { InstantText } from "../../parts/values.js";
import { filled, useWords } from "../../words/words.js";
import { HeldPart } from "./held.js";
import { Heading } from "./needs-card.js";
import { reconciliationWords, stageWords, type TodayWord, todayWords } from "./today-words.js";

/** Beats are one a minute: ten missed are no jitter. */
const FEED_OLD_MINUTES = 10;

export function HealthCard({
  overview,
  nowMs,
}: {
  readonly overview: OverviewAnswer;
  readonly nowMs: number;
}) {
  const words = useWords(todayWords);
  const items: readonly { readonly key: string; readonly label: string; readonly children: ReactNode }[] = [
    {
      key: "lag",
      label: words.lag,
      children: (
        <HeldPart part={overview.stages} store={words.deliveryAway}>
          {(stages) => <Lags stages={stages} />}
        </HeldPart>
      ),
    },
    {
      key: "feeds",
      label: words.feeds,
      children: (
        <HeldPart part={overview.feeds} store={words.feedsAway}>
          {(feeds) => <Feeds feeds={feeds} nowMs={nowMs} />}
        </HeldPart>
      ),
    },
    {
      key: "sms",
      label: words.sms,
      children: (
        <HeldPart part={overview.delivery} store={words.deliveryAway}>
          {({ sms }) => <SmsCounts sms={sms} />}
        </HeldPart>
      ),
    },
    {
      key: "rules",
      label: words.rulesState,
      children: (
        <HeldPart part={overview.delivery} store={words.deliveryAway}>
          {({ rules, journal }) => <RulesState rules={rules} pending={journal.pending} />}
        </HeldPart>
      ),
    },
    {
      key: "reconciliation",
      label: words.reconciliation,
      children: <Reconciliation state={overview.reconciliation} />,
    },
  ];
  return (
    <Card size="small" title={<Heading>{words.health}</Heading>}>
      <Descriptions size="small" bordered column={{ xs: 1, lg: 2 }} items={[...items]} />
    </Card>
  );
}

const TONES = { good: "#2f7d4f", plain: "#4d5866", unsure: "#8a6100", bad: "#b3202c" } as const;
type Tone = keyof typeof TONES;

function Mark({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  const colour = TONES[tone];
  return (
    <Tag variant="outlined" style={{ color: colour, borderColor: colour, background: "transparent" }}>
      {children}
    </Tag>
  );
}

function Lags({ stages }: { readonly stages: readonly StageLag[] }) {
  const words = useWords(todayWords);
  const names = useWords(stageWords);
  return (
    <Space wrap>
      {stages.map(({ stage, records }) => (
        <span key={stage}>
          {names[stage]}{" "}
          <Mark tone={records === 0 ? "good" : "plain"}>
            {records === null
              ? words.lagUnknown
              : records === 0
                ? words.lagNone
                : filled(words.lagRecords, { count: records })}
          </Mark>
        </span>
      ))}
    </Space>
  );
}

function Feeds({
  feeds,
  nowMs,
}: {
  readonly feeds: readonly { feedId: string; lastAt: string }[];
  readonly nowMs: number;
}) {
  const words = useWords(todayWords);
  if (feeds.length === 0) return <>{words.feedsNone}</>;
  const old = feeds.filter(({ lastAt }) => nowMs - Date.parse(lastAt) > FEED_OLD_MINUTES * 60_000);
  const minutes = FEED_OLD_MINUTES;
  if (old.length === 0) return <>{filled(words.feedsFine, { count: feeds.length, minutes })}</>;
  return (
    <Flex vertical>
      <Typography.Text type="danger">
        {filled(words.feedsOld, { count: old.length, minutes })}
      </Typography.Text>
      {old.slice(0, 3).map(({ feedId, lastAt }) => (
        <span key={feedId}>
          <span className="code">{feedId}</span> <InstantText at={lastAt} withSeconds={false} />
        </span>
      ))}
    </Flex>
  );
}

const SMS_SHOWN = [
  ["delivered", "smsDelivered", "good"],
  ["sent", "smsSent", "plain"],
  ["waiting", "smsWaiting", "plain"],
  ["failed", "smsFailed", "bad"],
  ["unknown", "smsUnknown", "unsure"],
  ["noContact", "smsNoContact", "plain"],
  ["suppressed", "smsSuppressed", "plain"],
  ["calls", "smsCalls", "bad"],
] as const satisfies readonly (readonly [keyof DeliveryFigures["sms"], TodayWord, Tone])[];

function SmsCounts({ sms }: { readonly sms: DeliveryFigures["sms"] }) {
  const words = useWords(todayWords);
  const shown = SMS_SHOWN.filter(([field]) => sms[field] > 0);
  if (shown.length === 0) return <>{words.smsNone}</>;
  return (
    <Space wrap>
      {shown.map(([field, word, tone]) => (
        <Mark key={field} tone={tone}>
          {words[word]} {sms[field]}
        </Mark>
      ))}
      {sms.isMore && (
        <Typography.Text type="secondary">{filled(words.smsMore, { count: sms.counted })}</Typography.Text>
      )}
    </Space>
  );
}

function RulesState({
  rules,
  pending,
}: {
  readonly rules: DeliveryFigures["rules"];
  readonly pending: number;
}) {
  const words = useWords(todayWords);
  return (
    <Flex vertical>
      <span>
        {rules.version === null ? words.rulesUnknown : filled(words.rulesVersion, { version: rules.version })}
      </span>
      {rules.open !== null && <span>{filled(words.rulesOpen, rules.open)}</span>}
      {pending > 0 && <span>{filled(words.pendingRecords, { count: pending })}</span>}
    </Flex>
  );
}

function Reconciliation({ state }: { readonly state: OverviewAnswer["reconciliation"] }) {
  const words = useWords(todayWords);
  const states = useWords(reconciliationWords);
  const may = useMay("system.read");
  const queries = useQueryClient();
  const { message } = App.useApp();
  const begin = useMutation({
    mutationFn: () => ask(ROUTES.reconcile, {}),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["overview"] }),
    onError: (error) => void message.error(error instanceof Refused ? error.detail : error.message),
  });
  return (
    <Space wrap>
      <Mark tone={state.state === "equal" ? "good" : state.state === "different" ? "bad" : "plain"}>
        {states[state.state]}
      </Mark>
      {(state.endedAt ?? state.startedAt) !== null && <InstantText at={state.endedAt ?? state.startedAt} />}
      {may && (
        <Button
          size="small"
          loading={state.state === "running" || begin.isPending}
          onClick={() => begin.mutate()}
        >
          {words.reconcile}
        </Button>
      )}
    </Space>
  );
}
