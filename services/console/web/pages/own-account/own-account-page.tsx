/** One's own password and open sessions. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Card, Flex, Form, Input, Typography } from "antd";
import { CONSOLE_ACCESS_ROUTES as ROUTES } from "../../../../../schemas/http/console-access-routes.js";
import { ask } from "../../app/ask.js";
import { PageHead } from "../../parts/page-head.js";
import { QueryState } from "../../parts/page-state.js";
import { filled, useWords } from "../../words/words.js";
import { accountWords } from "../accounts/account-words.js";
import { SessionRows } from "../accounts/session-rows.js";
import { accessWords } from "../sign-in/access-words.js";
import { RefusedNotice } from "../sign-in/refused-notice.js";
import { NewPassword } from "../welcome/new-password.js";

const SESSIONS = ["own-sessions"] as const;

export default function OwnAccountPage() {
  const words = useWords(accountWords);
  return (
    <>
      <PageHead title={words.ownAccount} />
      <Flex vertical gap={16}>
        <Sessions />
        <Password />
      </Flex>
    </>
  );
}

function Sessions() {
  const words = useWords(accountWords);
  const queries = useQueryClient();
  const query = useQuery({ queryKey: SESSIONS, queryFn: ({ signal }) => ask(ROUTES.sessions, { signal }) });
  const end = useMutation({
    mutationFn: (session: string) => ask(ROUTES.endSession, { path: { session } }),
    onSettled: () => queries.invalidateQueries({ queryKey: SESSIONS }),
  });
  return (
    <Card title={words.sessions}>
      <RefusedNotice error={end.error} />
      <QueryState query={query} isEmpty={({ sessions }) => sessions.length === 0}>
        {({ sessions }) => (
          <SessionRows
            sessions={sessions}
            onEnd={(sessionId) => end.mutate(sessionId)}
            isBusy={end.isPending}
          />
        )}
      </QueryState>
    </Card>
  );
}

interface Typed {
  readonly current: string;
  readonly password: string;
}

function Password() {
  const words = useWords(accountWords);
  const access = useWords(accessWords);
  const queries = useQueryClient();
  const [form] = Form.useForm<Typed>();
  const change = useMutation({
    mutationFn: ({ current, password }: Typed) => ask(ROUTES.password, { body: { current, password } }),
    onSuccess: () => {
      form.resetFields();
      return queries.invalidateQueries({ queryKey: SESSIONS });
    },
  });
  return (
    <Card title={words.changePassword}>
      <Form<Typed>
        form={form}
        layout="vertical"
        requiredMark={false}
        style={{ maxWidth: 400 }}
        onFinish={(typed) => change.mutate(typed)}
      >
        <Form.Item
          name="current"
          label={words.currentPassword}
          rules={[{ required: true, message: access.passwordMissing }]}
        >
          <Input.Password autoComplete="current-password" maxLength={200} />
        </Form.Item>
        <NewPassword />
        <Typography.Paragraph type="secondary">{access.hint}</Typography.Paragraph>
        <Flex vertical gap={12}>
          <RefusedNotice error={change.error} />
          {change.isSuccess && (
            <Alert
              type="success"
              showIcon
              role="status"
              title={filled(words.passwordChanged, { ended: change.data.ended })}
            />
          )}
          <Button type="primary" htmlType="submit" loading={change.isPending}>
            {words.changePassword}
          </Button>
        </Flex>
      </Form>
    </Card>
  );
}
