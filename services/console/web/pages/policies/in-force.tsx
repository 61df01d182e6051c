/** The rows in force, region by region. */

import { Card, Descriptions, Flex, Tag } from "antd";
import { Fragment } from "react";
import type { LossPolicy } from "../../../../../schemas/bundle/loss-policies.js";
import type { PoliciesAnswer } from "../../../../../schemas/http/policies-console.js";
import { useRegionName } from "../../app/regions.js";
import { credentialWords } from "../../words/domain.js";
import { filled, type Language, useLanguage, useWords } from "../../words/words.js";
import { ToneTag } from "../rules/parts/rule-tags.js";
import {
  channelWords,
  confidenceWords,
  delayText,
  durationText,
  expiryWords,
  lossKindWords,
  needsText,
  policyWords,
  validityText,
} from "./policy-words.js";

const NATIONAL = "*";
const CONFIDENCE_COLOURS = { high: "success", medium: "warning", low: "error" } as const;

export function InForce({ policies: { rows } }: { readonly policies: PoliciesAnswer }) {
  const regions = [...new Set(rows.map(({ region }) => region))];
  return (
    <Flex vertical gap={12}>
      {regions.map((region) => (
        <Card key={region} size="small" title={<PlaceName region={region} />}>
          {rows
            .filter((row) => row.region === region)
            .map((row, index) => (
              <Fragment key={row.id}>
                {index > 0 && <hr style={{ border: 0, borderTop: "1px solid #e3e7ec", margin: "12px 0" }} />}
                <PolicyRow row={row} />
              </Fragment>
            ))}
        </Card>
      ))}
    </Flex>
  );
}

export function PlaceName({ region }: { readonly region: string }) {
  const words = useWords(policyWords);
  const name = useRegionName();
  return <>{region === NATIONAL ? words.nation : `${name(region)}（${region}）`}</>;
}

export function PolicyRow({ row }: { readonly row: LossPolicy }) {
  const words = useWords(policyWords);
  const language = useLanguage();
  const channels = useWords(channelWords);
  const kinds = useWords(lossKindWords);
  const credentials = useWords(credentialWords);
  const confidences = useWords(confidenceWords);
  const title = (
    <>
      {channels[row.channel]} · {kinds[row.kind]} · {credentials[row.credential]}{" "}
      <Tag style={{ marginLeft: 8 }}>{row.id}</Tag>
    </>
  );
  const where = [row.contact, row.openHours, row.note].filter((text) => text != null).join("；");
  return (
    <Descriptions size="small" title={title} column={{ xs: 1, md: 2 }} styles={{ label: { width: 110 } }}>
      <Descriptions.Item label={words.effect}>{delayText(row.delayMax, language)}</Descriptions.Item>
      <Descriptions.Item label={words.valid}>{validityText(row, language)}</Descriptions.Item>
      <Descriptions.Item label={words.atEnd}>{atEndText(row, language)}</Descriptions.Item>
      <Descriptions.Item label={words.needs}>{needsText(row.requires, language)}</Descriptions.Item>
      <Descriptions.Item label={words.contact}>{where || "—"}</Descriptions.Item>
      <Descriptions.Item label={words.source}>
        {row.source ?? "—"}{" "}
        {row.confidence != null && (
          <ToneTag tone={CONFIDENCE_COLOURS[row.confidence]}>{confidences[row.confidence]}</ToneTag>
        )}
      </Descriptions.Item>
    </Descriptions>
  );
}

function atEndText({ onExpiry, upgradeDeadline }: LossPolicy, language: Language): string {
  const said = onExpiry == null ? null : expiryWords[language][onExpiry];
  const deadline =
    upgradeDeadline == null
      ? null
      : filled(policyWords[language].upgrade, {
          time: durationText(upgradeDeadline[0], upgradeDeadline[1], language),
        });
  return [said, deadline].filter((text) => text !== null).join("；") || "—";
}
