/** Of the figures beside each rule. */
export const FIGURE_DAYS = 7;
