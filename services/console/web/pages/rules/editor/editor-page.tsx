/** A draft: a rule's form beside the list of rules, mistakes where they are, what it changes, saving it as a version. */

import { Alert, Button, Card, Flex, Select, Typography } from "antd";
import { useState } from "react";
import { useParams } from "react-router-dom";
import type { DraftDetail } from "../../../../../../schemas/http/rules-console.js";
import { isPassing } from "../../../app/ask.js";
import { PageHead } from "../../../parts/page-head.js";
import { EmptyState, QueryState } from "../../../parts/page-state.js";
import { useUrlQuery } from "../../../parts/url-state.js";
import { shellWords } from "../../../words/shell.js";
import { filled, useLanguage, useWords } from "../../../words/words.js";
import { ChangeTable } from "../parts/change-table.js";
import { ToneTag } from "../parts/rule-tags.js";
import { RulesNav } from "../parts/rules-nav.js";
import { refusalText } from "../problem-words.js";
import { rulesWords } from "../words.js";
import { type DraftSaving, useDraftSaving } from "./draft-saving.js";
import { RuleForm } from "./rule-form.js";
import { SaveVersion } from "./save-version.js";

export default function EditorPage() {
  const { draft = "" } = useParams();
  return <Editor key={draft} draftId={draft} />;
}

function Editor({ draftId }: { readonly draftId: string }) {
  const saving = useDraftSaving(draftId);
  return (
    <>
      <RulesNav />
      <QueryState query={saving.query}>{(draft) => <Opened draft={draft} saving={saving} />}</QueryState>
    </>
  );
}

interface Props {
  readonly draft: DraftDetail;
  readonly saving: DraftSaving;
}

function Opened({ draft, saving }: Props) {
  const words = useWords(rulesWords);
  const [query, change] = useUrlQuery();
  const [readings, setReadings] = useState(0);
  const chosen = draft.rules.find(({ id }) => id === query.rule) ?? draft.rules[0];
  return (
    <>
      <PageHead
        title={filled(words.draftOf, { version: draft.baseVersion })}
        note={<SavingNote saving={saving} />}
        actions={!draft.isBaseRunning && <ToneTag tone="warning">{words.draftOld}</ToneTag>}
      />
      <SavingTrouble saving={saving} onReloaded={() => setReadings((count) => count + 1)} />
      <Flex vertical gap={16}>
        <RuleChoice draft={draft} value={chosen?.id ?? ""} onChoose={(rule) => change({ rule })} />
        {chosen !== undefined && (
          <RuleForm
            key={`${chosen.id} ${readings}`}
            rule={chosen}
            mistakes={draft.mistakes.filter(({ rule }) => rule === chosen.id)}
            onEdit={(edit) => saving.editRule(chosen.id, edit)}
          />
        )}
        <Card size="small" title={words.changes}>
          {draft.changes.length === 0 ? (
            <EmptyState>{words.noChanges}</EmptyState>
          ) : (
            <ChangeTable changes={draft.changes} rules={draft.rules} />
          )}
        </Card>
        <SaveVersion key={`save ${readings}`} draft={draft} saving={saving} />
      </Flex>
    </>
  );
}

function SavingNote({ saving }: { readonly saving: DraftSaving }) {
  const words = useWords(rulesWords);
  return (
    <span role="status" aria-live="polite">
      {saving.state === "saving" ? words.saving : saving.state === "saved" ? words.saved : ""}
    </span>
  );
}

function SavingTrouble({
  saving,
  onReloaded,
}: {
  readonly saving: DraftSaving;
  readonly onReloaded: () => void;
}) {
  const words = useWords(rulesWords);
  const language = useLanguage();
  const shell = useWords(shellWords);
  if (saving.state !== "conflict" && saving.state !== "failed") return null;
  return (
    <Alert
      type="error"
      showIcon
      style={{ marginBottom: 12 }}
      title={
        saving.state === "conflict" ? words.conflict : words.notSaved + refusalText(saving.error, language)
      }
      action={
        // Reading anew would lose what only waits for the office to be back.
        isPassing(saving.error) ? (
          <Button size="small" onClick={saving.again}>
            {shell.retry}
          </Button>
        ) : (
          <Button size="small" onClick={() => void saving.reload().then(onReloaded)}>
            {words.reload}
          </Button>
        )
      }
    />
  );
}

function RuleChoice({
  draft,
  value,
  onChoose,
}: {
  readonly draft: DraftDetail;
  readonly value: string;
  readonly onChoose: (rule: string) => void;
}) {
  const words = useWords(rulesWords);
  const language = useLanguage();
  const changed = new Set(
    draft.changes.flatMap(({ path }) => /\.([A-Z]\d{2})(?:\.|$)/.exec(path)?.[1] ?? []),
  );
  const wrong = new Set(draft.mistakes.map(({ rule }) => rule));
  return (
    <Flex gap={8} align="center" wrap>
      <Typography.Text id="rule-choice">{words.rule}</Typography.Text>
      <Select
        showSearch={{ optionFilterProp: "label" }}
        aria-labelledby="rule-choice"
        style={{ minWidth: 280 }}
        value={value}
        onChange={onChoose}
        options={draft.rules.map(({ id, title }) => ({
          value: id,
          label: `${id} ${title[language]}${wrong.has(id) ? " ⚠" : changed.has(id) ? ` · ${words.changed}` : ""}`,
        }))}
      />
      {draft.mistakes.length > 0 ? (
        <ToneTag tone="error">{filled(words.mistakes, { count: draft.mistakes.length })}</ToneTag>
      ) : (
        <ToneTag tone="success">{words.noMistakes}</ToneTag>
      )}
    </Flex>
  );
}
