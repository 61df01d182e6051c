/** Every version there ever was, the latest first. */

import { Tag } from "antd";
import { Link } from "react-router-dom";
import type { VersionSummary } from "../../../../../../schemas/http/rules.js";
import { InstantText } from "../../../parts/values.js";
import { WideTable } from "../../../parts/wide-table.js";
import { useWords } from "../../../words/words.js";
import { ToneTag, VersionStateTag } from "../parts/rule-tags.js";
import { rulesWords } from "../words.js";

const ORIGINS = {
  draft: "originDraft",
  rollback: "originRollback",
  breaker: "originBreaker",
  found: "originFound",
} as const;

export function VersionTable({ versions }: { readonly versions: readonly VersionSummary[] }) {
  const words = useWords(rulesWords);
  return (
    <WideTable
      size="small"
      rowKey="version"
      dataSource={[...versions]}
      width={700}
      pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
      columns={[
        {
          title: words.version,
          width: 80,
          render: (_, { version }) => <Link to={`/rules/versions/${version}`}>{version}</Link>,
        },
        {
          title: words.state,
          width: 170,
          render: (_, { state, isInShadow, origin }) => (
            <>
              <VersionStateTag state={state} />
              {isInShadow && <ToneTag tone="purple">{words.inShadow}</ToneTag>}
              {origin !== "draft" && <Tag>{words[ORIGINS[origin]]}</Tag>}
            </>
          ),
        },
        { title: words.author, width: 120, dataIndex: "author" },
        {
          title: words.createdAt,
          width: 170,
          render: (_, { createdAt }) => <InstantText at={createdAt} withSeconds={false} />,
        },
        { title: words.comments, dataIndex: "comment" },
      ]}
    />
  );
}
