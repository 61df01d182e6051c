/** What can be done to the selected cases. */

import { Button, Flex, Form, Input, Modal } from "antd";
import { useState } from "react";
import { OPERATION_CASES_MAX, type QueueCommand } from "../../../../../schemas/http/queue.js";
import { filled, useWords } from "../../words/words.js";
import { queueWords } from "./words.js";

interface BarProps {
  readonly count: number;
  readonly onPress: (command: QueueCommand) => void;
  readonly onClear: () => void;
}

type Asking = "assign" | "note" | "clear";

export function SelectionBar({ count, onPress, onClear }: BarProps) {
  const words = useWords(queueWords);
  const [asking, setAsking] = useState<Asking | null>(null);
  const isTooMany = count > OPERATION_CASES_MAX;
  const told = isTooMany
    ? `${filled(words.selected, { count })}，${filled(words.selectedMost, { count: OPERATION_CASES_MAX })}`
    : filled(words.selected, { count });
  const press = (command: QueueCommand) => {
    setAsking(null);
    onPress(command);
  };
  return (
    <section className="queue-bar" aria-label={told}>
      <Flex wrap gap={8} align="center">
        <strong className={isTooMany ? "queue-late" : undefined}>{told}</strong>
        <Button disabled={isTooMany} aria-keyshortcuts="a" onClick={() => press({ kind: "assign" })}>
          {words.assignMe}
        </Button>
        <Button disabled={isTooMany} aria-keyshortcuts="t" onClick={() => press({ kind: "triage" })}>
          {words.triage}
        </Button>
        <Button disabled={isTooMany} onClick={() => setAsking("assign")}>
          {words.assignTo}
        </Button>
        <Button disabled={isTooMany} onClick={() => setAsking("note")}>
          {words.addNote}
        </Button>
        <Button disabled={isTooMany} onClick={() => setAsking("clear")}>
          {words.clear}
        </Button>
        <Button type="text" onClick={onClear} style={{ marginLeft: "auto" }}>
          {words.clearSelection}
        </Button>
      </Flex>
      <Modal
        open={asking !== null}
        title={asking === null ? "" : words[TITLES[asking]]}
        footer={null}
        onCancel={() => setAsking(null)}
        destroyOnHidden
      >
        {asking !== null && <AskForm asking={asking} onPress={press} />}
      </Modal>
    </section>
  );
}

const TITLES = { assign: "assignTo", note: "addNote", clear: "clear" } as const;

interface Typed {
  readonly assignee?: string;
  readonly text?: string;
  readonly reason?: string;
}

function AskForm({
  asking,
  onPress,
}: {
  readonly asking: Asking;
  readonly onPress: (command: QueueCommand) => void;
}) {
  const words = useWords(queueWords);
  return (
    <Form<Typed> layout="vertical" onFinish={(typed) => onPress(commandOf(asking, typed))}>
      {asking === "assign" && (
        <Form.Item
          name="assignee"
          label={words.assigneeName}
          rules={[{ required: true, max: 64, whitespace: true }]}
        >
          <Input autoFocus />
        </Form.Item>
      )}
      {asking === "note" ? (
        <Form.Item
          name="text"
          label={words.noteText}
          rules={[{ required: true, max: 4_000, whitespace: true }]}
        >
          <Input.TextArea rows={4} autoFocus />
        </Form.Item>
      ) : (
        <Form.Item
          name="reason"
          label={asking === "clear" ? words.reason : words.reasonOther}
          extra={asking === "clear" ? words.clearHint : undefined}
          rules={[{ required: asking === "clear", max: 1_000, whitespace: true }]}
        >
          <Input.TextArea rows={3} />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit">
        {words.send}
      </Button>
    </Form>
  );
}

function commandOf(asking: Asking, { assignee = "", text = "", reason = "" }: Typed): QueueCommand {
  switch (asking) {
    case "assign":
      return {
        kind: "assign",
        assignee: assignee.trim(),
        ...(reason.trim() !== "" && { reason: reason.trim() }),
      };
    case "note":
      return { kind: "note", text };
    case "clear":
      return { kind: "clear", reason };
  }
}
