/** What decides for a region: each way of reporting with the instants that follow from it. */

import { useQuery } from "@tanstack/react-query";
import { Alert, Card, DatePicker, Flex, Select, Typography } from "antd";
import { useMemo } from "react";
import type { PoliciesAnswer, PolicyLookup } from "../../../../../schemas/http/policies-console.js";
import { RULES_CONSOLE_ROUTES as ROUTES } from "../../../../../schemas/http/rules-console-routes.js";
import { ask } from "../../app/ask.js";
import { regionName, useRegions } from "../../app/regions.js";
import { EmptyState, QueryState } from "../../parts/page-state.js";
import { ActionTag } from "../../parts/tags.js";
import { useUrlQuery } from "../../parts/url-state.js";
import { InstantText } from "../../parts/values.js";
import { WideTable } from "../../parts/wide-table.js";
import { filled, useWords } from "../../words/words.js";
import { ToneTag } from "../rules/parts/rule-tags.js";
import { PlaceName } from "./in-force.js";
import { channelWords, lossKindWords, policyWords } from "./policy-words.js";

const ZONE = "+08:00";

export function PolicyLookupForm({ policies }: { readonly policies: PoliciesAnswer }) {
  const words = useWords(policyWords);
  const regions = useRegions();
  const [query, change] = useUrlQuery();
  const { region = "", at = "" } = query;
  const lookup = useQuery({
    queryKey: ["rules", "policy-lookup", policies.bundleHash, region, at],
    queryFn: ({ signal }) => ask(ROUTES.policyLookup, { query: { region, acceptedAt: at }, signal }),
    enabled: region !== "",
  });
  const options = useMemo(
    () =>
      Object.keys(regions).map((code) => ({ value: code, label: `${regionName(regions, code)} ${code}` })),
    [regions],
  );
  return (
    <Flex vertical gap={12}>
      <Flex gap={8} wrap align="center">
        <Select
          showSearch={{ optionFilterProp: "label" }}
          aria-label={words.region}
          placeholder={words.chooseRegion}
          style={{ width: 280 }}
          value={region || null}
          onChange={(code: string | null) => code !== null && change({ region: code })}
          options={options}
        />
        <DatePicker
          showTime={{ format: "HH:mm" }}
          format="YYYY-MM-DD HH:mm"
          aria-label={words.acceptedAt}
          placeholder={`${words.acceptedAt}：${words.now}`}
          onChange={(_, text) =>
            change({
              at: typeof text === "string" && text !== "" ? `${text.replace(" ", "T")}:00${ZONE}` : "",
            })
          }
        />
      </Flex>
      {region === "" ? (
        <EmptyState>{words.searchHint}</EmptyState>
      ) : (
        <QueryState query={lookup}>{(answer) => <Found lookup={answer} />}</QueryState>
      )}
    </Flex>
  );
}

function Found({ lookup }: { readonly lookup: PolicyLookup }) {
  const words = useWords(policyWords);
  const { settings } = lookup;
  const said = [
    filled(words.pinLockLimit, { count: settings.pinLockLimit }),
    settings.pinUnlock === "AUTO_24H" ? words.unlockAuto : words.unlockCounter,
    settings.activationDelayCd === null
      ? words.activationNone
      : filled(words.activationDelay, { days: settings.activationDelayCd }),
    settings.blockECredential ? words.eCredentialBlocked : words.eCredentialFree,
  ];
  return (
    <Flex vertical gap={12}>
      <div>
        {words.levels}：
        {lookup.levels.map((level, index) => (
          <span key={level}>
            {index > 0 && " → "}
            <PlaceName region={level} />
          </span>
        ))}
        <Typography.Text type="secondary">
          {" · "}
          {words.acceptedAt} <InstantText at={lookup.acceptedAt} />
        </Typography.Text>
      </div>
      <Card size="small" title={words.reportLoss}>
        <Reports lookup={lookup} action="report-loss" />
        <Alert type="info" style={{ marginTop: 8 }} title={words.lapsedNote} />
      </Card>
      <Card size="small" title={words.confirmLoss}>
        <Reports lookup={lookup} action="confirm-loss" />
      </Card>
      <Card size="small" title={words.settings}>
        {said.join(" · ")}
      </Card>
    </Flex>
  );
}

function Reports({ lookup, action }: { readonly lookup: PolicyLookup; readonly action: string }) {
  const words = useWords(policyWords);
  const channels = useWords(channelWords);
  const kinds = useWords(lossKindWords);
  return (
    <WideTable
      size="small"
      rowKey="channel"
      pagination={false}
      width={720}
      dataSource={lookup.reports.filter((report) => report.action === action)}
      columns={[
        { title: words.channel, render: (_, { channel }) => channels[channel] },
        { title: words.kind, render: (_, { kind }) => kinds[kind] },
        { title: words.effect, render: (_, { effectiveAt }) => <InstantText at={effectiveAt} /> },
        {
          title: words.lapses,
          render: (_, { expiresAtMax, calendarUncertain }) => (
            <>
              {expiresAtMax === null ? words.noLapse : <InstantText at={expiresAtMax} />}
              {calendarUncertain && <ToneTag tone="warning">{words.calendarUncertain}</ToneTag>}
            </>
          ),
        },
        { title: words.pending, render: (_, { pendingAction }) => <ActionTag action={pendingAction} /> },
        {
          title: words.level,
          render: (_, { level, policyId }) =>
            level === null ? (
              words.noRow
            ) : (
              <>
                <PlaceName region={level} /> {policyId}
              </>
            ),
        },
      ]}
    />
  );
}
