/** Lines waiting for the day on which they arrive; a day's lines leave in order of arrival. */
import { dayIndexOf } from "./clock.js";
import type { ArrivingLine, CityLine } from "./lines.js";

export class Arrivals {
  private readonly byDay = new Map<number, ArrivingLine[]>();

  add(arriving: ArrivingLine): void {
    const day = dayIndexOf(arriving.arrivesAtMs);
    const lines = this.byDay.get(day);
    if (lines === undefined) this.byDay.set(day, [arriving]);
    else lines.push(arriving);
  }

  /** The lines arriving on this day; ties keep the order in which they were added. */
  take(day: number): CityLine[] {
    const lines = this.byDay.get(day) ?? [];
    this.byDay.delete(day);
    return inOrder(lines);
  }

  /** What arrives after the last day: late uploads of its end. */
  rest(): CityLine[] {
    const lines = [...this.byDay.values()].flat();
    this.byDay.clear();
    return inOrder(lines);
  }
}

function inOrder(lines: ArrivingLine[]): CityLine[] {
  return lines.sort((one, other) => one.arrivesAtMs - other.arrivesAtMs).map((arriving) => arriving.line);
}
