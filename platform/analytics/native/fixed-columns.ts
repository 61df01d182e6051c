/** Columns whose values have one width. */

import { GrowingBytes, type NativeColumn, NativeValueError } from "./native-column.js";

const TWO_TO_32 = 2 ** 32;

abstract class FixedColumn implements NativeColumn {
  rows = 0;
  protected view: DataView;
  private readonly memory = new GrowingBytes();

  constructor(private readonly width: number) {
    this.view = viewOf(this.memory.bytes);
  }

  abstract set(row: number, value: unknown): void;

  appendTo(parts: Uint8Array[], rows: number): void {
    this.reserve(rows);
    parts.push(this.memory.bytes.subarray(0, rows * this.width));
  }

  clear(): void {
    this.memory.clear(this.rows * this.width);
    this.rows = 0;
  }

  /** Where the row's value stands; zeros stand there already. Before `view` is taken: it may be another afterwards. */
  protected placeOf(row: number): number {
    this.rows = row + 1;
    this.reserve(row + 1);
    return row * this.width;
  }

  private reserve(rows: number): void {
    if (rows * this.width <= this.view.byteLength) return;
    this.memory.reserve(rows * this.width);
    this.view = viewOf(this.memory.bytes);
  }
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

/** Integers from 0, exact in a double. */
export class WholeColumn extends FixedColumn {
  private readonly max: number;

  constructor(private readonly bytesEach: 1 | 2 | 4 | 8) {
    super(bytesEach);
    this.max = Math.min(2 ** (8 * bytesEach) - 1, Number.MAX_SAFE_INTEGER);
  }

  set(row: number, value: unknown): void {
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > this.max)
      throw new NativeValueError(`expected an integer from 0 to ${this.max}`);
    const at = this.placeOf(row);
    switch (this.bytesEach) {
      case 8:
        this.view.setUint32(at, value >>> 0, true);
        if (value >= TWO_TO_32) this.view.setUint32(at + 4, value / TWO_TO_32, true);
        return;
      case 4:
        this.view.setUint32(at, value, true);
        return;
      case 2:
        this.view.setUint16(at, value, true);
        return;
      case 1:
        this.view.setUint8(at, value);
    }
  }
}

export class DoubleColumn extends FixedColumn {
  constructor() {
    super(8);
  }

  set(row: number, value: unknown): void {
    if (typeof value !== "number") throw new NativeValueError("expected a number");
    const at = this.placeOf(row);
    this.view.setFloat64(at, value, true);
  }
}

/** Milliseconds since 1970, as DateTime64(3) holds them. */
export class InstantColumn extends FixedColumn {
  constructor() {
    super(8);
  }

  set(row: number, ms: unknown): void {
    if (typeof ms !== "number" || !Number.isSafeInteger(ms))
      throw new NativeValueError("expected an instant in whole milliseconds");
    const at = this.placeOf(row);
    this.view.setUint32(at, ms >>> 0, true);
    this.view.setInt32(at + 4, Math.floor(ms / TWO_TO_32), true);
  }
}

export class FlagColumn extends FixedColumn {
  constructor() {
    super(1);
  }

  set(row: number, value: unknown): void {
    if (typeof value !== "boolean") throw new NativeValueError("expected true or false");
    const at = this.placeOf(row);
    this.view.setUint8(at, value ? 1 : 0);
  }
}

/** One of few names, stored as its number. */
export class NameColumn extends FixedColumn {
  constructor(private readonly numbers: ReadonlyMap<string, number>) {
    super(1);
  }

  set(row: number, value: unknown): void {
    const number = typeof value === "string" ? this.numbers.get(value) : undefined;
    if (number === undefined)
      throw new NativeValueError(`expected one of ${[...this.numbers.keys()].join(", ")}`);
    const at = this.placeOf(row);
    this.view.setInt8(at, number);
  }
}
