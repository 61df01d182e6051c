/** A one-time link was opened: whoever has it chooses the password. Its token stands behind the `#`, which nobody is sent. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { Alert, Button, Form, Input, Typography } from "antd";
import { useState } from "react";
import { useLocation, useNavigate } from "react-router-dom";
import { CONSOLE_ACCESS_ROUTES as ROUTES } from "../../../../../schemas/http/console-access-routes.js";
import { ask } from "../../app/ask.js";
import { useSessionState } from "../../app/session.js";
import { LoadingState } from "../../parts/page-state.js";
import { useWords } from "../../words/words.js";
import { accessWords } from "../sign-in/access-words.js";
import { DoorCard } from "../sign-in/door-card.js";
import { RefusedNotice } from "../sign-in/refused-notice.js";
import { NewPassword } from "./new-password.js";
import { WelcomeText } from "./welcome-text.js";

export default function WelcomePage() {
  const words = useWords(accessWords);
  const { hash } = useLocation();
  // Kept while the page is open: the address is cleared when the password is set.
  const [token] = useState(() => hash.slice(1));
  return (
    <DoorCard title={words.welcome}>
      {token === "" ? (
        <>
          <Alert type="warning" showIcon title={words.linkMissing} description={words.linkMissingText} />
          <Button href="/sign-in">{words.toSignIn}</Button>
        </>
      ) : (
        <Welcome token={token} />
      )}
    </DoorCard>
  );
}

function Welcome({ token }: { readonly token: string }) {
  const words = useWords(accessWords);
  const navigate = useNavigate();
  const { refresh } = useSessionState();
  const welcome = useMutation({
    mutationFn: ({ password }: { readonly password: string }) =>
      ask(ROUTES.welcome, { body: { token, password } }),
    onSuccess: async () => {
      await refresh();
      navigate("/", { replace: true });
    },
  });
  const link = useQuery({
    queryKey: ["one-time-link"],
    queryFn: ({ signal }) => ask(ROUTES.link, { body: { token }, signal }),
    retry: false,
    // It is used up then.
    enabled: welcome.isIdle || welcome.isError,
  });
  if (link.isPending) return <LoadingState />;
  if (link.isError)
    return (
      <>
        <RefusedNotice error={link.error} />
        <Button href="/sign-in">{words.toSignIn}</Button>
      </>
    );
  const { name, expiresAt } = link.data;
  return (
    <>
      <WelcomeText name={name} expiresAt={expiresAt} />
      <RefusedNotice error={welcome.error} />
      <Form<{ password: string }>
        layout="vertical"
        requiredMark={false}
        onFinish={({ password }) => welcome.mutate({ password })}
      >
        {/* For the browser's own keeper of passwords. */}
        <Input type="hidden" autoComplete="username" value={name} readOnly />
        <NewPassword />
        <Typography.Paragraph type="secondary">{words.hint}</Typography.Paragraph>
        <Button type="primary" htmlType="submit" block loading={welcome.isPending}>
          {words.save}
        </Button>
      </Form>
    </>
  );
}
