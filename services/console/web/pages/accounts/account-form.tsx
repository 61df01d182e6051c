/** A new account, or another's rights. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Checkbox, Form, Input, Modal, Select } from "antd";
import { ROLES, type Role } from "../../../../../schemas/console/access.js";
import type { AccountAnswer, OneTimeLink } from "../../../../../schemas/http/console-access.js";
import { CONSOLE_ACCESS_ROUTES as ROUTES } from "../../../../../schemas/http/console-access-routes.js";
import { ask } from "../../app/ask.js";
import { roleWords } from "../../words/domain.js";
import { filled, useWords } from "../../words/words.js";
import { RefusedNotice } from "../sign-in/refused-notice.js";
import { accountWords } from "./account-words.js";
import { RegionChoice } from "./region-choice.js";

export const ACCOUNTS_KEY = ["accounts"] as const;

interface Typed {
  readonly name: string;
  readonly roles: Role[];
  readonly scope?: string[];
  readonly oidcSubject?: string | null;
  readonly isDisabled?: boolean;
}

export interface NamedLink extends OneTimeLink {
  readonly name: string;
}

export function AccountForm({
  account,
  onDone,
}: {
  /** null: a new one. */
  readonly account: AccountAnswer | null;
  readonly onDone: (link: NamedLink | null) => void;
}) {
  const words = useWords(accountWords);
  const roles = useWords(roleWords);
  const queries = useQueryClient();
  const [form] = Form.useForm<Typed>();
  const save = useMutation({
    mutationFn: (typed: Typed) => saved(account, typed),
    onSuccess: async (link) => {
      await queries.invalidateQueries({ queryKey: ACCOUNTS_KEY });
      onDone(link);
    },
  });
  return (
    <Modal
      open
      title={account === null ? words.add : filled(words.editTitle, { name: account.name })}
      okText={words.save}
      cancelText={words.close}
      confirmLoading={save.isPending}
      onOk={() => form.submit()}
      onCancel={() => onDone(null)}
    >
      <RefusedNotice error={save.error} />
      <Form<Typed>
        form={form}
        layout="vertical"
        initialValues={account ?? { roles: ["analyst"], scope: [] }}
        onFinish={(typed) => save.mutate(typed)}
      >
        {account === null && (
          <Form.Item name="name" label={words.name} extra={words.nameHint} rules={[{ required: true }]}>
            <Input maxLength={32} autoComplete="off" spellCheck={false} />
          </Form.Item>
        )}
        <Form.Item name="roles" label={words.roles} rules={[{ required: true, message: words.rolesMissing }]}>
          <Select mode="multiple" options={ROLES.map((role) => ({ value: role, label: roles[role] }))} />
        </Form.Item>
        <Form.Item name="scope" label={words.scope} extra={words.scopeHint}>
          <RegionChoice />
        </Form.Item>
        <Form.Item name="oidcSubject" label={words.subject} extra={words.subjectHint}>
          <Input maxLength={255} autoComplete="off" spellCheck={false} />
        </Form.Item>
        {account !== null && (
          <Form.Item name="isDisabled" valuePropName="checked">
            <Checkbox>{words.isDisabled}</Checkbox>
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}

async function saved(account: AccountAnswer | null, typed: Typed): Promise<NamedLink | null> {
  const { roles, scope = [], isDisabled = false } = typed;
  const oidcSubject = typed.oidcSubject?.trim() || null;
  if (account === null) {
    const made = await ask(ROUTES.addAccount, {
      body: { name: typed.name.trim(), roles, scope, oidcSubject },
    });
    return { name: made.account.name, ...made.link };
  }
  const { name, version } = account;
  await ask(ROUTES.changeAccount, {
    path: { name },
    body: { version, roles, scope, isDisabled, oidcSubject },
  });
  return null;
}
