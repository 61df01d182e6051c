/** The audit log: entries by who, what and when; its verification; its signed places. */

import { Card } from "antd";
import { PageHead } from "../../parts/page-head.js";
import { PartTabs } from "../../parts/part-tabs.js";
import { useUrlQuery } from "../../parts/url-state.js";
import { useWords } from "../../words/words.js";
import { AuditChain } from "./audit-chain.js";
import { AuditEntries } from "./audit-entries.js";
import { AuditSigned } from "./audit-signed.js";
import { auditWords } from "./audit-words.js";

export default function AuditPage() {
  const words = useWords(auditWords);
  const [{ tab = "entries" }, change] = useUrlQuery();
  return (
    <>
      <PageHead title={words.title} note={words.note} />
      <Card>
        <PartTabs
          label={words.title}
          open={tab}
          onOpen={(chosen) => change({ tab: chosen })}
          parts={[
            { key: "entries", label: words.tabEntries, children: <AuditEntries /> },
            { key: "chain", label: words.tabChain, children: <AuditChain /> },
            { key: "signed", label: words.tabSigned, children: <AuditSigned /> },
          ]}
        />
      </Card>
    </>
  );
}
