import { Button, Flex, Input, Modal, Typography } from "antd";
import { useState } from "react";
import type { CaseDetail } from "../../../../../schemas/http/cases.js";
import { CASES_ROUTES } from "../../../../../schemas/http/cases-routes.js";
import { ask } from "../../app/ask.js";
import { InstantText } from "../../parts/values.js";
import { useWords } from "../../words/words.js";
import type { WorkPart } from "./assign-form.js";
import { DraftField } from "./draft-field.js";
import { useDraft } from "./drafts.js";
import { entryWords } from "./entry-words.js";
import { workWords } from "./work-words.js";

const NOTE_LENGTH_MAX = 4_000;
const REASON_LENGTH_MAX = 1_000;
type Note = CaseDetail["notes"][number];

export function NotesPart({ found, changes, mayWrite }: WorkPart & { readonly mayWrite: boolean }) {
  const words = useWords(workWords);
  const [struck, setStruck] = useState<Note | null>(null);
  return (
    <>
      {mayWrite && <NoteForm found={found} changes={changes} />}
      {[...found.notes].reverse().map((note) => (
        <OneNote key={note.noteId} note={note} {...(mayWrite && { onStrike: () => setStruck(note) })} />
      ))}
      <Typography.Text type="secondary">{words.kept}</Typography.Text>
      {struck !== null && (
        <StrikeForm note={struck} found={found} changes={changes} onEnd={() => setStruck(null)} />
      )}
    </>
  );
}

function NoteForm({ found, changes }: WorkPart) {
  const words = useWords(workWords);
  const draft = useDraft(found.caseId, "note");
  const text = draft.text.trim();
  const send = async () => {
    const isDone = await changes.run((version) =>
      ask(CASES_ROUTES.note, { path: { id: found.caseId }, body: { version, text } }),
    );
    if (isDone) draft.clear();
  };
  return (
    <div style={{ marginBottom: 12 }}>
      <DraftField draft={draft} label={words.note} lengthMax={NOTE_LENGTH_MAX} />
      <Button disabled={text === ""} loading={changes.isBusy} onClick={() => void send()}>
        {words.addNote}
      </Button>
    </div>
  );
}

function OneNote({ note, onStrike }: { readonly note: Note; readonly onStrike?: () => void }) {
  const words = useWords(entryWords);
  const { author, text, writtenAt, struck } = note;
  return (
    <article style={{ borderTop: "1px solid #e3e7ec", padding: "8px 0" }}>
      <Flex justify="space-between" wrap gap={4}>
        <span>
          <strong>{author}</strong> · <InstantText at={writtenAt} withSeconds={false} />
        </span>
        {struck === null && onStrike !== undefined && (
          <Button type="link" size="small" onClick={onStrike}>
            {words.strike}
          </Button>
        )}
      </Flex>
      <div
        dir="auto"
        style={{
          whiteSpace: "pre-wrap",
          overflowWrap: "anywhere",
          textDecoration: struck === null ? "none" : "line-through",
        }}
      >
        {text}
      </div>
      {struck !== null && (
        <Typography.Text type="secondary">
          {words.struck} · {struck.by} · <bdi>{struck.reason}</bdi>
        </Typography.Text>
      )}
    </article>
  );
}

function StrikeForm({
  note,
  found,
  changes,
  onEnd,
}: WorkPart & { readonly note: Note; readonly onEnd: () => void }) {
  const words = useWords(workWords);
  const [reason, setReason] = useState("");
  const strike = async () => {
    const path = { id: found.caseId, note: note.noteId };
    await changes.run((version) =>
      ask(CASES_ROUTES.strikeNote, { path, body: { version, reason: reason.trim() } }),
    );
    onEnd();
  };
  return (
    <Modal
      open
      title={words.strikeTitle}
      okText={words.confirm}
      cancelText={words.cancel}
      okButtonProps={{ disabled: reason.trim() === "", loading: changes.isBusy }}
      onOk={() => void strike()}
      onCancel={onEnd}
    >
      <Input.TextArea
        aria-label={words.reason}
        placeholder={words.reasonNeeded}
        value={reason}
        maxLength={REASON_LENGTH_MAX}
        onChange={({ target }) => setReason(target.value)}
      />
    </Modal>
  );
}
