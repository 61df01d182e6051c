/** What the holder was told, and is to be told. */

import { Flex } from "antd";
import type { PersonAnswer } from "../../../../../schemas/http/subjects.js";
import { PartTitle } from "../../parts/part-title.js";
import { RowList } from "../../parts/row-list.js";
import { InstantText } from "../../parts/values.js";
import { useWords } from "../../words/words.js";
import { reminderWords, smsStatusWords } from "./message-words.js";
import { personWords } from "./person-words.js";

export function MessagesTab({ person }: { readonly person: PersonAnswer }) {
  const words = useWords(personWords);
  const states: Readonly<Record<string, string>> = useWords(smsStatusWords);
  const reminders: Readonly<Record<string, string>> = useWords(reminderWords);
  return (
    <Flex vertical gap={16}>
      <PartTitle>{words.sms}</PartTitle>
      <RowList
        label={words.sms}
        rows={person.sms}
        keyOf={({ smsId }) => smsId}
        empty={words.noSms}
        columns={[
          { key: "at", title: words.smsTime, of: ({ createdAt }) => <InstantText at={createdAt} /> },
          { key: "state", title: words.smsState, of: ({ status }) => states[status] ?? status },
          { key: "text", title: words.smsText, of: ({ text }) => text },
        ]}
      />
      <PartTitle>{words.reminders}</PartTitle>
      <RowList
        label={words.reminders}
        rows={person.reminders}
        keyOf={({ kind, dueAt }) => `${kind} ${dueAt}`}
        empty={words.noReminders}
        columns={[
          { key: "kind", title: words.reminder, of: ({ kind }) => reminders[kind] ?? kind },
          { key: "due", title: words.dueAt, of: ({ dueAt }) => <InstantText at={dueAt} /> },
          { key: "state", title: words.smsState, of: ({ status }) => reminders[status] ?? status },
        ]}
      />
    </Flex>
  );
}
