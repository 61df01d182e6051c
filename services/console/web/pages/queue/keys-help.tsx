/** What each key does. */

import { Modal } from "antd";
import { useWords } from "../../words/words.js";
import { queueWords } from "./words.js";

const ROWS = [
  { keys: "j / k", word: "key_jk" },
  { keys: "o / Enter", word: "key_open" },
  { keys: "x", word: "key_x" },
  { keys: "a", word: "key_a" },
  { keys: "t", word: "key_t" },
  { keys: "u", word: "key_u" },
  { keys: "/", word: "key_slash" },
  { keys: "?", word: "key_help" },
] as const;

export function KeysHelp({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const words = useWords(queueWords);
  return (
    <Modal open={isOpen} title={words.help} footer={null} onCancel={onClose}>
      <dl style={{ display: "grid", gridTemplateColumns: "90px 1fr", gap: "6px 12px" }}>
        {ROWS.map(({ keys, word }) => (
          <div key={word} style={{ display: "contents" }}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd style={{ margin: 0 }}>{words[word]}</dd>
          </div>
        ))}
      </dl>
      <p className="queue-quiet">{words.keysHint}</p>
    </Modal>
  );
}
