import { Form, Input } from "antd";
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from "../../../../../schemas/http/console-access.js";
import { useWords } from "../../words/words.js";
import { accessWords, refusedWords } from "../sign-in/access-words.js";

/** The two fields of a new password, `password` and `again`; the office has the last word on how good it is. */
export function NewPassword() {
  const words = useWords(accessWords);
  const refused = useWords(refusedWords);
  return (
    <>
      <Form.Item
        name="password"
        label={words.newPassword}
        rules={[{ required: true, min: PASSWORD_LENGTH_MIN, message: refused.PASSWORD_WEAK }]}
      >
        <Input.Password autoComplete="new-password" maxLength={PASSWORD_LENGTH_MAX} />
      </Form.Item>
      <Form.Item
        name="again"
        label={words.again}
        dependencies={["password"]}
        rules={[
          ({ getFieldValue }) => ({
            validator: async (_, value: unknown) => {
              if (value !== getFieldValue("password")) throw new Error(words.againMissing);
            },
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={PASSWORD_LENGTH_MAX} />
      </Form.Item>
    </>
  );
}
