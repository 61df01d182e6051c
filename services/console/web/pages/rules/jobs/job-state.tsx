import type { JobState } from "../../../../../../schemas/http/rules-jobs.js";
import { useWords } from "../../../words/words.js";
import { ToneTag } from "../parts/rule-tags.js";
import { rulesWords } from "../words.js";

const STATES = {
  running: { word: "jobRunning", colour: "processing" },
  done: { word: "jobDone", colour: "success" },
  failed: { word: "jobFailed", colour: "error" },
  cancelled: { word: "jobCancelled", colour: "default" },
  interrupted: { word: "jobInterrupted", colour: "warning" },
} as const satisfies Record<JobState, object>;

export function JobStateTag({ state }: { readonly state: JobState }) {
  const words = useWords(rulesWords);
  const { word, colour } = STATES[state];
  return <ToneTag tone={colour}>{words[word]}</ToneTag>;
}
