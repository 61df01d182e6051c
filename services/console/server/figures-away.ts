/** Of a process that cannot ask the rows of swipes: pages say so, and show the rest. */

import { FiguresAway, type FiguresDesk } from "./figures-desk.js";

export function figuresAway(): FiguresDesk {
  const away = async (): Promise<never> => {
    throw new FiguresAway("AWAY", "this process has no connection to the rows of swipes");
  };
  return {
    today: away,
    trend: away,
    rules: away,
    rulesByCity: away,
    cities: away,
    institutions: away,
    institution: away,
    decisions: away,
    findEvent: away,
    swipe: away,
    personTimeline: away,
    neighbours: away,
    newestAt: away,
  };
}
