/** Of a process that cannot ask the rows of swipes: pages say so, and show the rest. */

import { FiguresAway, type FiguresDesk } from "./figures-desk.js";
import type { SubjectsParts } from "./subjects-routes.js";

export function figuresAway(): SubjectsParts["figures"] & Pick<FiguresDesk, "neighbours"> {
  const away = async (): Promise<never> => {
    throw new FiguresAway("AWAY", "this process has no connection to the rows of swipes");
  };
  return { personTimeline: away, institution: away, decisions: away, findEvent: away, neighbours: away };
}
