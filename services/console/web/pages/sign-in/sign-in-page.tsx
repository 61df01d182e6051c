/** Signing in: by name and password, or elsewhere. The page that was asked for stands in the query `to`. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { Alert, Button, Divider, Form, Input } from "antd";
import { useNavigate, useSearchParams } from "react-router-dom";
import {
  OIDC_PATHS,
  CONSOLE_ACCESS_ROUTES as ROUTES,
  SIGN_IN_REFUSED,
} from "../../../../../schemas/http/console-access-routes.js";
import { ask } from "../../app/ask.js";
import { useSessionState } from "../../app/session.js";
import { useWords } from "../../words/words.js";
import { accessWords, signInRefusedWords } from "./access-words.js";
import { DoorCard } from "./door-card.js";
import { ownPathOf } from "./own-path.js";
import { RefusedNotice } from "./refused-notice.js";

interface Typed {
  readonly name: string;
  readonly password: string;
}

export default function SignInPage() {
  const words = useWords(accessWords);
  const [search] = useSearchParams();
  const { refresh } = useSessionState();
  const navigate = useNavigate();
  const { data: options } = useQuery({
    queryKey: ["sign-in-options"],
    queryFn: ({ signal }) => ask(ROUTES.signInOptions, { signal }),
  });
  const signIn = useMutation({
    mutationFn: (typed: Typed) => ask(ROUTES.signIn, { body: typed }),
    onSuccess: async () => {
      await refresh();
      navigate(ownPathOf(search.get("to")), { replace: true });
    },
  });
  return (
    <DoorCard title={words.title}>
      <CameBack reason={search.get("refused")} />
      {options?.firstRun === true && (
        <Alert type="info" showIcon title={words.firstRun} description={words.firstRunText} />
      )}
      <RefusedNotice error={signIn.error} />
      <Form<Typed> layout="vertical" requiredMark={false} onFinish={(typed) => signIn.mutate(typed)}>
        <Form.Item name="name" label={words.name} rules={[{ required: true, message: words.nameMissing }]}>
          <Input autoComplete="username" autoCapitalize="none" spellCheck={false} maxLength={32} autoFocus />
        </Form.Item>
        <Form.Item
          name="password"
          label={words.password}
          rules={[{ required: true, message: words.passwordMissing }]}
        >
          <Input.Password autoComplete="current-password" maxLength={200} />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={signIn.isPending}>
          {words.signIn}
        </Button>
      </Form>
      {options?.oidc === true && (
        <>
          <Divider plain style={{ margin: 0 }}>
            {words.or}
          </Divider>
          <Button block href={OIDC_PATHS.start}>
            {words.elsewhere}
          </Button>
        </>
      )}
    </DoorCard>
  );
}

function CameBack({ reason }: { readonly reason: string | null }) {
  const words = useWords(signInRefusedWords);
  const known = SIGN_IN_REFUSED.find((one) => one === reason);
  return known === undefined ? null : <Alert type="warning" showIcon role="alert" title={words[known]} />;
}
